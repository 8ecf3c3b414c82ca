//! Saved searches: what is new, told once.

use std::fs;

use serde_json::Value;

use crate::support::Corpus;

const FIRST: &str = "\
关于化解某某镇债务的通知

发布时间：2025-03-04  来源：某某镇人民政府

各村：
一、总体要求
（一）摸清底数。逐村清理债务，建立台账。
（二）化解债务。通过盘活资产偿还债务12.5万元。
二、工作保障
（一）压实责任。各村主要负责人负总责。

某某镇人民政府
2025年3月3日
";

/// An item is put in, which moves the numbers of those after it; one figure
/// is another.
fn second() -> String {
    FIRST
        .replace(
            "（一）摸清底数。",
            "（一）举债从严。新增债务须经镇政府审批。\n（二）摸清底数。",
        )
        .replace("（二）化解债务", "（三）化解债务")
        .replace("12.5万元", "22.5万元")
}

fn told(corpus: &Corpus) -> Vec<Value> {
    corpus
        .run(&["watch", "run", "--format", "jsonl"])
        .with(0)
        .jsonl()
}

fn import(corpus: &Corpus, name: &str, text: &str) {
    let path = corpus.page(name, text);
    corpus.run(&["import", &path]).with(0);
}

fn changes(alert: &Value) -> Vec<(&str, &str)> {
    let passages = alert["passages"].as_array().expect("passages");
    passages
        .iter()
        .map(|passage| {
            let text = passage["text"].as_str().expect("a text");
            (passage["change"].as_str().expect("a change"), text)
        })
        .collect()
}

#[test]
fn a_passage_is_told_once_and_a_change_as_a_change() {
    let corpus = Corpus::new();
    import(&corpus, "a.txt", "关于旧事的通知\n\n旧的债务不再提起。\n");
    corpus.run(&["watch", "add", "债务", "债务"]).with(0);
    assert!(told(&corpus).is_empty(), "what was there is not new");

    import(&corpus, "b.txt", FIRST);
    let alerts = told(&corpus);
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0]["change"], "new");
    assert_eq!(alerts[0]["title"], "关于化解某某镇债务的通知");
    assert!(
        changes(&alerts[0])
            .iter()
            .all(|(change, _)| *change == "new")
    );
    assert!(told(&corpus).is_empty());

    // Neither an index nor another dictionary makes anything new.
    corpus.run(&["index"]).with(0);
    fs::write(corpus.dir().join("dictionary.txt"), "化解债务 100 n\n").expect("room");
    corpus.run(&["index"]).with(0);
    assert!(told(&corpus).is_empty());

    import(&corpus, "b.txt", &second());
    let alerts = told(&corpus);
    assert_eq!(alerts.len(), 1);
    assert_eq!(
        (&alerts[0]["change"], &alerts[0]["version"]),
        (&"changed".into(), &2.into())
    );
    let changes = changes(&alerts[0]);
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert!(
        changes[0].0 == "new" && changes[0].1.contains("举债从严"),
        "{changes:?}"
    );
    assert!(
        changes[1].0 == "changed" && changes[1].1.contains("22.5万元"),
        "{changes:?}"
    );
    let changed = &alerts[0]["passages"][1];
    assert!(
        changed["before"]
            .as_str()
            .expect("before")
            .contains("12.5万元")
    );
    let diff = changed["diff"].as_array().expect("a diff");
    assert!(
        diff.contains(&serde_json::json!({ "removed": "1" })),
        "{diff:?}"
    );
    assert!(
        diff.contains(&serde_json::json!({ "added": "2" })),
        "{diff:?}"
    );

    // Back to what it was: nothing that was not known.
    import(&corpus, "b.txt", FIRST);
    let back = told(&corpus);
    assert!(
        back.iter().all(|alert| alert["change"] == "changed"),
        "{back:?}"
    );
}

#[test]
fn each_channel_is_told_and_one_that_fails_is_told_later() {
    let corpus = Corpus::new();
    import(&corpus, "a.txt", "关于旧事的通知\n\n往事。\n");
    let place = |name: &str| corpus.dir().join(name).display().to_string();
    let (jsonl, atom, taken) = (place("new.jsonl"), place("new.atom"), place("taken"));
    let command = format!("test -e {taken}.ready && cat >> {taken}");
    let add = [
        "watch",
        "add",
        "debt",
        "化解",
        "--jsonl",
        &jsonl,
        "--atom",
        &atom,
        "--command",
        &command,
    ];
    corpus.run(&add).with(0);
    corpus.run(&add).with(2);
    import(&corpus, "b.txt", FIRST);

    let ran = corpus.run(&["watch", "run"]).with(2);
    assert!(ran.err.contains("tried again"), "{}", ran.err);
    let list = corpus
        .run(&["watch", "list", "--format", "json"])
        .with(2)
        .json();
    assert_eq!(list[0]["pending"], 1);
    fs::write(format!("{taken}.ready"), "").expect("room");
    corpus.run(&["watch", "run"]).with(0);
    corpus.run(&["watch", "run"]).with(0);

    let lines = fs::read_to_string(&jsonl).expect("a file");
    assert_eq!(lines.lines().count(), 1);
    let line: Value = serde_json::from_str(&lines).expect("JSON");
    let message: Value =
        serde_json::from_str(&fs::read_to_string(&taken).expect("a file")).expect("JSON");
    assert_eq!(message["repeated"], true);
    assert_eq!(message["alerts"][0]["alert"], line["alert"]);
    let feed = fs::read_to_string(&atom).expect("a file");
    assert_eq!(feed.matches("<entry>").count(), 1, "{feed}");
    let id = line["alert"].as_str().expect("an id");
    assert!(feed.contains(&format!("urn:uuid:{id}")), "{feed}");
}

#[test]
fn topics_and_filters_can_be_watched_and_bad_files_trouble_no_other() {
    let corpus = Corpus::new();
    import(&corpus, "a.txt", FIRST);
    corpus
        .run(&[
            "watch",
            "add",
            "topic",
            "--topic",
            "debt-resolution",
            "--all",
        ])
        .with(0);
    corpus
        .run(&["watch", "add", "x", "--topic", "no such"])
        .with(2);
    corpus.run(&["watch", "add", "../x", "债务"]).with(2);
    fs::write(corpus.dir().join("watches/broken.toml"), "query = 1").expect("room");
    let ran = corpus.run(&["watch", "run", "--format", "jsonl"]).with(2);
    assert_eq!(ran.jsonl()[0]["watch"], "topic");
    assert!(ran.err.contains("broken"), "{}", ran.err);
    corpus.run(&["watch", "rm", "topic"]).with(0);
    corpus.run(&["watch", "rm", "topic"]).with(2);
}
