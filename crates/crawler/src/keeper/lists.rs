//! What a list leads to: its articles, and where it goes on.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use gongbao_archive::{ArchiveError, Discovered, PageKind};
use jiff::civil::Date;
use url::Url;

use super::{Keeper, may_fetch};
use crate::{
    address::shape,
    attachments::is_file,
    job::{Job, Kept, ListSeen},
    list::{Listing, Reason},
};

/// A list whose pages bring nothing new so many times in a row goes in circles.
const MAX_STALE_PAGES: u32 = 3;

/// A list of so many pages names at most so many articles a page.
const MOST_ENTRIES_A_PAGE: u64 = 1_000;

/// How the walk through a list goes.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    seen: HashSet<u64>,
    stale: u32,
}

impl Keeper<'_> {
    /// Makes pages of a list's links, and walks on where that is worth it.
    pub(super) fn keep_links(
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
}

pub(crate) fn hash_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
