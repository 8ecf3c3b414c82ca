//! `sites list`: every site that can be crawled.

use std::io::Write;

use serde::Serialize;

use crate::{
    cli::Format,
    config::Config,
    output::{Row, Rows},
    terminal::{Style, escape, pad, width},
};

/// A site in a list.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    name: &'a str,
    family: Option<&'static str>,
    columns: Vec<&'a str>,
    hosts: &'a [String],
    file: Option<&'a str>,
}

impl Row for Line<'_> {
    const COLUMNS: &'static [&'static str] = &["id", "name", "family", "columns", "hosts", "file"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.to_owned(),
            self.name.to_owned(),
            self.family.unwrap_or_default().to_owned(),
            self.columns.join("、"),
            self.hosts.join(" "),
            self.file.unwrap_or_default().to_owned(),
        ]
    }
}

/// Lists every site.
pub(super) fn run(config: &Config) -> anyhow::Result<()> {
    let sites = config.sites()?;
    let lines: Vec<Line<'_>> = sites
        .iter()
        .map(|entry| Line {
            id: &entry.site.id,
            name: &entry.site.name,
            family: entry.site.family.map(gongbao_crawler::Family::name),
            columns: entry
                .site
                .columns
                .iter()
                .map(|column| column.name.as_str())
                .collect(),
            hosts: &entry.site.hosts,
            file: entry.file.as_deref(),
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
    let ids = lines.iter().map(|line| width(line.id)).max().unwrap_or(0) + 2;
    for line in &lines {
        let id = config.screen.paint(Style::Bold, &pad(line.id, ids));
        writeln!(out, "{id}{}", escape(line.name))?;
        let file = line.file.unwrap_or(config.lang.pick("built in", "内置"));
        let about = format!(
            "  {} · {} · {}",
            escape(&line.columns.join("、")),
            escape(&line.hosts.join(" ")),
            escape(file)
        );
        writeln!(out, "{}", config.screen.paint(Style::Dim, &about))?;
    }
    Ok(out.flush()?)
}
