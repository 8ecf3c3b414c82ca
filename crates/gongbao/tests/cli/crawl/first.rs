//! A first crawl: every article once, with its fate, at the right pace, and
//! the report says so.

use std::{collections::HashMap, time::Duration};

use gongbao_archive::{PageKind, PageState};
use gongbao_fakesite::{Family, Site, Visit};

use super::field::Field;

/// Articles of each of the six sites; with their lists and attachments that
/// makes more than 2,000 linked pages.
const ARTICLES: usize = 250;

/// The delay asked for.
const DELAY: Duration = Duration::from_millis(20);

#[test]
fn six_sites_are_crawled_whole_and_politely() {
    let field = Field::new(Family::ALL.map(|family| Site::new(family.name(), family, ARTICLES)));
    let ran = field
        .crawl(&["--delay", "20ms", "--format", "json"])
        .with(0);

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

    for id in field.web.ids() {
        let paths: Vec<String> = {
            let site = field.web.site(id);
            (0..site.len()).map(|article| site.path(article)).collect()
        };
        for (article, path) in paths.iter().enumerate() {
            let page = field.page(id, path).expect("it was found");
            assert_eq!(
                (page.kind, page.state),
                (PageKind::Article, PageState::Live),
                "{path}"
            );
            let notice = page.notice.expect("it is a notice");
            let linked = field
                .archive()
                .attachments(&notice)
                .expect("it can be read");
            let expected = if article.is_multiple_of(5) { 2 } else { 0 };
            assert_eq!(linked.len(), expected, "{path}: {linked:?}");
            for file in linked {
                let received = file.page.and_then(|page| page.sha256);
                assert!(received.is_some(), "{} was not fetched", file.url);
            }
        }
        assert_politeness(id, &visits, DELAY);
    }

    // The report and the catalogue say the same as the server.
    let report = ran.json();
    let columns = report["columns"].as_array().expect("columns");
    let sum = |id: &str, name: &str| -> u64 {
        let of_site = columns.iter().filter(|column| column["site"] == *id);
        of_site.filter_map(|column| column[name].as_u64()).sum()
    };
    for id in field.web.ids() {
        for name in ["listed", "read", "new"] {
            assert_eq!(sum(id, name), ARTICLES as u64, "{id} {name}: {report}");
        }
        assert_eq!(sum(id, "declined") + sum(id, "failed"), 0, "{id}: {report}");
    }
    // 6 × 250 articles and 6 × 50 × 2 attachments.
    assert_eq!(report["fates"]["new"], 2_100, "{report}");
    assert_eq!(
        report["alarms"].as_array().map(Vec::len),
        Some(0),
        "{report}"
    );
    assert_eq!(
        field.archive().notice_count().expect("it can be read"),
        6 * ARTICLES as u64
    );

    // What was fetched can be searched.
    field.corpus.run(&["index"]).with(0);
    let found = field
        .corpus
        .run(&["search", "防范化解地方政府债务风险", "--format", "json"]);
    assert!(found.with(0).json()["total"].as_u64() > Some(5));
}

/// Fails where a visit to `id` began sooner than `delay` after the one before
/// had ended, or while it went on.
#[track_caller]
fn assert_politeness(id: &str, visits: &[Visit], delay: Duration) {
    let of_site: Vec<&Visit> = visits.iter().filter(|visit| visit.site == id).collect();
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
