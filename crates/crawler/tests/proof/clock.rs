//! A clock set back: nothing is lost, and it is said.

use std::time::Duration;

use gongbao_crawler::Clock;
use gongbao_fakesite::{Family, Site};
use jiff::{Span, Timestamp};

use crate::field::{Field, again, crawl, with_delay};

/// A clock that is wrong by so many hours.
struct Wrong(i64);

impl Clock for Wrong {
    fn now(&self) -> Timestamp {
        let wrong = Span::new().hours(self.0);
        Timestamp::now().checked_add(wrong).expect("it is near")
    }
}

#[test]
fn a_clock_set_back_holds_nothing_up() {
    let field = Field::new([Site::new("made-up", Family::Trs, 20)]);
    let year = 365 * 24;
    crawl(field.dir(), with_delay(Duration::ZERO), Wrong(year)).expect("it runs");
    field.web.site("made-up").publish(5);
    let report = field.crawl(again());
    let kinds: Vec<&str> = report
        .findings
        .iter()
        .map(|found| found.finding.kind())
        .collect();
    assert_eq!(kinds, ["clock_set_back"]);
    assert_eq!(field.notice_count(), 25);
    // Set right again, it goes on as if nothing had been.
    field.web.site("made-up").publish(5);
    let report = crawl(field.dir(), again(), Wrong(year + 1)).expect("it runs");
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert_eq!(field.notice_count(), 30);
}
