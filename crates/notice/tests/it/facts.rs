//! Facts against tables labelled by hand, and on any text.

use std::{collections::BTreeMap, fs, ops::Range, path::PathBuf};

use gongbao_notice::{Divisions, Fact, FactContext, FactKind, facts};
use proptest::prelude::*;

/// The least share of found facts that must be right, and of labelled ones
/// that must be found.
const PRECISION: f64 = 0.97;
const RECALL: f64 = 0.95;

/// A labelled fact. Offsets are in characters of the item's line.
struct Label {
    item: usize,
    range: Range<usize>,
    kind: String,
    value: String,
    unit: String,
    /// Qualifiers, action, object, period; `?` is not checked.
    rest: [String; 4],
}

fn labels(tsv: &str) -> Vec<Label> {
    let rows = tsv.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let number = |at: usize| cells[at].parse().expect("a number");
        Label {
            item: number(0),
            range: number(1)..number(2),
            kind: cells[3].into(),
            value: cells[4].into(),
            unit: cells[5].into(),
            rest: [6, 7, 8, 9].map(|at| cells[at].to_owned()),
        }
    })
    .collect()
}

/// What a label says of value and unit, as the extractor has it.
fn value_of(fact: &Fact) -> String {
    let day =
        |day: Option<_>| day.map_or_else(String::new, |day: jiff::civil::Date| day.to_string());
    match fact.kind {
        FactKind::Period | FactKind::Date => fact
            .period
            .as_ref()
            .map_or_else(String::new, |p| format!("{}..{}", day(p.from), day(p.to))),
        FactKind::Place => fact.code.clone().unwrap_or_default(),
        FactKind::Organ | FactKind::Title => "-".into(),
        _ => fact
            .value
            .map_or_else(|| "-".into(), |value| value.to_string()),
    }
}

/// Measures the extractor on items of the Jinghu notice; prints what is wrong.
fn measure(table: &str) -> Option<(f64, f64)> {
    let notice =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/notices/jinghu-2025.txt");
    let Ok(text) = fs::read_to_string(&notice) else {
        println!("skipped: {} is not there", notice.display());
        return None;
    };
    let labels = labels(table);
    let divisions = Divisions::builtin();
    let region = divisions.region("340202").expect("a place");
    let context = FactContext {
        region: Some(&region),
        day: Some(jiff::civil::date(2025, 9, 23)),
        ..FactContext::new(&divisions)
    };
    let items: std::collections::BTreeSet<usize> = labels.iter().map(|label| label.item).collect();
    let (mut right, mut found_count) = (0, 0);
    let mut kinds: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let mut words = [[0_usize; 3]; 4];
    for item in items {
        let start = format!("({item})");
        let line = text
            .lines()
            .find(|line| line.starts_with(&start))
            .expect("the item");
        let chars = |bytes: &Range<usize>| {
            line[..bytes.start].chars().count()..line[..bytes.end].chars().count()
        };
        let found = facts(line, &context);
        found_count += found.len();
        for fact in &found {
            kinds.entry(fact.kind.to_string()).or_default()[1] += 1;
        }
        let mut matched = vec![false; found.len()];
        for label in labels.iter().filter(|label| label.item == item) {
            kinds.entry(label.kind.clone()).or_default()[0] += 1;
            let same = |fact: &Fact| {
                chars(&fact.range) == label.range
                    && fact.kind.name() == label.kind
                    && (value_of(fact) == label.value || label.value == "-" && fact.value.is_none())
                    && fact.unit.as_deref().unwrap_or("-") == label.unit
            };
            let Some(at) = found.iter().position(same) else {
                let printed: String = line
                    .chars()
                    .skip(label.range.start)
                    .take(label.range.len())
                    .collect();
                println!("({item}) missed {} {printed}", label.kind);
                continue;
            };
            matched[at] = true;
            right += 1;
            kinds.entry(label.kind.clone()).or_default()[2] += 1;
            let fact = &found[at];
            if !fact.kind.is_figure() {
                continue;
            }
            let qualifiers: Vec<_> = fact.qualifiers.iter().map(|q| q.word()).collect();
            let mut expected: Vec<_> = label.rest[0].split(',').filter(|q| *q != "-").collect();
            let mut have = qualifiers.clone();
            expected.sort_unstable();
            have.sort_unstable();
            words[0][0] += 1;
            words[0][1] += usize::from(expected == have);
            words[0][2] += usize::from(expected == have);
            if expected != have {
                println!(
                    "({item}) {} qualifiers {have:?}, labelled {expected:?}",
                    &line[fact.range.clone()]
                );
            }
            let period = fact.period.as_ref().map(|p| p.range.clone());
            for (at, range) in [&fact.action, &fact.object, &period]
                .into_iter()
                .enumerate()
            {
                let label = &label.rest[at + 1];
                if label == "?" {
                    continue;
                }
                let count = &mut words[at + 1];
                count[0] += 1;
                let wanted = label
                    .split_once('-')
                    .and_then(|(a, b)| Some(a.parse().ok()?..b.parse().ok()?));
                let range = range.as_ref().map(chars);
                count[1] += usize::from(range == wanted);
                let touches = match (&range, &wanted) {
                    (Some(a), Some(b)) => {
                        (a.start <= b.start && b.end <= a.end)
                            || (b.start <= a.start && a.end <= b.end)
                    }
                    (a, b) => a == b,
                };
                count[2] += usize::from(touches);
                if range != wanted {
                    let show = |range: &Option<Range<usize>>| -> String {
                        range.clone().map_or_else(
                            || "-".into(),
                            |r| line.chars().skip(r.start).take(r.len()).collect(),
                        )
                    };
                    let name = ["action", "object", "period"][at];
                    println!(
                        "({item}) {} {name} {}, labelled {}",
                        &line[fact.range.clone()],
                        show(&range),
                        show(&wanted)
                    );
                }
            }
        }
        for (fact, _) in found.iter().zip(&matched).filter(|(_, matched)| !**matched) {
            println!(
                "({item}) wrong {} {} {:?} {:?}",
                fact.kind,
                &line[fact.range.clone()],
                fact.value,
                fact.unit
            );
        }
    }
    for (kind, [labelled, found, right]) in kinds {
        println!("{kind}: labelled {labelled}, found {found}, right {right}");
    }
    for (name, [all, exact, touching]) in ["qualifiers", "action", "object", "period"]
        .iter()
        .zip(words)
    {
        println!(
            "{name} of figures: {exact} of {all} exact, {touching} exact or one within the other"
        );
    }
    let precision = right as f64 / found_count as f64;
    let recall = right as f64 / labels.len() as f64;
    println!(
        "precision {right}/{found_count} = {precision:.3}, recall {right}/{} = {recall:.3}",
        labels.len()
    );
    Some((precision, recall))
}

#[test]
fn the_items_labelled_beforehand() {
    let table = include_str!("../fixtures/facts/jinghu-01-15.tsv");
    if let Some((precision, recall)) = measure(table) {
        assert!(
            precision >= PRECISION && recall >= RECALL,
            "precision {precision:.3}, recall {recall:.3}"
        );
    }
}

fn check_ranges(text: &str) {
    let divisions = Divisions::builtin();
    let mut end = 0;
    for fact in facts(text, &FactContext::new(&divisions)) {
        assert!(fact.range.start >= end, "facts overlap in {text:?}");
        end = fact.range.end;
        assert!(!text[fact.range.clone()].is_empty());
        let period = fact.period.as_ref().map(|period| period.range.clone());
        for range in [fact.action, fact.object, period].into_iter().flatten() {
            assert!(!text[range].is_empty(), "{text:?}");
        }
        assert!(
            !fact.kind.is_figure() || fact.value.is_some_and(f64::is_finite),
            "{text:?}"
        );
    }
}

proptest! {
    #[test]
    fn facts_of_any_text_stand_in_it(text in "\\PC{0,200}") {
        check_ranges(&text);
    }

    #[test]
    fn facts_of_numbers_and_words_stand_in_them(
        text in "([0-9０-９一二三十百千万亿两余多几第前近约超共累计新增同比较上半年月日至—\\-.,，、。；《》〔〕\\[\\]号令发国区委政府局省镜湖安徽芜湖市元个件次%成分之百点查处开展召开等的截至以来 ]|\\PC){0,60}"
    ) {
        check_ranges(&text);
    }
}

#[test]
fn items_that_the_rules_were_not_written_for() {
    let table = include_str!("../fixtures/facts/jinghu-16-20.tsv");
    if let Some((precision, recall)) = measure(table) {
        assert!(
            precision >= 0.9 && recall >= 0.9,
            "precision {precision:.3}, recall {recall:.3}"
        );
    }
}
