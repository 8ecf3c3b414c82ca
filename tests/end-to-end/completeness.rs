//! Nothing that stands on a page is missed, and nothing else is found: `kwic`
//! beside a naive scan of the normalised blocks.

use std::collections::{BTreeSet, HashMap};

use gongbao_analysis::normalize;
use gongbao_notice::Body;
use gongbao_query::{Engine, Filters, Hit, Request, Unit};
use gongbao_tests::{TestCorpus, read_zst, shared};
use proptest::prelude::*;

use crate::skip;

/// How often `pattern` stands in each notice, as a naive scan finds it.
fn scan<'b>(
    bodies: impl Iterator<Item = (&'b str, &'b [String])>,
    pattern: &str,
) -> HashMap<String, usize> {
    let pattern = normalize(pattern);
    bodies
        .map(|(id, blocks)| {
            (
                id.to_owned(),
                blocks
                    .iter()
                    .map(|block| block.matches(&*pattern).count())
                    .sum(),
            )
        })
        .filter(|&(_, count)| count > 0)
        .collect()
}

fn kwic(engine: &Engine, pattern: &str) -> HashMap<String, usize> {
    let mut rows = HashMap::new();
    engine
        .kwic(pattern, &Filters::default(), 5, &mut |row| {
            *rows.entry(row.id).or_default() += 1;
            true
        })
        .expect("an answer");
    rows
}

fn normal_blocks(body: &Body) -> Vec<String> {
    body.blocks()
        .iter()
        .map(|block| normalize(&body.text()[block.range.clone()]).into_owned())
        .collect()
}

/// The normalised blocks of every notice that the index holds.
fn indexed(engine: &Engine, ids: &[String]) -> Vec<(String, Vec<String>)> {
    ids.iter()
        .map(|id| {
            let notice = engine
                .notice(&id.parse().expect("an id"))
                .expect("an answer")
                .expect("it is there");
            (id.clone(), normal_blocks(&notice.body))
        })
        .collect()
}

#[track_caller]
fn check(engine: &Engine, notices: &[(String, Vec<String>)], pattern: &str) {
    let scanned = scan(
        notices
            .iter()
            .map(|(id, blocks)| (id.as_str(), blocks.as_slice())),
        pattern,
    );
    assert_eq!(kwic(engine, pattern), scanned, "{pattern:?}");
}

/// A literal search finds all notices that `scanned` has, and its first page is
/// the beginning of all of them, however many were looked at for it.
#[track_caller]
fn check_pages(engine: &Engine, scanned: &HashMap<String, usize>, pattern: &str) {
    let request = |limit| Request {
        literal: true,
        passages: 1,
        limit,
        ..Request::new(pattern)
    };
    let all = engine.search(&request(100_000)).expect("an answer");
    let ids: BTreeSet<_> = all.hits.iter().map(|hit| &hit.id).collect();
    assert_eq!(ids, scanned.keys().collect(), "{pattern:?}");
    assert!(
        !all.at_least && all.total == ids.len() as u64,
        "{pattern:?}"
    );
    let first = engine.search(&request(10)).expect("an answer");
    let told = |hits: &[Hit]| -> Vec<_> {
        let hits = hits.iter().take(10);
        hits.map(|hit| (hit.id.clone(), hit.matched, hit.score.to_bits()))
            .collect()
    };
    assert_eq!(told(&first.hits), told(&all.hits), "{pattern:?}");
    if first.at_least {
        assert!((11..=all.total).contains(&first.total), "{pattern:?}");
    } else {
        assert_eq!(first.total, all.total, "{pattern:?}");
    }
}

#[test]
fn every_han_substring_of_a_real_notice_is_found() {
    let Some(path) = shared("notices/jinghu-2025.txt") else {
        return skip("the real notice is not beside the project");
    };
    let corpus = TestCorpus::new();
    corpus.add(&[("jinghu", &std::fs::read(path).expect("readable"))]);
    corpus.index();
    let engine = corpus.engine();
    let mut ids = Vec::new();
    engine
        .kwic("镜湖", &Filters::default(), 0, &mut |row| {
            ids.push(row.id);
            false
        })
        .expect("an answer");
    let notices = indexed(&engine, &ids);
    let is_han = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    let mut substrings = BTreeSet::new();
    for block in &notices[0].1 {
        let chars: Vec<char> = block.chars().collect();
        for start in 0..chars.len() {
            for len in 1..=6.min(chars.len() - start) {
                let piece = &chars[start..start + len];
                if piece.iter().all(is_han) {
                    substrings.insert(piece.iter().collect::<String>());
                }
            }
        }
    }
    assert!(substrings.len() > 10_000, "{} substrings", substrings.len());
    for substring in &substrings {
        check(&engine, &notices, substring);
    }
}

#[test]
fn random_substrings_of_the_law_texts_are_found() {
    let Some(path) = shared("corpora/laws.jsonl.zst") else {
        return skip("the law texts are not beside the project");
    };
    // A tenth of the texts, so that an unoptimised scan takes seconds.
    let text = read_zst(&path);
    let rows: Vec<_> = text
        .lines()
        .step_by(10)
        .map(|line| (&line[8..17], line.as_bytes()))
        .collect();
    let corpus = TestCorpus::new();
    corpus.add_rows(&rows);
    corpus.index();
    let engine = corpus.engine();
    let ids: Vec<_> = rows.iter().map(|(id, _)| (*id).to_owned()).collect();
    let notices = indexed(&engine, &ids);
    let mut random = Random(42);
    for number in 0..500 {
        let (_, blocks) = &notices[random.below(notices.len())];
        let block: Vec<char> = blocks[random.below(blocks.len())].chars().collect();
        let len = 1 + random.below(12.min(block.len()));
        let start = random.below(block.len() - len + 1);
        let pattern: String = block[start..start + len].iter().collect();
        check(&engine, &notices, &pattern);
        if number % 5 == 0 {
            check_pages(&engine, &kwic(&engine, &pattern), &pattern);
        }
    }
    // Marks beside letters that nearly every notice has.
    for pattern in [",应", "的,", "一)、(", "。", "; ", "条 ", "”、“"] {
        check(&engine, &notices, pattern);
        check_pages(&engine, &kwic(&engine, pattern), pattern);
    }
}

/// Xorshift: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[债务化解长江十年禁渔的了]{1,6}",
        2 => prop::sample::select(vec![
            "“", "”", "，", "。", "、", "（20）", " ", "\u{3000}", "…", "㎡", "①", "ＧＤＰ", "2024年", "債務",
            "e\u{301}", "\u{200b}", "一是", "；", "\u{1f6a2}",
        ]).prop_map(str::to_owned),
        1 => "\\PC{1,3}",
    ]
}

fn line() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 1..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    // Each case makes an index on disk.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_substring_of_any_text_is_found(
        lines in prop::collection::vec(line(), 1..12),
        long in prop::collection::vec(line(), 0..60),
        picks in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1..80_usize), 30),
    ) {
        // One line longer than any passage, so that it is cut.
        let text = format!("{}\n{}", lines.join("\n"), long.concat());
        let corpus = TestCorpus::new();
        corpus.add(&[("page.txt", text.as_bytes())]);
        corpus.index();
        let engine = corpus.engine();
        let mut ids = BTreeSet::new();
        let everything = Request { unit: Unit::Passage, limit: 1, ..Request::new("-㐀㐀") };
        for hit in engine.search(&everything).expect("an answer").hits {
            ids.insert(hit.id);
        }
        let ids: Vec<_> = ids.into_iter().collect();
        let notices = indexed(&engine, &ids);
        for (block, start, len) in picks {
            let Some((_, blocks)) = notices.first() else { continue };
            if blocks.is_empty() {
                continue;
            }
            let block: Vec<char> = block.get(blocks).chars().collect();
            if block.is_empty() {
                continue;
            }
            let start = start.index(block.len());
            let pattern: String = block[start..block.len().min(start + len)].iter().collect();
            check(&engine, &notices, &pattern);
            check_pages(&engine, &kwic(&engine, &pattern), &pattern);
            let request = Request { literal: true, unit: Unit::Passage, ..Request::new(&pattern) };
            let total = engine.search(&request).expect("an answer").total;
            prop_assert!(total > 0, "{:?}", pattern);
        }
    }
}
