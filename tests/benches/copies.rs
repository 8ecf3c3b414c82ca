//! How long it takes to find copies, beside all of indexing, over three sizes
//! of the law texts: `cargo bench -p gongbao-tests --bench copies`.

#![expect(clippy::print_stdout, reason = "a bench is there to print")]

use std::time::{Duration, Instant};

use gongbao_analysis::prints;
use gongbao_tests::{TestCorpus, read_zst, shared};

fn main() {
    let Some(path) = shared("corpora/laws.jsonl.zst") else {
        println!("skipped: the law texts are not beside the project");
        return;
    };
    let text = read_zst(&path);
    let lines: Vec<_> = text.lines().collect();
    println!("documents  MB     prints alone  index    a notice more");
    for part in [4, 2, 1] {
        let rows: Vec<_> = lines
            .iter()
            .step_by(part)
            .map(|line| (&line[8..17], line.as_bytes()))
            .collect();
        let bytes: usize = rows.iter().map(|(_, row)| row.len()).sum();
        let (_, printing) = timed(|| {
            rows.iter()
                .map(|(_, row)| prints(std::str::from_utf8(row).expect("UTF-8")).len())
                .sum::<usize>()
        });
        let corpus = TestCorpus::new();
        corpus.add_rows(&rows);
        let (_, indexing) = timed(|| corpus.index_with(400));
        corpus.add_rows(&[("onemore", br#"{"id":"onemore","title":"t","text":"x"}"#)]);
        let (_, more) = timed(|| corpus.index_with(400));
        println!(
            "{:>9}  {:>5.1}  {:>10.2} s  {:>5.2} s  {:>8.2} s",
            rows.len(),
            bytes as f64 / 1e6,
            printing.as_secs_f64(),
            indexing.as_secs_f64(),
            more.as_secs_f64()
        );
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    (work(), started.elapsed())
}
