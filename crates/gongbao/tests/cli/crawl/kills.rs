//! Killed at random moments and run again: the same articles, nothing fetched
//! twice but what was under way, every record readable.

use std::{
    collections::{HashMap, HashSet},
    env,
    hash::{BuildHasher, RandomState},
    process::Stdio,
    thread,
    time::Duration,
};

use gongbao_archive::PageState;
use gongbao_fakesite::{Family, Site};

use super::field::{Field, count_of};

/// How many times the crawl is killed.
const KILLS: u64 = 30;

/// The latest moment of a kill, in milliseconds from the start of a process:
/// some come before it has opened its corpus, some after it has fetched much.
const LATEST_KILL: u64 = 400;

/// At most so many pages are under way at a kill: what three hosts give in the
/// time for which a crawl may wait with making it durable.
const UNDER_WAY: usize = 30;

/// Names the seed of the moments, to have those of a run that failed again.
const SEED: &str = "GONGBAO_KILL_SEED";

/// Articles of each of the three sites.
const ARTICLES: usize = 300;

#[test]
#[expect(
    clippy::print_stdout,
    reason = "whoever reads of a failure needs the seed"
)]
fn a_crawl_killed_at_any_moment_goes_on_where_it_was() {
    let families = [Family::Trs, Family::Jcms, Family::Discipline];
    let field = Field::new(families.map(|family| Site::new(family.name(), family, ARTICLES)));
    let seed = match env::var(SEED) {
        Ok(seed) => seed.parse().expect("the seed is a number"),
        Err(_) => RandomState::new().hash_one(()),
    };
    // Shown where the test fails.
    println!("{SEED}={seed}");
    let mut moments = Moments(seed);
    // What the catalogue had at each kill, and how many visits there were by then.
    let mut kept: Vec<(usize, HashSet<String>)> = Vec::new();
    let mut killed = 0;
    for _ in 0..KILLS {
        let mut child = field
            // Slow enough that thirty kills come before the end.
            .command(&["--delay", "15ms"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        thread::sleep(moments.next());
        child.kill().expect("it is ours");
        let status = child.wait().expect("it ends");
        killed += u64::from(status.code().is_none());
        // Requests already on their way are still answered.
        thread::sleep(Duration::from_millis(20));
        kept.push((field.web.log().len(), fetched(&field)));
    }
    assert!(
        killed > KILLS / 2,
        "only {killed} crawls were killed in time"
    );
    let before_the_last = fetched(&field).len();
    assert!(
        before_the_last > 100,
        "only {before_the_last} pages were fetched by killed crawls"
    );
    field.crawl(&["--delay", "0"]).with(0);

    let visits = field.web.log().visits();
    let url = |visit: &gongbao_fakesite::Visit| field.web.url(&visit.site, &visit.target);
    for (seen, done) in &kept {
        for visit in &visits[*seen..] {
            assert!(
                !done.contains(&url(visit)),
                "{} was fetched again",
                url(visit)
            );
        }
    }
    let mut times: HashMap<String, usize> = HashMap::new();
    for visit in visits.iter().filter(|visit| visit.target != "/robots.txt") {
        *times.entry(url(visit)).or_default() += 1;
    }
    let repeated: usize = times.values().map(|times| times - 1).sum();
    let most = UNDER_WAY * usize::try_from(KILLS).expect("it is small");
    assert!(repeated < most, "{repeated} pages were fetched again");
    for id in field.web.ids() {
        for article in 0..ARTICLES {
            let path = field.web.site(id).path(article);
            let page = field.page(id, &path).expect("it was found");
            assert_eq!(page.state, PageState::Live, "{path}");
            assert!(times.contains_key(&page.url));
        }
    }
    // A run that was killed and one that is whole leave the same.
    let archive = field.archive();
    assert_eq!(
        archive.notice_count().expect("it can be read"),
        (3 * ARTICLES) as u64
    );
    for notice in archive.notices() {
        let notice = notice.expect("it can be read");
        assert_eq!(notice.newest.version, 1, "{}", notice.key);
        archive.load(&notice.newest).expect("its record is whole");
    }
    // A kill may fall between a response and its request; then neither counts.
    let records = field.records();
    let answers = count_of(&records, "response") + count_of(&records, "revisit");
    let requests = count_of(&records, "request");
    let halves = usize::try_from(KILLS).expect("it is small");
    assert!(
        (requests..=requests + halves).contains(&answers),
        "{requests} requests, {answers} answers"
    );
}

/// Moments of kills, as a seed has them: SplitMix64.
struct Moments(u64);

impl Moments {
    fn next(&mut self) -> Duration {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Duration::from_millis((mixed ^ (mixed >> 31)) % LATEST_KILL)
    }
}

/// The URLs of pages that the catalogue knows to have been fetched, save
/// `robots.txt`, which every run asks for.
fn fetched(field: &Field) -> HashSet<String> {
    // Killed before it had made its tables, there is none.
    let corpus = gongbao_archive::Corpus::at(field.corpus.dir());
    let Ok(archive) = gongbao_archive::Archive::open(&corpus) else {
        return HashSet::new();
    };
    let mut urls = HashSet::new();
    for run in archive.runs(usize::MAX).expect("it can be read") {
        let fetches = archive.fetches_in(run.id, 0, usize::MAX).expect("likewise");
        urls.extend(fetches.into_iter().map(|fetch| fetch.url));
    }
    urls.retain(|url| !url.ends_with("/robots.txt"));
    urls
}
