//! Hits as rows.

use gongbao_query::{Hit, PassageHit, Response};
use serde::Serialize;

use crate::rows::{Format, Kind, Row};

/// A hit as JSON, or one of its passages as a line of CSV.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(transparent)]
pub struct HitRow<'a> {
    hit: &'a Hit,
    #[serde(skip)]
    passage: Option<&'a PassageHit>,
    #[serde(skip)]
    rank: usize,
}

impl<'a> HitRow<'a> {
    /// The rows of `response` in that format: a hit each, or in CSV a passage
    /// each. `first` is the rank of its first hit, from 1.
    pub fn all(response: &'a Response, first: usize, format: Format) -> Vec<Self> {
        let mut rows = Vec::new();
        for (rank, hit) in (first..).zip(&response.hits) {
            let row = |passage| Self { hit, passage, rank };
            if format != Format::Csv || hit.passages.is_empty() {
                rows.push(row(None));
            } else {
                rows.extend(hit.passages.iter().map(|passage| row(Some(passage))));
            }
        }
        rows
    }
}

impl Row for HitRow<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "rank",
        "id",
        "title",
        "url",
        "organ",
        "region_code",
        "region",
        "genre",
        "published",
        "signed",
        "score",
        "anchor",
        "label",
        "path",
        "text",
        "matches",
        "passage_score",
    ];

    const NUMBERS: &'static [(&'static str, Kind)] = &[
        ("rank", Kind::Integer),
        ("score", Kind::Decimal),
        ("passage_score", Kind::Decimal),
    ];

    fn cells(&self) -> Vec<String> {
        let hit = self.hit;
        let known = |field: &Option<String>| field.clone().unwrap_or_default();
        let region = hit.region.as_ref();
        let passage = self.passage;
        let of_passage = |cell: fn(&PassageHit) -> String| passage.map_or_else(String::new, cell);
        vec![
            self.rank.to_string(),
            hit.id.clone(),
            known(&hit.title),
            known(&hit.url),
            known(&hit.organ),
            region.map_or_else(String::new, |region| region.code.clone()),
            region.map_or_else(String::new, |region| region.name.clone()),
            known(&hit.genre),
            known(&hit.published),
            known(&hit.signed),
            hit.score.to_string(),
            of_passage(|passage| passage.anchor.clone()),
            of_passage(|passage| passage.label.clone().unwrap_or_default()),
            of_passage(|passage| passage.path.join(" › ")),
            of_passage(|passage| passage.text.clone()),
            of_passage(|passage| matches(passage).join(" | ")),
            of_passage(|passage| passage.score.to_string()),
        ]
    }
}

/// The texts that matched, in order.
fn matches(passage: &PassageHit) -> Vec<String> {
    passage
        .highlights
        .iter()
        .map(|&[start, end]| {
            passage
                .text
                .chars()
                .skip(start)
                .take(end.saturating_sub(start))
                .collect()
        })
        .collect()
}
