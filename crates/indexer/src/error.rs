//! What can go wrong with indexing.

use std::{
    io,
    path::{Path, PathBuf},
};

use gongbao_archive::ArchiveError;

/// Why the index could not be brought up to the archive. The generation that
/// was in force stays in force.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// The archive could not be read, or another process writes to the corpus.
    #[error("could not use the corpus")]
    Archive(#[from] ArchiveError),
    /// A file of the index could not be handled.
    #[error("could not {action} {}", path.display())]
    Io {
        /// What was attempted.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// tantivy could not do its part.
    #[error("could not write the new index in {}", path.display())]
    Tantivy {
        /// The folder of the generation.
        path: PathBuf,
        /// What it said.
        source: tantivy::TantivyError,
    },
    /// The memory allowed is less than one thread needs.
    #[error(
        "the memory budget of {budget_mib} MiB is too small: at least {least_mib} MiB are needed"
    )]
    BudgetTooSmall {
        /// What was allowed, in MiB.
        budget_mib: usize,
        /// What is needed, in MiB.
        least_mib: usize,
    },
    /// The new generation was not found sound, and so not published.
    #[error("the new index is not sound, and the old one stays: {}", faults.join("; "))]
    Unsound {
        /// What is the matter with it.
        faults: Vec<String>,
    },
    /// Stopped on request. Nothing was published.
    #[error("interrupted; the index is as it was before")]
    Interrupted,
}

impl IndexError {
    pub(crate) fn tantivy(path: &Path, source: tantivy::TantivyError) -> Self {
        let path = path.to_owned();
        Self::Tantivy { path, source }
    }

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
