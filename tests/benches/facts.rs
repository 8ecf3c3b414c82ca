//! How fast facts are found, on the law texts and on reports of governments:
//! `cargo bench -p gongbao-tests --bench facts`. Fails below 20 MB/s a core.

#![expect(clippy::print_stdout, reason = "a bench is there to print")]

use std::time::Instant;

use gongbao_notice::{Divisions, FactContext, Row, facts};
use gongbao_tests::{read_zst, shared};

/// The least speed, in bytes a second.
const LEAST: f64 = 20e6;

/// How many rounds; the best counts, since others only add to it.
const ROUNDS: usize = 3;

fn main() {
    let divisions = Divisions::builtin();
    let context = FactContext::new(&divisions);
    for name in ["laws", "gov_reports"] {
        let Some(path) = shared(&format!("corpora/{name}.jsonl.zst")) else {
            println!("skipped: {name} is not beside the project");
            continue;
        };
        let texts: Vec<String> = read_zst(&path)
            .lines()
            .filter_map(|line| Some(serde_json::from_str::<Row>(line).ok()?.text))
            .collect();
        let bytes: usize = texts.iter().map(String::len).sum();
        let mut best = f64::INFINITY;
        let mut count: usize = 0;
        for _ in 0..ROUNDS {
            let started = Instant::now();
            count = texts
                .iter()
                .flat_map(|text| text.lines())
                .map(|line| facts(line, &context).len())
                .sum();
            best = best.min(started.elapsed().as_secs_f64());
        }
        let speed = bytes as f64 / best;
        println!(
            "{name}: {count} facts in {:.1} MB, {:.1} MB/s on one core",
            bytes as f64 / 1e6,
            speed / 1e6
        );
        assert!(speed >= LEAST, "{name}: slower than {} MB/s", LEAST / 1e6);
    }
}
