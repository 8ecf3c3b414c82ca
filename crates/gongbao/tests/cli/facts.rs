//! Facts and records of inspections at the command line.

use std::{fs, path::Path};

use crate::support::{Corpus, sample};

const REPORT: &str = "\
中共某某区委关于四届市委第二轮巡察整改进展情况的通报

发布时间：2025-03-04  来源：某某区纪委

2023年5月8日至7月7日，市委第三巡察组对某某区开展了巡察。2023年9月4日，市委第三巡察组反馈了巡察意见。
一、组织整改
（一）建立台账。梳理具体问题42个、制定整改措施120条，建立完善制度31项。
二、整改情况
（一）禁捕。2024年以来，累计发送提示短信3.5万条，查处违法渔具12件。
（二）环境。查处违法渔具12件，投资1.2亿元，同比增长15.5%。
";

#[test]
fn figures_come_with_what_they_are_of() {
    let corpus = Corpus::new();
    let id = corpus.with_page("report.txt", REPORT);
    let rows = corpus
        .run(&["facts", "--unit-of", "条", "--object", "短信"])
        .with(0)
        .jsonl();
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(row["id"], id.as_str());
    assert_eq!(
        (&row["value"], &row["unit"]),
        (&35_000.0.into(), &"条".into())
    );
    assert_eq!(
        (&row["action"], &row["object"]),
        (&"发送".into(), &"提示短信".into())
    );
    assert_eq!(row["qualifiers"], serde_json::json!(["累计"]));
    assert_eq!(row["period"]["from"], "2024-01-01");
    // The offsets are those of the passage that `show` prints.
    let anchor = row["anchor"].as_str().expect("an anchor");
    let shown = corpus
        .run(&["show", &id, "--format", "json"])
        .with(0)
        .json();
    let passages = shown["passages"].as_array().expect("passages");
    let passage = passages
        .iter()
        .find(|p| p["anchor"] == anchor)
        .expect("the passage");
    let [start, end] = [0, 1].map(|at| row["offsets"][at].as_u64().expect("a number") as usize);
    let text: String = passage["text"]
        .as_str()
        .expect("text")
        .chars()
        .skip(start)
        .take(end - start)
        .collect();
    assert_eq!(row["printed"], text);
}

#[test]
fn a_figure_told_twice_is_flagged() {
    let corpus = Corpus::new();
    corpus.with_page("report.txt", REPORT);
    let rows = corpus.run(&["facts", "--object", "渔具"]).with(0).jsonl();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["also_in"], serde_json::json!([rows[1]["anchor"]]));
    assert_eq!(rows[1]["also_in"], serde_json::json!([rows[0]["anchor"]]));
}

#[test]
fn filters_of_a_search_hold() {
    let corpus = Corpus::new();
    corpus.with_page("report.txt", REPORT);
    let rows = |arguments: &[&str]| {
        let all: Vec<&str> = ["facts"].iter().chain(arguments).copied().collect();
        corpus.run(&all).jsonl()
    };
    let money = rows(&["环境", "--kind", "money"]);
    assert_eq!(money.len(), 1);
    assert_eq!(
        (&money[0]["value"], &money[0]["unit"]),
        (&120_000_000.0.into(), &"元".into())
    );
    assert_eq!(
        rows(&["--literal", "提示短信", "--kind", "quantity"]).len(),
        2
    );
    assert!(rows(&["--since", "2026"]).is_empty());
    let all = rows(&["--kind", "quantity"]);
    assert_eq!(
        rows(&["--kind", "quantity", "--offset", "1", "--limit", "2"]),
        all[1..3]
    );
    corpus.run(&["facts", "--since", "2026"]).with(1);
    let (header, cells) = corpus.run(&["facts", "--format", "csv"]).with(0).csv();
    assert_eq!(header.len(), 22);
    assert_eq!(cells.len(), rows(&[]).len());
}

#[test]
fn reports_on_inspections_have_a_record() {
    let corpus = Corpus::new();
    corpus.with_page("report.txt", REPORT);
    let rows = corpus.run(&["facts", "--records"]).with(0).jsonl();
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    for (field, value) in [
        ("inspecting", serde_json::json!("市委第三巡察组")),
        ("round", 2.0.into()),
        ("from", "2023-05-08".into()),
        ("to", "2023-07-07".into()),
        ("feedback", "2023-09-04".into()),
        ("problems", 42.0.into()),
        ("measures", 120.0.into()),
        ("rules", 31.0.into()),
    ] {
        assert_eq!(row[field]["value"], value, "{field}");
    }
    assert!(row["cases"].is_null() && row["persons"].is_null());
    assert!(sample().run(&["facts", "--records"]).with(0).jsonl().len() > 1);
}

#[test]
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn item_6_of_a_real_notice() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/notices/jinghu-2025.txt");
    let Ok(text) = fs::read_to_string(&path) else {
        println!("skipped: {} is not there", path.display());
        return;
    };
    let corpus = Corpus::new();
    corpus.with_page("notice.txt", &text);
    let rows = corpus.run(&["facts", "--kind", "quantity"]).with(0).jsonl();
    let in_item = |end: &str| -> Vec<_> {
        let ends =
            |row: &&serde_json::Value| row["anchor"].as_str().is_some_and(|a| a.ends_with(end));
        rows.iter().filter(ends).collect()
    };
    let item = in_item(".6");
    for (value, unit, qualifier) in [
        (8.0, "公里", ""),
        (12.0, "个", "新增"),
        (32.0, "个", "累计"),
        (14.0, "个", "新增"),
        (21.0, "个", ""),
        (31.0, "名", ""),
        (2.0, "项", ""),
        (770_000.0, "条", "累计"),
        (13.0, "次", ""),
        (127.0, "件", ""),
        (16.0, "起", ""),
    ] {
        let found = item
            .iter()
            .find(|row| row["value"] == value && row["unit"] == unit);
        let row = found.unwrap_or_else(|| panic!("{value} {unit} is missing"));
        let words: Vec<_> = row["qualifiers"]
            .as_array()
            .expect("a list")
            .iter()
            .collect();
        assert!(
            qualifier.is_empty() || words.iter().any(|word| **word == qualifier),
            "{row}"
        );
        let again = row["also_in"].as_array().expect("a list");
        let told_before = again
            .iter()
            .any(|a| a.as_str().is_some_and(|a| a.ends_with(".3")));
        assert_eq!(told_before, ["次", "件", "起"].contains(&unit), "{row}");
    }
}
