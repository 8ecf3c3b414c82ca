//! What came of a job, as records and pages.

use std::time::Duration;

use gongbao_archive::{
    ArchiveError, Article, Attachment, Discovered, Exchange, Failure, HttpHead, PageId, PageKind,
    Recorded, Seen,
};
use url::Url;

use super::{Keeper, kept_of, may_fetch};
use crate::{
    fetch::{Answer, Head},
    job::{ArticleSeen, Astray, End, Hop, Job, Kept},
    reading::{Facts, Reading},
};

impl Keeper<'_> {
    /// Keeps what came of a job: the redirects first, then its end.
    pub(super) fn keep(&mut self, mut job: Job, end: End) -> Result<Kept, ArchiveError> {
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

    pub(super) fn keep_robots(
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
}

fn is_permanent(status: u16) -> bool {
    matches!(status, 301 | 308)
}

fn fields(head: &Head) -> Vec<(&str, &[u8])> {
    head.fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_slice()))
        .collect()
}
