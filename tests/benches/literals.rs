//! Random substrings of the law texts by `kwic`, beside a naive scan of the
//! normalised blocks: none may be missed, none false. Takes minutes:
//! `cargo bench -p gongbao-tests --bench literals`.

#![expect(clippy::print_stdout, reason = "a bench is there to print")]

use std::{collections::HashMap, hint::black_box, thread, time::Instant};

use gongbao_analysis::{is_letter, normalize};
use gongbao_notice::Row;
use gongbao_query::{Engine, Filters, Request};
use gongbao_tests::{TestCorpus, read_zst, shared};

/// How many.
const LITERALS: usize = 5_000;

fn main() {
    let Some(path) = shared("corpora/laws.jsonl.zst") else {
        println!("skipped: the law texts are not beside the project");
        return;
    };
    let text = read_zst(&path);
    let lines: Vec<_> = text
        .lines()
        .map(|line| (&line[8..17], line.as_bytes()))
        .collect();
    let corpus = TestCorpus::new();
    corpus.add_rows(&lines);
    corpus.index_with(400);
    let engine = corpus.engine();
    let rows: Vec<Row> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a row"))
        .collect();
    let notices: Vec<(String, Vec<String>)> = rows
        .iter()
        .map(|row| {
            let id = row.id.clone().expect("an id");
            let stored = engine
                .notice(&id.parse().expect("an id"))
                .expect("an answer")
                .expect("indexed");
            let blocks = 0..stored.body.blocks().len();
            (
                id,
                blocks
                    .map(|block| normalize(stored.body.block_text(block)).into_owned())
                    .collect(),
            )
        })
        .collect();
    let mut random = 88_172_645_463_325_252_u64;
    let mut below = |bound: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % bound as u64) as usize
    };
    let patterns: Vec<String> = (0..LITERALS)
        .map(|_| {
            let (_, blocks) = &notices[below(notices.len())];
            let block: Vec<char> = blocks[below(blocks.len())].chars().collect();
            let len = 1 + below(12.min(block.len()));
            let start = below(block.len() - len + 1);
            block[start..start + len].iter().collect()
        })
        .collect();
    first_pages(&engine, &patterns);
    let started = Instant::now();
    let found: Vec<HashMap<String, usize>> = patterns
        .iter()
        .map(|pattern| {
            let mut rows = HashMap::new();
            let mut count = |row: gongbao_query::KwicRow| {
                *rows.entry(row.id).or_default() += 1;
                true
            };
            engine
                .kwic(pattern, &Filters::default(), 0, &mut count)
                .expect("an answer");
            rows
        })
        .collect();
    println!(
        "{LITERALS} literals by kwic, all rows: {:.1} s",
        started.elapsed().as_secs_f64()
    );
    let started = Instant::now();
    let wrong = thread::scope(|scope| {
        let halves = [0, LITERALS / 2, LITERALS];
        let workers: Vec<_> = halves
            .windows(2)
            .map(|range| {
                let (patterns, found, notices) = (
                    &patterns[range[0]..range[1]],
                    &found[range[0]..range[1]],
                    &notices,
                );
                scope.spawn(move || {
                    patterns
                        .iter()
                        .zip(found)
                        .filter(|(pattern, found)| scan(notices, pattern) != **found)
                        .count()
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().expect("no panic"))
            .sum::<usize>()
    });
    println!(
        "the same by a naive scan: {:.1} s; {wrong} differ",
        started.elapsed().as_secs_f64()
    );
    assert_eq!(wrong, 0, "literal search misses or invents something");
}

/// Times the first ten notices with each pattern, those of letters alone apart.
fn first_pages(engine: &Engine, patterns: &[String]) {
    let (mut letters, mut marks) = (Vec::new(), Vec::new());
    for pattern in patterns {
        let request = Request {
            literal: true,
            ..Request::new(pattern)
        };
        let started = Instant::now();
        black_box(engine.search(&request).expect("an answer"));
        let times = match pattern.chars().all(is_letter) {
            true => &mut letters,
            false => &mut marks,
        };
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    for (name, mut times) in [("letters alone", letters), ("with marks or spaces", marks)] {
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        println!(
            "first page, {name}: p50 {:.2} ms, p99 {:.2} ms of {}",
            at(0.5),
            at(0.99),
            times.len()
        );
    }
}

fn scan(notices: &[(String, Vec<String>)], pattern: &str) -> HashMap<String, usize> {
    let normal = normalize(pattern);
    let scanner = memchr::memmem::Finder::new(normal.as_bytes());
    notices
        .iter()
        .map(|(id, blocks)| {
            (
                id.clone(),
                blocks
                    .iter()
                    .map(|block| scanner.find_iter(block.as_bytes()).count())
                    .sum(),
            )
        })
        .filter(|&(_, count)| count > 0)
        .collect()
}
