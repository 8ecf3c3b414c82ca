//! How well and how fast questions find their answers, on a set of judged
//! questions: `cargo bench -p gongbao-tests --bench relevance`.
//!
//! Three parts; `-- defaults`, `-- folds` or `-- speed` runs one alone:
//!
//! - defaults: nDCG@10 and Recall@100, with each kind of evidence left out or
//!   counted otherwise in turn;
//! - folds: five-fold cross-validation. Question number n is in fold n mod 5;
//!   of the settings tried, the one with the highest sum of nDCG@10 and
//!   Recall@100 on four folds is measured on the fifth;
//! - speed: time a question takes, beside the BM25 of its words in plain
//!   tantivy on the same index.

#![expect(clippy::print_stdout, reason = "a bench is there to print")]

use std::{collections::HashMap, env, fs, hint::black_box, thread, time::Instant};

use gongbao_analysis::{Dictionary, Segmenter, normalize, schema};
use gongbao_query::{DEPTH, Engine, Grades, Measures, Request, Weights};
use gongbao_tests::{TestCorpus, read_zst, shared};
use serde_json::Value;
use tantivy::{
    Index, Searcher, Term,
    collector::TopDocs,
    query::{BooleanQuery, Occur, Query, TermQuery},
    schema::IndexRecordOption,
};

const FOLDS: usize = 5;

/// A question and what answers it.
struct Judged {
    text: String,
    grades: Grades,
}

fn main() {
    let Some(folder) = shared("bench/stard") else {
        println!("skipped: the judged questions are not beside the project");
        return;
    };
    let wanted: Vec<String> = env::args().skip(1).collect();
    let parts = ["defaults", "folds", "speed"];
    let is_wanted =
        |part: &str| !parts.iter().any(|part| named(&wanted, part)) || named(&wanted, part);
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
    let judgements = fs::read_to_string(folder.join("qrels.tsv")).expect("readable");
    let questions = judged(&questions, &judgements);
    let engine = corpus.engine();
    if is_wanted("speed") {
        speed(&corpus, &engine, &questions);
    }
    if is_wanted("defaults") {
        for (name, weights) in ablations() {
            let mean = Measures::mean(&measure(&engine, &questions, weights));
            let (ndcg, recall) = (mean.ndcg, mean.recall_100);
            println!("{name}: nDCG@10 {ndcg:.4}, Recall@100 {recall:.4}");
        }
    }
    if is_wanted("folds") {
        cross_validate(&engine, &questions);
    }
}

fn named(wanted: &[String], part: &str) -> bool {
    wanted.iter().any(|wanted| wanted == part)
}

fn field(line: &str, name: &str) -> String {
    let row: Value = serde_json::from_str(line).expect("a row");
    match &row[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The questions that have judgements, in their order.
fn judged(questions: &str, judgements: &str) -> Vec<Judged> {
    let mut grades: HashMap<String, Grades> = HashMap::new();
    for line in judgements.lines() {
        let mut columns = line.split('\t');
        if let (Some(question), Some(document), Some(Ok(grade))) = (
            columns.next(),
            columns.next(),
            columns.next().map(str::parse),
        ) {
            let of_question = grades.entry(question.to_owned()).or_default();
            of_question.add(document, grade);
        }
    }
    questions
        .lines()
        .filter_map(|line| {
            Some(Judged {
                grades: grades.remove(&field(line, "id"))?,
                text: field(line, "text"),
            })
        })
        .collect()
}

/// The default, and it with one thing changed.
fn ablations() -> Vec<(&'static str, Weights)> {
    let mut settings = Vec::new();
    let mut set = |name, change: fn(&mut Weights)| {
        let mut weights = Weights::default();
        change(&mut weights);
        settings.push((name, weights));
    };
    set("default", |_| {});
    set("without words", |w| w.words = 0.0);
    set("without pairs", |w| w.pairs = 0.0);
    set("without characters", |w| w.chars = 0.0);
    set("words alone", |w| (w.pairs, w.chars) = (0.0, 0.0));
    set("pairs alone", |w| (w.words, w.chars) = (0.0, 0.0));
    set("characters alone", |w| (w.words, w.pairs) = (0.0, 0.0));
    set("rarity as in BM25", |w| w.rarity = 1.0);
    set("length as in BM25", |w| w.length = 1.0);
    set("k1 of 1", |w| w.k1 = 1.0);
    set("without titles", |w| w.title = 0.0);
    set("titles counted once", |w| w.title = 1.0);
    set("without headings", |w| w.path = 0.0);
    set("best passage only", |w| w.whole = 0.0);
    set("whole notice counted once", |w| w.whole = 1.0);
    set("whole notice alone", |w| w.whole = 1000.0);
    set("without other names", |w| w.same = 0.0);
    settings
}

/// The settings that cross-validation chooses from: all of these together.
fn grid() -> Vec<Weights> {
    let mut settings = Vec::new();
    for rarity in [1.0, 1.2] {
        for k1 in [0.75, 1.0] {
            for length in [1.0, 1.125] {
                for whole in [1.0, 2.0] {
                    settings.push(Weights {
                        rarity,
                        k1,
                        length,
                        whole,
                        ..Weights::default()
                    });
                }
            }
        }
    }
    settings
}

/// What is tuned.
fn told(weights: &Weights) -> String {
    let Weights {
        rarity,
        k1,
        length,
        whole,
        ..
    } = weights;
    format!("rarity {rarity}, k1 {k1}, length {length}, whole {whole}")
}

fn cross_validate(engine: &Engine, questions: &[Judged]) {
    let tried: Vec<(Weights, Vec<Measures>)> = grid()
        .into_iter()
        .map(|weights| {
            let measures = measure(engine, questions, weights);
            let mean = Measures::mean(&measures);
            println!(
                "{}: nDCG@10 {:.4}, Recall@100 {:.4} on all",
                told(&weights),
                mean.ndcg,
                mean.recall_100
            );
            (weights, measures)
        })
        .collect();
    let part = |measures: &[Measures], wanted: &dyn Fn(usize) -> bool| -> Vec<Measures> {
        let all = measures.iter().enumerate();
        all.filter(|(number, _)| wanted(number % FOLDS))
            .map(|(_, measures)| *measures)
            .collect()
    };
    let mut held_out = Vec::new();
    for fold in 0..FOLDS {
        let on_others = |measures: &[Measures]| {
            let mean = Measures::mean(&part(measures, &|other| other != fold));
            mean.ndcg + mean.recall_100
        };
        let (weights, measures) = tried
            .iter()
            .max_by(|a, b| on_others(&a.1).total_cmp(&on_others(&b.1)))
            .expect("settings to try");
        let here = part(measures, &|other| other == fold);
        let mean = Measures::mean(&here);
        println!(
            "fold {fold}: {} gives nDCG@10 {:.4}, Recall@100 {:.4}",
            told(weights),
            mean.ndcg,
            mean.recall_100
        );
        held_out.extend(here);
    }
    let mean = Measures::mean(&held_out);
    println!(
        "five folds of {} settings: nDCG@10 {:.4}, Recall@100 {:.4}",
        tried.len(),
        mean.ndcg,
        mean.recall_100
    );
}

/// What each question measures, half of them on each of two threads.
fn measure(engine: &Engine, questions: &[Judged], weights: Weights) -> Vec<Measures> {
    let work = |half: &[Judged]| -> Vec<Measures> {
        half.iter()
            .map(|Judged { text, grades }| {
                let request = Request {
                    limit: DEPTH,
                    passages: 1,
                    weights,
                    ..Request::new(text)
                };
                let answer = engine.search(&request).expect("an answer");
                Measures::of(answer.hits.iter().map(|hit| hit.id.as_str()), grades)
            })
            .collect()
    };
    let (first, second) = questions.split_at(questions.len() / 2);
    thread::scope(|scope| {
        let second = scope.spawn(|| work(second));
        [work(first), second.join().expect("no panic")].concat()
    })
}

/// Times each question for the first page, and the plain BM25 of its words
/// right after it.
fn speed(corpus: &TestCorpus, engine: &Engine, questions: &[Judged]) {
    let index = Index::open_in_dir(corpus.generation_dir()).expect("an index");
    let searcher = index.reader().expect("a reader").searcher();
    let (mut ours_ms, mut plain_ms) = (Vec::new(), Vec::new());
    for Judged { text, .. } in questions {
        let started = Instant::now();
        black_box(engine.search(&Request::new(text)).expect("an answer"));
        ours_ms.push(started.elapsed().as_secs_f64() * 1e3);
        let started = Instant::now();
        black_box(plain(&searcher, text));
        plain_ms.push(started.elapsed().as_secs_f64() * 1e3);
    }
    let (ours, ours_p99) = quantiles(&mut ours_ms);
    let (plain, plain_p99) = quantiles(&mut plain_ms);
    println!("gongbao: median {ours:.2} ms, 99th percentile {ours_p99:.2} ms");
    println!("tantivy: median {plain:.2} ms, 99th percentile {plain_p99:.2} ms");
    println!(
        "ratio: median {:.1}, 99th percentile {:.1}",
        ours / plain,
        ours_p99 / plain_p99
    );
}

/// The ten passages with the highest BM25 of the words of `question`, cutting
/// included.
fn plain(searcher: &Searcher, question: &str) -> usize {
    let normal = normalize(question);
    let (_, fields) = schema();
    let segmenter = Segmenter::for_text(&Dictionary::built_in(), &normal);
    let words = segmenter.words(&normal).map(|(_, word)| {
        let term = Term::from_field_text(fields.body_words, word);
        let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
        (Occur::Should, Box::new(query) as Box<dyn Query>)
    });
    let query = BooleanQuery::new(words.collect());
    let best = TopDocs::with_limit(10).order_by_score();
    searcher.search(&query, &best).expect("an answer").len()
}

fn quantiles(times: &mut [f64]) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[(times.len() as f64 * share) as usize];
    (at(0.5), at(0.99))
}
