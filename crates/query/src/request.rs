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

/// How much of its block stands around an occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KwicContext {
    /// So many characters on each side.
    Letters(usize),
    /// The sentence, up to 。！？； and their like.
    Sentence,
}

impl From<usize> for KwicContext {
    fn from(letters: usize) -> Self {
        Self::Letters(letters)
    }
}

/// The order of a concordance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KwicOrder {
    /// Newest notices first, in the order of the text.
    #[default]
    Text,
    /// By what stands before, from the occurrence backwards.
    Left,
    /// By what stands behind.
    Right,
    /// The oldest first; those without date last.
    Date,
    /// By division code; those without place last.
    Place,
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
    /// Whether later copies of a notice that matches are left out.
    pub fold: bool,
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
            fold: false,
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
    /// The power of a word's or pair's rarity, BM25's inverse document
    /// frequency, that it counts with; 1 is BM25.
    pub rarity: Score,
    /// So many occurrences of a word or pair in a passage of average length
    /// add half of what any number could: BM25's k1. Three times as many of a
    /// single character.
    pub k1: Score,
    /// The power of a passage's length, beside the average, that occurrences
    /// of words and pairs are held against; 1 is BM25 with a b of 1.
    pub length: Score,
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
            rarity: 1.2,
            k1: 0.75,
            length: 1.125,
            title: 6.0,
            path: 1.0,
            phrase: 1.5,
            same: 0.6,
            whole: 2.0,
        }
    }
}
