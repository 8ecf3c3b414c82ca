//! Rows as JSON, JSON Lines and CSV, on standard output.

use std::io::{self, Write};

use serde::Serialize;

/// Writes `row` as one line of JSON.
pub(crate) fn json_line(out: &mut impl Write, row: &impl Serialize) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, row).map_err(io::Error::from)?;
    Ok(out.write_all(b"\n")?)
}

/// Writes `value` as one JSON document, indented.
pub(crate) fn json_document(out: &mut impl Write, value: &impl Serialize) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    Ok(out.write_all(b"\n")?)
}

/// A cell that a spreadsheet takes for text: one that begins like a formula
/// gets an apostrophe before it.
pub(crate) fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
