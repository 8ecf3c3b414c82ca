//! `gc`: gives back the room of what is no longer needed.

use crate::{commands::Outcome, config::Config};

/// Removes old generations of the index.
pub(crate) fn run(config: &Config) -> anyhow::Result<Outcome> {
    let lock = config.lock()?;
    let removed = gongbao_indexer::gc(&config.corpus, &lock)?;
    config.tell(&config.lang.collected(&removed));
    Ok(Outcome::Done)
}
