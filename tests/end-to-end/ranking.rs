//! The first results are the same, however many are asked for: nothing that
//! belongs among them is dropped on the way.

use gongbao_query::{Engine, Order, Request, Response, Unit};
use gongbao_tests::TestCorpus;
use proptest::prelude::*;

/// Words that texts and questions are made of, the frequent ones first.
const WORDS: [&str; 12] = [
    "的", "规定", "人民", "政府", "应当", "管理", "债务", "化解", "长江", "禁渔", "水库", "渔具",
];

/// Mostly one of the first.
fn word() -> impl Strategy<Value = &'static str> {
    (0..WORDS.len(), 0..WORDS.len()).prop_map(|(a, b)| WORDS[a.min(b)])
}

fn text(words: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    proptest::collection::vec(word(), words).prop_map(|words| words.concat())
}

/// Title and paragraphs of a notice, each an item of its own.
fn notice() -> impl Strategy<Value = String> {
    let paragraphs = proptest::collection::vec(text(1..20), 1..6);
    (text(1..4), paragraphs).prop_map(|(title, paragraphs)| {
        let items = paragraphs.iter().enumerate();
        let items = items.map(|(number, text)| format!("第{}条　{text}。\n", number + 1));
        format!("{title}\n{}", items.collect::<String>())
    })
}

/// What tells results apart, scores to the last bit.
fn told(response: &Response) -> Vec<String> {
    let hits = response.hits.iter();
    hits.map(|hit| {
        let passages = hit.passages.iter();
        let passages: Vec<_> = passages
            .map(|passage| (&passage.anchor, passage.score.to_bits()))
            .collect();
        let score = hit.score.to_bits();
        format!("{} {score} {} {passages:?}", hit.id, hit.matched)
    })
    .collect()
}

fn check(engine: &Engine, question: &str, unit: Unit) {
    let everything = Request {
        unit,
        order: Order::Relevance,
        limit: 10_000,
        ..Request::new(question)
    };
    let all = engine.search(&everything).expect("an answer");
    assert_eq!(all.total, all.hits.len() as u64);
    for (offset, limit) in [(0, 1), (0, 3), (2, 5)] {
        let some = Request {
            offset,
            limit,
            ..everything.clone()
        };
        let some = engine.search(&some).expect("an answer");
        let expected: Vec<_> = told(&all).into_iter().skip(offset).take(limit).collect();
        assert_eq!(told(&some), expected, "{question} from {offset}");
        // Of a question in words of its own, what has a whole word of it is
        // counted, and more is ranked.
        if some.at_least {
            assert!(some.total <= all.total);
        } else {
            assert_eq!(some.total, all.total);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn the_best_are_the_same_however_many_are_asked_for(
        notices in proptest::collection::vec(notice(), 1..60),
        questions in proptest::collection::vec((text(1..6), any::<bool>(), any::<bool>()), 1..12),
    ) {
        let corpus = TestCorpus::new();
        let pages: Vec<_> = notices
            .iter()
            .enumerate()
            .map(|(number, text)| (format!("{number}.txt"), text.as_bytes()))
            .collect();
        let pages: Vec<_> = pages.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        corpus.add(&pages);
        corpus.index();
        let engine = corpus.engine();
        for (text, is_question, is_phrase) in questions {
            let question = match (is_question, is_phrase) {
                (true, _) => format!("{text}如何规定？"),
                (false, true) => format!("{text} OR “{}”", &text[..3 * 1.max(text.chars().count().min(4))]),
                (false, false) => text,
            };
            check(&engine, &question, Unit::Notice);
            check(&engine, &question, Unit::Passage);
        }
    }
}
