//! Pages are asked for, and answers come in.

use std::{cmp::Reverse, sync::Arc, time::Duration};

use gongbao_archive::PageKind;
use gongbao_notice::Reader;
use tokio::time::Instant;

use super::{Crawl, CrawlEvent, Heard, Phase, windows::Later};
use crate::{
    address::host_key,
    fetch::{Answer, Condition, NoAnswer},
    job::{Astray, End, Job, Kept, Order},
    keeper::retry_after,
    politeness::HostAnswer,
    reading::{self, Asked, Reading},
    site::Site,
    verdict::{self, StatusSays},
};

/// Pages of so many bytes, compressed or not, are read where they came in: to
/// wake another thread for one takes a good part of the time that reading does.
/// A longer one would hold up the requests of other hosts.
const SHORT_BYTES: usize = 32 << 10;

impl<F: FnMut(CrawlEvent<'_>)> Crawl<'_, F> {
    pub(super) fn fetch(&mut self, job: Box<Job>) {
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

    pub(super) fn max_bytes(&self, job: &Job) -> u64 {
        match job.page.kind {
            PageKind::Attachment => self.options.limits.file_bytes,
            _ => self.options.limits.page_bytes,
        }
    }

    pub(super) fn on_answer(
        &mut self,
        mut job: Box<Job>,
        answer: Result<Answer, (String, bool, Duration)>,
    ) {
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
    pub(super) fn read(&mut self, job: Box<Job>, answer: Box<Answer>) {
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

    pub(super) fn on_kept(&mut self, mut kept: Kept) {
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

pub(super) fn told(error: &NoAnswer, began: Instant) -> (String, bool, Duration) {
    (error.to_string(), error.is_transient(), began.elapsed())
}

/// What an answer says of its host.
fn host_answer(answer: &Result<Answer, (String, bool, Duration)>) -> HostAnswer {
    match answer {
        Err((_, true, _)) => HostAnswer::Failed,
        Err(_) => HostAnswer::Answered,
        Ok(answer) => match answer.status {
            429 => HostAnswer::Busy(retry_after(answer, answer.fetched)),
            503 if answer.response.get("retry-after").is_some() => {
                HostAnswer::Busy(retry_after(answer, answer.fetched))
            }
            500..=520 | 522..=599 => HostAnswer::Failed,
            status if verdict::of_status(status) == StatusSays::Declined => HostAnswer::Declined,
            _ => HostAnswer::Answered,
        },
    }
}
