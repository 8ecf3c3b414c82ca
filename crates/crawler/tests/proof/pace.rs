//! Every page once, and never sooner than anyone wants: measured from the
//! log of the servers.

use std::{collections::HashMap, time::Duration};

use gongbao_archive::{PageKind, PageState};
use gongbao_fakesite::{Family, Site, Visit};

use crate::field::{Field, with_delay};

/// Articles of each of the six sites; with their lists and attachments that
/// makes more than 2,000 linked pages.
const ARTICLES: usize = 250;

#[test]
fn six_sites_are_crawled_whole_and_politely() {
    let field = Field::new(Family::ALL.map(|family| Site::new(family.name(), family, ARTICLES)));
    let delay = Duration::from_millis(20);
    let report = field.crawl(with_delay(delay));

    let visits = field.web.log().visits();
    let mut times: HashMap<(&str, &str), usize> = HashMap::new();
    for visit in &visits {
        *times.entry((&visit.site, &visit.target)).or_default() += 1;
        assert!(visit.agent.contains("gongbao"), "{}", visit.agent);
        assert!(!visit.target.starts_with("/nb/"), "robots.txt forbids it");
    }
    let twice: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "asked for more than once: {twice:?}");
    assert!(times.len() > 2_000, "{} pages", times.len());

    let archive = field.archive();
    for id in field.web.ids() {
        for article in 0..ARTICLES {
            let path = field.web.site(id).path(article);
            let page = field.page(id, &path).expect("it was found");
            let seen = (page.kind, page.state);
            assert_eq!(seen, (PageKind::Article, PageState::Live), "{path}");
            let notice = page.notice.expect("it is a notice");
            let linked = archive.attachments(&notice).expect("it can be read");
            let expected = if article.is_multiple_of(5) { 2 } else { 0 };
            assert_eq!(linked.len(), expected, "{path}: {linked:?}");
            for file in linked {
                let received = file.page.and_then(|page| page.sha256);
                assert!(received.is_some(), "{} was not fetched", file.url);
            }
        }
        assert_pace(id, &visits, delay);
    }

    // The report says the same as the servers.
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    for site in &report.sites {
        let sum = |count: fn(&gongbao_archive::Coverage) -> u64| -> u64 {
            site.columns
                .iter()
                .map(|column| count(&column.coverage))
                .sum()
        };
        assert_eq!(sum(|c| c.listed), ARTICLES as u64, "{}", site.id);
        assert_eq!(sum(|c| c.read), ARTICLES as u64, "{}", site.id);
        assert_eq!(sum(|c| c.declined + c.failed), 0, "{}", site.id);
    }
    assert_eq!(field.notice_count(), 6 * ARTICLES as u64);
}

#[test]
fn a_host_is_asked_as_slowly_as_anyone_wants() {
    // robots.txt asks for more time than whoever crawls.
    let robots = "User-agent: *\nCrawl-delay: 0.08\nDisallow: /nb/\n";
    let field = Field::new([
        Site::new("slow", Family::Trs, 20).robots(robots),
        Site::new("shared", Family::Trs, 20),
    ]);
    // Two profiles for one host, a column each.
    let profile = field.web.profile("shared");
    let columns: Vec<&str> = profile
        .lines()
        .filter(|line| line.contains("url ="))
        .collect();
    assert_eq!(columns.len(), 2);
    for (id, other) in [("shared", columns[1]), ("shared-2", columns[0])] {
        let own = profile.replace(other, "");
        field.describe(id, &own.replace("\"shared\"", &format!("\"{id}\"")));
    }
    field.crawl(with_delay(Duration::from_millis(30)));
    let visits = field.web.log().visits();
    assert_pace("slow", &visits, Duration::from_millis(80));
    assert_pace("shared", &visits, Duration::from_millis(30));
    assert_eq!(field.notice_count(), 40);
}

/// Fails where a visit to `id` began sooner than `delay` after the one before
/// had ended, or while it went on.
#[track_caller]
fn assert_pace(id: &str, visits: &[Visit], delay: Duration) {
    let of_site: Vec<&Visit> = visits.iter().filter(|visit| visit.site == id).collect();
    assert!(of_site.len() > 2, "{id} was not visited");
    for pair in of_site.windows(2) {
        let ended = pair[0].ended.expect("it was answered");
        let gap = pair[1].began.checked_duration_since(ended);
        assert!(
            gap.is_some_and(|gap| gap >= delay),
            "{id}: {gap:?} between {} and {}",
            pair[0].target,
            pair[1].target
        );
    }
}
