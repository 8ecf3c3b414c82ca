//! `show`: reads a notice out of the archive.

mod page; // as a page for people
mod reading; // a notice as read now, and what of it was asked for
mod shown; // as JSON and CSV

use std::io::{self, BufWriter, Write};

use self::{
    reading::Reading,
    shown::{ItemRow, PassageRow, Shown},
};
use crate::{
    cli::{Format, Show},
    commands::Outcome,
    config::Config,
    output::{self, Row, Rows},
};

/// Shows what `args` names.
pub(crate) fn run(args: &Show, config: &Config) -> anyhow::Result<Outcome> {
    let reading = Reading::of(&args.name, config)?;
    let mut out = BufWriter::new(io::stdout().lock());
    match config.format {
        Format::Table if args.outline => page::write_outline(&mut out, &reading, config)?,
        Format::Table => page::write_notice(&mut out, &reading, config)?,
        Format::Json => output::json_document(&mut out, &Shown::of(&reading))?,
        format if args.outline => print_rows(&mut out, format, ItemRow::all(&reading))?,
        format => print_rows(&mut out, format, PassageRow::all(&reading))?,
    }
    out.flush()?;
    Ok(Outcome::Done)
}

fn print_rows<R: Row>(out: &mut impl Write, format: Format, rows: Vec<R>) -> anyhow::Result<()> {
    let mut printed = Rows::new::<R>(out, format)?;
    for row in rows {
        printed.push(&row)?;
    }
    printed.finish().map(drop)
}
