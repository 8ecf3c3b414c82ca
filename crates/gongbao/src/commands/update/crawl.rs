//! The first step: what is due of the sites.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant},
};

use gongbao_archive::{ArchiveError, StepOutcome};
use gongbao_crawler::{CrawlReport, Ended};
use serde_json::json;

use super::steps::{Done, Run};
use crate::{
    cli::Crawl,
    commands::crawl::{chosen, fetch, is_well},
    config::Config,
};

/// What came of crawling. It has a run of its own in the catalogue, with its
/// own alarms, and ends before the rest begins: the crawler is a writer too.
pub(super) struct Crawled {
    took: Duration,
    result: anyhow::Result<CrawlReport>,
}

/// Fetches what is due; `None` where there are no sites.
///
/// # Errors
///
/// Another writer. Any other is told by [`note`].
pub(super) fn crawl(
    args: &Crawl,
    config: &Config,
    interrupt: &Arc<AtomicBool>,
) -> anyhow::Result<Option<Crawled>> {
    let started = Instant::now();
    let result = match chosen(args, config) {
        Ok(sites) if sites.is_empty() => return Ok(None),
        Ok(sites) => fetch(args, &sites, config, Arc::clone(interrupt)),
        Err(error) => Err(error),
    };
    if let Err(error) = &result {
        let is_locked = |cause: &(dyn std::error::Error + 'static)| {
            matches!(cause.downcast_ref(), Some(ArchiveError::Locked { .. }))
        };
        if error.chain().any(is_locked) {
            return result.map(|_| None);
        }
    }
    let took = started.elapsed();
    Ok(Some(Crawled { took, result }))
}

/// Notes in `run` what came of it.
pub(super) fn note(run: &mut Run<'_>, crawled: Crawled) -> anyhow::Result<()> {
    let took = crawled.took;
    run.step_that_took("crawl", took, |run| {
        let report = crawled.result?;
        run.interrupted = report.ended == Ended::Interrupted;
        run.looks_well &= is_well(&report);
        let columns = || report.sites.iter().flat_map(|site| &site.columns);
        let sum = |count: fn(&gongbao_archive::Coverage) -> u64| -> u64 {
            columns().map(|column| count(&column.coverage)).sum()
        };
        let detail = json!({
            "sites": report.sites.len(),
            "fetched": sum(|coverage| coverage.fetched),
            "read": sum(|coverage| coverage.read),
            "declined": sum(|coverage| coverage.declined),
            "failed": sum(|coverage| coverage.failed),
            "findings": report.findings.len(),
        });
        Ok(Done::new(StepOutcome::Done, detail))
    })
}
