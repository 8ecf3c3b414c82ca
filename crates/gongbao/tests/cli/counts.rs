//! Counting: tables, plots and charts.

use std::fs;

use serde_json::Value;

use crate::support::{Corpus, run, sample};

fn count(arguments: &[&str]) -> Value {
    let arguments = [&["count"], arguments, &["--format", "json"]].concat();
    sample().run(&arguments).with(0).json()
}

#[test]
fn a_count_is_what_search_and_kwic_say() {
    for words in [
        &["债务"][..],
        &["债务 化解"],
        &["--topic", "debt-resolution"],
    ] {
        let table = count(&[words, &["--by", "month"]].concat());
        let search = [&["search"], words, &["--format", "json"]].concat();
        let found = sample().run(&search).with(0).json();
        assert_eq!(table["total"]["notices"], found["total"]);
        let passages = sample()
            .run(&[&search[..], &["--unit", "passage"]].concat())
            .json();
        assert_eq!(table["total"]["passages"], passages["total"]);
    }
    let literal = count(&["隐性债务", "--literal", "--by", "region", "--by", "year"]);
    let rows = sample()
        .run(&["kwic", "隐性债务", "--format", "jsonl"])
        .jsonl();
    assert_eq!(literal["total"]["occurrences"], rows.len());
}

#[test]
fn three_things_are_told_apart() {
    let table = count(&[
        "--by",
        "region,topic",
        "--topic",
        "debt-resolution",
        "--topic",
        "长江禁渔",
        "--region",
        "990000",
    ]);
    assert_eq!(
        (&table["rows_by"], &table["columns_by"]),
        (&"region".into(), &"topic".into())
    );
    let states: Vec<_> = table["cells"]
        .as_array()
        .expect("cells")
        .iter()
        .map(|cell| {
            (
                cell["state"].as_str().expect("a state"),
                cell["notices"].as_u64(),
            )
        })
        .collect();
    assert!(states.contains(&("no_match", Some(0))), "{states:?}");
    assert!(
        states
            .iter()
            .any(|(state, n)| *state == "match" && n.is_some_and(|n| n > 0))
    );
    let months = count(&["债务", "--by", "month"]);
    let empty = months["cells"].as_array().expect("cells").iter();
    let empty: Vec<_> = empty
        .filter(|cell| cell["state"] == "no_documents")
        .collect();
    assert!(!empty.is_empty() && empty.iter().all(|cell| cell["notices"].is_null()));

    let page = sample()
        .run(&["count", "债务", "--by", "month", "--format", "table"])
        .with(0);
    let line = |month: &str| {
        page.out
            .lines()
            .find(|line| line.starts_with(month))
            .expect(month)
    };
    assert!(line("2024-02").contains('–'), "{}", page.out);
    assert!(line("2024-01").contains('0'), "{}", page.out);
    assert!(page.err.contains("no notice there"), "{}", page.err);
}

#[test]
fn every_cell_names_its_passages() {
    let table = count(&["债务", "--by", "genre"]);
    let named = table["cells"][0]["found"][0].as_str().expect("a name");
    sample().run(&["show", named]).with(0);
    let page = sample().run(&[
        "count",
        "债务",
        "--by",
        "genre",
        "--passages",
        "--format",
        "table",
    ]);
    assert!(page.with(0).out.contains(named));
}

#[test]
fn rows_for_programs_have_a_line_for_each_cell() {
    let arguments = [
        "count", "债务", "--by", "region", "--by", "year", "--format",
    ];
    let lines = sample()
        .run(&[&arguments[..], &["jsonl"]].concat())
        .with(0)
        .jsonl();
    let (header, rows) = sample()
        .run(&[&arguments[..], &["csv"]].concat())
        .with(0)
        .csv();
    assert_eq!(lines.len(), rows.len());
    assert_eq!(header[..3], ["rows_by", "row", "row_label"]);
    assert_eq!(lines[0]["row"], rows[0][1]);
}

#[test]
fn plots_and_charts_are_drawn() {
    let bars = sample()
        .run(&["count", "债务", "--by", "genre", "--plot"])
        .with(0)
        .out;
    assert!(bars.contains('█') && !bars.contains('\u{1b}'), "{bars}");
    let line = sample()
        .run(&["count", "债务", "--by", "month", "--plot=line"])
        .with(0)
        .out;
    assert!(
        line.contains("2023-01") && !line.contains("not known"),
        "{line}"
    );
    let matrix = sample()
        .run(&["count", "债务", "--by", "region,year", "--plot"])
        .with(0)
        .out;
    assert!(matrix.contains('–'), "{matrix}");
    let folder = tempfile::tempdir().expect("a folder");
    for by in ["month", "organ", "region,topic"] {
        let path = folder.path().join("chart.svg");
        let path = path.to_str().expect("a plain path");
        sample().run(&["count", "--by", by, "--svg", path]).with(0);
        let svg = fs::read_to_string(path).expect("it is there");
        assert!(
            svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"),
            "{svg}"
        );
    }
}

#[test]
fn what_cannot_be_counted_is_refused_with_a_cure() {
    let twice = sample().run(&["count", "--by", "month,month"]).with(2);
    assert!(
        twice.err.contains("--by region --by topic"),
        "{}",
        twice.err
    );
    let topics = [
        "count",
        "--by",
        "month",
        "--topic",
        "work-safety",
        "--topic",
        "petitions",
    ];
    assert!(sample().run(&topics).with(2).err.contains("--by topic"));
    assert_eq!(
        sample()
            .run(&["count", "没有这样的话", "--by", "year"])
            .code,
        Some(1)
    );
    run(["count", "债务"]).with(2);
    let empty = Corpus::new().run(&["count", "--by", "year"]).with(2);
    assert!(empty.err.contains("gongbao index"), "{}", empty.err);
}
