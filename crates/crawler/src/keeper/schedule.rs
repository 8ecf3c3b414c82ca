//! When a page is fetched next.

use std::time::Duration;

use gongbao_archive::{ArchiveError, PageFate, PageRecord, Recorded};
use jiff::{Timestamp, civil::Date};

use super::{Keeper, lists::hash_of};
use crate::{
    fetch::Answer,
    job::{Job, Kept},
    recrawl::{self, Look, Past},
};

impl Keeper<'_> {
    /// Schedules the page, or has it asked for again in this run.
    pub(super) fn settle(
        &mut self,
        job: &Job,
        recorded: &Recorded,
        transient: bool,
        answer: Option<&Answer>,
        kept: &mut Kept,
    ) -> Result<(), ArchiveError> {
        kept.fate = Some(recorded.fate);
        kept.url.clone_from(&job.page.url);
        if recorded.fate == PageFate::Moved {
            kept.detail.clone_from(&recorded.moved_to);
        }
        if transient && job.attempt + 1 < self.attempts {
            let asked = answer.and_then(|answer| retry_after(answer, self.clock.now()));
            let backoff = self
                .rules
                .retry_wait(job.attempt + 1, hash_of(&job.page.url));
            let wait = asked.unwrap_or_default().max(backoff);
            if wait <= self.rules.longest_wait {
                let due = recrawl::after(self.clock.now(), wait);
                self.writer.schedule(job.page.id, due, job.page.interval)?;
                let again = Job {
                    attempt: job.attempt + 1,
                    held: 0,
                    ..job.clone()
                };
                kept.retry = Some((Box::new(again), wait));
                return Ok(());
            }
        }
        let day = self.days.remove(&job.page.id);
        let anything_new = kept.new_pages > 0;
        self.plan(&job.page, recorded, job.site, day, anything_new)
    }

    pub(super) fn plan(
        &mut self,
        page: &PageRecord,
        recorded: &Recorded,
        site: usize,
        published: Option<Date>,
        anything_new: bool,
    ) -> Result<(), ArchiveError> {
        let look = Look {
            fate: recorded.fate,
            published: published.or_else(|| gongbao_notice::date_in_url(&page.url)),
            anything_new,
            every: self.sites[site].every,
        };
        let (due, interval) = recrawl::next(&Past::of(page), &look, self.clock.now());
        self.writer.schedule(page.id, due, interval)
    }
}

/// How long the server asks to wait: in seconds, or until a time (RFC 9110,
/// 10.2.3).
pub(crate) fn retry_after(answer: &Answer, now: Timestamp) -> Option<Duration> {
    let text = answer.response.get("retry-after")?;
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let then = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(Duration::try_from(then.duration_since(now)).unwrap_or_default())
}
