//! `facts`: figures with their units and the words they belong to.

mod figures; // a row a fact
mod records; // a row an inspection

use std::io::Write;

use anyhow::anyhow;
use gongbao_query::{FactFilter, Request};

use crate::{
    cli::{Facts, Format},
    commands::{Outcome, place::filters},
    config::Config,
    output::{Row, Rows},
};

/// Prints the facts, or the records, that `args` ask for.
pub(crate) fn run(args: &Facts, config: &Config) -> anyhow::Result<Outcome> {
    let text = args.query.join(" ");
    let found;
    let topic = match &args.topic {
        None => None,
        Some(name) => {
            found = config.topics()?.find(name)?;
            let found = found.as_ref();
            Some(found.ok_or_else(|| anyhow!(config.lang.no_topic(name)))?)
        }
    };
    let request = Request {
        literal: args.literal,
        topic,
        filters: filters(&args.place)?,
        ..Request::new(&text)
    };
    let engine = config.engine()?;
    let window = Window {
        skip: args.offset,
        left: args.limit.unwrap_or(usize::MAX),
        rows: 0,
    };
    let rows = if args.records {
        let mut printer = Printer::new(config, window, records::line)?;
        engine.inspection_records(&request, &mut |row| printer.print(row))?;
        printer.finish()?
    } else {
        let filter = FactFilter {
            kinds: args.kinds(),
            units: args.unit_of.clone(),
            objects: args.object.clone(),
        };
        let mut printer = Printer::new(config, window, figures::line)?;
        engine.facts(&request, &filter, &mut |row| printer.print(row))?;
        printer.finish()?
    };
    if rows == 0 {
        config.tell(config.lang.nothing());
        return Ok(Outcome::Nothing);
    }
    if config.format == Format::Table {
        config.tell(&match args.records {
            true => config.lang.record_count(rows),
            false => config.lang.fact_count(rows),
        });
    }
    Ok(Outcome::Done)
}

/// Which of the rows are printed.
struct Window {
    /// Rows to leave out yet.
    skip: usize,
    /// Rows to print yet.
    left: usize,
    /// Rows printed.
    rows: u64,
}

/// Prints rows as they come, until the window is full or output fails.
struct Printer<'c, R> {
    config: &'c Config,
    window: Window,
    out: Out,
    line: fn(&R, &Config) -> String,
    failed: Option<anyhow::Error>,
}

enum Out {
    Lines(Box<dyn Write>),
    Rows(Rows<Box<dyn Write>>),
}

impl<'c, R: Row> Printer<'c, R> {
    fn new(
        config: &'c Config,
        window: Window,
        line: fn(&R, &Config) -> String,
    ) -> anyhow::Result<Self> {
        let out = config.out()?;
        Ok(Self {
            config,
            window,
            out: match config.format {
                Format::Table => Out::Lines(out),
                format => Out::Rows(Rows::new::<R>(out, format)?),
            },
            line,
            failed: None,
        })
    }

    /// Prints `row` if it is in the window; tells whether more are wanted.
    fn print(&mut self, row: R) -> bool {
        if self.window.left == 0 {
            return false;
        }
        if self.window.skip > 0 {
            self.window.skip -= 1;
            return true;
        }
        let printed = match &mut self.out {
            Out::Lines(out) => {
                writeln!(out, "{}", (self.line)(&row, self.config)).map_err(anyhow::Error::from)
            }
            Out::Rows(rows) => rows.push(&row),
        };
        self.failed = printed.err();
        self.window.rows += 1;
        self.window.left -= 1;
        self.failed.is_none() && self.window.left > 0
    }

    /// How many rows were printed.
    fn finish(self) -> anyhow::Result<u64> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        match self.out {
            Out::Lines(mut out) => out.flush()?,
            Out::Rows(rows) => drop(rows.finish()?),
        }
        Ok(self.window.rows)
    }
}
