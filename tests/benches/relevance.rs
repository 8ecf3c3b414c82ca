//! How well questions find their answers: nDCG@10, Recall@100 on a set of
//! judged questions, with each kind of evidence left out in turn:
//! `cargo bench -p gongbao-tests --bench relevance`.

#![expect(clippy::print_stdout, reason = "a bench is there to print")]

use std::{
    collections::{HashMap, HashSet},
    fs, thread,
};

use gongbao_query::{Engine, Request, Weights};
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
    let mut relevant: HashMap<String, HashSet<String>> = HashMap::new();
    for line in judged.lines() {
        let mut columns = line.split('\t');
        if let (Some(question), Some(document), Some(grade)) =
            (columns.next(), columns.next(), columns.next())
            && grade != "0"
        {
            relevant
                .entry(question.to_owned())
                .or_default()
                .insert(document.to_owned());
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
        let (ndcg, recall, mean_ms) = measure(&engine, &questions, &relevant, weights);
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

/// Means over the questions, half of them on each of two threads.
fn measure(
    engine: &Engine,
    questions: &[(String, String)],
    relevant: &HashMap<String, HashSet<String>>,
    weights: Weights,
) -> (f64, f64, f64) {
    let halves = questions.split_at(questions.len() / 2);
    let sums = thread::scope(|scope| {
        let work = |half: &'_ [(String, String)]| -> [f64; 3] {
            let mut sums = [0.0; 3];
            for (id, question) in half {
                let Some(wanted) = relevant.get(id) else {
                    continue;
                };
                let request = Request {
                    limit: 100,
                    passages: 1,
                    weights,
                    ..Request::new(question)
                };
                let answer = engine.search(&request).expect("an answer");
                let hits = answer.hits.iter().map(|hit| wanted.contains(&hit.id));
                let gain = |rank: usize| 1.0 / ((rank + 2) as f64).log2();
                let found: f64 = hits
                    .clone()
                    .take(10)
                    .enumerate()
                    .filter(|(_, hit)| *hit)
                    .map(|(rank, _)| gain(rank))
                    .sum();
                let best: f64 = (0..wanted.len().min(10)).map(gain).sum();
                sums[0] += found / best;
                sums[1] += hits.filter(|hit| *hit).count() as f64 / wanted.len() as f64;
                sums[2] += answer.took_ms;
            }
            sums
        };
        let first = scope.spawn(move || work(halves.0));
        let second = work(halves.1);
        let first = first.join().expect("no panic");
        [
            first[0] + second[0],
            first[1] + second[1],
            first[2] + second[2],
        ]
    });
    let questions = questions.len() as f64;
    (
        sums[0] / questions,
        sums[1] / questions,
        sums[2] / questions,
    )
}
