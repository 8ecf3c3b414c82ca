//! Where a redirect leads, and whether it is followed.

use gongbao_archive::PageKind;
use url::Url;

use super::{Crawl, CrawlEvent};
use crate::{
    address::canonical,
    fetch::Answer,
    guard::check_literal,
    job::{Astray, End, Hop, Job, Order},
    keeper::may_fetch,
    site::Site,
};

impl<F: FnMut(CrawlEvent<'_>)> Crawl<'_, F> {
    pub(super) fn on_redirect(&mut self, job: Box<Job>, answer: Box<Answer>) {
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
    pub(super) fn where_to(&self, job: &Job, answer: &Answer) -> Result<Url, Astray> {
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

    pub(super) fn on_looked_up(
        &mut self,
        mut job: Box<Job>,
        answer: Box<Answer>,
        target: Url,
        known: bool,
    ) {
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
