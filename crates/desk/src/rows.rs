//! Rows for programs: JSON, JSON Lines and CSV.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use crate::safe::{Compact, Safe, harmless};

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated, with a header.
    Csv,
}

/// What a column holds, for formats that tell numbers from text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text; also codes and ids, whose zeros in front count.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Decimal,
}

/// A row that can also be a line of a spreadsheet.
pub trait Row: Serialize {
    /// The names of the columns.
    const COLUMNS: &'static [&'static str];

    /// Which of them hold numbers; the others hold text.
    const NUMBERS: &'static [(&'static str, Kind)] = &[];

    /// Its cells, one for each column; empty where nothing is known.
    fn cells(&self) -> Vec<String>;
}

/// Writes rows as they come.
#[derive(Debug)]
pub enum Rows<W: Write> {
    /// An array; the flag tells whether it holds a row yet.
    Json(W, bool),
    /// An object a line.
    Jsonl(W),
    /// Lines of cells.
    Csv(Box<csv::Writer<W>>),
}

impl<W: Write> Rows<W> {
    /// Rows of type `R` to `out`. An array is begun with its first row, so that
    /// nothing is printed before an error.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn new<R: Row>(out: W, format: Format) -> io::Result<Self> {
        Ok(match format {
            Format::Json => Self::Json(out, false),
            Format::Jsonl => Self::Jsonl(out),
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(out);
                csv.write_record(R::COLUMNS).map_err(csv_error)?;
                Self::Csv(Box::new(csv))
            }
        })
    }

    /// Writes one row.
    ///
    /// # Errors
    ///
    /// Those of what is written to.
    pub fn push<R: Row>(&mut self, row: &R) -> io::Result<()> {
        match self {
            Self::Json(out, begun) => {
                out.write_all(if *begun { b",\n" } else { b"[\n" })?;
                *begun = true;
                compact(out, row)
            }
            Self::Jsonl(out) => json_line(out, row),
            Self::Csv(csv) => {
                let cells = row.cells().into_iter().map(|cell| harmless(&cell));
                csv.write_record(cells).map_err(csv_error)
            }
        }
    }

    /// Hands what was written so far on.
    ///
    /// # Errors
    ///
    /// Those of what is written to.
    pub fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Json(out, _) | Self::Jsonl(out) => out.flush(),
            Self::Csv(csv) => csv.flush(),
        }
    }

    /// Ends the rows and gives back what they were written to.
    ///
    /// # Errors
    ///
    /// Those of what is written to.
    pub fn finish(self) -> io::Result<W> {
        let mut out = match self {
            Self::Json(mut out, begun) => {
                out.write_all(if begun { b"\n]\n" } else { b"[]\n" })?;
                out
            }
            Self::Jsonl(out) => out,
            Self::Csv(csv) => csv
                .into_inner()
                .map_err(|error| io::Error::from(error.error().kind()))?,
        };
        out.flush()?;
        Ok(out)
    }
}

/// The pipe that was closed, if that is what the CSV writer met.
fn csv_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("could not write CSV: {other:?}")),
    }
}

/// Writes `row` as one line of JSON.
///
/// # Errors
///
/// Those of `out`.
pub fn json_line(out: &mut impl Write, row: &impl Serialize) -> io::Result<()> {
    compact(out, row)?;
    out.write_all(b"\n")
}

fn compact(out: &mut impl Write, row: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, Safe(Compact));
    row.serialize(&mut serializer).map_err(io::Error::from)
}

/// Writes `value` as one JSON document, indented.
///
/// # Errors
///
/// Those of `out`.
pub fn json_document(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, Safe(PrettyFormatter::new()));
    value.serialize(&mut serializer).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safe::is_dangerous;

    #[test]
    fn json_is_safe_and_says_the_same() {
        let text = "债\u{9b}务\u{202e}化\u{e0001}\u{7f}解\n\"";
        let mut line = Vec::new();
        json_line(&mut line, &text).expect("a vector takes all");
        let line = String::from_utf8(line).expect("JSON is UTF-8");
        assert_eq!(line.trim_end().find(is_dangerous), None, "{line:?}");
        let back: String = serde_json::from_str(&line).expect("it is JSON");
        assert_eq!(back, text);
    }
}
