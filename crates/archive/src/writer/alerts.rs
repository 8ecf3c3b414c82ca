//! Writing down what is new for saved searches, and who was told.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::{alert::Alert, archive::to_seconds, error::ArchiveError};

use super::Writer;

impl Writer {
    /// Notes that the saved search `watch` was held against every change up to
    /// number `seen`, and what came of it: `alerts`, each of which is to be
    /// told on every one of `channels`. An alert that is known already is left
    /// as it is. All is kept together, once [`commit`](Writer::commit) returns.
    /// Returns how many alerts were not known.
    ///
    /// # Errors
    ///
    /// When the catalogue does not take it.
    pub fn raise_alerts(
        &mut self,
        watch: &str,
        seen: u64,
        alerts: &[Alert],
        channels: &[String],
    ) -> Result<u64, ArchiveError> {
        let seen = i64::try_from(seen).unwrap_or(i64::MAX);
        self.atomically(|writer| {
            writer.sql(|connection| {
                let mut raised = 0;
                for alert in alerts {
                    raised += u64::from(insert(connection, watch, alert, channels)?);
                }
                connection
                    .prepare_cached(
                        "INSERT INTO watches (name, seen) VALUES (?1, ?2)
                         ON CONFLICT (name) DO UPDATE SET seen = max(seen, excluded.seen)",
                    )?
                    .execute(params![watch, seen])?;
                Ok(raised)
            })
        })
    }

    /// Notes, before anything leaves the house, that telling `alerts` on
    /// `channel` begins. On disk when it returns.
    ///
    /// # Errors
    ///
    /// When the catalogue does not take it; then nobody should be told.
    pub fn begin_telling(
        &mut self,
        alerts: &[&str],
        channel: &str,
        now: Timestamp,
    ) -> Result<(), ArchiveError> {
        self.note(
            "UPDATE deliveries SET attempts = attempts + 1, tried = ?3
             WHERE channel = ?2 AND alert = (SELECT number FROM alerts WHERE id = ?1)",
            alerts,
            channel,
            &to_seconds(now).to_string(),
        )
    }

    /// Notes that `alerts` were told on `channel`. On disk when it returns.
    ///
    /// # Errors
    ///
    /// When the catalogue does not take it; they will be told again.
    pub fn told(
        &mut self,
        alerts: &[&str],
        channel: &str,
        now: Timestamp,
    ) -> Result<(), ArchiveError> {
        self.note(
            "UPDATE deliveries SET told = ?3, problem = NULL
             WHERE channel = ?2 AND alert = (SELECT number FROM alerts WHERE id = ?1)",
            alerts,
            channel,
            &to_seconds(now).to_string(),
        )
    }

    /// Notes that `alerts` could not be told on `channel` because of
    /// `problem`. On disk when it returns.
    ///
    /// # Errors
    ///
    /// When the catalogue does not take it.
    pub fn not_told(
        &mut self,
        alerts: &[&str],
        channel: &str,
        problem: &str,
    ) -> Result<(), ArchiveError> {
        self.note(
            "UPDATE deliveries SET problem = ?3
             WHERE channel = ?2 AND alert = (SELECT number FROM alerts WHERE id = ?1)",
            alerts,
            channel,
            problem,
        )
    }

    fn note(
        &mut self,
        sql: &str,
        alerts: &[&str],
        channel: &str,
        value: &str,
    ) -> Result<(), ArchiveError> {
        self.atomically(|writer| {
            writer.sql(|connection| {
                let mut update = connection.prepare_cached(sql)?;
                for alert in alerts {
                    update.execute(params![alert, channel, value])?;
                }
                Ok(())
            })
        })?;
        self.commit()
    }
}

/// Whether `alert` was not known.
fn insert(
    connection: &Connection,
    watch: &str,
    alert: &Alert,
    channels: &[String],
) -> rusqlite::Result<bool> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO alerts (id, watch, notice, version, raised, content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
    )?;
    let new = insert.execute(params![
        alert.id,
        watch,
        alert.notice.as_str(),
        alert.version,
        to_seconds(alert.raised).to_string(),
        alert.content,
    ])?;
    if new == 0 {
        return Ok(false);
    }
    let number = connection.last_insert_rowid();
    let mut insert = connection.prepare_cached(
        "INSERT INTO deliveries (alert, channel) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    )?;
    for channel in channels {
        insert.execute(params![number, channel])?;
    }
    Ok(true)
}
