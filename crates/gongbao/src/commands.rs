//! One module a command.

mod import;
mod index;
mod kwic;
mod place;
mod search;
mod show;
mod topics;

use std::io;

use clap::CommandFactory;

use crate::{
    cli::{Cli, Command},
    config::Config,
};

/// How a command ended, for the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done; a search found something.
    Done,
    /// Searched well, nothing matched.
    Nothing,
    /// Done, but something was skipped.
    WithErrors,
    /// Stopped by Ctrl-C; what was finished is kept.
    Interrupted,
}

/// Runs `command`.
pub(crate) fn run(command: Command, config: &Config) -> anyhow::Result<Outcome> {
    match command {
        Command::Import(args) => import::run(&args, config),
        Command::Index(args) => index::run(&args, config),
        Command::Search(args) => search::run(&args, config),
        Command::Kwic(args) => kwic::run(&args, config),
        Command::Show(args) => show::run(&args, config),
        Command::Topics(args) => topics::run(args.action, config),
        Command::Demo | Command::Status => anyhow::bail!("not yet"),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "gongbao", &mut io::stdout());
            Ok(Outcome::Done)
        }
        Command::Man => {
            clap_mangen::Man::new(Cli::command()).render(&mut io::stdout())?;
            Ok(Outcome::Done)
        }
    }
}
