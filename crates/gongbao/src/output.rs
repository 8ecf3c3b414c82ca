//! Rows for programs: JSON, JSON Lines, CSV, Excel and Parquet.

mod parquet;
mod xlsx;

use std::io::{self, Write};

pub(crate) use gongbao_desk::{Kind, Row};
use serde::Serialize;

use self::{parquet::Table, xlsx::Sheet};
use crate::cli::Format;

/// The name and kind of a column.
type Column = (&'static str, Kind);

impl From<Format> for gongbao_desk::Format {
    /// There are no rows in table form: JSON Lines take their place. Excel and
    /// Parquet have the rows of CSV.
    fn from(format: Format) -> Self {
        match format {
            Format::Json => Self::Json,
            Format::Jsonl | Format::Table => Self::Jsonl,
            Format::Csv | Format::Xlsx | Format::Parquet => Self::Csv,
        }
    }
}

/// Writes rows as they come.
pub(crate) enum Rows<W: Write> {
    /// JSON, JSON Lines or CSV.
    Text(gongbao_desk::Rows<W>),
    /// A worksheet of Excel, written when all rows are there.
    Xlsx(W, Box<Sheet>),
    /// Columns, written when all rows are there.
    Parquet(W, Box<Table>),
}

/// The columns of `R` and what they hold.
fn columns<R: Row>() -> Vec<Column> {
    let kind = |name: &str| {
        let number = R::NUMBERS.iter().find(|(number, _)| *number == name);
        number.map_or(Kind::Text, |(_, kind)| *kind)
    };
    R::COLUMNS.iter().map(|&name| (name, kind(name))).collect()
}

impl<W: Write> Rows<W> {
    /// Rows of type `R` to `out`.
    pub(crate) fn new<R: Row>(out: W, format: Format) -> anyhow::Result<Self> {
        Ok(match format {
            Format::Xlsx => Self::Xlsx(out, Box::new(Sheet::new(columns::<R>())?)),
            Format::Parquet => Self::Parquet(out, Box::new(Table::new(columns::<R>())?)),
            format => Self::Text(gongbao_desk::Rows::new::<R>(out, format.into())?),
        })
    }

    /// Writes one row.
    pub(crate) fn push<R: Row>(&mut self, row: &R) -> anyhow::Result<()> {
        match self {
            Self::Text(rows) => Ok(rows.push(row)?),
            Self::Xlsx(_, sheet) => sheet.push(&row.cells()),
            Self::Parquet(_, table) => table.push(row.cells()),
        }
    }

    /// Hands on what was written so far.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Text(rows) => rows.flush(),
            // These are written when all rows are there.
            Self::Xlsx(..) | Self::Parquet(..) => Ok(()),
        }
    }

    /// Ends the rows and gives back what they were written to.
    pub(crate) fn finish(self) -> anyhow::Result<W> {
        let mut out = match self {
            Self::Text(rows) => return Ok(rows.finish()?),
            Self::Xlsx(mut out, sheet) => {
                out.write_all(&sheet.into_bytes()?)?;
                out
            }
            Self::Parquet(mut out, table) => {
                out.write_all(&table.into_bytes()?)?;
                out
            }
        };
        out.flush()?;
        Ok(out)
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
