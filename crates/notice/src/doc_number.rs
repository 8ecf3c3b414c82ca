//! Document numbers (发文字号).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::date::digit;

/// A document number such as `国办发〔2024〕12号`, in its one canonical form.
///
/// Three forms occur: 机关代字〔年〕序号 (`国办发〔2024〕12号`), orders
/// (`国务院令第706号`, as an office code `国令第706号`) and announcements counted
/// by the year (`财政部公告2024年第12号`). Canonical are the brackets `〔〕`,
/// ASCII digits without leading zeros, no white space, and no 第 after the
/// bracket.
///
/// Source: GB/T 9704—2012, 7.2.5.
///
/// ```
/// use gongbao_notice::DocNumber;
/// let number: DocNumber = "国办发[2024] 012 号".parse()?;
/// assert_eq!(number.to_string(), "国办发〔2024〕12号");
/// # Ok::<(), gongbao_notice::ParseDocNumberError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocNumber(String);

/// The text is no document number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no document number such as 国办发〔2024〕12号")]
pub struct ParseDocNumberError(String);

/// The longest text that can be one, in characters.
const MAX_CHARS: usize = 60;

impl DocNumber {
    /// The canonical form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The canonical form of `text`, if it is a document number.
fn canonical(text: &str) -> Option<String> {
    let mut chars: Vec<char> = text
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .take(MAX_CHARS + 1)
        .map(|c| match c {
            '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
            '[' | '［' | '﹝' | '(' | '（' | '【' | '〔' | '<' | '〈' | '﹙' => '〔',
            ']' | '］' | '﹞' | ')' | '）' | '】' | '〕' | '>' | '〉' | '﹚' => '〕',
            _ => c,
        })
        .collect();
    if chars.len() > MAX_CHARS {
        return None;
    }
    // (芜政办〔2024〕12号), as under a title.
    if chars.first() == Some(&'〔') && chars.last() == Some(&'〕') {
        chars = chars[1..chars.len() - 1].to_vec();
    }
    if chars.last() != Some(&'号') {
        return None;
    }
    chars.pop();
    if let Some(open) = chars.iter().position(|&c| c == '〔') {
        let (prefix, rest) = chars.split_at(open);
        let year: String = rest.get(1..5)?.iter().collect();
        if rest.get(5) != Some(&'〕') || !is_year(&year) || !is_prefix(prefix) {
            return None;
        }
        let number = &rest[6..];
        let number = number.strip_prefix(&['第']).unwrap_or(number);
        let prefix: String = prefix.iter().collect();
        return Some(format!("{prefix}〔{year}〕{}号", serial(number)?));
    }
    let at = chars.iter().rposition(|&c| c == '第')?;
    let number = serial(&chars[at + 1..])?;
    let before = &chars[..at];
    if let Some(office) = before.strip_suffix(&['年']) {
        let (name, year) = office.split_at(office.len().checked_sub(4)?);
        let year: String = year.iter().collect();
        let name: String = name.iter().collect();
        let kinds = ["公告", "通告", "公报"];
        (is_year(&year)
            && is_prefix(office.split_at(office.len() - 4).0)
            && kinds.iter().any(|kind| name.ends_with(kind)))
        .then(|| format!("{name}{year}年第{number}号"))
    } else {
        let name: String = before.iter().collect();
        let name = name
            .strip_prefix("中华人民共和国")
            .filter(|rest| *rest != "令")
            .unwrap_or(&name);
        let name = if name == "令" { return None } else { name };
        (is_prefix(before) && name.ends_with('令')).then(|| format!("{name}第{number}号"))
    }
}

fn is_year(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && ("1912"..="2100").contains(&text)
}

/// Whether `chars` can stand for an office: Chinese characters, with the few
/// Latin letters and hyphens that some use, but no digits or stops.
fn is_prefix(chars: &[char]) -> bool {
    let fits =
        |&c: &char| matches!(c, '\u{3400}'..='\u{9fff}' | 'A'..='Z' | 'a'..='z' | '-' | '·' | '、');
    (1..=30).contains(&chars.len())
        && chars.iter().all(fits)
        && chars.iter().any(|&c| matches!(c, '\u{3400}'..='\u{9fff}'))
}

/// The number in ASCII digits without leading zeros, `12` or `12-3`.
fn serial(chars: &[char]) -> Option<String> {
    let parts: Vec<&[char]> = chars.split(|&c| c == '-').collect();
    if parts.len() > 2 {
        return None;
    }
    let mut out = Vec::new();
    for part in parts {
        if part.is_empty() || part.len() > 7 {
            return None;
        }
        let value = match part.iter().map(|&c| digit(c)).collect::<Option<Vec<_>>>() {
            Some(digits) => digits.iter().fold(0, |sum, d| sum * 10 + d),
            None => chinese_number(part)?,
        };
        out.push(value.to_string());
    }
    (out[0] != "0").then(|| out.join("-"))
}

/// A Chinese number below 10,000 such as 七百零六.
fn chinese_number(chars: &[char]) -> Option<u32> {
    let (mut sum, mut last) = (0, None);
    for &c in chars {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            '零' | '〇' => continue,
            _ => {
                last = Some(digit(c)?);
                continue;
            }
        };
        sum += last.take().unwrap_or(1) * unit;
    }
    Some(sum + last.unwrap_or(0))
}

impl FromStr for DocNumber {
    type Err = ParseDocNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match canonical(text) {
            Some(number) => Ok(Self(number)),
            None => Err(ParseDocNumberError(text.chars().take(80).collect())),
        }
    }
}

impl TryFrom<String> for DocNumber {
    type Error = ParseDocNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DocNumber> for String {
    fn from(number: DocNumber) -> Self {
        number.0
    }
}

impl fmt::Display for DocNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let found = text.parse::<DocNumber>().ok();
        assert_eq!(found.as_ref().map(DocNumber::as_str), expected, "{text}");
    }

    #[test]
    fn every_bracket_is_the_same_number() {
        for text in [
            "国办发〔2024〕12号",
            "国办发[2024]12号",
            "国办发［2024］12号",
            "国办发﹝2024﹞12号",
            "国办发(2024)12号",
            "国办发（２０２４）１２号",
            "国办发【2024】12号",
            "国办发〔2024〕第12号",
            "国办发 〔2024〕 012 号",
            "（国办发〔2024〕12号）",
        ] {
            check(text, Some("国办发〔2024〕12号"));
        }
    }

    #[test]
    fn orders_and_announcements() {
        check("国令第706号", Some("国令第706号"));
        check("中华人民共和国国务院令\n第706号", Some("国务院令第706号"));
        check("国务院令第七百零六号", Some("国务院令第706号"));
        check("国务院令第七〇六号", Some("国务院令第706号"));
        check(
            "财政部 税务总局公告2023年第12号",
            Some("财政部税务总局公告2023年第12号"),
        );
    }

    #[test]
    fn what_is_no_document_number() {
        for text in [
            "",
            "号",
            "第12号",
            "国办发2024年12号",
            "国办发〔24〕12号",
            "国办发〔2024〕号",
            "〔2024〕12号",
            "根据国办发〔2024〕12号文件",
            "文化路35号",
            "国办发〔2024〕0号",
            "2024年第12号",
        ] {
            check(text, None);
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_parses_to_itself(
            office in "[国办发政令函秘A-C]{1,8}",
            open in "[〔\\[［﹝(（【]",
            close in "[〕\\]］﹞)）】]",
            year in 1949..2100_u32,
            serial in 1..99_999_u32,
            space in "[ \u{3000}]{0,2}",
        ) {
            let text = format!("{office}国{space}{open}{year}{close}{space}{serial}{space}号");
            let number: DocNumber = text.parse().expect("a document number");
            prop_assert_eq!(number.to_string().parse(), Ok(number.clone()));
            let end = format!("国〔{year}〕{serial}号");
            prop_assert!(number.as_str().ends_with(&end));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
            if let Ok(number) = text.parse::<DocNumber>() {
                prop_assert_eq!(number.to_string().parse(), Ok(number.clone()));
            }
        }
    }
}
