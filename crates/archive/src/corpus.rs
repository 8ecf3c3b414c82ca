//! Where things lie in a corpus folder.

use std::path::{Path, PathBuf};

/// A corpus folder: `archive/*.warc.gz`, `catalog.sqlite`, `index/`. Only
/// paths; nothing is opened or created. Copying the folder copies the corpus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corpus {
    dir: PathBuf,
}

impl Corpus {
    /// The corpus in the folder `dir`, which need not exist yet.
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// The folder itself.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The folder of the WARC files.
    #[must_use]
    pub fn archive_dir(&self) -> PathBuf {
        self.dir.join("archive")
    }

    /// The SQLite catalogue.
    #[must_use]
    pub fn catalog_path(&self) -> PathBuf {
        self.dir.join("catalog.sqlite")
    }

    /// The digest of the catalogue, written when a writer ends in order.
    #[must_use]
    pub fn seal_path(&self) -> PathBuf {
        self.dir.join("catalog.sha256")
    }

    /// The folder of the index generations, which the indexer keeps.
    #[must_use]
    pub fn index_dir(&self) -> PathBuf {
        self.dir.join("index")
    }

    /// The lock that a [`Writer`](crate::Writer) holds.
    #[must_use]
    pub fn lock_path(&self) -> PathBuf {
        self.dir.join("corpus.lock")
    }
}
