//! The steps of unattended runs.

use std::time::Duration;

use rusqlite::{Row, types::FromSqlError};
use serde::{Deserialize, Serialize};

use crate::page::named;

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// It did something.
    Done,
    /// There was nothing to do.
    Nothing,
    /// What it made was not sound, and was thrown away.
    Refused,
    /// It could not be done.
    Failed,
}

named!(StepOutcome: Done = "done", Nothing = "nothing", Refused = "refused", Failed = "failed");

/// A step of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was done: `crawl`, `index`, `watch`.
    pub name: String,
    /// How it ended.
    pub outcome: StepOutcome,
    /// How long it took. Kept to the millisecond.
    pub duration: Duration,
    /// What was counted, as a JSON object.
    pub detail: String,
}

impl Step {
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let milliseconds: i64 = row.get(2)?;
        Ok(Self {
            name: row.get(0)?,
            outcome: row.get(1)?,
            duration: Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0)),
            detail: row.get(3)?,
        })
    }
}
