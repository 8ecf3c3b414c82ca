//! Topic packs: tested, started, extended.

use std::{fs, path::Path};

use serde_json::Value;

use crate::support::{Corpus, Ran, sample};

/// A pack on meetings that are cut short, with judged passages.
const PACK: &str = r#"
id = "short-meetings"
version = 1
name = { zh = "精简会议", en = "Short meetings" }
scope = "Fewer and shorter meetings."
related = ["debt-resolution"]
expressions = [
  { text = "精简会议", weight = 3 },
  { text = "少开会", weight = 1 },
  { text = "短会", without = ["短会计"] },
  { text = "会期", with = ["压缩"] },
]

[[judged]]
text = "各单位要精简会议，少开会、开短会，会议时间不超过一小时。"
match = true
rank = 1

[[judged]]
text = "全年少开会12场。"
match = true
rank = 2

[[judged]]
heading = "压缩数量"
text = "会期一般为半天。"
match = true

[[judged]]
text = "该公司缩短会计年度。"
match = false
why = "accounts"
"#;

fn with_pack(text: &str) -> Corpus {
    let corpus = Corpus::new();
    let dir = corpus.dir().join("topics");
    fs::create_dir_all(&dir).expect("a folder");
    fs::write(dir.join("mine.toml"), text).expect("room");
    corpus
}

fn test(corpus: &Corpus, format: &str) -> Ran {
    corpus.run(&["topics", "test", "short-meetings", "--format", format])
}

#[test]
fn a_pack_that_tells_its_passages_apart_passes() {
    let corpus = with_pack(PACK);
    let verdict = &test(&corpus, "jsonl").with(0).jsonl()[0];
    for (field, value) in [
        ("judged", 4),
        ("right", 3),
        ("wrong", 0),
        ("missed", 0),
        ("pairs", 1),
        ("ordered", 1),
    ] {
        assert_eq!(verdict[field], value, "{field}: {verdict}");
    }
    assert_eq!(
        (&verdict["f1"], &verdict["passed"]),
        (&1.0.into(), &true.into())
    );
    let page = test(&corpus, "table").with(0);
    assert!(page.out.contains("1 of 1 packs pass"), "{}", page.out);
    let (header, rows) = test(&corpus, "csv").with(0).csv();
    assert_eq!((rows.len(), rows[0].len()), (1, header.len()));
    let json = test(&corpus, "json").with(0).json();
    assert_eq!(json[0], *verdict);
    // Nothing of the test stays in the corpus.
    assert!(!corpus.dir().join("index").exists() && !corpus.dir().join("archive").exists());
}

#[test]
fn what_a_pack_gets_wrong_is_told_with_the_reason() {
    let careless = PACK
        .replace(", without = [\"短会计\"]", "")
        .replace("{ text = \"会期\", with = [\"压缩\"] },", "")
        .replace("rank = 1", "rank = 3");
    let corpus = with_pack(&careless);
    let verdict = &test(&corpus, "jsonl").with(1).jsonl()[0];
    assert_eq!(
        (&verdict["wrong"], &verdict["missed"]),
        (&1.into(), &1.into())
    );
    let failures = verdict["failures"].as_array().expect("failures");
    let of = |kind: &str| -> &Value {
        let found = failures.iter().find(|failure| failure["kind"] == kind);
        found.unwrap_or_else(|| panic!("{kind}: {verdict}"))
    };
    assert_eq!(of("wrong")["found"][0], "短会");
    assert_eq!(of("wrong")["why"], "accounts");
    assert_eq!(of("missed")["text"], "会期一般为半天。");
    assert_eq!(of("order")["text"], "全年少开会12场。");
    let page = test(&corpus, "table").with(1);
    for text in [
        "FAILED",
        "found, and must not be: accounts",
        "found by 短会",
    ] {
        assert!(page.out.contains(text), "{text}: {}", page.out);
    }
    let lenient = careless
        .replace("rank = 3", "")
        .replace("scope", "threshold = 0.6\nscope");
    test(&with_pack(&lenient), "jsonl").with(0);
}

#[test]
fn a_pack_without_judged_passages_fails() {
    let head = PACK.split("[[judged]]").next().expect("a head");
    let failed = test(&with_pack(head), "table").with(1);
    assert!(failed.out.contains("no judged passages"), "{}", failed.out);
}

#[test]
fn items_of_a_real_notice_are_looked_for() {
    let finds = |notice: &str, items: &str| {
        format!("{PACK}\n[[finds]]\nnotice = \"{notice}\"\nitems = {items}\n")
    };
    let title = "关于改进会风的通知";
    let notice = format!(
        "{title}\n\n发布时间：2025-03-04  来源：某某镇\n\n一、总体要求\n（一）少开会。\n（二）精简会议，少开会，开短会。\n（三）改进文风。\n"
    );
    let corpus = with_pack(&finds(title, "['（二）', '1.1']"));
    let skipped = &test(&corpus, "jsonl").with(0).jsonl()[0];
    assert_eq!(skipped["finds_skipped"], 1);
    assert_eq!(skipped["failures"][0]["kind"], "skipped");
    let id = corpus.with_page("notice.txt", &notice);
    let kept = &test(&corpus, "jsonl").with(0).jsonl()[0];
    assert_eq!(
        (&kept["finds"], &kept["finds_kept"]),
        (&1.into(), &1.into())
    );

    let path = corpus.dir().join("topics/mine.toml");
    fs::write(&path, finds(&id, "['（一）', '（二）']")).expect("room");
    let verdict = &test(&corpus, "jsonl").with(1).jsonl()[0];
    let failure = &verdict["failures"][0];
    assert_eq!(failure["kind"], "finds");
    assert_eq!(failure["found"][0], "（二）", "{verdict}");
}

#[test]
fn broken_packs_and_links_are_errors_and_the_rest_is_tested() {
    let corpus = with_pack(&PACK.replace("debt-resolution", "no-such"));
    let ran = test(&corpus, "jsonl").with(2);
    assert_eq!(ran.jsonl().len(), 1);
    assert!(ran.err.contains("no-such"), "{}", ran.err);
    fs::write(corpus.dir().join("topics/bad.toml"), "id = 'bad'\n").expect("room");
    let ran = test(&corpus, "jsonl").with(2);
    assert!(
        ran.err.contains("bad.toml") && !ran.out.is_empty(),
        "{}",
        ran.err
    );
    corpus.run(&["topics", "test", "bad"]).with(2);
    corpus
        .run(&["topics", "test", "nothing of that name"])
        .with(2);
}

#[test]
fn a_new_pack_asks_to_be_tested() {
    let corpus = Corpus::new();
    let new = [
        "topics",
        "new",
        "short-meetings",
        "--zh",
        "精简会议",
        "--en",
        "Short meetings",
    ];
    let made = corpus
        .run(&[&new[..], &["少开会", "开短会"]].concat())
        .with(0);
    let path = made.jsonl()[0]["path"].as_str().expect("a path").to_owned();
    assert!(
        made.err.contains("topics test short-meetings"),
        "{}",
        made.err
    );
    let before = fs::read(&path).expect("it is there");
    let shown = corpus
        .run(&["topics", "show", "精简会议", "--format", "json"])
        .with(0)
        .json();
    assert_eq!(shown["expressions"][1]["text"], "开短会");
    assert_eq!(
        (&shown["judged_matching"], &shown["threshold"]),
        (&0.into(), &0.9.into())
    );
    let tested = test(&corpus, "table").with(1);
    assert!(tested.out.contains("no judged passages"), "{}", tested.out);

    corpus.run(&new).with(2);
    let other = [
        "topics",
        "new",
        "other",
        "--zh",
        "债务化解",
        "--en",
        "Other",
    ];
    corpus.run(&other).with(2);
    for id in ["Bad Id", "../up", ""] {
        corpus
            .run(&["topics", "new", id, "--zh", "某某", "--en", "x"])
            .with(2);
    }
    assert_eq!(fs::read(&path).expect("it is there"), before);
    assert_eq!(
        fs::read_dir(corpus.dir().join("topics"))
            .expect("a folder")
            .count(),
        1
    );
}

#[test]
fn terms_that_stand_out_are_proposed_with_their_counts() {
    let arguments = [
        "topics",
        "suggest",
        "禁渔",
        "--limit",
        "8",
        "--examples",
        "--format",
    ];
    let json = sample()
        .run(&[&arguments[..], &["json"]].concat())
        .with(0)
        .json();
    let terms = json["terms"].as_array().expect("terms");
    assert!((1..=8).contains(&terms.len()));
    let matching = json["matching"].as_u64().expect("a number");
    let mut last = f64::INFINITY;
    for term in terms {
        let text = term["term"].as_str().expect("a term");
        assert_ne!(text, "禁渔");
        let number = |field: &str| term[field].as_f64().expect(field);
        assert!(number("matching") <= matching as f64);
        assert!(number("matching_per_thousand") > number("rest_per_thousand"));
        assert!(number("log_likelihood") <= last);
        last = number("log_likelihood");
        assert!(term["example"]["text"].is_string());
        assert_eq!(term["elsewhere"].is_null(), number("rest") == 0.0, "{text}");
        // As a search for it as a phrase counts them.
        let question = format!("\"{text}\"");
        let found = sample()
            .run(&["search", &question, "--unit", "passage", "--format", "json"])
            .with(0)
            .json();
        let all = number("matching") + number("rest");
        assert!(found["total"].as_f64() >= Some(all), "{text}: {term}");
    }
    let lines = sample().run(&[&arguments[..], &["jsonl"]].concat()).with(0);
    assert_eq!(lines.jsonl(), *terms);
    let (header, rows) = sample()
        .run(&[&arguments[..], &["csv"]].concat())
        .with(0)
        .csv();
    assert_eq!((rows.len(), rows[0].len()), (terms.len(), header.len()));
    let page = sample().run(&[&arguments[..], &["table"]].concat()).with(0);
    assert!(page.err.contains("passages that match"), "{}", page.err);
}

#[test]
fn a_topic_is_not_told_what_it_has() {
    let topics = ["topics", "suggest", "debt-resolution", "--limit", "1000"];
    let found = sample().run(&topics).with(0).jsonl();
    let shown = sample()
        .run(&["topics", "show", "debt-resolution", "--format", "json"])
        .with(0)
        .json();
    for expression in shown["expressions"].as_array().expect("expressions") {
        assert!(found.iter().all(|term| term["term"] != expression["text"]));
    }
    sample().run(&["topics", "suggest", "天外飞仙"]).with(1);
}

/// Verdicts on every built-in pack, from a corpus without packs of its own.
#[track_caller]
fn every_built_in_pack_passes(corpus: &Corpus) -> Vec<Value> {
    let ran = corpus.run(&["topics", "test", "--format", "jsonl"]);
    let verdicts = ran.jsonl();
    let failed: Vec<_> = verdicts
        .iter()
        .filter(|verdict| verdict["passed"] != true)
        .map(|verdict| format!("{}: {}", verdict["id"], verdict["failures"]))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    verdicts
}

#[test]
fn every_built_in_pack_tells_its_passages_apart() {
    for verdict in every_built_in_pack_passes(&Corpus::new()) {
        let number = |field: &str| verdict[field].as_u64().expect(field);
        // As many as the packs promise, near misses among them.
        assert!(number("judged") >= 12, "{verdict}");
        let matching = number("right") + number("missed");
        assert!(matching < number("judged"), "{verdict}");
    }
}

#[test]
fn built_in_packs_find_the_items_of_a_real_notice() {
    let notice =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/notices/jinghu-2025.txt");
    let Ok(text) = fs::read_to_string(notice) else {
        return;
    };
    let corpus = Corpus::new();
    corpus.with_page("jinghu-2025.txt", &text);
    let verdicts = every_built_in_pack_passes(&corpus);
    let sum = |field: &str| -> u64 {
        verdicts
            .iter()
            .filter_map(|verdict| verdict[field].as_u64())
            .sum()
    };
    // Held by the corpus, and so looked for.
    assert!(sum("finds") > 10, "{} finds", sum("finds"));
}
