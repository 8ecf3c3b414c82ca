//! `count`: how many notices, passages and occurrences, by month, place and so
//! on.

mod chart; // what a plot or chart shows
mod plot; // in the terminal
mod svg; // in a file
mod table; // as a table for people

use std::{fs, io::Write};

use anyhow::{Context, anyhow, bail};
use gongbao_desk::CountRow;
use gongbao_query::{Axis, CountRequest, CountTable, Request, Topic};

use self::chart::Chart;
use crate::{
    cli::{Count, Format},
    commands::{Outcome, place::filters},
    config::Config,
    output::{self, Rows},
};

/// Counts what `args` say.
pub(crate) fn run(args: &Count, config: &Config) -> anyhow::Result<Outcome> {
    let axes: Vec<Axis> = args.by.iter().map(|by| by.axis(args.level)).collect();
    let (rows, columns) = match axes[..] {
        [rows] => (rows, None),
        [rows, columns] if rows != columns => (rows, Some(columns)),
        _ => bail!(config.lang.bad_axes()),
    };
    let topics = topics(args, &axes, config)?;
    let text = args.query.join(" ");
    let is_by_topic = axes.contains(&Axis::Topic);
    let request = CountRequest {
        search: Request {
            literal: args.literal,
            topic: topics.first().filter(|_| !is_by_topic),
            filters: filters(&args.place)?,
            ..Request::new(&text)
        },
        rows,
        columns,
        topics: if is_by_topic { &topics } else { &[] },
    };
    let table = config.engine()?.count(&request)?;
    for note in &table.notes {
        config.tell(&config.lang.note(note));
    }
    if let Some(path) = &args.svg {
        let chart = Chart::of(&table, args.measure, config.lang);
        fs::write(path, svg::draw(&chart))
            .with_context(|| format!("could not write {}", path.display()))?;
    }
    print(&table, args, config)?;
    if table.total.notices.unwrap_or(0) > 0 {
        return Ok(Outcome::Done);
    }
    config.tell(config.lang.nothing());
    Ok(Outcome::Nothing)
}

/// The topics that `args` name; all of them if they are to be counted by and
/// none is named.
fn topics(args: &Count, axes: &[Axis], config: &Config) -> anyhow::Result<Vec<Topic>> {
    let is_by_topic = axes.contains(&Axis::Topic);
    if args.topic.is_empty() && !is_by_topic {
        return Ok(Vec::new());
    }
    if args.topic.len() > 1 && !is_by_topic {
        bail!(config.lang.too_many_topics());
    }
    let library = config.topics()?;
    if args.topic.is_empty() {
        return Ok(library.iter().collect::<Result<_, _>>()?);
    }
    let mut topics: Vec<Topic> = Vec::new();
    for name in &args.topic {
        let topic = library.find(name)?;
        let topic = topic.ok_or_else(|| anyhow!(config.lang.no_topic(name)))?;
        if !topics.iter().any(|known| known.id == topic.id) {
            topics.push(topic);
        }
    }
    Ok(topics)
}

fn print(table: &CountTable, args: &Count, config: &Config) -> anyhow::Result<()> {
    let mut out = config.out()?;
    if let Some(shape) = args.plot {
        let chart = Chart::of(table, args.measure, config.lang);
        plot::write(&mut out, &chart, shape, config)?;
        return Ok(out.flush()?);
    }
    match config.format {
        Format::Table => table::write(&mut out, table, args, config)?,
        Format::Json => output::json_document(&mut out, table)?,
        format => {
            let mut rows = Rows::new::<CountRow<'_>>(&mut out, format)?;
            for row in CountRow::all(table) {
                rows.push(&row)?;
            }
            rows.finish()?;
        }
    }
    Ok(out.flush()?)
}
