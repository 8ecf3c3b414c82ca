//! Alerts: what is new for saved searches, and who was told. What they say is
//! opaque here.

use gongbao_notice::NoticeId;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use crate::{
    archive::{Archive, number, parsed},
    error::ArchiveError,
};

/// Something new for a saved search, in one version of one notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Names it for whoever is told: the same however often it is told.
    pub id: String,
    /// The saved search.
    pub watch: String,
    /// The notice.
    pub notice: NoticeId,
    /// The version of it that says something new.
    pub version: u32,
    /// When this was found out. Kept to the second.
    pub raised: Timestamp,
    /// What is told, as JSON.
    pub content: String,
}

/// An alert that somebody is still to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The alert.
    pub alert: Alert,
    /// How often telling it was begun before. Not zero: they may know it.
    pub attempts: u32,
}

/// How the deliveries of a saved search stand on one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outstanding {
    /// The channel.
    pub channel: String,
    /// Alerts that are still to be told.
    pub alerts: u64,
    /// Why the last attempt failed, if one did.
    pub problem: Option<String>,
}

const ALERTS: &str = "SELECT a.id, a.watch, a.notice, a.version, a.raised, a.content";

impl Alert {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            watch: row.get(1)?,
            notice: parsed(row, 2)?,
            version: row.get(3)?,
            raised: parsed(row, 4)?,
            content: row.get(5)?,
        })
    }
}

impl Archive {
    /// The last change that the saved search `watch` was held against; `None`
    /// before its first run.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn seen(&self, watch: &str) -> Result<Option<u64>, ArchiveError> {
        self.query(|connection| {
            connection
                .query_row("SELECT seen FROM watches WHERE name = ?1", [watch], |row| {
                    number(row, 0)
                })
                .optional()
        })
    }

    /// The version that notice `id` had when change `seq` was the last one;
    /// 0 if there was no such notice yet.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn version_at(&self, id: &NoticeId, seq: u64) -> Result<u32, ArchiveError> {
        self.query(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT coalesce(max(version), 0) FROM versions WHERE notice = ?1 AND coalesce(seq, 0) <= ?2",
            )?;
            let seq = i64::try_from(seq).unwrap_or(i64::MAX);
            statement.query_row(params![id.as_str(), seq], |row| row.get(0))
        })
    }

    /// What is still to be told about `watch` on `channel`, oldest first.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn pending(&self, watch: &str, channel: &str) -> Result<Vec<Pending>, ArchiveError> {
        let sql = format!(
            "{ALERTS}, d.attempts FROM deliveries d JOIN alerts a ON a.number = d.alert
             WHERE d.told IS NULL AND d.channel = ?1 AND a.watch = ?2 ORDER BY a.number"
        );
        self.query(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let read = |row: &Row<'_>| {
                Ok(Pending {
                    alert: Alert::read(row)?,
                    attempts: row.get(6)?,
                })
            };
            statement.query_map([channel, watch], read)?.collect()
        })
    }

    /// The channels of `watch` on which something is still to be told.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn outstanding(&self, watch: &str) -> Result<Vec<Outstanding>, ArchiveError> {
        self.query(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT d.channel, count(*), max(d.problem) FROM deliveries d JOIN alerts a ON a.number = d.alert
                 WHERE d.told IS NULL AND a.watch = ?1 GROUP BY d.channel ORDER BY d.channel",
            )?;
            let read = |row: &Row<'_>| {
                Ok(Outstanding {
                    channel: row.get(0)?,
                    alerts: number(row, 1)?,
                    problem: row.get(2)?,
                })
            };
            statement.query_map([watch], read)?.collect()
        })
    }

    /// The last `limit` alerts of `watch` that `channel` is told, newest
    /// first, told yet or not.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn alerts(
        &self,
        watch: &str,
        channel: &str,
        limit: u32,
    ) -> Result<Vec<Alert>, ArchiveError> {
        let sql = format!(
            "{ALERTS} FROM deliveries d JOIN alerts a ON a.number = d.alert
             WHERE d.channel = ?1 AND a.watch = ?2 ORDER BY a.number DESC LIMIT ?3"
        );
        self.query(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            statement
                .query_map(params![channel, watch, limit], Alert::read)?
                .collect()
        })
    }
}
