//! An answer to a search, in rows for programs or as a page for people.

mod excerpt; // the part of a passage that is shown
mod page; // the page

use std::io::{self, BufWriter, Write};

use gongbao_desk::{HitRow, json_document};
use gongbao_query::Response;

pub(crate) use self::page::write_page;
use crate::{cli::Format, config::Config, output::Rows};

/// Prints `response` on standard output in the format of `config`. `first`
/// is the rank of its first hit, from 1.
pub(crate) fn print(response: &Response, first: usize, config: &Config) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match config.format {
        Format::Table => {
            write_page(&mut out, response, first, config)?;
            page::write_hints(&mut out, response, first, config)?;
        }
        Format::Json => json_document(&mut out, response)?,
        Format::Jsonl | Format::Csv => {
            let mut rows = Rows::new::<HitRow<'_>>(&mut out, config.format)?;
            for row in HitRow::all(response, first, config.format.into()) {
                rows.push(&row)?;
            }
            rows.finish()?;
        }
    }
    Ok(out.flush()?)
}
