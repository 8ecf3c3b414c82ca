//! Killed at any moment, with no room left: what was published answers, and
//! the next run ends where an undisturbed one would have.

use std::{collections::BTreeSet, fs, process::Stdio, thread, time::Duration};

use serde_json::Value;

#[cfg(unix)]
use crate::support::run_without_room;
use crate::support::{Corpus, command};

/// How many times `index` is killed.
const KILLS: u32 = 50;

/// Notices in the first generation, and added later.
const BEFORE: usize = 120;
const LATER: usize = 60;

/// A made-up report with an outline; `number` makes it unlike the others.
fn report(number: usize) -> String {
    let items: Vec<String> = (1..=12)
        .map(|item| {
            let place = ["青川", "白河", "云溪"][(number + item) % 3];
            format!(
                "({item})推进{place}镇债务化解。化解本金{number}{item}万元,清退违法渔具{item}件。\n"
            )
        })
        .collect();
    format!(
        "关于第{number}号事项整改情况的通报\n时间:2025-03-04 来源:测试网\n\n一、整改情况\n(一)债务方面\n{}",
        items.concat()
    )
}

fn import(corpus: &Corpus, numbers: std::ops::Range<usize>) {
    let mut arguments = vec!["import".to_owned()];
    for number in numbers {
        arguments.push(corpus.page(&format!("{number:04}.txt"), &report(number)));
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    corpus.run(&arguments).with(0);
}

/// Everything that the index says, in an order of its own.
fn everything(corpus: &Corpus) -> BTreeSet<String> {
    let arguments = [
        "search",
        "债务化解",
        "--unit",
        "passage",
        "--limit",
        "100000",
        "--no-fold",
    ];
    let hits = corpus.run(&arguments).with(0).jsonl();
    hits.iter()
        .map(|hit: &Value| format!("{} {}", hit["title"], hit["passages"][0]))
        .collect()
}

fn notices(corpus: &Corpus) -> u64 {
    let answer = corpus
        .run(&["search", "债务化解", "--format", "json"])
        .with(0)
        .json();
    answer["total"].as_u64().expect("a number")
}

#[test]
fn an_index_killed_at_any_moment_is_whole() {
    let corpus = Corpus::new();
    import(&corpus, 0..BEFORE);
    corpus.run(&["index"]).with(0);
    import(&corpus, BEFORE..BEFORE + LATER);
    let dir = corpus.dir();
    let dir = dir.to_str().expect("a plain path");
    let mut killed = 0;
    for round in 0..KILLS {
        // Rebuilding and adding in turn, so that every step is met.
        let mut arguments = vec!["index", "--corpus", dir];
        if round % 2 == 0 {
            arguments.push("--rebuild");
        }
        let mut child = command(&arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        thread::sleep(Duration::from_millis(u64::from(round * 37 % 400)));
        child.kill().expect("it is ours");
        let status = child.wait().expect("it ends");
        killed += u32::from(status.code().is_none());
        let whole = [BEFORE as u64, (BEFORE + LATER) as u64];
        let found = notices(&corpus);
        assert!(whole.contains(&found), "{found} notices after kill {round}");
    }
    assert!(killed > KILLS / 4, "only {killed} runs were killed in time");

    corpus.run(&["index"]).with(0);
    let undisturbed = Corpus::new();
    import(&undisturbed, 0..BEFORE + LATER);
    undisturbed.run(&["index"]).with(0);
    // Scores too: nothing of an unfinished run is left to count.
    assert_eq!(everything(&corpus), everything(&undisturbed));
    let generations = fs::read_dir(corpus.dir().join("index")).expect("a folder");
    assert!(generations.count() <= 3, "the current, the last, CURRENT");
}

#[cfg(unix)]
#[test]
fn without_room_the_old_index_stays() {
    let corpus = Corpus::new();
    import(&corpus, 0..BEFORE);
    corpus.run(&["index"]).with(0);
    let before = everything(&corpus);
    import(&corpus, BEFORE..BEFORE + LATER);
    let (code, err) = run_without_room(&corpus, 8, "index --rebuild");
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("index"), "{err}");
    assert_eq!(everything(&corpus), before);
    corpus.run(&["index"]).with(0);
    assert_eq!(notices(&corpus), (BEFORE + LATER) as u64);
}
