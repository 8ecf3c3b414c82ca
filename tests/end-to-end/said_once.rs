//! A title is said of all passages of its notice, and headings of those under
//! them, though the index has them once: beside a naive look at each passage.

use std::collections::BTreeSet;

use gongbao_analysis::{StoredNotice, letters, normalize};
use gongbao_query::{Engine, Request, Unit};
use gongbao_tests::TestCorpus;
use proptest::prelude::*;
use serde_json::json;

/// What texts are made of: few words, so that most stand in several places.
const WORDS: &str = "(债务|化解|长江|禁渔){1,3}";

/// A line of a notice: how deep it stands, 3 for none of the outline, and what
/// it says.
type Line = (usize, String);

fn text(lines: &[Line]) -> String {
    let mut numbers = [0_usize; 3];
    let lines = lines.iter().map(|(level, says)| {
        let Some(number) = numbers.get_mut(*level) else {
            return format!("{says}。");
        };
        *number += 1;
        let number = *number;
        numbers[level + 1..].fill(0);
        let digit = ["一", "二", "三", "四", "五", "六", "七", "八", "九"][(number - 1) % 9];
        match level {
            0 => format!("{digit}、{says}"),
            1 => format!("（{digit}）{says}"),
            _ => format!("{number}.{says}。"),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn row((title, lines): &(String, Vec<Line>), id: &str) -> Vec<u8> {
    let row = json!({ "id": id, "title": title, "text": text(lines) });
    row.to_string().into_bytes()
}

/// Whether the letters of `wanted` follow one another in a line of `said`.
fn says(said: &str, wanted: &str) -> bool {
    let said = normalize(said);
    said.lines().any(|line| {
        let line: String = letters(line).map(|letter| letter.letter).collect();
        line.contains(wanted)
    })
}

/// Each passage of `notice` of which all of `wanted` is said, by its number.
fn scanned(notice: &StoredNotice, wanted: &[&str]) -> impl Iterator<Item = usize> {
    (0..notice.passages.len()).filter(|&index| {
        let mut above = notice.path(index);
        above.pop();
        let title = notice.header.title.as_deref();
        let said = above.into_iter().chain(title);
        let said: Vec<_> = said.chain([notice.passage_text(index)]).collect();
        let is_said = |wanted: &&str| said.iter().any(|said| says(said, wanted));
        wanted.iter().all(is_said)
    })
}

/// Asks for `question`, by which is meant all of `wanted`.
fn check(
    engine: &Engine,
    ids: &[String],
    question: &str,
    wanted: &[&str],
) -> Result<(), TestCaseError> {
    let request = Request {
        unit: Unit::Passage,
        limit: 10_000,
        fold: false,
        explain: true,
        ..Request::new(question)
    };
    let (mut expected, mut found) = (BTreeSet::new(), BTreeSet::new());
    for id in ids {
        let notice = engine.notice(&id.parse().expect("an id"));
        let notice = notice.expect("an answer").expect("it is there");
        for index in scanned(&notice, wanted) {
            expected.insert((id.clone(), notice.passages[index].anchor.clone()));
        }
    }
    let response = engine.search(&request).expect("an answer");
    for hit in response.hits {
        for passage in hit.passages {
            // Each part of a score is worked out for this passage alone.
            let parts = passage.explanation.iter().flatten();
            let sum: f32 = parts.map(|part| part.score).sum();
            let score = passage.score;
            prop_assert!(
                (sum - score).abs() <= 1e-4 * score,
                "{}: {}, {}",
                question,
                sum,
                score
            );
            found.insert((hit.id.to_string(), passage.anchor));
        }
    }
    prop_assert_eq!(found, expected, "{}", question);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn what_is_said_once_is_said_of_each_passage(
        notices in proptest::collection::vec(
            (WORDS, proptest::collection::vec((0_usize..4, WORDS), 0..12)), 1..8),
        other in (WORDS, proptest::collection::vec((0_usize..4, WORDS), 1..6)),
        wanted in proptest::collection::vec(WORDS, 6),
    ) {
        let corpus = TestCorpus::new();
        let ids: Vec<String> = (0..notices.len()).map(|number| format!("notice-{number}")).collect();
        for (id, notice) in ids.iter().zip(&notices) {
            corpus.add_rows(&[(id.as_str(), row(notice, id).as_slice())]);
        }
        corpus.index();
        for changed in [false, true] {
            if changed {
                corpus.add_rows(&[(ids[0].as_str(), row(&other, &ids[0]).as_slice())]);
                corpus.index();
            }
            let engine = corpus.engine();
            for wanted in &wanted {
                let phrase = format!("\"{wanted}\"");
                check(&engine, &ids, &phrase, &[wanted])?;
                let words: Vec<_> = ["债务", "化解", "长江", "禁渔"]
                    .into_iter()
                    .filter(|word| wanted.contains(word))
                    .collect();
                check(&engine, &ids, &words.join(" "), &words)?;
            }
        }
    }
}
