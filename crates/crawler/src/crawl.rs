//! A crawl: fetches what is due, politely, until nothing is left or its budget
//! is spent.

mod hosts; // queues by host
mod tally; // what was seen, for the report

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    future::Future,
    pin::pin,
    sync::{Arc, mpsc},
    time::Duration,
};

use gongbao_archive::{ArchiveError, Discovered, PageFate, PageKind, RunOutcome, Writer};
use gongbao_notice::Reader;
use jiff::{Timestamp, civil::Date};
use tokio::{
    sync::{Semaphore, mpsc as channel},
    time::Instant,
};
use url::Url;

pub use self::tally::{ColumnReport, CrawlReport, Located, SiteReport};
use self::{
    hosts::{HostQueues, Next, Robots},
    tally::Tally,
};
use crate::{
    address::{canonical, host_key},
    clock::Clock,
    fetch::{Answer, ClientError, Condition, Fetcher, Limits, NoAnswer},
    guard::check_literal,
    job::{Astray, End, Hop, Job, Kept, Order, Reply},
    keeper::{FULL_BATCH, Keeper, may_fetch, retry_after},
    politeness::{HostAnswer, Politeness, Turns},
    reading::{self, Asked, Reading},
    robots::RobotsRules,
    site::Site,
    verdict::{self, StatusSays},
};

/// So many pages of a site wait in memory; the others wait in the catalogue.
const WINDOW: usize = 256;
/// A window with fewer is filled up.
const LOW_WINDOW: usize = 64;

/// Pages of so many bytes, compressed or not, are read where they came in: to
/// wake another thread for one takes a good part of the time that reading does.
/// A longer one would hold up the requests of other hosts.
const SHORT_BYTES: usize = 32 << 10;

/// So many pages may be fetched and not yet kept. The keeper makes half of them
/// durable at a time, so that nobody waits for the other.
const MOST_UNKEPT: usize = 2 * FULL_BATCH;

/// And with bodies of so many bytes.
const MOST_HELD_BYTES: u64 = 64 << 20;

/// Redirects of a `robots.txt` that are followed (RFC 9309, 2.3.1.2).
const ROBOTS_HOPS: usize = 5;
/// How often a `robots.txt` is asked for that cannot be had.
const ROBOTS_ATTEMPTS: u32 = 3;
/// How much of one is taken: RFC 9309 asks for 500 KiB at least.
const ROBOTS_BYTES: u64 = 512 << 10;

/// How a crawl is to be done.
#[derive(Clone, Debug)]
pub struct CrawlOptions {
    /// What hosts are told of us: the program, and whom to write to.
    pub user_agent: String,
    /// How hosts are treated.
    pub politeness: Politeness,
    /// The most that is waited for and taken.
    pub limits: Limits,
    /// Requests under way at a time, at all hosts.
    pub concurrency: usize,
    /// How often a page is asked for in a run that fails in passing.
    pub attempts: u32,
    /// At most so many pages are fetched.
    pub max_pages: Option<u64>,
    /// For at most so long.
    pub max_time: Option<Duration>,
    /// Only articles of that day and later ones, as far as lists give days.
    pub since: Option<Date>,
    /// Whether every page known is looked at again, due or not.
    pub refresh: bool,
    /// Whether addresses that are not of the public internet may be
    /// connected to.
    pub allow_private: bool,
    /// A proxy that everything goes through.
    pub proxy: Option<String>,
    /// The command as typed, for the record.
    pub command: String,
}

impl Default for CrawlOptions {
    fn default() -> Self {
        Self {
            user_agent: format!(
                "Mozilla/5.0 (compatible; gongbao/{}; full-text search of government notices)",
                env!("CARGO_PKG_VERSION")
            ),
            politeness: Politeness::default(),
            limits: Limits::default(),
            concurrency: 16,
            attempts: 3,
            max_pages: None,
            max_time: None,
            since: None,
            refresh: false,
            allow_private: false,
            proxy: None,
            command: "crawl".to_owned(),
        }
    }
}

/// Why a crawl ended before its time.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CrawlError {
    /// The archive does not take what was fetched.
    #[error("could not keep what was fetched")]
    Archive(#[from] ArchiveError),
    /// No HTTP client could be made.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// What happens in a crawl.
#[derive(Debug)]
#[non_exhaustive]
pub enum CrawlEvent<'a> {
    /// What came of a page.
    Page {
        /// The id of its site.
        site: &'a str,
        /// Its column.
        column: Option<&'a str>,
        /// Its address.
        url: &'a str,
        /// What it is.
        kind: PageKind,
        /// What it came to; `None` where `robots.txt` forbids it.
        fate: Option<PageFate>,
        /// The status of HTTP, if there was an answer.
        status: Option<u16>,
        /// What is the matter, or where it is now.
        detail: Option<&'a str>,
        /// Bytes received.
        bytes: u64,
        /// How long it took.
        took: Duration,
        /// Whether it is asked for again in this run.
        again: bool,
    },
    /// How far a site is.
    Progress {
        /// Its id.
        site: &'a str,
        /// Pages fetched.
        done: u64,
        /// Pages known to be due.
        queued: u64,
        /// Pages that failed or were declined.
        errors: u64,
    },
}

/// How a crawl is told to stop, and why it stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Running,
    /// Nothing new is begun; what is under way is finished.
    Ending(Ended),
}

/// Why a crawl came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing was due any more.
    Done,
    /// It was told to.
    Interrupted,
    /// It had fetched as many pages as it might.
    MaxPages,
    /// It had taken as long as it might.
    MaxTime,
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

/// The pages of a site that wait in memory.
#[derive(Default)]
struct Window {
    waiting: usize,
    after: Option<Box<gongbao_archive::PageRecord>>,
    asked: bool,
    /// Nothing more was due when last asked, and nothing has been found since.
    exhausted: bool,
    queued: u64,
}

/// A page to be asked for again.
struct Later(Instant, u64, Box<Job>);

impl PartialEq for Later {
    fn eq(&self, other: &Self) -> bool {
        (self.0, self.1) == (other.0, other.1)
    }
}
impl Eq for Later {}
impl PartialOrd for Later {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Later {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0, self.1).cmp(&(other.0, other.1))
    }
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

    /// Puts pages back whose time has come.
    fn bring_back(&mut self, now: Instant) {
        while self.later.peek().is_some_and(|later| later.0.0 <= now) {
            let Reverse(Later(_, _, job)) = self.later.pop().expect("it was just seen");
            self.queue(job);
        }
    }

    fn fill_windows(&mut self) {
        for site in 0..self.windows.len() {
            let window = &mut self.windows[site];
            if window.asked || window.exhausted || window.waiting > LOW_WINDOW {
                continue;
            }
            window.asked = true;
            self.keeping += 1;
            let order = Order::Due {
                site,
                after: window.after.clone(),
                limit: WINDOW,
            };
            self.order(order);
        }
    }

    fn order(&mut self, order: Order) {
        if self.orders.send(order).is_err() {
            self.broken = true;
        }
    }

    /// Puts a page into the queue of its host.
    fn queue(&mut self, job: Box<Job>) {
        self.windows[job.site].waiting += 1;
        self.hosts.push(job);
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

    fn fetch(&mut self, job: Box<Job>) {
        self.begun += u64::from(job.hops.is_empty() && job.attempt == 0);
        self.fetching += 1;
        self.hosts.begin(&host_key(&job.url));
        let (fetcher, heard) = (self.fetcher.clone(), self.heard.clone());
        let condition = match job.hops.is_empty() {
            true => Condition {
                etag: job.page.etag.clone(),
                last_modified: job.page.last_modified.clone(),
            },
            false => Condition::default(),
        };
        let max_bytes = self.max_bytes(&job);
        tokio::spawn(async move {
            let began = Instant::now();
            let answer = fetcher.get(&job.url, &condition, max_bytes).await;
            let answer = answer.map_err(|error| told(&error, began));
            let _ = heard.send(Heard::Fetched(job, answer));
        });
    }

    fn max_bytes(&self, job: &Job) -> u64 {
        match job.page.kind {
            PageKind::Attachment => self.options.limits.file_bytes,
            _ => self.options.limits.page_bytes,
        }
    }

    fn fetch_robots(&mut self, host: String, site: usize, url: Url, hops: usize) {
        self.fetching += 1;
        self.hosts.begin(&host);
        let (fetcher, heard) = (self.fetcher.clone(), self.heard.clone());
        tokio::spawn(async move {
            let began = Instant::now();
            let answer = fetcher.get(&url, &Condition::default(), ROBOTS_BYTES).await;
            let answer = answer.map_err(|error| told(&error, began));
            let _ = heard.send(Heard::Robots {
                host,
                site,
                url,
                hops,
                answer,
            });
        });
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

    fn on_answer(&mut self, mut job: Box<Job>, answer: Result<Answer, (String, bool, Duration)>) {
        let bytes = answer
            .as_ref()
            .map_or(0, |answer| answer.entity.len() as u64);
        job.held += bytes;
        self.held += bytes;
        let host = host_key(&job.url);
        self.hosts.end(&host, Instant::now(), host_answer(&answer));
        self.keeping += 1;
        match answer {
            Err((why, transient, took)) => {
                let end = match job.hops.is_empty() {
                    // Where a redirect leads to an address that may not be connected to.
                    false if !transient => {
                        let hop = job.hops[job.hops.len() - 1].answer.clone();
                        End::Astray(Box::new(hop), Astray::Refused(why))
                    }
                    _ => End::Nothing {
                        why,
                        transient,
                        took,
                    },
                };
                self.order(Order::Keep(job, end));
            }
            Ok(answer) if verdict::of_status(answer.status) == StatusSays::Redirect => {
                self.on_redirect(job, Box::new(answer));
            }
            Ok(answer) => self.read(job, Box::new(answer)),
        }
    }

    /// Reads an answer and has the outcome kept.
    fn read(&mut self, job: Box<Job>, answer: Box<Answer>) {
        let (sites, reader) = (Arc::clone(self.sites), Arc::clone(self.reader));
        let (orders, readers) = (self.orders.clone(), Arc::clone(&self.readers));
        let max_bytes = self.max_bytes(&job);
        let is_short = answer.entity.len() <= SHORT_BYTES;
        let read = move || {
            let reading = read_safely(&reader, &sites[job.site], &job, &answer, max_bytes);
            let _ = orders.send(Order::Keep(job, End::Read(answer, reading)));
        };
        tokio::spawn(async move {
            if is_short {
                return read();
            }
            let _permit = readers.acquire_owned().await;
            let _ = tokio::task::spawn_blocking(read).await;
        });
    }

    fn on_redirect(&mut self, job: Box<Job>, answer: Box<Answer>) {
        match self.where_to(&job, &answer) {
            Ok(target) => self.order(Order::LookUp {
                job,
                answer,
                target,
            }),
            Err(astray) => self.order(Order::Keep(job, End::Astray(answer, astray))),
        }
    }

    /// Where a redirect leads, if it may be followed.
    fn where_to(&self, job: &Job, answer: &Answer) -> Result<Url, Astray> {
        let refused = |why: String| Err(Astray::Refused(why));
        let location = answer.response.get("location").unwrap_or_default();
        let target = job.url.join(location).ok().and_then(|url| canonical(&url));
        let Some(target) = target.filter(|_| !location.is_empty()) else {
            return refused(format!("it redirects to {location:?}, which is no address"));
        };
        let site = &self.sites[job.site];
        if let Err(error) = check_literal(&target, self.options.allow_private) {
            return refused(format!("it redirects to a place not asked for: {error}"));
        }
        if leads_nowhere(site, job, &target) {
            return Err(Astray::Gone);
        }
        if target == job.url || job.hops.iter().any(|hop| hop.url == target) {
            return refused("it redirects in a circle".to_owned());
        }
        if job.hops.len() >= self.options.limits.redirects {
            return refused(format!("it redirects more than {} times", job.hops.len()));
        }
        if !may_fetch(site, &target) {
            return refused(format!(
                "it redirects to {target}, which its site's profile does not allow"
            ));
        }
        Ok(target)
    }

    fn on_looked_up(&mut self, mut job: Box<Job>, answer: Box<Answer>, target: Url, known: bool) {
        if known {
            self.keeping += 1;
            return self.order(Order::Keep(job, End::Redirected(answer, target)));
        }
        let from = std::mem::replace(&mut job.url, target);
        job.hops.push(Hop {
            url: from,
            answer: *answer,
        });
        self.queue(job);
    }

    fn on_robots(
        &mut self,
        host: String,
        site: usize,
        url: Url,
        hops: usize,
        answer: Result<Answer, (String, bool, Duration)>,
    ) {
        let now = Instant::now();
        let target = match &answer {
            Ok(answer) if (300..400).contains(&answer.status) && hops < ROBOTS_HOPS => {
                let location = answer.response.get("location").unwrap_or_default();
                let target = url.join(location).ok().and_then(|url| canonical(&url));
                target.filter(|url| check_literal(url, self.options.allow_private).is_ok())
            }
            _ => None,
        };
        let rules = match &answer {
            Ok(answer) if answer.cut.is_none() || !answer.entity.is_empty() => {
                let encoding = answer.response.get("content-encoding");
                let text =
                    gongbao_archive::decode_entity(encoding, &answer.entity, ROBOTS_BYTES * 4);
                RobotsRules::of_answer(answer.status, text.as_deref().unwrap_or_default())
            }
            _ => None,
        };
        let asked = match &answer {
            Ok(answer) => retry_after(answer, Timestamp::now()),
            Err(_) => None,
        };
        // The delay that it asks for holds from this very request on.
        if let Some(delay) = rules.as_ref().and_then(RobotsRules::delay) {
            self.hosts.turns().slow_down(&host, delay);
        }
        self.hosts.end(&host, now, HostAnswer::Answered);
        let end = answer.map(Box::new).map_err(|(why, _, took)| (why, took));
        self.order(Order::KeepRobots {
            site,
            url: url.clone(),
            end,
        });
        match (target, rules) {
            (Some(target), _) => self.hosts.ask_robots_at(&host, target, hops + 1),
            (None, Some(rules)) => self.hosts.robots(&host, Robots::Known(rules, now)),
            (None, None) => self.hosts.robots_failed(&host, now, asked, ROBOTS_ATTEMPTS),
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

    fn on_due(
        &mut self,
        site: usize,
        pages: Vec<gongbao_archive::PageRecord>,
        more: bool,
        in_all: Option<u64>,
    ) {
        self.keeping -= 1;
        let window = &mut self.windows[site];
        window.asked = false;
        window.exhausted = !more;
        if let Some(queued) = in_all {
            window.queued = queued;
        }
        if let Some(last) = pages.last() {
            window.after = Some(Box::new(last.clone()));
        }
        for page in pages {
            // Lists come from two sides: as due, and from the page before them.
            if page.kind == PageKind::List && !self.hosts.take(page.id) {
                continue;
            }
            self.queue_page(site, page);
        }
    }

    fn queue_page(&mut self, site: usize, page: gongbao_archive::PageRecord) {
        match Url::parse(&page.url) {
            // A profile may have become stricter since the page was found.
            Ok(url) if may_fetch(&self.sites[site], &url) => self.queue(Box::new(Job {
                page,
                url,
                site,
                attempt: 0,
                hops: Vec::new(),
                held: 0,
            })),
            _ => tracing::debug!(url = page.url, "its site's profile does not allow it"),
        }
    }

    fn on_kept(&mut self, mut kept: Kept) {
        self.keeping -= 1;
        self.held -= kept.held;
        let window = &mut self.windows[kept.site];
        if kept.new_pages > 0 {
            window.exhausted = false;
            window.queued += kept.new_pages;
        }
        let again = kept.retry.is_some();
        for page in std::mem::take(&mut kept.walk) {
            if self.hosts.take(page.id) {
                self.queue_page(kept.site, page);
            }
        }
        if let Some((job, wait)) = kept.retry.take()
            && self.phase == Phase::Running
        {
            let at = Instant::now() + wait;
            let number = self.tally.fetched();
            self.later.push(Reverse(Later(at, number, job)));
        }
        self.tally.add(&kept, again);
        let site = &self.sites[kept.site];
        (self.hear)(CrawlEvent::Page {
            site: &site.id,
            column: kept.column.as_deref(),
            url: &kept.url,
            kind: kept.kind.unwrap_or(PageKind::Other),
            fate: kept.fate,
            status: kept.status,
            detail: kept.detail.as_deref(),
            bytes: kept.bytes,
            took: kept.took,
            again,
        });
        let (done, errors) = self.tally.progress(kept.site);
        (self.hear)(CrawlEvent::Progress {
            site: &site.id,
            done,
            queued: self.windows[kept.site].queued.saturating_sub(done),
            errors,
        });
    }
}

/// What `answer` is. One page never stops a run, whatever reading it trips over.
fn read_safely(
    reader: &Reader,
    site: &Site,
    job: &Job,
    answer: &Answer,
    max_bytes: u64,
) -> Reading {
    let last = job.page.sha256.as_deref().filter(|_| job.hops.is_empty());
    let asked = Asked {
        url: &job.url,
        kind: job.page.kind,
        column: job.page.column.as_deref(),
        last: last.map(|sha256| (sha256, job.page.body.as_deref())),
        max_bytes,
    };
    let read = || reading::read(reader, site, &asked, answer);
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Reading::Failed {
            why: "reading it failed, which is a defect worth reporting".to_owned(),
            transient: false,
        }
    })
}

fn told(error: &NoAnswer, began: Instant) -> (String, bool, Duration) {
    (error.to_string(), error.is_transient(), began.elapsed())
}

/// What an answer says of its host.
fn host_answer(answer: &Result<Answer, (String, bool, Duration)>) -> HostAnswer {
    match answer {
        Err((_, true, _)) => HostAnswer::Failed,
        Err(_) => HostAnswer::Answered,
        Ok(answer) => match answer.status {
            429 => HostAnswer::Busy(retry_after(answer, Timestamp::now())),
            503 if answer.response.get("retry-after").is_some() => {
                HostAnswer::Busy(retry_after(answer, Timestamp::now()))
            }
            500..=520 | 522..=599 => HostAnswer::Failed,
            status if verdict::of_status(status) == StatusSays::Declined => HostAnswer::Declined,
            _ => HostAnswer::Answered,
        },
    }
}

/// Whether a redirect leads to the home page, a list or a page of errors, as
/// sites do with what they deleted.
fn leads_nowhere(site: &Site, job: &Job, target: &Url) -> bool {
    if job.page.kind == PageKind::List {
        return false;
    }
    let path = target.path().to_ascii_lowercase();
    let is_home = matches!(
        path.as_str(),
        "/" | "/index.html" | "/index.htm" | "/index.shtml" | "/index.jsp"
    ) && target.query().is_none();
    let is_error = path.rsplit('/').take(2).any(|part| {
        part.starts_with("404") || part.starts_with("error") || part.starts_with("notfound")
    });
    let is_column = site
        .columns
        .iter()
        .any(|column| canonical(&column.url).as_ref() == Some(target));
    is_home || is_error || is_column
}
