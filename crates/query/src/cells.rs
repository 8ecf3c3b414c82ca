//! Which row and column of a table a notice belongs to.

use std::collections::HashMap;

use gongbao_notice::{Divisions, Level};
use jiff::{ToSpan, civil::Date};
use tantivy::{
    DocAddress, DocId, Searcher, SegmentReader,
    columnar::{Column, StrColumn},
};

use crate::{count::Axis, filter::DayRange, topic::Topic};

/// Gaps in time are filled up to so many months or years; more come of a
/// date that is wrong.
const MAX_STEPS: usize = 1200;

/// The keys of one axis, in the order in which they were met.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    pub(crate) list: Vec<Option<String>>,
    numbers: HashMap<Option<String>, usize>,
}

impl Keys {
    /// The number of `key`, a new one if need be.
    pub(crate) fn number(&mut self, key: Option<String>) -> usize {
        let list = &mut self.list;
        *self.numbers.entry(key).or_insert_with_key(|key| {
            list.push(key.clone());
            list.len() - 1
        })
    }

    /// Adds what `axis` has between its first and last key, or in what was
    /// asked for, though no notice is there.
    pub(crate) fn fill(
        &mut self,
        axis: Axis,
        days: DayRange,
        places: &[String],
        table: &Divisions,
    ) {
        match axis {
            Axis::Month | Axis::Year => self.fill_time(axis, days),
            Axis::Region(level) => {
                for place in places {
                    let Some(region) = table.named(place) else {
                        continue;
                    };
                    for inside in table.inside(&region.code, level) {
                        self.number(Some(inside.code));
                    }
                }
            }
            Axis::Organ | Axis::Site | Axis::Genre | Axis::Topic => {}
        }
    }

    fn fill_time(&mut self, axis: Axis, days: DayRange) {
        let asked = [days.since, days.until].into_iter().flatten();
        let asked = asked.map(|day| period(axis, day));
        let known = self.list.iter().flatten().cloned();
        let mut ends: Vec<String> = known.chain(asked).collect();
        ends.sort_unstable();
        let (Some(first), Some(last)) = (ends.first(), ends.last()) else {
            return;
        };
        let Some(mut day) = start(first) else { return };
        let step = match axis {
            Axis::Year => 1.year(),
            _ => 1.month(),
        };
        let mut steps = Vec::new();
        while steps.len() <= MAX_STEPS && period(axis, day) <= *last {
            steps.push(period(axis, day));
            match day.checked_add(step) {
                Ok(next) => day = next,
                Err(_) => break,
            }
        }
        if steps.len() <= MAX_STEPS {
            for step in steps {
                self.number(Some(step));
            }
        }
    }
}

/// The month or year of `day`.
fn period(axis: Axis, day: Date) -> String {
    match axis {
        Axis::Year => format!("{:04}", day.year()),
        _ => format!("{:04}-{:02}", day.year(), day.month()),
    }
}

/// The first day of a month or year.
fn start(period: &str) -> Option<Date> {
    let (year, month) = period.split_once('-').unwrap_or((period, "1"));
    Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()
}

/// The name of `key` for people.
pub(crate) fn label(axis: Axis, key: &str, divisions: &Divisions, topics: &[Topic]) -> String {
    match axis {
        Axis::Region(_) => divisions
            .region(key)
            .map_or_else(|| key.to_owned(), |region| region.name),
        Axis::Topic => topics
            .iter()
            .find(|topic| topic.id == key)
            .map_or_else(|| key.to_owned(), |topic| topic.name.zh.clone()),
        _ => key.to_owned(),
    }
}

/// What the segments of an index know of a notice besides its text.
pub(crate) struct Columns {
    axis: Axis,
    segments: Vec<SegmentColumn>,
}

enum SegmentColumn {
    Days(Column<i64>),
    /// None where no notice of the segment has a value.
    Names(Option<StrColumn>),
}

impl Columns {
    /// The column that tells where a notice stands on `axis`; `None` for
    /// topics, which no column tells.
    pub(crate) fn open(searcher: &Searcher, axis: Axis) -> tantivy::Result<Option<Self>> {
        let name = match axis {
            Axis::Month | Axis::Year => "day",
            Axis::Region(_) => "region",
            Axis::Organ => "organ",
            Axis::Site => "site",
            Axis::Genre => "genre",
            Axis::Topic => return Ok(None),
        };
        let open = |reader: &SegmentReader| {
            let columns = reader.fast_fields();
            Ok(match axis {
                Axis::Month | Axis::Year => SegmentColumn::Days(columns.i64(name)?),
                _ => SegmentColumn::Names(columns.str(name)?),
            })
        };
        let segments = searcher.segment_readers().iter().map(open);
        Ok(Some(Self {
            axis,
            segments: segments.collect::<tantivy::Result<_>>()?,
        }))
    }

    /// The key of the notice that the passage at `address` is of.
    pub(crate) fn key(&self, address: DocAddress) -> Option<String> {
        let doc = address.doc_id;
        match &self.segments[address.segment_ord as usize] {
            SegmentColumn::Days(days) => {
                let days = days.first(doc)?;
                let epoch = Date::constant(1970, 1, 1);
                let day = epoch.checked_add(days.days()).ok()?;
                Some(period(self.axis, day))
            }
            SegmentColumn::Names(names) => {
                let names = names.as_ref()?;
                match self.axis {
                    Axis::Region(level) => code(names, doc, level),
                    _ => name(names, names.term_ords(doc).next()?),
                }
            }
        }
    }
}

/// The code of the division of `level` that the notice belongs to, or of the
/// wider one that is all that is known.
fn code(names: &StrColumn, doc: DocId, level: Level) -> Option<String> {
    let known = names.term_ords(doc).filter_map(|ord| name(names, ord));
    let code = known
        .filter(|code| code.len() <= level.digits())
        .max_by_key(String::len)?;
    Some(format!("{code:0<6}"))
}

fn name(names: &StrColumn, ord: u64) -> Option<String> {
    let mut name = String::new();
    names.ord_to_str(ord, &mut name).ok()?.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(axis: Axis, known: &[&str], days: &str, expected: &[&str]) {
        let mut keys = Keys::default();
        for key in known {
            keys.number(Some((*key).to_owned()));
        }
        let days = match days {
            "" => DayRange::default(),
            days => days.parse().expect("days"),
        };
        keys.fill(axis, days, &[], &Divisions::from_tsv(""));
        let mut list: Vec<_> = keys.list.iter().flatten().cloned().collect();
        list.sort_unstable();
        assert_eq!(list, expected);
    }

    #[test]
    fn months_without_a_notice_are_there() {
        check(
            Axis::Month,
            &["2024-02", "2023-11"],
            "",
            &["2023-11", "2023-12", "2024-01", "2024-02"],
        );
        check(
            Axis::Month,
            &["2024-02"],
            "2024-01..2024-03",
            &["2024-01", "2024-02", "2024-03"],
        );
        check(Axis::Year, &["2021", "2023"], "", &["2021", "2022", "2023"]);
        check(Axis::Month, &[], "", &[]);
        // Nobody published anything in the year 1000.
        check(
            Axis::Month,
            &["1000-01", "2024-02"],
            "",
            &["1000-01", "2024-02"],
        );
    }
}
