//! `count`: how many notices, passages and occurrences, by month, place and so
//! on.

mod chart; // what a plot or chart shows
mod plot; // in the terminal
mod svg; // in a file
mod table; // as a table for people

use std::{
    fs,
    io::{self, BufWriter, Write},
};

use anyhow::{Context, anyhow, bail};
use gongbao_query::{Axis, Cell, CountRequest, CountTable, Request, Topic};
use serde::Serialize;

use self::chart::Chart;
use crate::{
    cli::{Count, Format},
    commands::{Outcome, place::filters},
    config::Config,
    output::{self, Row, Rows},
};

/// A cell, with what its row and column are.
#[derive(Serialize)]
struct Line<'a> {
    rows_by: Axis,
    columns_by: Option<Axis>,
    #[serde(flatten)]
    cell: &'a Cell,
}

impl Row for Line<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "rows_by",
        "row",
        "row_label",
        "columns_by",
        "column",
        "column_label",
        "state",
        "documents",
        "notices",
        "passages",
        "occurrences",
        "found",
    ];

    fn cells(&self) -> Vec<String> {
        let cell = self.cell;
        let known = |text: &Option<String>| text.clone().unwrap_or_default();
        let number = |count: Option<u64>| count.map_or_else(String::new, |n| n.to_string());
        vec![
            self.rows_by.name().to_owned(),
            known(&cell.row),
            known(&cell.row_label),
            self.columns_by.map_or("", Axis::name).to_owned(),
            known(&cell.column),
            known(&cell.column_label),
            cell.counts.state.name().to_owned(),
            cell.counts.documents.to_string(),
            number(cell.counts.notices),
            number(cell.counts.passages),
            number(cell.counts.occurrences),
            cell.found.join(" "),
        ]
    }
}

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
    let mut out = BufWriter::new(io::stdout().lock());
    if let Some(shape) = args.plot {
        let chart = Chart::of(table, args.measure, config.lang);
        plot::write(&mut out, &chart, shape, config)?;
        return Ok(out.flush()?);
    }
    match config.format {
        Format::Table => table::write(&mut out, table, args, config)?,
        Format::Json => output::json_document(&mut out, table)?,
        format => {
            let mut rows = Rows::new::<Line<'_>>(&mut out, format)?;
            for cell in &table.cells {
                rows.push(&Line {
                    rows_by: table.rows_by,
                    columns_by: table.columns_by,
                    cell,
                })?;
            }
            rows.finish()?;
        }
    }
    Ok(out.flush()?)
}
