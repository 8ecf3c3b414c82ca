//! `cite`: a notice or item as cited, and whether what was quoted still stands.

mod check; // citations against the archive

pub(crate) use self::check::Standing;

use std::io::Write;

use anyhow::bail;
use gongbao_archive::Archive;
use gongbao_query::{Citation, quote_stands};

use crate::{
    cli::{Cite, Format, Style},
    commands::{Outcome, named},
    config::Config,
    output::{self, Rows},
    terminal::escape,
};

/// Cites or checks what `args` say.
pub(crate) fn run(args: &Cite, config: &Config) -> anyhow::Result<Outcome> {
    if let Some(path) = &args.check {
        return check::run(path, config);
    }
    let archive = Archive::open(&config.corpus)?;
    let mut citations = Vec::new();
    for name in &args.names {
        let reading = named::reading(&archive, name, config)?;
        if let Some(quote) = &args.quote
            && !quote_stands(quote, reading.text())
        {
            bail!(config.lang.quote_missing(name));
        }
        citations.push(reading.citation(args.quote.clone()));
    }
    let mut out = config.out()?;
    // A citation is text of its own kind; rows only where they were asked for.
    let wants_rows = config.format_was_typed && config.format != Format::Table;
    if wants_rows && args.style.is_none() {
        if config.format == Format::Json && citations.len() == 1 {
            output::json_document(&mut out, &citations[0])?;
        } else {
            let mut rows = Rows::new::<Citation>(&mut out, config.format)?;
            for citation in &citations {
                rows.push(citation)?;
            }
            rows.finish()?;
        }
        return Ok(Outcome::Done);
    }
    match args.style.unwrap_or(Style::Gbt7714) {
        Style::Gbt7714 => {
            for citation in &citations {
                writeln!(out, "{}", escape(&citation.gbt7714()))?;
            }
        }
        Style::Bibtex => {
            for citation in &citations {
                let entry = citation.bibtex();
                for line in entry.lines() {
                    writeln!(out, "{}", escape(line))?;
                }
            }
        }
        // An array, as programs that read CSL-JSON want it.
        Style::CslJson => {
            let items: Vec<_> = citations.iter().map(Citation::csl_json).collect();
            let items: Vec<serde_json::Value> = items
                .iter()
                .map(|item| serde_json::from_str(item))
                .collect::<Result<_, _>>()?;
            output::json_document(&mut out, &items)?;
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}
