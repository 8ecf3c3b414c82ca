//! From a saved page to a cited passage.

use std::fs;

use crate::support::{Corpus, NOTICE, command, ran, sample, sample_pages};

#[test]
fn a_page_is_imported_found_shown_and_quoted() {
    let corpus = Corpus::new();
    let id = corpus.with_page("notice.txt", NOTICE);

    let found = corpus
        .run(&["search", "化解债务", "--format", "json"])
        .with(0)
        .json();
    assert_eq!(found["total"], 1);
    let hit = &found["hits"][0];
    assert_eq!(hit["id"], id.as_str());
    let passage = &hit["passages"][0];
    assert_eq!(passage["anchor"], "1.2");
    let text: Vec<char> = passage["text"].as_str().expect("text").chars().collect();
    for mark in passage["highlights"].as_array().expect("marks") {
        let at = |index: usize| mark[index].as_u64().expect("an offset") as usize;
        let marked: String = text[at(0)..at(1)].iter().collect();
        assert!("化解债务".contains(&marked), "{marked}");
    }

    let name = format!("{id}#1.2");
    let shown = corpus.run(&["show", &name, "--format", "table"]).with(0);
    assert!(shown.out.contains("偿还债务12.5万元"), "{}", shown.out);
    assert!(!shown.out.contains("压实责任"), "{}", shown.out);
    assert!(shown.out.contains("总体要求"), "{}", shown.out);

    let rows = corpus.run(&["kwic", "债务"]).with(0).jsonl();
    let naive = NOTICE.matches("债务").count();
    assert_eq!(rows.len(), naive - 1, "the title is not in the text");
    for row in rows {
        assert_eq!(row["match"], "债务");
        assert_eq!(row["id"], id.as_str());
    }
}

#[test]
fn flags_stand_before_or_behind_the_question() {
    let corpus = sample();
    let before = corpus
        .run(&["search", "--limit", "1", "债务", "化解"])
        .with(0);
    let behind = corpus
        .run(&["search", "债务", "化解", "--limit", "1"])
        .with(0);
    let id = |ran: &crate::support::Ran| ran.jsonl()[0]["id"].clone();
    assert_eq!(id(&before), id(&behind));
    assert_eq!(behind.jsonl().len(), 1);
}

#[test]
fn a_word_with_a_minus_is_left_out() {
    let corpus = Corpus::new();
    corpus.with_page("notice.txt", NOTICE);
    let all = corpus
        .run(&["search", "债务", "--unit", "passage"])
        .with(0)
        .jsonl();
    let fewer = corpus
        .run(&["search", "债务", "-盘活", "--unit", "passage"])
        .with(0)
        .jsonl();
    assert!(fewer.len() < all.len() && !fewer.is_empty());
    let json = corpus
        .run(&["search", "债务", "-盘活", "--format", "json"])
        .with(0)
        .json();
    assert_eq!(json["query"], "债务 -盘活");
}

#[test]
fn what_matches_nothing_ends_with_one_and_says_so() {
    let found = sample().run(&["search", "量子纠缠态蒸馏"]).with(1);
    assert_eq!(found.out, "");
    assert_eq!(
        found.err,
        "note: 量子 stands nowhere\nnote: 纠缠 stands nowhere\nnote: 蒸馏 stands nowhere\nnothing matches\n"
    );
    let misprinted = sample().run(&["search", "“债务化接”"]).with(1);
    assert!(
        misprinted
            .err
            .starts_with("note: 债务化接 stands nowhere\nnote: try 债务化"),
        "{}",
        misprinted.err
    );
    let narrow = sample()
        .run(&["search", "债务化解", "--until", "1990-01-01"])
        .with(1);
    assert!(
        narrow
            .err
            .contains("the filters leave nothing; without them"),
        "{}",
        narrow.err
    );
    let chinese = sample()
        .run(&["search", "量子纠缠态蒸馏", "--lang", "zh"])
        .with(1);
    assert!(
        chinese
            .err
            .ends_with("全部内容中没有“蒸馏”\n没有符合的内容\n"),
        "{}",
        chinese.err
    );
    sample().run(&["kwic", "量子纠缠态蒸馏"]).with(1);
    let quiet = sample().run(&["search", "量子纠缠态蒸馏", "-q"]).with(1);
    assert_eq!(quiet.err, "");
}

#[test]
fn whatever_is_pasted_is_answered() {
    for question in [
        "债务化解 AND",
        "(20)坚定坚决",
        "时间:2025",
        "\"没有合上的引号",
        "“一",
        "((((",
        "))",
        "NOT",
        "-",
        "NEAR/3",
        "标题:",
        "地区:不存在的地方",
        "。",
        "\u{202e}债务",
        "*?[]{}^~\\",
    ] {
        let found = sample().run(&["search", "--", question]);
        let code = found.code.expect("it ends by itself");
        // Only what asks for nothing at all is refused, in so many words.
        let asks_for_nothing = found.err.contains("nothing to search for");
        assert!(
            code < 2 || asks_for_nothing,
            "{question}: {code} {}",
            found.err
        );
    }
}

#[test]
fn notes_go_to_standard_error_in_words() {
    let found = sample()
        .run(&["search", "债务化解 AND", "--format", "table"])
        .with(0);
    assert!(found.err.contains("AND"), "{}", found.err);
    assert!(found.err.starts_with("note: "), "{}", found.err);
}

#[test]
fn the_page_shows_where_a_hit_stands() {
    let output = command([
        "search",
        "隐性债务",
        "--limit",
        "2",
        "--format",
        "table",
        "--explain",
    ])
    .arg("--corpus")
    .arg(sample().dir())
    .env("COLUMNS", "80")
    .output();
    let page = ran(output.expect("it starts")).with(0).out;
    assert!(page.starts_with("1. "), "{page}");
    for part in [" · ", "#", "showing 1–2", "gongbao show ", "in the text"] {
        assert!(page.contains(part), "{part} is missing:\n{page}");
    }
    assert!(!page.contains('\u{1b}'), "no colour was asked for:\n{page}");
}

#[test]
fn colour_marks_what_matched() {
    let page = sample()
        .run(&[
            "search",
            "隐性债务",
            "--format",
            "table",
            "--color",
            "always",
        ])
        .with(0)
        .out;
    assert!(page.contains("\u{1b}[1;33m隐性债务\u{1b}[0m"), "{page}");
    assert!(!page.contains("\u{1b}]8"), "links are for terminals");
}

#[test]
fn importing_again_changes_nothing() {
    let corpus = Corpus::new();
    let pages = sample_pages();
    let pages = pages.to_str().expect("a plain path");
    let first = corpus
        .run(&["import", pages, "--format", "json"])
        .with(0)
        .json();
    let again = corpus
        .run(&["import", pages, "--format", "json"])
        .with(0)
        .json();
    assert_eq!(first["report"]["new"], again["report"]["unchanged"]);
    assert_eq!(again["report"]["new"], 0);
    assert_eq!(again["report"]["changed"], 0);
    let ids = |run: &serde_json::Value| -> Vec<String> {
        let rows = run["rows"].as_array().expect("rows");
        rows.iter().map(|row| row["id"].to_string()).collect()
    };
    assert_eq!(ids(&first), ids(&again));

    corpus.run(&["index"]).with(0);
    let idle = corpus.run(&["index", "--format", "json"]).with(0);
    assert!(idle.err.contains("nothing to do"), "{}", idle.err);
    assert!(idle.json()["generation"].is_null());
}

#[test]
fn a_changed_page_is_a_second_version_and_found_as_such() {
    let corpus = Corpus::new();
    let id = corpus.with_page("notice.txt", NOTICE);
    let path = corpus.page("notice.txt", &NOTICE.replace("12.5万元", "98.7万元"));
    let row = corpus
        .run(&["import", &path, "--format", "jsonl"])
        .with(0)
        .jsonl();
    assert_eq!(row[0]["id"], id.as_str());
    assert_eq!(
        (&row[0]["fate"], &row[0]["version"]),
        (&"changed".into(), &2.into())
    );

    let status = corpus.run(&["status", "--format", "json"]).with(0).json();
    assert_eq!(status["index"]["state"], "behind");
    assert_eq!(status["index"]["behind"], 1);
    assert_eq!(
        (&status["notices"], &status["versions"]),
        (&1.into(), &2.into())
    );
    corpus.run(&["index"]).with(0);
    corpus.run(&["search", "--literal", "98.7万元"]).with(0);
    corpus.run(&["search", "--literal", "12.5万元"]).with(1);
    let status = corpus.run(&["status", "--format", "json"]).with(0).json();
    assert_eq!(status["index"]["state"], "current");
}

#[test]
fn what_is_skipped_is_told_with_its_reason() {
    let corpus = Corpus::new();
    let good = corpus.page("good.txt", NOTICE);
    let empty = corpus.page("empty.html", "");
    let rows = corpus.page(
        "rows.jsonl",
        "{\"id\":\"a1\",\"text\":\"一段文字。\"}\nnot json\n",
    );
    let ran = corpus
        .run(&["import", &good, &empty, &rows, "--format", "jsonl"])
        .with(2);
    let skipped: Vec<_> = ran
        .jsonl()
        .into_iter()
        .filter(|row| row["fate"] == "skipped")
        .collect();
    assert_eq!(skipped.len(), 2);
    assert_eq!(skipped[0]["reason_code"], "empty");
    assert_eq!(skipped[1]["line"], 2);
    assert!(
        ran.err.contains("2 new") && ran.err.contains("2 skipped"),
        "{}",
        ran.err
    );
    let table = corpus
        .run(&["import", &empty, "--format", "table", "--lang", "zh"])
        .with(2);
    assert!(table.err.contains("文件为空"), "{}", table.err);
}

#[test]
fn a_settings_file_names_the_corpus_and_the_language() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = sample().dir();
    let settings = format!(
        "corpus = {:?}\nlang = \"zh\"\n",
        dir.to_str().expect("a plain path")
    );
    fs::write(folder.path().join("gongbao.toml"), settings).expect("it is written");
    let output = command(["status", "--format", "table"])
        .current_dir(folder.path())
        .output();
    let status = ran(output.expect("it starts")).with(0);
    assert!(
        status.out.contains("语料库") && status.out.contains("无：已包含全部"),
        "{}",
        status.out
    );
}
