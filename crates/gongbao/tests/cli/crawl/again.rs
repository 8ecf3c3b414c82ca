//! A second look at a site where nothing has changed.

use gongbao_archive::PageFate;
use gongbao_fakesite::{Family, Site};

use super::field::{Field, count_of};

#[test]
fn what_has_not_changed_is_asked_for_by_condition_and_kept_once() {
    let field = Field::new([
        Site::new("validating", Family::Trs, 120),
        Site::new("plain", Family::Jcms, 60).without_validators(),
    ]);
    field.crawl(&["--delay", "0"]).with(0);
    field.corpus.run(&["index"]).with(0);
    let before = field.records();
    let generation = current_generation(&field);
    field.web.log().clear();

    field.crawl(&["--delay", "0", "--refresh"]).with(0);
    for visit in field.web.log().visits() {
        if visit.site == "validating" && visit.target != "/robots.txt" {
            assert!(visit.conditional && visit.status == 304, "{visit:?}");
        }
    }
    let after = field.records();
    let new = &after[before.len()..];
    // Records are appended: the new ones are the last.
    assert_eq!(count_of(new, "response"), 0, "bodies were stored again");
    assert!(count_of(new, "revisit") >= 180);
    for fetches in field.last_fetches().values() {
        let last = fetches.last().expect("there is one");
        assert_eq!(last.fate, PageFate::Unchanged, "{}", last.url);
    }
    let indexed = field.corpus.run(&["index"]).with(0);
    assert_eq!(current_generation(&field), generation, "{}", indexed.err);
}

fn current_generation(field: &Field) -> String {
    std::fs::read_to_string(field.corpus.dir().join("index/CURRENT")).expect("there is an index")
}
