//! How fast `crawl` fetches, beside a bare loop that drops what it receives,
//! and how much memory a large frontier takes:
//! `cargo bench -p gongbao --bench crawl`.

#![expect(clippy::print_stdout, reason = "a bench is there to print")]

#[path = "../shared/memory.rs"]
mod memory;
mod stages; // what a page costs after it was received

use std::{
    collections::HashMap,
    env, fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use gongbao_archive::{Archive, Corpus};
use gongbao_fakesite::{Family, Site, Web};

use crate::memory::watched;

/// Sites, which are hosts to a crawl: as many requests at a time.
const HOSTS: usize = 8;
/// Articles of each.
const ARTICLES: usize = 500;
/// Rounds of crawl and bare loop in turn.
const ROUNDS: usize = 3;

/// How far away the sites are, in milliseconds that an answer takes, and what
/// their pages have around the text, in KiB.
const PLACES: [(u64, usize); 5] = [(0, 0), (5, 0), (20, 0), (0, 32), (5, 32)];

/// Addresses that wait in the frontier whose memory is measured.
const FRONTIER: usize = 200_000;
/// So many of them are fetched meanwhile.
const FETCHED: usize = 3_000;

fn main() {
    // The crawler brings its own; the bare loop's client needs one too.
    let provider = rustls::crypto::ring::default_provider();
    provider.install_default().expect("it is the first");
    // `-- speed`, `-- stages` and `-- memory` measure one of them.
    let parts: Vec<String> = env::args().skip(1).collect();
    let is_wanted = |part: &str| {
        let named = parts.iter().filter(|part| !part.starts_with('-'));
        named.clone().count() == 0 || named.clone().any(|named| named == part)
    };
    if is_wanted("speed") {
        for (pause, kib) in PLACES {
            speed(pause, kib);
        }
    }
    if is_wanted("stages") {
        for (_, kib) in PLACES.iter().filter(|(pause, _)| *pause == 0) {
            stages::measure(&articles(*kib));
        }
    }
    if is_wanted("memory") {
        memory();
    }
}

/// Crawls made-up sites and asks a bare loop for the same, in turn.
fn speed(pause: u64, kib: usize) {
    let sites = (0..HOSTS).map(|host| {
        Site::new(&format!("site-{host}"), Family::Trs, ARTICLES)
            .seed(host as u64)
            .distant(Duration::from_millis(pause))
            .menus(kib << 10)
    });
    let web = Web::serve(sites).expect("it serves");
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir().expect("a folder");
        web.log().clear();
        let began = Instant::now();
        let status = crawl(&web, folder.path(), &[]).status().expect("it starts");
        let by_crawl = began.elapsed();
        assert!(status.success(), "the crawl ended with {status}");
        let mut asked: HashMap<String, Vec<String>> = HashMap::new();
        for visit in web.log().visits() {
            let url = web.url(&visit.site, &visit.target);
            asked.entry(visit.site).or_default().push(url);
        }
        let pages: usize = asked.values().map(Vec::len).sum();
        let by_loop = bare_loop(asked.into_values().collect());
        let rate = |time: Duration| pages as f64 / time.as_secs_f64();
        rounds.push((
            rate(by_crawl) / rate(by_loop),
            rate(by_crawl),
            rate(by_loop),
        ));
    }
    rounds.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (ratio, by_crawl, by_loop) = rounds[ROUNDS / 2];
    println!(
        "answers after {pause} ms, pages with {kib} KiB of menus: crawl {by_crawl:.0} a second, \
         bare loop {by_loop:.0} a second, ratio {ratio:.2} (median of {ROUNDS})"
    );
}

/// The articles of two made-up sites, with so much around them.
fn articles(kib: usize) -> Vec<(String, Vec<u8>)> {
    let sites = (0..2).map(|seed| {
        Site::new(&format!("site-{seed}"), Family::Trs, ARTICLES)
            .seed(seed)
            .menus(kib << 10)
    });
    let web = Web::serve(sites).expect("it serves");
    let urls: Vec<String> = web
        .ids()
        .flat_map(|id| {
            let site = web.site(id);
            let paths: Vec<_> = (0..site.len()).map(|article| site.path(article)).collect();
            drop(site);
            paths.into_iter().map(move |path| (id, path))
        })
        .map(|(id, path)| web.url(id, &path))
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a thread");
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build();
        let client = client.expect("a client");
        let mut pages = Vec::new();
        for url in urls {
            let response = client.get(&url).send().await.expect("an answer");
            let body = response.bytes().await.expect("a body");
            pages.push((url, body.to_vec()));
        }
        pages
    })
}

/// Fetches the same pages as a crawl did, one at a time from each host and
/// from all hosts at once, and drops them.
fn bare_loop(by_host: Vec<Vec<String>>) -> Duration {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("threads");
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let began = Instant::now();
    runtime.block_on(async {
        let hosts: Vec<_> = by_host
            .into_iter()
            .map(|urls| {
                let client = client.clone();
                tokio::spawn(async move {
                    for url in urls {
                        let response = client.get(url).send().await.expect("an answer");
                        drop(response.bytes().await.expect("a body"));
                    }
                })
            })
            .collect();
        for host in hosts {
            host.await.expect("no panic");
        }
    });
    began.elapsed()
}

fn memory() {
    let site = Site::new("large", Family::Trs, FRONTIER).per_day(500);
    let web = Web::serve([site]).expect("it serves");
    let folder = tempfile::tempdir().expect("a folder");
    let sites = folder.path().join("sites");
    fs::create_dir_all(&sites).expect("a folder");
    let profile = format!(
        "id = \"large\"\nname = \"大站\"\nplain_http = true\nfamily = \"sitemap\"\n\
         columns = [{{ name = \"全部\", url = \"{}\" }}]\n",
        web.url("large", "/sitemap.xml")
    );
    fs::write(sites.join("large.toml"), profile).expect("it is written");
    let most = (FETCHED).to_string();
    let mut child = command(&["large", "--max-pages", &most], folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let (status, peak) = watched(&mut child, Duration::from_millis(20));
    let archive = Archive::open(&Corpus::at(folder.path())).expect("there is a corpus");
    let counts = archive.crawl_counts().expect("it can be read");
    println!(
        "frontier of {} addresses, {} of them waiting, {} requests: peak memory {} MiB, {} of its own ({status})",
        counts.pages, counts.waiting, counts.fetches, peak.all, peak.own,
    );
}

/// The crawl of all that `web` serves, into a new corpus.
fn crawl(web: &Web, corpus: &Path, arguments: &[&str]) -> Command {
    let sites = corpus.join("sites");
    fs::create_dir_all(&sites).expect("a folder");
    for id in web.ids() {
        fs::write(sites.join(format!("{id}.toml")), web.profile(id)).expect("it is written");
    }
    let ids: Vec<&str> = web.ids().collect();
    let mut command = command(&ids, corpus);
    command
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn command(arguments: &[&str], corpus: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongbao"));
    command
        .args(["crawl", "--allow-private", "--delay", "0", "--corpus"])
        .arg(corpus)
        .args(arguments)
        .stdin(Stdio::null());
    command
}
