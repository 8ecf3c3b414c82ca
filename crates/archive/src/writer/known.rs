//! What the catalogue knows before anything is written.

use gongbao_notice::NoticeId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::{
    archive::{number, parsed},
    error::ArchiveError,
    writer::{Capture, Fate, Writer, capture::id_of, check_text},
};

/// What the catalogue knows of a key.
pub(super) struct Known {
    pub(super) id: NoticeId,
    pub(super) version: u32,
    sha256: String,
}

impl Writer {
    /// What is known of the capture's key, once the capture has been checked.
    pub(super) fn look_up(&self, capture: &Capture<'_>) -> Result<Option<Known>, ArchiveError> {
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
}

pub(super) fn fate(known: Option<&Known>, digest: &str) -> Fate {
    match known {
        None => Fate::New,
        Some(known) if known.sha256 == digest => Fate::Unchanged,
        Some(_) => Fate::Changed,
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

pub(super) fn holder(connection: &Connection, id: &NoticeId) -> rusqlite::Result<Option<String>> {
    let mut statement = connection.prepare_cached("SELECT key FROM notices WHERE id = ?1")?;
    statement
        .query_row([id.as_str()], |row| row.get(0))
        .optional()
}

pub(super) fn named_up_to(connection: &Connection, file: &str) -> rusqlite::Result<u64> {
    connection.query_row(
        "SELECT max(
             (SELECT coalesce(max(warc_offset + warc_length), 0) FROM versions WHERE warc_file = ?1),
             (SELECT coalesce(max(warc_offset + warc_length), 0) FROM fetches WHERE warc_file = ?1))",
        [file],
        |row| number(row, 0),
    )
}
