//! Shapes that scripts rely on.

use serde_json::Value;

use crate::support::{Corpus, NOTICE, sample};

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

#[track_caller]
fn check_has(value: &Value, names: &[&str]) {
    for name in names {
        assert!(value.get(name).is_some(), "{name} is missing: {value}");
    }
}

#[test]
fn search_json_is_as_promised() {
    let found = sample()
        .run(&["search", "债务化解", "--format", "json"])
        .with(0)
        .json();
    check_has(&found, &["query", "unit", "total", "took_ms", "hits"]);
    let hit = &found["hits"][0];
    check_has(
        hit,
        &[
            "id",
            "title",
            "url",
            "organ",
            "region",
            "genre",
            "published",
            "signed",
            "score",
            "passages",
        ],
    );
    check_has(&hit["region"], &["code", "name"]);
    let passage = &hit["passages"][0];
    check_has(
        passage,
        &["anchor", "label", "path", "text", "highlights", "score"],
    );

    let lines = sample()
        .run(&["search", "债务化解", "--format", "jsonl"])
        .with(0)
        .jsonl();
    assert_eq!(keys(&lines[0]), keys(hit));
    assert_eq!(lines[0]["id"], hit["id"]);
}

#[test]
fn search_csv_has_a_row_for_each_passage() {
    let arguments = ["search", "债务化解", "--format"];
    let json = sample()
        .run(&[&arguments[..], &["json"]].concat())
        .with(0)
        .json();
    let (header, rows) = sample()
        .run(&[&arguments[..], &["csv"]].concat())
        .with(0)
        .csv();
    let passages: Vec<&Value> = json["hits"]
        .as_array()
        .expect("hits")
        .iter()
        .flat_map(|hit| hit["passages"].as_array().expect("passages"))
        .collect();
    assert_eq!(rows.len(), passages.len());
    let column = |name: &str| {
        header
            .iter()
            .position(|column| column == name)
            .expect("a column")
    };
    for (row, passage) in rows.iter().zip(passages) {
        assert_eq!(
            &row[column("anchor")],
            passage["anchor"].as_str().expect("an anchor")
        );
        assert_eq!(
            &row[column("text")],
            passage["text"].as_str().expect("text")
        );
        let marks = passage["highlights"].as_array().expect("marks");
        assert_eq!(row[column("matches")].is_empty(), marks.is_empty());
    }
}

#[test]
fn kwic_rows_are_the_same_in_every_format() {
    let arguments = ["kwic", "隐性债务", "--format"];
    let lines = sample()
        .run(&[&arguments[..], &["jsonl"]].concat())
        .with(0)
        .jsonl();
    assert_eq!(keys(&lines[0]), ["anchor", "id", "left", "match", "right"]);
    let json = sample()
        .run(&[&arguments[..], &["json"]].concat())
        .with(0)
        .json();
    assert_eq!(json.as_array().expect("an array"), &lines);
    let (header, rows) = sample()
        .run(&[&arguments[..], &["csv"]].concat())
        .with(0)
        .csv();
    assert_eq!(header, ["id", "anchor", "left", "match", "right"]);
    assert_eq!(rows.len(), lines.len());
    let table = sample().run(&[&arguments[..], &["table"]].concat()).with(0);
    assert_eq!(table.out.lines().count(), lines.len());
    let two = sample().run(&["kwic", "隐性债务", "--limit", "2"]).with(0);
    assert_eq!(two.jsonl(), lines[..2]);
}

#[test]
fn show_json_is_as_promised() {
    let corpus = Corpus::new();
    let id = corpus.with_page("notice.txt", NOTICE);
    let shown = corpus
        .run(&["show", &id, "--format", "json"])
        .with(0)
        .json();
    check_has(
        &shown,
        &[
            "id",
            "title",
            "url",
            "organ",
            "region",
            "genre",
            "published",
            "signed",
            "doc_number",
            "index_number",
            "source",
            "columns",
            "editor",
            "fetched",
            "warnings",
            "blocks",
            "passages",
            "origins",
        ],
    );
    assert_eq!(shown["title"], "关于化解某某镇债务的通知");
    assert_eq!(shown["published"], "2025-03-04");
    assert!(shown["doc_number"].is_null());
    check_has(&shown["blocks"][0], &["kind", "text"]);
    check_has(&shown["passages"][0], &["anchor", "label", "path", "text"]);
    for (field, value) in shown["origins"].as_object().expect("an object") {
        assert!(value.is_string() && !shown[field].is_null(), "{field}");
    }

    let name = format!("{id}#1");
    let part = corpus
        .run(&["show", &name, "--format", "json"])
        .with(0)
        .json();
    let anchors = |shown: &Value| -> Vec<String> {
        let passages = shown["passages"].as_array().expect("passages");
        passages
            .iter()
            .map(|passage| passage["anchor"].as_str().expect("one").to_owned())
            .collect()
    };
    assert_eq!(anchors(&part), ["1", "1.1", "1.2"]);
    assert!(anchors(&shown).len() > 3);

    let rows = corpus
        .run(&["show", &id, "--format", "jsonl"])
        .with(0)
        .jsonl();
    assert_eq!(rows, *shown["passages"].as_array().expect("passages"));
    let (header, items) = corpus
        .run(&["show", &id, "--outline", "--format", "csv"])
        .with(0)
        .csv();
    assert_eq!(header, ["anchor", "label", "heading", "depth"]);
    assert_eq!(items.len(), 5);
}

#[test]
fn a_notice_is_shown_by_its_address_too() {
    let hit = sample()
        .run(&["search", "债务", "--limit", "1"])
        .with(0)
        .jsonl()
        .remove(0);
    let url = hit["url"].as_str().expect("the sample has addresses");
    let shown = sample()
        .run(&["show", url, "--format", "json"])
        .with(0)
        .json();
    assert_eq!(shown["id"], hit["id"]);
}

#[test]
fn topics_are_listed_and_shown() {
    let corpus = Corpus::new();
    let topics = corpus.run(&["topics"]).with(0).jsonl();
    assert!(topics.iter().any(|topic| topic["id"] == "debt-resolution"));
    for name in ["yangtze-fishing-ban", "长江十年禁渔", "Yangtze fishing ban"] {
        let shown = corpus
            .run(&["topics", "show", name, "--format", "json"])
            .with(0)
            .json();
        assert_eq!(shown["id"], "yangtze-fishing-ban");
        check_has(
            &shown["expressions"][0],
            &["text", "weight", "near", "within", "with"],
        );
    }
    let page = corpus
        .run(&["topics", "show", "debt-resolution", "--format", "table"])
        .with(0);
    assert!(page.out.contains("NEAR/12 偿还"), "{}", page.out);
}

#[test]
fn cells_are_no_formulas() {
    let corpus = Corpus::new();
    let text = NOTICE.replace(
        "关于化解某某镇债务的通知",
        "=HYPERLINK(\"http://a.example\")的通知",
    );
    corpus.with_page("notice.txt", &text);
    let (header, rows) = corpus
        .run(&["search", "债务", "--format", "csv"])
        .with(0)
        .csv();
    for cell in rows.iter().flatten() {
        assert!(
            !cell.starts_with(['=', '+', '-', '@']),
            "{cell} in {header:?}"
        );
    }
}

#[test]
fn status_in_every_format() {
    let json = sample().run(&["status", "--format", "json"]).with(0).json();
    assert!(json["notices"].as_u64() >= Some(30));
    check_has(
        &json["index"],
        &[
            "state",
            "generation",
            "passages",
            "behind",
            "bytes",
            "dictionary",
        ],
    );
    let (header, rows) = sample().run(&["status", "--format", "csv"]).with(0).csv();
    assert_eq!((rows.len(), rows[0].len()), (1, header.len()));
    let line = sample().run(&["status"]).with(0).jsonl();
    assert_eq!(line.len(), 1);
}
