//! Runs, alarms and coverage.

use jiff::Timestamp;
use rusqlite::params;

use crate::{
    archive::parsed_or_null,
    error::ArchiveError,
    run::{Alarm, Coverage, RunId, RunOutcome},
    step::Step,
    writer::{Writer, frontier::seconds, signed},
};

impl Writer {
    /// Notes that a run begins, and commits it. Runs that have not ended were
    /// killed: there is one writer.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be written.
    pub fn begin_run(&mut self, command: &str, started: Timestamp) -> Result<RunId, ArchiveError> {
        let id = self.atomically(|writer| {
            writer.sql(|connection| {
                connection.execute(
                    "UPDATE runs SET outcome = 'killed' WHERE outcome = 'running'",
                    [],
                )?;
                connection.execute(
                    "INSERT INTO runs (started, command) VALUES (?1, ?2)",
                    params![seconds(started), command],
                )?;
                Ok(RunId(connection.last_insert_rowid()))
            })
        })?;
        self.commit()?;
        Ok(id)
    }

    /// When the newest run began; `None` before the first.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn newest_run(&self) -> Result<Option<Timestamp>, ArchiveError> {
        self.sql(|connection| {
            connection.query_row("SELECT max(started) FROM runs", [], |row| {
                parsed_or_null(row, 0)
            })
        })
    }

    /// Notes how a run ended, with a message if it failed, and commits.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be written.
    pub fn end_run(
        &mut self,
        run: RunId,
        ended: Timestamp,
        outcome: RunOutcome,
        message: Option<&str>,
    ) -> Result<(), ArchiveError> {
        self.atomically(|writer| {
            writer.sql(|connection| {
                connection.execute(
                    "UPDATE runs SET ended = ?2, outcome = ?3, message = ?4 WHERE id = ?1",
                    params![run.0, seconds(ended), outcome.name(), message],
                )
            })
        })?;
        self.commit()
    }

    /// Keeps a step of a run, and commits.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be written.
    pub fn note_step(&mut self, run: RunId, step: &Step) -> Result<(), ArchiveError> {
        let milliseconds = i64::try_from(step.duration.as_millis()).unwrap_or(i64::MAX);
        self.atomically(|writer| {
            writer.sql(|connection| {
                connection.execute(
                    "INSERT INTO steps (run, position, name, outcome, duration_ms, detail)
                     SELECT ?1, count(*), ?2, ?3, ?4, ?5 FROM steps WHERE run = ?1",
                    params![
                        run.0,
                        step.name,
                        step.outcome.name(),
                        milliseconds,
                        step.detail
                    ],
                )
            })
        })?;
        self.commit()
    }

    /// Keeps an alarm.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be written.
    pub fn raise(&mut self, run: RunId, alarm: &Alarm) -> Result<(), ArchiveError> {
        self.atomically(|writer| {
            writer.sql(|connection| {
                connection
                    .prepare_cached(
                        "INSERT INTO alarms (run, raised, site, column_name, kind, message)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    )?
                    .execute(params![
                        run.0,
                        seconds(alarm.raised),
                        alarm.site,
                        alarm.column,
                        alarm.kind,
                        alarm.message,
                    ])
                    .map(drop)
            })
        })
    }

    /// Keeps what a run saw of a column, in place of what it said of it
    /// before.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be written.
    pub fn cover(&mut self, run: RunId, coverage: &Coverage) -> Result<(), ArchiveError> {
        self.atomically(|writer| {
            writer.sql(|connection| {
                connection
                    .prepare_cached(
                        "INSERT OR REPLACE INTO coverage
                             (run, site, column_name, listed, stated, fetched, read, declined, failed)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                    )?
                    .execute(params![
                        run.0,
                        coverage.site,
                        coverage.column,
                        signed(coverage.listed),
                        coverage.stated.map(signed),
                        signed(coverage.fetched),
                        signed(coverage.read),
                        signed(coverage.declined),
                        signed(coverage.failed),
                    ])
                    .map(drop)
            })
        })
    }
}
