//! Document numbers and titles in a text.

use super::{
    fact::{Fact, FactKind},
    text::is_han,
};
use crate::DocNumber;

/// The longest title between 《 and 》, in characters.
const MAX_TITLE_CHARS: usize = 200;

/// The longest office code or name before the year, in characters.
const MAX_PREFIX_CHARS: usize = 20;

/// How far before 号 the rest of a number may begin, in characters.
const MAX_SERIAL_CHARS: usize = 20;

/// Words after which a document number begins: 根据国办发〔2024〕12号.
const LEADS: [&str; 14] = [
    "根据", "依据", "按照", "依照", "印发", "下发", "转发", "文件", "的", "以", "见", "和", "与",
    "及",
];

/// The title in 《》 at byte `at`, brackets included; 〈〉 and 《》 may stand in it.
pub(super) fn title(text: &str, at: usize) -> Option<Fact> {
    let mut depth = 0_usize;
    for (offset, c) in text[at..].char_indices().take(MAX_TITLE_CHARS) {
        match c {
            '《' => depth += 1,
            '》' => {
                depth -= 1;
                if depth == 0 {
                    let mut fact = Fact::new(FactKind::Title, at..at + offset + c.len_utf8());
                    fact.name = Some(text[at + '《'.len_utf8()..at + offset].to_owned());
                    return Some(fact);
                }
            }
            '\n' => return None,
            _ => {}
        }
    }
    None
}

/// The document numbers of `text`.
pub(super) fn find(text: &str) -> Vec<Fact> {
    let mut found: Vec<Fact> = Vec::new();
    for (at, word) in text.match_indices('号') {
        let floor = found.last().map_or(0, |last| last.range.end);
        if let Some(fact) = ending_at(text, floor, at + word.len()) {
            found.push(fact);
        }
    }
    found
}

/// The document number that ends at byte `end`, after 号.
fn ending_at(text: &str, floor: usize, end: usize) -> Option<Fact> {
    let serial = text[floor..end - '号'.len_utf8()]
        .char_indices()
        .rev()
        .take(MAX_SERIAL_CHARS)
        .take_while(|(_, c)| !matches!(c, '，' | '。' | '；' | '\n' | '《' | '》'));
    // The year's opening bracket, or 令, or the kind of announcement.
    let mut prefix_end = None;
    for (at, c) in serial {
        let at = floor + at;
        if matches!(c, '〔' | '[' | '［' | '﹝' | '(' | '（' | '【') {
            prefix_end = Some(at);
            break;
        }
        if c == '令' || text[at..].starts_with("公告") || text[at..].starts_with("通告") {
            prefix_end = Some(at);
            break;
        }
    }
    let prefix_end = prefix_end?;
    let prefix = text[floor..prefix_end]
        .char_indices()
        .rev()
        .take(MAX_PREFIX_CHARS)
        .take_while(|&(_, c)| is_han(c) || c.is_ascii_alphabetic())
        .last()
        .map_or(prefix_end, |(at, _)| floor + at);
    // 30日某某总局令第7号: what ends a day begins no name.
    let is_day = text[..prefix].ends_with(|c: char| c.is_ascii_digit());
    let day = text[prefix..]
        .chars()
        .next()
        .filter(|c| is_day && "年月日".contains(*c));
    let prefix = prefix + day.map_or(0, char::len_utf8);
    let lead = LEADS
        .iter()
        .filter_map(|word| Some(text[prefix..prefix_end].rfind(word)? + word.len()))
        .max()
        .unwrap_or(0);
    let start = prefix + lead;
    let number: DocNumber = text[start..end].parse().ok()?;
    let mut fact = Fact::new(FactKind::Document, start..end);
    fact.name = Some(number.to_string());
    Some(fact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = find(text)
            .into_iter()
            .filter_map(|fact| fact.name)
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn numbers_in_running_text() {
        check("根据国办发[2024]12号文件", &["国办发〔2024〕12号"]);
        check(
            "《通知》（青政办〔2024〕3号）和青财〔2023〕7号",
            &["青政办〔2024〕3号", "青财〔2023〕7号"],
        );
        check("依照国务院令第706号", &["国务院令第706号"]);
        check("文化路35号，3号楼", &[]);
    }
}
