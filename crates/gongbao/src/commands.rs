//! One module a command.

mod answer; // an answer in rows or as a page
mod cite;
mod count;
mod crawl;
mod daemon;
mod demo;
mod diff;
mod eval;
mod export;
mod facts;
mod gc;
mod history;
mod import;
mod index;
mod kwic;
mod named;
mod place;
mod search;
mod serve;
mod show;
mod sites;
mod status;
mod topics;
mod update;
mod verify;
mod watch;

use std::io::{self, Write};

pub(crate) use self::cite::Standing;

use crate::{cli::Command, config::Config, help};

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
        Command::Demo(args) => demo::run(&args, config),
        Command::Import(args) => import::run(&args, config),
        Command::Crawl(args) => crawl::run(&args, config),
        Command::Sites(args) => sites::run(args.action, config),
        Command::Index(args) => index::run(&args, config),
        Command::Search(args) => search::run(&args, config),
        Command::Cite(args) => cite::run(&args, config),
        Command::Count(args) => count::run(&args, config),
        Command::Export(args) => export::run(&args, config),
        Command::Kwic(args) => kwic::run(&args, config),
        Command::Facts(args) => facts::run(&args, config),
        Command::Show(args) => show::run(&args, config),
        Command::History(args) => history::run(&args, config),
        Command::Diff(args) => diff::run(&args, config),
        Command::Topics(args) => topics::run(args.action, config),
        Command::Eval(args) => eval::run(&args, config),
        Command::Serve(args) => serve::run(&args, config),
        Command::Update(args) => update::run(&args, config),
        Command::Daemon(args) => daemon::run(&args, config),
        Command::Watch(args) => watch::run(&args.action, config),
        Command::Status(args) => status::run(&args, config),
        Command::Verify(args) => verify::run(&args, config),
        Command::Gc => gc::run(config),
        Command::Completions { shell } => print(&help::completions(shell, config.lang)),
        Command::Man => print(&help::man_page(config.lang)?),
    }
}

fn print(bytes: &[u8]) -> anyhow::Result<Outcome> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(Outcome::Done)
}
