//! Terms that stand out, as rows.

use gongbao_query::{Example, Suggestion};
use serde::Serialize;

use crate::rows::Row;

/// A term as a line of a spreadsheet.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(transparent)]
pub struct SuggestionRow<'a>(pub &'a Suggestion);

impl Row for SuggestionRow<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "term",
        "matching",
        "rest",
        "matching_per_thousand",
        "rest_per_thousand",
        "log_likelihood",
        "example",
        "elsewhere",
    ];

    fn cells(&self) -> Vec<String> {
        let line = self.0;
        let text = |example: &Option<Example>| {
            let example = example.as_ref();
            example.map_or_else(String::new, |example| example.text.clone())
        };
        vec![
            line.term.clone(),
            line.matching.to_string(),
            line.rest.to_string(),
            format!("{:.3}", line.matching_per_thousand),
            format!("{:.3}", line.rest_per_thousand),
            format!("{:.1}", line.log_likelihood),
            text(&line.example),
            text(&line.elsewhere),
        ]
    }
}
