//! Printed labels at the start of a block: 一、 (一) 1. (1) ① 第三条.
//!
//! A label is read from its block alone. Where the block cannot tell a label
//! from running text (第三条规定…, 1.3个园区) it is marked as unsure, and the
//! tree takes it only where its number is the one expected next.

use std::ops::Range;

use super::numeral::{arabic_number, han_digit, han_number, is_arabic_digit};

/// The kinds of label, in the customary order from the outside in
/// (GB/T 9704—2012, 7.3.3, and 《立法法》 article 65 for laws).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// 第一部分
    Division,
    /// 第一编
    Book,
    /// 第一分编
    Subbook,
    /// 第一章
    Chapter,
    /// 第一节
    Section,
    /// 第一条
    Article,
    /// 1 总则, above 1.1: the manner of contingency plans and standards.
    Bare,
    /// 一、
    Han,
    /// (一)
    HanBracketed,
    /// 1.
    Arabic,
    /// 1、
    ArabicComma,
    /// 1.1
    Decimal2,
    /// 1.1.1
    Decimal3,
    /// 1.1.1.1
    Decimal4,
    /// (1)
    ArabicBracketed,
    /// 1)
    ArabicHalfBracketed,
    /// ①
    Circled,
}

impl Kind {
    /// How many kinds there are.
    pub(super) const COUNT: usize = 17;

    /// The place in the customary order, 0 outermost. 1. and 1、 share one.
    pub(super) fn rank(self) -> usize {
        match self {
            Self::ArabicComma => Self::Arabic as usize,
            kind => kind as usize,
        }
    }

    /// Whether this is 编, 章, 节 or the like: a heading and never a sentence.
    pub(super) fn is_division(self) -> bool {
        self.rank() <= Self::Section.rank()
    }

    /// How many numbers a decimal label has; 1 for every other kind.
    pub(super) fn levels(self) -> usize {
        match self {
            Self::Decimal2 => 2,
            Self::Decimal3 => 3,
            Self::Decimal4 => 4,
            _ => 1,
        }
    }
}

/// A label at the start of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// Its kind.
    pub(super) kind: Kind,
    /// Its numbers: one, or as many as a decimal label has levels.
    pub(super) numbers: [u32; 4],
    /// The 一 of 第十二条之一; 0 for none.
    pub(super) sub: u32,
    /// UTF-8 byte range in the block.
    pub(super) range: Range<usize>,
    /// Whether the block alone shows that it is a label.
    pub(super) sure: bool,
}

impl Label {
    fn new(kind: Kind, number: u32, range: Range<usize>) -> Self {
        Self {
            kind,
            numbers: [number, 0, 0, 0],
            sub: 0,
            range,
            sure: true,
        }
    }

    /// The numbers it prints.
    pub(super) fn numbers(&self) -> &[u32] {
        &self.numbers[..self.kind.levels()]
    }

    /// The last number it prints: that of this item among its siblings.
    pub(super) fn number(&self) -> u32 {
        self.numbers[self.kind.levels() - 1]
    }
}

/// The label at the start of `block`, after white space and Markdown marks.
pub(super) fn parse(block: &str) -> Option<Label> {
    let start = skip_marks(block);
    let rest = &block[start..];
    let first = rest.chars().next()?;
    let mut label = match first {
        '第' => ordinal(rest),
        '(' | '（' | '﹙' => bracketed(rest, first.len_utf8()),
        '0'..='9' | '０'..='９' => arabic(rest),
        _ if han_digit(first).is_some() || first == '百' => han_stop(rest),
        _ => sign(first),
    }?;
    if label.numbers().contains(&0) {
        return None;
    }
    label.range = start + label.range.start..start + label.range.end;
    Some(label)
}

/// How many bytes of white space and Markdown marks (`## `, `**`) precede the
/// text of `block`.
fn skip_marks(block: &str) -> usize {
    let mut rest = block.trim_start_matches(is_blank);
    if rest.starts_with('#') {
        let text = rest.trim_start_matches('#');
        if text.starts_with(is_blank) {
            rest = text.trim_start_matches(is_blank);
        }
    }
    rest = rest.strip_prefix("**").unwrap_or(rest);
    block.len() - rest.trim_start_matches(is_blank).len()
}

/// White space, and the marks without width that pages leave about.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}')
}

/// 第一编, 第 三 条, 第十二条之一, 第3条.
fn ordinal(rest: &str) -> Option<Label> {
    const UNITS: [(&str, Kind); 6] = [
        ("条", Kind::Article),
        ("章", Kind::Chapter),
        ("节", Kind::Section),
        ("编", Kind::Book),
        ("分编", Kind::Subbook),
        ("部分", Kind::Division),
    ];
    let mut at = skip_blanks(rest, '第'.len_utf8());
    let (number, len) = han_number(&rest[at..]).or_else(|| arabic_number(&rest[at..], 4))?;
    at = skip_blanks(rest, at + len);
    let (unit, kind) = UNITS
        .into_iter()
        .find(|(unit, _)| rest[at..].starts_with(unit))?;
    at += unit.len();
    let mut label = Label::new(kind, number, 0..at);
    if kind == Kind::Article
        && let Some(after) = rest[at..].strip_prefix('之')
        && let Some((sub, len)) = han_number(after)
    {
        label.sub = sub;
        label.range.end = at + '之'.len_utf8() + len;
    }
    let after = &rest[label.range.end..];
    let text = after.trim_start_matches(is_blank);
    if speaks_of_clause(text) {
        return None;
    }
    if after.is_empty() || after.len() != text.len() || after.starts_with([':', '：', '【', '*'])
    {
        return Some(label);
    }
    const SPEAKS_OF: [char; 14] = [
        '第', '款', '的', '之', '至', '、', '所', '项', '，', '。', '；', '”', '》', ',',
    ];
    let speaks = text.starts_with(SPEAKS_OF)
        || ["规定", "修改", "中的", "以及", "和第"]
            .iter()
            .any(|word| text.starts_with(word));
    if kind == Kind::Division || speaks {
        return None;
    }
    if kind.is_division() {
        // 第一章总则, set without a space.
        return is_heading_line(rest).then_some(label);
    }
    label.sure = false;
    Some(label)
}

/// Whether `text`, behind 第三条, is 第二款 or 第一项: then the whole speaks of
/// an article and does not open it, as 第六条 第一审人民法院… does.
fn speaks_of_clause(text: &str) -> bool {
    text.strip_prefix('第').is_some_and(|rest| {
        han_number(rest).is_some_and(|(_, len)| rest[len..].starts_with(['款', '项', '目', '、']))
    })
}

/// (一) and (1), with brackets of either width; `(一)、` is one label too.
fn bracketed(rest: &str, open: usize) -> Option<Label> {
    let at = skip_blanks(rest, open);
    let (kind, (number, len)) = match han_number(&rest[at..]) {
        Some(found) => (Kind::HanBracketed, found),
        None => (Kind::ArabicBracketed, arabic_number(&rest[at..], 3)?),
    };
    let at = skip_blanks(rest, at + len);
    let close = rest[at..]
        .chars()
        .next()
        .filter(|c| matches!(c, ')' | '）' | '﹚'))?;
    let end = at + close.len_utf8();
    let after = &rest[end..];
    // (一)项规定的, (一)至(三), (一)、(二)项: text about items.
    let speaks_of_items = after.starts_with('项') && !after.starts_with("项目")
        || after
            .strip_prefix(['至', '和', '或'])
            .is_some_and(|rest| rest.starts_with(['(', '（', '第']));
    if speaks_of_items {
        return None;
    }
    let stop = stop_len(after, &['、', '.', '．']);
    if stop > 0 && after[stop..].starts_with(['(', '（']) {
        return None;
    }
    Some(Label::new(kind, number, 0..end + stop))
}

/// 一、 and 一.
fn han_stop(rest: &str) -> Option<Label> {
    let (number, len) = han_number(rest)?;
    let at = skip_blanks(rest, len);
    let stop = stop_len(&rest[at..], &['、', '﹑', '.', '．']);
    if stop == 0 {
        return None;
    }
    let after = &rest[at + stop..];
    // 一、二级医院, 二、三产业: a list of numbers. 一、二十大… is an item.
    if let Some((next, len)) = han_number(after)
        && next == number + 1
        && after[len..].starts_with([
            '、', '级', '等', '类', '号', '线', '期', '季', '产', '档', '楼', '层', '次', '年',
        ])
    {
        return None;
    }
    Some(Label::new(Kind::Han, number, 0..at + stop))
}

/// 1. 1、 1) 1.1
fn arabic(rest: &str) -> Option<Label> {
    let (number, len) = arabic_number(rest, 3)?;
    let at = skip_blanks(rest, len);
    let mark = rest[at..].chars().next()?;
    if at > len && !matches!(mark, '、' | '.' | '．') {
        const MAX_BYTES: usize = 90;
        let is_title = rest.len() <= MAX_BYTES && is_heading_line(rest) && is_text_start(mark);
        return is_title.then(|| Label {
            sure: false,
            ..Label::new(Kind::Bare, number, 0..len)
        });
    }
    let end = at + mark.len_utf8();
    let after = &rest[end..];
    match mark {
        '、' | '﹑' => {
            // 5、6月份 is a list of numbers; 1、2025年目标 is an item.
            let listed = arabic_number(after, 4).is_some_and(|(next, _)| next == number + 1);
            (!listed).then(|| Label::new(Kind::ArabicComma, number, 0..end))
        }
        ')' | '）' => Some(Label::new(Kind::ArabicHalfBracketed, number, 0..end)),
        '.' | '．' if !after.starts_with(is_arabic_digit) => {
            Some(Label::new(Kind::Arabic, number, 0..end))
        }
        '.' | '．' => decimal(rest, number, end),
        _ => None,
    }
}

/// 1.1 or 1.1.1, or the item 1. whose text starts with a figure (1.2025年…).
/// `end` is the end of the first number and its stop.
fn decimal(rest: &str, first: u32, end: usize) -> Option<Label> {
    let mut numbers = [first, 0, 0, 0];
    let mut levels = 1;
    let mut at = end;
    let mut small = first <= 99;
    loop {
        let digits = rest[at..]
            .chars()
            .take_while(|&c| is_arabic_digit(c))
            .count();
        let (number, len) = arabic_number(&rest[at..], 4)?;
        if levels == 4 {
            return None;
        }
        small &= digits <= 2;
        numbers[levels] = number;
        levels += 1;
        at += len;
        let stop = stop_len(&rest[at..], &['.', '．']);
        if stop == 0 || !rest[at + stop..].starts_with(is_arabic_digit) {
            break;
        }
        at += stop;
    }
    let after = &rest[at..];
    let dated =
        levels == 2 && (after.starts_with('年') && !small || after.starts_with(['月', '日']));
    if dated {
        return Some(Label::new(Kind::Arabic, first, 0..end));
    }
    // 3.5亿元, 1.5公里, 21.86%: figures, not labels.
    let first_of_text = after.chars().next()?;
    let mut label = Label::new(
        match levels {
            2 => Kind::Decimal2,
            3 => Kind::Decimal3,
            _ => Kind::Decimal4,
        },
        first,
        0..at + stop_len(after, &['.', '．', '、']),
    );
    label.numbers = numbers;
    label.sure = false;
    let reads_as_label = is_blank(first_of_text)
        || matches!(first_of_text, '.' | '．' | '、')
        || is_text_start(first_of_text);
    if small && reads_as_label {
        return Some(label);
    }
    None
}

/// Whether `c` can start the text after a decimal label, being no unit.
fn is_text_start(c: char) -> bool {
    const UNITS: &str =
        "亿万千百十元公里米吨个项倍度级年月日小时分平方立亩顷人户家次名位折升克码点至到比以多余左";
    (c.is_alphabetic() || matches!(c, '“' | '《' | '"')) && !c.is_ascii() && !UNITS.contains(c)
}

/// A label that is one sign: ① ⑴ ⒈ ㈠ ❶.
fn sign(c: char) -> Option<Label> {
    let (kind, number) = match c {
        '①'..='⑳' => (Kind::Circled, c as u32 - '①' as u32 + 1),
        '㉑'..='㉟' => (Kind::Circled, c as u32 - '㉑' as u32 + 21),
        '㊱'..='㊿' => (Kind::Circled, c as u32 - '㊱' as u32 + 36),
        '❶'..='❿' => (Kind::Circled, c as u32 - '❶' as u32 + 1),
        '⑴'..='⒇' => (Kind::ArabicBracketed, c as u32 - '⑴' as u32 + 1),
        '⒈'..='⒛' => (Kind::Arabic, c as u32 - '⒈' as u32 + 1),
        '㈠'..='㈩' => (Kind::HanBracketed, c as u32 - '㈠' as u32 + 1),
        _ => return None,
    };
    Some(Label::new(kind, number, 0..c.len_utf8()))
}

/// Whether `line` is a heading that fills its line: short and no sentence.
pub(super) fn is_heading_line(line: &str) -> bool {
    const MAX_BYTES: usize = 180; // 60 Han characters
    line.len() <= MAX_BYTES && !line.contains(['。', '；', '！', '？', ';'])
}

fn stop_len(rest: &str, stops: &[char]) -> usize {
    rest.chars()
        .next()
        .filter(|c| stops.contains(c))
        .map_or(0, char::len_utf8)
}

fn skip_blanks(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start_matches(is_blank).len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::outline::numeral::tests::han;

    #[track_caller]
    fn check(block: &str, expected: Option<(&str, Kind, u32)>) {
        let found = parse(block);
        let found = found
            .as_ref()
            .map(|label| (&block[label.range.clone()], label.kind, label.number()));
        assert_eq!(found, expected, "{block}");
    }

    #[test]
    fn every_kind_of_label_is_read() {
        check("一、总体要求", Some(("一、", Kind::Han, 1)));
        check("十二．附则", Some(("十二．", Kind::Han, 12)));
        check("一、二十大精神", Some(("一、", Kind::Han, 1)));
        check(
            "（二十一）营造环境",
            Some(("（二十一）", Kind::HanBracketed, 21)),
        );
        check("(一)、指导思想", Some(("(一)、", Kind::HanBracketed, 1)));
        check("　　1．问题导向", Some(("1．", Kind::Arabic, 1)));
        check("１.问题导向", Some(("１.", Kind::Arabic, 1)));
        check("3、问题", Some(("3、", Kind::ArabicComma, 3)));
        check("1.2025年底前完成", Some(("1.", Kind::Arabic, 1)));
        check("2.8月底前完成", Some(("2.", Kind::Arabic, 2)));
        check("(20)坚定坚决", Some(("(20)", Kind::ArabicBracketed, 20)));
        check("（ 3 ）其他", Some(("（ 3 ）", Kind::ArabicBracketed, 3)));
        check("2)其他", Some(("2)", Kind::ArabicHalfBracketed, 2)));
        check("②其他", Some(("②", Kind::Circled, 2)));
        check("㉒其他", Some(("㉒", Kind::Circled, 22)));
        check("⑵其他", Some(("⑵", Kind::ArabicBracketed, 2)));
        check("1.2 范围", Some(("1.2", Kind::Decimal2, 2)));
        check("1 总则", Some(("1", Kind::Bare, 1)));
        check("3.1.4术语", Some(("3.1.4", Kind::Decimal3, 4)));
        check("第一部分 概况", Some(("第一部分", Kind::Division, 1)));
        check("第二编　物权", Some(("第二编", Kind::Book, 2)));
        check("第一分编　通则", Some(("第一分编", Kind::Subbook, 1)));
        check("## 第一章 总则", Some(("第一章", Kind::Chapter, 1)));
        check("第一章总则", Some(("第一章", Kind::Chapter, 1)));
        check("第 三 节　监督", Some(("第 三 节", Kind::Section, 3)));
        check(
            "第二百零三条 甲",
            Some(("第二百零三条", Kind::Article, 203)),
        );
        check("第3条 甲", Some(("第3条", Kind::Article, 3)));
        check("第十二条之一 甲", Some(("第十二条之一", Kind::Article, 12)));
        check("**第一条** 甲", Some(("第一条", Kind::Article, 1)));
        check("第六条 第一审人民法院", Some(("第六条", Kind::Article, 6)));
        check("（二）项目概况", Some(("（二）", Kind::HanBracketed, 2)));
        check("（一）和解；", Some(("（一）", Kind::HanBracketed, 1)));
        check("（三）", Some(("（三）", Kind::HanBracketed, 3)));
    }

    #[test]
    fn figures_and_running_text_are_no_labels() {
        for block in [
            "2024年上半年",
            "2024.5.1实施",
            "3.5亿元",
            "1.5公里",
            "1.2万",
            "21.86%",
            "(2024-2026年)",
            "(2024)",
            "10个",
            "5 公里长",
            "100余家",
            "一是提高",
            "一般预算",
            "一、二级医院",
            "二、三产业",
            "5、6月份",
            "第三条规定的情形",
            "第三条第二款",
            "第三条 第二款规定",
            "第三条、第四条",
            "第二章规定的",
            "第一，提高",
            "第一次会议",
            "（一）项规定",
            "(一)至(三)项",
            "（一）、（二）项",
            "（试行）",
            "0、甲",
            "“第四条 甲”",
            "",
        ] {
            check(block, None);
        }
    }

    proptest! {
        #[test]
        fn a_printed_number_is_read_back(number in 1_u32..2000, small in 1_u32..1000) {
            for (block, kind, number) in [
                (format!("第{}条 甲", han(number)), Kind::Article, number),
                (format!("第{}章　甲", han(number)), Kind::Chapter, number),
                (format!("{}、甲", han(number)), Kind::Han, number),
                (format!("（{}）甲", han(number)), Kind::HanBracketed, number),
                (format!("{small}.甲"), Kind::Arabic, small),
                (format!("{small}、甲"), Kind::ArabicComma, small),
                (format!("({small})甲"), Kind::ArabicBracketed, small),
                (format!("{small})甲"), Kind::ArabicHalfBracketed, small),
            ] {
                let label = parse(&block);
                prop_assert_eq!(label.map(|l| (l.kind, l.number())), Some((kind, number)), "{}", block);
            }
        }

        #[test]
        fn any_text_is_parsed_without_panic(text in "[第（(一二十百〇零条章.．、)）0-9０-９ 　#*①万年月甲]{0,12}") {
            if let Some(label) = parse(&text) {
                prop_assert!(text.get(label.range.clone()).is_some());
                prop_assert!(label.number() > 0);
            }
        }
    }
}
