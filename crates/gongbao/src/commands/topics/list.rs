//! `topics list`: every topic pack.

use std::io::Write;

use gongbao_desk::TopicRow;

use crate::{
    cli::Format,
    config::Config,
    output::Rows,
    terminal::{Style, escape, pad, shorten, width},
};

/// Lists every topic.
pub(super) fn run(config: &Config) -> anyhow::Result<()> {
    let topics: Vec<_> = config.topics()?.iter().collect::<Result<_, _>>()?;
    let lines: Vec<_> = topics.iter().map(TopicRow::from).collect();
    let mut out = config.out()?;
    if config.format != Format::Table {
        let mut rows = Rows::new::<TopicRow>(out, config.format)?;
        for line in &lines {
            rows.push(line)?;
        }
        return rows.finish().map(drop);
    }
    let widest = |field: fn(&TopicRow) -> usize| lines.iter().map(field).max().unwrap_or(0) + 2;
    let (ids, names) = (
        widest(|line| width(&line.id)),
        widest(|line| width(&line.name_zh)),
    );
    for line in &lines {
        let id = config.screen.paint(Style::Bold, &pad(&line.id, ids));
        let names = pad(&escape(&line.name_zh), names);
        writeln!(out, "{id}{names}{}", escape(&line.name_en))?;
        let scope = shorten(&line.scope, config.screen.width.saturating_sub(2));
        writeln!(out, "  {}", config.screen.paint(Style::Dim, &scope))?;
    }
    Ok(out.flush()?)
}
