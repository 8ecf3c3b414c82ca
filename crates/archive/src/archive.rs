//! The read side: what is in the catalogue, and the bytes it names.

mod crawl; // pages, fetches, runs

use std::{cell::RefCell, path::Path, str::FromStr, vec};

use gongbao_notice::NoticeId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, types::Type};
use serde::{Deserialize, Serialize};

use crate::{
    catalog,
    corpus::Corpus,
    error::ArchiveError,
    load::{Loaded, Loader},
};

pub use self::crawl::CrawlCounts;

/// How many notices are fetched at a time: enough to make the queries cheap,
/// few enough that no read holds up the writer's checkpoints.
const PAGE: i64 = 500;

/// What a capture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptureKind {
    /// A page or plain text.
    Page,
    /// A row of JSON Lines: `id`, `title`, `text` and so on.
    Row,
}

impl CaptureKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Row => "row",
        }
    }
}

/// A notice in the catalogue, with its newest version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRecord {
    /// Its id.
    pub id: NoticeId,
    /// What it is found under: a URL, `file:` and a path, or `id:` and its id.
    pub key: String,
    /// Where it is published, if known.
    pub url: Option<String>,
    /// When its first version was received.
    pub first_seen: Timestamp,
    /// Number of its last change; see [`Archive::changes_since`].
    pub seq: u64,
    /// The newest version.
    pub newest: VersionRecord,
}

/// A version of a notice, and where its bytes lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRecord {
    /// The notice.
    pub notice: NoticeId,
    /// 1, 2, 3 …
    pub version: u32,
    /// When it was received or imported, to the second.
    pub fetched: Timestamp,
    /// When it last changed, as its server or file system says.
    pub modified: Option<Timestamp>,
    /// SHA-256 of the bytes as received, in lower-case hexadecimal.
    pub sha256: String,
    /// How many bytes.
    pub size: u64,
    /// The WARC file, by its name in the archive folder.
    pub warc_file: String,
    /// Where in it the record starts, in bytes.
    pub warc_offset: u64,
    /// Length of the compressed record in bytes.
    pub warc_length: u64,
    /// The content type as received, or from the file's name.
    pub content_type: Option<String>,
    /// The name of the file, or of the file that the row was in.
    pub file_name: Option<String>,
    /// A page or a row.
    pub kind: CaptureKind,
    /// A fingerprint of what it says, if whoever fetched it made one.
    pub body: Option<String>,
}

/// A notice that is new or has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Number of the change: later ones have greater numbers.
    pub seq: u64,
    /// The notice as it is now.
    pub notice: NoticeRecord,
}

/// The archive of a corpus, open for reading. Sees what writers commit while
/// it is open.
#[derive(Debug)]
pub struct Archive {
    corpus: Corpus,
    connection: Connection,
    loader: RefCell<Loader>,
}

impl Archive {
    /// Opens the archive of `corpus`, also in a folder that cannot be written
    /// to.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::NoCorpus`] when there is none, and the errors about
    /// catalogues that are newer, older, foreign or unreadable.
    pub fn open(corpus: &Corpus) -> Result<Self, ArchiveError> {
        Ok(Self {
            connection: catalog::open_to_read(&corpus.catalog_path())?,
            loader: RefCell::new(Loader::new(corpus)),
            corpus: corpus.clone(),
        })
    }

    /// The corpus it belongs to.
    #[must_use]
    pub fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// The name of the corpus: a random UUID, the same in every copy of it.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn uuid(&self) -> Result<String, ArchiveError> {
        self.query(catalog::uuid)
    }

    /// How many notices there are.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn notice_count(&self) -> Result<u64, ArchiveError> {
        self.query(|connection| {
            connection.query_row("SELECT count(*) FROM notices", [], |row| number(row, 0))
        })
    }

    /// The number of the last change; 0 in an empty archive.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn last_change(&self) -> Result<u64, ArchiveError> {
        self.query(last_change)
    }

    /// The notice with that id.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn notice(&self, id: &NoticeId) -> Result<Option<NoticeRecord>, ArchiveError> {
        self.one("WHERE n.id = ?1", id.as_str())
    }

    /// The notice with that key or, failing that, that URL.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn find(&self, key_or_url: &str) -> Result<Option<NoticeRecord>, ArchiveError> {
        match self.one("WHERE n.key = ?1", key_or_url)? {
            Some(notice) => Ok(Some(notice)),
            None => self.one("WHERE n.url = ?1 ORDER BY n.seq DESC LIMIT 1", key_or_url),
        }
    }

    /// The versions of that notice, oldest first; none for an unknown id.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn versions(&self, id: &NoticeId) -> Result<Vec<VersionRecord>, ArchiveError> {
        let sql = format!(
            "SELECT {VERSION_COLUMNS} FROM versions v WHERE v.notice = ?1 ORDER BY v.version"
        );
        self.query(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            statement
                .query_map([id.as_str()], |row| version(row, 0))?
                .collect()
        })
    }

    /// All notices in the order of their ids, fetched as the iterator advances.
    #[must_use]
    pub fn notices(&self) -> Notices<'_> {
        Notices {
            archive: self,
            after: String::new(),
            page: Vec::new().into_iter(),
            state: Pages::More,
        }
    }

    /// The notices that changed after change number `seq`, each once, in the
    /// order of their last changes: 0 yields all. Whoever remembers the
    /// number of the last one seen misses nothing the next time.
    ///
    /// That is also the order in which their bytes lie on disk.
    #[must_use]
    pub fn changes_since(&self, seq: u64) -> Changes<'_> {
        Changes {
            archive: self,
            after: seq,
            page: Vec::new().into_iter(),
            state: Pages::More,
        }
    }

    /// The bytes of `version`, verified; see [`Loader::load`].
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Damaged`] when they are not as they were received.
    pub fn load(&self, version: &VersionRecord) -> Result<Loaded, ArchiveError> {
        self.loader.borrow_mut().load(version)
    }

    /// A loader of its own, for another thread.
    #[must_use]
    pub fn loader(&self) -> Loader {
        Loader::new(&self.corpus)
    }

    fn one(&self, condition: &str, value: &str) -> Result<Option<NoticeRecord>, ArchiveError> {
        let sql = format!("{NOTICES} {condition}");
        self.query(|connection| {
            connection
                .prepare_cached(&sql)?
                .query_row([value], notice)
                .optional()
        })
    }

    fn page(
        &self,
        condition: &str,
        after: &dyn rusqlite::ToSql,
    ) -> Result<Vec<NoticeRecord>, ArchiveError> {
        let sql = format!("{NOTICES} {condition} LIMIT {PAGE}");
        self.query(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            statement.query_map([after], notice)?.collect()
        })
    }

    pub(crate) fn query<T>(
        &self,
        ask: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, ArchiveError> {
        ask(&self.connection)
            .map_err(|source| ArchiveError::catalog(&self.corpus.catalog_path(), source))
    }
}

/// Where an iterator stands with its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pages {
    More,
    Done,
}

/// Iterator over notices; see [`Archive::notices`]. Ends after an error.
#[derive(Debug)]
pub struct Notices<'a> {
    archive: &'a Archive,
    after: String,
    page: vec::IntoIter<NoticeRecord>,
    state: Pages,
}

impl Iterator for Notices<'_> {
    type Item = Result<NoticeRecord, ArchiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.len() == 0 && self.state == Pages::More {
            match self
                .archive
                .page("WHERE n.id > ?1 ORDER BY n.id", &self.after)
            {
                Ok(page) => self.page = page.into_iter(),
                Err(error) => {
                    self.state = Pages::Done;
                    return Some(Err(error));
                }
            }
        }
        let Some(notice) = self.page.next() else {
            self.state = Pages::Done;
            return None;
        };
        notice.id.as_str().clone_into(&mut self.after);
        Some(Ok(notice))
    }
}

/// Iterator over changes; see [`Archive::changes_since`]. Ends after an error.
#[derive(Debug)]
pub struct Changes<'a> {
    archive: &'a Archive,
    after: u64,
    page: vec::IntoIter<NoticeRecord>,
    state: Pages,
}

impl Iterator for Changes<'_> {
    type Item = Result<Change, ArchiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.len() == 0 && self.state == Pages::More {
            let after = i64::try_from(self.after).unwrap_or(i64::MAX);
            match self.archive.page("WHERE n.seq > ?1 ORDER BY n.seq", &after) {
                Ok(page) => self.page = page.into_iter(),
                Err(error) => {
                    self.state = Pages::Done;
                    return Some(Err(error));
                }
            }
        }
        let Some(notice) = self.page.next() else {
            self.state = Pages::Done;
            return None;
        };
        self.after = notice.seq;
        Some(Ok(Change {
            seq: notice.seq,
            notice,
        }))
    }
}

/// Joined by hand to [`VERSION_COLUMNS`]; `concat!` takes no constants.
const NOTICES: &str = "SELECT n.id, n.key, n.url, n.first_seen, n.seq, v.notice, v.version, v.fetched, v.modified, \
    v.sha256, v.size, v.warc_file, v.warc_offset, v.warc_length, v.content_type, v.file_name, v.kind, v.body \
    FROM notices n JOIN versions v ON v.notice = n.id AND v.version = n.version";

const VERSION_COLUMNS: &str = "v.notice, v.version, v.fetched, v.modified, v.sha256, v.size, v.warc_file, \
    v.warc_offset, v.warc_length, v.content_type, v.file_name, v.kind, v.body";

fn notice(row: &Row<'_>) -> rusqlite::Result<NoticeRecord> {
    Ok(NoticeRecord {
        id: parsed(row, 0)?,
        key: row.get(1)?,
        url: row.get(2)?,
        first_seen: parsed(row, 3)?,
        seq: number(row, 4)?,
        newest: version(row, 5)?,
    })
}

fn version(row: &Row<'_>, first: usize) -> rusqlite::Result<VersionRecord> {
    Ok(VersionRecord {
        notice: parsed(row, first)?,
        version: row.get(first + 1)?,
        fetched: parsed(row, first + 2)?,
        modified: parsed_or_null(row, first + 3)?,
        sha256: row.get(first + 4)?,
        size: number(row, first + 5)?,
        warc_file: row.get(first + 6)?,
        warc_offset: number(row, first + 7)?,
        warc_length: number(row, first + 8)?,
        content_type: row.get(first + 9)?,
        file_name: row.get(first + 10)?,
        kind: match row.get_ref(first + 11)?.as_str()? {
            "row" => CaptureKind::Row,
            _ => CaptureKind::Page,
        },
        body: row.get(first + 12)?,
    })
}

/// A text column through the check of its type.
pub(crate) fn parsed<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    let text = row.get_ref(column)?.as_str()?;
    text.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

/// Likewise, of a column that may be null.
pub(crate) fn parsed_or_null<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    match row.get_ref(column)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => parsed(row, column).map(Some),
    }
}

/// A column that is never negative.
pub(crate) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

pub(crate) fn last_change(connection: &Connection) -> rusqlite::Result<u64> {
    connection.query_row("SELECT coalesce(max(seq), 0) FROM notices", [], |row| {
        number(row, 0)
    })
}

/// The second that `time` is in. All times of the archive are to the second,
/// so that as text they sort and compare as they should.
pub(crate) fn to_seconds(time: Timestamp) -> Timestamp {
    let floor = time.as_nanosecond().div_euclid(1_000_000_000);
    let floor = i64::try_from(floor).expect("seconds of a timestamp fit");
    Timestamp::from_second(floor).unwrap_or(time)
}

/// The last component of a path, if it has one and it is printable.
pub(crate) fn printable_file_name(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy();
    Some(name.chars().filter(|c| !c.is_control()).collect())
}
