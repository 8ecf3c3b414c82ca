//! When a page is looked at again.
//!
//! - A list: as often as its site's profile says (every 6 hours where it says
//!   nothing); half as often after a look that brought nothing new, down to a
//!   quarter; as often as said again once something new came.
//! - An article: after a day in its first week, after a week in its first
//!   month, after a month in its first year, after half a year later. An edit
//!   halves the time (not below 12 hours); no change lengthens it by half, up
//!   to twice the time for its age.
//! - An attachment: after half a year.
//! - What is gone: after 30 days, then twice as long, up to a year.
//! - What was declined: after a day, then twice as long, up to 30 days.
//! - What could not be reached: after an hour, then twice as long, up to a
//!   week.
//! - What has moved, and what `robots.txt` forbids: after 90 and 30 days.

use std::time::Duration;

use gongbao_archive::{PageFate, PageKind, PageRecord, PageState};
use jiff::{Timestamp, civil::Date, tz};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

/// After how long what `robots.txt` forbids is asked for again.
pub(crate) const FORBIDDEN: Duration = Duration::from_secs(30 * 86_400);

/// What a fetch showed that bears on the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) fate: PageFate,
    /// The day the article was published, if known.
    pub(crate) published: Option<Date>,
    /// Whether a list linked something new.
    pub(crate) anything_new: bool,
    /// How often the site's lists are looked at.
    pub(crate) every: Duration,
}

/// What is known of a page from before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Past {
    pub(crate) kind: PageKind,
    pub(crate) depth: u32,
    pub(crate) discovered: Timestamp,
    pub(crate) interval: Option<Duration>,
    pub(crate) failures: u32,
    pub(crate) was_gone: bool,
}

impl Past {
    pub(crate) fn of(page: &PageRecord) -> Self {
        Self {
            kind: page.kind,
            depth: page.depth,
            discovered: page.discovered,
            interval: page.interval,
            failures: page.failures,
            was_gone: page.state == PageState::Gone,
        }
    }
}

/// When a page is to be looked at next, and the time between looks to be kept.
pub(crate) fn next(
    page: &Past,
    look: &Look,
    now: Timestamp,
) -> (Option<Timestamp>, Option<Duration>) {
    let kept = page.interval;
    let wait = match look.fate {
        PageFate::New | PageFate::Unchanged | PageFate::Edited | PageFate::Chrome => {
            match page.kind {
                PageKind::List if page.depth > 0 => return (None, None),
                PageKind::List => list(kept, look),
                PageKind::Article => article(page, look, now),
                PageKind::Attachment | PageKind::Other => 180 * DAY,
                PageKind::Robots => return (None, None),
            }
        }
        PageFate::Gone => doubled(kept, page.was_gone, 30 * DAY, 365 * DAY),
        PageFate::Declined => growing(DAY, page.failures, 30 * DAY),
        PageFate::Unreachable => growing(HOUR, page.failures, 7 * DAY),
        PageFate::Moved => 90 * DAY,
    };
    let interval = match look.fate {
        // A failure says nothing of how often a page changes.
        PageFate::Declined | PageFate::Unreachable | PageFate::Moved => kept,
        _ => Some(wait),
    };
    (after(now, wait), interval)
}

/// `wait` after `now`.
pub(crate) fn after(now: Timestamp, wait: Duration) -> Option<Timestamp> {
    now.checked_add(wait).ok()
}

fn list(kept: Option<Duration>, look: &Look) -> Duration {
    if look.anything_new || kept.is_none() {
        return look.every;
    }
    (kept.unwrap_or(look.every) * 2).clamp(look.every, look.every * 4)
}

fn article(page: &Past, look: &Look, now: Timestamp) -> Duration {
    let by_age = by_age(page, look, now);
    match (look.fate, page.interval) {
        (PageFate::Edited, Some(kept)) => (kept.min(by_age) / 2).max(12 * HOUR),
        (PageFate::Edited, None) => (by_age / 2).max(12 * HOUR),
        (PageFate::New, _) | (_, None) => by_age,
        (_, Some(kept)) => (kept + kept / 2).clamp(by_age.min(DAY), by_age * 2),
    }
}

fn by_age(page: &Past, look: &Look, now: Timestamp) -> Duration {
    let published = look
        .published
        .and_then(|day| day.to_zoned(tz::TimeZone::fixed(tz::offset(8))).ok())
        .map_or(page.discovered, |zoned| zoned.timestamp());
    let age = now.duration_since(published);
    match age.as_hours() / 24 {
        ..7 => DAY,
        7..30 => 7 * DAY,
        30..365 => 30 * DAY,
        _ => 180 * DAY,
    }
}

/// `first`, or twice the last time if it was so before.
fn doubled(kept: Option<Duration>, again: bool, first: Duration, most: Duration) -> Duration {
    match kept {
        Some(kept) if again => (kept * 2).clamp(first, most),
        _ => first,
    }
}

/// `first` doubled for each of the `failures` before, up to `most`.
fn growing(first: Duration, failures: u32, most: Duration) -> Duration {
    first.saturating_mul(1 << failures.min(16)).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2024-07-18T00:00:00Z".parse().expect("a time")
    }

    fn page(kind: PageKind) -> Past {
        Past {
            kind,
            depth: u32::from(kind != PageKind::List),
            discovered: now(),
            interval: None,
            failures: 0,
            was_gone: false,
        }
    }

    fn look(fate: PageFate, published: &str) -> Look {
        Look {
            fate,
            published: published.parse().ok(),
            anything_new: false,
            every: 6 * HOUR,
        }
    }

    #[track_caller]
    fn check(page: &Past, look: &Look, wait: Duration) {
        let (due, _) = next(page, look, now());
        assert_eq!(due, after(now(), wait), "{page:?} {look:?}");
    }

    #[test]
    fn the_older_an_article_the_rarer_it_is_looked_at() {
        let page = page(PageKind::Article);
        for (published, wait) in [
            ("2024-07-17", DAY),
            ("2024-07-01", 7 * DAY),
            ("2024-01-01", 30 * DAY),
            ("2019-01-01", 180 * DAY),
            ("unknown", DAY),
            ("2030-01-01", DAY),
        ] {
            check(&page, &look(PageFate::New, published), wait);
        }
    }

    #[test]
    fn an_edit_brings_it_back_sooner_and_quiet_later() {
        let mut page = page(PageKind::Article);
        page.interval = Some(30 * DAY);
        check(&page, &look(PageFate::Edited, "2024-01-01"), 15 * DAY);
        check(&page, &look(PageFate::Unchanged, "2024-01-01"), 45 * DAY);
        page.interval = Some(59 * DAY);
        check(&page, &look(PageFate::Unchanged, "2024-01-01"), 60 * DAY);
        page.interval = Some(13 * HOUR);
        check(&page, &look(PageFate::Edited, "2024-07-17"), 12 * HOUR);
    }

    #[test]
    fn a_list_without_news_is_looked_at_half_as_often() {
        let mut list = page(PageKind::List);
        let mut look = look(PageFate::Unchanged, "");
        check(&list, &look, 6 * HOUR);
        list.interval = Some(6 * HOUR);
        check(&list, &look, 12 * HOUR);
        list.interval = Some(24 * HOUR);
        check(&list, &look, 24 * HOUR);
        look.anything_new = true;
        check(&list, &look, 6 * HOUR);
        list.depth = 1;
        assert_eq!(next(&list, &look, now()).0, None);
    }

    #[test]
    fn what_fails_is_tried_again_ever_more_rarely() {
        let mut page = page(PageKind::Article);
        check(&page, &look(PageFate::Unreachable, ""), HOUR);
        check(&page, &look(PageFate::Declined, ""), DAY);
        check(&page, &look(PageFate::Gone, ""), 30 * DAY);
        page.failures = 3;
        check(&page, &look(PageFate::Unreachable, ""), 8 * HOUR);
        check(&page, &look(PageFate::Declined, ""), 8 * DAY);
        page.failures = 4_000_000;
        check(&page, &look(PageFate::Unreachable, ""), 7 * DAY);
        (page.interval, page.was_gone) = (Some(30 * DAY), true);
        check(&page, &look(PageFate::Gone, ""), 60 * DAY);
    }
}
