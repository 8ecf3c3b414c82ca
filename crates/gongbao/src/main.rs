//! `gongbao`: full-text search for Chinese government notices, at a command
//! line.

mod cli; // what can be typed
mod clock; // what time it is
mod commands; // one module a command
mod config; // what it means, once defaults, file and terminal are known
mod help; // help, man page and completions, made from it
mod messages; // what is said, in English and Chinese
mod output; // rows for programs: JSON, JSON Lines, CSV
mod progress; // progress bars
mod sample; // the notices built into the program
mod schedule; // when unattended runs are due
mod signals; // Ctrl-C
mod terminal; // text for people: safe, wrapped, coloured

use std::{
    io::{self, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
};

use clap::FromArgMatches;
use gongbao_archive::ArchiveError;

use crate::{
    cli::{Cli, Lang},
    commands::Outcome,
    config::{Config, Typed},
    terminal::escape,
};

/// Built to ask for huge pages, which make indexing faster: `docs/adr/0015-huge-pages.md`.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// The exit code of a writer that found another at work: `EX_TEMPFAIL` of
/// sysexits.h, "try again later".
const LOCKED: u8 = 75;

fn main() -> ExitCode {
    let arguments = cli::shielded(std::env::args_os());
    let lang = config::language(&arguments);
    let matches = match help::command(lang).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            if error.use_stderr() && lang == Lang::Zh {
                let _ = write!(io::stderr(), "{}", lang.bad_arguments());
            }
            error.exit()
        }
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let typed = Typed::of(&matches);
    let run = || {
        let config = Config::resolve(&cli, typed, lang)?;
        commands::run(cli.command, &config)
    };
    // tantivy takes what lies on disk at its word.
    let done = catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|_| Err(anyhow::Error::msg(lang.broke_off())));
    match done {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        Ok(Outcome::WithErrors) => ExitCode::from(2),
        Ok(Outcome::Interrupted) => ExitCode::from(130),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{}", escape(&lang.error(&error)));
            ExitCode::from(if is_locked(&error) { LOCKED } else { 2 })
        }
    }
}

/// Whether another process writes to the corpus.
fn is_locked(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| matches!(cause.downcast_ref(), Some(ArchiveError::Locked { .. })))
}

/// Whether whoever read our output has had enough.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe)
    })
}
