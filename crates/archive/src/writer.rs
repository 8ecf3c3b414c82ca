//! The write side: captures and exchanges become records and rows.

mod alerts; // what is new for saved searches
mod exchange; // requests and responses, and the fates of pages
mod frontier; // the pages to fetch
mod runs; // runs, alarms, coverage

use std::{borrow::Cow, fs, io};

use gongbao_notice::NoticeId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    archive::{self, CaptureKind, parsed, to_seconds},
    catalog,
    corpus::Corpus,
    error::ArchiveError,
    http::HttpHead,
    lock::FileLock,
    record::{RecordEncoder, RecordHead, Span},
    seal,
    uri::target_uri,
    warc::{Mark, WarcFiles, hex, record_id},
};

pub use self::frontier::{Discovery, DueQuery};

/// A new WARC file is begun when the last one has this many bytes: 1 GiB, as
/// WARC 1.1, annex C recommends.
const MAX_FILE_BYTES: u64 = 1 << 30;

/// Deflate level. On 77 MB of law texts, compared with this one: 1 takes 0.8
/// of the time and 37 % more room, 2 takes 0.9 and 8 % more, 6 takes 1.2 and
/// 1 % less.
const LEVEL: u32 = 4;

/// That of requests and metadata, a few hundred bytes each: trees of their own
/// take as long to build as a page takes to compress, and save little.
const SHORT_LEVEL: u32 = 1;

/// A document as received.
#[derive(Clone, Debug)]
pub struct Capture<'a> {
    /// What the notice is found under, now and next time: its URL, `file:`
    /// and a path, or `id:` and the id it came with.
    pub key: &'a str,
    /// The id it came with; `None` makes one from the key.
    pub id: Option<NoticeId>,
    /// Where it is published, if known.
    pub url: Option<&'a str>,
    /// The name of the file it was in.
    pub file_name: Option<&'a str>,
    /// Its content type, as received.
    pub content_type: Option<&'a str>,
    /// Its bytes, as received.
    pub bytes: &'a [u8],
    /// When it was received. Kept to the second.
    pub fetched: Timestamp,
    /// When it last changed, as its server or file system says.
    pub modified: Option<Timestamp>,
    /// Page or row.
    pub kind: CaptureKind,
}

/// What became of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// The first version of a notice.
    New,
    /// The same bytes as the newest version: nothing was written.
    Unchanged,
    /// A new version of a notice.
    Changed,
}

/// Where a capture went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The notice.
    pub id: NoticeId,
    /// Its newest version now, from 1.
    pub version: u32,
    /// What became of the capture.
    pub fate: Fate,
}

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
    short_encoder: RecordEncoder,
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

/// What the catalogue knows of a key.
struct Known {
    id: NoticeId,
    version: u32,
    sha256: String,
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
            encoder: RecordEncoder::new(LEVEL),
            short_encoder: RecordEncoder::new(SHORT_LEVEL),
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

    /// What [`put`](Self::put) would make of `capture`. Writes nothing.
    ///
    /// # Errors
    ///
    /// As for [`put`](Self::put), short of writing.
    pub fn fate(&self, capture: &Capture<'_>) -> Result<Fate, ArchiveError> {
        let known = self.look_up(capture)?;
        let digest = hex(&Sha256::digest(capture.bytes));
        Ok(fate(known.as_ref(), &digest))
    }

    /// Keeps `capture`: as the first version of a new notice, as a new
    /// version if its bytes differ from those of the newest, or not at all.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::IdTaken`] when its id, given or made, names the notice
    /// of another key; [`ArchiveError::KeyTaken`] when its key is kept under
    /// another id than the given; [`ArchiveError::BadText`] for control
    /// characters in its key, URL, name or type. These concern the capture
    /// alone. Any other is about the disk; what was put before can still be
    /// committed then.
    pub fn put(&mut self, capture: &Capture<'_>) -> Result<Stored, ArchiveError> {
        self.put_response(capture, None)
    }

    /// Like [`put`](Self::put), but with the head of the HTTP response that
    /// the bytes are the entity of.
    pub(crate) fn put_response(
        &mut self,
        capture: &Capture<'_>,
        http: Option<HttpHead<'_>>,
    ) -> Result<Stored, ArchiveError> {
        let known = self.look_up(capture)?;
        let digest = hex(&Sha256::digest(capture.bytes));
        let fate = fate(known.as_ref(), &digest);
        let (id, last) = match known {
            Some(known) => (known.id, known.version),
            None => (id_of(capture), 0),
        };
        if fate == Fate::Unchanged {
            let version = last;
            return Ok(Stored { id, version, fate });
        }
        let version = last + 1;

        self.atomically(|writer| {
            let info = writer.ready(capture.fetched)?;
            let block = match http {
                None => Cow::Borrowed(capture.bytes),
                Some(http) => Cow::Owned([http.to_bytes().as_slice(), capture.bytes].concat()),
            };
            let head = writer.head(capture, &id, version, &digest, &block, info);
            let (file, span) = writer.append(&head, &block)?;
            writer.write_version(&NewVersion {
                id: &id,
                key: capture.key,
                url: capture.url,
                version,
                fetched: capture.fetched,
                modified: capture.modified,
                sha256: &digest,
                size: capture.bytes.len(),
                file: &file,
                span,
                content_type: capture.content_type,
                file_name: capture.file_name,
                kind: capture.kind,
                body: None,
            })
        })?;
        Ok(Stored { id, version, fate })
    }

    /// When the newest version under `key` was received.
    pub(crate) fn newest_fetched(&self, key: &str) -> Result<Option<Timestamp>, ArchiveError> {
        self.sql(|connection| {
            connection
                .prepare_cached(
                    "SELECT v.fetched FROM notices n
                     JOIN versions v ON v.notice = n.id AND v.version = n.version WHERE n.key = ?1",
                )?
                .query_row([key], |row| parsed(row, 0))
                .optional()
        })
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
        let encoded = self.encoder.encode(head, block, &mut self.member);
        self.append_member(encoded)
    }

    /// Appends a record of a few hundred bytes.
    fn append_short(
        &mut self,
        head: &RecordHead,
        block: &[u8],
    ) -> Result<(String, Span), ArchiveError> {
        let encoded = self.short_encoder.encode(head, block, &mut self.member);
        self.append_member(encoded)
    }

    fn append_member(&mut self, encoded: io::Result<()>) -> Result<(String, Span), ArchiveError> {
        encoded.map_err(|source| ArchiveError::io("write", &self.corpus.archive_dir(), source))?;
        let (file, span) = self.files.append(&self.member)?;
        Ok((file.to_owned(), span))
    }

    /// The rows of a new version, which is the corpus's next change.
    fn write_version(&mut self, new: &NewVersion<'_>) -> Result<(), ArchiveError> {
        self.seq += 1;
        let seq = self.seq;
        self.sql(|connection| new.write(connection, seq))
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

    /// What is known of the capture's key, once the capture has been checked.
    fn look_up(&self, capture: &Capture<'_>) -> Result<Option<Known>, ArchiveError> {
        check_text("key", Some(capture.key))?;
        check_text("URL", capture.url)?;
        check_text("file name", capture.file_name)?;
        check_text("content type", capture.content_type)?;
        let ask = || -> rusqlite::Result<_> {
            let known = known(&self.connection, capture.key)?;
            let holder = match known {
                Some(_) => None,
                None => holder(&self.connection, &id_of(capture))?,
            };
            Ok((known, holder))
        };
        let (known, holder) =
            ask().map_err(|source| ArchiveError::catalog(&self.corpus.catalog_path(), source))?;
        if let Some(holder) = holder {
            let key = capture.key.to_owned();
            let id = id_of(capture);
            return Err(ArchiveError::IdTaken { id, key, holder });
        }
        match (&known, &capture.id) {
            (Some(known), Some(id)) if known.id != *id => Err(ArchiveError::KeyTaken {
                key: capture.key.to_owned(),
                id: id.clone(),
                holder: known.id.clone(),
            }),
            _ => Ok(known),
        }
    }

    /// The header of the record. The fields `Gongbao-…` are ours: with them
    /// the catalogue can be made again from the WARC files alone.
    fn head(
        &self,
        capture: &Capture<'_>,
        id: &NoticeId,
        version: u32,
        digest: &str,
        block: &[u8],
        info: String,
    ) -> RecordHead {
        let fetched = to_seconds(capture.fetched).to_string();
        let number = version.to_string();
        let digest = format!("sha256:{digest}");
        let is_response = block.len() != capture.bytes.len();
        let block_digest = if is_response {
            format!("sha256:{}", hex(&Sha256::digest(block)))
        } else {
            digest.clone()
        };
        let mut head = RecordHead::default();
        head.push(
            "WARC-Type",
            if is_response { "response" } else { "resource" },
        );
        head.push(
            "WARC-Record-ID",
            record_id(&[&self.uuid, capture.key, &number, &digest, &fetched]),
        );
        head.push("WARC-Warcinfo-ID", info);
        head.push("WARC-Date", fetched);
        head.push("WARC-Target-URI", target_uri(capture.key, capture.url));
        head.push("WARC-Block-Digest", block_digest);
        head.push("WARC-Payload-Digest", digest);
        head.push(
            "Content-Type",
            match capture.content_type {
                _ if is_response => "application/http;msgtype=response",
                Some(content_type) => content_type.trim(),
                None => "application/octet-stream",
            },
        );
        head.push("Gongbao-Id", id.as_str());
        head.push("Gongbao-Key", capture.key);
        head.push("Gongbao-Version", number);
        head.push("Gongbao-Kind", capture.kind.name());
        if let Some(name) = capture.file_name {
            head.push("Gongbao-File-Name", name);
        }
        if let Some(modified) = capture.modified {
            head.push("Gongbao-Modified", to_seconds(modified).to_string());
        }
        head
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let Err(error) = self.commit() {
            tracing::error!(%error, "the last captures were lost");
        }
    }
}

fn id_of(capture: &Capture<'_>) -> NoticeId {
    let given = capture.id.clone();
    given.unwrap_or_else(|| NoticeId::from_key(capture.key))
}

fn fate(known: Option<&Known>, digest: &str) -> Fate {
    match known {
        None => Fate::New,
        Some(known) if known.sha256 == digest => Fate::Unchanged,
        Some(_) => Fate::Changed,
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

fn known(connection: &Connection, key: &str) -> rusqlite::Result<Option<Known>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, version, (SELECT sha256 FROM versions v WHERE v.notice = n.id AND v.version = n.version)
         FROM notices n WHERE key = ?1",
    )?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Known {
            id: parsed(row, 0)?,
            version: row.get(1)?,
            sha256: row.get(2)?,
        })
    };
    statement.query_row([key], read).optional()
}

fn holder(connection: &Connection, id: &NoticeId) -> rusqlite::Result<Option<String>> {
    let mut statement = connection.prepare_cached("SELECT key FROM notices WHERE id = ?1")?;
    statement
        .query_row([id.as_str()], |row| row.get(0))
        .optional()
}

fn named_up_to(connection: &Connection, file: &str) -> rusqlite::Result<u64> {
    connection.query_row(
        "SELECT max(
             (SELECT coalesce(max(warc_offset + warc_length), 0) FROM versions WHERE warc_file = ?1),
             (SELECT coalesce(max(warc_offset + warc_length), 0) FROM fetches WHERE warc_file = ?1))",
        [file],
        |row| archive::number(row, 0),
    )
}

/// A version on its way into the catalogue.
pub(crate) struct NewVersion<'a> {
    pub(crate) id: &'a NoticeId,
    pub(crate) key: &'a str,
    pub(crate) url: Option<&'a str>,
    pub(crate) version: u32,
    pub(crate) fetched: Timestamp,
    pub(crate) modified: Option<Timestamp>,
    pub(crate) sha256: &'a str,
    pub(crate) size: usize,
    pub(crate) file: &'a str,
    pub(crate) span: Span,
    pub(crate) content_type: Option<&'a str>,
    pub(crate) file_name: Option<&'a str>,
    pub(crate) kind: CaptureKind,
    pub(crate) body: Option<&'a str>,
}

impl NewVersion<'_> {
    pub(crate) fn write(&self, connection: &Connection, seq: u64) -> rusqlite::Result<()> {
        let fetched = to_seconds(self.fetched).to_string();
        connection
            .prepare_cached(
                "INSERT INTO notices (id, key, url, first_seen, version, seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (id) DO UPDATE SET url = coalesce(excluded.url, url),
                     version = excluded.version, seq = excluded.seq",
            )?
            .execute(params![self.id.as_str(), self.key, self.url, fetched, self.version, signed(seq)])?;
        connection
            .prepare_cached(
                "INSERT INTO versions (notice, version, fetched, modified, sha256, size, warc_file, warc_offset,
                     warc_length, content_type, file_name, kind, body, seq)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            )?
            .execute(params![
                self.id.as_str(),
                self.version,
                fetched,
                self.modified.map(|time| to_seconds(time).to_string()),
                self.sha256,
                signed(self.size as u64),
                self.file,
                signed(self.span.offset),
                signed(self.span.length),
                self.content_type,
                self.file_name,
                self.kind.name(),
                self.body,
                signed(seq),
            ])?;
        Ok(())
    }
}

/// As SQLite takes it.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).expect("no file has 2^63 bytes")
}
