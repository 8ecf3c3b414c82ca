//! The signature at the end of a notice (落款): organ and date.

use jiff::civil::Date;

use crate::{Body, date, organ};

/// What stands under a notice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signature {
    /// The organs, joined by `、`.
    pub(crate) organ: Option<String>,
    /// The day.
    pub(crate) date: Option<Date>,
}

/// Longer lines are no signature, in bytes.
const MAX_BYTES: usize = 180;
/// How many organs sign at most, one a line.
const MAX_ORGANS: usize = 8;
/// How far from the end a date without an organ is taken for one of a signature.
const LAST_BLOCKS: usize = 6;

/// Reads the signature of `body`. A notice with annexes has it in the middle,
/// and its annexes may have their own: the one by `known`, the organ that
/// title or table name, is preferred; then the last one.
pub(crate) fn read(body: &Body, known: Option<&str>) -> Signature {
    let count = body.blocks().len();
    let mut best = Signature::default();
    let mut by_known = false;
    for index in 1..count {
        let text = body.block_text(index);
        if text.len() > MAX_BYTES || !ends_like_date(text) {
            continue;
        }
        let Some((before, day)) = split_date(text) else {
            continue;
        };
        let organs = if before.is_empty() {
            organs_above(body, index)
        } else {
            organ::organs_in(before)
        };
        if organs.is_none() && (!before.is_empty() || index + LAST_BLOCKS < count || count < 3) {
            continue;
        }
        if organs.is_none() && best.organ.is_some() {
            continue;
        }
        let is_known =
            matches!((&organs, known), (Some(organs), Some(known)) if same(organs, known));
        if by_known && !is_known {
            continue;
        }
        by_known = is_known;
        best = Signature {
            organ: organs,
            date: Some(day),
        };
        if is_known {
            break;
        }
    }
    best
}

fn same(a: &str, b: &str) -> bool {
    a == b || a.ends_with(b) || b.ends_with(a)
}

fn ends_like_date(text: &str) -> bool {
    text.ends_with(['日', '）', ')'])
        || text.ends_with(|c: char| c.is_ascii_digit()) && text.len() <= 60
}

/// What stands before the date that `text` ends with, and the date.
fn split_date(text: &str) -> Option<(&str, Date)> {
    if let Some(moment) = date::whole_moment(text) {
        return Some(("", moment.date));
    }
    let (moment, range) = date::find_moment(text)?;
    let after = text[range.end..].trim_matches(|c: char| c.is_whitespace() || "）)".contains(c));
    let before = text[..range.start].trim_end();
    (after.is_empty() && moment.time.is_none()).then_some((before, moment.date))
}

/// The organs on the lines right above block `index`.
fn organs_above(body: &Body, index: usize) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for above in (index.saturating_sub(MAX_ORGANS)..index).rev() {
        let text = body.block_text(above);
        if text.len() > MAX_BYTES {
            break;
        }
        // （代章） and （盖章） stand between organ and date.
        if names.is_empty() && text.starts_with(['（', '(']) && text.len() <= 30 {
            continue;
        }
        match organ::organs_in(text) {
            Some(name) => names.push(name),
            None => break,
        }
    }
    names.reverse();
    (!names.is_empty()).then(|| names.join("、"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, known: Option<&str>, organ: Option<&str>, date: Option<&str>) {
        let found = read(&Body::from_lines(text), known);
        assert_eq!(found.organ.as_deref(), organ, "{text}");
        assert_eq!(
            found.date.map(|date| date.to_string()).as_deref(),
            date,
            "{text}"
        );
    }

    #[test]
    fn organ_and_date_are_read() {
        check(
            "正文。\n青川市财政局\n2025年9月1日",
            None,
            Some("青川市财政局"),
            Some("2025-09-01"),
        );
        check(
            "正文。\n青川市财政局\n二〇二四年三月五日\n（此件公开发布）",
            None,
            Some("青川市财政局"),
            Some("2024-03-05"),
        );
        check(
            "正文。\n青川市财政局 青川市水利局\n2025年9月1日",
            None,
            Some("青川市财政局、青川市水利局"),
            Some("2025-09-01"),
        );
        check(
            "正文。\n青川市财政局\n青川市水利局\n2025年9月1日",
            None,
            Some("青川市财政局、青川市水利局"),
            Some("2025-09-01"),
        );
        check(
            "正文。\n青川市财政局 2025年9月1日",
            None,
            Some("青川市财政局"),
            Some("2025-09-01"),
        );
    }

    #[test]
    fn a_notice_with_an_annex_is_signed_in_the_middle() {
        let text = "正文。\n青川市政府\n2025年9月1日\n附件\n办法\n第一条。\n第二条。\n第三条。\n第四条。\n第五条。\n青川市水利局\n2024年1月1日";
        check(
            text,
            Some("青川市政府"),
            Some("青川市政府"),
            Some("2025-09-01"),
        );
        check(text, None, Some("青川市水利局"), Some("2024-01-01"));
    }

    #[test]
    fn dates_in_the_text_are_no_signature() {
        check("正文。\n本办法自2024年3月5日起施行。", None, None, None);
        check(
            "2024年3月5日\n正文。\n正文。\n正文。\n正文。\n正文。\n正文。\n正文。\n正文。",
            None,
            None,
            None,
        );
        check("正文。\n会议时间为2024年3月5日\n完。", None, None, None);
    }
}
