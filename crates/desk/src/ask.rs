//! Filters as they are typed.

use gongbao_query::{DayRange, Filters, ParseDayRangeError};

/// Which notices to look at, as typed after a flag or in a URL. Within one
/// list any will do; all lists must.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Parts of names of issuing organs.
    pub organ: Vec<String>,
    /// Divisions, by code or name.
    pub region: Vec<String>,
    /// Hosts.
    pub site: Vec<String>,
    /// Genres, by Chinese name.
    pub genre: Vec<String>,
    /// The first day, month or year.
    pub since: Option<String>,
    /// The last.
    pub until: Option<String>,
}

/// A value that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("could not use {name}")]
pub struct PlaceError {
    /// `since` or `until`.
    pub name: &'static str,
    /// What is wrong with it.
    #[source]
    pub reason: ParseDayRangeError,
}

impl Place {
    /// The filters that it stands for.
    ///
    /// # Errors
    ///
    /// [`PlaceError`] when a date is none.
    pub fn filters(&self) -> Result<Filters, PlaceError> {
        let days = |name, text: &Option<String>| match text.as_deref() {
            None => Ok(DayRange::default()),
            Some(text) => text
                .parse::<DayRange>()
                .map_err(|reason| PlaceError { name, reason }),
        };
        Ok(Filters {
            organs: self.organ.clone(),
            regions: self.region.clone(),
            sites: self.site.clone(),
            genres: self.genre.clone(),
            days: DayRange {
                since: days("since", &self.since)?.since,
                until: days("until", &self.until)?.until,
            },
            notices: Vec::new(),
        })
    }
}
