//! `topics list`: every topic pack.

use std::io::Write;

use serde::Serialize;

use super::scope;
use crate::{
    cli::Format,
    config::Config,
    output::{Row, Rows},
    terminal::{Style, escape, pad, shorten, width},
};

/// A topic in a list.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    name_zh: &'a str,
    name_en: &'a str,
    version: u32,
    expressions: usize,
    scope: String,
}

impl Row for Line<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "name_zh",
        "name_en",
        "version",
        "expressions",
        "scope",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.to_owned(),
            self.name_zh.to_owned(),
            self.name_en.to_owned(),
            self.version.to_string(),
            self.expressions.to_string(),
            self.scope.clone(),
        ]
    }
}

/// Lists every topic.
pub(super) fn run(config: &Config) -> anyhow::Result<()> {
    let topics: Vec<_> = config.topics()?.iter().collect::<Result<_, _>>()?;
    let lines: Vec<_> = topics
        .iter()
        .map(|topic| Line {
            id: &topic.id,
            name_zh: &topic.name.zh,
            name_en: &topic.name.en,
            version: topic.version,
            expressions: topic.expressions.len(),
            scope: scope(topic),
        })
        .collect();
    let mut out = config.out()?;
    if config.format != Format::Table {
        let mut rows = Rows::new::<Line<'_>>(out, config.format)?;
        for line in &lines {
            rows.push(line)?;
        }
        return rows.finish().map(drop);
    }
    let widest = |field: fn(&Line<'_>) -> usize| lines.iter().map(field).max().unwrap_or(0) + 2;
    let (ids, names) = (
        widest(|line| width(line.id)),
        widest(|line| width(line.name_zh)),
    );
    for line in &lines {
        let id = config.screen.paint(Style::Bold, &pad(line.id, ids));
        let names = pad(&escape(line.name_zh), names);
        writeln!(out, "{id}{names}{}", escape(line.name_en))?;
        let scope = shorten(&line.scope, config.screen.width.saturating_sub(2));
        writeln!(out, "  {}", config.screen.paint(Style::Dim, &scope))?;
    }
    Ok(out.flush()?)
}
