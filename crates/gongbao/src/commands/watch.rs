//! `watch`: saved searches, and what is new for them.

mod add;
mod list;
pub(crate) mod run;

use gongbao_watch::Watches;

use crate::{cli::WatchAction, commands::Outcome, config::Config};

/// Does what `action` says.
pub(crate) fn run(action: &WatchAction, config: &Config) -> anyhow::Result<Outcome> {
    match action {
        WatchAction::Add(args) => add::run(args, config),
        WatchAction::List => list::run(config),
        WatchAction::Rm { name } => {
            Watches::of(config.corpus.dir()).remove(name)?;
            config.tell(&config.lang.watch_removed(name));
            Ok(Outcome::Done)
        }
        WatchAction::Run { names } => run::run(names, config),
    }
}
