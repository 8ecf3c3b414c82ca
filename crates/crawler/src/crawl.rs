//! A crawl: fetches what is due, politely, until nothing is left or its budget
//! is spent.

mod answers; // pages are asked for, and answers come in
mod hosts; // queues by host
mod options; // how it is to be done, what happens, how it ends
mod redirects; // where they lead, and whether they are followed
mod robots; // asked for before anything else of a host
mod tally; // what was seen, for the report
mod windows; // pages that wait in memory

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    future::Future,
    pin::pin,
    sync::{Arc, mpsc},
    time::Duration,
};

use gongbao_archive::{ArchiveError, Discovered, PageKind, RunOutcome, Writer};
use gongbao_notice::Reader;
use jiff::Timestamp;
use tokio::{
    sync::{Semaphore, mpsc as channel},
    time::Instant,
};
use url::Url;

use self::{
    hosts::{HostQueues, Next},
    tally::Tally,
    windows::{Later, Window},
};
pub use self::{
    options::{CrawlError, CrawlEvent, CrawlOptions, Ended},
    tally::{ColumnReport, CrawlReport, Located, SiteReport},
};
use crate::{
    address::canonical,
    clock::Clock,
    fetch::{Answer, Fetcher},
    job::{Job, Order, Reply},
    keeper::{FULL_BATCH, Keeper},
    politeness::Turns,
    site::Site,
};

/// So many pages may be fetched and not yet kept. The keeper makes half of them
/// durable at a time, so that nobody waits for the other.
const MOST_UNKEPT: usize = 2 * FULL_BATCH;

/// And with bodies of so many bytes.
const MOST_HELD_BYTES: u64 = 64 << 20;

/// How a crawl is told to stop, and why it stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Running,
    /// Nothing new is begun; what is under way is finished.
    Ending(Ended),
}

/// What the loop hears.
enum Heard {
    /// A page was answered, or not.
    Fetched(Box<Job>, Result<Answer, (String, bool, Duration)>),
    /// A `robots.txt` was.
    Robots {
        host: String,
        site: usize,
        url: Url,
        hops: usize,
        answer: Result<Answer, (String, bool, Duration)>,
    },
}

/// Fetches what is due of `sites` until nothing is left, the budget is spent
/// or `stop` resolves; then finishes what is under way.
///
/// The writer is held by a thread of its own and given back closed.
///
/// # Errors
///
/// [`CrawlError`], when the archive fails; what was committed is kept. Pages
/// that cannot be had are no errors.
pub async fn crawl(
    writer: Writer,
    sites: Vec<Site>,
    reader: Arc<Reader>,
    clock: Arc<dyn Clock>,
    options: CrawlOptions,
    hear: impl FnMut(CrawlEvent<'_>),
    stop: impl Future<Output = ()>,
) -> Result<CrawlReport, CrawlError> {
    let fetcher = Fetcher::new(
        &options.user_agent,
        &options.limits,
        options.allow_private,
        options.proxy.as_deref(),
        Arc::clone(&clock),
    )?;
    let mut writer = writer;
    let started = clock.now();
    let newest = writer.newest_run()?;
    // A clock set back must not leave everything waiting until it has caught up.
    let due = newest.map_or(started, |newest| newest.max(started));
    let set_back = due > started;
    let run = writer.begin_run(&options.command, started)?;
    for site in &sites {
        if options.since.is_none() {
            writer.wake(&site.id, due)?;
        }
        if options.refresh {
            writer.refresh(&site.id, due)?;
        }
        let starts: Vec<_> = site
            .columns
            .iter()
            .filter_map(|column| Some((column, canonical(&column.url)?)))
            .collect();
        let found: Vec<_> = starts
            .iter()
            .map(|(column, url)| Discovered {
                url: url.as_str(),
                site: &site.id,
                column: Some(&column.name),
                kind: PageKind::List,
                found_on: None,
                depth: 0,
                discovered: started,
                due: Some(due),
            })
            .collect();
        writer.discover(&found)?;
    }
    writer.commit()?;

    let sites = Arc::new(sites);
    let (orders, inbox) = mpsc::channel();
    let (replies, from_keeper) = channel::unbounded_channel();
    let keeper = {
        let (sites, rules, clock) = (
            Arc::clone(&sites),
            options.politeness.clone(),
            Arc::clone(&clock),
        );
        let (since, attempts, replies) = (options.since, options.attempts.max(1), replies);
        std::thread::Builder::new()
            .name("gongbao-keeper".to_owned())
            .spawn(move || {
                let broken = replies.clone();
                let keeper = Keeper {
                    writer,
                    run,
                    sites: &sites,
                    rules,
                    clock: clock.as_ref(),
                    due,
                    since,
                    attempts,
                    replies,
                    days: Default::default(),
                    walks: Default::default(),
                    shapes: Default::default(),
                };
                keeper.run(&inbox).inspect_err(|_| {
                    let _ = broken.send(Reply::Broken);
                })
            })
            .map_err(|source| ArchiveError::Io {
                action: "start a thread to write",
                path: "gongbao-keeper".into(),
                source,
            })?
    };
    let mut crawl = Crawl::new(&sites, &reader, &options, fetcher, orders, hear);
    if set_back {
        crawl.tally.clock_was_set_back(due);
    }
    let ended = crawl.run(from_keeper, stop).await;
    let Crawl {
        mut tally,
        orders,
        hosts,
        ..
    } = crawl;
    for (host, why) in hosts.turns_ref().given_up() {
        tally.host_given_up(host, why);
    }
    drop(orders);
    let joined = tokio::task::spawn_blocking(move || keeper.join()).await;
    let mut writer = match joined {
        Ok(Ok(writer)) => writer?,
        _ => std::panic::panic_any("the thread that writes broke down"),
    };
    let ended_at = clock.now();
    let report = tally.report(&sites, ended, ended_at);
    for alarm in &report.alarms {
        writer.raise(run, alarm)?;
    }
    for site in &report.sites {
        for column in &site.columns {
            writer.cover(run, &column.coverage)?;
        }
    }
    let outcome = match ended {
        Ended::Interrupted => RunOutcome::Interrupted,
        _ => RunOutcome::Done,
    };
    writer.end_run(run, ended_at, outcome, None)?;
    writer.finish()?;
    Ok(report)
}

/// The loop that fetches.
struct Crawl<'a, F> {
    sites: &'a Arc<Vec<Site>>,
    reader: &'a Arc<Reader>,
    options: &'a CrawlOptions,
    fetcher: Fetcher,
    orders: mpsc::Sender<Order>,
    hear: F,
    hosts: HostQueues,
    windows: Vec<Window>,
    /// Pages to be asked for again, when.
    later: BinaryHeap<Reverse<Later>>,
    tally: Tally,
    heard: channel::UnboundedSender<Heard>,
    from_fetches: channel::UnboundedReceiver<Heard>,
    /// Cores that may read pages.
    readers: Arc<Semaphore>,
    /// Requests under way.
    fetching: usize,
    /// Pages fetched and not yet kept, and orders without a reply.
    keeping: usize,
    /// Bytes of pages fetched and not yet kept.
    held: u64,
    begun: u64,
    phase: Phase,
    broken: bool,
}

impl<'a, F: FnMut(CrawlEvent<'_>)> Crawl<'a, F> {
    fn new(
        sites: &'a Arc<Vec<Site>>,
        reader: &'a Arc<Reader>,
        options: &'a CrawlOptions,
        fetcher: Fetcher,
        orders: mpsc::Sender<Order>,
        hear: F,
    ) -> Self {
        let seed = Timestamp::now().as_nanosecond() as u64;
        let mut turns = Turns::new(options.politeness.clone(), seed);
        for site in sites.iter() {
            for host in &site.hosts {
                turns.slow_down(host, site.delay.unwrap_or_default());
            }
        }
        let (heard, from_fetches) = channel::unbounded_channel();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            sites,
            reader,
            options,
            fetcher,
            orders,
            hear,
            hosts: HostQueues::new(turns),
            windows: sites.iter().map(|_| Window::default()).collect(),
            later: BinaryHeap::new(),
            tally: Tally::new(sites),
            heard,
            from_fetches,
            readers: Arc::new(Semaphore::new(cores)),
            fetching: 0,
            keeping: 0,
            held: 0,
            begun: 0,
            phase: Phase::Running,
            broken: false,
        }
    }

    async fn run(
        &mut self,
        mut from_keeper: channel::UnboundedReceiver<Reply>,
        stop: impl Future<Output = ()>,
    ) -> Ended {
        let mut stop = pin!(stop);
        let deadline = self.options.max_time.map(|time| Instant::now() + time);
        loop {
            let now = Instant::now();
            if self.phase == Phase::Running {
                if deadline.is_some_and(|deadline| deadline <= now) {
                    self.phase = Phase::Ending(Ended::MaxTime);
                }
                self.bring_back(now);
                self.fill_windows();
            }
            let wake = self.start(now);
            if self.fetching == 0 && self.keeping == 0 {
                match self.phase {
                    Phase::Ending(ended) => return ended,
                    Phase::Running if self.is_done(wake) => return Ended::Done,
                    Phase::Running => {}
                }
            }
            if self.broken {
                return Ended::Interrupted;
            }
            let next = [wake, self.later.peek().map(|later| later.0.0), deadline]
                .into_iter()
                .flatten()
                .min()
                .unwrap_or(now + Duration::from_secs(60));
            tokio::select! {
                biased;
                () = &mut stop, if self.phase != Phase::Ending(Ended::Interrupted) => {
                    self.phase = Phase::Ending(Ended::Interrupted);
                }
                Some(reply) = from_keeper.recv() => self.on_reply(reply),
                Some(heard) = self.from_fetches.recv() => self.on_heard(heard),
                () = tokio::time::sleep_until(next) => {}
            }
        }
    }

    /// Whether there is nothing left to do or to wait for.
    fn is_done(&self, wake: Option<Instant>) -> bool {
        wake.is_none()
            && self.later.is_empty()
            && self.hosts.is_empty()
            && self.windows.iter().all(|window| window.exhausted)
    }

    fn order(&mut self, order: Order) {
        if self.orders.send(order).is_err() {
            self.broken = true;
        }
    }

    /// Begins what may begin; tells when something else may.
    fn start(&mut self, now: Instant) -> Option<Instant> {
        if self.phase != Phase::Running {
            return None;
        }
        let most = self.options.concurrency.max(1);
        // What is fetched and not yet kept is bounded, so that memory is, and
        // what a kill undoes.
        while self.fetching < most && self.keeping < MOST_UNKEPT && self.held < MOST_HELD_BYTES {
            if self
                .options
                .max_pages
                .is_some_and(|most| self.begun >= most)
            {
                self.phase = Phase::Ending(Ended::MaxPages);
                return None;
            }
            match self.hosts.next(now) {
                Next::Page(job) => {
                    self.windows[job.site].waiting -= 1;
                    self.fetch(job);
                }
                Next::Robots {
                    host,
                    site,
                    url,
                    hops,
                } => self.fetch_robots(host, site, url, hops),
                Next::Forbidden(job) => {
                    self.windows[job.site].waiting -= 1;
                    self.keeping += 1;
                    self.order(Order::Forbid(job));
                }
                Next::Left(job) => {
                    self.windows[job.site].waiting -= 1;
                    self.tally.left(&job);
                }
                Next::At(then) => return Some(then),
                Next::Nothing => return None,
            }
        }
        None
    }

    fn on_heard(&mut self, heard: Heard) {
        self.fetching -= 1;
        match heard {
            Heard::Fetched(job, answer) => self.on_answer(job, answer),
            Heard::Robots {
                host,
                site,
                url,
                hops,
                answer,
            } => self.on_robots(host, site, url, hops, answer),
        }
    }

    fn on_reply(&mut self, reply: Reply) {
        match reply {
            Reply::Due {
                site,
                pages,
                more,
                in_all,
            } => self.on_due(site, pages, more, in_all),
            Reply::LookedUp {
                job,
                answer,
                target,
                known,
            } => {
                self.keeping -= 1;
                self.on_looked_up(job, answer, target, known);
            }
            Reply::Kept(kept) => self.on_kept(*kept),
            Reply::Broken => self.broken = true,
        }
    }
}
