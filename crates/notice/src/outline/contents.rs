//! Tables of contents, whose labels are not the items themselves.

use super::label::{self, Label, is_blank, is_heading_line};

/// Takes the labels away from the lines of a table of contents: after a line
/// 目录, or three and more headings of chapters in a row, if the first of them
/// comes again below; and from a line that lists chapters one after the other.
pub(super) fn unlabel(texts: &[&str], labels: &mut [Option<Label>]) {
    let mut index = 0;
    while index < texts.len() {
        let start = index + usize::from(is_contents_line(texts[index]));
        let end = if start > index {
            end_of_list(texts, labels, start)
        } else {
            if labels[index]
                .as_ref()
                .is_some_and(|label| lists_chapters(texts[index], label))
            {
                labels[index] = None;
            }
            end_of_chapters(texts, labels, index)
        };
        match end {
            Some(end) => {
                labels[start..end].fill(None);
                index = end;
            }
            None => index += 1,
        }
    }
}

fn is_contents_line(text: &str) -> bool {
    const MAX_BYTES: usize = 40;
    text.len() <= MAX_BYTES
        && text
            .trim_start_matches('#')
            .chars()
            .filter(|&c| !is_blank(c) && !matches!(c, '*' | '：' | ':'))
            .eq("目录".chars())
}

/// Whether `text`, which starts with the heading `label`, goes on with the next
/// heading of the kind: 第一章 总则 第二章 附则.
fn lists_chapters(text: &str, label: &Label) -> bool {
    label.kind.is_division()
        && text[label.range.end..].match_indices('第').any(|(at, _)| {
            let next = label::parse(&text[label.range.end + at..]);
            next.is_some_and(|next| next.kind == label.kind && next.number() == label.number() + 1)
        })
}

/// The end of the contents that start at block `start`: of the lines that read
/// as headings, if the first of them comes again there or soon after.
fn end_of_list(texts: &[&str], labels: &[Option<Label>], start: usize) -> Option<usize> {
    const MAX_LINES: usize = 400; // the longest code lists about 150
    const MAX_BETWEEN: usize = 8; // paragraphs that introduce the text itself
    let first = labels.get(start)?.as_ref()?;
    let is_again = |index: &usize| {
        labels[*index].as_ref().is_some_and(|label| {
            label.kind == first.kind
                && label.numbers == first.numbers
                && same_text(texts[start], texts[*index])
        })
    };
    let limit = texts.len().min(start + MAX_LINES);
    let end =
        (start + 1..limit).find(|index| !is_heading_line(texts[*index]) || is_again(index))?;
    (end..limit.min(end + MAX_BETWEEN))
        .any(|index| is_again(&index))
        .then_some(end)
}

/// The end of a list of three and more chapters that starts at block `start`,
/// if the first of them comes again right after it.
fn end_of_chapters(texts: &[&str], labels: &[Option<Label>], start: usize) -> Option<usize> {
    let chapter = |index: usize| {
        labels[index]
            .as_ref()
            .filter(|label| label.kind.is_division())
    };
    let first = chapter(start)?;
    if start > 0 && chapter(start - 1).is_some() {
        return None;
    }
    let again = (start + 1..texts.len())
        .map_while(|index| chapter(index).map(|label| (index, label)))
        .find(|(_, label)| label.kind == first.kind && label.numbers == first.numbers)?;
    (again.0 - start >= 3).then_some(again.0)
}

/// Whether `heading` is the entry `entry` of the contents, but for white space,
/// leaders and the page number.
fn same_text(entry: &str, heading: &str) -> bool {
    let letters = |c: &char| c.is_alphabetic();
    let mut entry = entry.chars().filter(letters);
    heading
        .chars()
        .filter(letters)
        .all(|c| entry.next() == Some(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &[&str], labelled: &[usize]) {
        let mut labels: Vec<_> = lines.iter().map(|line| label::parse(line)).collect();
        unlabel(lines, &mut labels);
        let found: Vec<usize> = (0..lines.len())
            .filter(|&index| labels[index].is_some())
            .collect();
        assert_eq!(found, labelled);
    }

    #[test]
    fn contents_are_plain_text() {
        check(
            &[
                "目　录",
                "第一章 总则…1",
                "第二章 附则…9",
                "第一章　总　则",
                "第一条 甲。",
            ],
            &[3, 4],
        );
        check(
            &[
                "第一章 甲",
                "第二章 乙",
                "第三章 丙",
                "第一章 甲",
                "第一条 丁。",
            ],
            &[3, 4],
        );
        check(
            &["目录", "一、甲", "二、乙", "现予公布。", "一、甲", "丙。"],
            &[4],
        );
        check(
            &["第一章 总则 第二章 附则", "第一章 总则", "第一条 甲。"],
            &[1, 2],
        );
    }

    #[test]
    fn headings_without_repetition_are_items() {
        check(
            &["目录", "第一章 总则", "第一条 甲。", "第二章 附则"],
            &[1, 2, 3],
        );
        check(&["第一章 甲", "第一条 乙。", "第二章 丙"], &[0, 1, 2]);
    }
}
