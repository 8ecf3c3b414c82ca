//! Pages that wait in memory: the next few of each site, and those to be asked
//! for again.

use std::cmp::Reverse;

use gongbao_archive::PageKind;
use tokio::time::Instant;
use url::Url;

use super::{Crawl, CrawlEvent};
use crate::{
    job::{Job, Order},
    keeper::may_fetch,
};

/// So many pages of a site wait in memory; the others wait in the catalogue.
const WINDOW: usize = 256;

/// A window with fewer is filled up.
const LOW_WINDOW: usize = 64;

/// The pages of a site that wait in memory.
#[derive(Default)]
pub(super) struct Window {
    pub(super) waiting: usize,
    pub(super) after: Option<Box<gongbao_archive::PageRecord>>,
    pub(super) asked: bool,
    /// Nothing more was due when last asked, and nothing has been found since.
    pub(super) exhausted: bool,
    pub(super) queued: u64,
}

/// A page to be asked for again.
pub(super) struct Later(pub(super) Instant, pub(super) u64, pub(super) Box<Job>);
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

impl<F: FnMut(CrawlEvent<'_>)> Crawl<'_, F> {
    /// Puts pages back whose time has come.
    pub(super) fn bring_back(&mut self, now: Instant) {
        while self.later.peek().is_some_and(|later| later.0.0 <= now) {
            let Reverse(Later(_, _, job)) = self.later.pop().expect("it was just seen");
            self.queue(job);
        }
    }

    pub(super) fn fill_windows(&mut self) {
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

    /// Puts a page into the queue of its host.
    pub(super) fn queue(&mut self, job: Box<Job>) {
        self.windows[job.site].waiting += 1;
        self.hosts.push(job);
    }

    pub(super) fn on_due(
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

    pub(super) fn queue_page(&mut self, site: usize, page: gongbao_archive::PageRecord) {
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
}
