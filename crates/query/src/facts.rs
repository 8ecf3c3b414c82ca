//! Facts and records of inspections as they are given back. Fields are added
//! here, never renamed: scripts rely on them.

use std::ops::Range;

use gongbao_analysis::StoredNotice;
use gongbao_notice::{
    Divisions, Fact, FactContext, FactKind, InspectionRecord, Qualifier, Region, Stated, facts,
    inspection_record, repeats,
};
use jiff::civil::Date;
use serde::Serialize;

/// Which facts are wanted. Within one list any will do; an empty one asks for
/// nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactFilter {
    /// Kinds.
    pub kinds: Vec<FactKind>,
    /// Units, as in the rows: 件, 元.
    pub units: Vec<String>,
    /// Parts of what is counted or what was done to it.
    pub objects: Vec<String>,
}

impl FactFilter {
    fn wants(&self, text: &str, fact: &Fact) -> bool {
        let kind = self.kinds.is_empty() || self.kinds.contains(&fact.kind);
        let unit = self.units.is_empty()
            || self
                .units
                .iter()
                .any(|unit| fact.unit.as_ref() == Some(unit));
        let says = |range: &Option<Range<usize>>, word: &str| {
            range
                .clone()
                .is_some_and(|range| text[range].contains(word))
        };
        let object = self.objects.is_empty()
            || self
                .objects
                .iter()
                .any(|word| says(&fact.object, word) || says(&fact.action, word));
        kind && unit && object
    }
}

/// A fact with its notice.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactRow {
    /// The notice's name.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// Its place.
    pub region: Option<Region>,
    /// The day it was published.
    pub published: Option<String>,
    /// The passage.
    pub anchor: String,
    /// Where in the passage's text: `[start, end)` in Unicode characters.
    pub offsets: [usize; 2],
    /// What it is of.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub kind: FactKind,
    /// What stands there.
    pub printed: String,
    /// The number, in `unit`; the lower one of a range.
    pub value: Option<f64>,
    /// The higher number of a range.
    pub upper: Option<f64>,
    /// The unit.
    pub unit: Option<String>,
    /// What was done.
    pub action: Option<String>,
    /// To or of what.
    pub object: Option<String>,
    /// What is said of the figure.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub qualifiers: Vec<Qualifier>,
    /// The time a figure is of; the time that a date or period is.
    pub period: Option<PeriodRow>,
    /// The canonical form of what is named.
    pub name: Option<String>,
    /// The division code of a place, or of the place of an organ.
    pub code: Option<String>,
    /// Other passages of the notice that tell the same figure of the same.
    pub also_in: Vec<String>,
}

/// A time as printed, with its days where they are certain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PeriodRow {
    /// What stands there.
    pub printed: String,
    /// The first day.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
}

/// Something stated in a notice, and where.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StatedRow<T> {
    /// What is stated.
    pub value: T,
    /// What stands there.
    pub printed: String,
    /// The passage; `null` for the title.
    pub anchor: Option<String>,
    /// Where in its text: `[start, end)` in Unicode characters.
    pub offsets: [usize; 2],
}

/// What a notice reports of an inspection; `null` for what it does not state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordRow {
    /// The notice's name.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// Its place.
    pub region: Option<Region>,
    /// The day it was published.
    pub published: Option<String>,
    /// Who inspected.
    pub inspecting: Option<StatedRow<String>>,
    /// Who was inspected.
    pub inspected: Option<StatedRow<String>>,
    /// The number of the round.
    pub round: Option<StatedRow<f64>>,
    /// The first day of the inspection.
    pub from: Option<StatedRow<String>>,
    /// Its last day.
    pub to: Option<StatedRow<String>>,
    /// The day its findings were handed over.
    pub feedback: Option<StatedRow<String>>,
    /// Problems found.
    pub problems: Option<StatedRow<f64>>,
    /// Measures drawn up.
    pub measures: Option<StatedRow<f64>>,
    /// Rules made or mended.
    pub rules: Option<StatedRow<f64>>,
    /// Cases opened.
    pub cases: Option<StatedRow<f64>>,
    /// Persons dealt with.
    pub persons: Option<StatedRow<f64>>,
}

/// The facts of a notice, passage by passage.
pub(crate) struct NoticeFacts<'n> {
    notice: &'n StoredNotice,
    facts: Vec<Vec<Fact>>,
}

impl<'n> NoticeFacts<'n> {
    pub(crate) fn of(notice: &'n StoredNotice, divisions: &Divisions) -> Self {
        let header = &notice.header;
        let day = [&header.signed, &header.published]
            .into_iter()
            .flatten()
            .find_map(|text| text.get(..10)?.parse::<Date>().ok());
        let context = FactContext {
            region: header.region.as_ref(),
            day,
            ..FactContext::new(divisions)
        };
        let passages = 0..notice.passages.len();
        let facts = passages
            .map(|index| facts(notice.passage_text(index), &context))
            .collect();
        Self { notice, facts }
    }

    fn passages(&self) -> Vec<(&str, &[Fact])> {
        let facts = self.facts.iter().enumerate();
        facts
            .map(|(index, facts)| (self.notice.passage_text(index), facts.as_slice()))
            .collect()
    }

    /// The facts that `filter` wants of the passages `wanted`, in order.
    pub(crate) fn rows(&self, wanted: &[usize], filter: &FactFilter) -> Vec<FactRow> {
        let notice = self.notice;
        let header = &notice.header;
        let again = repeats(&self.passages());
        let mut rows = Vec::new();
        for &passage in wanted {
            let text = notice.passage_text(passage);
            let mut chars = Chars::of(text);
            for (fact, again) in self.facts[passage].iter().zip(&again[passage]) {
                if !filter.wants(text, fact) {
                    continue;
                }
                let printed = |range: &Option<Range<usize>>| {
                    range.clone().map(|range| text[range].to_owned())
                };
                rows.push(FactRow {
                    id: header.id.to_string(),
                    title: header.title.clone(),
                    region: header.region.clone(),
                    published: header.published_day(),
                    anchor: notice.passages[passage].anchor.clone(),
                    offsets: chars.range(&fact.range),
                    kind: fact.kind,
                    printed: text[fact.range.clone()].to_owned(),
                    value: fact.value,
                    upper: fact.upper,
                    unit: fact.unit.clone(),
                    action: printed(&fact.action),
                    object: printed(&fact.object),
                    qualifiers: fact.qualifiers.clone(),
                    period: fact.period.as_ref().map(|period| PeriodRow {
                        printed: text[period.range.clone()].to_owned(),
                        from: period.from.map(|day| day.to_string()),
                        to: period.to.map(|day| day.to_string()),
                    }),
                    name: fact.name.clone(),
                    code: fact.code.clone(),
                    also_in: again
                        .iter()
                        .map(|&other| notice.passages[other].anchor.clone())
                        .collect(),
                });
            }
        }
        rows
    }

    /// The record of the inspection that the notice reports on.
    pub(crate) fn record(&self) -> Option<RecordRow> {
        let header = &self.notice.header;
        let title = header.title.as_deref().unwrap_or("");
        let InspectionRecord {
            inspecting,
            inspected,
            round,
            from,
            to,
            feedback,
            problems,
            measures,
            rules,
            cases,
            persons,
        } = inspection_record(title, &self.passages())?;
        let text = |stated: Option<Stated<String>>| {
            stated.map(|stated| self.stated(stated, |value| value))
        };
        let day = |stated: Option<Stated<Date>>| {
            stated.map(|stated| self.stated(stated, |day| day.to_string()))
        };
        let number =
            |stated: Option<Stated<f64>>| stated.map(|stated| self.stated(stated, |value| value));
        Some(RecordRow {
            id: header.id.to_string(),
            title: header.title.clone(),
            region: header.region.clone(),
            published: header.published_day(),
            inspecting: text(inspecting),
            inspected: text(inspected),
            round: number(round),
            from: day(from),
            to: day(to),
            feedback: day(feedback),
            problems: number(problems),
            measures: number(measures),
            rules: number(rules),
            cases: number(cases),
            persons: number(persons),
        })
    }

    fn stated<T, R>(&self, stated: Stated<T>, value: impl FnOnce(T) -> R) -> StatedRow<R> {
        let text = match stated.passage {
            Some(passage) => self.notice.passage_text(passage),
            None => self.notice.header.title.as_deref().unwrap_or(""),
        };
        StatedRow {
            value: value(stated.value),
            printed: text[stated.range.clone()].to_owned(),
            anchor: stated
                .passage
                .map(|passage| self.notice.passages[passage].anchor.clone()),
            offsets: Chars::of(text).range(&stated.range),
        }
    }
}

/// Counts characters of a text, for ranges that come in order.
struct Chars<'t> {
    text: &'t str,
    byte: usize,
    char: usize,
}

impl<'t> Chars<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            text,
            byte: 0,
            char: 0,
        }
    }

    fn range(&mut self, bytes: &Range<usize>) -> [usize; 2] {
        [self.at(bytes.start), self.at(bytes.end)]
    }

    fn at(&mut self, byte: usize) -> usize {
        self.char += self.text[self.byte..byte].chars().count();
        self.byte = byte;
        self.char
    }
}
