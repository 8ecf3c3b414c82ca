//! `gc`: gives back the room of what is no longer needed.

use gongbao_archive::FileLock;

use crate::{commands::Outcome, config::Config};

/// Removes old generations of the index.
pub(crate) fn run(config: &Config) -> anyhow::Result<Outcome> {
    // Nothing to clear away is no reason to make a folder.
    if !config.corpus.dir().is_dir() {
        let dir = config.corpus.dir().to_owned();
        return Err(gongbao_archive::ArchiveError::NoCorpus { dir }.into());
    }
    let lock = FileLock::take(&config.corpus.lock_path())?;
    let removed = gongbao_indexer::gc(&config.corpus, &lock)?;
    config.tell(&config.lang.collected(&removed));
    Ok(Outcome::Done)
}
