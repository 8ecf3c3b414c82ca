//! When unattended runs are due: cron expressions in a time zone. Knows no
//! clock; the time is handed in.

use std::{collections::BTreeMap, str::FromStr, time::Duration};

use anyhow::{Context, anyhow};
use croner::Cron;
use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde::Deserialize;

/// Chinese sites publish by this clock.
const DEFAULT_ZONE: &str = "Asia/Shanghai";

/// Nightly, after the day's last notices.
const DEFAULT_CRON: &str = "30 2 * * *";

/// Runs are spread over so many seconds unless the settings say otherwise.
const DEFAULT_JITTER_S: u64 = 300;

/// `[schedule]` of `gongbao.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ScheduleSettings {
    /// When a run is due.
    cron: Option<String>,
    /// The time zone of the expression.
    timezone: Option<String>,
    /// Up to so many seconds are waited after each time, not the same each day.
    jitter_s: Option<u64>,
    /// Whether a run that was missed, asleep or switched off, is made up for.
    catch_up: Option<bool>,
    /// Sites, by id, that have an expression of their own.
    sites: BTreeMap<String, String>,
}

/// When each site is due: those with an expression of their own, and all others.
pub(crate) struct Schedules {
    rest: Schedule,
    sites: BTreeMap<String, Schedule>,
}

/// What a run is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Due {
    /// Whether for all sites that have no expression of their own.
    pub(crate) rest: bool,
    /// Sites with one that are due as well.
    pub(crate) sites: Vec<String>,
    /// Sites with one that are not.
    pub(crate) except: Vec<String>,
}

impl Schedules {
    /// The schedules that `settings` lay down; see [`Schedule::new`].
    ///
    /// # Errors
    ///
    /// An expression or a time zone that cannot be read.
    pub(crate) fn new(settings: &ScheduleSettings, last: Timestamp) -> anyhow::Result<Self> {
        let sites = settings.sites.iter().map(|(site, cron)| {
            let own = ScheduleSettings {
                cron: Some(cron.clone()),
                ..settings.clone()
            };
            let schedule = Schedule::new(&own, last);
            let schedule = schedule.with_context(|| format!("the schedule of {site}"))?;
            Ok((site.clone(), schedule))
        });
        Ok(Self {
            rest: Schedule::new(settings, last)?,
            sites: sites.collect::<anyhow::Result<_>>()?,
        })
    }

    /// When the next run of any is due, and for which site if it is for one;
    /// `None` if none ever is again.
    pub(crate) fn next(&self) -> Option<(Timestamp, Option<&str>)> {
        let sites = self
            .sites
            .iter()
            .filter_map(|(site, schedule)| Some((schedule.next()?, Some(site.as_str()))));
        let rest = self.rest.next().map(|next| (next, None));
        sites.chain(rest).min()
    }

    /// What is due at `now`, if anything is: one run for all of it.
    pub(crate) fn due(&mut self, now: Timestamp) -> Option<Due> {
        let mut due = Due {
            rest: self.rest.is_due(now),
            ..Due::default()
        };
        for (site, schedule) in &mut self.sites {
            let list = if schedule.is_due(now) {
                &mut due.sites
            } else {
                &mut due.except
            };
            list.push(site.clone());
        }
        (due.rest || !due.sites.is_empty()).then_some(due)
    }
}

/// One expression: what is due when.
struct Schedule {
    cron: Cron,
    /// The last time that was seen to.
    last: Timestamp,
    zone: TimeZone,
    jitter: Duration,
    catch_up: bool,
}

/// A run that was due so long ago or less is no missed one.
const IN_TIME: Duration = Duration::from_secs(600);

impl Schedule {
    /// The schedule that `settings` lay down. What was due after `last` and
    /// before now was missed.
    ///
    /// # Errors
    ///
    /// An expression or a time zone that cannot be read.
    fn new(settings: &ScheduleSettings, last: Timestamp) -> anyhow::Result<Self> {
        let zone = settings.timezone.as_deref().unwrap_or(DEFAULT_ZONE);
        let zone = TimeZone::get(zone)
            .with_context(|| format!("could not use the time zone {zone:?} of the schedule"))?;
        let text = settings.cron.as_deref().unwrap_or(DEFAULT_CRON);
        let cron = Cron::from_str(text)
            .map_err(|error| anyhow!("{error}"))
            .with_context(|| format!("could not use the schedule {text:?}"))?;
        Ok(Self {
            cron,
            last,
            zone,
            jitter: Duration::from_secs(settings.jitter_s.unwrap_or(DEFAULT_JITTER_S)),
            catch_up: settings.catch_up.unwrap_or(true),
        })
    }

    /// When the next run is due; `None` if the expression never fits again.
    fn next(&self) -> Option<Timestamp> {
        let after = Zoned::new(self.last, self.zone.clone());
        let next = self.cron.find_next_occurrence(&after, false).ok()?;
        let next = next.timestamp();
        next.checked_add(self.delay(next)).ok()
    }

    /// Whether a run is due at `now`. However often it was missed, it is due
    /// once.
    fn is_due(&mut self, now: Timestamp) -> bool {
        let Some(next) = self.next().filter(|&next| next <= now) else {
            return false;
        };
        self.last = now;
        let late = now.duration_since(next).unsigned_abs();
        self.catch_up || late <= IN_TIME + self.jitter
    }

    /// How long a run waits after its time: the same however often it is
    /// asked, and another each day.
    fn delay(&self, at: Timestamp) -> Duration {
        if self.jitter.is_zero() {
            return Duration::ZERO;
        }
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in at.as_second().to_be_bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Duration::from_secs((hash >> 16) % (self.jitter.as_secs() + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().expect(text)
    }

    fn schedule(settings: &str, last: &str) -> Schedule {
        let settings = toml::from_str(settings).expect("settings");
        Schedule::new(&settings, time(last)).expect("a schedule")
    }

    #[test]
    fn times_are_those_of_the_zone() {
        let daily = schedule("cron = '30 6 * * *'\njitter_s = 0", "2025-09-01T00:00:00Z");
        assert_eq!(daily.next(), Some(time("2025-09-01T22:30:00Z")));
        // A zone with summer time: half past two does not exist on that day.
        let paris = schedule(
            "cron = '30 2 * * *'\ntimezone = 'Europe/Paris'\njitter_s = 0",
            "2025-03-29T12:00:00Z",
        );
        let next = paris.next().expect("it goes on");
        assert!(next > time("2025-03-30T00:00:00Z") && next <= time("2025-03-31T00:30:00Z"));
    }

    #[test]
    fn a_run_is_due_once_and_made_up_for_once() {
        let mut daily = schedule("cron = '0 0 * * *'\njitter_s = 0", "2025-09-01T00:00:00Z");
        assert!(!daily.is_due(time("2025-09-01T15:59:59Z")));
        assert!(daily.is_due(time("2025-09-01T16:00:00Z")));
        assert!(!daily.is_due(time("2025-09-01T16:00:01Z")));
        // Asleep for a week.
        assert!(daily.is_due(time("2025-09-08T16:30:00Z")));
        assert!(!daily.is_due(time("2025-09-08T16:30:01Z")));
        assert_eq!(daily.next(), Some(time("2025-09-09T16:00:00Z")));
    }

    #[test]
    fn what_was_missed_may_be_left() {
        let settings = "cron = '0 0 * * *'\njitter_s = 0\ncatch_up = false";
        let mut daily = schedule(settings, "2025-09-01T00:00:00Z");
        assert!(!daily.is_due(time("2025-09-02T03:00:00Z")));
        assert_eq!(daily.next(), Some(time("2025-09-02T16:00:00Z")));
    }

    #[test]
    fn jitter_is_bounded_and_steady() {
        let daily = schedule("cron = '0 0 * * *'\njitter_s = 600", "2025-09-01T00:00:00Z");
        let next = daily.next().expect("it goes on");
        assert_eq!(daily.next(), Some(next));
        assert!(next >= time("2025-09-01T16:00:00Z") && next <= time("2025-09-01T16:10:00Z"));
    }

    #[test]
    fn a_site_may_have_times_of_its_own() {
        let settings = "cron = '0 0 * * *'\njitter_s = 0\nsites.baihe = '0 * * * *'";
        let settings = toml::from_str(settings).expect("settings");
        let start = time("2025-09-01T00:30:00Z");
        let mut schedules = Schedules::new(&settings, start).expect("schedules");
        let hour = time("2025-09-01T01:00:00Z");
        assert_eq!(schedules.next(), Some((hour, Some("baihe"))));
        let own = Due {
            rest: false,
            sites: vec!["baihe".to_owned()],
            except: Vec::new(),
        };
        assert_eq!(schedules.due(hour), Some(own.clone()));
        assert_eq!(schedules.due(hour), None);
        // Midnight in Shanghai: all at once, in one run.
        let all = Due { rest: true, ..own };
        assert_eq!(schedules.due(time("2025-09-01T16:00:00Z")), Some(all));
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for settings in [
            "cron = 'daily'",
            "cron = '61 * * * *'",
            "timezone = 'Mars'",
            "sites.a = ''",
        ] {
            let parsed = toml::from_str(settings).expect("settings");
            assert!(
                Schedules::new(&parsed, Timestamp::UNIX_EPOCH).is_err(),
                "{settings}"
            );
        }
    }
}
