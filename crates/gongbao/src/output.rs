//! Rows for programs: JSON, JSON Lines and CSV, on standard output.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use crate::{
    cli::Format,
    terminal::{escape, is_dangerous},
};

/// A row that can also be a line of a spreadsheet.
pub(crate) trait Row: Serialize {
    /// The names of the columns.
    const COLUMNS: &'static [&'static str];

    /// Its cells, one for each column; empty where nothing is known.
    fn cells(&self) -> Vec<String>;
}

/// Writes rows as they come.
pub(crate) enum Rows<W: Write> {
    /// An array; the flag tells whether it holds a row yet.
    Json(W, bool),
    /// An object a line.
    Jsonl(W),
    /// Lines of cells.
    Csv(Box<csv::Writer<W>>),
}

impl<W: Write> Rows<W> {
    /// Rows of type `R` to `out`. An array is begun with its first row, so that
    /// nothing is printed before an error. There are no rows in table form: [`Format::Table`]
    /// is taken for [`Format::Jsonl`].
    pub(crate) fn new<R: Row>(out: W, format: Format) -> anyhow::Result<Self> {
        Ok(match format {
            Format::Json => Self::Json(out, false),
            Format::Jsonl | Format::Table => Self::Jsonl(out),
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(out);
                csv.write_record(R::COLUMNS).map_err(csv_error)?;
                Self::Csv(Box::new(csv))
            }
        })
    }

    /// Writes one row.
    pub(crate) fn push<R: Row>(&mut self, row: &R) -> anyhow::Result<()> {
        match self {
            Self::Json(out, begun) => {
                out.write_all(if *begun { b",\n" } else { b"[\n" })?;
                *begun = true;
                compact(out, row)
            }
            Self::Jsonl(out) => json_line(out, row),
            Self::Csv(csv) => {
                let cells = row.cells().into_iter().map(|cell| harmless(&cell));
                if io::stdout().is_terminal() {
                    csv.write_record(cells.map(|cell| escape(&cell).into_owned()))
                } else {
                    csv.write_record(cells)
                }
                .map_err(csv_error)
            }
        }
    }

    /// Hands on what was written so far.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Json(out, _) | Self::Jsonl(out) => out.flush(),
            Self::Csv(csv) => csv.flush(),
        }
    }

    /// Ends the rows and gives back what they were written to.
    pub(crate) fn finish(self) -> anyhow::Result<W> {
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
fn csv_error(error: csv::Error) -> anyhow::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => anyhow::anyhow!("could not write CSV: {other:?}"),
    }
}

/// Writes `row` as one line of JSON.
pub(crate) fn json_line(out: &mut impl Write, row: &impl Serialize) -> anyhow::Result<()> {
    compact(out, row)?;
    Ok(out.write_all(b"\n")?)
}

fn compact(out: &mut impl Write, row: &impl Serialize) -> anyhow::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, Safe(Compact));
    Ok(row.serialize(&mut serializer).map_err(io::Error::from)?)
}

/// Writes `value` as one JSON document, indented.
pub(crate) fn json_document(out: &mut impl Write, value: &impl Serialize) -> anyhow::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, Safe(PrettyFormatter::new()));
    value.serialize(&mut serializer).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

/// A cell that a spreadsheet takes for text: one that begins like a formula
/// gets an apostrophe before it, unless it is a number.
///
/// Source: OWASP, *CSV Injection*.
pub(crate) fn harmless(cell: &str) -> String {
    let is_number = cell.strip_prefix('-').is_some_and(|digits| {
        let known = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | '-');
        digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(known)
            && digits.parse::<f64>().is_ok()
    });
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// JSON without a space too many.
struct Compact;

impl Formatter for Compact {}

/// Writes characters that could speak to a terminal as `\u009b`, which reads
/// back as the same string.
struct Safe<F>(F);

/// Methods that [`Safe`] leaves to the formatter inside it.
macro_rules! pass_on {
    ($($name:ident($($argument:ident: $kind:ty),*);)*) => {
        $(fn $name<W: ?Sized + Write>(&mut self, writer: &mut W $(, $argument: $kind)*) -> io::Result<()> {
            self.0.$name(writer $(, $argument)*)
        })*
    };
}

impl<F: Formatter> Formatter for Safe<F> {
    pass_on! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|&(_, c)| is_dangerous(c)) {
            writer.write_all(&rest.as_bytes()[..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(harmless("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(harmless("-1+2"), "'-1+2");
        assert_eq!(harmless("-1-2"), "'-1-2");
        assert_eq!(harmless("-inf"), "'-inf");
        assert_eq!(harmless("-0.05"), "-0.05");
        assert_eq!(harmless("债务=1"), "债务=1");
    }
}
