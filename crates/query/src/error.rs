//! What can go wrong with asking.

use std::{io, path::PathBuf};

use gongbao_analysis::{NoteError, StoredError, StoresError};

/// The index cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// There is none yet.
    #[error("there is no index in {} yet; `gongbao index` makes one", dir.display())]
    Missing {
        /// Where it was looked for.
        dir: PathBuf,
    },
    /// It is not ours, or was made by another version or with another
    /// dictionary.
    #[error(transparent)]
    Unusable(#[from] NoteError),
    /// The file that names the current generation cannot be read.
    #[error("could not read {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file of it is not as it was written.
    #[error(
        "the index is damaged: {} is not as it was written; `gongbao verify --repair` makes it anew",
        path.display()
    )]
    Altered {
        /// The file.
        path: PathBuf,
    },
    /// tantivy cannot read it.
    #[error("the index in {} cannot be read; `gongbao index --rebuild` makes it anew", dir.display())]
    Damaged {
        /// The folder of the generation.
        dir: PathBuf,
        /// What it said.
        source: tantivy::TantivyError,
    },
}

impl From<StoresError> for SearchError {
    fn from(error: StoresError) -> Self {
        match error {
            StoresError::Index(error) => Self::Index(error),
            StoresError::Stored(error) => Self::Stored(error),
        }
    }
}

/// A question cannot be answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// Nothing was asked: no words, no topic, no filter.
    #[error("there is nothing to search for: give words, --topic or a filter")]
    Empty,
    /// The index could not be read while answering.
    #[error("the index could not be read while answering")]
    Index(#[from] tantivy::TantivyError),
    /// A notice in the index could not be read back.
    #[error(transparent)]
    Stored(#[from] StoredError),
    /// What the index knows of copies could not be read.
    #[error(
        "what the index knows of copies cannot be read; `gongbao verify --repair` makes it anew"
    )]
    Copies(#[source] std::io::Error),
}
