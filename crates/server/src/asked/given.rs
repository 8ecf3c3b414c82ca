//! The parameters of an address, taken one by one. What nobody takes was
//! misspelt, and is told of.

use std::ops::RangeInclusive;

use gongbao_desk::{Place, PlaceError};
use gongbao_query::Filters;

use crate::{problem::Problem, settings::Limits};

/// The most values of one parameter that may be repeated.
const MAX_VALUES: usize = 50;

/// Parameters by name, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    pairs: Vec<(String, String)>,
    /// The longest value, in characters.
    longest: usize,
    /// The names taken, for messages.
    names: Vec<&'static str>,
}

impl Given {
    /// Reads the part of an address behind the question mark.
    pub(crate) fn read(query: &str, limits: &Limits) -> Self {
        Self {
            pairs: form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            longest: limits.question,
            names: Vec::new(),
        }
    }

    /// The value of `name`. An empty one is none: forms send those.
    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<String>, Problem> {
        let mut values = self.list(name)?;
        if values.len() > 1 {
            return Err(Problem::parameter(
                name,
                format!("{name} is given more than once"),
                "give it once",
            ));
        }
        Ok(values.pop())
    }

    /// All values of `name`.
    pub(crate) fn list(&mut self, name: &'static str) -> Result<Vec<String>, Problem> {
        self.names.push(name);
        let mut values = Vec::new();
        self.pairs.retain_mut(|(key, value)| {
            if key == name {
                values.push(std::mem::take(value));
            }
            key != name
        });
        values.retain(|value| !value.is_empty());
        if values.len() > MAX_VALUES {
            return Err(Problem::parameter(
                name,
                format!("{name} is given {} times", values.len()),
                format!("give it at most {MAX_VALUES} times"),
            ));
        }
        for value in &values {
            let chars = value.chars().count();
            if chars > self.longest {
                return Err(Problem::parameter(
                    name,
                    format!("{name} has {chars} characters"),
                    format!("use at most {}", self.longest),
                ));
            }
        }
        Ok(values)
    }

    /// A number in `range`.
    pub(crate) fn number(
        &mut self,
        name: &'static str,
        range: RangeInclusive<usize>,
    ) -> Result<Option<usize>, Problem> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        let (least, most) = (range.start(), range.end());
        match text.parse() {
            Ok(number) if range.contains(&number) => Ok(Some(number)),
            _ => Err(Problem::parameter(
                name,
                format!("{name} is {text:?}"),
                format!("use a whole number from {least} to {most}"),
            )),
        }
    }

    /// `true` or `false`, the latter where nothing is said.
    pub(crate) fn flag(&mut self, name: &'static str) -> Result<bool, Problem> {
        let choices = [("true", true), ("false", false), ("1", true), ("0", false)];
        Ok(self.choice_of(name, &choices)?.unwrap_or(false))
    }

    /// One of `choices`.
    pub(crate) fn choice_of<T: Copy>(
        &mut self,
        name: &'static str,
        choices: &[(&str, T)],
    ) -> Result<Option<T>, Problem> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        let names = || choices.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let found = choices.iter().find(|(choice, _)| *choice == text);
        found.map(|&(_, value)| Some(value)).ok_or_else(|| {
            Problem::parameter(
                name,
                format!("{name} is {text:?}"),
                format!("use {}", names().join(", ")),
            )
        })
    }

    /// The filters, by the names of the command line's flags.
    pub(crate) fn place(&mut self) -> Result<Place, Problem> {
        Ok(Place {
            organ: self.list("organ")?,
            region: self.list("region")?,
            site: self.list("site")?,
            genre: self.list("genre")?,
            since: self.text("since")?,
            until: self.text("until")?,
        })
    }

    /// Leaves the rest alone: addresses of pages travel, and gather what
    /// others add.
    pub(crate) fn forget(&mut self) {
        self.pairs.clear();
    }

    /// Complains of what nobody took.
    pub(crate) fn end(self) -> Result<(), Problem> {
        match self.pairs.into_iter().next() {
            None => Ok(()),
            Some((name, _)) => {
                let name: String = name.chars().take(80).collect();
                Err(Problem::parameter(
                    name.clone(),
                    format!("there is no parameter {name:?} here"),
                    format!("this address takes {}", self.names.join(", ")),
                ))
            }
        }
    }
}

/// The filters that `place` stands for.
pub(crate) fn filters(place: &Place) -> Result<Filters, Problem> {
    place.filters().map_err(|PlaceError { name, reason }| {
        Problem::parameter(name, reason.to_string(), "give a year, month or day")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(query: &str) -> Given {
        Given::read(query, &Limits::default())
    }

    #[track_caller]
    fn refused<T>(result: Result<T, Problem>, parameter: &str) {
        let problem = result.err().expect("it is refused");
        assert_eq!(problem.parameter.as_deref(), Some(parameter));
        assert!(!problem.cure.is_empty());
    }

    #[test]
    fn what_is_wrong_is_named() {
        refused(given("limit=ten").number("limit", 1..=9), "limit");
        refused(given("limit=10").number("limit", 1..=9), "limit");
        refused(given("limit=1&limit=2").number("limit", 1..=9), "limit");
        refused(given("sort=x").choice_of("sort", &[("newest", 1)]), "sort");
        refused(given("literal=yes").flag("literal"), "literal");
        refused(given(&format!("q={}", "债".repeat(1001))).text("q"), "q");
        refused(given(&"organ=a&".repeat(51)).list("organ"), "organ");
        refused(given("lmit=3").end(), "lmit");
        let place = given("since=tomorrow").place().expect("it is read");
        refused(filters(&place), "since");
    }

    #[test]
    fn empty_fields_of_forms_are_none() {
        let mut given = given("q=&organ=&organ=%E5%8E%BF&limit=");
        assert_eq!(given.text("q").expect("fine"), None);
        assert_eq!(given.list("organ").expect("fine"), ["县"]);
        assert_eq!(given.number("limit", 1..=9).expect("fine"), None);
        assert!(given.end().is_ok());
    }
}
