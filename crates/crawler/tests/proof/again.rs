//! A second look at a site where much has changed.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    time::Duration,
};

use gongbao_archive::PageState;
use gongbao_fakesite::{Family, Misfortune, Site};

use crate::field::{Field, again, with_delay};

/// How many articles there are, and which are changed in which way.
const ARTICLES: usize = 400;
const EDITED: Range<usize> = 10..110;
const RESTYLED: Range<usize> = 120..220;
const VANISHED: Range<usize> = 230..250;
const MOVED: Range<usize> = 260..280;
const DECLINED: Range<usize> = 290..310;

fn plant(site: &mut Site) {
    EDITED.for_each(|article| site.edit(article));
    RESTYLED.for_each(|article| site.restyle(article));
    VANISHED.for_each(|article| site.vanish(article));
    for article in MOVED {
        match article % 2 {
            0 => site.relocate(article),
            _ => site.relocate_silently(article),
        }
    }
    for article in DECLINED {
        let how = match article % 3 {
            0 => Misfortune::Declined(403),
            1 => Misfortune::Declined(412),
            _ => Misfortune::Challenge,
        };
        site.befall(article, how);
    }
}

#[test]
fn edits_moves_and_ends_are_told_apart() {
    let families = [Family::Trs, Family::GovCn, Family::Jpaas];
    let field = Field::new(families.map(|family| Site::new(family.name(), family, ARTICLES)));
    field.crawl(with_delay(Duration::ZERO));
    for id in field.web.ids() {
        plant(&mut field.web.site(id));
    }
    let report = field.crawl(again());
    let fetches = field.last_fetches();
    let archive = field.archive();
    for id in field.web.ids() {
        let mut by_fate: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for article in 0..ARTICLES {
            let path = field.web.site(id).first_path(article);
            let page = field.page(id, &path).expect("it is known");
            // What is gone may turn up elsewhere later in the same run.
            let fate = match page.state {
                PageState::Live => {
                    let fetched = fetches.get(&page.url).and_then(|fetched| fetched.last());
                    fetched
                        .unwrap_or_else(|| panic!("{path} was not looked at"))
                        .fate
                        .name()
                }
                state => state.name(),
            };
            by_fate.entry(fate).or_default().insert(article);
        }
        let are = |fate: &str, planted: Range<usize>| {
            let planted = planted.collect::<BTreeSet<_>>();
            assert_eq!(by_fate.get(fate), Some(&planted), "{id} {fate}");
        };
        are("edited", EDITED);
        are("gone", VANISHED);
        are("moved", MOVED);
        are("declined", DECLINED);
        // And their neighbours, which link them.
        let chrome = &by_fate["chrome"];
        assert!(chrome.is_superset(&RESTYLED.collect()), "{id}: {chrome:?}");
        let fates: Vec<&str> = by_fate.keys().copied().collect();
        assert_eq!(
            fates,
            ["chrome", "declined", "edited", "gone", "moved", "unchanged"],
            "{id}"
        );

        // An edit is a version; a new dress is none; a move is the same notice.
        for article in 0..ARTICLES {
            let path = field.web.site(id).first_path(article);
            let notice = field.page(id, &path).and_then(|page| page.notice);
            let notice = notice.unwrap_or_else(|| panic!("{path} is no notice"));
            let versions = archive.versions(&notice).expect("it can be read").len();
            assert_eq!(
                versions,
                1 + usize::from(EDITED.contains(&article)),
                "{id} {article}"
            );
            let pages = archive.pages_of(&notice).expect("it can be read").len();
            assert_eq!(
                pages,
                1 + usize::from(MOVED.contains(&article)),
                "{id} {article}"
            );
        }
    }
    assert_eq!(field.notice_count(), (families.len() * ARTICLES) as u64);
    // Nobody is called because a page looks otherwise.
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[test]
fn a_redesigned_site_is_an_alarm_and_loses_nothing() {
    let field = Field::new([Site::new("made-up", Family::Jcms, 40)]);
    field.crawl(with_delay(Duration::ZERO));
    field.web.site("made-up").redesign(true);
    let report = field.crawl(again());
    let kinds: Vec<&str> = report
        .findings
        .iter()
        .map(|found| found.finding.kind())
        .collect();
    assert_eq!(kinds, ["unknown_list", "unknown_list"]);
    assert_eq!(field.notice_count(), 40);
    field.web.site("made-up").redesign(false);
    field.web.site("made-up").publish(2);
    let report = field.crawl(again());
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert_eq!(field.notice_count(), 42);
}

#[test]
fn traps_have_an_end() {
    let field = Field::new([Site::new("made-up", Family::Trs, 40).endless()]);
    let report = field.crawl(with_delay(Duration::ZERO));
    assert_eq!(field.notice_count(), 40);
    let visits = field.web.log().len();
    assert!(
        visits < 100,
        "{visits} visits for 40 articles: {:?}",
        report.findings
    );
}
