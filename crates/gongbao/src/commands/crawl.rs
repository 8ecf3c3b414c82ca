//! `crawl`: what is due of some sites, politely.

mod progress; // how far each site is
mod report; // what came of it

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, anyhow, bail};
use gongbao_archive::{Archive, Writer};
use gongbao_crawler::{CrawlOptions, CrawlReport, Ended, Limits, Politeness, Site, Sites};
use tokio::runtime::Runtime;

use self::progress::Teller;
use crate::{
    cli::{Crawl, Network},
    clock::ProgramClock,
    commands::Outcome,
    config::Config,
    signals,
};

/// How often it is looked whether Ctrl-C was pressed.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Crawls what `args` names.
pub(crate) fn run(args: &Crawl, config: &Config) -> anyhow::Result<Outcome> {
    let sites = chosen(args, config)?;
    if sites.is_empty() {
        bail!("{}", config.lang.no_sites());
    }
    let interrupt = signals::interrupt_flag()?;
    let result = fetch(args, &sites, config, interrupt)?;
    report::tell(&result, &sites, config)?;
    Ok(match result.ended {
        Ended::Interrupted => Outcome::Interrupted,
        _ if !is_well(&result) => Outcome::WithErrors,
        _ => Outcome::Done,
    })
}

/// Whether everything was had and nobody needs to look.
pub(super) fn is_well(result: &CrawlReport) -> bool {
    let mut columns = result.sites.iter().flat_map(|site| &site.columns);
    let failed = columns.any(|column| column.coverage.failed + column.coverage.declined > 0);
    !failed && result.findings.is_empty()
}

/// Fetches what is due of `sites`, until `interrupt` is raised.
///
/// # Errors
///
/// Another writer, and a catalogue or archive that cannot be written.
pub(super) fn fetch(
    args: &Crawl,
    sites: &[Site],
    config: &Config,
    interrupt: Arc<AtomicBool>,
) -> anyhow::Result<CrawlReport> {
    let writer = Writer::open(&config.corpus)?;
    let options = options(args, config);
    if args.network.contact.is_none() && config.contact.is_none() && !args.network.allow_private {
        config.tell(config.lang.no_contact());
    }
    let mut teller = Teller::new(config, sites);
    let crawl = gongbao_crawler::crawl(
        writer,
        sites.to_vec(),
        Arc::new(config.reader()?),
        Arc::new(ProgramClock),
        options,
        |event| teller.hear(&event),
        raised(interrupt),
    );
    let result = runtime()?.block_on(crawl);
    teller.finish();
    result.context("crawling")
}

/// What fetches.
pub(super) fn runtime() -> anyhow::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("could not start what fetches")
}

/// Resolves when Ctrl-C is pressed.
pub(super) async fn raised(flag: Arc<AtomicBool>) {
    while !flag.load(Ordering::Relaxed) {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// The sites named, else those crawled before and those of the corpus; without
/// those left out.
pub(super) fn chosen(args: &Crawl, config: &Config) -> anyhow::Result<Vec<Site>> {
    let sites = config.sites()?;
    if let Some(id) = args.except.iter().find(|id| sites.get(id).is_none()) {
        return Err(anyhow!(config.lang.no_site(id)));
    }
    let mut chosen = named_or_known(args, &sites, config)?;
    chosen.retain(|site| !args.except.contains(&site.id));
    Ok(chosen)
}

fn named_or_known(args: &Crawl, sites: &Sites, config: &Config) -> anyhow::Result<Vec<Site>> {
    if args.sites.is_empty() {
        let known = crawled_before(config, sites)?;
        let chosen: Vec<Site> = sites
            .iter()
            .filter(|entry| entry.file.is_some() || known.contains(&entry.site.id))
            .map(|entry| entry.site.clone())
            .collect();
        return Ok(chosen);
    }
    let mut chosen: Vec<Site> = Vec::new();
    for id in &args.sites {
        let site = sites
            .get(id)
            .ok_or_else(|| anyhow!(config.lang.no_site(id)))?;
        if chosen.iter().all(|known| known.id != site.id) {
            chosen.push(site.clone());
        }
    }
    Ok(chosen)
}

/// The ids of sites that have been crawled.
fn crawled_before(config: &Config, sites: &Sites) -> anyhow::Result<Vec<String>> {
    if !config.corpus.catalog_path().exists() {
        return Ok(Vec::new());
    }
    // A catalogue that an older version wrote knows of no crawls; opening it to
    // write brings it up to date.
    let Ok(archive) = Archive::open(&config.corpus) else {
        return Ok(Vec::new());
    };
    let mut known = Vec::new();
    for entry in sites.iter() {
        let starts = entry.site.columns.iter().filter_map(|column| {
            let url = gongbao_crawler::canonical(&column.url)?;
            Some(archive.page_at(url.as_str()))
        });
        for page in starts {
            if page?.is_some() {
                known.push(entry.site.id.clone());
                break;
            }
        }
    }
    Ok(known)
}

fn options(args: &Crawl, config: &Config) -> CrawlOptions {
    let defaults = Politeness::default();
    CrawlOptions {
        politeness: Politeness {
            delay: args.delay,
            // Who asks for shorter delays wants shorter waits.
            backoff: defaults
                .backoff
                .min(args.delay * 2)
                .max(Duration::from_secs(1)),
            ..defaults
        },
        concurrency: args.concurrency.get(),
        max_pages: args.max_pages,
        max_time: args.max_time,
        since: args.since,
        refresh: args.refresh,
        command: std::env::args().collect::<Vec<_>>().join(" "),
        ..network_options(&args.network, config)
    }
}

/// What the flags about the network mean.
pub(super) fn network_options(network: &Network, config: &Config) -> CrawlOptions {
    let contact = network.contact.as_deref().or(config.contact.as_deref());
    let defaults = Limits::default();
    let total = network.timeout.max(Duration::from_millis(1));
    CrawlOptions {
        user_agent: user_agent(contact),
        limits: Limits {
            total,
            first_byte: defaults.first_byte.min(total),
            idle: defaults.idle.min(total),
            connect: defaults.connect.min(total),
            ..defaults
        },
        allow_private: network.allow_private,
        proxy: network.proxy.clone(),
        ..CrawlOptions::default()
    }
}

/// Names the program, and whom to write to. A header takes no line breaks and
/// no characters beyond ASCII.
fn user_agent(contact: Option<&str>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let contact: String = contact
        .unwrap_or("no contact given")
        .chars()
        .filter(|c| matches!(c, ' '..='~') && !matches!(c, '(' | ')' | ';'))
        .collect();
    format!("Mozilla/5.0 (compatible; gongbao/{version}; {contact})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contact_cannot_forge_a_header() {
        assert_eq!(
            user_agent(Some("a@b.example\r\nX: 1")),
            format!(
                "Mozilla/5.0 (compatible; gongbao/{}; a@b.exampleX: 1)",
                env!("CARGO_PKG_VERSION")
            )
        );
    }
}
