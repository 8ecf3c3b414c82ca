//! No room, no host, a catalogue in use, two crawls at once: nothing is lost, the message says what is the matter, the exit code too.

use std::{fs, process::Stdio, thread, time::Duration};

use gongbao_fakesite::{Family, Site};

use super::field::Field;
use crate::support::Corpus;

fn notices(field: &Field) -> u64 {
    field.archive().notice_count().expect("it can be read")
}

#[cfg(unix)]
#[test]
fn without_room_it_says_so_and_goes_on_when_there_is() {
    let field = Field::new([Site::new("made-up", Family::Trs, 200)]);
    let line = "crawl made-up --allow-private --delay 0";
    for kib in [300, 500] {
        let (code, err) = crate::support::run_without_room(&field.corpus, kib, line);
        assert_eq!(code, Some(2), "{err}");
        // A full disk is told as such; a limit on files is an error of writing to SQLite.
        let told = ["no room left", "catalog.sqlite", "archive"];
        assert!(told.iter().any(|words| err.contains(words)), "{err}");
        field.records();
    }
    let before = notices(&field);
    assert!(before < 200, "{before} notices were kept without room");
    field.crawl(&["--delay", "0"]).with(0);
    assert_eq!(notices(&field), 200);
    let archive = field.archive();
    for notice in archive.notices() {
        archive
            .load(&notice.expect("it can be read").newest)
            .expect("it is whole");
    }
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
