//! Questions over more documents than are scored together: in several windows, on
//! all cores.

use gongbao_query::{Request, Response, Unit};
use gongbao_tests::TestCorpus;
use serde_json::json;

const WORDS: [&str; 16] = [
    "的", "规定", "人民", "政府", "应当", "管理", "债务", "化解", "长江", "禁渔", "水库", "渔具",
    "报告", "县", "地方", "整改",
];

/// More than two cores are handed together.
const NOTICES: u64 = 24_000;

/// Numbers that look like chance, the same each time (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn text(&mut self, words: u64) -> String {
        let mut word = || {
            let (one, other) = (self.below(16), self.below(16));
            WORDS[one.min(other) as usize]
        };
        (0..words).map(|_| word()).collect()
    }
}

fn corpus() -> TestCorpus {
    let mut chance = Chance(88_172_645_463_325_252);
    let rows: Vec<(String, String)> = (0..NOTICES)
        .map(|number| {
            let items = 1 + chance.below(3);
            let items = (1..=items).map(|item| {
                let words = 1 + chance.below(12);
                format!("第{item}条　{}。\n", chance.text(words))
            });
            let text: String = items.collect();
            let title = chance.text(3);
            (
                format!("n{number}"),
                json!({"title": title, "text": text}).to_string(),
            )
        })
        .collect();
    let corpus = TestCorpus::new();
    let rows: Vec<_> = rows
        .iter()
        .map(|(id, row)| (id.as_str(), row.as_bytes()))
        .collect();
    corpus.add_rows(&rows);
    corpus.index();
    corpus
}

/// Each hit with its score to the last bit.
fn told(response: &Response) -> Vec<(String, u32)> {
    let hits = response.hits.iter();
    hits.map(|hit| (hit.id.clone(), hit.score.to_bits()))
        .collect()
}

#[test]
fn windows_and_cores_change_nothing() {
    let corpus = corpus();
    let engine = corpus.engine();
    for question in [
        "哪些县的地方政府应当报告债务化解？",
        "水库禁渔如何规定？",
        "长江 整改",
        "“债务化解”",
    ] {
        for unit in [Unit::Notice, Unit::Passage] {
            let few = Request {
                unit,
                explain: true,
                ..Request::new(question)
            };
            let many = Request {
                limit: 3000,
                explain: false,
                ..few.clone()
            };
            let (few, many) = (engine.search(&few), engine.search(&many));
            let (few, many) = (few.expect("an answer"), many.expect("an answer"));
            assert_eq!(few.hits.len(), 10, "{question}");
            assert_eq!(told(&few), told(&many)[..10], "{question}");
            // What each part added is worked out passage by passage.
            for passage in few.hits.iter().flat_map(|hit| &hit.passages) {
                let parts = passage.explanation.as_ref().expect("it was asked for");
                let sum: f32 = parts.iter().map(|part| part.score).sum();
                let off = (sum - passage.score).abs();
                assert!(
                    off <= passage.score * 1e-4,
                    "{question}: {sum} {}",
                    passage.score
                );
            }
        }
    }
}
