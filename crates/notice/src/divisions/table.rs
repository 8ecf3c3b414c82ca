//! The table of divisions: rows, codes, successors.

use std::{borrow::Cow, ops::Range};

use rustc_hash::FxHashMap;

use super::names::Name;
use crate::Region;

/// A level of division, widest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A province, an autonomous region or a city under the central government.
    Province,
    /// A prefecture-level city, a prefecture, a league.
    Prefecture,
    /// A county, a county-level city, a district, a banner.
    County,
}

impl Level {
    /// `province`, `prefecture` or `county`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Prefecture => "prefecture",
            Self::County => "county",
        }
    }

    /// How many digits of a division code tell divisions of this level apart.
    #[must_use]
    pub fn digits(self) -> usize {
        match self {
            Self::Province => 2,
            Self::Prefecture => 4,
            Self::County => 6,
        }
    }
}

/// A row. Those of the built-in table borrow their text.
#[derive(Clone, Debug, Hash)]
pub(super) struct Division<'t> {
    pub(super) code: Cow<'t, str>,
    pub(super) name: Cow<'t, str>,
    pub(super) short: Cow<'t, str>,
    pub(super) level: Level,
    pub(super) province: Cow<'t, str>,
    pub(super) prefecture: Cow<'t, str>,
    pub(super) current: bool,
    /// Codes separated by commas.
    successors: Cow<'t, str>,
}

impl<'t> Division<'t> {
    /// Reads a line; `None` for one that does not fit.
    pub(super) fn parse(line: &'t str) -> Option<Self> {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or("").trim_ascii();
        let (code, name, short, level) = (next(), next(), next(), next());
        let level = match level {
            "province" => Level::Province,
            "prefecture" => Level::Prefecture,
            "county" => Level::County,
            _ => return None,
        };
        let (province, prefecture, status, successors) = (next(), next(), next(), next());
        (is_code(code) && !name.is_empty()).then_some(Self {
            code: code.into(),
            name: name.into(),
            short: short.into(),
            level,
            province: province.into(),
            prefecture: prefecture.into(),
            current: status != "abolished",
            successors: successors.into(),
        })
    }

    pub(super) fn into_owned(self) -> Division<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Division {
            code: own(self.code),
            name: own(self.name),
            short: own(self.short),
            level: self.level,
            province: own(self.province),
            prefecture: own(self.prefecture),
            current: self.current,
            successors: own(self.successors),
        }
    }
}

/// Whether `text` is a code of six digits.
pub(super) fn is_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}

#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) rows: Vec<Division<'static>>,
    /// The row of each code, in order of codes.
    by_code: Vec<(u32, u32)>,
    pub(super) names: Vec<Name>,
    /// The rows of the names, one list for all.
    pub(super) name_rows: Vec<u32>,
    /// The names that begin with a character.
    pub(super) by_first: FxHashMap<char, Range<usize>>,
}

impl Table {
    pub(super) fn new(rows: Vec<Division<'static>>) -> Self {
        let number = |code: &str| code.parse::<u32>().expect("a code is digits");
        let mut by_code: Vec<(u32, u32)> = (0..)
            .zip(&rows)
            .map(|(index, row)| (number(&row.code), index))
            .collect();
        by_code.sort_unstable();
        by_code.dedup_by_key(|entry| entry.0);
        let mut table = Self {
            rows,
            by_code,
            ..Self::default()
        };
        table.collect_names();
        table
    }

    /// The row of a code.
    pub(super) fn find(&self, code: &str) -> Option<usize> {
        let code = is_code(code).then(|| code.parse::<u32>().ok())??;
        let at = self.by_code.binary_search_by_key(&code, |entry| entry.0);
        Some(self.by_code[at.ok()?].1 as usize)
    }

    /// The current division that `index` is or became. Of several successors,
    /// the division that holds them all.
    pub(super) fn current(&self, index: usize) -> Option<usize> {
        let mut index = index;
        for _ in 0..8 {
            let row = &self.rows[index];
            if row.current {
                return Some(index);
            }
            let mut successors = row.successors.split(',').filter(|code| is_code(code));
            let mut code = successors.next()?.to_owned();
            for other in successors {
                let wider = [4, 2].into_iter().find(|&n| code[..n] == other[..n])?;
                code = format!("{:0<6}", &code[..wider]);
            }
            index = self.find(&code)?;
        }
        None
    }

    pub(super) fn region(&self, index: usize) -> Region {
        let row = &self.rows[index];
        let mut name = String::new();
        for part in [&row.province, &row.prefecture, &row.name] {
            if !part.is_empty() && !name.ends_with(&**part) && !part.contains("直辖") {
                name.push_str(part);
            }
        }
        Region {
            code: row.code.to_string(),
            name,
        }
    }

    /// Whether the division `inner` is `outer` or lies in it.
    pub(super) fn holds(&self, outer: usize, inner: usize) -> bool {
        let (outer, inner) = (&self.rows[outer], &self.rows[inner]);
        outer.code == inner.code
            || match outer.level {
                Level::Province => inner.province == outer.name,
                Level::Prefecture => {
                    inner.prefecture == outer.name && inner.province == outer.province
                }
                Level::County => false,
            }
    }
}
