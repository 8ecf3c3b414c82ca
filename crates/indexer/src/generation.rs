//! Generations on disk: starting the next from the last, publishing it in one
//! step, clearing away what is no longer needed.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use gongbao_analysis::{CURRENT_FILE, SUMS_FILE, generation_name, generation_number};

use crate::error::IndexError;

/// tantivy's own lock files, which belong to a writer and not to the index.
pub(crate) fn is_lock(name: &str) -> bool {
    name.starts_with(".tantivy-") && name.ends_with(".lock")
}

/// Files that are replaced while a generation is written; the rest never change once
/// written and may be shared between generations.
pub(crate) fn is_replaced(name: &str) -> bool {
    matches!(name, "meta.json" | ".managed.json")
}

/// Puts a file in place of what was there, which another generation may share.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), IndexError> {
    Replacement::write(path, |file| file.write_all(bytes))?.put()
}

/// A file that is written and not yet put in place of what was there.
pub(crate) struct Replacement<'p> {
    path: &'p Path,
    new: PathBuf,
}

impl<'p> Replacement<'p> {
    /// What `write` writes, for `path`.
    pub(crate) fn write(
        path: &'p Path,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<Self, IndexError> {
        let new = path.with_extension("new");
        let put = || {
            let mut file = BufWriter::new(File::create(&new)?);
            write(&mut file)?;
            file.into_inner()?.sync_all()
        };
        put().map_err(IndexError::io("write", path))?;
        Ok(Self { path, new })
    }

    /// Puts it in place.
    pub(crate) fn put(self) -> Result<(), IndexError> {
        fs::rename(self.new, self.path).map_err(IndexError::io("write", self.path))
    }
}

/// The folder of index generations.
pub(crate) struct Generations {
    dir: PathBuf,
}

impl Generations {
    pub(crate) fn open(dir: PathBuf) -> Result<Self, IndexError> {
        fs::create_dir_all(&dir).map_err(IndexError::io("create", &dir))?;
        Ok(Self { dir })
    }

    /// The number of the generation in force, if any.
    pub(crate) fn current(&self) -> Result<Option<u64>, IndexError> {
        let path = self.dir.join(CURRENT_FILE);
        match fs::read(&path) {
            Ok(name) => {
                // What is no text names no generation either.
                let name = String::from_utf8_lossy(&name);
                Ok(generation_number(name.trim()).filter(|&number| self.path(number).is_dir()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(IndexError::io("read", path)(error)),
        }
    }

    pub(crate) fn path(&self, number: u64) -> PathBuf {
        self.dir.join(generation_name(number))
    }

    /// Makes the folder for a generation after `base`: empty, or with the
    /// files of `base` where `keep` is set, without copying them.
    pub(crate) fn start(&self, base: Option<u64>, keep: bool) -> Result<u64, IndexError> {
        let number = base.map_or(1, |base| base + 1);
        let path = self.path(number);
        fs::create_dir(&path).map_err(IndexError::io("create", &path))?;
        if let Some(base) = base.filter(|_| keep) {
            self.share_files(&self.path(base), &path)?;
        }
        Ok(number)
    }

    fn share_files(&self, from: &Path, to: &Path) -> Result<(), IndexError> {
        let entries = fs::read_dir(from).map_err(IndexError::io("read", from))?;
        for entry in entries {
            let entry = entry.map_err(IndexError::io("read", from))?;
            let name = entry.file_name();
            let text = name.to_string_lossy();
            // Digests are of the generation that has them.
            if is_lock(&text) || text == SUMS_FILE {
                continue;
            }
            let (source, target) = (entry.path(), to.join(&name));
            // Not every file system has hard links; a copy does as well.
            if is_replaced(&text) || fs::hard_link(&source, &target).is_err() {
                fs::copy(&source, &target).map_err(IndexError::io("copy", source))?;
            }
        }
        Ok(())
    }

    /// Puts generation `number` in force, in one step that either happens or
    /// does not.
    pub(crate) fn publish(&self, number: u64) -> Result<(), IndexError> {
        let path = self.dir.join(CURRENT_FILE);
        let new = self.dir.join(format!("{CURRENT_FILE}.new"));
        let write = || {
            let mut file = File::create(&new)?;
            writeln!(file, "{}", generation_name(number))?;
            file.sync_all()?;
            fs::rename(&new, &path)?;
            // Directories cannot be synced everywhere.
            if let Ok(dir) = File::open(&self.dir) {
                let _ = dir.sync_all();
            }
            Ok(())
        };
        write().map_err(IndexError::io("publish", &path))?;
        self.clear_away(Some(number))
    }

    /// Removes what a run that was stopped left behind.
    pub(crate) fn tidy(&self, current: Option<u64>) -> Result<(), IndexError> {
        let unnamed = self.dir.join(format!("{CURRENT_FILE}.new"));
        if unnamed.exists() {
            fs::remove_file(&unnamed).map_err(IndexError::io("remove", &unnamed))?;
        }
        self.clear_away(current)
    }

    /// Removes every generation but `current` and the one before it, which a
    /// reader may be opening just now.
    fn clear_away(&self, current: Option<u64>) -> Result<(), IndexError> {
        let is_needed =
            |number| current.is_some_and(|current| number == current || number + 1 == current);
        self.remove_unless(is_needed).map(drop)
    }

    /// Removes every generation but `current`; gives their numbers.
    pub(crate) fn remove_old(&self, current: Option<u64>) -> Result<Vec<u64>, IndexError> {
        self.tidy(current)?;
        self.remove_unless(|number| Some(number) == current)
    }

    fn remove_unless(&self, is_needed: impl Fn(u64) -> bool) -> Result<Vec<u64>, IndexError> {
        let mut removed = Vec::new();
        let entries = fs::read_dir(&self.dir).map_err(IndexError::io("read", &self.dir))?;
        for entry in entries {
            let entry = entry.map_err(IndexError::io("read", &self.dir))?;
            let Some(number) = entry.file_name().to_str().and_then(generation_number) else {
                continue;
            };
            if !is_needed(number) {
                fs::remove_dir_all(entry.path()).map_err(IndexError::io("remove", entry.path()))?;
                removed.push(number);
            }
        }
        removed.sort_unstable();
        Ok(removed)
    }

    /// Removes a generation that came to nothing. Best effort: the next run
    /// clears away what stays.
    pub(crate) fn abandon(&self, number: u64) {
        if let Err(error) = fs::remove_dir_all(self.path(number)) {
            tracing::debug!(%error, number, "an unfinished generation stays until the next run");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_is_in_force_only_once_published() {
        let dir = tempfile::tempdir().expect("a folder");
        let generations = Generations::open(dir.path().join("index")).expect("a folder");
        let first = generations.start(None, false).expect("starts");
        assert_eq!(generations.current().expect("reads"), None);
        fs::write(generations.path(first).join("a.store"), "1").expect("writes");
        generations.publish(first).expect("publishes");
        assert_eq!(generations.current().expect("reads"), Some(1));

        fs::write(generations.dir.join(CURRENT_FILE), b"generation-00000\xb1").expect("writes");
        assert_eq!(generations.current().expect("reads"), None);
        generations.publish(first).expect("publishes");

        let second = generations.start(Some(first), true).expect("starts");
        assert!(generations.path(second).join("a.store").exists());
        assert_eq!(generations.current().expect("reads"), Some(1));
        // A run that was killed leaves its folder; the next starts afresh.
        generations.tidy(Some(first)).expect("tidies");
        let again = generations.start(Some(first), false).expect("starts");
        assert_eq!(again, second);
        assert!(!generations.path(again).join("a.store").exists());
    }
}
