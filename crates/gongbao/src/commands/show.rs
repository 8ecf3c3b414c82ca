//! `show`: reads a notice out of the archive.

mod page; // as a page for people

use std::io::Write;

use gongbao_archive::Archive;
use gongbao_desk::{ItemRow, PassageRow, Shown};

use crate::{
    cli::{Format, Show},
    commands::{Outcome, named},
    config::Config,
    output::{self, Row, Rows},
};

/// Shows what `args` names.
pub(crate) fn run(args: &Show, config: &Config) -> anyhow::Result<Outcome> {
    let archive = Archive::open(&config.corpus)?;
    let reading = named::reading(&archive, &args.name, config)?;
    // What is in the archive can be read before it is indexed.
    let copies = config.engine().ok();
    let copies = copies.and_then(|engine| engine.copies(&reading.record.id).ok());
    let mut out = config.out()?;
    match config.format {
        Format::Table if args.outline => page::write_outline(&mut out, &reading, config)?,
        Format::Table => {
            page::write_notice(&mut out, &reading, config)?;
            if let Some(copies) = &copies {
                page::write_copies(&mut out, copies, config)?;
            }
        }
        Format::Json => output::json_document(&mut out, &Shown::of(&reading, copies))?,
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
