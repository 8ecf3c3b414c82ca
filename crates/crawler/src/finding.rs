//! What somebody should look at after a crawl.

use std::{collections::BTreeMap, fmt};

use gongbao_archive::PageFate;
use jiff::Timestamp;

/// A series of numbers with fewer known ones shows no gaps.
const LEAST_NUMBERS: usize = 5;
/// A series with fewer known numbers for each that is missing is not all
/// published on this site.
const KNOWN_A_GAP: usize = 3;

/// Something that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// A list that is built as one and names nothing.
    EmptyList {
        /// Its address.
        url: String,
    },
    /// A page that no rule finds a list in: a site that was redesigned.
    UnknownList {
        /// Its address.
        url: String,
    },
    /// A list that could not be had.
    ListFailed {
        /// Its address.
        url: String,
        /// What it came to; `None` where `robots.txt` forbids it.
        fate: Option<PageFate>,
        /// What is the matter.
        detail: Option<String>,
    },
    /// A list that goes on beyond the bound on its pages.
    EndlessList {
        /// The last page that was read.
        url: String,
    },
    /// A list that goes on by a script only.
    ScriptedNext {
        /// The page that does.
        url: String,
    },
    /// A list that names fewer articles than it says it has.
    ListGap {
        /// How many it says.
        stated: u64,
        /// How many it names.
        listed: u64,
    },
    /// Document numbers that are missing between others.
    NumberGap(NumberGap),
    /// Most articles of a site say the same: they are no articles.
    SameArticles {
        /// How many.
        articles: u64,
    },
    /// Every article of a site was declined.
    AllDeclined {
        /// How many.
        declined: u64,
    },
    /// A host that kept failing and was left alone.
    HostFailing {
        /// The host.
        host: String,
    },
    /// A host that kept declining and was left alone.
    HostDeclining {
        /// The host.
        host: String,
    },
    /// The clock is behind the last run.
    ClockSetBack {
        /// When that was.
        until: Timestamp,
    },
}

/// Numbers missing in a series of document numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberGap {
    /// The series: 禾政办发〔2024〕.
    pub series: String,
    /// The numbers that are missing, up to 20.
    pub missing: Vec<u32>,
    /// How many are.
    pub count: usize,
}

impl Finding {
    /// One word for scripts.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::EmptyList { .. } => "empty_list",
            Self::UnknownList { .. } => "unknown_list",
            Self::ListFailed { .. } => "list_failed",
            Self::EndlessList { .. } => "endless_list",
            Self::ScriptedNext { .. } => "scripted_next",
            Self::ListGap { .. } => "list_gap",
            Self::NumberGap(_) => "number_gap",
            Self::SameArticles { .. } => "same_articles",
            Self::AllDeclined { .. } => "all_declined",
            Self::HostFailing { .. } => "host_failing",
            Self::HostDeclining { .. } => "host_declining",
            Self::ClockSetBack { .. } => "clock_set_back",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyList { url } => write!(f, "the list {url} names nothing"),
            Self::UnknownList { url } => write!(
                f,
                "no list was found in {url}: the site may have been redesigned; `gongbao sites check {url}` shows what is read"
            ),
            Self::ListFailed { url, fate, detail } => {
                let fate = fate.map_or("forbidden by robots.txt", PageFate::name);
                write!(f, "the list {url} is {fate}")?;
                match detail {
                    Some(detail) => write!(f, " ({detail})"),
                    None => Ok(()),
                }
            }
            Self::EndlessList { url } => write!(
                f,
                "the list goes on after {url}, beyond the number of pages that `depth` in its profile allows"
            ),
            Self::ScriptedNext { url } => write!(
                f,
                "the list goes on after {url} by a script, which is not followed"
            ),
            Self::ListGap { stated, listed } => write!(
                f,
                "the list says that it has {stated} articles and names {listed}"
            ),
            Self::NumberGap(gap) => {
                let missing: Vec<_> = gap
                    .missing
                    .iter()
                    .map(|number| format!("{number}号"))
                    .collect();
                write!(f, "missing in {}: {}", gap.series, missing.join("、"))?;
                match gap.count - gap.missing.len() {
                    0 => Ok(()),
                    more => write!(f, " and {more} more"),
                }
            }
            Self::SameArticles { articles } => write!(
                f,
                "{articles} articles say the same: they may be a page of errors"
            ),
            Self::AllDeclined { declined } => write!(
                f,
                "all {declined} articles asked for were declined: the site keeps programs out"
            ),
            Self::HostFailing { host } => {
                write!(f, "{host} kept failing and was left alone")
            }
            Self::HostDeclining { host } => {
                write!(f, "{host} kept declining and was left alone")
            }
            Self::ClockSetBack { until } => write!(
                f,
                "the clock is behind the last run, which began at {until}; what was due then was fetched"
            ),
        }
    }
}

/// The gaps in series of document numbers: `禾政办发〔2024〕12号`. Only series
/// that are nearly whole show any.
pub(crate) fn gaps(numbers: &[String]) -> Vec<NumberGap> {
    let mut series: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for number in numbers {
        if let Some((name, rest)) = number.rsplit_once('〕')
            && let Ok(serial) = rest.trim_end_matches('号').parse()
        {
            series.entry(name).or_default().push(serial);
        }
    }
    let mut found = Vec::new();
    for (name, mut serials) in series {
        serials.sort_unstable();
        serials.dedup();
        if serials.len() < LEAST_NUMBERS {
            continue;
        }
        let missing: Vec<u32> = serials
            .windows(2)
            .filter(|pair| pair[1] - pair[0] <= 100)
            .flat_map(|pair| pair[0] + 1..pair[1])
            .collect();
        if !missing.is_empty() && missing.len() * KNOWN_A_GAP <= serials.len() {
            found.push(NumberGap {
                series: format!("{name}〕"),
                count: missing.len(),
                missing: missing.into_iter().take(20).collect(),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_show_in_series_that_are_nearly_whole() {
        let numbers = |serials: &[u32]| -> Vec<String> {
            serials
                .iter()
                .map(|serial| format!("禾政办发〔2024〕{serial}号"))
                .collect()
        };
        let found = gaps(&numbers(&[1, 2, 3, 5, 6, 8]));
        assert_eq!(
            found,
            [NumberGap {
                series: "禾政办发〔2024〕".to_owned(),
                missing: vec![4, 7],
                count: 2
            }]
        );
        assert_eq!(
            Finding::NumberGap(found[0].clone()).to_string(),
            "missing in 禾政办发〔2024〕: 4号、7号"
        );
        assert!(gaps(&numbers(&[1, 2, 9])).is_empty());
        assert!(gaps(&numbers(&[1, 2, 3, 4, 5])).is_empty());
        assert!(gaps(&numbers(&[1, 12, 23, 34, 45])).is_empty());
    }
}
