//! Killed at any moment and run again: the same articles, nothing fetched
//! twice but what was under way, every record readable.

use std::{
    collections::{HashMap, HashSet},
    env,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use gongbao_archive::PageState;
use gongbao_crawler::SystemClock;
use gongbao_fakesite::{Family, Site, Visit};

use crate::field::{Field, causes, count_of, crawl, with_delay};

/// How many times the crawl is killed.
const KILLS: u64 = 30;

/// Articles of each of the three sites.
const ARTICLES: usize = 300;

/// Names the corpus of a crawl in a process of its own.
const CORPUS: &str = "GONGBAO_PROOF_CORPUS";

/// This program again, crawling the corpus of `field` and nothing else.
pub(crate) fn crawl_in_a_process(field: &Field) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program"));
    command
        .args([
            "--exact",
            "kills::a_crawl_in_a_process_of_its_own",
            "--ignored",
            "--nocapture",
        ])
        .env(CORPUS, field.dir())
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

#[test]
#[ignore = "started by other tests, which kill it or keep it short of something"]
fn a_crawl_in_a_process_of_its_own() {
    let Some(dir) = env::var_os(CORPUS) else {
        return;
    };
    if let Err(error) = crawl(
        dir.as_ref(),
        // Slow enough that thirty kills come before the end.
        with_delay(Duration::from_millis(15)),
        SystemClock,
    ) {
        panic!("{}", causes(&error));
    }
}

#[test]
fn a_crawl_killed_at_any_moment_goes_on_where_it_was() {
    let families = [Family::Trs, Family::Jcms, Family::Discipline];
    let field = Field::new(families.map(|family| Site::new(family.name(), family, ARTICLES)));
    // How many visits there were by each kill, and what the catalogue had then.
    let mut kept: Vec<(usize, HashSet<String>)> = Vec::new();
    let mut killed = 0;
    for kill in 0..KILLS {
        let mut child = crawl_in_a_process(&field)
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        // Anywhere from its start on.
        thread::sleep(Duration::from_millis(40 + kill * 7919 % 331));
        child.kill().expect("it is ours");
        let status = child.wait().expect("it ends");
        killed += u64::from(status.code().is_none());
        kept.push((field.web.log().len(), fetched(&field)));
    }
    assert!(
        killed > KILLS / 2,
        "only {killed} crawls were killed in time"
    );
    let by_killed = fetched(&field).len();
    assert!(
        by_killed > 100,
        "only {by_killed} pages were fetched by killed crawls"
    );
    field.crawl(with_delay(Duration::ZERO));

    let visits = field.web.log().visits();
    let url = |visit: &Visit| field.web.url(&visit.site, &visit.target);
    for (seen, done) in &kept {
        for visit in &visits[*seen..] {
            assert!(
                !done.contains(&url(visit)),
                "{} was fetched again",
                url(visit)
            );
        }
    }
    // What was under way is little: what three hosts give within a moment.
    let mut times: HashMap<String, usize> = HashMap::new();
    for visit in visits.iter().filter(|visit| visit.target != "/robots.txt") {
        *times.entry(url(visit)).or_default() += 1;
    }
    let repeated: usize = times.values().map(|times| times - 1).sum();
    assert!(
        repeated < 30 * usize::try_from(KILLS).expect("it is small"),
        "{repeated}"
    );

    let archive = field.archive();
    for id in field.web.ids() {
        for article in 0..ARTICLES {
            let path = field.web.site(id).path(article);
            let page = field.page(id, &path).expect("it was found");
            assert_eq!(page.state, PageState::Live, "{path}");
            assert!(times.contains_key(&page.url), "{path}");
        }
    }
    assert_eq!(field.notice_count(), (3 * ARTICLES) as u64);
    for notice in archive.notices() {
        let notice = notice.expect("it can be read");
        assert_eq!(notice.newest.version, 1, "{}", notice.key);
        archive.load(&notice.newest).expect("its record is whole");
    }
    let records = field.records();
    // A kill may fall between a response and its request; then neither counts.
    let answers = count_of(&records, "response") + count_of(&records, "revisit");
    let requests = count_of(&records, "request");
    let halves = usize::try_from(KILLS).expect("it is small");
    assert!(
        (requests..=requests + halves).contains(&answers),
        "{requests} {answers}"
    );
}

/// The URLs of pages that the catalogue knows to have been fetched, save
/// `robots.txt`, which every run asks for.
fn fetched(field: &Field) -> HashSet<String> {
    if !field.dir().join("catalog.sqlite").exists() {
        return HashSet::new();
    }
    let corpus = gongbao_archive::Corpus::at(field.dir());
    // Killed before it had made its tables.
    let Ok(archive) = gongbao_archive::Archive::open(&corpus) else {
        return HashSet::new();
    };
    let mut urls = HashSet::new();
    for run in archive.runs(usize::MAX).expect("it can be read") {
        let fetches = archive.fetches_in(run.id, 0, usize::MAX);
        urls.extend(
            fetches
                .expect("it can be read")
                .into_iter()
                .map(|fetch| fetch.url),
        );
    }
    urls.retain(|url| !url.ends_with("/robots.txt"));
    urls
}
