//! No room, no host, a catalogue in use, two crawls at once: nothing is lost,
//! the message says what is the matter, the exit code too.

use std::{
    fs,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use gongbao_fakesite::{Family, Site};

use super::field::Field;
use crate::support::Corpus;

fn notices(field: &Field) -> u64 {
    field.archive().notice_count().expect("it can be read")
}

/// Fails unless what was kept is whole and an undisturbed crawl completes it.
#[cfg(unix)]
#[track_caller]
fn assert_nothing_was_lost(field: &Field, articles: u64) {
    let before = notices(field);
    assert!(
        before > 0 && before < articles,
        "{before} notices were kept without room"
    );
    field.crawl(&["--delay", "0"]).with(0);
    assert_eq!(notices(field), articles);
    field.records();
    let archive = field.archive();
    for notice in archive.notices() {
        let notice = notice.expect("it can be read");
        archive.load(&notice.newest).expect("it is whole");
    }
}

#[cfg(unix)]
#[test]
fn where_files_may_not_grow_it_says_so_and_goes_on_when_they_may() {
    let field = Field::new([Site::new("made-up", Family::Trs, 200)]);
    let line = "crawl made-up --allow-private --delay 0";
    for kib in [300, 500] {
        let (code, err) = crate::support::run_without_room(&field.corpus, kib, line);
        assert_eq!(code, Some(2), "{err}");
        assert!(err.contains("no room left to write"), "{err}");
        field.records();
    }
    assert_nothing_was_lost(&field, 200);
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
    let script = r#"
        disk=$(mktemp -d); mount -t tmpfs -o size=${KIB}k tmpfs "$disk" && cp -a "$CORPUS/." "$disk"
        "$PROGRAM" --corpus "$disk" crawl made-up --allow-private --delay 0; code=$?
        cp -a "$disk/." "$CORPUS"; exit $code"#;
    for kib in ["900", "1200"] {
        let output = Command::new("unshare")
            .args(["-rm", "bash", "-c", script])
            .env("KIB", kib)
            .env("PROGRAM", env!("CARGO_BIN_EXE_gongbao"))
            .env("CORPUS", field.corpus.dir())
            .output()
            .expect("it starts");
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{err}");
        assert!(err.contains("no room left to write"), "{err}");
    }
    assert_nothing_was_lost(&field, 200);
}

#[test]
fn a_host_that_is_not_there_stops_no_other() {
    let field = Field::new([Site::new("made-up", Family::Trs, 20)]);
    let profile = "id = \"nowhere\"\nname = \"无此网站\"\nplain_http = true\n\
        columns = [{ name = \"公告\", url = \"http://www.nowhere.invalid/gg/\" }]\n";
    fs::write(field.corpus.dir().join("sites/nowhere.toml"), profile).expect("it is written");
    let ran = field.crawl(&["nowhere", "--delay", "0"]).with(2);
    assert!(ran.err.contains("nowhere.invalid"), "{}", ran.err);
    assert_eq!(notices(&field), 20);
}

#[test]
fn a_second_crawl_is_refused_at_once_and_the_first_goes_on() {
    let field = Field::new([Site::new("made-up", Family::Trs, 60)]);
    let mut first = field
        .command(&["--delay", "30ms"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    while field.web.log().is_empty() {
        thread::sleep(Duration::from_millis(10));
    }
    let second = field.crawl(&[]).with(75);
    assert!(
        second.err.contains(&first.id().to_string()),
        "{}",
        second.err
    );
    let status = first.wait().expect("it ends");
    assert_eq!(status.code(), Some(0));
    assert_eq!(notices(&field), 60);
}

#[test]
fn a_catalogue_that_another_program_holds_is_waited_for_then_named() {
    let field = Field::new([Site::new("made-up", Family::Trs, 20)]);
    field.crawl(&["--delay", "0"]).with(0);
    let path = field.corpus.dir().join("catalog.sqlite");
    let other = rusqlite::Connection::open(&path).expect("it opens");
    other.execute_batch("BEGIN EXCLUSIVE").expect("it is free");
    let refused = field.crawl(&["--delay", "0", "--refresh"]).with(2);
    assert!(refused.err.contains("catalog.sqlite"), "{}", refused.err);
    assert!(refused.err.contains("locked"), "{}", refused.err);
    other.execute_batch("ROLLBACK").expect("it was begun");
    field.crawl(&["--delay", "0", "--refresh"]).with(0);
    assert_eq!(notices(&field), 20);
}

#[test]
fn private_addresses_are_left_alone_without_leave() {
    let field = Field::new([Site::new("made-up", Family::Trs, 20)]);
    let ran = field
        .corpus
        .run(&["crawl", "made-up", "--delay", "0"])
        .with(2);
    assert!(ran.err.contains("127.0.0.1"), "{}", ran.err);
    assert!(field.web.log().is_empty(), "it was asked all the same");
}

#[test]
fn a_site_that_nobody_described_is_named() {
    let corpus = Corpus::new();
    let refused = corpus.run(&["crawl", "no-such-site"]).with(2);
    assert!(refused.err.contains("no-such-site"), "{}", refused.err);
    assert!(refused.err.contains("gongbao sites"), "{}", refused.err);
}
