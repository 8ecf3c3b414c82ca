//! Page text made safe, marked, and cut to what is shown.
//!
//! maud escapes markup; here characters are spelled out that would turn the
//! direction of text, hide or change how others look.

use gongbao_desk::is_dangerous;
use maud::{Markup, PreEscaped, Render, html};

/// Longer titles are cut: no real one comes near.
const MAX_TITLE_CHARS: usize = 200;

/// Characters shown before the first mark of an excerpt.
const LEAD: usize = 24;

/// Text as it may stand in a page.
pub(super) struct Safe<'a>(pub(super) &'a str);

impl Render for Safe<'_> {
    fn render_to(&self, out: &mut String) {
        let mut rest = self.0;
        while let Some((at, c)) = rest
            .char_indices()
            .find(|&(_, c)| is_dangerous(c) && !matches!(c, '\t' | '\n'))
        {
            rest[..at].render_to(out);
            let spelled = format!("U+{:04X}", u32::from(c));
            html! { span.control title=(spelled) { (spelled) } }.render_to(out);
            rest = &rest[at + c.len_utf8()..];
        }
        rest.render_to(out);
    }
}

/// `text` in one line of plain characters, for titles of pages and labels,
/// cut where it is far too long.
pub(super) fn plain(text: &str) -> String {
    let mut plain: String = text
        .chars()
        .take(MAX_TITLE_CHARS)
        .map(|c| if is_dangerous(c) { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(MAX_TITLE_CHARS).is_some() {
        plain.push('…');
    }
    plain
}

/// `text`, cut where it is far too long for a title.
pub(super) fn title(text: &str) -> Markup {
    match text.char_indices().nth(MAX_TITLE_CHARS) {
        None => html! { (Safe(text)) },
        Some((end, _)) => html! { (Safe(&text[..end])) "…" },
    }
}

/// `text` with `marks`, `[start, end)` in characters.
pub(super) fn marked(text: &str, marks: &[[usize; 2]]) -> Markup {
    let mut out = String::new();
    let bytes: Vec<usize> = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    let at = |char: usize| bytes.get(char).copied().unwrap_or(text.len());
    let mut done = 0;
    for (start, end) in joined(marks) {
        let (start, end) = (at(start).max(done), at(end));
        if start >= end {
            continue;
        }
        Safe(&text[done..start]).render_to(&mut out);
        html! { mark { (Safe(&text[start..end])) } }.render_to(&mut out);
        done = end;
    }
    Safe(&text[done..]).render_to(&mut out);
    PreEscaped(out)
}

/// Marks that touch one another as one.
fn joined(marks: &[[usize; 2]]) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for &[start, end] in marks {
        match out.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => out.push((start, end)),
        }
    }
    out
}

/// About `room` characters of `text` around its first mark, with marks.
pub(super) fn excerpt(text: &str, marks: &[[usize; 2]], room: usize) -> Markup {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= room + room / 4 {
        return marked(text, marks);
    }
    let first = marks.first().map_or(0, |mark| mark[0]);
    let mut start = first.saturating_sub(LEAD);
    // Begin behind the end of a sentence, if there is one near.
    let near = &chars[start..first];
    if start > 0
        && let Some(at) = near
            .iter()
            .rposition(|c| matches!(c, '。' | '；' | '\n' | '！'))
    {
        start += at + 1;
    }
    let end = (start + room).min(chars.len());
    let shown: String = chars[start..end].iter().collect();
    let marks: Vec<_> = marks
        .iter()
        .filter(|mark| mark[0] >= start && mark[0] < end)
        .map(|mark| [mark[0] - start, mark[1].min(end) - start])
        .collect();
    html! {
        @if start > 0 { "…" }
        (marked(&shown, &marks))
        @if end < chars.len() { "…" }
    }
}

/// An address that a browser may be sent to: of the web, not a script's.
pub(super) fn web_address(url: &str) -> Option<&str> {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://")).then_some(url)
}

/// `1,234,567`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(markup: Markup, html: &str) {
        assert_eq!(markup.into_string(), html);
    }

    #[test]
    fn marks_stand_where_they_were_found() {
        check(
            marked("化解债务风险", &[[2, 4]]),
            "化解<mark>债务</mark>风险",
        );
        check(
            marked("化解债务", &[[0, 2], [2, 4]]),
            "<mark>化解债务</mark>",
        );
        check(
            marked("a</mark>b", &[[0, 1]]),
            "<mark>a</mark>&lt;/mark&gt;b",
        );
        check(marked("债", &[[0, 9], [20, 30]]), "<mark>债</mark>");
    }

    #[test]
    fn what_turns_or_hides_text_is_spelled_out() {
        check(
            title("甲\u{202e}乙"),
            "甲<span class=\"control\" title=\"U+202E\">U+202E</span>乙",
        );
        assert_eq!(plain("甲\u{202e}乙"), "甲\u{fffd}乙");
        assert_eq!(
            plain(&"长".repeat(10_000_000)).chars().count(),
            MAX_TITLE_CHARS + 1
        );
    }

    #[test]
    fn an_excerpt_shows_the_first_mark() {
        let text = format!("{}。这里有债务，{}", "前".repeat(500), "后".repeat(500));
        let html = excerpt(&text, &[[504, 506]], 40).into_string();
        assert!(html.starts_with("…这里有<mark>债务</mark>，后"), "{html}");
        assert!(html.ends_with("后…"));
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        assert!(web_address("https://www.example.gov.cn/").is_some());
        assert!(web_address("javascript:alert(1)").is_none());
        assert!(web_address("data:text/html,x").is_none());
        assert!(web_address("债").is_none());
    }
}
