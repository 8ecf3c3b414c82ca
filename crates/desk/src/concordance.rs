//! Occurrences, and words that stand near them, as rows.

use gongbao_query::{Collocate, KwicRow};

use crate::rows::{Kind, Row};

impl Row for KwicRow {
    const COLUMNS: &'static [&'static str] = &["id", "anchor", "left", "match", "right"];

    fn cells(&self) -> Vec<String> {
        let cells = [
            &self.id,
            &self.anchor,
            &self.left,
            &self.matched,
            &self.right,
        ];
        cells.map(Clone::clone).to_vec()
    }
}

impl Row for Collocate {
    const COLUMNS: &'static [&'static str] = &[
        "word",
        "occurrences",
        "passages",
        "elsewhere",
        "log_likelihood",
    ];

    const NUMBERS: &'static [(&'static str, Kind)] = &[
        ("occurrences", Kind::Integer),
        ("passages", Kind::Integer),
        ("elsewhere", Kind::Integer),
        ("log_likelihood", Kind::Decimal),
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.word.clone(),
            self.occurrences.to_string(),
            self.passages.to_string(),
            self.elsewhere.to_string(),
            format!("{:.2}", self.log_likelihood),
        ]
    }
}
