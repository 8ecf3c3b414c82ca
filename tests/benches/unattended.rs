//! What an unattended run costs: 1 % of the law texts changed, nothing
//! changed, and a thousand saved searches over what is new beside one:
//! `cargo bench -p gongbao-tests --bench unattended`.
//!
//! Every figure is of this one run; compare ratios, not seconds.

#![expect(clippy::print_stdout, reason = "a bench is there to print")]

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use gongbao_analysis::{Dictionary, Segmenter, normalize};
use gongbao_archive::{Archive, Writer};
use gongbao_indexer::Options;
use gongbao_notice::{Divisions, Reader};
use gongbao_query::{Filters, Topics};
use gongbao_tests::{TestCorpus, read_zst, shared};
use gongbao_watch::{Channel, Tools, Watch, look};
use jiff::Timestamp;

/// One in so many texts changes.
const CHANGED: usize = 100;

/// So many searches are saved.
const SEARCHES: usize = 1000;

fn main() {
    let Some(path) = shared("corpora/laws.jsonl.zst") else {
        println!("skipped: the law texts are not beside the project");
        return;
    };
    let text = read_zst(&path);
    let rows: Vec<(&str, &str)> = text.lines().map(|line| (&line[8..17], line)).collect();
    let corpus = TestCorpus::new();
    let bytes = |rows: &[(&str, String)]| {
        let rows: Vec<_> = rows.iter().map(|(id, row)| (*id, row.as_bytes())).collect();
        corpus.add_rows(&rows);
    };
    let all: Vec<_> = rows.iter().map(|&(id, row)| (id, row.to_owned())).collect();
    bytes(&all);
    let full = timed("index all", || {
        println!("  {:?}", corpus.index_with(400));
    });
    let none = timed("index again, nothing changed", || {
        println!("  {:?}", corpus.index_with(400));
    });
    let before = Archive::open(&corpus.corpus())
        .and_then(|archive| archive.last_change())
        .expect("an archive");
    let changed: Vec<_> = rows
        .iter()
        .step_by(CHANGED)
        .map(|&(id, row)| (id, row.replacen("第一条", "第一条 本条已经修订，", 1) + " "))
        .collect();
    println!("{} of {} texts change", changed.len(), rows.len());
    bytes(&changed);
    let some = timed("index what changed", || {
        println!("  {:?}", corpus.index_with(400));
    });
    println!(
        "what changed / all: {:.3}; nothing changed: {:.3} s",
        some.as_secs_f64() / full.as_secs_f64(),
        none.as_secs_f64()
    );
    rederive(&corpus, full);
    watch(&corpus, before, &text);
}

/// What else changes: words, few and many, and what pages are read by. `full`
/// is what indexing all took.
fn rederive(corpus: &TestCorpus, full: Duration) {
    let options = Options {
        memory_mib: 400,
        ..Options::default()
    };
    let built_in = Divisions::builtin();
    let plain = Reader::new(built_in.clone());
    let place = "code\tname\tshort\tlevel\n990100\t泽川市\t泽川\tprefecture\n";
    let other_places = Reader::new(built_in.with_extra(place));
    let words = |own: &str| Dictionary::with_own(own).expect("good lines");
    for (what, reader, dictionary) in [
        ("a rare word comes", &plain, words("禁渔期制度\n")),
        (
            "a word of every other law comes",
            &plain,
            words("县级以上\n禁渔期制度\n"),
        ),
        (
            "divisions change",
            &other_places,
            words("县级以上\n禁渔期制度\n"),
        ),
        ("both go back", &plain, words("")),
    ] {
        let took = timed(what, || {
            let report = corpus.index_by(reader, &dictionary, &options);
            let done = report.rederived.expect("something is otherwise");
            println!(
                "  {} read again, {} indexed again",
                done.reread, done.indexed
            );
        });
        println!(
            "{what} / all: {:.3}",
            took.as_secs_f64() / full.as_secs_f64()
        );
    }
}

/// Saved searches over what changed, as if it were new.
fn watch(corpus: &TestCorpus, before: u64, text: &str) {
    let dictionary = Dictionary::built_in();
    let divisions = Divisions::builtin();
    let reader = Reader::new(divisions.clone());
    let tools = Tools {
        skip: &HashSet::new(),
        reader: &reader,
        dictionary: &dictionary,
        divisions: &divisions,
        topics: &Topics::built_in(),
    };
    let words = words(text);
    let saved = |count: usize, name: &str| -> Vec<Watch> {
        (0..count)
            .map(|number| Watch {
                name: format!("{name}-{number}"),
                query: format!(
                    "{} {}",
                    words[number * 7 % words.len()],
                    words[(number * 13 + 5) % words.len()]
                ),
                literal: false,
                topic: None,
                filters: Filters::default(),
                after: Some(before),
                channels: vec![Channel::Terminal],
            })
            .collect()
    };
    let run = |watches: &[Watch]| {
        let mut writer = Writer::open(&corpus.corpus()).expect("a writer");
        let archive = Archive::open(&corpus.corpus()).expect("an archive");
        let started = Instant::now();
        let looked = look(&mut writer, &archive, watches, &tools, Timestamp::now());
        let looked = looked.expect("it runs");
        assert!(looked.failed.is_empty(), "{:?}", looked.failed);
        println!("  {} alerts", looked.raised.values().sum::<u64>());
        started.elapsed()
    };
    let one = run(&saved(1, "one"));
    let many = run(&saved(SEARCHES, "many"));
    println!(
        "1 saved search: {:.3} s; {SEARCHES}: {:.3} s; ratio {:.2}",
        one.as_secs_f64(),
        many.as_secs_f64(),
        many.as_secs_f64() / one.as_secs_f64()
    );
}

/// Words of the texts, of two characters and more, in the order they stand.
fn words(text: &str) -> Vec<String> {
    let start: String = text.chars().take(200_000).collect();
    let normal = normalize(&start).into_owned();
    let segmenter = Segmenter::new(&Dictionary::built_in());
    let mut known = HashSet::new();
    segmenter
        .words(&normal)
        .map(|(_, word)| word.to_owned())
        .filter(|word| word.chars().count() >= 2 && word.chars().all(|c| !c.is_ascii()))
        .filter(|word| known.insert(word.clone()))
        .collect()
}

fn timed(what: &str, work: impl FnOnce()) -> Duration {
    let started = Instant::now();
    work();
    println!("{what}: {:.2} s", started.elapsed().as_secs_f64());
    started.elapsed()
}
