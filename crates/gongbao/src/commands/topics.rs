//! `topics`: the topic packs.

use std::io::{self, Write};

use crate::{cli::TopicAction, commands::Outcome, config::Config};

/// Does `action`.
pub(crate) fn run(_action: Option<TopicAction>, config: &Config) -> anyhow::Result<Outcome> {
    for topic in config.topics()?.iter() {
        writeln!(
            io::stdout(),
            "{} {} {}",
            topic.id,
            topic.name.zh,
            topic.name.en
        )?;
    }
    Ok(Outcome::Done)
}
