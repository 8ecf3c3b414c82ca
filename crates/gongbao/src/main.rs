//! `gongbao`: full-text search for Chinese government notices, at a command
//! line.

mod cli; // what can be typed
mod commands; // one module a command
mod config; // what it means, once defaults, file and terminal are known
mod output; // rows as JSON, JSON Lines, CSV
mod signals; // Ctrl-C

use std::{io, process::ExitCode};

use clap::Parser;

use crate::{cli::Cli, commands::Outcome, config::Config};

fn main() -> ExitCode {
    let cli = Cli::parse();
    match Config::resolve(&cli).and_then(|config| commands::run(cli.command, &config)) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        Ok(Outcome::WithErrors) => ExitCode::from(2),
        Ok(Outcome::Interrupted) => ExitCode::from(130),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::from(2)
        }
    }
}

/// Whether whoever read our output has had enough.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe)
    })
}

#[expect(
    clippy::print_stderr,
    reason = "the one place where an error that ends the program is told"
)]
fn complain(error: &anyhow::Error) {
    eprintln!("gongbao: {error:#}");
}
