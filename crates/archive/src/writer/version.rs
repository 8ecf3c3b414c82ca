//! The rows of a new version.

use gongbao_notice::NoticeId;
use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::{
    archive::{CaptureKind, to_seconds},
    error::ArchiveError,
    record::Span,
    writer::{Writer, signed},
};

impl Writer {
    /// The rows of a new version, which is the corpus's next change.
    pub(super) fn write_version(&mut self, new: &NewVersion<'_>) -> Result<(), ArchiveError> {
        self.seq += 1;
        let seq = self.seq;
        self.sql(|connection| new.write(connection, seq))
    }
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
