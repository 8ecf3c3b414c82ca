//! The write side: captures and exchanges become records and rows.

mod alerts; // what is new for saved searches
mod capture; // documents as received
mod exchange; // requests and responses, and the fates of pages
mod frontier; // the pages to fetch
mod known; // what the catalogue knows before anything is written
mod runs; // runs, alarms, coverage
mod version; // the rows of a new version

use std::fs;

use jiff::Timestamp;
use rusqlite::Connection;

use self::known::named_up_to;
use crate::{
    archive, catalog,
    corpus::Corpus,
    error::ArchiveError,
    lock::FileLock,
    record::{RecordEncoder, RecordHead, Span},
    seal,
    warc::{Mark, WarcFiles},
};

pub(crate) use self::version::NewVersion;
pub use self::{
    capture::{Capture, Fate, Stored},
    frontier::{Discovery, DueQuery},
};

/// A new WARC file is begun when the last one has this many bytes: 1 GiB, as
/// WARC 1.1, annex C recommends.
const MAX_FILE_BYTES: u64 = 1 << 30;

/// The archive of a corpus, open for writing: the only one, under a lock.
///
/// What is put is kept once [`commit`](Self::commit) or
/// [`finish`](Self::finish) returns; dropping a writer commits too, but has
/// nobody to tell about errors. A crash loses what was not committed and
/// nothing else.
pub struct Writer {
    // Dropped in this order: the lock last.
    connection: Connection,
    files: WarcFiles,
    encoder: RecordEncoder,
    member: Vec<u8>,
    corpus: Corpus,
    uuid: String,
    /// Number of the last change, committed or not.
    seq: u64,
    committed: State,
    /// Whether a transaction is open.
    pending: bool,
    found_altered: bool,
    lock: FileLock,
}

/// Where to go back to when a transaction fails.
struct State {
    mark: Mark,
    seq: u64,
}

impl Writer {
    /// Opens the archive of `corpus` for writing, creating folder and
    /// catalogue if need be. Mends what a crash left behind.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Locked`] while another writer is open, and the errors
    /// about catalogues that are newer or foreign, and about the disk.
    pub fn open(corpus: &Corpus) -> Result<Self, ArchiveError> {
        Self::open_with_file_size(corpus, MAX_FILE_BYTES)
    }

    /// Like [`open`](Self::open), but begins a new WARC file as soon as the
    /// last one has `max_file_bytes`.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn open_with_file_size(corpus: &Corpus, max_file_bytes: u64) -> Result<Self, ArchiveError> {
        let dir = corpus.dir();
        fs::create_dir_all(dir).map_err(|source| ArchiveError::io("create", dir, source))?;
        let lock = FileLock::take(&corpus.lock_path())?;
        let found_altered = seal::open(corpus)?;
        let path = corpus.catalog_path();
        let connection = catalog::open_to_write(&path)?;
        let sql = |source| ArchiveError::catalog(&path, source);
        let uuid = catalog::uuid(&connection).map_err(sql)?;
        let seq = archive::last_change(&connection).map_err(sql)?;
        let files = WarcFiles::open(
            &corpus.archive_dir(),
            uuid.clone(),
            max_file_bytes,
            |file| named_up_to(&connection, file).map_err(sql),
        )?;
        let mark = files.mark();
        Ok(Self {
            connection,
            files,
            encoder: RecordEncoder::new(),
            member: Vec::new(),
            corpus: corpus.clone(),
            uuid,
            seq,
            committed: State { mark, seq },
            pending: false,
            found_altered,
            lock,
        })
    }

    /// Whether the catalogue was not as its last writer left it.
    #[must_use]
    pub fn found_altered(&self) -> bool {
        self.found_altered
    }

    /// The corpus it writes to.
    #[must_use]
    pub fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// The lock that it holds, for others who write to the corpus meanwhile.
    #[must_use]
    pub fn lock(&self) -> &FileLock {
        &self.lock
    }

    /// Makes all that was put so far durable, and visible to readers: first
    /// the records, then the rows that name them.
    ///
    /// # Errors
    ///
    /// When the disk does not take it. The archive is then as after the last
    /// commit, and the writer can go on from there.
    pub fn commit(&mut self) -> Result<(), ArchiveError> {
        if !self.pending {
            return Ok(());
        }
        let path = self.corpus.catalog_path();
        let done = self.files.sync().and_then(|()| {
            let committed = self.connection.execute_batch("COMMIT");
            committed.map_err(|source| ArchiveError::catalog(&path, source))
        });
        if let Err(error) = done {
            self.roll_back();
            return Err(error);
        }
        self.pending = false;
        self.committed = State {
            mark: self.files.mark(),
            seq: self.seq,
        };
        Ok(())
    }

    /// Commits, folds SQLite's journal into the catalogue, so that the folder
    /// can be copied as it lies, and seals it, so that damage will be told.
    ///
    /// # Errors
    ///
    /// As for [`commit`](Self::commit).
    pub fn finish(mut self) -> Result<(), ArchiveError> {
        self.commit()?;
        seal::close(&self.connection, &self.corpus)
    }

    /// Opens a transaction, if none is open.
    fn begin(&mut self) -> Result<(), ArchiveError> {
        if !self.pending {
            self.sql(|connection| connection.execute_batch("BEGIN IMMEDIATE"))?;
            self.pending = true;
        }
        Ok(())
    }

    /// Does `work` wholly or, after an error, not at all.
    fn atomically<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, ArchiveError>,
    ) -> Result<T, ArchiveError> {
        self.begin()?;
        let (mark, seq) = (self.files.mark(), self.seq);
        let savepoint = |connection: &Connection, step: &str| {
            connection.prepare_cached(step)?.execute([]).map(drop)
        };
        let done = self
            .sql(|connection| savepoint(connection, "SAVEPOINT work"))
            .and_then(|()| work(self))
            .and_then(|done| {
                self.sql(|connection| savepoint(connection, "RELEASE work"))?;
                Ok(done)
            });
        if done.is_err() {
            let undone = || -> rusqlite::Result<()> {
                savepoint(&self.connection, "ROLLBACK TO work")?;
                savepoint(&self.connection, "RELEASE work")
            };
            if self.connection.is_autocommit() || undone().is_err() {
                // SQLite gave up the whole transaction.
                self.roll_back();
            } else {
                self.files.back_to(&mark);
                self.seq = seq;
            }
        }
        done
    }

    /// Asks SQLite, and says of an error which file it is about.
    fn sql<T>(
        &self,
        ask: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, ArchiveError> {
        ask(&self.connection)
            .map_err(|source| ArchiveError::catalog(&self.corpus.catalog_path(), source))
    }

    /// The record id of the `warcinfo` of the file that the next records go to.
    fn ready(&mut self, now: Timestamp) -> Result<String, ArchiveError> {
        Ok(self.files.ready(&mut self.encoder, now)?.to_owned())
    }

    /// Appends a record. Follows [`ready`](Self::ready).
    fn append(&mut self, head: &RecordHead, block: &[u8]) -> Result<(String, Span), ArchiveError> {
        self.encoder.encode(head, block, &mut self.member);
        let (file, span) = self.files.append(&self.member)?;
        Ok((file.to_owned(), span))
    }

    /// Back to the last commit.
    fn roll_back(&mut self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::warn!(%error, "could not roll back");
        }
        self.pending = false;
        self.seq = self.committed.seq;
        self.files.back_to(&self.committed.mark);
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let Err(error) = self.commit() {
            tracing::error!(%error, "the last captures were lost");
        }
    }
}

fn check_text(field: &'static str, text: Option<&str>) -> Result<(), ArchiveError> {
    match text {
        Some(text) if text.is_empty() || text.chars().any(char::is_control) => {
            Err(ArchiveError::BadText {
                field,
                value: text.chars().take(80).collect(),
            })
        }
        _ => Ok(()),
    }
}

/// As SQLite takes it.
fn signed(number: u64) -> i64 {
    i64::try_from(number).expect("no file has 2^63 bytes")
}
