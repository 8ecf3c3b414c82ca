//! Never sooner than anyone wants: measured from the log of the servers.

use std::time::Duration;

use gongbao_fakesite::{Family, Site, Visit};

use crate::field::{Field, with_delay};

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
