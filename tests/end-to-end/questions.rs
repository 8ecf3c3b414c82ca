//! Questions and their answers, on texts written for it about made-up places.

use gongbao_query::{Engine, Filters, Note, Order, Request, Topics, Unit};
use gongbao_tests::TestCorpus;

const REPORT: &str = "中共青川县委关于巡察整改进展情况的通报\n\
时间:2025-03-04 09:30    来源:青川纪检监察网    分类:巡察整改    编辑:本网\n\
\n\
一、整改情况\n\
(一)防范化解重大风险方面\n\
(1)扛起债务化解责任。制定债务化解方案,完成本金化解任务。\n\
(2)加大长江“十年禁渔”工作力度。建立禁捕网格21个,查获违法渔具127件。\n\
(3)做好林业工作。新造林地3000亩。\n\
二、下一步打算\n\
继续抓好整改,推动各项工作落到实处。\n";

const NOTICE: &str = "关于加强水库管理的通知\n\
各乡镇人民政府:\n\
为加强水库管理,现通知如下。\n\
一、落实管护责任,每月巡查两次。\n\
二、水库禁渔期内不得垂钓。\n";

fn engine() -> (TestCorpus, Engine) {
    let corpus = TestCorpus::new();
    corpus.add(&[
        ("report.txt", REPORT.as_bytes()),
        ("notice.txt", NOTICE.as_bytes()),
    ]);
    corpus.index();
    let engine = corpus.engine();
    (corpus, engine)
}

/// The labels of the passages that answer, best first.
#[track_caller]
fn check(question: &str, labels: &[&str]) {
    let (_corpus, engine) = engine();
    let request = Request {
        unit: Unit::Passage,
        ..Request::new(question)
    };
    let response = engine.search(&request).expect("an answer");
    let found: Vec<_> = response
        .hits
        .iter()
        .map(|hit| hit.passages[0].label.clone().unwrap_or_default())
        .collect();
    assert_eq!(found, labels, "{question}");
    assert_eq!(response.total, labels.len() as u64);
}

#[test]
fn words_are_found_together_in_a_passage() {
    check("债务化解", &["(1)"]);
    check("债务 化解", &["(1)"]);
    check("禁渔", &["二、", "(2)"]);
    check("禁渔 -水库", &["(2)"]);
    check("禁渔 OR 债务", &["(1)", "二、", "(2)"]);
    check("禁渔 长江 NOT 债务", &["(2)"]);
}

#[test]
fn a_phrase_is_found_whatever_stands_between_its_letters() {
    check("\"长江十年禁渔\"", &["(2)"]);
    check("“长江十年禁渔工作”", &["(2)"]);
    check("\"十年长江\"", &[]);
    check("“本金化解”", &["(1)"]);
}

#[test]
fn near_counts_letters_between() {
    check("长江 NEAR/4 禁渔", &["(2)"]);
    check("长江 NEAR/1 禁渔", &[]);
    check("禁渔 NEAR/4 长江", &["(2)"]);
}

#[test]
fn what_no_passage_has_a_notice_may_have() {
    let (_corpus, engine) = engine();
    let ask = |question: &str, unit| {
        let request = Request {
            unit,
            ..Request::new(question)
        };
        engine.search(&request).expect("an answer")
    };
    let response = ask("债务 造林 渔具", Unit::Notice);
    assert_eq!(response.total, 1);
    assert_eq!(response.hits[0].passages.len(), 3);
    assert_eq!(response.notes, [Note::Apart]);
    assert_eq!(ask("债务 造林 渔具", Unit::Passage).total, 0);
    assert_eq!(ask("债务 造林 -水库", Unit::Notice).total, 1);
    assert_eq!(ask("债务 造林 -渔具", Unit::Notice).total, 0);
}

#[test]
fn a_title_and_headings_help_to_match() {
    check("重大风险 债务", &["(1)"]);
    check("标题:巡察整改 造林", &["(3)"]);
    check("标题:水库 造林", &[]);
}

#[test]
fn topics_leave_out_what_is_not_meant() {
    let (_corpus, engine) = engine();
    let topics = Topics::built_in();
    for (name, label) in [("长江十年禁渔", "(2)"), ("Debt resolution", "(1)")] {
        let topic = topics.find(name).expect("whole packs");
        let request = Request {
            topic: topic.as_ref(),
            unit: Unit::Passage,
            ..Request::new("")
        };
        let hits = engine.search(&request).expect("an answer").hits;
        let labels: Vec<_> = hits
            .iter()
            .map(|hit| hit.passages[0].label.as_deref())
            .collect();
        assert_eq!(labels, [Some(label)], "{name}");
    }
}

#[test]
fn filters_narrow_down() {
    let (_corpus, engine) = engine();
    let total = |filters: Filters| {
        let request = Request {
            filters,
            ..Request::new("")
        };
        engine.search(&request).map_or(0, |response| response.total)
    };
    let genre = |name: &str| Filters {
        genres: vec![name.to_owned()],
        ..Filters::default()
    };
    assert_eq!(total(genre("通知")), 1);
    assert_eq!(total(genre("函")), 0);
    let days = |range: &str| Filters {
        days: range.parse().expect("a range"),
        ..Filters::default()
    };
    assert_eq!(total(days("2025")), 1);
    assert_eq!(total(days("..2024")), 0);
}

#[test]
fn an_undated_notice_comes_last_whichever_way_round() {
    let (_corpus, engine) = engine();
    for order in [Order::Newest, Order::Oldest] {
        let request = Request {
            order,
            ..Request::new("责任")
        };
        let hits = engine.search(&request).expect("an answer").hits;
        assert_eq!(hits.len(), 2);
        assert_eq!(hits[1].published, None);
    }
}

#[test]
fn a_hit_says_where_it_stands_and_what_matched() {
    let (_corpus, engine) = engine();
    let hits = engine
        .search(&Request::new("债务化解"))
        .expect("an answer")
        .hits;
    let passage = &hits[0].passages[0];
    assert_eq!(passage.anchor, "1.1.1");
    assert_eq!(
        passage.path,
        [
            "一、整改情况",
            "(一)防范化解重大风险方面",
            "(1)扛起债务化解责任"
        ]
    );
    let chars: Vec<char> = passage.text.chars().collect();
    let marked: Vec<String> = passage
        .highlights
        .iter()
        .map(|&[start, end]| chars[start..end].iter().collect())
        .collect();
    assert_eq!(marked, ["债务", "化解", "债务", "化解", "化解"]);
    let explained = Request {
        explain: true,
        ..Request::new("债务化解")
    };
    let hits = engine.search(&explained).expect("an answer").hits;
    let parts = hits[0].passages[0].explanation.as_ref().expect("asked for");
    let sum: f32 = parts.iter().map(|part| part.score).sum();
    assert!(
        (sum - hits[0].passages[0].score).abs() < 0.01 * sum,
        "{sum}"
    );
}

#[test]
fn a_second_run_indexes_only_what_changed() {
    let (corpus, before) = engine();
    assert_eq!(corpus.index().generation, None);
    let changed = REPORT.replace("3000亩", "4000亩");
    corpus.add(&[("report.txt", changed.as_bytes())]);
    let report = corpus.index();
    assert_eq!(
        (report.generation, report.indexed, report.notices),
        (Some(2), 1, 2)
    );
    let ask = |engine: &Engine, question: &str| {
        engine
            .search(&Request::new(question))
            .expect("an answer")
            .total
    };
    assert_eq!(ask(&corpus.engine(), "4000亩"), 1);
    assert_eq!(ask(&corpus.engine(), "3000亩"), 0);
    // Who opened the old generation keeps it.
    assert_eq!(ask(&before, "3000亩"), 1);
}

/// What is asked in words of its own is ranked by whatever it shares with a
/// passage; a run of several words too, if no passage has them all.
#[test]
fn a_question_finds_what_has_some_of_it() {
    let (_corpus, engine) = engine();
    let ask = |question: &str| engine.search(&Request::new(question)).expect("an answer");
    let answer = ask("镇里怎样推进债务风险的化解工作？");
    assert!(answer.at_least && answer.total > 0);
    assert!(!answer.hits.is_empty());
    let loosened = ask("债务化解网络借贷");
    assert!(loosened.notes.contains(&Note::Loosened), "{loosened:?}");
    assert!(!loosened.hits.is_empty());
    // Of two words one alone is hardly what was asked for.
    assert_eq!(ask("债务借贷").total, 0);
}
