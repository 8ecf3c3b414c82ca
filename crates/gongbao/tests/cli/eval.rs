//! `eval` on a corpus so small that its figures are worked out by hand.

use std::fs;

use serde_json::Value;

use crate::support::{Corpus, Ran};

/// Three notices of which each question finds just those that have its words.
const NOTICES: &str = r#"{"id":"n1","title":"柳溪镇渡口停航公告","text":"因水位上涨，渡口自明日起停航。"}
{"id":"n2","title":"柳溪镇集市搬迁公告","text":"集市搬迁至东街。"}
{"id":"n3","title":"柳溪镇路灯维修公告","text":"东街路灯将于夜间维修。"}
"#;

const QUERIES: &str = r#"{"id":"ferry","text":"渡口停航"}
{"id":2,"text":"集市搬迁"}
{"id":"nothing","text":"量子纠缠态蒸馏"}
{"id":"unjudged","text":"路灯"}
{"id":"irrelevant","text":"路灯维修"}
"#;

/// All that `ferry` needs is found; of what `2` needs one of two, at rank 1;
/// `nothing` finds nothing.
const JUDGEMENTS: &str = "ferry 0 n1 2
ferry 0 n2 0
2 0 n2 1
2 0 gone 1
nothing 0 n3 1
irrelevant 0 n3 0
unknown 0 n1 1
";

fn corpus() -> Corpus {
    let corpus = Corpus::new();
    corpus.with_page("notices.jsonl", NOTICES);
    corpus
}

/// Runs `eval` with these files and arguments.
fn eval(corpus: &Corpus, queries: &str, judgements: &str, more: &[&str]) -> Ran {
    let queries = corpus.page("queries", queries);
    let judgements = corpus.page("judgements", judgements);
    let given = ["eval", "--queries", &queries, "--judgements", &judgements];
    corpus.run(&[&given[..], more].concat())
}

#[track_caller]
fn check_near(value: &Value, expected: f64) {
    let value = value.as_f64().expect("a number");
    assert!((value - expected).abs() < 1e-9, "{value} {expected}");
}

/// nDCG of one found first where two were wanted.
fn half() -> f64 {
    1.0 / (1.0 + 1.0 / 3_f64.log2())
}

#[test]
fn means_are_those_worked_out_by_hand() {
    let corpus = corpus();
    let ran = eval(&corpus, QUERIES, JUDGEMENTS, &["--format", "json"]).with(0);
    let told = ran.json();
    check_near(&told["ndcg@10"], (1.0 + half()) / 3.0);
    check_near(&told["mrr@10"], 2.0 / 3.0);
    check_near(&told["recall@10"], 0.5);
    check_near(&told["recall@100"], 0.5);
    assert_eq!(told["queries"], 3);
    assert_eq!(told.as_object().expect("an object").len(), 5);
    for line in [
        "left out: 1 question without judgements",
        "left out: judgements of 1 question not among those asked",
        "left out: 1 question that nothing was judged to answer",
        "1 question found nothing; counted as 0",
        "1 of 4 judged documents are not in the index: gone",
    ] {
        assert!(ran.err.lines().any(|told| told == line), "{}", ran.err);
    }

    // The same in other layouts, and as other rows.
    let queries = "ferry\t渡口停航\n2\t集市搬迁\nnothing\t量子纠缠态蒸馏\n";
    let judgements = "ferry\tn1\t2\n2\tn2\t1\n2\tgone\t1\nnothing\tn3\t1\n";
    let lines = eval(&corpus, queries, judgements, &[]).with(0).jsonl();
    assert_eq!(lines, [told]);
    let csv = eval(&corpus, queries, judgements, &["--format", "csv"]).with(0);
    let (header, rows) = csv.csv();
    assert_eq!(
        header,
        ["ndcg@10", "mrr@10", "recall@10", "recall@100", "queries"]
    );
    assert_eq!((&rows[0][2], &rows[0][4]), ("0.5", "3"));
    let table = eval(&corpus, queries, judgements, &["--format", "table"]).with(0);
    assert!(
        table.out.contains("Recall@10       0.5000\n"),
        "{}",
        table.out
    );
}

#[test]
fn a_run_is_written_and_compared_with() {
    let corpus = corpus();
    let run = corpus.page("first.trec", "to be replaced");
    eval(
        &corpus,
        QUERIES,
        JUDGEMENTS,
        &["--run", &run, "--tag", "first"],
    )
    .with(0);
    let written = fs::read_to_string(&run).expect("it is there");
    let lines: Vec<Vec<&str>> = written
        .lines()
        .map(|line| line.split(' ').collect())
        .collect();
    assert_eq!(lines[0][..4], ["ferry", "Q0", "n1", "1"]);
    assert_eq!(lines[0][5], "first");
    assert!(lines[0][4].parse::<f64>().expect("a score") > 0.0);

    // Against itself nothing changes.
    let same = ["--baseline", &run, "--format", "json"];
    let told = eval(&corpus, QUERIES, JUDGEMENTS, &same).with(0).json();
    for line in told["comparison"].as_array().expect("four measures") {
        check_near(&line["difference"], 0.0);
        assert_eq!((&line["ties"], &line["p"]), (&3.into(), &1.0.into()));
    }

    // An earlier run that found n2 second, and nothing else.
    let worse = corpus.page("worse.trec", "2 Q0 n3 1 2.0 old\n2 Q0 n2 2 1.0 old\n");
    let compared = ["--baseline", &worse, "--format"];
    let ran = eval(
        &corpus,
        QUERIES,
        JUDGEMENTS,
        &[&compared[..], &["jsonl"]].concat(),
    )
    .with(0);
    let lines = ran.jsonl();
    assert_eq!(lines.len(), 4);
    let mrr = &lines[1];
    assert_eq!(mrr["measure"], "mrr@10");
    check_near(&mrr["baseline"], 0.5 / 3.0);
    check_near(&mrr["now"], 2.0 / 3.0);
    check_near(&mrr["difference"], 0.5);
    assert_eq!(
        [&mrr["wins"], &mrr["ties"], &mrr["losses"]],
        [&Value::from(2), &1.into(), &0.into()]
    );
    // Of four ways to exchange two differences, two are as far from 0.
    check_near(&mrr["p"], 0.5);
    assert!(
        ran.err.contains("2 questions not in the baseline"),
        "{}",
        ran.err
    );

    let each = [&compared[..], &["jsonl", "--per-query"]].concat();
    let lines = eval(&corpus, QUERIES, JUDGEMENTS, &each).with(0).jsonl();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        (&lines[1]["query"], &lines[1]["text"]),
        (&"2".into(), &"集市搬迁".into())
    );
    check_near(&lines[1]["mrr@10"], 1.0);
    check_near(&lines[1]["baseline"]["mrr@10"], 0.5);

    let each = [&compared[..], &["table", "--per-query", "--lang", "zh"]].concat();
    let table = eval(&corpus, QUERIES, JUDGEMENTS, &each).with(0).out;
    assert!(
        table.contains("集市搬迁") && !table.contains("量子"),
        "{table}"
    );
    assert!(table.contains("+0.5000"), "{table}");
}

#[test]
fn a_loss_is_a_number_in_csv() {
    let corpus = corpus();
    let better = corpus.page("better.trec", "nothing Q0 n3 1 1 old\n");
    let judgements = "nothing n3 1\n";
    let more = ["--baseline", &better, "--format", "csv"];
    let (header, rows) = eval(&corpus, QUERIES, judgements, &more).with(0).csv();
    assert_eq!(header[3], "difference");
    assert_eq!(&rows[0][3], "-1");
}

#[test]
fn passages_are_ranked_by_their_anchors() {
    let corpus = corpus();
    let run = corpus.page("run", "");
    let more = ["--unit", "passage", "--run", &run];
    eval(&corpus, "q\t渡口停航\n", "q n1 1\n", &more).with(0);
    let written = fs::read_to_string(&run).expect("it is there");
    let passage = written.split(' ').nth(2).expect("a document");
    assert!(passage.starts_with("n1#"), "{written}");
    let judgements = format!("q {passage} 1\nq n1#no-such 1\nq n1 0\n");
    let more = ["--unit", "passage", "--format", "json"];
    let ran = eval(&corpus, "q\t渡口停航\n", &judgements, &more).with(0);
    check_near(&ran.json()["ndcg@10"], half());
    assert!(ran.err.contains("2 of 3 judged documents"), "{}", ran.err);
}

#[test]
fn without_judgements_nothing_is_measured() {
    let corpus = corpus();
    let ran = eval(&corpus, QUERIES, "other 0 n1 1\n", &[]).with(1);
    assert_eq!(ran.out, "");
    assert!(
        ran.err.contains("no question has a judgement"),
        "{}",
        ran.err
    );
    let ran = eval(&corpus, QUERIES, "other 0 n1 1\n", &["--lang", "zh"]).with(1);
    assert!(ran.err.contains("没有一个问题有相关判断"), "{}", ran.err);
}

#[test]
fn what_cannot_be_read_is_named_with_its_line() {
    let corpus = corpus();
    let ran = eval(&corpus, "q\ta\nno tab\n", JUDGEMENTS, &[]).with(2);
    assert!(ran.err.contains("queries, line 2: "), "{}", ran.err);
    let ran = eval(&corpus, QUERIES, "q 0 n1 1\nq 0 n2 good\n", &[]).with(2);
    assert!(ran.err.contains("judgements, line 2: "), "{}", ran.err);
    let run = corpus.page("run", "\nq Q0 n1 1 1.0\n");
    let ran = eval(&corpus, QUERIES, JUDGEMENTS, &["--baseline", &run]).with(2);
    assert!(ran.err.contains("run, line 2: "), "{}", ran.err);
    let absent = ["--baseline", "no-such-run"];
    let ran = eval(&corpus, QUERIES, JUDGEMENTS, &absent).with(2);
    assert!(
        ran.err.contains("could not read no-such-run"),
        "{}",
        ran.err
    );
    eval(&corpus, QUERIES, JUDGEMENTS, &["--tag", "a b"]).with(2);
}

#[test]
fn what_is_read_is_never_overwritten() {
    let corpus = corpus();
    let earlier = corpus.page("earlier.trec", "2 Q0 n2 1 1.0 old\n");
    for input in ["queries", "judgements", "earlier.trec"] {
        let path = corpus.page("x", "").replace("/x", &format!("/./{input}"));
        let before = fs::read(&path).ok();
        let more = ["--baseline", &earlier, "--run", &path];
        let ran = eval(&corpus, QUERIES, JUDGEMENTS, &more).with(2);
        assert!(ran.err.contains("would overwrite"), "{}", ran.err);
        let after = fs::read(&path).expect("it is there still");
        assert!(before.is_none_or(|before| before == after));
    }
    let absent = ["--run", "no-such-folder/run"];
    let ran = eval(&corpus, QUERIES, JUDGEMENTS, &absent).with(2);
    assert!(ran.err.contains("could not write"), "{}", ran.err);
}
