//! A new catalogue in place of a damaged one: notices and versions from the
//! WARC files, all else from what can still be read of the old one.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use gongbao_notice::NoticeId;
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, params, types::Value};

use crate::{
    archive::{CaptureKind, number},
    catalog,
    corpus::Corpus,
    error::ArchiveError,
    http::Message,
    lock::FileLock,
    record::{RecordHead, Span},
    scan::{Found, files, scan},
    seal,
    uri::target_uri,
    writer::NewVersion,
};

/// Tables of which only the catalogue knows, parents before children.
const KEPT: [&str; 10] = [
    "runs",
    "pages",
    "fetches",
    "attachments",
    "alarms",
    "coverage",
    "steps",
    "watches",
    "alerts",
    "deliveries",
];

/// Endings of SQLite's files beside a catalogue.
const JOURNALS: [&str; 2] = ["-wal", "-shm"];

/// What became of a damaged catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// Versions found in the WARC files.
    pub versions: u64,
    /// Rows of other tables taken over from the old catalogue.
    pub rows: u64,
    /// Tables of which not all could be read.
    pub incomplete: Vec<String>,
    /// Where the old catalogue was put; `None` if there was none.
    pub set_aside: Option<PathBuf>,
}

/// Makes the catalogue of `corpus` anew. The old one is set aside, not
/// removed. Crawls, runs and alerts that it cannot tell any more are lost;
/// no notice and no version is that the WARC files hold.
///
/// # Errors
///
/// When WARC files cannot be read, or the new catalogue cannot be written;
/// the old one then stays where it is.
pub fn recover(corpus: &Corpus, _lock: &FileLock) -> Result<Recovered, ArchiveError> {
    let path = corpus.catalog_path();
    let new = path.with_extension("sqlite.new");
    remove(&new)?;
    seal::take_off(corpus)?;
    let connection = catalog::open_to_write(&new)?;
    let old = Old::open(&path);
    let sql = |source| ArchiveError::catalog(&new, source);
    connection
        .execute_batch("PRAGMA foreign_keys = off; BEGIN IMMEDIATE")
        .map_err(sql)?;
    let versions = from_records(corpus, &connection, old.as_ref())?;
    let mut rows = 0;
    let mut incomplete = Vec::new();
    if let Some(old) = &old {
        old.correct(&connection).map_err(sql)?;
        for table in KEPT {
            let (taken, whole) = old.take_over(table, &connection).map_err(sql)?;
            rows += taken;
            if !whole {
                incomplete.push(table.to_owned());
            }
        }
    } else if path.exists() {
        incomplete.extend(KEPT.map(str::to_owned));
    }
    connection.execute_batch(TIDY).map_err(sql)?;
    connection.execute_batch("COMMIT").map_err(sql)?;
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .map_err(sql)?;
    drop(connection);
    drop(old);
    let set_aside = set_aside(&path)?;
    fs::rename(&new, &path).map_err(|source| ArchiveError::io("replace", &path, source))?;
    seal::put_on(corpus)?;
    Ok(Recovered {
        versions,
        rows,
        incomplete,
        set_aside,
    })
}

/// Takes out what names something that was lost, and leaves no saved search
/// waiting for changes that have no number any more.
const TIDY: &str = "
    DELETE FROM fetches WHERE run NOT IN (SELECT id FROM runs) OR page NOT IN (SELECT id FROM pages);
    UPDATE fetches SET notice = NULL, version = NULL WHERE notice NOT IN (SELECT id FROM notices);
    UPDATE pages SET notice = NULL WHERE notice NOT IN (SELECT id FROM notices);
    UPDATE pages SET found_on = NULL WHERE found_on NOT IN (SELECT id FROM pages);
    DELETE FROM attachments WHERE notice NOT IN (SELECT id FROM notices);
    DELETE FROM alarms WHERE run NOT IN (SELECT id FROM runs);
    DELETE FROM coverage WHERE run NOT IN (SELECT id FROM runs);
    DELETE FROM steps WHERE run NOT IN (SELECT id FROM runs);
    DELETE FROM alerts WHERE notice NOT IN (SELECT id FROM notices);
    DELETE FROM deliveries WHERE alert NOT IN (SELECT number FROM alerts);
    UPDATE watches SET seen = min(seen, (SELECT coalesce(max(seq), 0) FROM notices));
";

/// Fills notices and versions from the WARC files; how many versions.
fn from_records(corpus: &Corpus, new: &Connection, old: Option<&Old>) -> Result<u64, ArchiveError> {
    let path = corpus.catalog_path();
    let sql = |source| ArchiveError::catalog(&path, source);
    let mut seq = 0;
    for name in files(corpus)? {
        let starts = old.map(|old| old.starts(&name)).unwrap_or_default();
        scan(&corpus.archive_dir().join(&name), &starts, |found| {
            // Behind damage the next known record is tried.
            let Found::Record { head, block, span } = found else {
                return Ok(());
            };
            if let Some(uuid) = corpus_named(head, block) {
                new.execute("UPDATE meta SET value = ?1 WHERE key = 'uuid'", [uuid])
                    .map_err(sql)?;
            }
            if let Some(version) = Version::of(head, block) {
                seq += 1;
                version.write(new, &name, span, seq).map_err(sql)?;
            }
            Ok(())
        })?;
    }
    let count = new.query_row("SELECT count(*) FROM versions", [], |row| number(row, 0));
    count.map_err(sql)
}

/// The corpus that a `warcinfo` record says its file is part of.
fn corpus_named<'b>(head: &RecordHead, block: &'b [u8]) -> Option<&'b str> {
    if head.get("WARC-Type") != Some("warcinfo") {
        return None;
    }
    let text = std::str::from_utf8(block).ok()?;
    text.lines()
        .find_map(|line| line.strip_prefix("isPartOf: urn:uuid:"))
}

/// A version as its record tells it.
struct Version<'a> {
    id: NoticeId,
    key: &'a str,
    url: Option<&'a str>,
    version: u32,
    fetched: Timestamp,
    modified: Option<Timestamp>,
    sha256: &'a str,
    size: usize,
    content_type: Option<String>,
    file_name: Option<&'a str>,
    kind: CaptureKind,
    body: Option<&'a str>,
}

impl<'a> Version<'a> {
    /// `None` if the record is no version of a notice.
    fn of(head: &'a RecordHead, block: &[u8]) -> Option<Self> {
        let version = head.get("Gongbao-Version")?.parse().ok()?;
        let message = match head.get("WARC-Type")? {
            "response" => Some(Message::parse(block)?),
            _ => None,
        };
        let from_http = |name: &str| {
            let (_, value) = message
                .as_ref()?
                .fields
                .iter()
                .find(|(field, _)| field.eq_ignore_ascii_case(name))?;
            std::str::from_utf8(value).ok().map(str::trim)
        };
        let content_type = match &message {
            Some(_) => from_http("content-type").filter(|text| !text.is_empty()),
            None => head
                .get("Content-Type")
                .filter(|&text| text != "application/octet-stream"),
        };
        let modified = match head.get("Gongbao-Modified") {
            Some(time) => time.parse().ok(),
            None => from_http("last-modified")
                .and_then(|text| jiff::fmt::rfc2822::parse(text).ok())
                .map(|time| time.timestamp()),
        };
        let target = head.get("WARC-Target-URI")?;
        let is_web = target.starts_with("http://") || target.starts_with("https://");
        Some(Self {
            id: head.get("Gongbao-Id")?.parse().ok()?,
            key: head.get("Gongbao-Key")?,
            url: head.get("Gongbao-Url").or(is_web.then_some(target)),
            version,
            fetched: head.get("WARC-Date")?.parse().ok()?,
            modified,
            sha256: head.get("WARC-Payload-Digest")?.strip_prefix("sha256:")?,
            size: message
                .as_ref()
                .map_or(block.len(), |message| message.entity.len()),
            content_type: content_type.map(str::to_owned),
            file_name: head.get("Gongbao-File-Name"),
            kind: match head.get("Gongbao-Kind")? {
                "row" => CaptureKind::Row,
                _ => CaptureKind::Page,
            },
            body: head.get("Gongbao-Body"),
        })
    }

    /// Of two records of one version the later one holds: the first was never
    /// named, as its transaction failed.
    fn write(
        &self,
        connection: &Connection,
        file: &str,
        span: Span,
        seq: u64,
    ) -> rusqlite::Result<()> {
        connection
            .prepare_cached("DELETE FROM versions WHERE notice = ?1 AND version >= ?2")?
            .execute(params![self.id.as_str(), self.version])?;
        let new = NewVersion {
            id: &self.id,
            key: self.key,
            url: self.url,
            version: self.version,
            fetched: self.fetched,
            modified: self.modified,
            sha256: self.sha256,
            size: self.size,
            file,
            span,
            content_type: self.content_type.as_deref(),
            file_name: self.file_name,
            kind: self.kind,
            body: self.body,
        };
        new.write(connection, seq)
    }
}

/// The damaged catalogue, as far as it can be read.
struct Old {
    connection: Connection,
}

impl Old {
    fn open(path: &Path) -> Option<Self> {
        // A journal that was not folded in belongs to it.
        if let Ok(folding) = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE) {
            let _ = folding.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).ok()?;
        let readable = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
            row.get::<_, i64>(0)
        });
        readable.ok().map(|_| Self { connection })
    }

    /// Where it says that records of `file` begin.
    fn starts(&self, file: &str) -> BTreeSet<u64> {
        let mut starts = BTreeSet::new();
        for table in ["versions", "fetches"] {
            let _ = self.each(
                &format!("SELECT warc_offset FROM {table} WHERE warc_file = ?1"),
                &[&file],
                |row| {
                    let offset: i64 = row.get(0)?;
                    starts.insert(u64::try_from(offset).unwrap_or(0));
                    Ok(())
                },
            );
        }
        starts
    }

    /// What records do not tell, of rows that agree with them in all else: the
    /// numbers of changes, addresses as they were spelt or have become since,
    /// fingerprints by newer rules. Rows whose record cannot be read are
    /// taken as they stand.
    fn correct(&self, new: &Connection) -> rusqlite::Result<()> {
        let mut notices: Vec<(String, Option<String>, i64)> = Vec::new();
        let _ = self.each("SELECT id, url, seq FROM notices", &[], |row| {
            notices.push((row.get(0)?, row.get(1)?, row.get(2)?));
            Ok(())
        });
        let mut update =
            new.prepare("UPDATE notices SET url = ?2 WHERE id = ?1 AND url IS NOT ?2")?;
        for (id, url, _) in &notices {
            // Damage makes no address that is another notice's, or a page's.
            let is_address = url.as_deref().is_none_or(|url| {
                target_uri("", Some(url)).starts_with("http") && !url.contains(char::is_control)
            });
            if is_address {
                update.execute(params![id, url])?;
            }
        }
        let mut numbers = Vec::new();
        let whole = self.each(
            "SELECT notice, version, sha256, warc_offset, seq, body FROM versions ORDER BY seq",
            &[],
            |row| {
                numbers.push((
                    row.get::<_, String>(0)?,
                    row.get::<_, u32>(1)?,
                    row.get::<_, String>(2)?,
                    row.get::<_, i64>(3)?,
                    row.get::<_, Option<i64>>(4)?,
                    row.get::<_, Option<String>>(5)?,
                ));
                Ok(())
            },
        );
        if whole.is_err() || numbers.iter().any(|row| row.4.is_none()) {
            return Ok(());
        }
        // Room for the old numbers, which must stay unlike each other.
        new.execute_batch("UPDATE notices SET seq = -seq")?;
        let mut body = new.prepare(
            "UPDATE versions SET seq = ?5, body = ?6
             WHERE notice = ?1 AND version = ?2 AND sha256 = ?3 AND warc_offset = ?4",
        )?;
        for (notice, version, sha256, offset, seq, fingerprint) in &numbers {
            body.execute(params![notice, version, sha256, offset, seq, fingerprint])?;
        }
        let last = notices.iter().map(|&(.., seq)| seq).max().unwrap_or(0);
        let mut taken = BTreeSet::new();
        let mut set = new.prepare("UPDATE notices SET seq = ?2 WHERE id = ?1")?;
        for (id, _, seq) in &notices {
            if *seq > 0 && taken.insert(*seq) {
                set.execute(params![id, seq])?;
            }
        }
        // Of what the old catalogue did not number, after all others.
        new.execute("UPDATE notices SET seq = ?1 - seq WHERE seq < 0", [last])?;
        Ok(())
    }

    /// Copies what can be read of `table`: how many rows, and whether that was
    /// all of them.
    fn take_over(&self, table: &str, new: &Connection) -> rusqlite::Result<(u64, bool)> {
        let known = columns(&self.connection, table).unwrap_or_default();
        let shared: Vec<_> = columns(new, table)?
            .into_iter()
            .filter(|name| known.contains(name))
            .collect();
        if shared.is_empty() {
            return Ok((0, false));
        }
        let list = shared.join(", ");
        let marks = vec!["?"; shared.len()].join(", ");
        let mut insert = new.prepare(&format!(
            "INSERT OR IGNORE INTO {table} ({list}) VALUES ({marks})"
        ))?;
        let mut taken = 0;
        let copied = self.each(&format!("SELECT {list} FROM {table}"), &[], |row| {
            let values: Vec<Value> = (0..shared.len())
                .map(|column| row.get(column))
                .collect::<Result<_, _>>()?;
            // A row that breaks a rule of the table was damaged.
            taken += insert
                .execute(rusqlite::params_from_iter(values))
                .unwrap_or(0) as u64;
            Ok(())
        });
        Ok((taken, copied.is_ok()))
    }

    fn each(
        &self,
        sql: &str,
        values: &[&dyn rusqlite::ToSql],
        mut see: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query(values)?;
        while let Some(row) = rows.next()? {
            see(row)?;
        }
        Ok(())
    }
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut info = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let names = info.query_map([table], |row| row.get(0))?;
    names.collect()
}

/// Puts the catalogue at `path`, and its journal, under another name.
fn set_aside(path: &Path) -> Result<Option<PathBuf>, ArchiveError> {
    if !path.exists() {
        return Ok(None);
    }
    let aside = (1..)
        .map(|number| path.with_extension(format!("sqlite.damaged-{number}")))
        .find(|aside| !aside.exists())
        .expect("there is always a further number");
    fs::rename(path, &aside).map_err(|source| ArchiveError::io("rename", path, source))?;
    for suffix in JOURNALS {
        let journal = catalog::beside(path, suffix);
        // Of the old one; the new one must not take it for its own.
        if journal.exists() {
            fs::rename(&journal, catalog::beside(&aside, suffix))
                .map_err(|source| ArchiveError::io("rename", &journal, source))?;
        }
    }
    Ok(Some(aside))
}

/// Removes a new catalogue that a run before left unfinished.
fn remove(path: &Path) -> Result<(), ArchiveError> {
    for suffix in [""].into_iter().chain(JOURNALS) {
        let path = catalog::beside(path, suffix);
        if path.exists() {
            fs::remove_file(&path).map_err(|source| ArchiveError::io("remove", &path, source))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Capture, Writer};

    fn filled(corpus: &Corpus) {
        let mut writer = Writer::open(corpus).unwrap();
        for (number, text) in ["一", "二", "二", "三"].iter().enumerate() {
            for key in [
                "https://a.example/1.html",
                "id:row-7",
                "file:/pages/甲.html",
            ] {
                let is_row = key.starts_with("id:");
                writer
                    .put(&Capture {
                        key,
                        id: is_row.then(|| "row-7".parse().unwrap()),
                        url: key.starts_with("https:").then_some(key),
                        file_name: (!is_row).then_some("甲.html"),
                        content_type: is_row.then_some("application/json"),
                        bytes: format!("{key} 第{text}稿").as_bytes(),
                        fetched: Timestamp::from_second(1000 + number as i64).unwrap(),
                        modified: Some(Timestamp::from_second(7).unwrap()),
                        kind: if is_row {
                            CaptureKind::Row
                        } else {
                            CaptureKind::Page
                        },
                    })
                    .unwrap();
            }
        }
        writer.finish().unwrap();
    }

    /// Every cell of the tables that the records tell.
    fn rows(corpus: &Corpus) -> Vec<Vec<Value>> {
        let connection = Connection::open(corpus.catalog_path()).unwrap();
        let mut all = Vec::new();
        for table in ["meta", "notices", "versions"] {
            let sql = format!("SELECT * FROM {table} ORDER BY 1, 2");
            let mut statement = connection.prepare(&sql).unwrap();
            let columns = statement.column_count();
            let mut rows = statement.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                all.push(
                    (0..columns)
                        .map(|column| row.get(column).unwrap())
                        .collect(),
                );
            }
        }
        all
    }

    #[test]
    fn the_records_tell_the_catalogue_cell_by_cell() {
        for lost in [false, true] {
            let dir = tempfile::tempdir().unwrap();
            let corpus = Corpus::at(dir.path());
            filled(&corpus);
            let before = rows(&corpus);
            assert_eq!(before.len(), 1 + 3 + 9);
            if lost {
                fs::remove_file(corpus.catalog_path()).unwrap();
            }
            let lock = FileLock::take(&corpus.lock_path()).unwrap();
            let recovered = recover(&corpus, &lock).unwrap();
            assert_eq!(recovered.versions, 9);
            assert_eq!(recovered.set_aside.is_none(), lost);
            assert_eq!(rows(&corpus), before, "lost: {lost}");
            let verified = crate::verify(&corpus).unwrap();
            assert!(
                verified.sealed && verified.damages.is_empty(),
                "{verified:?}"
            );
        }
    }
}
