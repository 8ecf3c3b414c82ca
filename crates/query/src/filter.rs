//! Filters: which notices to look at.

use std::{fmt, str::FromStr};

use gongbao_analysis::Fields;
use gongbao_notice::{Divisions, NoticeId};
use jiff::civil::Date;
use tantivy::{
    Term,
    query::{EmptyQuery, Query, RangeQuery, TermQuery},
    schema::IndexRecordOption,
};

use crate::{
    layout::Layouts,
    pattern::Pattern,
    plan::{below_head, phrase},
};

/// Days from one to another, both included; open where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayRange {
    /// The first day.
    pub since: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

/// The text is no day, month, year or range of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no date: 2024, 2024-07, 2024-07-18, or a range such as 2023..2024-06")]
pub struct ParseDayRangeError(String);

impl FromStr for DayRange {
    type Err = ParseDayRangeError;

    /// `2024`, `2024-07`, `2024-07-18` (also `2024年7月18日`), or two of them
    /// around `..`, either of which may be left out.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseDayRangeError(text.chars().take(40).collect());
        let part = |part: &str| period(part).ok_or_else(error);
        match text.split_once("..") {
            None => part(text).map(|(since, until)| Self {
                since: Some(since),
                until: Some(until),
            }),
            Some(("", "")) => Err(error()),
            Some((from, to)) => {
                let since = if from.is_empty() {
                    None
                } else {
                    Some(part(from)?.0)
                };
                let until = if to.is_empty() {
                    None
                } else {
                    Some(part(to)?.1)
                };
                Ok(Self { since, until })
            }
        }
    }
}

/// The first and last day of a year, month or day.
fn period(text: &str) -> Option<(Date, Date)> {
    let text = text.trim().trim_end_matches(['日', '月', '年']);
    let mut parts = text
        .split(['-', '/', '.', '年', '月'])
        .map(str::parse::<i16>);
    let year = parts
        .next()?
        .ok()
        .filter(|year| (1000..=9999).contains(year))?;
    let month = parts.next().transpose().ok()?;
    let day = parts.next().transpose().ok()?;
    if parts.next().is_some() {
        return None;
    }
    let first = Date::new(
        year,
        i8::try_from(month.unwrap_or(1)).ok()?,
        i8::try_from(day.unwrap_or(1)).ok()?,
    )
    .ok()?;
    let last = match (month, day) {
        (None, _) => first.last_of_year(),
        (_, None) => first.last_of_month(),
        _ => first,
    };
    Some((first, last))
}

/// One filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// The issuing organ's name contains this.
    Organ(String),
    /// The place is this division or in it: a code or a name.
    Region(String),
    /// The host of the notice's address.
    Site(String),
    /// The genre's Chinese name.
    Genre(String),
    /// Published, or else signed, in these days.
    Days(DayRange),
    /// This notice.
    Notice(NoticeId),
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organ(value) => write!(f, "organ={value}"),
            Self::Region(value) => write!(f, "region={value}"),
            Self::Site(value) => write!(f, "site={value}"),
            Self::Genre(value) => write!(f, "genre={value}"),
            Self::Days(DayRange { since, until }) => {
                f.write_str("days=")?;
                since.map_or(Ok(()), |day| write!(f, "{day}"))?;
                f.write_str("..")?;
                until.map_or(Ok(()), |day| write!(f, "{day}"))
            }
            Self::Notice(id) => write!(f, "notice={id}"),
        }
    }
}

/// Filters of a search. Within one list any will do; all lists must.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Parts of names of issuing organs.
    pub organs: Vec<String>,
    /// Divisions, by code or name.
    pub regions: Vec<String>,
    /// Hosts.
    pub sites: Vec<String>,
    /// Genres, by Chinese name.
    pub genres: Vec<String>,
    /// Days of publishing.
    pub days: DayRange,
    /// Single notices.
    pub notices: Vec<NoticeId>,
}

impl Filters {
    /// The filters as lists of which one each must hold.
    pub(crate) fn groups(&self) -> Vec<Vec<Filter>> {
        let list = |values: &[String], make: fn(String) -> Filter| -> Vec<Filter> {
            values.iter().cloned().map(make).collect()
        };
        let mut groups = vec![
            list(&self.organs, Filter::Organ),
            list(&self.regions, Filter::Region),
            list(&self.sites, Filter::Site),
            list(&self.genres, Filter::Genre),
            self.notices.iter().cloned().map(Filter::Notice).collect(),
        ];
        if self.days != DayRange::default() {
            groups.push(vec![Filter::Days(self.days)]);
        }
        groups.retain(|group| !group.is_empty());
        groups
    }
}

impl Filter {
    /// The filter as an index query, or `None` where its value is not known
    /// and so nothing can match.
    pub(crate) fn query(
        &self,
        fields: &Fields,
        layouts: &Layouts,
        divisions: &Divisions,
    ) -> Option<Box<dyn Query>> {
        let term = |field, value: &str| -> Box<dyn Query> {
            Box::new(TermQuery::new(
                Term::from_field_text(field, value),
                IndexRecordOption::Basic,
            ))
        };
        match self {
            Self::Organ(name) => {
                let pattern = Pattern::new(name);
                let said = || phrase(fields.organ_pairs, &pattern);
                (pattern.len() > 1).then(|| below_head(said(), layouts))
            }
            Self::Region(place) => {
                let is_code =
                    matches!(place.len(), 2 | 4 | 6) && place.bytes().all(|b| b.is_ascii_digit());
                let code = if is_code {
                    place.clone()
                } else {
                    divisions.named(place)?.code
                };
                Some(term(fields.region, significant(&code)))
            }
            Self::Site(host) => Some(term(fields.site, host)),
            Self::Genre(name) => Some(term(fields.genre, name)),
            Self::Notice(id) => Some(Box::new(TermQuery::new(
                Term::from_field_u64(fields.notice, id.number()),
                IndexRecordOption::Basic,
            ))),
            Self::Days(DayRange {
                since: None,
                until: None,
            }) => None,
            Self::Days(DayRange { since, until }) => {
                use std::ops::Bound::{Included, Unbounded};
                let bound = |day: Option<Date>| match day {
                    Some(day) => Included(Term::from_field_i64(fields.day, days_since_epoch(day))),
                    None => Unbounded,
                };
                match (since, until) {
                    (Some(since), Some(until)) if since > until => Some(Box::new(EmptyQuery)),
                    _ => Some(Box::new(RangeQuery::new(bound(*since), bound(*until)))),
                }
            }
        }
    }
}

/// A division code without the zeros of the levels below it.
fn significant(code: &str) -> &str {
    let code = code.strip_suffix("00").unwrap_or(code);
    if code.len() == 4 {
        code.strip_suffix("00").unwrap_or(code)
    } else {
        code
    }
}

/// Days from 1970-01-01, as [`Fields::day`] counts them.
fn days_since_epoch(day: Date) -> i64 {
    day.since(Date::constant(1970, 1, 1))
        .map_or(0, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, since: &str, until: &str) {
        let range: DayRange = text.parse().expect(text);
        let print = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        assert_eq!(
            (print(range.since), print(range.until)),
            (since.to_owned(), until.to_owned())
        );
    }

    #[test]
    fn periods_are_whole() {
        check("2024", "2024-01-01", "2024-12-31");
        check("2024-02", "2024-02-01", "2024-02-29");
        check("2024年7月18日", "2024-07-18", "2024-07-18");
        check("2023..2024-06", "2023-01-01", "2024-06-30");
        check("..2024", "", "2024-12-31");
        for bad in [
            "",
            "..",
            "24",
            "2024-13",
            "2024-02-30",
            "昨天",
            "2024-1-1-1",
        ] {
            assert!(bad.parse::<DayRange>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_code_is_cut_to_its_level() {
        assert_eq!(significant("340202"), "340202");
        assert_eq!(significant("340200"), "3402");
        assert_eq!(significant("340000"), "34");
    }
}
