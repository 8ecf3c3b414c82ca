//! Copies planted among real texts are found, and nothing else is taken for
//! one.

#![expect(clippy::print_stdout, reason = "a measurement says what it found")]

use std::collections::{BTreeMap, HashSet};

use gongbao_analysis::{Kinship, is_letter, normalize};
use gongbao_query::{Copied, Engine, Request, Topics};
use gongbao_tests::{TestCorpus, read_zst, shared};
use serde_json::{Value, json};

use crate::skip;

/// How a copy was made of its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Plant {
    Whole,
    /// A letter in eighty is another.
    Edited,
    /// A paragraph of 80 characters or more stands in another text.
    Contained,
    /// Likewise, with a letter in a hundred left out, doubled or another.
    ContainedEdited,
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
    let (sources, hosts) = (laws(&text, 0), laws(&text, 5));
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
            Plant::Contained | Plant::ContainedEdited => {
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
    let engine = engine(&rows);
    let mut tally = Tally::default();
    tally.add(&engine, &planted);
    tally.check();

    // A copy that is found with its source stands behind it, however it is found.
    let topics = Topics::built_in();
    let mut topics = topics.iter().map(|topic| topic.expect("whole packs"));
    let topic = topics.find(|topic| topic.id == "work-safety");
    let words = Request {
        limit: 1000,
        ..Request::new("法律")
    };
    let literal = |text| Request {
        literal: true,
        limit: 1000,
        ..Request::new(text)
    };
    let of_topic = Request {
        topic: topic.as_ref(),
        limit: 1000,
        ..Request::new("")
    };
    for request in [words, literal("人民政府"), literal(",应当"), of_topic] {
        let asked = format!("{:?} {:?}", request.text, request.literal);
        let all = engine.search(&request).expect("an answer");
        let folded = engine
            .search(&Request {
                fold: true,
                ..request.clone()
            })
            .expect("an answer");
        assert_eq!((all.total, all.folded), (folded.total, 0), "{asked}");
        let copies: u64 = folded.hits.iter().map(|hit| u64::from(hit.copies)).sum();
        assert_eq!(copies, folded.folded, "{asked}");
        assert_eq!(
            folded.hits.len() as u64 + folded.folded,
            all.hits.len() as u64,
            "{asked}"
        );
        assert!(folded.folded > 20, "{asked}: {}", folded.folded);
        // Those that are left are as they were.
        let mut left = folded.hits.iter().peekable();
        for hit in &all.hits {
            left.next_if(|left| left.id == hit.id && left.score == hit.score);
        }
        assert!(left.peek().is_none(), "{asked}");
    }
}

/// A tenth of the law texts, from number `first` on.
fn laws(text: &str, first: usize) -> Vec<Value> {
    let lines = text.lines().skip(first).step_by(10);
    lines
        .map(|line| serde_json::from_str(line).expect("a row"))
        .collect()
}

fn body(law: &Value) -> String {
    law["text"].as_str().expect("a text").to_owned()
}

fn letters(text: &str) -> usize {
    text.chars().count()
}

/// An index of these rows.
fn engine(rows: &[(String, String)]) -> Engine {
    let rows: Vec<_> = rows
        .iter()
        .map(|(id, row)| (id.as_str(), row.as_bytes()))
        .collect();
    let corpus = TestCorpus::new();
    corpus.add_rows(&rows);
    corpus.index();
    corpus.engine()
}

/// What was found of the planted copies, and what else was told.
#[derive(Debug, Default)]
struct Tally {
    /// Of each kind of copy, how many were found and how many planted.
    found: BTreeMap<Plant, [usize; 2]>,
    told: usize,
    /// Of what was told: which of the planted texts has little in common with what.
    wrong: Vec<(String, Copied)>,
}

impl Tally {
    fn add(&mut self, engine: &Engine, planted: &[(String, String, Plant)]) {
        for (id, source, plant) in planted {
            let copies = engine
                .copies(&id.parse().expect("an id"))
                .expect("an answer");
            let hit = copies.iter().find(|copy| copy.id == *source);
            let hit = hit.is_some_and(|copy| match plant {
                Plant::Whole | Plant::Edited => copy.kinship == Kinship::Copy,
                Plant::Contained | Plant::ContainedEdited => !copy.passages.is_empty(),
            });
            let [right, all] = self.found.entry(*plant).or_default();
            *right += usize::from(hit);
            *all += 1;
            self.told += copies.len();
            let wrong = copies.into_iter().filter(|copy| !is_real(engine, id, copy));
            self.wrong.extend(wrong.map(|copy| (id.clone(), copy)));
        }
        let Self { found, told, wrong } = self;
        println!(
            "found so far: {found:?}; told: {told}, of these false: {}",
            wrong.len()
        );
    }

    /// At least 95 % found, at most 1 % false.
    fn check(&self) {
        let Self { found, told, wrong } = self;
        let right: usize = found.values().map(|[right, _]| right).sum();
        let all: usize = found.values().map(|[_, all]| all).sum();
        assert!(right * 100 >= all * 95, "{found:?}");
        assert!(
            wrong.len() * 100 <= *told,
            "{} of {told} false: {:?}",
            wrong.len(),
            wrong.first()
        );
    }
}

/// Other sources, other hosts, other ways to copy than in the test above.
#[test]
fn copies_are_found_however_they_were_made() {
    let mut tally = Tally::default();
    for (source, host, seed) in [(3, 8, 20_251_124), (7, 2, 577), (1, 6, 31)] {
        plant_among(source, host, seed, &mut tally);
    }
    if !tally.found.is_empty() {
        tally.check();
    }
}

/// Plants copies of the texts from `source` on in those from `host` on.
fn plant_among(source: usize, host: usize, seed: u64, tally: &mut Tally) {
    let Some(path) = shared("corpora/laws.jsonl.zst") else {
        return skip("the law texts are not beside the project");
    };
    let text = read_zst(&path);
    let (sources, hosts) = (laws(&text, source), laws(&text, host));
    let mut rows: Vec<_> = sources
        .iter()
        .map(|law| row(law["id"].as_str().expect("an id"), &body(law)))
        .collect();
    let mut chance = Chance(seed);
    let mut planted = Vec::new();
    let long = sources.iter().filter(|law| letters(&body(law)) > 400);
    for (number, (source, host)) in long.zip(&hosts).take(220).enumerate() {
        let lines = body(source);
        let lines: Vec<_> = lines.lines().collect();
        let (plant, copy) = match number % 4 {
            // Reposted under a line of its own, in other paragraphs, marks and width.
            0 => {
                let joined: Vec<_> = lines.chunks(2).map(<[&str]>::concat).collect();
                let other = joined.join("\n").replace('，', ",").replace('“', "「");
                let other = other
                    .replace('”', "」")
                    .replace('（', "(")
                    .replace('）', ")");
                let copy = format!("现将有关规定转发给你们，请结合实际遵照执行。\n{other}");
                (Plant::Whole, copy)
            }
            // A letter in a hundred is left out, doubled or another, and a line in thirty left out.
            1 => {
                let mut copy = String::new();
                for line in lines {
                    if chance.below(30) > 0 {
                        copy += &edit(line, &mut chance);
                        copy.push('\n');
                    }
                }
                (Plant::Edited, copy)
            }
            // Any one paragraph of some length, at any place in another text.
            other => {
                let long: Vec<_> = lines.iter().filter(|line| letters(line) >= 80).collect();
                if long.is_empty() {
                    continue;
                }
                let paragraph = long[chance.below(long.len())];
                let (plant, paragraph) = match other {
                    2 => (Plant::Contained, (*paragraph).to_owned()),
                    _ => (Plant::ContainedEdited, edit(paragraph, &mut chance)),
                };
                let host = body(host);
                let mut lines: Vec<_> = host.lines().collect();
                lines.insert(chance.below(lines.len()), &paragraph);
                (plant, lines.join("\n"))
            }
        };
        let id = format!("planted{number}");
        rows.push(row(&id, &copy));
        planted.push((id, source["id"].as_str().expect("an id").to_owned(), plant));
    }
    assert!(planted.len() >= 200, "{} planted", planted.len());
    tally.add(&engine(&rows), &planted);
}

/// Numbers that look random and are the same every time: Knuth's MMIX.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

/// `line` with a letter in a hundred left out, doubled or another.
fn edit(line: &str, chance: &mut Chance) -> String {
    let mut edited = String::new();
    for c in line.chars() {
        match chance.below(300) {
            0 => {}
            1 => edited.extend([c, c]),
            2 => edited.push('某'),
            _ => edited.push(c),
        }
    }
    edited
}

/// Whether the two really have in common what is told of them.
fn is_real(engine: &Engine, id: &str, copy: &Copied) -> bool {
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
        // Forty runs in a sentence are 47 letters of it, word for word.
        share >= 0.5 || shared >= 40
    })
}
