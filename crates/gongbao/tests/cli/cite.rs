//! Citations: made, checked, and good after whatever happens to the corpus.

use std::{fs, path::Path};

use crate::support::{Corpus, NOTICE, run};

/// A corpus with one notice, and a citation of words in it.
fn cited(style: &str) -> (Corpus, String, String) {
    let corpus = Corpus::new();
    let id = corpus.with_page("notice.txt", NOTICE);
    let name = format!("{id}#1.2");
    let quote = "通过盘活资产偿还债务12.5万元";
    let made = corpus
        .run(&["cite", &name, "--quote", quote, "--style", style])
        .with(0)
        .out;
    (corpus, id, made)
}

/// What checking `citations` against the corpus in `dir` says of the first.
#[track_caller]
fn check(dir: &Path, citations: &str, code: i32) -> serde_json::Value {
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), citations).expect("room");
    let dir = dir.to_str().expect("a plain path");
    let file = file.path().to_str().expect("a plain path");
    let checked = run(["cite", "--check", file, "--corpus", dir, "--format", "json"]).with(code);
    checked.json()[0].clone()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("it is there") {
        let entry = entry.expect("it can be read");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("it can be read").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("room");
        }
    }
}

#[test]
fn a_citation_names_the_item_the_page_and_the_day() {
    let (_, id, line) = cited("gbt7714");
    assert!(
        line.starts_with("某某镇人民政府. 关于化解某某镇债务的通知: 一、（二）[Z]. (2025-03-04)["),
        "{line}"
    );
    assert!(
        line.contains(&format!("gongbao:{id}#1.2 sha256:")),
        "{line}"
    );
    let (_, _, entry) = cited("bibtex");
    assert!(
        entry.starts_with("@online{") && entry.contains("date = {2025-03-04}"),
        "{entry}"
    );
    let (_, _, csl) = cited("csl-json");
    let csl: serde_json::Value = serde_json::from_str(&csl).expect("JSON");
    assert_eq!(
        csl[0]["issued"]["date-parts"][0],
        serde_json::json!([2025, 3, 4])
    );
    assert_eq!(csl[0]["author"][0]["literal"], "某某镇人民政府");
}

#[test]
fn it_stands_after_a_rebuild_a_new_dictionary_and_in_a_copy() {
    for style in ["gbt7714", "bibtex", "csl-json"] {
        let (corpus, _, citation) = cited(style);
        assert_eq!(check(&corpus.dir(), &citation, 0)["status"], "stands");
        corpus.run(&["index", "--rebuild"]).with(0);
        assert_eq!(check(&corpus.dir(), &citation, 0)["status"], "stands");
        fs::write(corpus.dir().join("dictionary.txt"), "盘活资产 1000 n\n").expect("room");
        corpus.run(&["index"]).with(0);
        assert_eq!(check(&corpus.dir(), &citation, 0)["status"], "stands");
        let elsewhere = tempfile::tempdir().expect("a folder");
        let moved = elsewhere.path().join("another machine");
        copy(&corpus.dir(), &moved);
        assert_eq!(check(&moved, &citation, 0)["status"], "stands");
        // The archive is enough: an index is not asked.
        fs::remove_dir_all(moved.join("index")).expect("it is there");
        assert_eq!(check(&moved, &citation, 0)["status"], "stands");
    }
}

#[test]
fn a_changed_page_is_told_of_and_the_cited_one_still_read() {
    let (corpus, _, citation) = cited("gbt7714");
    corpus.with_page("notice.txt", &NOTICE.replace("12.5", "13.5"));
    let checked = check(&corpus.dir(), &citation, 0);
    assert_eq!(
        (
            &checked["status"],
            &checked["version"],
            &checked["newest"],
            &checked["newest_status"]
        ),
        (&"stands".into(), &1.into(), &2.into(), &"gone".into())
    );
    // The words come to stand in another item.
    corpus.with_page(
        "notice.txt",
        &NOTICE.replace("（二）化解债务", "（三）化解债务"),
    );
    assert_eq!(check(&corpus.dir(), &citation, 0)["newest_status"], "moved");
}

#[test]
fn what_does_not_stand_there_is_refused_and_found_out() {
    let (corpus, id, citation) = cited("gbt7714");
    let name = format!("{id}#1.2");
    let refused = corpus
        .run(&["cite", &name, "--quote", "偿还债务13万元"])
        .with(2);
    assert!(refused.err.contains("do not stand"), "{}", refused.err);
    let forged = citation.replace("12.5万元", "99万元");
    assert_eq!(check(&corpus.dir(), &forged, 1)["status"], "gone");
    let other_page = citation.replace("sha256:", "sha256:0");
    assert_eq!(check(&corpus.dir(), &other_page, 1)["status"], "no_page");
    let elsewhere = citation.replace("#1.2", "#2.1");
    let moved = check(&corpus.dir(), &elsewhere, 0);
    assert_eq!(
        (&moved["status"], &moved["found_at"]),
        (&"moved".into(), &"1.2".into())
    );
    let none = tempfile::NamedTempFile::new().expect("a file");
    let none = none.path().to_str().expect("a plain path");
    assert!(
        corpus
            .run(&["cite", "--check", none])
            .with(2)
            .err
            .contains("no citation")
    );
}

#[test]
fn several_are_cited_together() {
    let (corpus, id, _) = cited("gbt7714");
    let names = [format!("{id}#1.1"), format!("{id}#1.2"), id];
    let cite = [
        "cite", &names[0], &names[1], &names[2], "--style", "csl-json",
    ];
    let csl = corpus.run(&cite).with(0).json();
    assert_eq!(csl.as_array().map(Vec::len), Some(3));
    assert!(csl[2].get("section").is_none());
}
