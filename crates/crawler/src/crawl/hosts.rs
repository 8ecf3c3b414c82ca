//! Pages that wait, by host, and whose turn it is.

use std::collections::{HashMap, HashSet, VecDeque};

use gongbao_archive::PageId;
use tokio::time::{Duration, Instant};
use url::Url;

use crate::{
    address::host_key,
    job::Job,
    politeness::{HostAnswer, Turn, Turns, Why},
    robots::{RobotsRules, robots_url},
};

/// For how long a `robots.txt` is gone by before it is asked for again (RFC
/// 9309, 2.4). Every run asks for it anew.
const ROBOTS_LAST: Duration = Duration::from_secs(24 * 60 * 60);

/// What is known of a host's `robots.txt`.
#[derive(Debug, Default)]
pub(super) enum Robots {
    /// Not asked for yet.
    #[default]
    Unknown,
    /// Asked for.
    Asked,
    /// To be asked for at another address, after so many redirects.
    At(Url, usize),
    /// What it says, and since when that is known.
    Known(RobotsRules, Instant),
}

impl Robots {
    /// Forgets what was learned too long before `now`; whether that was so.
    fn grow_old(&mut self, now: Instant) -> bool {
        let is_old = matches!(self, Self::Known(_, since) if now - *since >= ROBOTS_LAST);
        if is_old {
            *self = Self::Unknown;
        }
        is_old
    }
}

/// What may be done next.
pub(super) enum Next {
    /// Fetch a page.
    Page(Box<Job>),
    /// Fetch a `robots.txt`.
    Robots {
        host: String,
        site: usize,
        url: Url,
        hops: usize,
    },
    /// A page that `robots.txt` forbids.
    Forbidden(Box<Job>),
    /// A page of a host that is left alone.
    Left(Box<Job>),
    /// Wait until then.
    At(Instant),
    /// Wait for something else to happen.
    Nothing,
}

#[derive(Debug, Default)]
struct Queue {
    jobs: VecDeque<Box<Job>>,
    robots: Robots,
    robots_failures: u32,
}

/// The queues of all hosts.
pub(super) struct HostQueues {
    turns: Turns,
    queues: HashMap<String, Queue>,
    /// Hosts in the order in which they are served.
    order: Vec<String>,
    last: usize,
    waiting: usize,
    /// Lists that were put into a queue.
    taken: HashSet<PageId>,
}

impl HostQueues {
    pub(super) fn new(turns: Turns) -> Self {
        Self {
            turns,
            queues: HashMap::new(),
            order: Vec::new(),
            last: 0,
            waiting: 0,
            taken: HashSet::new(),
        }
    }

    pub(super) fn turns(&mut self) -> &mut Turns {
        &mut self.turns
    }

    pub(super) fn turns_ref(&self) -> &Turns {
        &self.turns
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting == 0
    }

    /// Notes that a page is in a queue, or was; whether that is new.
    pub(super) fn take(&mut self, page: PageId) -> bool {
        self.taken.insert(page)
    }

    pub(super) fn push(&mut self, job: Box<Job>) {
        let host = host_key(&job.url);
        self.waiting += 1;
        // A redirect goes on at once: nobody else knows of it.
        let first = !job.hops.is_empty();
        let queue = self.queue(host);
        if first {
            queue.jobs.push_front(job);
        } else {
            queue.jobs.push_back(job);
        }
    }

    fn queue(&mut self, host: String) -> &mut Queue {
        if !self.queues.contains_key(&host) {
            self.order.push(host.clone());
        }
        self.queues.entry(host).or_default()
    }

    /// What may be done at `now`; hosts take turns.
    pub(super) fn next(&mut self, now: Instant) -> Next {
        let mut soonest: Option<Instant> = None;
        for step in 0..self.order.len() {
            let index = (self.last + 1 + step) % self.order.len();
            let host = &self.order[index];
            let queue = self
                .queues
                .get_mut(host)
                .expect("each host in order has one");
            let Some(job) = queue.jobs.front() else {
                continue;
            };
            match self.turns.turn(host, now) {
                Turn::Waiting => continue,
                Turn::At(then) => {
                    soonest = Some(soonest.map_or(then, |soonest| soonest.min(then)));
                    continue;
                }
                Turn::GivenUp(_) => {
                    self.waiting -= 1;
                    return Next::Left(queue.jobs.pop_front().expect("it was just seen"));
                }
                Turn::Now => {}
            }
            if queue.robots.grow_old(now) {
                queue.robots_failures = 0;
            }
            let rules = match &queue.robots {
                Robots::Asked => continue,
                Robots::Unknown => {
                    let (site, url) = (job.site, robots_url(&job.url));
                    let host = host.clone();
                    queue.robots = Robots::Asked;
                    return Next::Robots {
                        host,
                        site,
                        url,
                        hops: 0,
                    };
                }
                Robots::At(url, hops) => {
                    let (site, url, hops) = (job.site, url.clone(), *hops);
                    let host = host.clone();
                    queue.robots = Robots::Asked;
                    return Next::Robots {
                        host,
                        site,
                        url,
                        hops,
                    };
                }
                Robots::Known(rules, _) => rules,
            };
            let allowed = rules.allow(&job.url);
            self.last = index;
            self.waiting -= 1;
            let job = queue.jobs.pop_front().expect("it was just seen");
            return if allowed {
                Next::Page(job)
            } else {
                Next::Forbidden(job)
            };
        }
        soonest.map_or(Next::Nothing, Next::At)
    }

    pub(super) fn begin(&mut self, host: &str) {
        self.turns.begin(host);
    }

    pub(super) fn end(&mut self, host: &str, now: Instant, answer: HostAnswer) {
        self.turns.end(host, now, answer);
    }

    pub(super) fn robots(&mut self, host: &str, robots: Robots) {
        self.queue(host.to_owned()).robots = robots;
    }

    /// The `robots.txt` of `host` is at `url`, say `hops` redirects.
    pub(super) fn ask_robots_at(&mut self, host: &str, url: Url, hops: usize) {
        self.robots(host, Robots::At(url, hops));
    }

    /// It could not be had: it is asked for again, `attempts` times in all;
    /// then the host is left alone for the run.
    pub(super) fn robots_failed(
        &mut self,
        host: &str,
        now: Instant,
        asked: Option<Duration>,
        attempts: u32,
    ) {
        let queue = self.queue(host.to_owned());
        queue.robots = Robots::Unknown;
        queue.robots_failures += 1;
        if queue.robots_failures >= attempts {
            self.turns.give_up(host, Why::Failing);
        } else {
            self.turns.begin(host);
            self.turns.end(host, now, HostAnswer::Busy(asked));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_robots_txt_is_gone_by_for_a_day() {
        let rules = RobotsRules::of_answer(404, b"").expect("there is none");
        let now = Instant::now();
        let mut robots = Robots::Known(rules, now);
        assert!(!robots.grow_old(now + ROBOTS_LAST - Duration::from_secs(1)));
        assert!(matches!(robots, Robots::Known(..)));
        assert!(robots.grow_old(now + ROBOTS_LAST));
        assert!(matches!(robots, Robots::Unknown));
        assert!(!robots.grow_old(now + ROBOTS_LAST));
    }
}
