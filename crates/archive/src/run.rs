//! Runs of commands that fetch: when, what came of them, what to look at.

use jiff::Timestamp;
use rusqlite::{Row, types::FromSqlError};
use serde::{Deserialize, Serialize};

use crate::{
    archive::{number, parsed, parsed_or_null},
    page::{PageFate, named},
};

/// Number of a run in the catalogue; later ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RunId(pub(crate) i64);

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunOutcome {
    /// It has not ended, as far as is known.
    Running,
    /// It did all it was to do.
    Done,
    /// It was asked to stop.
    Interrupted,
    /// It could not go on.
    Failed,
    /// It never said that it ended, and another has begun since.
    Killed,
}

named!(RunOutcome: Running = "running", Done = "done", Interrupted = "interrupted", Failed = "failed",
    Killed = "killed");

/// A run of the past, or the one under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRecord {
    /// Its number.
    pub id: RunId,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// The command as typed.
    pub command: String,
    /// How it ended.
    pub outcome: RunOutcome,
    /// Why it failed.
    pub message: Option<String>,
    /// How many fetches came to each fate; fates without any are left out.
    pub fates: Vec<(PageFate, u64)>,
    /// How many alarms it raised.
    pub alarms: u64,
}

pub(crate) const RUNS: &str = "SELECT r.id, r.started, r.ended, r.command, r.outcome, r.message, \
    (SELECT count(*) FROM alarms a WHERE a.run = r.id) FROM runs r";

impl RunRecord {
    /// Without `fates`, which are rows of their own.
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: RunId(row.get(0)?),
            started: parsed(row, 1)?,
            ended: parsed_or_null(row, 2)?,
            command: row.get(3)?,
            outcome: row.get(4)?,
            message: row.get(5)?,
            alarms: number(row, 6)?,
            fates: Vec::new(),
        })
    }
}

/// Something that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// When it was raised. Kept to the second.
    pub raised: Timestamp,
    /// The site it is about.
    pub site: Option<String>,
    /// The column it is about.
    pub column: Option<String>,
    /// One word for scripts: `empty_list`, `number_gap` …
    pub kind: String,
    /// What is the matter.
    pub message: String,
}

impl Alarm {
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            raised: parsed(row, 0)?,
            site: row.get(1)?,
            column: row.get(2)?,
            kind: row.get(3)?,
            message: row.get(4)?,
        })
    }
}

/// What a run saw of one column of one site, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// The id of the site's profile.
    pub site: String,
    /// The column; empty for what is in none.
    pub column: String,
    /// Articles that its lists name.
    pub listed: u64,
    /// How many the lists say there are, where they say so.
    pub stated: Option<u64>,
    /// Requests that were answered.
    pub fetched: u64,
    /// Articles read as notices.
    pub read: u64,
    /// Requests that were declined.
    pub declined: u64,
    /// Requests that failed.
    pub failed: u64,
}

impl Coverage {
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            site: row.get(0)?,
            column: row.get(1)?,
            listed: number(row, 2)?,
            stated: row
                .get::<_, Option<i64>>(3)?
                .and_then(|stated| u64::try_from(stated).ok()),
            fetched: number(row, 4)?,
            read: number(row, 5)?,
            declined: number(row, 6)?,
            failed: number(row, 7)?,
        })
    }
}
