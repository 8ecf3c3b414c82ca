//! Tables of counts. Fields are added here, never renamed: scripts rely on
//! them.

use gongbao_notice::Level;
use serde::{Serialize, Serializer};

use crate::{parse::Note, request::Request, topic::Topic};

/// What notices are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axis {
    /// The month of publishing, else of signing: `2025-09`.
    Month,
    /// The year of it.
    Year,
    /// The place, to this level. A notice of a wider place counts there: one
    /// of a province is not spread over its counties.
    Region(Level),
    /// The issuing organ, as printed.
    Organ,
    /// The host of the notice's address.
    Site,
    /// The genre.
    Genre,
    /// Topics. A passage may belong to several, or to none.
    Topic,
}

impl Axis {
    /// `month`, `year`, `region`, `organ`, `site`, `genre` or `topic`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Year => "year",
            Self::Region(_) => "region",
            Self::Organ => "organ",
            Self::Site => "site",
            Self::Genre => "genre",
            Self::Topic => "topic",
        }
    }

    /// Whether its values follow one another in time.
    #[must_use]
    pub fn is_time(self) -> bool {
        matches!(self, Self::Month | Self::Year)
    }
}

impl Serialize for Axis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What to count, and by what.
#[derive(Clone, Debug)]
pub struct CountRequest<'a> {
    /// The search whose matches are counted. With nothing to look for, all
    /// notices that pass its filters. Unit, order, limits and explanation are
    /// not looked at.
    pub search: Request<'a>,
    /// What the rows of the table are.
    pub rows: Axis,
    /// What its columns are, if it is to have any.
    pub columns: Option<Axis>,
    /// The topics that [`Axis::Topic`] stands for, in this order.
    pub topics: &'a [Topic],
}

/// A table of counts.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountTable {
    /// The question as it was typed.
    pub query: String,
    /// What the rows are.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub rows_by: Axis,
    /// What the columns are; null for a table of one column.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub columns_by: Option<Axis>,
    /// The level of places, where rows or columns are places.
    pub level: Option<&'static str>,
    /// All that was counted. Across topics notices and passages are counted
    /// once, occurrences once for each topic they belong to.
    pub total: Counts,
    /// The rows and what each holds in all, in the same way.
    pub rows: Vec<Margin>,
    /// The columns and what each holds in all; none in a table of one column.
    pub columns: Vec<Margin>,
    /// Every cell, row by row.
    pub cells: Vec<Cell>,
    /// Time to count, in milliseconds.
    pub took_ms: f64,
    /// What was read otherwise than it may have been meant.
    pub notes: Vec<Note>,
}

/// What stands in a cell. The three are different things: nobody can tell what
/// a county did that published nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The corpus holds no notice of this place, month and so on.
    NoDocuments,
    /// It holds notices, and none matches.
    NoMatch,
    /// Some match.
    Match,
}

impl State {
    /// `no_documents`, `no_match` or `match`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoDocuments => "no_documents",
            Self::NoMatch => "no_match",
            Self::Match => "match",
        }
    }
}

/// How many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Which of three things it is.
    pub state: State,
    /// Notices that were looked at, matching or not.
    pub documents: u64,
    /// Notices that match; null where there was none to look at.
    pub notices: Option<u64>,
    /// Passages that match; null where there was no notice to look at.
    pub passages: Option<u64>,
    /// How often what was asked for stands in these passages: what a search
    /// highlights. Null where there was no notice to look at, and where
    /// nothing but filters was asked for.
    pub occurrences: Option<u64>,
}

/// A row or column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Margin {
    /// A month, a division code, a topic's id and so on; null for notices of
    /// which it is not known.
    pub key: Option<String>,
    /// The name of a place or topic; else the key.
    pub label: Option<String>,
    /// What it holds in all.
    #[serde(flatten)]
    pub counts: Counts,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cell {
    /// The key of its row.
    pub row: Option<String>,
    /// The label of its row.
    pub row_label: Option<String>,
    /// The key of its column; also null in a table of one column.
    pub column: Option<String>,
    /// The label of its column.
    pub column_label: Option<String>,
    /// What it holds.
    #[serde(flatten)]
    pub counts: Counts,
    /// Its passages as `ID#ANCHOR`, newest notices first; where nothing but
    /// filters was asked for, its notices as `ID`.
    pub found: Vec<String>,
}
