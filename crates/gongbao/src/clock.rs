//! What time it is.

use std::sync::OnceLock;

use gongbao_crawler::Clock;
use jiff::{SignedDuration, Timestamp};

/// In the environment, a time such as `2026-03-01T02:30:00Z` that a run is to
/// begin at; its clock goes on from there. For tests of what takes months.
const NOW: &str = "GONGBAO_NOW";

/// The time of the system, or the one a test wants.
pub(crate) fn now() -> Timestamp {
    static AHEAD: OnceLock<SignedDuration> = OnceLock::new();
    let ahead = AHEAD.get_or_init(|| {
        let wanted = std::env::var(NOW).ok().and_then(|time| time.parse().ok());
        wanted.map_or(SignedDuration::ZERO, |wanted: Timestamp| {
            wanted.duration_since(Timestamp::now())
        })
    });
    let now = Timestamp::now();
    now.checked_add(*ahead).unwrap_or(now)
}

/// The same, for crawls.
pub(crate) struct ProgramClock;

impl Clock for ProgramClock {
    fn now(&self) -> Timestamp {
        now()
    }
}
