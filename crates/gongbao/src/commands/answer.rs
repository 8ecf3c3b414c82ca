//! An answer to a search, in rows for programs or as a page for people.

mod excerpt; // the part of a passage that is shown
mod page; // the page

use std::io::Write;

use gongbao_desk::{HitRow, json_document};
use gongbao_query::Response;

pub(crate) use self::page::write_page;
use crate::{cli::Format, config::Config, output::Rows};

/// Prints `response` on standard output in the format of `config`. `first`
/// is the rank of its first hit, from 1.
pub(crate) fn print(response: &Response, first: usize, config: &Config) -> anyhow::Result<()> {
    let mut out = config.out()?;
    match config.format {
        Format::Table => {
            write_page(&mut out, response, first, config)?;
            page::write_hints(&mut out, response, first, config)?;
        }
        Format::Json => json_document(&mut out, response)?,
        format => {
            let mut rows = Rows::new::<HitRow<'_>>(&mut out, format)?;
            for row in HitRow::all(response, first, format.into()) {
                rows.push(&row)?;
            }
            rows.finish()?;
        }
    }
    Ok(out.flush()?)
}
