//! Killed at any moment and run again: the same articles, nothing fetched
//! twice but what was under way, every record readable.

use std::{
    collections::{HashMap, HashSet},
    process::Stdio,
    thread,
    time::Duration,
};

use gongbao_archive::PageState;
use gongbao_fakesite::{Family, Site};

use super::field::{Field, count_of};

/// How many times the crawl is killed.
const KILLS: u64 = 30;

/// Articles of each of the three sites.
const ARTICLES: usize = 300;

#[test]
fn a_crawl_killed_at_any_moment_goes_on_where_it_was() {
    let families = [Family::Trs, Family::Jcms, Family::Discipline];
    let field = Field::new(families.map(|family| Site::new(family.name(), family, ARTICLES)));
    // What the catalogue had at each kill, and how many visits there were by then.
    let mut kept: Vec<(usize, HashSet<String>)> = Vec::new();
    let mut killed = 0;
    for kill in 0..KILLS {
        let mut child = field
            // Slow enough that thirty kills come before the end.
            .command(&["--delay", "15ms"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        // Anywhere from its start on; the same moments in every run of the test.
        thread::sleep(Duration::from_millis(40 + kill * 7919 % 331));
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
    for visit in &visits {
        *times.entry(url(visit)).or_default() += 1;
    }
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
    assert!(answers >= count_of(&records, "request"));
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
