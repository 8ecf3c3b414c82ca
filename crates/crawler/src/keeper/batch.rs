//! What is made durable together, and when.

use std::time::{Duration, Instant};

use crate::job::Kept;

/// So many pages are made durable together, at most.
pub(crate) const FULL_BATCH: usize = 128;

/// Fewer are made durable after that time. Until then they count as under way.
const COMMIT_AFTER: Duration = Duration::from_millis(50);

/// Where the disk is slow, after a multiple of what the last time took, so that
/// most of the time goes into other work …
const COMMIT_SHARE: u32 = 4;

/// … but after that time all the same.
const COMMIT_BY: Duration = Duration::from_millis(200);

/// What was kept and is not durable yet.
#[derive(Default)]
#[expect(clippy::vec_box, reason = "each is sent on in its box")]
pub(super) struct Batch {
    kept: Vec<Box<Kept>>,
    /// When the first of them was kept.
    since: Option<Instant>,
    /// What the last commit took.
    cost: Duration,
}

impl Batch {
    pub(super) fn add(&mut self, kept: Box<Kept>) {
        self.kept.push(kept);
        self.since.get_or_insert_with(Instant::now);
    }

    /// How long there is until it must be committed.
    pub(super) fn wait(&self) -> Duration {
        if self.kept.len() >= FULL_BATCH {
            return Duration::ZERO;
        }
        let after = (self.cost * COMMIT_SHARE).clamp(COMMIT_AFTER, COMMIT_BY);
        self.since.map_or(Duration::from_secs(3600), |since| {
            after.saturating_sub(since.elapsed())
        })
    }

    /// Empties it, after a commit that took `cost`.
    #[expect(clippy::vec_box, reason = "each is sent on in its box")]
    pub(super) fn take(&mut self, cost: Duration) -> Vec<Box<Kept>> {
        self.since = None;
        self.cost = cost;
        std::mem::take(&mut self.kept)
    }
}
