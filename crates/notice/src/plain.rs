//! Reads a page that was saved as text.

use crate::{
    Body, Origin, chrome, date,
    draft::{Draft, tidy},
    genre,
    labels::{self, Label},
};

/// How many lines from the start a header line is looked for.
const HEADER_LINES: usize = 40;
/// Longer lines are no part of a title, in characters.
const MAX_TITLE_LINE: usize = 80;

/// Reads title, header line and body.
pub(crate) fn read(text: &str, draft: &mut Draft) {
    let lines: Vec<&str> = text
        .split([
            '\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}',
        ])
        .map(str::trim)
        .collect();
    let header = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
        .take(HEADER_LINES)
        .find(|(_, line)| labels::is_header_line(line))
        .map(|(at, _)| at);
    let start = match header {
        Some(at) => {
            if let Some(title) = title_above(&lines[..at]) {
                draft.title(&title, Origin::Header);
            }
            let mut next = at;
            // Tools and further fields may follow on lines of their own.
            while next < lines.len() && (next == at || is_between(lines[next])) {
                header_fields(lines[next], draft);
                next += 1;
            }
            next
        }
        None => {
            let first = lines
                .iter()
                .position(|line| !line.is_empty() && !chrome::is_before(line))
                .unwrap_or(0);
            let rest: Vec<&str> = lines[first..].iter().copied().take(12).collect();
            match title_of_lines(&rest) {
                Some((title, used)) => {
                    draft.title(&title, Origin::Text);
                    first + used
                }
                None => first,
            }
        }
    };
    let rest: Vec<&str> = lines[start..]
        .iter()
        .copied()
        .filter(|line| !line.is_empty())
        .collect();
    let end = chrome::end_of_notice(&rest);
    let mut body = Body::new();
    for line in &rest[..end] {
        if !(chrome::is_tool(line) && line.chars().count() <= 40) {
            body.push(crate::BlockKind::Paragraph, line);
        }
    }
    for line in rest[end..].iter().take(6) {
        for (label, value) in labels::labelled(line) {
            if label == Label::Editor {
                draft.labelled(label, &value, Origin::Header);
            }
        }
    }
    draft.notice.body = body;
}

fn is_between(line: &str) -> bool {
    line.is_empty() || labels::is_header_line(line) || chrome::is_tool(line)
}

fn header_fields(line: &str, draft: &mut Draft) {
    let fields = labels::labelled(line);
    let editor = fields.iter().any(|(label, _)| *label == Label::Editor);
    for (label, value) in &fields {
        if *label != Label::Author || !editor {
            draft.labelled(*label, value, Origin::Header);
        }
    }
    if !fields.is_empty()
        && draft.notice.published.is_none()
        && let Some((moment, _)) = date::moment_at(line)
    {
        draft.published(moment, Origin::Header);
    }
}

/// The title right above a header line: the last line that is none of the
/// page's own, with those it goes on from.
fn title_above(lines: &[&str]) -> Option<String> {
    let last = lines
        .iter()
        .rposition(|line| !line.is_empty() && !chrome::is_before(line))?;
    let mut parts = vec![lines[last]];
    for line in lines[..last].iter().rev().take(2) {
        let goes_on =
            !line.is_empty() && !chrome::is_before(line) && line.chars().count() <= MAX_TITLE_LINE;
        // A line that is a title by itself takes no other before it.
        if !goes_on
            || parts.last().is_some_and(|part| part.contains("关于"))
            || line.ends_with(['。', '：', ':'])
        {
            break;
        }
        parts.push(line);
    }
    parts.reverse();
    let title = parts.concat();
    (title.chars().count() <= 2 * MAX_TITLE_LINE).then_some(title)
}

/// The title that `lines` begin with, and how many of them it takes: up to the
/// line that ends in the name of a genre, or the first line if it is short.
pub(crate) fn title_of_lines(lines: &[&str]) -> Option<(String, usize)> {
    let mut title = String::new();
    for (index, line) in lines.iter().enumerate().take(5) {
        let ends = line.is_empty() && !title.is_empty();
        let foreign = line.ends_with(['：', ':', '。', '；', '，'])
            || line.parse::<crate::DocNumber>().is_ok();
        if ends
            || foreign
            || line.chars().count() > MAX_TITLE_LINE
            || date::whole_moment(line).is_some()
        {
            break;
        }
        title.push_str(line);
        let open = title.matches('《').count() > title.matches('》').count();
        if !open && genre::of_title(&title).is_some() {
            return Some((tidy(&title), index + 1));
        }
    }
    let first = lines.first()?;
    let alone = (4..=50).contains(&first.chars().count())
        && !first.contains(['。', '；', '，', '：', ':', '\t']);
    (alone && first.parse::<crate::DocNumber>().is_err() && date::find_moment(first).is_none())
        .then(|| (tidy(first), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_go_over_lines() {
        let title = |lines: &[&str]| title_of_lines(lines);
        assert_eq!(
            title(&[
                "青川市人民政府关于印发《节水",
                "实施方案》的通知",
                "青政〔2024〕1号"
            ]),
            Some(("青川市人民政府关于印发《节水实施方案》的通知".to_owned(), 2))
        );
        assert_eq!(
            title(&["青川市情况简介", "青川市在山里。"]),
            Some(("青川市情况简介".to_owned(), 1))
        );
        assert_eq!(title(&["青川市在山里，有河。"]), None);
        assert_eq!(title(&[]), None);
    }
}
