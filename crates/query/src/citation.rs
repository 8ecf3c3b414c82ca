//! A notice or one item of it as cited, in three styles, and back from them.
//!
//! Every style carries what it takes to check the citation against any copy of
//! the corpus: id, anchor, digest of the page and the words quoted.

mod bibtex;
mod csl;
mod gbt7714;

use gongbao_analysis::{is_letter, normalize};
use serde::{Deserialize, Serialize};

/// A notice or one item of it, as cited. What is not known is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// What it takes to find it again.
    #[serde(flatten)]
    pub cited: Cited,
    /// The printed labels down to the item: `二、(一)2.(6)`.
    pub item: Option<String>,
    /// The heading of the item.
    pub heading: Option<String>,
    /// The title of the notice.
    pub title: Option<String>,
    /// The issuing organ.
    pub organ: Option<String>,
    /// The document number (发文字号).
    pub doc_number: Option<String>,
    /// Who published it on the page (来源), else the host of its address.
    pub site: Option<String>,
    /// Where it was published on the web.
    pub url: Option<String>,
    /// The day it was published, else signed, as `YYYY-MM-DD`.
    pub date: Option<String>,
    /// When the page was fetched, as `YYYY-MM-DDThh:mm:ssZ`.
    pub fetched: String,
}

/// What it takes to find again what was cited, and to tell whether it still
/// stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cited {
    /// The notice's name.
    pub id: String,
    /// The item's anchor; `None` for the whole notice.
    #[serde(default)]
    pub anchor: Option<String>,
    /// SHA-256 of the page as it was received, in lower-case hexadecimal.
    pub sha256: String,
    /// The words quoted.
    #[serde(default)]
    pub quote: Option<String>,
}

impl Cited {
    /// `ID` or `ID#ANCHOR`.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.anchor {
            Some(anchor) => format!("{}#{anchor}", self.id),
            None => self.id.clone(),
        }
    }

    /// The id and anchor in a name.
    fn named(name: &str) -> (String, Option<String>) {
        match name.split_once('#') {
            Some((id, anchor)) => (id.to_owned(), Some(anchor.to_owned())),
            None => (name.to_owned(), None),
        }
    }

    /// The citations in `text`, of any of the three styles, in order: a JSON
    /// document or JSON Lines, BibTeX entries, or lines of GB/T 7714. Passes over
    /// those that gongbao did not make.
    #[must_use]
    pub fn all(text: &str) -> Vec<Self> {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.starts_with(['[', '{']) {
            csl::read(text)
        } else if text.lines().any(|line| line.trim_start().starts_with('@')) {
            bibtex::read(text)
        } else {
            text.lines().filter_map(gbt7714::read).collect()
        }
    }
}

impl Citation {
    /// The date in year, month and day, as far as it is known.
    fn date_parts(date: &str) -> Vec<u32> {
        let day = date.get(..10).unwrap_or(date);
        day.split('-').map_while(|part| part.parse().ok()).collect()
    }

    /// The day the page was fetched.
    fn fetched_day(&self) -> &str {
        self.fetched.get(..10).unwrap_or(&self.fetched)
    }
}

/// Whether the words of `quote` follow one another in `text`, whatever marks,
/// spaces and line breaks stand between them, whatever their width, case and
/// script. Words without a letter stand nowhere.
#[must_use]
pub fn quote_stands(quote: &str, text: &str) -> bool {
    let letters =
        |text: &str| -> String { normalize(text).chars().filter(|&c| is_letter(c)).collect() };
    let quote = letters(quote);
    !quote.is_empty() && letters(text).contains(&quote)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sample() -> Citation {
        Citation {
            cited: Cited {
                id: "k3v9a2".to_owned(),
                anchor: Some("2.1.6.20".to_owned()),
                sha256: "0a".repeat(32),
                quote: Some("坚定坚决 100% {x} \\ \"引\"，sha256：b；㘰_#".to_owned()),
            },
            item: Some("二、(一)6.(20)".to_owned()),
            heading: Some("(20)坚定坚决".to_owned()),
            title: Some("关于巡察整改情况的通报".to_owned()),
            organ: Some("某某县委".to_owned()),
            doc_number: Some("某发〔2024〕1号".to_owned()),
            site: Some("某某县政府网".to_owned()),
            url: Some("https://a.example/x_1.html?a=1&b=2".to_owned()),
            date: Some("2025-09-23".to_owned()),
            fetched: "2025-11-06T07:00:18Z".to_owned(),
        }
    }

    fn check(citation: &Citation) {
        for text in [citation.gbt7714(), citation.bibtex(), citation.csl_json()] {
            assert_eq!(
                Cited::all(&text),
                std::slice::from_ref(&citation.cited),
                "{text}"
            );
        }
    }

    #[test]
    fn what_was_cited_is_read_back_from_every_style() {
        check(&sample());
        let mut bare = Citation {
            cited: sample().cited,
            fetched: "2025-11-06T07:00:18Z".to_owned(),
            ..Citation::default()
        };
        check(&bare);
        bare.cited.anchor = None;
        bare.cited.quote = None;
        check(&bare);
    }

    #[test]
    fn the_standard_is_kept() {
        assert!(
            sample().gbt7714().starts_with(
                "某某县委. 关于巡察整改情况的通报: 某发〔2024〕1号, 二、(一)6.(20)[EB/OL]. \
                 (2025-09-23)[2025-11-06]. https://a.example/x_1.html?a=1&b=2. "
            ),
            "{}",
            sample().gbt7714()
        );
    }

    #[test]
    fn several_are_read_in_order() {
        let (one, mut two) = (sample(), sample());
        two.cited.id = "zz".to_owned();
        let lines = format!("{}\n{}\n", one.gbt7714(), two.gbt7714());
        let entries = format!(
            "{}\n{}\n@book{{other, title = {{x}}}}\n",
            one.bibtex(),
            two.bibtex()
        );
        let array = format!("[{},\n{}]", one.csl_json(), two.csl_json());
        for text in [lines, entries, array] {
            let ids: Vec<_> = Cited::all(&text)
                .into_iter()
                .map(|cited| cited.id)
                .collect();
            assert_eq!(ids, ["k3v9a2", "zz"], "{text}");
        }
        assert_eq!(Cited::all("no citation"), []);
    }

    #[test]
    fn marks_and_line_breaks_do_not_matter_to_a_quote() {
        assert!(quote_stands("长江十年禁渔", "加大长江“十年\n禁渔”工作"));
        assert!(quote_stands("ＧＤＰ", "gdp增长"));
        assert!(!quote_stands("长江禁渔", "长江“十年禁渔”"));
        assert!(!quote_stands("，。", "长江，。"));
    }

    proptest! {
        #[test]
        fn any_words_survive_every_style(quote in "\\PC{1,60}", anchor in prop::option::of("[0-9.+~-]{1,9}")) {
            let mut citation = sample();
            // Spaces at the ends carry no words.
            citation.cited.quote = Some(quote.trim().to_owned()).filter(|quote| !quote.is_empty());
            citation.cited.anchor = anchor;
            check(&citation);
        }
    }
}
