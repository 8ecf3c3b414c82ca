//! Crawls of made-up sites on loopback.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use gongbao_archive::{Archive, Corpus, PageFate, PageKind, Writer};
use gongbao_crawler::{
    CrawlEvent, CrawlOptions, CrawlReport, Limits, Politeness, Site, SystemClock,
};
use gongbao_fakesite::{Family, Misfortune, Site as FakeSite, Web};
use gongbao_notice::{Divisions, Reader};

/// Options under which nothing waits long.
fn options() -> CrawlOptions {
    CrawlOptions {
        allow_private: true,
        concurrency: 8,
        politeness: Politeness {
            delay: Duration::ZERO,
            backoff: Duration::from_millis(20),
            open_after: 1000,
            ..Politeness::default()
        },
        limits: Limits {
            first_byte: Duration::from_secs(2),
            idle: Duration::from_secs(1),
            total: Duration::from_secs(15),
            ..Limits::default()
        },
        ..CrawlOptions::default()
    }
}

fn crawl(web: &Web, corpus: &Corpus, options: CrawlOptions) -> (CrawlReport, Vec<String>) {
    let sites: Vec<Site> = web
        .ids()
        .map(|id| Site::parse(id, &web.profile(id)).expect("it is a profile"))
        .collect();
    let writer = Writer::open(corpus).expect("it is ours");
    let lines = Mutex::new(Vec::new());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let report = runtime.block_on(gongbao_crawler::crawl(
        writer,
        sites,
        Arc::new(Reader::new(Divisions::builtin())),
        Arc::new(SystemClock),
        options,
        |event| {
            if let CrawlEvent::Page {
                url,
                kind,
                fate,
                detail,
                again,
                ..
            } = event
            {
                lines
                    .lock()
                    .expect("nobody panicked")
                    .push(format!("{fate:?} {kind:?} {url} {detail:?} {again}"));
            }
        },
        std::future::pending(),
    ));
    (
        report.expect("it runs"),
        lines.into_inner().expect("nobody panicked"),
    )
}

fn fates(corpus: &Corpus, kind: PageKind) -> BTreeMap<&'static str, u64> {
    let archive = Archive::open(corpus).expect("it is there");
    let run = archive.runs(1).expect("it can be read")[0].id;
    let mut last = BTreeMap::new();
    for fetch in archive
        .fetches_in(run, 0, usize::MAX)
        .expect("it can be read")
    {
        let page = archive
            .page_at(&fetch.url)
            .expect("it can be read")
            .expect("it is there");
        if page.kind == kind {
            last.insert(fetch.url, fetch.fate.name());
        }
    }
    let mut counts = BTreeMap::new();
    for fate in last.into_values() {
        *counts.entry(fate).or_default() += 1;
    }
    counts
}

#[test]
fn every_article_of_every_family_is_fetched_once() {
    let sites =
        Family::ALL.map(|family| FakeSite::new(&format!("made-up-{}", family.name()), family, 45));
    let web = Web::serve(sites).expect("it listens");
    let dir = tempfile::tempdir().expect("a folder");
    let corpus = Corpus::at(dir.path().join("corpus"));
    let (report, lines) = crawl(&web, &corpus, options());
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
    let mut asked: BTreeMap<String, u32> = BTreeMap::new();
    for visit in web.log().visits() {
        *asked
            .entry(format!("{} {}", visit.site, visit.target))
            .or_default() += 1;
    }
    let twice: Vec<_> = asked.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    for id in web.ids() {
        let site = web.site(id);
        for article in 0..site.len() {
            let key = format!("{id} {}", site.path(article));
            assert!(
                asked.contains_key(&key),
                "{key} was not fetched\n{}",
                lines.join("\n")
            );
        }
    }
    let articles = 45 * web.ids().count() as u64;
    assert_eq!(
        fates(&corpus, PageKind::Article),
        BTreeMap::from([("new", articles)])
    );
    let read: u64 = report
        .sites
        .iter()
        .flat_map(|s| &s.columns)
        .map(|c| c.coverage.read)
        .sum();
    assert_eq!(read, articles);

    web.log().clear();
    let again = CrawlOptions {
        refresh: true,
        ..options()
    };
    let (report, _) = crawl(&web, &corpus, again);
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
    assert_eq!(
        fates(&corpus, PageKind::Article),
        BTreeMap::from([("unchanged", articles)])
    );
    let whole = web
        .log()
        .visits()
        .into_iter()
        .filter(|v| v.status == 200 && !v.target.ends_with("robots.txt"));
    assert_eq!(
        whole.map(|v| v.target).collect::<Vec<_>>(),
        Vec::<String>::new()
    );
}

#[test]
fn each_misfortune_has_its_fate() {
    let mut site = FakeSite::new("made-up", Family::Trs, Misfortune::ALL.len() + 5);
    for (article, misfortune) in Misfortune::ALL.into_iter().enumerate() {
        site.befall(article, misfortune);
    }
    let paths: Vec<String> = (0..site.len()).map(|article| site.path(article)).collect();
    let web = Web::serve([site]).expect("it listens");
    let dir = tempfile::tempdir().expect("a folder");
    let corpus = Corpus::at(dir.path().join("corpus"));
    let (_, lines) = crawl(&web, &corpus, options());
    let archive = Archive::open(&corpus).expect("it is there");
    for (article, path) in paths.iter().enumerate() {
        let url = web.url("made-up", path);
        let page = archive
            .page_at(&url)
            .expect("it can be read")
            .expect("it was found");
        let expected = match Misfortune::ALL.get(article) {
            Some(
                Misfortune::Stall
                | Misfortune::Reset
                | Misfortune::Truncated
                | Misfortune::TooShort
                | Misfortune::Endless
                | Misfortune::RedirectLoop
                | Misfortune::RedirectChain
                | Misfortune::RedirectPrivate
                | Misfortune::GzipBomb
                | Misfortune::ManyHeaders
                | Misfortune::Fails,
            ) => "unreachable",
            Some(Misfortune::RedirectHome | Misfortune::Gone(_) | Misfortune::SoftGone) => "gone",
            Some(Misfortune::Declined(_) | Misfortune::Challenge) => "declined",
            _ => "live",
        };
        let what = Misfortune::ALL.get(article);
        assert_eq!(
            page.state.name(),
            expected,
            "{what:?} {url}\n{}",
            lines.join("\n")
        );
    }
    assert_eq!(PageFate::ALL.len(), 8);
}
