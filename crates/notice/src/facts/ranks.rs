//! Places in an order: 排名第六, 全市前三.

use super::{
    fact::{Fact, FactKind, Qualifier},
    number,
    text::{after, first_of, is_han},
};

/// Words that lead up to a rank, in the dozen characters before it. Without
/// one of them 第一 is a word of its own: 安全第一.
const LEADS: [&str; 18] = [
    "排名", "位列", "位居", "名列", "排在", "排", "列", "居", "跻身", "进入", "荣获", "获得",
    "全市", "全省", "全国", "全区", "全县", "全州",
];

/// How far before a rank its lead may stand.
const LEAD_CHARS: usize = 12;

/// The rank at byte `at`: 第六, 第6名; or after 前: 三, 10名.
pub(super) fn read(text: &str, at: usize) -> Option<Fact> {
    let ordinal = text[at..].starts_with('第');
    let among = !ordinal && text[..at].ends_with('前');
    if !ordinal && !among {
        return None;
    }
    let lead_end = if among { at - '前'.len_utf8() } else { at };
    let start = text[..lead_end]
        .char_indices()
        .rev()
        .take(LEAD_CHARS)
        .take_while(|(_, c)| !matches!(c, '，' | ',' | '。' | '；' | ';' | '\n'))
        .last()
        .map_or(lead_end, |(at, _)| at);
    let lead = &text[start..lead_end];
    if !LEADS.iter().any(|word| lead.contains(word)) {
        return None;
    }
    let digits = if ordinal { at + '第'.len_utf8() } else { at };
    let number = number::read(text, digits)?;
    if number.value < 1.0 || number.odd || number.scaled {
        return None;
    }
    let word = first_of(&text[number.end..], &["名", "位", "强"]).unwrap_or("");
    let end = number.end + word.len();
    let stops = after(text, end).is_none_or(|c| !is_han(c) && !c.is_alphanumeric() && c != '%')
        || first_of(&text[end..], &["的", "和", "，"]).is_some();
    if !stops {
        return None;
    }
    let mut fact = Fact::new(FactKind::Rank, at..end);
    fact.value = Some(number.value);
    if among {
        fact.qualify(Qualifier::Among);
    }
    Some(fact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, f64)>) {
        let found = text.char_indices().find_map(|(at, _)| read(text, at));
        let found = found
            .as_ref()
            .map(|f| (&text[f.range.clone()], f.value.unwrap_or(0.0)));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn ranks_and_words_like_them() {
        check("在全市排名第六。", Some(("第六", 6.0)));
        check("位居全省前三,", Some(("三", 3.0)));
        check("综合得分全市第2名", Some(("第2名", 2.0)));
        check("第一时间", None);
        check("安全第一,", None);
        check("全市第三方评估", None);
        check("全省前三季度", None);
    }
}
