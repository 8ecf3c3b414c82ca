//! Copies planted among real texts are found, and nothing else is taken for
//! one.

use std::collections::HashSet;

use gongbao_analysis::{Kinship, is_letter, normalize};
use gongbao_query::{Engine, Request};
use gongbao_tests::{TestCorpus, read_zst, shared};
use serde_json::{Value, json};

use crate::skip;

/// How a copy was made of its source.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Plant {
    Whole,
    /// A letter in eighty is another.
    Edited,
    /// A paragraph stands in another text.
    Contained,
}

/// A letter in the place of another, as of a hasty copyist.
fn edited(text: &str, every: usize) -> String {
    let change = |(at, c): (usize, char)| match c {
        '\u{4e00}'..='\u{9fa0}' if at % every == every / 2 => {
            char::from_u32(c as u32 + 1).unwrap_or(c)
        }
        c => c,
    };
    text.chars().enumerate().map(change).collect()
}

/// How many runs of eight letters both texts have, and which share of the
/// shorter text's that is: told by other means than those under test.
fn overlap(one: &str, other: &str) -> (usize, f64) {
    let runs = |text: &str| -> HashSet<Vec<char>> {
        let letters: Vec<char> = normalize(text).chars().filter(|&c| is_letter(c)).collect();
        letters.windows(8).map(<[char]>::to_vec).collect()
    };
    let (one, other) = (runs(one), runs(other));
    let shared = one.intersection(&other).count();
    let share = shared as f64 / one.len().min(other.len()).max(1) as f64;
    (shared, share)
}

fn row(id: &str, text: &str) -> (String, String) {
    (
        id.to_owned(),
        json!({ "id": id, "title": id, "text": text }).to_string(),
    )
}

#[test]
fn planted_copies_are_found_and_nothing_else() {
    let Some(path) = shared("corpora/laws.jsonl.zst") else {
        return skip("the law texts are not beside the project");
    };
    let text = read_zst(&path);
    // A tenth of the texts to copy from, as many others to hide copies in.
    let laws = |first: usize| -> Vec<Value> {
        let lines = text.lines().skip(first).step_by(10);
        lines
            .map(|line| serde_json::from_str(line).expect("a row"))
            .collect()
    };
    let body = |law: &Value| law["text"].as_str().expect("a text").to_owned();
    let letters = |text: &str| text.chars().count();
    let (sources, hosts) = (laws(0), laws(5));
    let mut rows: Vec<_> = sources
        .iter()
        .map(|law| row(law["id"].as_str().expect("an id"), &body(law)))
        .collect();
    let mut planted = Vec::new();
    let long = sources.iter().filter(|law| letters(&body(law)) > 400);
    for (number, (source, host)) in long.zip(&hosts).take(200).enumerate() {
        let source_text = body(source);
        let plants = [Plant::Whole, Plant::Edited, Plant::Contained];
        let plant = plants[number % plants.len()];
        let copy = match plant {
            Plant::Whole => source_text,
            Plant::Edited => edited(&source_text, 80),
            Plant::Contained => {
                let Some(paragraph) = source_text
                    .lines()
                    .filter(|line| letters(line) > 120)
                    .max_by_key(|line| letters(line))
                else {
                    continue;
                };
                let host = body(host);
                let mut lines: Vec<_> = host.lines().collect();
                lines.insert(lines.len() / 2, paragraph);
                lines.join("\n")
            }
        };
        let id = format!("planted{number}");
        rows.push(row(&id, &copy));
        planted.push((id, source["id"].as_str().expect("an id").to_owned(), plant));
    }
    assert!(planted.len() > 180, "{} planted", planted.len());
    let rows: Vec<_> = rows
        .iter()
        .map(|(id, row)| (id.as_str(), row.as_bytes()))
        .collect();
    let corpus = TestCorpus::new();
    corpus.add_rows(&rows);
    corpus.index();
    let engine = corpus.engine();

    let (mut found, mut told, mut wrong) = (0, 0, Vec::new());
    for (id, source, plant) in &planted {
        let copies = engine
            .copies(&id.parse().expect("an id"))
            .expect("an answer");
        let hit = copies.iter().find(|copy| copy.id == *source);
        found += usize::from(hit.is_some_and(|copy| match plant {
            Plant::Whole | Plant::Edited => copy.kinship == Kinship::Copy,
            Plant::Contained => !copy.passages.is_empty(),
        }));
        for copy in &copies {
            told += 1;
            if !is_real(&engine, id, copy) {
                wrong.push((id.clone(), copy.clone()));
            }
        }
    }
    assert!(
        found * 100 >= planted.len() * 95,
        "{found} of {} found",
        planted.len()
    );
    assert!(
        wrong.len() * 100 <= told,
        "{} of {told} false: {:?}",
        wrong.len(),
        wrong.first()
    );

    // A copy that is found with its source stands behind it.
    let request = Request {
        limit: 1000,
        ..Request::new("法律")
    };
    let all = engine.search(&request).expect("an answer");
    let folded = engine
        .search(&Request {
            fold: true,
            ..request.clone()
        })
        .expect("an answer");
    assert_eq!((all.total, all.folded), (folded.total, 0));
    let copies: u64 = folded.hits.iter().map(|hit| u64::from(hit.copies)).sum();
    assert_eq!(copies, folded.folded);
    assert_eq!(
        folded.hits.len() as u64 + folded.folded,
        all.hits.len() as u64
    );
    assert!(folded.folded > 50, "{}", folded.folded);
}

/// Whether the two really have in common what is told of them.
fn is_real(engine: &Engine, id: &str, copy: &gongbao_query::Copied) -> bool {
    let notice = |id: &str| {
        let found = engine
            .notice(&id.parse().expect("an id"))
            .expect("an answer");
        found.expect("it is there")
    };
    let (mine, theirs) = (notice(id), notice(&copy.id));
    if copy.passages.is_empty() {
        return overlap(mine.body.text(), theirs.body.text()).1 >= 0.4;
    }
    copy.passages.iter().any(|passage| {
        let text = |notice: &gongbao_analysis::StoredNotice, anchor: &str| {
            let at = notice
                .passages
                .iter()
                .position(|passage| passage.anchor == anchor);
            notice
                .passage_text(at.expect("the passage is there"))
                .to_owned()
        };
        let (shared, share) = overlap(&text(&mine, &passage.here), &text(&theirs, &passage.there));
        share >= 0.5 || shared >= 60
    })
}
