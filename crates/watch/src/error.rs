//! What can go wrong with saved searches.

use std::{io, path::PathBuf};

use gongbao_archive::ArchiveError;

/// Why saved searches could not be read, run or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WatchError {
    /// The archive could not be read or written.
    #[error("could not use the corpus")]
    Archive(#[from] ArchiveError),
    /// A file could not be handled.
    #[error("could not {action} {}", path.display())]
    Io {
        /// What was attempted.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is no saved search.
    #[error("the saved search {name} cannot be used: {problem}")]
    Unusable {
        /// Its name.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The name is taken.
    #[error("there is a saved search {name} already; `gongbao watch rm {name}` removes it")]
    Taken {
        /// The name.
        name: String,
    },
    /// There is none of that name.
    #[error("there is no saved search {name}; `gongbao watch list` lists them")]
    Unknown {
        /// The name.
        name: String,
    },
    /// No name for a file.
    #[error("{name:?} is no name for a saved search: letters, digits, - and _, at most 60 of them")]
    BadName {
        /// The name as given.
        name: String,
    },
    /// What is new could not be indexed in memory.
    #[error("could not index what is new")]
    Index(#[from] tantivy::TantivyError),
    /// The web client for webhooks could not be made.
    #[error("could not prepare for webhooks")]
    Client(#[source] reqwest::Error),
}

impl WatchError {
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}
