//! `sites`: what can be crawled, and how it is read.

mod add; // a first profile
mod check; // what is read from a page, and why
mod list; // all of them
mod source; // a page from the network or from a file

use crate::{cli::SiteAction, commands::Outcome, config::Config};

/// Does `action`.
pub(crate) fn run(action: Option<SiteAction>, config: &Config) -> anyhow::Result<Outcome> {
    match action.unwrap_or(SiteAction::List) {
        SiteAction::List => {
            list::run(config)?;
            Ok(Outcome::Done)
        }
        SiteAction::Check {
            target,
            page,
            network,
        } => check::run(&target, &page, &network, config),
        SiteAction::Add {
            target,
            id,
            name,
            page,
            network,
        } => {
            let names = add::Names { id, name };
            add::run(&target, &names, &page, &network, config)
        }
    }
}
