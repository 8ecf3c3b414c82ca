//! `index`: brings the index up to the archive.

use std::io::{self, Write};

use gongbao_indexer::{IndexError, Options, update};
use gongbao_notice::Reader;

use crate::{cli::Index, commands::Outcome, config::Config, signals};

/// Indexes what changed.
pub(crate) fn run(args: &Index, config: &Config) -> anyhow::Result<Outcome> {
    let interrupt = signals::interrupt_flag()?;
    let defaults = Options::default();
    let options = Options {
        rebuild: args.rebuild,
        memory_mib: args.memory,
        threads: args.threads.unwrap_or(defaults.threads),
    };
    let reader = Reader::new(config.divisions());
    let done = update(
        &config.corpus,
        &reader,
        &config.dictionary()?,
        &options,
        &interrupt,
        &mut |_| {},
    );
    let report = match done {
        Err(IndexError::Interrupted) => return Ok(Outcome::Interrupted),
        done => done?,
    };
    writeln!(io::stderr(), "{report:?}")?;
    Ok(if report.unread.is_empty() {
        Outcome::Done
    } else {
        Outcome::WithErrors
    })
}
