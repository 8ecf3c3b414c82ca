//! Gives back the room of generations that are no longer in force.

use std::fs;

use gongbao_archive::{Corpus, FileLock};

use crate::{error::IndexError, generation::Generations};

/// Removes every generation of the index of `corpus` but the one in force;
/// gives the numbers of those that went. Whoever has one open keeps it until
/// they close it; the archive is never touched.
///
/// # Errors
///
/// When a folder cannot be read or removed.
pub fn gc(corpus: &Corpus, _lock: &FileLock) -> Result<Vec<u64>, IndexError> {
    let dir = corpus.index_dir();
    if fs::metadata(&dir).is_err() {
        return Ok(Vec::new());
    }
    let generations = Generations::open(dir)?;
    match generations.current()? {
        // Without one in force, `verify` has more to say than this.
        None => Ok(Vec::new()),
        current => generations.remove_old(current),
    }
}
