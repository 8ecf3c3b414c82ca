//! Where the heading of an item ends.

use super::label::{Kind, Label, is_blank};

/// The longest heading, in characters: longer ones are sentences.
const MAX_HEADING_CHARS: usize = 60;

/// The end of the heading of `block`, whose label is `label`: a byte offset in
/// `block`. The stop at the end of the heading is left out.
///
/// A heading line is a heading as a whole; a heading that is fused with its
/// text ends with the first sentence, or with the first clause of one that is
/// too long. An article (条) has a heading only where it prints one.
pub(super) fn end(block: &str, label: &Label) -> usize {
    let start = label.range.end;
    let text = &block[start..];
    if label.kind == Kind::Article {
        return start + article_title(text);
    }
    let mut comma = None;
    let mut chars = block[label.range.clone()].chars().count();
    let mut before = None;
    for (at, c) in text.char_indices() {
        match c {
            '。' | '；' | '！' | '？' | ';' => return trimmed(block, start, start + at),
            '：' | ':' if !is_figure(before, &text[at + c.len_utf8()..]) => {
                return trimmed(block, start, start + at);
            }
            '，' | ','
                if comma.is_none()
                    && at >= 12
                    && !is_figure(before, &text[at + c.len_utf8()..]) =>
            {
                comma = Some(at);
            }
            _ => {}
        }
        chars += 1;
        if chars > MAX_HEADING_CHARS {
            return comma.map_or(start, |at| trimmed(block, start, start + at));
        }
        before = Some(c);
    }
    trimmed(block, start, block.len())
}

/// Whether a mark between `before` and `after` stands inside a figure, as in
/// 10:48 and 1,200.
fn is_figure(before: Option<char>, after: &str) -> bool {
    before.is_some_and(|c| c.is_ascii_digit()) && after.starts_with(|c: char| c.is_ascii_digit())
}

/// The length of the title that is printed after the label of an article:
/// 【立法目的】, （立法目的）, or the whole of a heading line.
fn article_title(text: &str) -> usize {
    let title = text.trim_start_matches(is_blank);
    let blank = text.len() - title.len();
    for (open, close) in [
        ('【', '】'),
        ('［', '］'),
        ('[', ']'),
        ('（', '）'),
        ('(', ')'),
    ] {
        if let Some(inside) = title.strip_prefix(open) {
            let end = inside.find(close).filter(|&end| end <= 3 * 20);
            return end.map_or(0, |end| blank + open.len_utf8() + end + close.len_utf8());
        }
    }
    let is_title =
        title.len() <= 3 * 30 && !title.contains(['。', '；', '：', '，', ':', ';', ',']);
    if is_title {
        text.trim_end_matches(is_blank).len()
    } else {
        0
    }
}

/// `end` without the white space and bold marks before it, not before `start`.
fn trimmed(block: &str, start: usize, end: usize) -> usize {
    start
        + block[start..end]
            .trim_end_matches(|c| is_blank(c) || c == '*')
            .len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::label;

    #[track_caller]
    fn check(block: &str, heading: &str) {
        let label = label::parse(block).expect("the block has a label");
        assert_eq!(&block[label.range.start..end(block, &label)], heading);
    }

    #[test]
    fn a_heading_line_is_the_heading() {
        check("一、总体要求", "一、总体要求");
        check("（二）基本原则。", "（二）基本原则");
        check("## 第一章 总 则", "第一章 总 则");
        check("（三）", "（三）");
        check("1.主要目标：", "1.主要目标");
    }

    #[test]
    fn a_heading_fused_with_its_text_ends_with_the_sentence() {
        check("(20)坚定坚决扛起责任。制定了方案。", "(20)坚定坚决扛起责任");
        check("（一）指导思想：以人民为中心。", "（一）指导思想");
        check(
            "1.自9:30起开放，凭证入内。其余不变。",
            "1.自9:30起开放，凭证入内",
        );
    }

    #[test]
    fn a_sentence_too_long_gives_its_first_clause() {
        let long = "甲".repeat(80);
        check(&format!("(1)各乡镇人民政府，{long}。"), "(1)各乡镇人民政府");
        check(&format!("(1){long}。"), "(1)");
    }

    #[test]
    fn an_article_has_the_heading_that_it_prints() {
        check("第三条 各乡镇应当公开账目。", "第三条");
        check("第三条 【公开】各乡镇应当公开账目。", "第三条 【公开】");
        check("第三条 （公开）各乡镇应当公开账目。", "第三条 （公开）");
        check("第三条 公开原则", "第三条 公开原则");
        check("第三条 应当公开下列账目：", "第三条");
    }
}
