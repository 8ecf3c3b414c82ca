//! What can be asked of the engine.

use serde::Serialize;
use tantivy::Score;

use crate::{filter::Filters, topic::Topic};

/// What a search counts and shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Notices, each with its best passages.
    #[default]
    Notice,
    /// Passages.
    Passage,
}

impl Unit {
    /// `notice` or `passage`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Passage => "passage",
        }
    }
}

/// What comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The best match.
    #[default]
    Relevance,
    /// The newest by its day of publishing, else of signing.
    Newest,
    /// The oldest.
    Oldest,
}

/// A search.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The question as typed.
    pub text: &'a str,
    /// Find exactly this sequence of characters instead of reading the
    /// question.
    pub literal: bool,
    /// Find what a topic is about; a question besides narrows it down.
    pub topic: Option<&'a Topic>,
    /// Where to look.
    pub filters: Filters,
    /// What to count and show.
    pub unit: Unit,
    /// What comes first.
    pub order: Order,
    /// How many hits at most.
    pub limit: usize,
    /// How many hits to leave out before.
    pub offset: usize,
    /// How many passages of a notice at most.
    pub passages: usize,
    /// Whether each passage tells what made up its score.
    pub explain: bool,
    /// How much each kind of evidence counts.
    pub weights: Weights,
}

impl<'a> Request<'a> {
    /// A search for `text`: the ten best notices, three passages of each.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            literal: false,
            topic: None,
            filters: Filters::default(),
            unit: Unit::default(),
            order: Order::default(),
            limit: 10,
            offset: 0,
            passages: 3,
            explain: false,
            weights: Weights::default(),
        }
    }
}

/// How much each kind of evidence counts in a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// The BM25 of words.
    pub words: Score,
    /// The BM25 of neighbouring characters.
    pub pairs: Score,
    /// The BM25 of single characters.
    pub chars: Score,
    /// An occurrence in the title, beside 1 for one in the text.
    pub title: Score,
    /// An occurrence in the headings above the passage, beside 1 for one in
    /// the text.
    pub path: Score,
    /// The BM25 of a phrase.
    pub phrase: Score,
    /// The BM25 of another name for what a question says.
    pub same: Score,
    /// The matching passages of a notice, read as one, beside 1 for its best
    /// passage.
    pub whole: Score,
}

impl Default for Weights {
    /// The same for every corpus; chosen as `docs/ranking.md` tells.
    fn default() -> Self {
        Self {
            words: 1.0,
            pairs: 1.0,
            chars: 1.0,
            title: 6.0,
            path: 1.0,
            phrase: 1.5,
            same: 0.6,
            whole: 1.0,
        }
    }
}
