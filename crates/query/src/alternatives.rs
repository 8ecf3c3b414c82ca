//! What else a notice may print for what a question says: abbreviations and
//! full names, figures in their spellings.

use std::{collections::HashMap, ops::Range, sync::LazyLock};

/// A run of a question that a notice may print otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Alternative {
    /// The run, in bytes of the question.
    pub(crate) range: Range<usize>,
    /// The other names of the same thing.
    pub(crate) others: Vec<String>,
}

/// The table `data/dict/synonyms.tsv`, by what is looked up.
struct Table {
    entries: HashMap<&'static str, Vec<String>>,
    /// Characters of the longest key that begins with each.
    longest: HashMap<char, usize>,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::parse(include_str!("../../../data/dict/synonyms.tsv")));

impl Table {
    fn parse(text: &'static str) -> Self {
        let mut entries: HashMap<_, Vec<_>> = HashMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            for name in line.split('\t') {
                let others = line.split('\t').filter(|other| *other != name);
                entries
                    .entry(name)
                    .or_default()
                    .extend(others.map(str::to_owned));
            }
        }
        let mut longest = HashMap::new();
        for key in entries.keys() {
            let first = key.chars().next().expect("no name is empty");
            let chars = longest.entry(first).or_default();
            *chars = key.chars().count().max(*chars);
        }
        Self { entries, longest }
    }

    /// The longest key that `text` begins with.
    fn at_start(&self, text: &str) -> Option<(usize, &[String])> {
        let longest = *self.longest.get(&text.chars().next()?)?;
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
        let ends: Vec<_> = ends.take(longest).collect();
        ends.into_iter()
            .rev()
            .find_map(|end| Some((end, self.entries.get(&text[..end])?.as_slice())))
    }
}

/// What may stand for runs of `text`, which is normalised: in order, no two
/// over one another, the longest first.
pub(crate) fn alternatives(text: &str) -> Vec<Alternative> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let starts_number = !text[..at].ends_with(is_of_number);
        if let Some((len, other)) = Some(rest)
            .filter(|_| starts_number)
            .and_then(other_spelling)
        {
            found.push(Alternative {
                range: at..at + len,
                others: vec![other],
            });
            at += len;
        } else if let Some((len, others)) = TABLE.at_start(rest) {
            found.push(Alternative {
                range: at..at + len,
                others: others.to_vec(),
            });
            at += len;
        } else {
            at += first.len_utf8();
        }
    }
    found
}

fn is_of_number(c: char) -> bool {
    c.is_ascii_digit() || c == '.' || c == ',' || year_digit(c).is_some()
}

/// The number that `text` begins with in its other spelling: 77万 and 770000,
/// 二〇二四年 and 2024年. Gives how many bytes it takes.
fn other_spelling(text: &str) -> Option<(usize, String)> {
    year_in_figures(text)
        .or_else(|| year_in_characters(text))
        .or_else(|| in_full(text))
        .or_else(|| in_ten_thousands(text))
}

fn year_digit(c: char) -> Option<char> {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let c = if c == '零' || c == '○' { '〇' } else { c };
    let digit = DIGITS.iter().position(|&digit| digit == c)?;
    char::from_digit(digit as u32, 10)
}

/// 二〇二四年 as 2024年.
fn year_in_figures(text: &str) -> Option<(usize, String)> {
    let (year, len) = four(text, year_digit)?;
    let end = year_end(text, len)?;
    Some((end, format!("{year}年")))
}

/// 2024年 as 二〇二四年.
fn year_in_characters(text: &str) -> Option<(usize, String)> {
    let character = |c: char| {
        let digit = c.to_digit(10)?;
        "〇一二三四五六七八九".chars().nth(digit as usize)
    };
    let (year, len) = four(text, character)?;
    let end = year_end(text, len)?;
    Some((end, format!("{year}年")))
}

/// The first four characters, each turned by `turn`, and their bytes.
fn four(text: &str, turn: impl Fn(char) -> Option<char>) -> Option<(String, usize)> {
    let mut turned = String::new();
    let mut len = 0;
    for c in text.chars().take(4) {
        turned.push(turn(c)?);
        len += c.len_utf8();
    }
    (turned.chars().count() == 4).then_some((turned, len))
}

fn year_end(text: &str, len: usize) -> Option<usize> {
    text[len..]
        .starts_with('年')
        .then_some(len + '年'.len_utf8())
}

/// Units of figures, and how many digits they stand for.
const UNITS: [(char, usize); 2] = [('万', 4), ('亿', 8)];

/// 77万 as 770000.
fn in_full(text: &str) -> Option<(usize, String)> {
    let (number, len) = figure(text);
    let unit = text[len..].chars().next()?;
    let (_, zeros) = UNITS.iter().find(|(name, _)| *name == unit)?;
    let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
    if whole.is_empty() || part.len() > *zeros || text[len + unit.len_utf8()..].starts_with('亿') {
        return None;
    }
    let full = format!("{whole}{part:0<zeros$}");
    let full = full.trim_start_matches('0');
    (!full.is_empty()).then(|| (len + unit.len_utf8(), full.to_owned()))
}

/// 770000 as 77万, where nothing is lost.
fn in_ten_thousands(text: &str) -> Option<(usize, String)> {
    let (number, len) = figure(text);
    if number.contains('.') || number.starts_with('0') || text[len..].starts_with(['万', '亿']) {
        return None;
    }
    UNITS.iter().rev().find_map(|(unit, zeros)| {
        let (whole, rest) = number.split_at_checked(number.len().checked_sub(*zeros)?)?;
        let part = rest.trim_end_matches('0');
        if whole.is_empty() || part.len() > 2 {
            return None;
        }
        let point = if part.is_empty() { "" } else { "." };
        Some((len, format!("{whole}{point}{part}{unit}")))
    })
}

/// The figure that `text` begins with, commas left out, and its bytes.
fn figure(text: &str) -> (String, usize) {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .unwrap_or(text.len());
    let shown = text[..end].trim_end_matches(['.', ',']);
    if shown.len() > 24 || shown.matches('.').count() > 1 {
        return (String::new(), 0);
    }
    (shown.replace(',', ""), shown.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &[&str])]) {
        let found = alternatives(text);
        let found: Vec<_> = found
            .iter()
            .map(|found| (&text[found.range.clone()], found.others.clone()))
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(run, others)| (*run, others.iter().map(|&o| o.to_owned()).collect()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn figures_have_two_spellings() {
        check("短信77万条", &[("77万", &["770000"])]);
        check("770000条", &[("770000", &["77万"])]);
        check("770,000条", &[("770,000", &["77万"])]);
        check("1.25亿元", &[("1.25亿", &["125000000"])]);
        check("125000000", &[("125000000", &["1.25亿"])]);
        check("0.5万", &[("0.5万", &["5000"])]);
        for plain in ["21.86", "123456", "5万亿", "12", "1.2.3万", "007", "00万"] {
            check(plain, &[]);
        }
    }

    #[test]
    fn years_have_two_spellings() {
        check("二〇二四年", &[("二〇二四年", &["2024年"])]);
        check("2024年", &[("2024年", &["二〇二四年"])]);
        check("12024年", &[]);
        check("二〇二四", &[]);
    }

    #[test]
    fn names_stand_for_one_another() {
        check("查中纪委通报", &[("中纪委", &["中央纪律检查委员会"])]);
        check("中央纪律检查委员会", &[("中央纪律检查委员会", &["中纪委"])]);
    }

    #[test]
    fn the_table_is_in_order() {
        for line in include_str!("../../../data/dict/synonyms.tsv").lines() {
            if line.starts_with('#') {
                continue;
            }
            let names: Vec<_> = line.split('\t').collect();
            assert!(names.len() > 1, "{line}");
            for name in names {
                assert!(name.chars().count() > 1, "{line}");
                let normal = gongbao_analysis::normalize(name);
                assert_eq!(*normal, *name, "{line}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_has_its_runs_in_order(text in "[0-9.,万亿年二〇零中纪委化债\\PC]{0,40}") {
            let mut last = 0;
            for found in alternatives(&text) {
                prop_assert!(found.range.start >= last && !found.range.is_empty());
                prop_assert!(!found.others.is_empty());
                prop_assert!(text.get(found.range.clone()).is_some());
                last = found.range.end;
            }
        }
    }
}
