//! When a host may be asked next: one connection at a time, a delay, longer
//! ones when it fails, and an end when it keeps failing.
//!
//! Knows no sockets and no clock: the time is passed in.

use std::{collections::HashMap, time::Duration};

use tokio::time::Instant;

/// How hosts are treated.
#[derive(Clone, Debug)]
pub struct Politeness {
    /// From the end of a response to the next request.
    pub delay: Duration,
    /// The longest `Crawl-delay` that is obeyed; a host that asks for more
    /// gets this one.
    pub longest_delay: Duration,
    /// How many connections to a host at a time.
    pub connections: usize,
    /// The first wait after a failure; it doubles with each that follows.
    pub backoff: Duration,
    /// The longest wait after failures, and the longest `Retry-After` that is
    /// waited for within a run.
    pub longest_wait: Duration,
    /// After so many failures in a row, nothing is asked for a while.
    pub open_after: u32,
    /// For how long; it doubles each time.
    pub open_for: Duration,
    /// After so many such pauses the host is left alone for the run.
    pub give_up_after: u32,
    /// After so many answers in a row that decline, likewise.
    pub declined_after: u32,
}

impl Default for Politeness {
    fn default() -> Self {
        Self {
            delay: Duration::from_secs(5),
            longest_delay: Duration::from_secs(120),
            connections: 1,
            backoff: Duration::from_secs(5),
            longest_wait: Duration::from_secs(300),
            open_after: 8,
            open_for: Duration::from_secs(30),
            give_up_after: 3,
            declined_after: 30,
        }
    }
}

/// What a host made of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostAnswer {
    /// An answer, whatever it says of the page.
    Answered,
    /// An answer that declines to serve.
    Declined,
    /// Too much was asked of it: 429, or 503 with `Retry-After`.
    Busy(Option<Duration>),
    /// No connection, no answer, or a status of failure.
    Failed,
}

/// Whether a host may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// At once.
    Now,
    /// Not before.
    At(Instant),
    /// When a request under way has ended.
    Waiting,
    /// Not again in this run.
    GivenUp(Why),
}

/// Why a host is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It kept failing.
    Failing,
    /// It kept declining.
    Declining,
}

#[derive(Debug, Default)]
struct Host {
    own_delay: Duration,
    under_way: usize,
    next: Option<Instant>,
    failures: u32,
    declines: u32,
    pauses: u32,
    given_up: Option<Why>,
}

/// The turns of all hosts.
#[derive(Debug)]
pub struct Turns {
    rules: Politeness,
    hosts: HashMap<String, Host>,
    random: u64,
}

impl Turns {
    /// Turns by `rules`; `seed` decides the jitter of waits.
    #[must_use]
    pub fn new(rules: Politeness, seed: u64) -> Self {
        Self {
            rules,
            hosts: HashMap::new(),
            random: seed,
        }
    }

    /// Sees to it that at least `delay` passes between requests to `host`:
    /// the longest that any of its sites or its `robots.txt` asks for.
    pub fn slow_down(&mut self, host: &str, delay: Duration) {
        let longest = self.rules.longest_delay;
        let host = self.host(host);
        host.own_delay = host.own_delay.max(delay.min(longest));
    }

    /// Whether `host` may be asked at `now`.
    #[must_use]
    pub fn turn(&self, host: &str, now: Instant) -> Turn {
        let Some(host) = self.hosts.get(host) else {
            return Turn::Now;
        };
        if let Some(why) = host.given_up {
            return Turn::GivenUp(why);
        }
        if host.under_way >= self.rules.connections {
            return Turn::Waiting;
        }
        match host.next {
            Some(next) if next > now => Turn::At(next),
            _ => Turn::Now,
        }
    }

    /// A request to `host` begins.
    pub fn begin(&mut self, host: &str) {
        self.host(host).under_way += 1;
    }

    /// A request to `host` ended at `now`.
    pub fn end(&mut self, host: &str, now: Instant, answer: HostAnswer) {
        let jitter = self.jitter();
        let rules = self.rules.clone();
        let host = self.host(host);
        host.under_way = host.under_way.saturating_sub(1);
        let mut wait = rules.delay.max(host.own_delay);
        match answer {
            HostAnswer::Answered => {
                host.failures = 0;
                host.declines = 0;
            }
            HostAnswer::Declined => {
                host.failures = 0;
                host.declines += 1;
                if host.declines >= rules.declined_after {
                    host.given_up = Some(Why::Declining);
                }
            }
            HostAnswer::Busy(asked) => {
                host.failures += 1;
                let asked = asked.unwrap_or_else(|| rules.wait(host.failures, jitter));
                if asked > rules.longest_wait {
                    host.given_up = Some(Why::Failing);
                }
                wait = wait.max(asked);
            }
            HostAnswer::Failed => {
                host.failures += 1;
                if host.failures >= rules.open_after {
                    host.pauses += 1;
                    // One request probes it then.
                    host.failures = rules.open_after - 1;
                    wait = wait.max(
                        rules
                            .open_for
                            .saturating_mul(1 << (host.pauses - 1).min(16)),
                    );
                    if host.pauses > rules.give_up_after {
                        host.given_up = Some(Why::Failing);
                    }
                }
            }
        }
        let next = now + wait;
        host.next = Some(host.next.map_or(next, |earlier| earlier.max(next)));
    }

    /// Leaves `host` alone for the rest of the run.
    pub fn give_up(&mut self, host: &str, why: Why) {
        self.host(host).given_up = Some(why);
    }

    /// The hosts that are left alone, and why.
    pub fn given_up(&self) -> impl Iterator<Item = (&str, Why)> {
        self.hosts
            .iter()
            .filter_map(|(name, host)| Some((name.as_str(), host.given_up?)))
    }

    fn host(&mut self, name: &str) -> &mut Host {
        if !self.hosts.contains_key(name) {
            self.hosts.insert(name.to_owned(), Host::default());
        }
        self.hosts
            .get_mut(name)
            .expect("it has just been put there")
    }

    fn jitter(&mut self) -> f64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        jitter(self.random)
    }
}

/// From 0.75 up to 1.25, so that what failed together is not asked for
/// together. SplitMix64 (Steele, Lea and Flood, 2014).
fn jitter(seed: u64) -> f64 {
    let mut z = seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    0.75 + (z ^ (z >> 31)) as f64 / u64::MAX as f64 / 2.0
}

impl Politeness {
    /// How long to wait before a page is asked for again that has failed
    /// `failures` times; `seed` decides the jitter.
    pub(crate) fn retry_wait(&self, failures: u32, seed: u64) -> Duration {
        self.wait(failures, jitter(seed))
    }

    fn wait(&self, failures: u32, jitter: f64) -> Duration {
        let doubled = self
            .backoff
            .saturating_mul(1 << failures.saturating_sub(1).min(16));
        doubled
            .min(self.longest_wait)
            .mul_f64(jitter)
            .min(self.longest_wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn turns() -> Turns {
        Turns::new(Politeness::default(), 7)
    }

    /// Waits as a crawl would and tells for how long.
    async fn wait(turns: &Turns, host: &str) -> Duration {
        let before = Instant::now();
        while let Turn::At(then) = turns.turn(host, Instant::now()) {
            tokio::time::sleep_until(then).await;
        }
        before.elapsed()
    }

    async fn ask(turns: &mut Turns, host: &str, answer: HostAnswer) {
        turns.begin(host);
        tokio::time::sleep(SECOND).await;
        turns.end(host, Instant::now(), answer);
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_rests_after_each_answer_and_others_do_not_wait_for_it() {
        let mut turns = turns();
        turns.begin("a.example");
        assert_eq!(turns.turn("a.example", Instant::now()), Turn::Waiting);
        assert_eq!(turns.turn("b.example", Instant::now()), Turn::Now);
        turns.end("a.example", Instant::now(), HostAnswer::Answered);
        assert_eq!(wait(&turns, "b.example").await, Duration::ZERO);
        assert_eq!(wait(&turns, "a.example").await, 5 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_delay_asked_for_holds_up_to_a_bound() {
        let mut turns = turns();
        turns.slow_down("a.example", 20 * SECOND);
        turns.slow_down("a.example", 10 * SECOND);
        ask(&mut turns, "a.example", HostAnswer::Answered).await;
        assert_eq!(wait(&turns, "a.example").await, 20 * SECOND);
        turns.slow_down("a.example", 9999 * SECOND);
        ask(&mut turns, "a.example", HostAnswer::Answered).await;
        assert_eq!(wait(&turns, "a.example").await, 120 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_is_obeyed() {
        let mut turns = turns();
        ask(&mut turns, "a.example", HostAnswer::Busy(Some(40 * SECOND))).await;
        assert_eq!(wait(&turns, "a.example").await, 40 * SECOND);
        // A shorter one than the delay changes nothing.
        ask(&mut turns, "a.example", HostAnswer::Busy(Some(SECOND))).await;
        assert_eq!(wait(&turns, "a.example").await, 5 * SECOND);
        ask(
            &mut turns,
            "a.example",
            HostAnswer::Busy(Some(7200 * SECOND)),
        )
        .await;
        let turn = turns.turn("a.example", Instant::now());
        assert_eq!(turn, Turn::GivenUp(Why::Failing));
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_keeps_failing_is_paused_then_left_alone() {
        let mut turns = turns();
        for _ in 0..8 {
            ask(&mut turns, "a.example", HostAnswer::Failed).await;
        }
        assert_eq!(wait(&turns, "a.example").await, 30 * SECOND);
        // It answers: all is forgiven but the pauses.
        ask(&mut turns, "a.example", HostAnswer::Answered).await;
        for _ in 0..8 {
            ask(&mut turns, "a.example", HostAnswer::Failed).await;
        }
        assert_eq!(wait(&turns, "a.example").await, 60 * SECOND);
        // The probe fails, and the next.
        ask(&mut turns, "a.example", HostAnswer::Failed).await;
        assert_eq!(wait(&turns, "a.example").await, 120 * SECOND);
        ask(&mut turns, "a.example", HostAnswer::Failed).await;
        let turn = turns.turn("a.example", Instant::now());
        assert_eq!(turn, Turn::GivenUp(Why::Failing));
        assert_eq!(turns.given_up().count(), 1);
    }

    #[test]
    fn waits_double_with_jitter_up_to_a_bound() {
        let rules = Politeness::default();
        for (failures, least, most) in [
            (1, 3.7, 6.3),
            (2, 7.5, 12.5),
            (4, 30.0, 50.0),
            (99, 225.0, 300.0),
        ] {
            for seed in 0..100 {
                let wait = rules.retry_wait(failures, seed << 50).as_secs_f64();
                assert!((least..=most).contains(&wait), "{failures}: {wait}");
            }
        }
    }

    #[test]
    fn a_host_that_only_declines_is_left_alone() {
        let mut turns = turns();
        let now = Instant::now();
        for _ in 0..29 {
            turns.end("a.example", now, HostAnswer::Declined);
        }
        turns.end("a.example", now, HostAnswer::Answered);
        for _ in 0..29 {
            turns.end("a.example", now, HostAnswer::Declined);
        }
        assert!(turns.given_up().next().is_none());
        turns.end("a.example", now, HostAnswer::Declined);
        assert_eq!(turns.given_up().next(), Some(("a.example", Why::Declining)));
    }
}
