//! `history`, `diff`, and WARC files that are imported.

use crate::support::Corpus;

const BEFORE: &str = "<title>星州市节水办法</title><div class=\"topbar\">旧的页眉</div><h1>星州市节水办法</h1>\
    <p>第一条 为了节约用水，制定本办法。</p><p>第二条 本办法自发布之日起施行。</p><p>第三条 由水务局负责解释。</p>";

const AFTER: &str = "<title>星州市节水办法</title><div class=\"topbar\">新的页眉</div><h1>星州市节水办法</h1>\
    <p>第一条 为了节约用水，制定本办法。</p><p>第二条 本办法自2025年1月1日起施行。</p>\
    <p>第四条 此前的规定同时废止。</p>";

const URL: &str = "https://xing.example.invalid/a.html";

/// A WARC file with a response for each text, a day apart.
fn warc(texts: &[&str]) -> String {
    let mut file = String::new();
    for (day, text) in (1..).zip(texts) {
        let block =
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{text}");
        file += &format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {URL}\r\nWARC-Date: 2024-05-0{day}T08:00:00Z\r\n\
             Content-Type: application/http\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        );
    }
    file
}

#[test]
fn an_edit_is_shown_by_its_sentences() {
    let corpus = Corpus::new();
    let file = corpus.page("crawl.warc", &warc(&[BEFORE, AFTER]));
    corpus.run(&["import", &file]).with(0);

    let told = corpus
        .run(&["history", URL, "--format", "jsonl"])
        .with(0)
        .jsonl();
    let fates: Vec<_> = told
        .iter()
        .map(|line| line["fate"].as_str().unwrap())
        .collect();
    assert_eq!(fates, ["new", "changed"]);
    assert_eq!(told[1]["fetched"], "2024-05-02T08:00:00Z");
    let page = corpus
        .run(&["history", URL, "--format", "table"])
        .with(0)
        .out;
    assert!(page.contains(URL) && page.contains("v2"), "{page}");

    let compared = corpus
        .run(&["diff", URL, "--format", "json"])
        .with(0)
        .json();
    let edits = compared["edits"].as_array().unwrap();
    let kinds: Vec<_> = edits
        .iter()
        .map(|edit| edit["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["changed", "deleted", "inserted"], "{compared}");
    assert_eq!(edits[0]["new"], "第二条 本办法自2025年1月1日起施行。");
    let start = edits[0]["new_marks"][0][0].as_u64().unwrap();
    assert_eq!(start, 8);
    assert!(!compared.to_string().contains("页眉"), "{compared}");

    let page = corpus.run(&["diff", URL, "--format", "table"]).with(0).out;
    assert!(page.contains("{+2025年1月1+}"), "{page}");
    let colours = corpus
        .run(&["diff", URL, "--format", "table", "--color", "always"])
        .with(0)
        .out;
    assert!(
        colours.contains("\x1b[32m") && !colours.contains("{+"),
        "{colours}"
    );
    let (header, rows) = corpus.run(&["diff", URL, "--format", "csv"]).with(0).csv();
    assert_eq!(header, ["part", "kind", "old", "new"]);
    assert_eq!(rows.len(), 3);

    let back = corpus
        .run(&["diff", URL, "--from", "2", "--to", "1", "--format", "jsonl"])
        .with(0);
    assert_eq!(back.jsonl().len(), 3);
    let missing = corpus.run(&["diff", URL, "--to", "7"]).with(2);
    assert!(missing.err.contains("has no version 7"), "{}", missing.err);
}

#[test]
fn a_change_of_chrome_is_no_difference() {
    let corpus = Corpus::new();
    let other = BEFORE.replace("旧的页眉", "新的页眉");
    let file = corpus.page("crawl.warc", &warc(&[BEFORE, &other]));
    corpus.run(&["import", &file]).with(0);
    let same = corpus.run(&["diff", URL]).with(1);
    assert!(same.err.contains("no difference"), "{}", same.err);

    let single = Corpus::new();
    let file = single.page("crawl.warc", &warc(&[BEFORE]));
    single.run(&["import", &file]).with(0);
    let alone = single.run(&["diff", URL]).with(1);
    assert!(alone.err.contains("one version"), "{}", alone.err);
}

#[test]
fn a_cut_warc_is_told_and_what_is_no_page_is_counted() {
    let corpus = Corpus::new();
    let whole = warc(&[BEFORE, AFTER]).replacen("200 OK", "404 No", 1);
    let file = corpus.page("crawl.warc", &whole[..whole.len() - 50]);
    let ran = corpus.run(&["import", &file, "--format", "json"]).with(2);
    let report = &ran.json()["report"];
    assert_eq!(report["left_out"]["status"], 1);
    assert_eq!(report["skipped"], 1);
    assert!(ran.err.contains("ends within a record"), "{}", ran.err);
    let status = corpus.run(&["status", "--format", "json"]).json();
    assert_eq!(status["pages"], 0);
}
