//! Rows for programs, on standard output.

use std::io::{self, IsTerminal, Write};

pub(crate) use gongbao_desk::Row;
use serde::Serialize;

use crate::{cli::Format, terminal::escape};

impl From<Format> for gongbao_desk::Format {
    /// There are no rows in table form: JSON Lines take their place.
    fn from(format: Format) -> Self {
        match format {
            Format::Json => Self::Json,
            Format::Jsonl | Format::Table => Self::Jsonl,
            Format::Csv => Self::Csv,
        }
    }
}

/// Writes rows as they come.
pub(crate) struct Rows<W: Write> {
    rows: gongbao_desk::Rows<W>,
    /// Whether a person looks at the rows on a terminal.
    watched: bool,
}

impl<W: Write> Rows<W> {
    /// Rows of type `R` to `out`.
    pub(crate) fn new<R: Row>(out: W, format: Format) -> anyhow::Result<Self> {
        Ok(Self {
            rows: gongbao_desk::Rows::new::<R>(out, format.into())?,
            watched: io::stdout().is_terminal(),
        })
    }

    /// Writes one row.
    pub(crate) fn push<R: Row>(&mut self, row: &R) -> anyhow::Result<()> {
        Ok(if self.watched {
            self.rows.push(&Watched(row))?
        } else {
            self.rows.push(row)?
        })
    }

    /// Ends the rows and gives back what they were written to.
    pub(crate) fn finish(self) -> anyhow::Result<W> {
        Ok(self.rows.finish()?)
    }
}

/// A row whose cells do nothing to the terminal they are shown on.
#[derive(Serialize)]
#[serde(transparent)]
struct Watched<'a, R: Row>(&'a R);

impl<R: Row> Row for Watched<'_, R> {
    const COLUMNS: &'static [&'static str] = R::COLUMNS;

    fn cells(&self) -> Vec<String> {
        let cells = self.0.cells();
        cells.iter().map(|cell| escape(cell).into_owned()).collect()
    }
}

/// Writes `row` as one line of JSON.
pub(crate) fn json_line(out: &mut impl Write, row: &impl Serialize) -> anyhow::Result<()> {
    Ok(gongbao_desk::json_line(out, row)?)
}

/// Writes `value` as one JSON document, indented.
pub(crate) fn json_document(out: &mut impl Write, value: &impl Serialize) -> anyhow::Result<()> {
    Ok(gongbao_desk::json_document(out, value)?)
}
