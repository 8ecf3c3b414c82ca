//! What can be asked of the engine.

use serde::Serialize;
use tantivy::Score;

use crate::{filter::Filters, topic::Topic};

/// What a search counts and shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
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

/// How much each kind of evidence counts in a score, as factors of its BM25.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// A word in the passage.
    pub body_words: Score,
    /// A word in the notice's title.
    pub title_words: Score,
    /// A word in the headings above the passage.
    pub path_words: Score,
    /// Two neighbouring characters in the passage.
    pub body_pairs: Score,
    /// Two neighbouring characters in the title.
    pub title_pairs: Score,
    /// A single character in the passage.
    pub body_chars: Score,
    /// A phrase.
    pub phrase: Score,
}

impl Default for Weights {
    /// The same for every corpus; chosen as `docs/ranking.md` tells.
    fn default() -> Self {
        Self {
            body_words: 0.8,
            title_words: 0.25,
            path_words: 0.25,
            body_pairs: 0.5,
            title_pairs: 0.12,
            body_chars: 0.8,
            phrase: 1.5,
        }
    }
}
