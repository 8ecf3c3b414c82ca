//! What a crawl saw of each column, and what somebody should look at.

use std::collections::{BTreeMap, HashMap, HashSet};

use gongbao_archive::{Alarm, Coverage, PageFate, PageKind};
use jiff::Timestamp;

use super::Ended;
use crate::{
    finding::{Finding, gaps},
    job::{Job, Kept},
    politeness::Why,
    site::Site,
};

/// So many articles of a site that say the same are no accident.
const SAME_ARTICLES: usize = 5;

/// What came of a crawl.
#[derive(Clone, Debug)]
pub struct CrawlReport {
    /// Site by site, in the order of the crawl.
    pub sites: Vec<SiteReport>,
    /// What somebody should look at.
    pub findings: Vec<Located>,
    /// The same, as kept in the catalogue.
    pub alarms: Vec<Alarm>,
    /// Why it ended.
    pub ended: Ended,
    /// Bytes received.
    pub bytes: u64,
}

/// A finding and where it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The id of the site.
    pub site: Option<String>,
    /// The column.
    pub column: Option<String>,
    /// What was found.
    pub finding: Finding,
}

/// What came of a site.
#[derive(Clone, Debug, Default)]
pub struct SiteReport {
    /// Its id.
    pub id: String,
    /// Its columns.
    pub columns: Vec<ColumnReport>,
    /// How many articles and files came to each fate, the last one of this
    /// run; those without any are left out.
    pub fates: Vec<(PageFate, u64)>,
    /// Articles and files that `robots.txt` forbids.
    pub forbidden: u64,
    /// Pages that were left for the next run, as their host failed or declined.
    pub left: u64,
}

/// What came of a column.
#[derive(Clone, Debug, Default)]
pub struct ColumnReport {
    /// Its numbers.
    pub coverage: Coverage,
    /// Articles that are new.
    pub new: u64,
    /// Articles that were edited.
    pub edited: u64,
}

#[derive(Default)]
struct Column {
    coverage: Coverage,
    listed: HashSet<u64>,
    new: u64,
    edited: u64,
    /// Whether the list was walked from its first page to its last.
    from_first: bool,
    to_last: bool,
    findings: Vec<Finding>,
    numbers: Vec<String>,
}

#[derive(Default)]
struct SiteTally {
    columns: BTreeMap<String, Column>,
    fates: BTreeMap<&'static str, (PageFate, u64)>,
    forbidden: u64,
    left: u64,
    done: u64,
    errors: u64,
    read: u64,
    challenged: u64,
    bodies: HashMap<String, usize>,
}

/// Counts while a crawl runs.
pub(super) struct Tally {
    sites: Vec<SiteTally>,
    general: Vec<Finding>,
    bytes: u64,
    fetched: u64,
    given_up: BTreeMap<String, Why>,
}

impl Tally {
    pub(super) fn new(sites: &[Site]) -> Self {
        let mut tally = Self {
            sites: Vec::new(),
            general: Vec::new(),
            bytes: 0,
            fetched: 0,
            given_up: BTreeMap::new(),
        };
        for site in sites {
            let mut counts = SiteTally::default();
            for column in &site.columns {
                counts.columns.entry(column.name.clone()).or_default();
            }
            tally.sites.push(counts);
        }
        tally
    }

    pub(super) fn clock_was_set_back(&mut self, due: Timestamp) {
        self.general.push(Finding::ClockSetBack { until: due });
    }

    pub(super) fn host_given_up(&mut self, host: &str, why: Why) {
        self.given_up.insert(host.to_owned(), why);
    }

    pub(super) fn left(&mut self, job: &Job) {
        self.sites[job.site].left += 1;
    }

    /// Pages kept so far.
    pub(super) fn fetched(&self) -> u64 {
        self.fetched
    }

    /// Pages of a site that are done, and those of them that failed.
    pub(super) fn progress(&self, site: usize) -> (u64, u64) {
        (self.sites[site].done, self.sites[site].errors)
    }

    pub(super) fn add(&mut self, kept: &Kept, again: bool) {
        self.bytes += kept.bytes;
        self.fetched += 1;
        let site = &mut self.sites[kept.site];
        let column = site
            .columns
            .entry(kept.column.clone().unwrap_or_default())
            .or_default();
        column.coverage.fetched += u64::from(kept.status.is_some());
        if again {
            return;
        }
        site.done += 1;
        let declined = kept.fate == Some(PageFate::Declined);
        let failed = kept.fate == Some(PageFate::Unreachable);
        site.errors += u64::from(declined || failed);
        column.coverage.declined += u64::from(declined);
        column.coverage.failed += u64::from(failed);
        if kept.kind == Some(PageKind::List) {
            return column.add_list(kept);
        }
        match kept.fate {
            None => site.forbidden += 1,
            Some(fate) => site.fates.entry(fate.name()).or_insert((fate, 0)).1 += 1,
        }
        site.challenged += u64::from(declined);
        if kept.kind != Some(PageKind::Article) {
            return;
        }
        let there = matches!(
            kept.fate,
            Some(PageFate::New | PageFate::Unchanged | PageFate::Edited | PageFate::Chrome)
        );
        let moved_here = kept.fate == Some(PageFate::Moved) && kept.article.is_some();
        let is_read = kept.article.as_ref().is_none_or(|article| article.is_read);
        if (there || moved_here) && is_read {
            column.coverage.read += 1;
            site.read += 1;
        }
        column.new += u64::from(kept.fate == Some(PageFate::New));
        column.edited += u64::from(kept.fate == Some(PageFate::Edited));
        if let Some(article) = &kept.article {
            column.numbers.extend(article.doc_number.clone());
            if let Some(body) = &article.body {
                *site.bodies.entry(body.clone()).or_default() += 1;
            }
        }
    }

    pub(super) fn report(self, sites: &[Site], ended: Ended, at: Timestamp) -> CrawlReport {
        let mut findings: Vec<Located> = Vec::new();
        let mut reports = Vec::new();
        for finding in self.general {
            findings.push(Located {
                site: None,
                column: None,
                finding,
            });
        }
        for (site, counts) in sites.iter().zip(self.sites) {
            let mut found = |column: Option<&str>, finding| {
                findings.push(Located {
                    site: Some(site.id.clone()),
                    column: column.map(str::to_owned),
                    finding,
                });
            };
            for host in &site.hosts {
                match self.given_up.get(host) {
                    Some(Why::Failing) => found(None, Finding::HostFailing { host: host.clone() }),
                    Some(Why::Declining) => {
                        found(None, Finding::HostDeclining { host: host.clone() })
                    }
                    None => {}
                }
            }
            if counts.read == 0 && counts.challenged >= SAME_ARTICLES as u64 {
                let declined = counts.challenged;
                found(None, Finding::AllDeclined { declined });
            }
            let most = counts.bodies.values().copied().max().unwrap_or(0);
            if most >= SAME_ARTICLES && most * 2 > counts.bodies.values().sum::<usize>() {
                found(
                    None,
                    Finding::SameArticles {
                        articles: most as u64,
                    },
                );
            }
            let mut report = SiteReport {
                id: site.id.clone(),
                forbidden: counts.forbidden,
                left: counts.left,
                fates: counts.fates.into_values().collect(),
                columns: Vec::new(),
            };
            // Columns share series of numbers.
            let (mut numbers, mut all_whole) = (Vec::new(), true);
            for (name, mut column) in counts.columns {
                column.coverage.site.clone_from(&site.id);
                column.coverage.column.clone_from(&name);
                column.coverage.listed = column.listed.len() as u64;
                let is_whole = column.from_first && column.to_last;
                for finding in column.findings {
                    found(Some(&name), finding);
                }
                let listed = column.coverage.listed;
                if is_whole
                    && let Some(stated) = column.coverage.stated
                    && stated > listed
                {
                    found(Some(&name), Finding::ListGap { stated, listed });
                }
                all_whole &= is_whole;
                numbers.append(&mut column.numbers);
                report.columns.push(ColumnReport {
                    coverage: column.coverage,
                    new: column.new,
                    edited: column.edited,
                });
            }
            if all_whole {
                for gap in gaps(&numbers) {
                    found(None, Finding::NumberGap(gap));
                }
            }
            reports.push(report);
        }
        let alarms = findings
            .iter()
            .map(|located| Alarm {
                raised: at,
                site: located.site.clone(),
                column: located.column.clone(),
                kind: located.finding.kind().to_owned(),
                message: located.finding.to_string(),
            })
            .collect();
        CrawlReport {
            sites: reports,
            findings,
            alarms,
            ended,
            bytes: self.bytes,
        }
    }
}

impl Column {
    fn add_list(&mut self, kept: &Kept) {
        match &kept.list {
            Some(list) => {
                self.listed.extend(&list.entries);
                self.coverage.stated = self.coverage.stated.max(list.stated);
                self.from_first |= list.is_first;
                self.to_last |= list.is_last;
                let url = kept.url.clone();
                if !list.recognised {
                    self.findings
                        .push(Finding::UnknownList { url: url.clone() });
                } else if list.entries.is_empty() && list.is_first && list.is_last {
                    self.findings.push(Finding::EmptyList { url: url.clone() });
                }
                if list.too_deep {
                    self.findings
                        .push(Finding::EndlessList { url: url.clone() });
                }
                if list.scripted_next {
                    self.findings.push(Finding::ScriptedNext { url });
                }
            }
            None if matches!(kept.fate, Some(PageFate::Unchanged | PageFate::Moved)) => {}
            None => self.findings.push(Finding::ListFailed {
                url: kept.url.clone(),
                fate: kept.fate,
                detail: kept.detail.clone(),
            }),
        }
    }
}
