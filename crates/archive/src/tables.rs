//! Tables of what others read of the notices, for anyone's SQL. They are kept
//! where the catalogue is, so that one query can speak of both; the archive
//! itself makes nothing of what they hold.

use gongbao_notice::NoticeId;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    archive::{Archive, parsed},
    catalog,
    corpus::Corpus,
    error::ArchiveError,
    lock::FileLock,
    seal,
};

const SCRIPT: &str = include_str!("tables.sql");

const DROPPED: &str = "
    DROP VIEW v_facts; DROP VIEW v_passages; DROP VIEW v_notices; DROP VIEW v_versions;
    DROP TABLE read_facts; DROP TABLE read_passages; DROP TABLE read_notices;
    DELETE FROM meta WHERE key IN ('tables', 'tables read by')";

/// What of the notices the tables may not hold as they are read now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Those that changed.
    Changed,
    /// Any: they may be read otherwise now.
    Any,
}

/// A notice as it was read. Times and days are texts, as in rows of exports.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadNotice {
    /// Its title.
    pub title: Option<String>,
    /// Where it is published.
    pub url: Option<String>,
    /// The issuing organ.
    pub organ: Option<String>,
    /// Its place: division code and name.
    pub region: Option<(String, String)>,
    /// Its genre.
    pub genre: Option<String>,
    /// When it was published.
    pub published: Option<String>,
    /// The day it was signed.
    pub signed: Option<String>,
    /// A digest of all that was read of it.
    pub digest: String,
    /// Characters of its text.
    pub characters: usize,
    /// Its passages, in order.
    pub passages: Vec<ReadPassage>,
    /// Its facts, in order.
    pub facts: Vec<ReadFact>,
}

/// A passage as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadPassage {
    /// Its anchor.
    pub anchor: String,
    /// Its printed label.
    pub label: Option<String>,
    /// The headings it stands under, joined.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A fact as it was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadFact {
    /// The anchor of its passage.
    pub anchor: String,
    /// Where in the passage: `[start, end)` in characters.
    pub offsets: [usize; 2],
    /// What it is of.
    pub kind: &'static str,
    /// What stands there.
    pub printed: String,
    /// The number.
    pub value: Option<f64>,
    /// The higher number of a range.
    pub upper: Option<f64>,
    /// The unit.
    pub unit: Option<String>,
    /// What was done.
    pub action: Option<String>,
    /// To or of what.
    pub object: Option<String>,
    /// What is said of the figure, joined.
    pub qualifiers: String,
    /// The time it is of, as printed.
    pub period: Option<String>,
    /// The first day of that time.
    pub period_from: Option<String>,
    /// Its last day.
    pub period_to: Option<String>,
    /// The canonical form of what is named.
    pub name: Option<String>,
    /// The division code.
    pub code: Option<String>,
    /// Anchors of passages that tell the same, joined.
    pub also_in: String,
}

/// A notice that the tables lack, or may not hold as it is read now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// Its id.
    pub id: NoticeId,
    /// Its last change.
    pub seq: u64,
    /// Its newest version.
    pub version: u32,
    /// The digest of what the tables hold of it, where it did not change since.
    pub digest: Option<String>,
}

/// The tables of a corpus, open for writing, under the lock of its only
/// writer. What is done is done at once by [`finish`](Self::finish); dropped
/// before, it leaves them as they were.
pub struct Tables {
    // Dropped in this order: the lock last.
    connection: Connection,
    corpus: Corpus,
    _lock: FileLock,
}

impl Archive {
    /// What the tables were made by, as given to [`Tables::create`]; `None`
    /// where the corpus has none.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn tables_made_by(&self) -> Result<Option<String>, ArchiveError> {
        self.query(|connection| meta(connection, MADE_BY))
    }
}

/// The key of what the tables were made by.
const MADE_BY: &str = "tables";

/// The key of what the notices in them were read by.
const READ_BY: &str = "tables read by";

fn meta(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    connection
        .query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| {
            row.get(0)
        })
        .optional()
}

fn set_meta(connection: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    connection
        .execute(
            "INSERT INTO meta VALUES (?1, ?2)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, value],
        )
        .map(drop)
}

impl Tables {
    /// Opens the tables of `corpus`, whether there are any yet or not.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Locked`] while another writer is open, and those about
    /// the catalogue.
    pub fn open(corpus: &Corpus) -> Result<Self, ArchiveError> {
        let lock = FileLock::take(&corpus.lock_path())?;
        seal::open(corpus)?;
        let connection = catalog::open_to_write(&corpus.catalog_path())?;
        let tables = Self {
            connection,
            corpus: corpus.clone(),
            _lock: lock,
        };
        tables.sql(|connection| connection.execute_batch("BEGIN IMMEDIATE"))?;
        Ok(tables)
    }

    /// What the notices in the tables were read by, as given to
    /// [`finish`](Self::finish).
    ///
    /// # Errors
    ///
    /// When SQLite fails.
    pub fn read_by(&self) -> Result<Option<String>, ArchiveError> {
        self.sql(|connection| meta(connection, READ_BY))
    }

    /// Makes the tables anew, empty. `made_by` tells what they are going to be
    /// filled by.
    ///
    /// # Errors
    ///
    /// When SQLite fails.
    pub fn create(&self, made_by: &str) -> Result<(), ArchiveError> {
        self.sql(|connection| {
            connection.execute_batch(SCRIPT)?;
            set_meta(connection, MADE_BY, made_by)
        })
    }

    /// Takes the tables away, at once and durably.
    ///
    /// # Errors
    ///
    /// When there are none, or SQLite fails.
    pub fn remove(self) -> Result<(), ArchiveError> {
        self.sql(|connection| {
            connection.execute_batch(DROPPED)?;
            connection.execute_batch("COMMIT")
        })?;
        seal::close(&self.connection, &self.corpus)
    }

    /// The notices whose last change the tables do not hold, or all where `due`
    /// says so.
    ///
    /// # Errors
    ///
    /// When there are no tables, or SQLite fails.
    pub fn stale(&self, due: Due) -> Result<Vec<Stale>, ArchiveError> {
        self.sql(|connection| {
            connection
                .prepare(
                    "SELECT n.id, n.seq, n.version, iif(r.seq < n.seq, NULL, r.digest)
                     FROM notices n LEFT JOIN read_notices r ON r.id = n.id
                     WHERE ?1 OR r.seq IS NULL OR r.seq < n.seq ORDER BY n.seq",
                )?
                .query_map([due == Due::Any], |row| {
                    Ok(Stale {
                        id: parsed(row, 0)?,
                        seq: row.get::<_, i64>(1)?.unsigned_abs(),
                        version: row.get(2)?,
                        digest: row.get(3)?,
                    })
                })?
                .collect()
        })
    }

    /// Puts what was read of a notice in the place of what was read before.
    ///
    /// # Errors
    ///
    /// When there are no tables, or SQLite fails.
    pub fn put(&self, of: &Stale, read: &ReadNotice) -> Result<(), ArchiveError> {
        self.sql(|connection| {
            let id = of.id.as_str();
            let old: Option<i64> = connection
                .prepare_cached("SELECT number FROM read_notices WHERE id = ?1")?
                .query_row([id], |row| row.get(0))
                .optional()?;
            if let Some(old) = old {
                for delete in [
                    "DELETE FROM read_facts WHERE notice = ?1",
                    "DELETE FROM read_passages WHERE notice = ?1",
                    "DELETE FROM read_notices WHERE number = ?1",
                ] {
                    connection.prepare_cached(delete)?.execute([old])?;
                }
            }
            let (region_code, region) = read.region.as_ref().map(|(a, b)| (a, b)).unzip();
            connection
                .prepare_cached(
                    "INSERT INTO read_notices VALUES
                     (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
                )?
                .execute(params![
                    id,
                    of.seq as i64,
                    of.version,
                    read.digest,
                    read.title,
                    read.url,
                    read.organ,
                    region_code,
                    region,
                    read.genre,
                    read.published,
                    read.signed,
                    read.characters as i64,
                    read.passages.len() as i64,
                ])?;
            let notice = connection.last_insert_rowid();
            let mut insert = connection
                .prepare_cached("INSERT INTO read_passages VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
            for (number, passage) in (1_i64..).zip(&read.passages) {
                let ReadPassage {
                    anchor,
                    label,
                    path,
                    text,
                } = passage;
                insert.execute(params![notice, number, anchor, label, path, text])?;
            }
            let mut insert = connection.prepare_cached(
                "INSERT INTO read_facts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
                 ?13, ?14, ?15, ?16, ?17, ?18)",
            )?;
            for fact in &read.facts {
                insert.execute(params![
                    notice,
                    fact.anchor,
                    fact.offsets[0] as i64,
                    fact.offsets[1] as i64,
                    fact.kind,
                    fact.printed,
                    fact.value,
                    fact.upper,
                    fact.unit,
                    fact.action,
                    fact.object,
                    fact.qualifiers,
                    fact.period,
                    fact.period_from,
                    fact.period_to,
                    fact.name,
                    fact.code,
                    fact.also_in,
                ])?;
            }
            Ok(())
        })
    }

    /// Makes what was done durable, and visible to readers. `read_by` names
    /// what the notices were read by.
    ///
    /// # Errors
    ///
    /// When the disk does not take it; the tables are then as they were.
    pub fn finish(self, read_by: &str) -> Result<(), ArchiveError> {
        self.sql(|connection| {
            set_meta(connection, READ_BY, read_by)?;
            connection.execute_batch("COMMIT")
        })?;
        seal::close(&self.connection, &self.corpus)
    }

    fn sql<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, ArchiveError> {
        work(&self.connection)
            .map_err(|source| ArchiveError::catalog(&self.corpus.catalog_path(), source))
    }
}
