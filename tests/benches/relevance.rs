//! How well questions find their answers: nDCG@10, Recall@100 on a set of
//! judged questions, with each kind of evidence left out in turn:
//! `cargo bench -p gongbao-tests --bench relevance`.

#![expect(clippy::print_stdout, reason = "a bench is there to print")]

use std::{collections::HashMap, fs, thread};

use gongbao_query::{DEPTH, Engine, Grades, Measures, Request, Weights};
use gongbao_tests::{TestCorpus, read_zst, shared};
use serde_json::Value;

fn main() {
    let Some(folder) = shared("bench/stard") else {
        println!("skipped: the judged questions are not beside the project");
        return;
    };
    let text = read_zst(&folder.join("corpus.jsonl.zst"));
    let ids: Vec<String> = text.lines().map(|line| field(line, "id")).collect();
    let rows: Vec<_> = ids
        .iter()
        .zip(text.lines())
        .map(|(id, line)| (id.as_str(), line.as_bytes()))
        .collect();
    let corpus = TestCorpus::new();
    corpus.add_rows(&rows);
    println!("{:?}", corpus.index_with(400));
    let questions = fs::read_to_string(folder.join("queries.jsonl")).expect("readable");
    let questions: Vec<(String, String)> = questions
        .lines()
        .map(|line| (field(line, "id"), field(line, "text")))
        .collect();
    let judged = fs::read_to_string(folder.join("qrels.tsv")).expect("readable");
    let mut judgements: HashMap<String, Grades> = HashMap::new();
    for line in judged.lines() {
        let mut columns = line.split('\t');
        if let (Some(question), Some(document), Some(Ok(grade))) = (
            columns.next(),
            columns.next(),
            columns.next().map(str::parse),
        ) {
            let grades = judgements.entry(question.to_owned()).or_default();
            grades.add(document, grade);
        }
    }

    let engine = corpus.engine();
    let default = Weights::default();
    let settings = [
        ("default", default),
        (
            "without words",
            Weights {
                words: 0.0,
                ..default
            },
        ),
        (
            "without pairs",
            Weights {
                pairs: 0.0,
                ..default
            },
        ),
        (
            "without characters",
            Weights {
                chars: 0.0,
                ..default
            },
        ),
        (
            "words alone",
            Weights {
                pairs: 0.0,
                chars: 0.0,
                ..default
            },
        ),
        (
            "pairs alone",
            Weights {
                words: 0.0,
                chars: 0.0,
                ..default
            },
        ),
        (
            "characters alone",
            Weights {
                words: 0.0,
                pairs: 0.0,
                ..default
            },
        ),
        (
            "without titles",
            Weights {
                title: 0.0,
                ..default
            },
        ),
        (
            "titles counted once",
            Weights {
                title: 1.0,
                ..default
            },
        ),
        (
            "without headings",
            Weights {
                path: 0.0,
                ..default
            },
        ),
        (
            "best passage only",
            Weights {
                whole: 0.0,
                ..default
            },
        ),
        (
            "whole notice doubled",
            Weights {
                whole: 2.0,
                ..default
            },
        ),
        (
            "without other names",
            Weights {
                same: 0.0,
                ..default
            },
        ),
    ];
    for (name, weights) in settings {
        let (mean, mean_ms) = measure(&engine, &questions, &judgements, weights);
        let (ndcg, recall) = (mean.ndcg, mean.recall_100);
        println!("{name}: nDCG@10 {ndcg:.4}, Recall@100 {recall:.4}, {mean_ms:.1} ms a question");
    }
}

fn field(line: &str, name: &str) -> String {
    let row: Value = serde_json::from_str(line).expect("a row");
    match &row[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Means over the questions and the time each took, half of them on each of
/// two threads.
fn measure(
    engine: &Engine,
    questions: &[(String, String)],
    judgements: &HashMap<String, Grades>,
    weights: Weights,
) -> (Measures, f64) {
    let work = |half: &[(String, String)]| -> (Vec<Measures>, f64) {
        let (mut measured, mut took_ms) = (Vec::new(), 0.0);
        for (id, question) in half {
            let Some(grades) = judgements.get(id) else {
                continue;
            };
            let request = Request {
                limit: DEPTH,
                passages: 1,
                weights,
                ..Request::new(question)
            };
            let answer = engine.search(&request).expect("an answer");
            let ranking = answer.hits.iter().map(|hit| hit.id.as_str());
            measured.push(Measures::of(ranking, grades));
            took_ms += answer.took_ms;
        }
        (measured, took_ms)
    };
    let (first, second) = questions.split_at(questions.len() / 2);
    let (measured, took_ms) = thread::scope(|scope| {
        let first = scope.spawn(|| work(first));
        let (measured, took_ms) = work(second);
        let (others, others_ms) = first.join().expect("no panic");
        ([measured, others].concat(), took_ms + others_ms)
    });
    (
        Measures::mean(&measured),
        took_ms / measured.len().max(1) as f64,
    )
}
