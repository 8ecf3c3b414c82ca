//! What can go wrong with an archive.

use std::{
    error::Error,
    io,
    path::{Path, PathBuf},
};

use gongbao_notice::NoticeId;

use crate::{http::DecodeError, lock::Holder};

/// Why the archive could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The folder holds no catalogue.
    #[error("there is no corpus in {}", dir.display())]
    NoCorpus {
        /// The folder.
        dir: PathBuf,
    },
    /// Another process writes to this corpus.
    #[error("the corpus is being written by {holder}")]
    Locked {
        /// Who holds the lock.
        holder: Holder,
    },
    /// No room left, or a quota or file size limit reached. What was
    /// committed before is whole; the same run again continues from there.
    #[error("no room left to write {}", path.display())]
    DiskFull {
        /// The file that could not grow.
        path: PathBuf,
        /// What the system or SQLite said.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Any other failure to read or write a file.
    #[error("could not {action} {}", path.display())]
    Io {
        /// What was attempted: `open`, `write` …
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// SQLite could not do its part.
    #[error("could not use the catalogue {}", path.display())]
    Catalog {
        /// The catalogue.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// Another program, such as an SQLite browser with unsaved changes, keeps
    /// the catalogue locked. Nothing is lost: the same run again goes on.
    #[error(
        "the catalogue {} is locked by another program: close it there and try again",
        path.display()
    )]
    CatalogBusy {
        /// The catalogue.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A newer gongbao wrote the catalogue.
    #[error(
        "the catalogue {} has schema {found}; this gongbao knows schemas up to {known}: use a newer gongbao",
        path.display()
    )]
    NewerCatalog {
        /// The catalogue.
        path: PathBuf,
        /// Its schema number.
        found: i64,
        /// The newest schema number that this program knows.
        known: i64,
    },
    /// An older gongbao wrote the catalogue, and reading does not migrate it.
    #[error(
        "the catalogue {} has the old schema {found}: any command that writes, such as import, brings it up to date",
        path.display()
    )]
    OlderCatalog {
        /// The catalogue.
        path: PathBuf,
        /// Its schema number.
        found: i64,
    },
    /// An SQLite file that is no catalogue of ours.
    #[error("{} is not a catalogue of gongbao", path.display())]
    ForeignCatalog {
        /// The file.
        path: PathBuf,
    },
    /// The last writer was killed, and the folder cannot be written to, so
    /// SQLite cannot read what its journal holds.
    #[error(
        "the catalogue {} was not closed cleanly and cannot be mended where it lies: copy the corpus to a folder that can be written to",
        path.display()
    )]
    UncleanReadOnly {
        /// The catalogue.
        path: PathBuf,
    },
    /// The capture's id names another notice already.
    #[error("the id {id} of {key} already names {holder}")]
    IdTaken {
        /// The id.
        id: NoticeId,
        /// The key of the capture.
        key: String,
        /// The key of the notice that has the id.
        holder: String,
    },
    /// The capture's key belongs to a notice with another id.
    #[error("{key} is already kept under the id {holder}, not {id}")]
    KeyTaken {
        /// The key.
        key: String,
        /// The id given with the capture.
        id: NoticeId,
        /// The id it is kept under.
        holder: NoticeId,
    },
    /// A key, URL, file name or content type with control characters, which
    /// could forge headers.
    #[error("the {field} {value:?} contains control characters or is empty")]
    BadText {
        /// Which.
        field: &'static str,
        /// Its value, shortened.
        value: String,
    },
    /// No page of the catalogue has that number.
    #[error("there is no page number {page}")]
    UnknownPage {
        /// The number.
        page: i64,
    },
    /// A response is kept as it was received, but cannot be read.
    #[error("the response at byte {offset} of {} cannot be decoded", file.display())]
    Undecodable {
        /// The WARC file.
        file: PathBuf,
        /// Where the record starts in it, in bytes.
        offset: u64,
        /// Why not.
        source: DecodeError,
    },
    /// A record of the archive is not as it was written.
    #[error("the record at byte {offset} of {} is damaged: {reason}", file.display())]
    Damaged {
        /// The WARC file.
        file: PathBuf,
        /// Where the record starts in it, in bytes.
        offset: u64,
        /// What is wrong with it.
        reason: String,
    },
}

impl ArchiveError {
    /// Whether only this capture is at fault, so that a run may skip it and
    /// go on.
    #[must_use]
    pub fn is_about_the_capture(&self) -> bool {
        matches!(
            self,
            Self::IdTaken { .. } | Self::KeyTaken { .. } | Self::BadText { .. }
        )
    }

    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::DiskFull {
                path,
                source: Box::new(source),
            },
            _ => Self::Io {
                action,
                path,
                source,
            },
        }
    }

    pub(crate) fn catalog(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull {
                path,
                source: Box::new(source),
            },
            // SQLite has no word for a limit on the size of files.
            Some(rusqlite::ErrorCode::SystemIoFailure) if is_at_limit(&path) => Self::DiskFull {
                path,
                source: Box::new(source),
            },
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                Self::CatalogBusy { path, source }
            }
            Some(rusqlite::ErrorCode::NotADatabase) => Self::ForeignCatalog { path },
            _ => Self::Catalog { path, source },
        }
    }
}

/// Whether `catalogue` or its journal is as large as this process may make a
/// file, but for less than what SQLite writes at once.
fn is_at_limit(catalogue: &Path) -> bool {
    /// The largest page of SQLite, with its head in the journal.
    const AT_ONCE: u64 = 64 * 1024 + 24;
    let Some(limit) = file_size_limit() else {
        return false;
    };
    ["", "-wal", "-shm"].iter().any(|ending| {
        let mut file = catalogue.as_os_str().to_owned();
        file.push(ending);
        std::fs::metadata(file).is_ok_and(|file| file.len() + AT_ONCE > limit)
    })
}

/// The most bytes that a file of this process may have, if that is limited.
#[cfg(unix)]
fn file_size_limit() -> Option<u64> {
    rlimit::Resource::FSIZE
        .get_soft()
        .ok()
        .filter(|limit| *limit != rlimit::INFINITY)
}

#[cfg(not(unix))]
fn file_size_limit() -> Option<u64> {
    None
}
