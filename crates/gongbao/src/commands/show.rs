//! `show`: reads a notice out of the archive.

mod page; // as a page for people

use std::io::{self, BufWriter, Write};

use gongbao_archive::Archive;
use gongbao_desk::{ItemRow, PassageRow, Reading, Shown};

use crate::{
    cli::{Format, Show},
    commands::{Outcome, named},
    config::Config,
    output::{self, Row, Rows},
};

/// Shows what `args` names.
pub(crate) fn run(args: &Show, config: &Config) -> anyhow::Result<Outcome> {
    let reading = read(&args.name, config)?;
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

/// Reads what `name` names.
fn read(name: &str, config: &Config) -> anyhow::Result<Reading> {
    let archive = Archive::open(&config.corpus)?;
    Reading::of(name, &archive, config.divisions()).map_err(|error| named::told(error, config))
}

fn print_rows<R: Row>(out: &mut impl Write, format: Format, rows: Vec<R>) -> anyhow::Result<()> {
    let mut printed = Rows::new::<R>(out, format)?;
    for row in rows {
        printed.push(&row)?;
    }
    printed.finish().map(drop)
}
