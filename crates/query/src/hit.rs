//! What is given back. Fields are added here, never renamed: scripts rely on
//! them.

use gongbao_analysis::Kinship;
use gongbao_notice::Region;
use serde::Serialize;

use crate::{
    evidence::{self, Place, View, What},
    parse::Note,
    request::Unit,
};

/// The answer to a search.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Response {
    /// The question as it was typed.
    pub query: String,
    /// What `total` and `hits` count.
    pub unit: Unit,
    /// Notices, or passages, that match.
    pub total: u64,
    /// Whether there may be more than `total`: of very many passages that may
    /// hold a literal text with marks, only as many were looked at as it took
    /// to be sure of the hits.
    pub at_least: bool,
    /// How many of them are not among the hits, as an earlier notice with the
    /// same text stands for them.
    pub folded: u64,
    /// Time to answer, in milliseconds.
    pub took_ms: f64,
    /// The hits asked for, best first.
    pub hits: Vec<Hit>,
    /// What was read otherwise than it may have been meant.
    pub notes: Vec<Note>,
}

/// A notice with its best passages, or one passage with its notice.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hit {
    /// The notice's name.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// The issuing organ.
    pub organ: Option<String>,
    /// Its place.
    pub region: Option<Region>,
    /// The genre's Chinese name.
    pub genre: Option<String>,
    /// When it was published, as `YYYY-MM-DD`.
    pub published: Option<String>,
    /// The day it was signed, as `YYYY-MM-DD`.
    pub signed: Option<String>,
    /// The higher, the better; comparable within one answer only.
    pub score: f32,
    /// How many of its passages match.
    pub matched: u32,
    /// How many later notices with the same text match and are folded under
    /// this one.
    pub copies: u32,
    /// The best of them, best first.
    pub passages: Vec<PassageHit>,
}

/// A passage that matches.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PassageHit {
    /// Its anchor in the notice.
    pub anchor: String,
    /// The printed label of its item.
    pub label: Option<String>,
    /// The headings it stands under, outermost first, its own last.
    pub path: Vec<String>,
    /// Its text, as printed.
    pub text: String,
    /// What matched: `[start, end)` in Unicode characters of `text`.
    pub highlights: Vec<[usize; 2]>,
    /// Its own score.
    pub score: f32,
    /// What made up the score, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Vec<Contribution>>,
}

/// What one part of a question added to a score.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contribution {
    /// What matched and where, such as `债务 as a word in the text`.
    pub what: String,
    /// What it added.
    pub score: f32,
}

impl From<evidence::Part> for Contribution {
    fn from(part: evidence::Part) -> Self {
        let what = match part.what {
            What::Extra(what) => what,
            What::Term(wanted, places) => {
                let view = match wanted.view {
                    View::Words => "as a word",
                    View::Pairs => "as neighbouring characters",
                    View::Chars => "as a character",
                };
                let places: Vec<_> = places
                    .iter()
                    .map(|(place, count)| {
                        let place = match place {
                            Place::Body => "text",
                            Place::Title => "title",
                            Place::Path => "headings above",
                        };
                        format!("{count} in the {place}")
                    })
                    .collect();
                format!("{} {view}: {}", wanted.term, places.join(", "))
            }
        };
        Self {
            what,
            score: part.score,
        }
    }
}

/// One occurrence in its context.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KwicRow {
    /// The notice's name.
    pub id: String,
    /// The passage it starts in.
    pub anchor: String,
    /// What stands before it in the same block.
    pub left: String,
    /// The occurrence as printed.
    #[serde(rename = "match")]
    pub matched: String,
    /// What stands behind it in the same block.
    pub right: String,
    /// The day the notice was published, else signed, as `YYYY-MM-DD`; to sort
    /// by.
    #[serde(skip)]
    pub date: Option<String>,
    /// The code of its place; to sort by.
    #[serde(skip)]
    pub region: Option<String>,
}

/// A word that stands near a text more than elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Collocate {
    /// The word, normalised.
    pub word: String,
    /// How often it stands near the text.
    pub occurrences: u64,
    /// In how many passages it does.
    pub passages: u64,
    /// How many other passages have it.
    pub elsewhere: u64,
    /// How much it stands out: Dunning's G², above 10.83 by chance once in a
    /// thousand.
    pub log_likelihood: f64,
}

/// Another notice that holds text of a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Copied {
    /// The other notice's name.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// The issuing organ.
    pub organ: Option<String>,
    /// When it was published, as `YYYY-MM-DD`.
    pub published: Option<String>,
    /// What the other is to this one: its `copy`, one in which it is
    /// `contained`, one that it `contains`, or one with common `passages`.
    pub kinship: Kinship,
    /// How much of this notice the other holds, in percent.
    pub percent: u8,
    /// How much of the other this notice holds, in percent.
    pub percent_there: u8,
    /// Passages that are the same, or hold one another; the first sixteen.
    pub passages: Vec<CopiedPassage>,
}

/// A passage and the one elsewhere that is the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CopiedPassage {
    /// Its anchor.
    pub here: String,
    /// The anchor in the other notice.
    pub there: String,
}
