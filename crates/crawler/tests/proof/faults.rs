//! No room, no host, a catalogue in use, two crawls at once, a clock set back:
//! nothing is lost, and it is said what is the matter.

use std::{
    process::Command,
    thread,
    time::{Duration, Instant},
};

use gongbao_archive::{ArchiveError, PageState};
use gongbao_crawler::{Clock, CrawlError, SystemClock};
use gongbao_fakesite::{Family, Site};
use jiff::{Span, Timestamp};

use crate::{
    field::{Field, again, causes, crawl, with_delay},
    kills::crawl_in_a_process,
};

/// A crawl in a process of its own that `script` starts as `"$@"`. What it
/// said, after it failed.
#[cfg(unix)]
fn crawl_short_of_something(field: &Field, script: &str) -> String {
    let alone = crawl_in_a_process(field);
    let mut command = Command::new("bash");
    command
        .args(["-c", script, "bash"])
        .arg(alone.get_program())
        .args(alone.get_args());
    command.envs(
        alone
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    command.env("CORPUS", field.dir());
    let output = command.output().expect("bash");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{err}");
    err
}

/// Fails unless what was kept is whole and an undisturbed crawl completes it.
#[cfg(unix)]
#[track_caller]
fn assert_nothing_was_lost(field: &Field, articles: u64) {
    let before = field.notice_count();
    assert!(
        before > 0 && before < articles,
        "{before} notices were kept without room"
    );
    field.crawl(with_delay(Duration::ZERO));
    assert_eq!(field.notice_count(), articles);
    field.records();
    let archive = field.archive();
    for notice in archive.notices() {
        let notice = notice.expect("it can be read");
        archive.load(&notice.newest).expect("it is whole");
    }
}

/// On a small file system of memory, in a name space where one may be made.
#[cfg(target_os = "linux")]
#[test]
#[expect(
    clippy::print_stderr,
    reason = "who reads the log should know of a test skipped"
)]
fn with_the_disk_full_it_says_so_and_goes_on_when_it_is_not() {
    let may = Command::new("unshare")
        .args(["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"])
        .output();
    if !may.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no file system may be made here");
        return;
    }
    let field = Field::new([Site::new("made-up", Family::Trs, 200)]);
    for kib in [600, 900] {
        let script = format!(
            "export KIB={kib}; exec unshare -rm bash -c '
                disk=$(mktemp -d); mount -t tmpfs -o size=${{KIB}}k tmpfs \"$disk\" && cp -a \"$CORPUS/.\" \"$disk\"
                GONGBAO_PROOF_CORPUS=\"$disk\" \"$@\"; code=$?
                cp -a \"$disk/.\" \"$CORPUS\"; exit $code' bash \"$@\""
        );
        let err = crawl_short_of_something(&field, &script);
        assert!(err.contains("no room left to write"), "{err}");
    }
    assert_nothing_was_lost(&field, 200);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_grow_is_named() {
    let field = Field::new([Site::new("made-up", Family::Trs, 200)]);
    for kib in [200, 400] {
        let script = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$@\"");
        let err = crawl_short_of_something(&field, &script);
        // SQLite does not say why it could not write.
        assert!(
            err.contains("no room left to write") || err.contains("catalog.sqlite: disk I/O error"),
            "{err}"
        );
    }
    assert_nothing_was_lost(&field, 200);
}

#[test]
fn a_host_that_is_not_there_stops_no_other() {
    let field = Field::new([Site::new("made-up", Family::Trs, 20)]);
    let url = "http://www.nowhere.invalid/gg/";
    let profile = format!(
        "id = \"nowhere\"\nname = \"无此网站\"\nplain_http = true\ncolumns = [{{ name = \"公告\", url = \"{url}\" }}]\n"
    );
    field.describe("nowhere", &profile);
    let report = field.crawl(with_delay(Duration::ZERO));
    assert_eq!(field.notice_count(), 20);
    let said: Vec<String> = report
        .findings
        .iter()
        .map(|found| found.finding.to_string())
        .collect();
    assert!(
        said.iter().any(|said| said.contains("nowhere.invalid")),
        "{said:?}"
    );
    let page = field.archive().page_at(url).expect("it can be read");
    let state = page.expect("it is known").state;
    assert!(
        matches!(state, PageState::Unreachable | PageState::Waiting),
        "{state:?}"
    );
}

#[test]
fn a_second_crawl_is_refused_at_once_and_the_first_goes_on() {
    let field = Field::new([Site::new("made-up", Family::Trs, 100)]);
    let mut first = crawl_in_a_process(&field).spawn().expect("it starts");
    while field.web.log().is_empty() {
        thread::sleep(Duration::from_millis(5));
    }
    let began = Instant::now();
    let refused = crawl(field.dir(), with_delay(Duration::ZERO), SystemClock);
    let Err(CrawlError::Archive(ArchiveError::Locked { holder })) = refused else {
        panic!("two crawled one corpus: {refused:?}");
    };
    assert_eq!(holder.pid, first.id().to_string());
    assert!(began.elapsed() < Duration::from_secs(2));
    assert!(first.wait().expect("it ends").success());
    assert_eq!(field.notice_count(), 100);
}

#[test]
fn a_catalogue_that_another_program_holds_is_named_and_keeps_what_it_has() {
    let field = Field::new([Site::new("made-up", Family::Trs, 20)]);
    field.crawl(with_delay(Duration::ZERO));
    let catalogue = field.dir().join("catalog.sqlite");
    let other = rusqlite::Connection::open(&catalogue).expect("it opens");
    other.execute_batch("BEGIN EXCLUSIVE").expect("it is free");
    let refused = crawl(field.dir(), again(), SystemClock).expect_err("it is held");
    let said = causes(&refused);
    assert!(
        said.contains("catalog.sqlite") && said.contains("locked"),
        "{said}"
    );
    other.execute_batch("ROLLBACK").expect("it was begun");
    field.crawl(again());
    assert_eq!(field.notice_count(), 20);
}

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

#[test]
fn private_addresses_are_left_alone_without_leave() {
    let field = Field::new([Site::new("made-up", Family::Trs, 20)]);
    let mut options = with_delay(Duration::ZERO);
    options.allow_private = false;
    let report = field.crawl(options);
    assert!(field.web.log().is_empty(), "it was asked all the same");
    assert!(!report.findings.is_empty());
}
