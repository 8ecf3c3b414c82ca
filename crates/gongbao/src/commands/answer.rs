//! An answer to a search, in rows for programs or as a page for people.

mod excerpt; // the part of a passage that is shown
mod page; // the page

use std::io::Write;

use gongbao_query::{Hit, PassageHit, Response};
use serde::Serialize;

pub(crate) use self::page::write_page;
use crate::{
    cli::Format,
    config::Config,
    output::{self, Kind, Row, Rows},
};

/// A hit as JSON, or one of its passages as a line of CSV.
#[derive(Serialize)]
#[serde(transparent)]
struct Line<'a> {
    hit: &'a Hit,
    #[serde(skip)]
    passage: Option<&'a PassageHit>,
    #[serde(skip)]
    rank: usize,
}

impl Row for Line<'_> {
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

/// Prints `response` on standard output in the format of `config`. `first`
/// is the rank of its first hit, from 1.
pub(crate) fn print(response: &Response, first: usize, config: &Config) -> anyhow::Result<()> {
    let mut out = config.out()?;
    match config.format {
        Format::Table => {
            write_page(&mut out, response, first, config)?;
            page::write_hints(&mut out, response, first, config)?;
        }
        Format::Json => output::json_document(&mut out, response)?,
        Format::Jsonl | Format::Csv | Format::Xlsx | Format::Parquet => {
            let mut rows = Rows::new::<Line<'_>>(&mut out, config.format)?;
            for (rank, hit) in (first..).zip(&response.hits) {
                let line = |passage| Line { hit, passage, rank };
                if config.format == Format::Jsonl || hit.passages.is_empty() {
                    rows.push(&line(None))?;
                    continue;
                }
                for passage in &hit.passages {
                    rows.push(&line(Some(passage)))?;
                }
            }
            rows.finish()?;
        }
    }
    Ok(out.flush()?)
}
