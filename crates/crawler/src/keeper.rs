//! The thread that writes: one order after another, committed together while
//! more are waiting.

mod answers; // what came of a job, as records and pages
mod batch; // what is made durable together, and when
mod lists; // what a list leads to
mod schedule; // when a page is fetched next

use std::{
    collections::HashMap,
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::Instant,
};

use gongbao_archive::{ArchiveError, DueQuery, PageId, PageKind, PageRecord, RunId, Writer};
use jiff::{Timestamp, civil::Date};
use tokio::sync::mpsc::UnboundedSender;
use url::Url;

use self::batch::Batch;
pub(crate) use self::{batch::FULL_BATCH, lists::Walk, schedule::retry_after};
use crate::{
    clock::Clock,
    job::{Job, Kept, Order, Reply},
    politeness::Politeness,
    recrawl::{self},
    site::Site,
};

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
}

/// Whether `site` lets `url` be fetched.
pub(crate) fn may_fetch(site: &Site, url: &Url) -> bool {
    site.may_visit(url) && (url.scheme() == "https" || site.plain_http)
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
