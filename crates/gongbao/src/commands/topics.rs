//! `topics`: the topic packs.

mod list; // all of them
mod new; // the start of one
mod show; // one in full
mod suggest; // terms that one could have too
mod test; // whether they find what they must

use anyhow::anyhow;

use crate::{cli::TopicAction, commands::Outcome, config::Config};

/// Does `action`.
pub(crate) fn run(action: Option<TopicAction>, config: &Config) -> anyhow::Result<Outcome> {
    match action.unwrap_or(TopicAction::List) {
        TopicAction::List => list::run(config)?,
        TopicAction::Show { name } => {
            let pack = config.topics()?.pack(&name)?;
            let pack = pack.ok_or_else(|| anyhow!(config.lang.no_topic(&name)))?;
            show::run(&pack, config)?;
        }
        TopicAction::Test { names } => return test::run(&names, config),
        TopicAction::New { id, zh, en, words } => new::run(&id, &zh, &en, &words, config)?,
        TopicAction::Suggest {
            query,
            limit,
            examples,
        } => return suggest::run(&query.join(" "), limit, examples, config),
    }
    Ok(Outcome::Done)
}
