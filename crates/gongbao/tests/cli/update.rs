//! Unattended runs: sound or not published, one at a time, killed at any
//! moment or out of room, and then as if nothing had happened.

use std::{
    collections::BTreeSet,
    fs,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use gongbao_archive::FileLock;
use serde_json::{Value, json};

use crate::support::{Corpus, NOTICE, command};

/// How many times `update` is killed.
const KILLS: u64 = 16;

/// A made-up site of seven notices, each with a title and a text of its own.
fn site(say: impl Fn(usize) -> (String, String)) -> String {
    let rows = (0..7).map(|number| {
        let (title, text) = say(number);
        let url = format!("https://www.yunxi.example/{number}.html");
        let id = format!("yunxi-{number}");
        json!({ "id": id, "title": title, "text": text, "url": url }).to_string()
    });
    rows.collect::<Vec<_>>().join("\n")
}

/// What the site says on good days; `day` makes an item of each new.
fn good(day: usize) -> String {
    site(|number| {
        let place = ["青川", "白河", "云溪", "石桥", "松岭", "柳湾", "沙坪"][number];
        let title = format!("关于{place}镇整改情况的通报");
        let text = format!(
            "一、总体情况\n{place}镇债务已经清理。\n二、下一步\n{place}镇第{day}日起化解债务。\n"
        );
        (title, text)
    })
}

fn take(corpus: &Corpus, rows: &str) {
    let path = corpus.page("site.jsonl", rows);
    corpus.run(&["import", &path]).with(0);
}

fn found(corpus: &Corpus, words: &str) -> u64 {
    let ran = corpus.run(&["search", words, "--literal", "--format", "json"]);
    ran.json()["total"].as_u64().expect("a number")
}

/// The alerts in a file of JSON Lines, each of which must be whole.
fn alerts(corpus: &Corpus) -> Vec<Value> {
    let text = fs::read_to_string(corpus.dir().join("alerts.jsonl")).unwrap_or_default();
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a whole line"))
        .collect()
}

fn watched(corpus: &Corpus) {
    let jsonl = corpus.dir().join("alerts.jsonl").display().to_string();
    let atom = corpus.dir().join("alerts.atom").display().to_string();
    let add = [
        "watch", "add", "debt", "债务", "--all", "--jsonl", &jsonl, "--atom", &atom,
    ];
    corpus.run(&add).with(0);
}

#[test]
fn a_run_does_what_there_is_to_do_and_remembers_it() {
    let corpus = Corpus::new();
    take(&corpus, &good(1));
    watched(&corpus);
    corpus.run(&["update"]).with(0);
    corpus.run(&["update"]).with(0);
    assert_eq!(alerts(&corpus).len(), 7);
    let status = corpus
        .run(&["status", "--check", "--format", "json"])
        .with(0)
        .json();
    assert_eq!(
        status["index"]["generation"], 1,
        "nothing to do is no new generation"
    );
    let outcomes: Vec<_> = (0..2)
        .map(|run| {
            status["last_runs"][run]["steps"]
                .as_array()
                .expect("steps")
                .clone()
        })
        .map(|steps| {
            let outcome = |step: &Value| (step["name"].clone(), step["outcome"].clone());
            steps.iter().map(outcome).collect::<Vec<_>>()
        })
        .collect();
    let expected = |outcome: &str| {
        vec![
            (json!("index"), json!(outcome)),
            (json!("watch"), json!(outcome)),
        ]
    };
    assert_eq!(outcomes, [expected("nothing"), expected("done")]);
    assert_eq!(status["last_runs"][1]["steps"][0]["detail"]["notices"], 7);
}

#[test]
fn a_second_writer_says_who_the_first_is() {
    let corpus = Corpus::new();
    take(&corpus, &good(1));
    let lock = FileLock::take(&corpus.dir().join("corpus.lock")).expect("a lock");
    let own = std::process::id().to_string();
    for arguments in [
        &["update"][..],
        &["index"],
        &["watch", "run"],
        &["import", "x"],
    ] {
        let ran = corpus.run(arguments).with(75);
        assert!(ran.err.contains(&own), "{}", ran.err);
    }
    drop(lock);
    corpus.run(&["update"]).with(0);
}

#[test]
fn a_site_that_turns_to_nonsense_changes_nothing_that_is_served() {
    let same_text = |_| {
        (
            "请稍候".to_owned(),
            "正在检查您的浏览器，请稍候。".to_owned(),
        )
    };
    let same_title = |number| ("首页".to_owned(), format!("第{number}页没有内容。"));
    let shrunk = |number| (format!("通报{number}"), format!("债务{number}。"));
    let nonsense = [site(same_text), site(same_title), site(shrunk)];

    let corpus = Corpus::new();
    take(&corpus, &good(1));
    watched(&corpus);
    corpus.run(&["update"]).with(0);
    for bad in nonsense {
        take(&corpus, &bad);
        // Twice: it is nonsense still the next night, and no new generation.
        for _ in 0..2 {
            let ran = corpus.run(&["update"]).with(2);
            assert!(ran.err.contains("alarm site_nonsense"), "{}", ran.err);
            assert_eq!(found(&corpus, "债务已经清理"), 7);
            assert_eq!(found(&corpus, "请稍候"), 0);
        }
        let status = corpus
            .run(&["status", "--check", "--format", "json"])
            .with(2)
            .json();
        assert_eq!(status["problems"][0]["kind"], "site_nonsense", "{status}");
    }
    assert_eq!(alerts(&corpus).len(), 7, "nonsense is no news");

    // The site is well again, and has news.
    take(&corpus, &good(2));
    corpus.run(&["update"]).with(0);
    corpus.run(&["status", "--check"]).with(0);
    assert_eq!(found(&corpus, "第2日起"), 7);
    let alerts = alerts(&corpus);
    assert_eq!(alerts.len(), 14);
    for alert in &alerts[7..] {
        let passages = alert["passages"].as_array().expect("passages");
        assert!(
            passages.iter().all(|passage| {
                passage["text"]
                    .as_str()
                    .is_some_and(|text| text.contains("第2日起"))
            }),
            "{alert}"
        );
    }

    // Whoever knows better says so.
    take(&corpus, &site(same_text));
    corpus.run(&["update", "--allow-loss"]).with(0);
    assert_eq!(found(&corpus, "请稍候"), 7);
}

#[test]
fn a_run_killed_at_any_moment_loses_no_alert_and_repeats_none() {
    let corpus = Corpus::new();
    take(&corpus, &good(0));
    watched(&corpus);
    corpus.run(&["update"]).with(0);
    let dir = corpus.dir();
    let dir = dir.to_str().expect("a plain path");
    let mut killed = 0;
    for round in 1..=KILLS {
        let name = format!("{round:02}.txt");
        let path = corpus.page(&name, &NOTICE.replace("某某镇", &format!("第{round}镇")));
        corpus.run(&["import", &path]).with(0);
        let mut child = command(["update", "--corpus", dir])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        thread::sleep(Duration::from_millis(round * 53 % 600));
        child.kill().expect("it is ours");
        killed += u64::from(child.wait().expect("it ends").code().is_none());
        assert_eq!(found(&corpus, "债务已经清理"), 7, "after kill {round}");
    }
    assert!(killed > KILLS / 3, "only {killed} runs were killed in time");
    corpus.run(&["update"]).with(0);
    let alerts = alerts(&corpus);
    let ids: BTreeSet<_> = alerts
        .iter()
        .map(|alert| alert["alert"].to_string())
        .collect();
    let notices: BTreeSet<_> = alerts.iter().map(|alert| alert["id"].to_string()).collect();
    assert_eq!(ids.len(), alerts.len(), "an alert is repeated");
    assert_eq!(notices.len(), 7 + KILLS as usize, "an alert is lost");
    let feed = fs::read_to_string(corpus.dir().join("alerts.atom")).expect("a feed");
    assert_eq!(feed.matches("<entry>").count(), alerts.len());
    let status = corpus
        .run(&["status", "--check", "--format", "json"])
        .with(0)
        .json();
    assert_eq!(status["index"]["state"], "current");
}

#[test]
fn a_catalogue_that_stays_locked_ends_the_run_and_the_next_makes_good() {
    let corpus = Corpus::new();
    take(&corpus, &good(0));
    watched(&corpus);
    let path = corpus.dir().join("catalog.sqlite");
    let other = rusqlite::Connection::open(path).expect("it opens");
    other.execute_batch("BEGIN EXCLUSIVE").expect("it is free");
    let refused = corpus.run(&["update"]).with(2);
    assert!(refused.err.contains("locked"), "{}", refused.err);
    other.execute_batch("ROLLBACK").expect("it was begun");
    corpus.run(&["update"]).with(0);
    assert_eq!(alerts(&corpus).len(), 7);
}

/// What is held back is served as it was, and derived anew as it was.
#[test]
fn what_is_held_back_follows_words_and_places_as_it_was() {
    let corpus = Corpus::new();
    take(&corpus, &good(1));
    corpus.run(&["update"]).with(0);
    take(
        &corpus,
        &site(|_| ("请稍候".to_owned(), "正在检查浏览器。".to_owned())),
    );
    fs::write(corpus.dir().join("dictionary.txt"), "镇债务已经清理\n").expect("room");
    let update = || corpus.run(&["update"]).with(2);
    let ran = update();
    assert!(ran.err.contains("7 of 7 notices cut anew"), "{}", ran.err);
    assert_eq!(
        (found(&corpus, "债务已经清理"), found(&corpus, "请稍候")),
        (7, 0)
    );

    let place = "code\tname\tshort\tlevel\n990100\t青川镇\t青川\tcounty\n";
    fs::write(corpus.dir().join("divisions.tsv"), place).expect("room");
    let ran = update();
    assert!(
        ran.err
            .contains("1 of 7 notices indexed anew, 7 read again"),
        "{}",
        ran.err
    );
    assert_eq!(
        (found(&corpus, "债务已经清理"), found(&corpus, "请稍候")),
        (7, 0)
    );
    let of_place = corpus.run(&["search", "债务", "--region", "990100", "--format", "json"]);
    assert_eq!(of_place.json()["total"], 1);
    assert!(update().err.contains("index: nothing to do"));
}

#[test]
fn searches_go_on_while_the_index_is_brought_up_and_made_anew() {
    let corpus = Corpus::new();
    take(&corpus, &good(0));
    corpus.run(&["update"]).with(0);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let searches = scope.spawn(|| {
            let mut searches = 0;
            while !is_over.load(Ordering::Relaxed) {
                assert_eq!(found(&corpus, "债务已经清理"), 7);
                searches += 1;
            }
            searches
        });
        for day in 1..=5 {
            take(&corpus, &good(day));
            corpus.run(&["update"]).with(0);
            corpus.run(&["index", "--rebuild"]).with(0);
        }
        is_over.store(true, Ordering::Relaxed);
        assert!(searches.join().expect("no search failed") > 10);
    });
}

/// Runs `update` with no file allowed to grow beyond `kib`, which fails as a
/// full disk does.
#[cfg(unix)]
fn update_without_room(corpus: &Corpus, kib: u32) -> Option<i32> {
    let program = env!("CARGO_BIN_EXE_gongbao");
    let dir = corpus.dir();
    let script = format!(
        "trap '' XFSZ; ulimit -f {kib}; exec '{program}' --corpus '{}' update",
        dir.display()
    );
    let output = Command::new("bash")
        .args(["-c", &script])
        .env("LC_ALL", "C")
        .output();
    output.expect("bash").status.code()
}

#[cfg(unix)]
#[test]
fn without_room_in_any_step_the_next_run_makes_all_good() {
    let corpus = Corpus::new();
    take(&corpus, &good(0));
    watched(&corpus);
    corpus.run(&["update"]).with(0);
    take(&corpus, &good(1));
    // From nothing at all to enough for everything.
    for kib in [0, 1, 2, 4, 8, 16, 32, 64, 96, 128, 160, 256, 512] {
        let code = update_without_room(&corpus, kib);
        assert!(matches!(code, Some(0 | 2)), "{kib} KiB: {code:?}");
        assert_eq!(found(&corpus, "债务已经清理"), 7, "{kib} KiB");
    }
    corpus.run(&["update"]).with(0);
    let alerts = alerts(&corpus);
    let ids: BTreeSet<_> = alerts
        .iter()
        .map(|alert| alert["alert"].to_string())
        .collect();
    assert_eq!((alerts.len(), ids.len()), (14, 14));
    assert_eq!(found(&corpus, "第1日起"), 7);
}
