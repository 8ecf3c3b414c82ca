//! The seal of the catalogue: its digest, written when a writer ends in order.
//!
//! SQLite finds damage to its structure, not to what stands in a cell. The
//! seal finds either. It is one line as `sha256sum` writes it, so that
//! `sha256sum --check catalog.sha256` tells the same.

use std::{
    fs::{self, File},
    io::{self, ErrorKind},
    path::Path,
};

use rusqlite::Connection;

use crate::{corpus::Corpus, digest::digest_of_file, error::ArchiveError};

/// What the seal says of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seal {
    /// It is as its last writer left it.
    Whole,
    /// Its last writer was killed, or is older than seals: nothing is known.
    Missing,
    /// The seal itself cannot be read.
    Unreadable,
    /// It differs from what its last writer left.
    Broken {
        /// The SHA-256 that it has.
        found: String,
        /// The SHA-256 that it should have.
        expected: String,
    },
}

/// Takes the seal off: the catalogue is about to change. One that is broken
/// stays, and no other is put on: damage must not be sealed. True if it is so.
pub(crate) fn open(corpus: &Corpus) -> Result<bool, ArchiveError> {
    let is_broken = corpus.catalog_path().exists()
        && matches!(check(corpus)?, Seal::Broken { .. } | Seal::Unreadable);
    if !is_broken {
        take_off(corpus)?;
    }
    Ok(is_broken)
}

/// Takes the seal off, whatever it says.
pub(crate) fn take_off(corpus: &Corpus) -> Result<(), ArchiveError> {
    let path = corpus.seal_path();
    match fs::remove_file(&path) {
        Ok(()) => {
            sync_dir(corpus.dir()).map_err(|source| ArchiveError::io("write", corpus.dir(), source))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(source) => Err(ArchiveError::io("remove", &path, source)),
    }
}

/// Folds the journal into the catalogue and seals it, unless a broken seal is
/// there. Readers may hold that
/// up; then the journal stays, which is no fault, and the catalogue stays
/// without a seal until the next writer ends.
pub(crate) fn close(connection: &Connection, corpus: &Corpus) -> Result<(), ArchiveError> {
    let held_up = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    match held_up {
        Ok(0) if corpus.seal_path().exists() => Ok(()),
        Ok(0) => put_on(corpus),
        Ok(_) => Ok(()),
        Err(error) => {
            tracing::debug!(%error, "the journal stays for now");
            Ok(())
        }
    }
}

/// Seals the catalogue, whose journal is folded in.
pub(crate) fn put_on(corpus: &Corpus) -> Result<(), ArchiveError> {
    let path = corpus.seal_path();
    let new = path.with_extension("new");
    let write = || -> io::Result<()> {
        let digest = digest_of_file(&corpus.catalog_path())?;
        let line = format!("{digest}  {}\n", catalog_name(corpus));
        fs::write(&new, line)?;
        fs::rename(&new, &path)
    };
    write().map_err(|source| ArchiveError::io("write", &path, source))
}

/// Holds the catalogue against its seal.
pub(crate) fn check(corpus: &Corpus) -> Result<Seal, ArchiveError> {
    let path = corpus.seal_path();
    let line = match fs::read(&path) {
        Ok(line) => line,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Seal::Missing),
        Err(source) => return Err(ArchiveError::io("read", &path, source)),
    };
    let Some(expected) = expected(&line, &catalog_name(corpus)) else {
        return Ok(Seal::Unreadable);
    };
    let catalog = corpus.catalog_path();
    let found =
        digest_of_file(&catalog).map_err(|source| ArchiveError::io("read", &catalog, source))?;
    Ok(if found == expected {
        Seal::Whole
    } else {
        Seal::Broken { found, expected }
    })
}

fn expected(line: &[u8], name: &str) -> Option<String> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let digest = line.strip_suffix(name)?.strip_suffix("  ")?;
    let is_digest = digest.len() == 64
        && digest
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    is_digest.then(|| digest.to_owned())
}

fn catalog_name(corpus: &Corpus) -> String {
    let path = corpus.catalog_path();
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(dir)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_tells_every_change() {
        let dir = tempfile::tempdir().unwrap();
        let corpus = Corpus::at(dir.path());
        fs::write(corpus.catalog_path(), "rows").unwrap();
        assert_eq!(check(&corpus).unwrap(), Seal::Missing);
        put_on(&corpus).unwrap();
        assert_eq!(check(&corpus).unwrap(), Seal::Whole);
        fs::write(corpus.catalog_path(), "cows").unwrap();
        assert!(matches!(check(&corpus).unwrap(), Seal::Broken { .. }));
        fs::write(corpus.seal_path(), "rows").unwrap();
        assert_eq!(check(&corpus).unwrap(), Seal::Unreadable);
        // Whoever opens what is damaged does not seal it.
        assert!(open(&corpus).unwrap());
        assert_eq!(check(&corpus).unwrap(), Seal::Unreadable);
        take_off(&corpus).unwrap();
        take_off(&corpus).unwrap();
        assert_eq!(check(&corpus).unwrap(), Seal::Missing);
        put_on(&corpus).unwrap();
        assert!(!open(&corpus).unwrap());
        assert_eq!(check(&corpus).unwrap(), Seal::Missing);
    }
}
