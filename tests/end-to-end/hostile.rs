//! No string is an invalid question: none makes the parser, the ranker or the
//! highlighter panic, fail or take long.

use std::{fs, sync::LazyLock, time::Duration, time::Instant};

use gongbao_query::{Engine, Request, SearchError, Unit};
use gongbao_tests::TestCorpus;
use proptest::prelude::*;

/// What 10,000 characters may take of the processor. As tests are compiled, the
/// worst case below takes about 70 ms: one word two thousand times.
const MAX_TIME: Duration = Duration::from_millis(100);

/// Holds what the questions are made of, so that they reach the ranker and the
/// highlighter.
const PAGE: &str = "关于水库禁渔的通知\n\
各乡镇人民政府:\n\
一、落实债务化解责任,aaaaaaaa 0000000000 \"\"\"\" (((( 的的的的的的的的。\n\
二、长江“十年禁渔”,二〇二四年化债77万元,中纪委通报,人人人人人人。\n";

static ENGINE: LazyLock<(TestCorpus, Engine)> = LazyLock::new(|| {
    let corpus = TestCorpus::new();
    corpus.add(&[("page.txt", PAGE.as_bytes())]);
    corpus.index();
    let engine = corpus.engine();
    (corpus, engine)
});

/// Asks `text` in every way there is.
fn ask(text: &str) {
    for unit in [Unit::Notice, Unit::Passage] {
        for literal in [false, true] {
            let request = Request {
                unit,
                literal,
                explain: true,
                ..Request::new(text)
            };
            match ENGINE.1.search(&request) {
                Ok(response) => {
                    for passage in response.hits.iter().flat_map(|hit| &hit.passages) {
                        let end = passage.text.chars().count();
                        for [from, to] in &passage.highlights {
                            assert!(from < to && *to <= end, "{text:?}");
                        }
                    }
                }
                Err(SearchError::Empty) => {}
                Err(error) => panic!("{text:?}: {error}"),
            }
        }
    }
}

/// The processor time that this thread has taken, where the system tells it;
/// else the time of day, which passes faster on a loaded machine.
fn time_of_thread() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    told.and_then(|told| told.split(' ').next()?.parse().ok())
        .map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// Ten thousand characters of `piece`.
fn long(piece: &str) -> String {
    piece.chars().cycle().take(10_000).collect()
}

/// Asks the 10,000 characters of `text` once and tells how long that took.
fn time(text: &str) -> Duration {
    let request = Request::new(text);
    let started = time_of_thread();
    let answer = ENGINE.1.search(&request);
    let took = time_of_thread() - started;
    assert!(matches!(answer, Ok(_) | Err(SearchError::Empty)));
    took
}

#[test]
fn the_worst_questions_are_answered_in_time() {
    time("水库");
    let nested = format!("{}水库{}", "(".repeat(5_000), ")".repeat(5_000));
    let not = format!("{}水库", "NOT ".repeat(2_500));
    let mut cases = vec![nested, not];
    cases.extend(
        [
            "(",
            ")",
            "(水库 OR ",
            "\"",
            "“",
            "”“",
            "\"水库\" ",
            "水库 NEAR/4 ",
            "NEAR ",
            "水库 NEAR/99999999999999999999 禁渔 ",
            "水库 OR ",
            "水库 OR 禁渔 ",
            "-",
            "-水库 ",
            "水",
            "的",
            "a",
            "0",
            "9.",
            "1,",
            "人",
            "水库 ",
            "水库禁渔债务化解责任",
            "二〇二四年",
            "77万",
            "化债中纪委",
            "标题:水库 ",
            "标题:",
            "地区:340000 ",
            "?",
            "怎么水库吗？",
            "\u{0}\u{1}\u{7f}\u{1b}[31m",
            "\u{fffd}\u{d7ff}\u{e000}",
            "\u{202e}\u{feff}\u{200d}",
            "e\u{301}\u{302}\u{303}\u{304}",
            "👨‍👩‍👧‍👦",
            "ﷺ",
            "\n",
            "\t \u{3000}",
        ]
        .map(long),
    );
    let mut slow = Vec::new();
    for case in &cases {
        ask(case);
        // Whatever else runs on the machine slows one of three down, not all.
        let took = (0..3).map(|_| time(case)).min().expect("three times");
        if took > MAX_TIME {
            let head: String = case.chars().take(20).collect();
            slow.push((head, took));
        }
    }
    assert!(slow.is_empty(), "{slow:?}");
}

/// Pieces that mean something to the parser, between any characters at all.
fn question() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,6}",
        any::<String>(),
        "[一-龥a-z0-9]{1,8}",
        prop::sample::select(vec![
            "(",
            ")",
            "\"",
            "“",
            "”",
            " OR ",
            " NOT ",
            " AND ",
            " NEAR/3 ",
            " NEAR ",
            "-",
            "|",
            "标题:",
            "地区:",
            "日期:",
            "2024..",
            "水库",
            "禁渔",
            "债务化解",
            "中纪委",
            "77万",
            "二〇二四年",
            "吗？",
            "\u{0}",
            "\u{fffd}",
            "\n",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_string_is_an_error(text in question()) {
        ask(&text);
    }
}
