//! What filters would leave of an answer, and how it spreads over time.

use gongbao_notice::Level;
use gongbao_query::{Axis, CountRequest, Request, Topic};

use crate::{library::Generation, problem::Problem};

/// Values shown of each filter: the most frequent ones.
const MAX_VALUES: usize = 8;

/// Topics are counted in answers of at most so many notices: each costs a
/// search of its own.
const MAX_FOR_TOPICS: u64 = 5_000;

/// A value of a filter, and how many notices it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) notices: u64,
}

/// The filters of an answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facets {
    pub(crate) regions: Vec<Value>,
    pub(crate) organs: Vec<Value>,
    pub(crate) genres: Vec<Value>,
    pub(crate) topics: Vec<Value>,
    /// Newest last.
    pub(crate) years: Vec<Value>,
    /// Every month from the first with a hit to the last, also empty ones.
    pub(crate) months: Vec<Value>,
}

impl Facets {
    /// Those of the answer to `search`, which has `total` notices.
    pub(crate) fn of(
        search: &Request<'_>,
        total: u64,
        generation: &Generation,
    ) -> Result<Self, Problem> {
        let by = |axis| values(search, axis, &[], generation);
        let months = by(Axis::Month)?;
        let mut facets = Self {
            regions: most(by(Axis::Region(Level::County))?),
            organs: most(by(Axis::Organ)?),
            genres: most(by(Axis::Genre)?),
            topics: Vec::new(),
            years: years(&months),
            months: whole(months),
        };
        if search.topic.is_none() && total <= MAX_FOR_TOPICS {
            let topics = values(search, Axis::Topic, &generation.topics, generation)?;
            facets.topics = most(topics);
        }
        Ok(facets)
    }
}

/// Matching notices by `axis`, without those of which it is not known.
pub(crate) fn values(
    search: &Request<'_>,
    axis: Axis,
    topics: &[Topic],
    generation: &Generation,
) -> Result<Vec<Value>, Problem> {
    let table = generation.engine.count(&CountRequest {
        search: search.clone(),
        rows: axis,
        columns: None,
        topics,
    })?;
    let value = |margin: gongbao_query::Margin| {
        let key = margin.key?;
        let notices = margin.counts.notices.filter(|&notices| notices > 0)?;
        let label = margin.label.unwrap_or_else(|| key.clone());
        Some(Value {
            key,
            label,
            notices,
        })
    };
    Ok(table.rows.into_iter().filter_map(value).collect())
}

/// The most frequent ones, most first.
fn most(mut values: Vec<Value>) -> Vec<Value> {
    values.sort_by(|a, b| b.notices.cmp(&a.notices).then_with(|| a.key.cmp(&b.key)));
    values.truncate(MAX_VALUES);
    values
}

/// A notice is in one month, so months add up to years.
fn years(months: &[Value]) -> Vec<Value> {
    let mut years: Vec<Value> = Vec::new();
    for month in months {
        let year = month.key.get(..4).unwrap_or(&month.key);
        match years.last_mut() {
            Some(last) if last.key == year => last.notices += month.notices,
            _ => years.push(Value {
                key: year.to_owned(),
                label: year.to_owned(),
                notices: month.notices,
            }),
        }
    }
    years
}

/// `months`, sorted, with the empty ones between them.
pub(crate) fn whole(mut months: Vec<Value>) -> Vec<Value> {
    months.sort_by(|a, b| a.key.cmp(&b.key));
    let number = |key: &str| -> Option<i64> {
        let (year, month) = key.split_once('-')?;
        Some(year.parse::<i64>().ok()? * 12 + month.parse::<i64>().ok()? - 1)
    };
    let mut out: Vec<Value> = Vec::new();
    for month in months {
        let Some(at) = number(&month.key) else {
            continue;
        };
        while let Some(last) = out.last().and_then(|last| number(&last.key))
            && last + 1 < at
        {
            let next = last + 1;
            let key = format!("{:04}-{:02}", next.div_euclid(12), next.rem_euclid(12) + 1);
            out.push(Value {
                label: key.clone(),
                key,
                notices: 0,
            });
        }
        out.push(month);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(key: &str, notices: u64) -> Value {
        Value {
            key: key.to_owned(),
            label: key.to_owned(),
            notices,
        }
    }

    #[test]
    fn months_are_whole_and_add_up_to_years() {
        let months = vec![value("2024-11", 2), value("2025-02", 1)];
        assert_eq!(years(&months), [value("2024", 2), value("2025", 1)]);
        let whole: Vec<_> = whole(months)
            .iter()
            .map(|m| (m.key.clone(), m.notices))
            .collect();
        let expected = [
            ("2024-11", 2),
            ("2024-12", 0),
            ("2025-01", 0),
            ("2025-02", 1),
        ];
        assert_eq!(whole, expected.map(|(key, n)| (key.to_owned(), n)));
    }
}
