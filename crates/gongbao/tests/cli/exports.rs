//! Files for other programs. What is in them is read by other programs in
//! `tests/readers`.

use std::fs;

use crate::support::sample;

#[test]
fn the_ending_of_a_file_tells_its_format() {
    let folder = tempfile::tempdir().expect("a folder");
    let begins = |name: &str, arguments: &[&str], magic: &[u8]| {
        let path = folder.path().join(name);
        let file = path.to_str().expect("a plain path");
        let ran = sample()
            .run(&[arguments, &["--output", file]].concat())
            .with(0);
        assert_eq!(ran.out, "", "{name}");
        let bytes = fs::read(&path).expect("it is there");
        assert!(bytes.starts_with(magic), "{name}: {:?}", &bytes[..8]);
    };
    begins("notices.csv", &["export"], b"id,title,");
    begins(
        "notices-bom.csv",
        &["export", "--bom"],
        b"\xef\xbb\xbfid,title,",
    );
    begins("notices.jsonl", &["export"], b"{\"id\":");
    begins("notices.json", &["export"], b"[\n{\"id\":");
    begins("passages.xlsx", &["export", "--unit", "passage"], b"PK");
    begins(
        "passages.parquet",
        &["export", "--unit", "passage"],
        b"PAR1",
    );
    begins("kwic.xlsx", &["kwic", "债务"], b"PK");
    begins("hits.parquet", &["search", "债务"], b"PAR1");
    begins("counts.parquet", &["count", "--by", "month"], b"PAR1");
    begins("status.xlsx", &["status"], b"PK");
}

#[test]
fn an_export_has_all_or_what_matches() {
    let rows = |arguments: &[&str]| sample().run(arguments).with(0).jsonl();
    let notices = rows(&["export", "--format", "jsonl"]);
    let status = sample().run(&["status", "--format", "json"]).json();
    assert_eq!(status["notices"], notices.len());
    let passages = rows(&["export", "--unit", "passage", "--format", "jsonl"]);
    assert_eq!(status["index"]["passages"], passages.len());
    let debt = rows(&["export", "--topic", "debt-resolution", "--format", "jsonl"]);
    let found = sample()
        .run(&["search", "--topic", "debt-resolution", "--format", "json"])
        .json();
    assert_eq!(found["total"], debt.len());
    assert_eq!(sample().run(&["export", "没有这样的话"]).code, Some(1));
}

#[test]
fn a_concordance_is_sorted_as_asked() {
    let rows = |more: &[&str]| {
        let arguments = [&["kwic", "债务", "--format", "jsonl"], more].concat();
        sample().run(&arguments).with(0).jsonl()
    };
    let text = |row: &serde_json::Value, name: &str| row[name].as_str().expect("text").to_owned();
    let all = rows(&[]);
    let right = rows(&["--sort", "right"]);
    assert_eq!(right.len(), all.len());
    assert!(right.is_sorted_by_key(|row| text(row, "right")));
    let left = rows(&["--sort", "left"]);
    assert!(left.is_sorted_by_key(|row| text(row, "left").chars().rev().collect::<String>()));
    let sentences = rows(&["--sentence"]);
    assert_eq!(sentences.len(), all.len());
    assert!(
        sentences
            .iter()
            .all(|row| !text(row, "left").contains('。'))
    );
    let [first, last] = ["--since", "--until"].map(|flag| rows(&[flag, "2024-06"]));
    let by_date = rows(&["--sort", "date"]);
    assert!(last.contains(&by_date[0]), "the oldest is first");
    assert!(first.iter().all(|row| row != &by_date[0]));
}

#[test]
fn collocates_come_with_counts_and_likelihood() {
    let rows = sample()
        .run(&["kwic", "债务", "--collocates", "--format", "jsonl"])
        .with(0)
        .jsonl();
    let likelihood = |row: &serde_json::Value| row["log_likelihood"].as_f64().expect("a number");
    assert!(rows.len() > 10 && rows.is_sorted_by(|a, b| likelihood(a) >= likelihood(b)));
    let words: Vec<_> = rows
        .iter()
        .take(10)
        .map(|row| row["word"].as_str().expect("a word"))
        .collect();
    assert!(
        words.contains(&"隐性") || words.contains(&"化解"),
        "{words:?}"
    );
    let page = sample()
        .run(&["kwic", "债务", "--collocates", "--format", "table"])
        .with(0);
    assert!(page.out.contains("log-likelihood"), "{}", page.out);
}
