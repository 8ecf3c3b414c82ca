//! What stands at the end of a notice and belongs to no item: the signature
//! (落款), lists of attachments, whom to call.
//!
//! All of this is read conservatively: what is not clearly a closing stays
//! with the item before it.

use std::ops::Range;

use super::{
    closing_line::{
        attachment, ends_sentence, is_attachment_header, is_contact, is_date, is_formula, is_note,
        is_signatory, is_signed_line,
    },
    label::{Kind, Label, is_heading_line},
};

/// How many organs sign together at most.
const MAX_ORGANS: usize = 40;
/// How many paragraphs on contacts precede a signature at most.
const MAX_CONTACTS: usize = 8;

/// A part of a body with a numbering of its own.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The blocks of its text.
    pub(super) text: Range<usize>,
    /// The blocks of its closing, right after the text; may be empty.
    pub(super) closing: Range<usize>,
}

/// The blocks of a body as closings see them.
pub(super) struct Blocks<'a> {
    /// The text of each.
    pub(super) texts: &'a [&'a str],
    /// The label of each.
    pub(super) labels: &'a [Option<Label>],
}

/// Splits a body into parts: the notice, and each document that it encloses
/// after a signature or under a line such as 附件1.
pub(super) fn parts(blocks: &Blocks<'_>) -> Vec<Part> {
    let count = blocks.texts.len();
    let mut parts = Vec::new();
    let mut start = 0; // of the part
    let mut has_text = false; // a sentence stands in the part
    let mut last = [0_u32; Kind::COUNT]; // the last number of each kind in the part
    let mut index = 0;
    while index < count {
        let text = blocks.texts[index];
        let closing = if has_text {
            blocks.closing_at(index)
        } else {
            None
        };
        if let Some(mut closing) = closing
            && !blocks.goes_on(closing.end, &last)
        {
            closing.start = blocks.start_of_contacts(start, closing.start);
            closing.end = blocks.end_of_notes(closing.end);
            let rest = &blocks.texts[closing.end..];
            let is_remainder = rest.len() <= 3
                && blocks.labels[closing.end..].iter().all(Option::is_none)
                && rest.iter().map(|text| text.len()).sum::<usize>() <= 600;
            if is_remainder {
                closing.end = count;
            }
            let text = start..closing.start;
            (start, index) = (closing.end, closing.end);
            parts.push(Part { text, closing });
            has_text = false;
            last = [0; Kind::COUNT];
            continue;
        }
        if index > start && is_attachment_header(text) {
            parts.push(Part {
                text: start..index,
                closing: index..index,
            });
            start = index;
            has_text = false;
            last = [0; Kind::COUNT];
        }
        if let Some(label) = &blocks.labels[index] {
            last[label.kind.rank()] = label.number();
        }
        has_text |= ends_sentence(text);
        index += 1;
    }
    if start < count {
        let closing = blocks.start_of_contacts(start, count);
        let has_contact = blocks.texts[closing..].iter().any(|text| is_contact(text));
        let closing = if has_contact && closing > start {
            closing
        } else {
            count
        };
        parts.push(Part {
            text: start..closing,
            closing: closing..count,
        });
    }
    parts
}

impl Blocks<'_> {
    /// The list of attachments or the signature that starts at block `index`,
    /// and a signature that follows the list.
    fn closing_at(&self, index: usize) -> Option<Range<usize>> {
        let list_end = self.attachments_at(index);
        let signed = self.signature_at(list_end.unwrap_or(index));
        match (list_end, signed) {
            (_, Some(end)) => Some(index..end),
            (Some(end), None) => Some(index..end),
            (None, None) => None,
        }
    }

    /// The end of the signature that starts at block `index`: organs or a
    /// person, and the date below or behind them.
    fn signature_at(&self, index: usize) -> Option<usize> {
        let limit = self.texts.len().min(index + MAX_ORGANS);
        for at in index..limit {
            let text = self.texts[at];
            if at > index && is_date(text) {
                return Some(at + 1);
            }
            if self.labels[at].is_some() {
                return None;
            }
            if is_signed_line(text) {
                return Some(at + 1);
            }
            if !is_signatory(text) {
                return None;
            }
        }
        None
    }

    /// The end of the list of attachments that starts at block `index`.
    fn attachments_at(&self, index: usize) -> Option<usize> {
        let (numbered, title) = attachment(self.texts[index])?;
        let mut end = index + 1;
        while end < self.texts.len() {
            let entry = attachment(self.texts[end]).is_some_and(|(_, title)| !title.is_empty());
            let item = self.labels[end]
                .as_ref()
                .is_some_and(|label| label.kind.rank() == Kind::Arabic.rank());
            if !(entry || item) || !is_heading_line(self.texts[end]) {
                break;
            }
            end += 1;
        }
        let is_list = !title.is_empty() && (!numbered || end > index + 1) && is_heading_line(title);
        let is_followed = end > index + 1 && self.signature_at(end).is_some();
        let is_last = end == self.texts.len() && !title.is_empty();
        (is_list || is_followed || is_last).then_some(end)
    }

    /// Where the paragraphs on contacts begin that end at block `end`.
    fn start_of_contacts(&self, from: usize, end: usize) -> usize {
        let mut start = end;
        while start > from && end - start < MAX_CONTACTS {
            let text = self.texts[start - 1];
            if self.labels[start - 1].is_some()
                || !(is_contact(text) || is_formula(text) || is_note(text))
            {
                break;
            }
            start -= 1;
        }
        // Under a heading such as 五、联系方式 they are its text.
        let headed = start > from && start < end && self.labels[start - 1].is_some() && {
            let heading = self.texts[start - 1];
            is_heading_line(heading) || heading.ends_with(['：', ':'])
        };
        if headed { end } else { start }
    }

    /// Where the notes end that stand below a signature.
    fn end_of_notes(&self, from: usize) -> usize {
        let mut end = from;
        while end < self.texts.len() {
            if let Some(list) = self.attachments_at(end) {
                end = list;
            } else if self.labels[end].is_none()
                && (is_note(self.texts[end]) || is_contact(self.texts[end]))
            {
                end += 1;
            } else {
                break;
            }
        }
        end
    }

    /// Whether the first label from block `from` on goes on with a numbering
    /// whose `last` numbers are known: then nothing has ended.
    fn goes_on(&self, from: usize, last: &[u32; Kind::COUNT]) -> bool {
        const LOOK_AHEAD: usize = 100; // blocks; keeps the reading linear
        let next = self.labels[from..].iter().take(LOOK_AHEAD).flatten().next();
        next.is_some_and(|label| {
            let last = last[label.kind.rank()];
            last > 0 && label.number() == last + 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::label;

    #[track_caller]
    fn check(lines: &[&str], expected: &[(Range<usize>, Range<usize>)]) {
        let labels: Vec<_> = lines.iter().map(|line| label::parse(line)).collect();
        let found = parts(&Blocks {
            texts: lines,
            labels: &labels,
        });
        let found: Vec<_> = found
            .into_iter()
            .map(|part| (part.text, part.closing))
            .collect();
        assert_eq!(found, expected);
    }

    const SENTENCE: &str = "各乡镇人民政府要认真贯彻执行本通知的各项要求。";

    #[test]
    fn a_signature_closes_a_notice() {
        check(
            &[SENTENCE, "云溪县人民政府", "2025年9月1日"],
            &[(0..1, 1..3)],
        );
        check(
            &[
                SENTENCE,
                "云溪县财政局",
                "云溪县审计局",
                "二〇二五年九月一日",
                "（此件公开发布）",
            ],
            &[(0..1, 1..5)],
        );
        check(
            &[SENTENCE, "县长　王小明", "2025 年 9 月 1 日"],
            &[(0..1, 1..3)],
        );
        check(&[SENTENCE, "云溪县人民政府 2025年9月1日"], &[(0..1, 1..2)]);
    }

    #[test]
    fn contacts_and_attachments_go_with_the_signature() {
        check(
            &[
                SENTENCE,
                "欢迎广大群众监督。联系电话:0000-1234567。",
                "附件：1.责任清单",
                "2.进度表",
                "云溪县人民政府",
                "2025年9月1日",
            ],
            &[(0..1, 1..6)],
        );
        check(&[SENTENCE, "联系电话:0000-1234567"], &[(0..1, 1..2)]);
    }

    #[test]
    fn contacts_under_their_own_heading_stay_there() {
        check(
            &[SENTENCE, "五、联系方式", "联系电话:0000-1234567"],
            &[(0..3, 3..3)],
        );
    }

    #[test]
    fn an_enclosed_document_is_a_part_of_its_own() {
        check(
            &[
                SENTENCE,
                "云溪县人民政府",
                "2025年9月1日",
                "云溪县实施方案",
                "一、总体要求",
                SENTENCE,
            ],
            &[(0..1, 1..3), (3..6, 6..6)],
        );
        check(
            &[SENTENCE, "附件1", "责任清单", "一、甲", SENTENCE],
            &[(0..1, 1..1), (1..5, 5..5)],
        );
    }

    #[test]
    fn what_only_looks_like_a_signature_is_none() {
        // The numbering goes on: nothing has ended.
        check(
            &[
                "一、甲",
                SENTENCE,
                "云溪县人民政府",
                "2025年9月1日",
                "二、乙",
            ],
            &[(0..5, 5..5)],
        );
        check(
            &["云溪县人民政府", "2025年9月1日", SENTENCE],
            &[(0..3, 3..3)],
        );
        check(
            &[SENTENCE, "自发布之日起施行", "2025年9月1日"],
            &[(0..3, 3..3)],
        );
    }
}
