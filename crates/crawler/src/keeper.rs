//! The thread that writes: one order after another, committed together while
//! more are waiting.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use gongbao_archive::{
    ArchiveError, Article, Attachment, Discovered, DueQuery, Exchange, Failure, HttpHead, PageFate,
    PageId, PageKind, PageRecord, Recorded, RunId, Seen, Writer,
};
use jiff::{Timestamp, civil::Date};
use tokio::sync::mpsc::UnboundedSender;
use url::Url;

use crate::{
    address::shape,
    attachments::is_file,
    clock::Clock,
    fetch::{Answer, Head},
    job::{ArticleSeen, Astray, End, Hop, Job, Kept, ListSeen, Order, Reply},
    list::{Listing, Reason},
    politeness::Politeness,
    reading::{Facts, Reading},
    recrawl::{self, Look, Past},
    site::Site,
};

/// So many pages are made durable together, at most.
pub(crate) const FULL_BATCH: usize = 128;

/// Fewer are made durable after that time. Until then they count as under way.
const COMMIT_AFTER: Duration = Duration::from_millis(50);

/// Where the disk is slow, after a multiple of what the last time took, so that
/// most of the time goes into other work …
const COMMIT_SHARE: u32 = 4;

/// … but after that time all the same.
const COMMIT_BY: Duration = Duration::from_millis(200);

/// A list whose pages bring nothing new so many times in a row goes in circles.
const MAX_STALE_PAGES: u32 = 3;

/// A list of so many pages names at most so many articles a page.
const MOST_ENTRIES_A_PAGE: u64 = 1_000;

/// What the keeper needs to know of the crawl.
pub(crate) struct Keeper<'a> {
    pub(crate) writer: Writer,
    pub(crate) run: RunId,
    pub(crate) sites: &'a [Site],
    pub(crate) rules: Politeness,
    pub(crate) clock: &'a dyn Clock,
    /// Pages are due by then, and what is found is due then.
    pub(crate) due: Timestamp,
    /// Only articles from that day on are fetched in this run.
    pub(crate) since: Option<Date>,
    /// How often a page is asked for in a run.
    pub(crate) attempts: u32,
    pub(crate) replies: UnboundedSender<Reply>,
    /// The days that lists gave for articles.
    pub(crate) days: HashMap<PageId, Date>,
    /// For each column: pages of its list in a row without news, and what was seen.
    pub(crate) walks: HashMap<(usize, Option<String>), Walk>,
    /// Pages found in this run, by site and the shape of their addresses.
    pub(crate) shapes: HashMap<(usize, String), u64>,
}

/// How the walk through a list goes.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    seen: HashSet<u64>,
    stale: u32,
}

/// What was kept and is not durable yet.
#[derive(Default)]
#[expect(clippy::vec_box, reason = "each is sent on in its box")]
struct Batch {
    kept: Vec<Box<Kept>>,
    /// When the first of them was kept.
    since: Option<Instant>,
    /// What the last commit took.
    cost: Duration,
}

impl Batch {
    fn add(&mut self, kept: Box<Kept>) {
        self.kept.push(kept);
        self.since.get_or_insert_with(Instant::now);
    }

    /// How long there is until it must be committed.
    fn wait(&self) -> Duration {
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
    fn take(&mut self, cost: Duration) -> Vec<Box<Kept>> {
        self.since = None;
        self.cost = cost;
        std::mem::take(&mut self.kept)
    }
}

impl Keeper<'_> {
    /// Works until nobody has orders any more; gives the writer back.
    pub(crate) fn run(mut self, orders: &Receiver<Order>) -> Result<Writer, ArchiveError> {
        let mut batch = Batch::default();
        loop {
            let order = match orders.recv_timeout(batch.wait()) {
                Ok(order) => order,
                Err(RecvTimeoutError::Timeout) => {
                    self.commit(&mut batch)?;
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => {
                    self.commit(&mut batch)?;
                    return Ok(self.writer);
                }
            };
            match self.obey(order) {
                Ok(Some(Reply::Kept(done))) => batch.add(done),
                Ok(Some(reply)) => self.tell(reply),
                Ok(None) => {}
                Err(error) => {
                    // What was kept before it is kept.
                    let _ = self.commit(&mut batch);
                    return Err(error);
                }
            }
            if batch.wait().is_zero() {
                self.commit(&mut batch)?;
            }
        }
    }

    /// Makes what was kept durable, and only then tells of it.
    fn commit(&mut self, batch: &mut Batch) -> Result<(), ArchiveError> {
        let began = Instant::now();
        self.writer.commit()?;
        for done in batch.take(began.elapsed()) {
            self.tell(Reply::Kept(done));
        }
        Ok(())
    }

    /// A loop that has gone needs no replies.
    fn tell(&self, reply: Reply) {
        let _ = self.replies.send(reply);
    }

    fn obey(&mut self, order: Order) -> Result<Option<Reply>, ArchiveError> {
        Ok(match order {
            Order::Due { site, after, limit } => Some(self.due(site, after.as_deref(), limit)?),
            Order::LookUp {
                job,
                answer,
                target,
            } => {
                let known = self.writer.page_at(target.as_str())?.is_some();
                Some(Reply::LookedUp {
                    job,
                    answer,
                    target,
                    known,
                })
            }
            Order::Keep(job, end) => Some(Reply::Kept(Box::new(self.keep(*job, end)?))),
            Order::KeepRobots { site, url, end } => {
                self.keep_robots(site, &url, end)?;
                None
            }
            Order::Forbid(job) => {
                self.writer.forbid(job.page.id)?;
                let due = recrawl::after(self.clock.now(), recrawl::FORBIDDEN);
                self.writer.schedule(job.page.id, due, job.page.interval)?;
                Some(Reply::Kept(Box::new(Kept {
                    detail: Some("robots.txt".to_owned()),
                    ..kept_of(&job)
                })))
            }
        })
    }

    fn due(
        &mut self,
        site: usize,
        after: Option<&PageRecord>,
        limit: usize,
    ) -> Result<Reply, ArchiveError> {
        let id = Some(self.sites[site].id.as_str());
        let in_all = match after {
            None => Some(self.writer.count_due(id, self.due)?),
            Some(_) => None,
        };
        let pages = self.writer.due(&DueQuery {
            site: id,
            by: self.due,
            after,
            limit,
        })?;
        Ok(Reply::Due {
            site,
            more: pages.len() == limit,
            pages,
            in_all,
        })
    }

    /// Keeps what came of a job: the redirects first, then its end.
    fn keep(&mut self, mut job: Job, end: End) -> Result<Kept, ArchiveError> {
        let hops = std::mem::take(&mut job.hops);
        if !hops.is_empty() {
            match &end {
                // What leads nowhere never led anywhere: only that it did is kept.
                End::Astray(_, Astray::Refused(why)) => {
                    let first = hops.into_iter().next().expect("there is one");
                    let end = End::Astray(Box::new(first.answer), Astray::Refused(why.clone()));
                    return self.keep_end(&job, end);
                }
                End::Astray(_, Astray::Gone) => {
                    let first = hops.into_iter().next().expect("there is one");
                    return self.keep_end(&job, End::Astray(Box::new(first.answer), Astray::Gone));
                }
                // Where it leads may become clear when it is tried again.
                End::Nothing { .. } => job.url = hops[0].url.clone(),
                _ => self.keep_hops(&mut job, &hops)?,
            }
        }
        self.keep_end(&job, end)
    }

    /// Keeps the redirects that were followed; the job's page is then the one
    /// they led to.
    fn keep_hops(&mut self, job: &mut Job, hops: &[Hop]) -> Result<(), ArchiveError> {
        for (index, hop) in hops.iter().enumerate() {
            let to = hops.get(index + 1).map_or(&job.url, |next| &next.url);
            let seen = Seen::Redirect {
                to: to.as_str(),
                permanent: is_permanent(hop.answer.status),
            };
            let recorded = self.record(job.page.id, &hop.answer, seen)?;
            self.plan(&job.page, &recorded, job.site, None, false)?;
            let found = Discovered {
                url: to.as_str(),
                site: &self.sites[job.site].id,
                column: job.page.column.as_deref(),
                kind: job.page.kind,
                found_on: Some(job.page.id),
                depth: job.page.depth,
                discovered: self.clock.now(),
                due: Some(self.due),
            };
            let page = self.writer.discover(&[found])?.pages[0];
            job.page = self.writer.page(page)?.expect("it was just made");
        }
        Ok(())
    }

    fn keep_end(&mut self, job: &Job, end: End) -> Result<Kept, ArchiveError> {
        let mut kept = kept_of(job);
        let (recorded, transient) = match &end {
            End::Read(answer, reading) => {
                kept.status = Some(answer.status);
                kept.bytes = answer.entity.len() as u64;
                kept.took = answer.took;
                return self.keep_reading(job, answer, reading, kept);
            }
            End::Redirected(answer, to) => {
                kept.status = Some(answer.status);
                let seen = Seen::Redirect {
                    to: to.as_str(),
                    permanent: is_permanent(answer.status),
                };
                (self.record(job.page.id, answer, seen)?, false)
            }
            End::Astray(answer, astray) => {
                kept.status = Some(answer.status);
                let seen = match astray {
                    Astray::Gone => Seen::Gone,
                    Astray::Refused(why) => Seen::Failed { why },
                };
                if let Astray::Refused(why) = astray {
                    kept.detail = Some(why.clone());
                }
                (self.record(job.page.id, answer, seen)?, false)
            }
            End::Nothing {
                why,
                transient,
                took,
            } => {
                kept.detail = Some(why.clone());
                kept.took = *took;
                let failure = Failure {
                    run: self.run,
                    page: job.page.id,
                    fetched: self.clock.now(),
                    took: *took,
                    why,
                };
                (self.writer.record_failure(&failure)?, *transient)
            }
        };
        self.settle(job, &recorded, transient, None, &mut kept)?;
        Ok(kept)
    }

    fn keep_reading(
        &mut self,
        job: &Job,
        answer: &Answer,
        reading: &Reading,
        mut kept: Kept,
    ) -> Result<Kept, ArchiveError> {
        let page = job.page.id;
        let mut transient = false;
        let recorded = match reading {
            Reading::List(listing, body) => {
                let seen = Seen::Page {
                    body: Some(body),
                    article: None,
                };
                let recorded = self.record(page, answer, seen)?;
                self.keep_links(job, listing, &mut kept)?;
                recorded
            }
            Reading::Article(facts) => self.keep_article(job, answer, facts, &mut kept)?,
            Reading::Same(body) => {
                let seen = Seen::Page {
                    body: body.as_deref(),
                    article: (job.page.kind == PageKind::Article).then(Article::default),
                };
                self.record(page, answer, seen)?
            }
            Reading::File => {
                let seen = Seen::Page {
                    body: None,
                    article: None,
                };
                self.record(page, answer, seen)?
            }
            Reading::NotModified => self.record(page, answer, Seen::NotModified)?,
            Reading::Gone => self.record(page, answer, Seen::Gone)?,
            Reading::Declined(how) => {
                kept.detail = Some((*how).to_owned());
                self.record(page, answer, Seen::Declined)?
            }
            Reading::Failed {
                why,
                transient: may,
            } => {
                transient = *may;
                kept.detail = Some(why.clone());
                self.record(page, answer, Seen::Failed { why })?
            }
        };
        self.settle(job, &recorded, transient, Some(answer), &mut kept)?;
        Ok(kept)
    }

    fn keep_article(
        &mut self,
        job: &Job,
        answer: &Answer,
        facts: &Facts,
        kept: &mut Kept,
    ) -> Result<Recorded, ArchiveError> {
        let links: Vec<Attachment<'_>> = facts
            .files
            .iter()
            .map(|file| Attachment {
                url: file.url.as_str(),
                text: file.text.as_deref(),
            })
            .collect();
        let seen = Seen::Page {
            body: facts.body.as_deref(),
            article: Some(Article {
                attachments: &links,
            }),
        };
        let recorded = self.record(job.page.id, answer, seen)?;
        let site = &self.sites[job.site];
        let found: Vec<Discovered<'_>> = facts
            .files
            .iter()
            .filter(|file| may_fetch(site, &file.url))
            .map(|file| Discovered {
                url: file.url.as_str(),
                site: &site.id,
                column: job.page.column.as_deref(),
                kind: PageKind::Attachment,
                found_on: Some(job.page.id),
                depth: job.page.depth + 1,
                discovered: self.clock.now(),
                due: Some(self.due),
            })
            .collect();
        kept.new_pages += self.writer.discover(&found)?.new;
        if let Some(day) = facts.published {
            self.days.insert(job.page.id, day);
        }
        kept.article = Some(ArticleSeen {
            is_read: facts.is_read,
            body: facts.body.clone(),
            doc_number: facts.doc_number.clone(),
        });
        Ok(recorded)
    }

    /// Makes pages of a list's links, and walks on where that is worth it.
    fn keep_links(
        &mut self,
        job: &Job,
        listing: &Listing,
        kept: &mut Kept,
    ) -> Result<(), ArchiveError> {
        let site = &self.sites[job.site];
        let now = self.clock.now();
        let is_old =
            |day: Option<Date>| self.since.zip(day).is_some_and(|(since, day)| day < since);
        let shapes = &mut self.shapes;
        let budget = u64::from(site.depth) * MOST_ENTRIES_A_PAGE;
        let mut within = |url: &Url| {
            let count = shapes.entry((job.site, shape(url))).or_default();
            *count += 1;
            *count <= budget
        };
        let entries: Vec<_> = listing
            .entries
            .iter()
            .filter(|entry| may_fetch(site, &entry.url) && within(&entry.url))
            .collect();
        let found: Vec<Discovered<'_>> = entries
            .iter()
            .map(|entry| Discovered {
                url: entry.url.as_str(),
                site: &site.id,
                column: job.page.column.as_deref(),
                kind: if is_file(&entry.url) {
                    PageKind::Attachment
                } else {
                    PageKind::Article
                },
                found_on: Some(job.page.id),
                depth: job.page.depth + 1,
                discovered: now,
                // Too old for this run: it waits for one without that bound.
                due: (!is_old(entry.date)).then_some(self.due),
            })
            .collect();
        let discovery = self.writer.discover(&found)?;
        kept.new_pages += discovery.new;

        let walk = self
            .walks
            .entry((job.site, job.page.column.clone()))
            .or_default();
        let hashes: Vec<u64> = entries
            .iter()
            .map(|entry| hash_of(entry.url.as_str()))
            .collect();
        let fresh = hashes
            .iter()
            .filter(|hash| walk.seen.insert(**hash))
            .count();
        walk.stale = if fresh == 0 { walk.stale + 1 } else { 0 };
        let dated = entries.iter().filter(|entry| entry.date.is_some()).count();
        let all_old = dated > 0
            && entries
                .iter()
                .all(|entry| entry.date.is_none() || is_old(entry.date));
        let too_deep = job.page.depth + 1 >= site.depth;
        let goes_on = walk.stale < MAX_STALE_PAGES && !all_old && !too_deep;
        if goes_on {
            self.walk_on(job, listing, discovery.new > 0, kept)?;
        }
        kept.list = Some(ListSeen {
            entries: hashes,
            stated: listing.stated,
            recognised: listing.recognised,
            is_first: job.page.depth == 0,
            is_last: listing.next.is_empty(),
            too_deep: too_deep && !listing.next.is_empty(),
            scripted_next: listing
                .reasons
                .iter()
                .any(|reason| matches!(reason, Reason::ScriptedNext(_))),
        });
        Ok(())
    }

    /// Further pages of a list are fetched when they are new, or when the page
    /// before them has brought something new.
    fn walk_on(
        &mut self,
        job: &Job,
        listing: &Listing,
        anything_new: bool,
        kept: &mut Kept,
    ) -> Result<(), ArchiveError> {
        let site = &self.sites[job.site];
        for url in listing.next.iter().filter(|url| may_fetch(site, url)) {
            let pages = self.shapes.entry((job.site, shape(url))).or_default();
            *pages += 1;
            if *pages > u64::from(site.depth) {
                break;
            }
            let found = Discovered {
                url: url.as_str(),
                site: &site.id,
                column: job.page.column.as_deref(),
                kind: PageKind::List,
                found_on: Some(job.page.id),
                depth: job.page.depth + 1,
                discovered: self.clock.now(),
                due: Some(self.due),
            };
            let discovery = self.writer.discover(&[found])?;
            let page = self
                .writer
                .page(discovery.pages[0])?
                .expect("it was just made");
            let fetched_now = page.last_fetch.is_some_and(|last| last >= self.due);
            let again = anything_new && !fetched_now;
            if discovery.new == 0 && !again {
                continue;
            }
            kept.new_pages += discovery.new;
            self.writer
                .schedule(page.id, Some(self.due), page.interval)?;
            kept.walk.push(page);
        }
        Ok(())
    }

    fn record(
        &mut self,
        page: PageId,
        answer: &Answer,
        seen: Seen<'_>,
    ) -> Result<Recorded, ArchiveError> {
        let (request, response) = (fields(&answer.request), fields(&answer.response));
        self.writer.record(&Exchange {
            run: self.run,
            page,
            request: HttpHead {
                line: &answer.request.line,
                fields: &request,
            },
            response: HttpHead {
                line: &answer.response.line,
                fields: &response,
            },
            status: answer.status,
            entity: &answer.entity,
            truncated: answer.cut.as_ref().map(|(how, _)| *how),
            fetched: answer.fetched,
            took: answer.took,
            ip: answer.ip,
            seen,
        })
    }

    /// Schedules the page, or has it asked for again in this run.
    fn settle(
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

    fn plan(
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

    fn keep_robots(
        &mut self,
        site: usize,
        url: &Url,
        end: Result<Box<Answer>, (String, Duration)>,
    ) -> Result<(), ArchiveError> {
        let found = Discovered {
            url: url.as_str(),
            site: &self.sites[site].id,
            column: None,
            kind: PageKind::Robots,
            found_on: None,
            depth: 0,
            discovered: self.clock.now(),
            due: None,
        };
        let page = self.writer.discover(&[found])?.pages[0];
        match end {
            Ok(answer) => {
                let target = answer
                    .response
                    .get("location")
                    .and_then(|to| url.join(to).ok());
                let why = format!("status {}", answer.status);
                let seen = match answer.status {
                    200..=299 => Seen::Page {
                        body: None,
                        article: None,
                    },
                    300..=399 if target.is_some() => Seen::Redirect {
                        to: target.as_ref().map_or("", Url::as_str),
                        permanent: false,
                    },
                    404 | 410 => Seen::Gone,
                    400..=499 => Seen::Declined,
                    _ => Seen::Failed { why: &why },
                };
                self.record(page, &answer, seen)?;
            }
            Err((why, took)) => {
                self.writer.record_failure(&Failure {
                    run: self.run,
                    page,
                    fetched: self.clock.now(),
                    took,
                    why: &why,
                })?;
            }
        }
        Ok(())
    }
}

/// Whether `site` lets `url` be fetched.
pub(crate) fn may_fetch(site: &Site, url: &Url) -> bool {
    site.may_visit(url) && (url.scheme() == "https" || site.plain_http)
}

fn is_permanent(status: u16) -> bool {
    matches!(status, 301 | 308)
}

fn kept_of(job: &Job) -> Kept {
    Kept {
        site: job.site,
        column: job.page.column.clone(),
        url: job.page.url.clone(),
        kind: Some(job.page.kind),
        held: job.held,
        is_further: job.page.kind == PageKind::List && job.page.depth > 0,
        ..Kept::default()
    }
}

fn fields(head: &Head) -> Vec<(&str, &[u8])> {
    head.fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_slice()))
        .collect()
}

pub(crate) fn hash_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
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
