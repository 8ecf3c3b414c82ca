//! GB/T 7714—2015, 4.6 and 8.8: electronic resources.
//!
//! The archive's name for what is cited follows the entry in brackets, for
//! `cite --check`.

use super::{Citation, Cited};

/// Begins what is added to the entry.
const ARCHIVED: &str = "【gongbao:";
const DIGEST: &str = " sha256:";
const QUOTE: &str = " 引文:";
const END: char = '】';

impl Citation {
    /// As one line in the style of GB/T 7714—2015:
    /// `责任者. 题名: 其他题名信息[EB/OL]. (发布日期)[引用日期]. 网址.` What has no address is `[Z]`. The day of
    /// quoting is the day that the page was fetched.
    #[must_use]
    pub fn gbt7714(&self) -> String {
        let mut line = String::new();
        if let Some(organ) = &self.organ {
            line += &format!("{organ}. ");
        }
        line += self.title.as_deref().unwrap_or("无题名");
        let others: Vec<_> = [&self.doc_number, &self.item]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        if !others.is_empty() {
            line += &format!(": {}", others.join(", "));
        }
        line += if self.url.is_some() {
            "[EB/OL]. "
        } else {
            "[Z]. "
        };
        if let Some(date) = &self.date {
            line += &format!("({date})");
        }
        line += &format!("[{}]. ", self.fetched_day());
        if let Some(url) = &self.url {
            line += &format!("{url}. ");
        }
        let mut line = line.replace(['\n', '\r'], " ");
        line += &format!(
            "{ARCHIVED}{}{DIGEST}{}",
            self.cited.name(),
            self.cited.sha256
        );
        if let Some(quote) = &self.cited.quote {
            // As a JSON string, so that any words come back as they were.
            let quote = serde_json::to_string(quote).expect("a string always serialises");
            line += &format!("{QUOTE}{quote}");
        }
        line.push(END);
        line
    }
}

/// What the line cites, if gongbao made it.
pub(super) fn read(line: &str) -> Option<Cited> {
    let start = line.find(ARCHIVED)? + ARCHIVED.len();
    let (name, rest) = line[start..].split_once(DIGEST)?;
    let (id, anchor) = Cited::named(name);
    let digest_end = rest
        .find(|c: char| !c.is_ascii_hexdigit())
        .unwrap_or(rest.len());
    let (sha256, rest) = rest.split_at(digest_end);
    let quote = match rest.strip_prefix(QUOTE) {
        None => None,
        Some(rest) => {
            let mut values = serde_json::Deserializer::from_str(rest).into_iter::<String>();
            Some(values.next()?.ok()?)
        }
    };
    Some(Cited {
        id,
        anchor,
        sha256: sha256.to_owned(),
        quote,
    })
}
