//! Counts agree with each other, with what a search returns and with the rows
//! of a concordance, on any corpus.

use std::collections::{BTreeSet, HashSet};

use gongbao_notice::Level;
use gongbao_query::{
    Axis, CountRequest, CountTable, Counts, Engine, Filters, Margin, Request, State, Topic, Topics,
    Unit,
};
use gongbao_tests::TestCorpus;
use proptest::prelude::*;

const PLACES: [&str; 5] = ["340202", "340207", "340200", "340000", "110105"];
const ORGANS: [&str; 3] = ["镜湖区人民政府", "芜湖市财政局", "安徽省人民政府办公厅"];
const MONTHS: [&str; 4] = ["2023-11", "2024-01", "2024-02", "2025-09"];

/// A notice in a random corpus: indexes into the lists above, beyond their
/// ends for what is not known, and its lines.
type Draft = (usize, usize, usize, Vec<String>);

fn draft() -> impl Strategy<Value = Draft> {
    let word = prop::sample::select(vec![
        "债务",
        "化解",
        "隐性债务",
        "政府",
        "的",
        "，",
        "。",
        "禁渔",
        "长江",
        "10万元",
        "存量债务",
    ]);
    let line = prop::collection::vec(word, 1..12).prop_map(|words| words.concat());
    (
        0..PLACES.len() + 1,
        0..ORGANS.len() + 1,
        0..MONTHS.len() + 1,
        prop::collection::vec(line, 1..6),
    )
}

fn corpus_of(drafts: &[Draft]) -> TestCorpus {
    let rows: Vec<_> = drafts
        .iter()
        .enumerate()
        .map(|(number, (place, organ, month, lines))| {
            let id = format!("notice{number}");
            let mut row = serde_json::json!({
                "id": id,
                "title": format!("第{number}件"),
                "text": lines.join("\n"),
            });
            let known = [
                ("region", PLACES.get(*place).map(|code| (*code).to_owned())),
                ("organ", ORGANS.get(*organ).map(|name| (*name).to_owned())),
                (
                    "date",
                    MONTHS.get(*month).map(|month| format!("{month}-15")),
                ),
            ];
            for (name, value) in known {
                if let Some(value) = value {
                    row[name] = value.into();
                }
            }
            (id, row.to_string())
        })
        .collect();
    let rows: Vec<_> = rows
        .iter()
        .map(|(id, row)| (id.as_str(), row.as_bytes()))
        .collect();
    let corpus = TestCorpus::new();
    corpus.add_rows(&rows);
    corpus.index();
    corpus
}

fn count(
    engine: &Engine,
    search: &Request<'_>,
    rows: Axis,
    columns: Option<Axis>,
    topics: &[Topic],
) -> CountTable {
    let request = CountRequest {
        search: search.clone(),
        rows,
        columns,
        topics,
    };
    engine.count(&request).expect("a table")
}

fn sum(counts: impl Iterator<Item = Counts>) -> [u64; 4] {
    counts.fold([0; 4], |sum, counts| {
        let more = [
            counts.documents,
            counts.notices.unwrap_or(0),
            counts.passages.unwrap_or(0),
            counts.occurrences.unwrap_or(0),
        ];
        std::array::from_fn(|at| sum[at] + more[at])
    })
}

/// What every table must be, whatever was counted by what.
fn check_sound(table: &CountTable) -> Result<(), TestCaseError> {
    let margins = table.rows.iter().chain(&table.columns).map(|m| m.counts);
    let cells = table.cells.iter().map(|cell| cell.counts);
    for counts in margins.chain(cells).chain([table.total]) {
        let state = match (counts.documents, counts.notices) {
            (0, None) => State::NoDocuments,
            (_, Some(0)) => State::NoMatch,
            (_, Some(_)) => State::Match,
            other => return Err(TestCaseError::fail(format!("{other:?}"))),
        };
        prop_assert_eq!(counts.state, state);
        prop_assert!(counts.notices.unwrap_or(0) <= counts.documents);
        prop_assert!(counts.notices.unwrap_or(0) <= counts.passages.unwrap_or(0));
    }
    for cell in &table.cells {
        prop_assert_eq!(cell.found.len() as u64, cell.counts.passages.unwrap_or(0));
    }
    let keys: HashSet<_> = table.rows.iter().map(|row| &row.key).collect();
    prop_assert_eq!(keys.len(), table.rows.len());
    Ok(())
}

/// The cells of each row and column sum to its margin, and the margins to
/// the total.
fn check_sums(table: &CountTable) -> Result<(), TestCaseError> {
    let total = sum([table.total].into_iter());
    prop_assert_eq!(sum(table.cells.iter().map(|cell| cell.counts)), total);
    let check = |margins: &[Margin], is_row: bool| {
        for margin in margins {
            let mine = table.cells.iter().filter(|cell| {
                let key = if is_row { &cell.row } else { &cell.column };
                *key == margin.key
            });
            prop_assert_eq!(
                sum(mine.map(|cell| cell.counts)),
                sum([margin.counts].into_iter())
            );
        }
        prop_assert_eq!(sum(margins.iter().map(|margin| margin.counts)), total);
        Ok(())
    };
    check(&table.rows, true)?;
    if table.columns_by.is_some() {
        check(&table.columns, false)?;
    }
    Ok(())
}

/// The table is that of what a search returns.
fn check_search(
    engine: &Engine,
    request: &Request<'_>,
    table: &CountTable,
) -> Result<(), TestCaseError> {
    let request = Request {
        limit: 1000,
        passages: 1000,
        ..request.clone()
    };
    let notices = engine.search(&request).expect("an answer");
    prop_assert_eq!(table.total.notices.unwrap_or(0), notices.total);
    let matched: u64 = notices.hits.iter().map(|hit| u64::from(hit.matched)).sum();
    prop_assert_eq!(table.total.passages.unwrap_or(0), matched);
    let passages = || {
        notices.hits.iter().flat_map(|hit| {
            hit.passages
                .iter()
                .map(|passage| (format!("{}#{}", hit.id, passage.anchor), passage))
        })
    };
    let shown: BTreeSet<_> = passages().map(|(name, _)| name).collect();
    let found: BTreeSet<_> = table
        .cells
        .iter()
        .flat_map(|cell| cell.found.clone())
        .collect();
    prop_assert_eq!(found, shown);
    if !request.literal {
        let marked: usize = passages()
            .map(|(_, passage)| passage.highlights.len())
            .sum();
        prop_assert_eq!(table.total.occurrences.unwrap_or(0), marked as u64);
    }
    Ok(())
}

fn kwic(engine: &Engine, pattern: &str, filters: &Filters) -> u64 {
    let mut rows = 0;
    let counted = engine.kwic(pattern, filters, 5, &mut |_| {
        rows += 1;
        true
    });
    counted.expect("an answer");
    rows
}

proptest! {
    // Each case makes an index on disk.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn counts_agree(
        drafts in prop::collection::vec(draft(), 1..14),
        question in prop::sample::select(vec![
            "债务", "债务 化解", "\"长江禁渔\"", "债务 -禁渔", "隐性债务 OR 长江", "政府 日期:2024", "没有",
        ]),
        pattern in prop::sample::select(vec!["债务", "务", "务，化", "债务化解", "。"]),
        level in prop::sample::select(vec![Level::Province, Level::Prefecture, Level::County]),
    ) {
        let corpus = corpus_of(&drafts);
        let engine = corpus.engine();
        let place = Axis::Region(level);
        let question = Request::new(question);
        let literal = Request { literal: true, ..Request::new(pattern) };
        for request in [&question, &literal] {
            for (rows, columns) in [
                (Axis::Month, None),
                (place, Some(Axis::Year)),
                (Axis::Organ, Some(Axis::Month)),
                (Axis::Genre, Some(Axis::Site)),
            ] {
                let table = count(&engine, request, rows, columns, &[]);
                check_sound(&table)?;
                check_sums(&table)?;
                check_search(&engine, request, &table)?;
            }
        }
        // A cell is what a search or concordance with that filter finds.
        let by_place = count(&engine, &literal, Axis::Region(Level::County), Some(Axis::Month), &[]);
        prop_assert_eq!(by_place.total.occurrences.unwrap_or(0), kwic(&engine, pattern, &Filters::default()));
        for cell in &by_place.cells {
            let (Some(code), Some(month)) = (&cell.row, &cell.column) else { continue };
            if code.ends_with("00") {
                // A filter by a wider place takes in those below it.
                continue;
            }
            let filters = Filters {
                regions: vec![code.clone()],
                days: month.parse().expect("a month"),
                ..Filters::default()
            };
            prop_assert_eq!(cell.counts.occurrences.unwrap_or(0), kwic(&engine, pattern, &filters));
        }
        // Everything, where nothing is asked.
        let all = count(&engine, &Request::new(""), place, None, &[]);
        check_sums(&all)?;
        prop_assert_eq!(all.total.documents, all.total.notices.unwrap_or(0));
        prop_assert_eq!(all.total.documents, drafts.len() as u64);
        prop_assert_eq!(all.total.occurrences, None);
    }

    #[test]
    fn topics_are_counted_as_a_search_for_each_finds_them(
        drafts in prop::collection::vec(draft(), 1..10),
    ) {
        let corpus = corpus_of(&drafts);
        let engine = corpus.engine();
        let library = Topics::built_in();
        let topics: Vec<_> = ["debt-resolution", "yangtze-fishing-ban"]
            .iter()
            .filter_map(|id| library.find(id).expect("whole packs"))
            .collect();
        let table = count(&engine, &Request::new(""), Axis::Topic, Some(Axis::Year), &topics);
        check_sound(&table)?;
        let mut names = HashSet::new();
        for (row, topic) in table.rows.iter().zip(&topics) {
            prop_assert_eq!(row.key.as_ref(), Some(&topic.id));
            let request = Request { topic: Some(topic), ..Request::new("") };
            for (unit, number) in [(Unit::Notice, row.counts.notices), (Unit::Passage, row.counts.passages)] {
                let found = engine.search(&Request { unit, ..request.clone() }).expect("an answer");
                prop_assert_eq!(found.total, number.unwrap_or(0));
            }
            let mine = table.cells.iter().filter(|cell| cell.row == row.key);
            let cells = sum(mine.clone().map(|cell| cell.counts));
            prop_assert_eq!(cells, sum([row.counts].into_iter()));
            names.extend(mine.flat_map(|cell| cell.found.clone()));
        }
        // What two topics share is counted once.
        prop_assert_eq!(names.len() as u64, table.total.passages.unwrap_or(0));
    }
}

#[test]
fn places_without_a_notice_are_in_the_table() {
    let corpus = corpus_of(&[
        (0, 0, 3, vec!["债务".to_owned()]),
        (1, 0, 3, vec!["禁渔".to_owned()]),
    ]);
    let engine = corpus.engine();
    let request = Request {
        filters: Filters {
            regions: vec!["340200".to_owned()],
            ..Filters::default()
        },
        ..Request::new("债务")
    };
    let table = count(&engine, &request, Axis::Region(Level::County), None, &[]);
    let state = |code: &str| {
        let row = table
            .rows
            .iter()
            .find(|row| row.key.as_deref() == Some(code));
        row.map(|row| (row.counts.state, row.counts.notices))
    };
    assert_eq!(state("340202"), Some((State::Match, Some(1))));
    assert_eq!(state("340207"), Some((State::NoMatch, Some(0))));
    assert_eq!(state("340210"), Some((State::NoDocuments, None)));
    assert_eq!(state("110105"), None);
}
