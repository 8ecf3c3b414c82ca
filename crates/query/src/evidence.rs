//! How much of a question stands in a passage, and in a notice as a whole.
//!
//! A question's words, pairs and single characters are three views of it. In
//! each, a term's occurrences in the text, the headings above and the title
//! count as occurrences in one text (BM25F), weighted by field.
//!
//! Source of the formula: Robertson, Zaragoza, *The Probabilistic Relevance
//! Framework: BM25 and Beyond*, 2009, sections 3.4 and 3.6. Two exponents are
//! ours, of the rarity of a term and of the length of a text; with both at 1
//! it is BM25F with b = 1. [`Weights`] has their values.

use gongbao_analysis::Fields;
use tantivy::{
    DocId, Score, Searcher, Term,
    postings::TermInfo,
    query::{Query, Weight},
    schema::Field,
};

use crate::{
    extent::{Runs, Statistics},
    layout::Layouts,
    request::Weights,
};

/// A way of cutting a text into terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// Words of the dictionary.
    Words,
    /// Two neighbouring characters.
    Pairs,
    /// Single characters.
    Chars,
}

const VIEWS: [View; 3] = [View::Words, View::Pairs, View::Chars];

/// A term of this rarity counts the same whatever the power of rarity: about
/// one in 250 passages has it.
const USUAL_RARITY: Score = 5.5;

/// How occurrences of a term saturate.
struct Saturation {
    /// So many occurrences in a text of average length add half of what any
    /// number could: BM25's k1.
    k1: Score,
    /// The power of a text's length, beside the average, that k1 grows with.
    length: Score,
}

impl View {
    /// Single characters saturate later than words: one says little once and
    /// more when it comes again. `docs/ranking.md` has the figures.
    fn saturation(self, weights: &Weights) -> Saturation {
        match self {
            Self::Words | Self::Pairs => Saturation {
                k1: weights.k1,
                length: weights.length,
            },
            Self::Chars => Saturation {
                k1: weights.k1 * 3.0,
                length: 1.0,
            },
        }
    }

    /// How much a term counts that so many of the passages have.
    fn gain(self, weights: &Weights, frequency: u64, passages: u64) -> Score {
        let rarity = rarity(frequency, passages);
        match self {
            Self::Words | Self::Pairs => {
                USUAL_RARITY * (rarity / USUAL_RARITY).powf(weights.rarity)
            }
            // There are too few characters for one to be telling.
            Self::Chars => rarity,
        }
    }

    /// Where its terms stand, and how much an occurrence there counts.
    fn places(self, fields: &Fields, weights: &Weights) -> Vec<(Place, Field, Score)> {
        let [body, title, path] = match self {
            Self::Words => [fields.body_words, fields.title_words, fields.path_words],
            Self::Pairs => [fields.body_pairs, fields.title_pairs, fields.path_pairs],
            Self::Chars => return vec![(Place::Body, fields.body_chars, 1.0)],
        };
        let mut places = vec![
            (Place::Body, body, 1.0),
            (Place::Title, title, weights.title),
            (Place::Path, path, weights.path),
        ];
        places.retain(|(_, _, weight)| *weight > 0.0);
        places
    }

    fn weight(self, weights: &Weights) -> Score {
        match self {
            Self::Words => weights.words,
            Self::Pairs => weights.pairs,
            Self::Chars => weights.chars,
        }
    }

    pub(crate) fn index(self) -> usize {
        self as usize
    }
}

/// Where an occurrence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Body,
    Title,
    Path,
}

/// A term of the question.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) view: View,
    pub(crate) term: String,
}

/// Something else that adds to a passage's score: a phrase, an expression of a
/// topic.
pub(crate) struct Extra {
    pub(crate) what: String,
    pub(crate) query: Box<dyn Query>,
    /// Its score is the BM25 of these terms, taken as one.
    pub(crate) terms: Vec<Term>,
    /// How much that counts.
    pub(crate) weight: Score,
}

/// All that a question is ranked by.
#[derive(Default)]
pub(crate) struct Evidence {
    pub(crate) wanted: Vec<Wanted>,
    pub(crate) extras: Vec<Extra>,
}

/// What one part of the evidence added to a passage's score.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) what: What,
    pub(crate) score: Score,
}

/// What a [`Part`] is about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    /// A term and how often it stands where.
    Term(Wanted, Vec<(Place, u32)>),
    /// The name of an extra.
    Extra(String),
}

/// Evidence with what it takes from the whole index: how rare terms are, how
/// long texts.
pub(crate) struct Prepared<'e> {
    /// The rarest first.
    pub(crate) terms: Vec<PreparedTerm<'e>>,
    pub(crate) extras: Vec<PreparedExtra<'e>>,
    pub(crate) views: [Places; 3],
}

pub(crate) struct PreparedTerm<'e> {
    pub(crate) wanted: &'e Wanted,
    /// Weight times inverse document frequency times k1 + 1: what any number of
    /// occurrences stays below.
    pub(crate) gain: Score,
    /// By segment, where its occurrences are listed.
    pub(crate) lists: Vec<Vec<List>>,
    /// How many passages have it in one place, where most do.
    frequency: u64,
}

/// The occurrences of a term in one place, in one segment.
pub(crate) struct List {
    pub(crate) place: Place,
    pub(crate) field: Field,
    pub(crate) weight: Score,
    pub(crate) info: TermInfo,
    /// Of which passages it is said what stands there, where it is indexed once
    /// for several.
    pub(crate) runs: Option<Runs>,
}

impl List {
    /// The document that would be listed for `passage`.
    #[inline]
    pub(crate) fn listed_for(&self, passage: DocId) -> DocId {
        let runs = self.runs.as_ref();
        runs.map_or(passage, |runs| runs.start_of(passage))
    }

    /// About how many passages it is of.
    pub(crate) fn passages(&self) -> u32 {
        match &self.runs {
            None => self.info.doc_freq,
            Some(runs) => runs.passages_of(self.info.doc_freq),
        }
    }
}

pub(crate) struct PreparedExtra<'e> {
    pub(crate) what: &'e str,
    pub(crate) weight: Box<dyn Weight>,
    /// How much its score counts.
    pub(crate) boost: Score,
    /// What it adds at most.
    pub(crate) bound: Score,
}

pub(crate) struct Places {
    pub(crate) view: View,
    pub(crate) places: Vec<(Place, Field, Score)>,
    saturation: Saturation,
    /// Terms in an average passage, in an average notice.
    pub(crate) in_passage: Score,
    pub(crate) in_notice: Score,
}

impl Places {
    /// Tells apart what [`hold`](Self::hold) depends on.
    pub(crate) fn key(&self) -> [u32; 6] {
        let weight = |wanted: Place| {
            let mut places = self.places.iter();
            let found = places.find(|(place, _, _)| *place == wanted);
            found.map_or(0.0, |(_, _, weight)| *weight)
        };
        [
            weight(Place::Title),
            weight(Place::Path),
            self.saturation.k1,
            self.saturation.length,
            self.in_passage,
            self.in_notice,
        ]
        .map(Score::to_bits)
    }

    /// Makes of each of `lengths`, in terms, what occurrences in a text that long are held
    /// against, if the average has `average`; of several at a time.
    pub(crate) fn hold(&self, lengths: &mut [Score], average: Score) {
        for length in lengths {
            *length = self.saturation.k1 * raised(*length / average, self.saturation.length);
        }
    }
}

impl Evidence {
    pub(crate) fn term(&mut self, view: View, term: &str) {
        let wanted = Wanted {
            view,
            term: term.to_owned(),
        };
        // What comes twice in a question counts once.
        if !self.wanted.contains(&wanted) {
            self.wanted.push(wanted);
        }
    }

    pub(crate) fn extra(&mut self, extra: Extra) {
        if !self.extras.iter().any(|known| known.what == extra.what) {
            self.extras.push(extra);
        }
    }

    /// Looks up how rare the terms are in an index of so many passages of so
    /// many notices.
    pub(crate) fn prepare(
        &self,
        searcher: &Searcher,
        layouts: &Layouts,
        fields: &Fields,
        weights: &Weights,
        (notices, passages): (u64, u64),
    ) -> tantivy::Result<Prepared<'_>> {
        let statistics = Statistics::of(searcher, fields)?;
        let mut views = Vec::with_capacity(VIEWS.len());
        for view in VIEWS {
            let places = view.places(fields, weights);
            let (mut in_passage, mut in_notice) = (0.0, 0.0);
            for (place, field, weight) in &places {
                // Whole numbers: the same sum, however the segments lie.
                let mut tokens = 0;
                for reader in searcher.segment_readers() {
                    tokens += reader.inverted_index(*field)?.total_num_tokens();
                }
                let of_passage = share(statistics.in_passages(*field, tokens), passages);
                in_passage += *weight * of_passage;
                in_notice += *weight
                    * match place {
                        Place::Body => share(tokens, notices),
                        // A title is one title, however many passages bear it.
                        Place::Title | Place::Path => of_passage,
                    };
            }
            views.push(Places {
                view,
                places,
                saturation: view.saturation(weights),
                in_passage: in_passage.max(1.0),
                in_notice: in_notice.max(1.0),
            });
        }
        let views: [Places; 3] = views.try_into().ok().expect("as many as there are views");
        let mut terms = Vec::with_capacity(self.wanted.len());
        for wanted in &self.wanted {
            let places = &views[wanted.view.index()];
            let weight = wanted.view.weight(weights);
            if weight == 0.0 {
                continue;
            }
            let (lists, frequency) = lists(searcher, layouts, &statistics, wanted, places)?;
            if frequency > 0 {
                let gain = weight * wanted.view.gain(weights, frequency, passages);
                terms.push(PreparedTerm {
                    wanted,
                    gain: gain * (places.saturation.k1 + 1.0),
                    lists,
                    frequency,
                });
            }
        }
        terms.sort_by_key(|term| term.frequency);
        let extras = self.extras.iter().map(|extra| {
            let most = statistics.similarity(&extra.terms)?.max_score();
            Ok(PreparedExtra {
                what: &extra.what,
                weight: extra.query.weight(statistics.scoring())?,
                boost: extra.weight,
                bound: extra.weight * most,
            })
        });
        Ok(Prepared {
            terms,
            extras: extras.collect::<tantivy::Result<_>>()?,
            views,
        })
    }
}

/// Where `wanted` stands, segment by segment, and the most passages that have
/// it in one place.
fn lists(
    searcher: &Searcher,
    layouts: &Layouts,
    statistics: &Statistics<'_>,
    wanted: &Wanted,
    places: &Places,
) -> tantivy::Result<(Vec<Vec<List>>, u64)> {
    let readers = searcher.segment_readers();
    let mut lists: Vec<Vec<List>> = readers.iter().map(|_| Vec::new()).collect();
    let mut most = 0;
    for &(place, field, weight) in &places.places {
        let term = Term::from_field_text(field, &wanted.term);
        let mut frequency = 0;
        for (reader, lists) in readers.iter().zip(&mut lists) {
            if let Some(info) = reader.inverted_index(field)?.get_term_info(&term)? {
                frequency += u64::from(info.doc_freq);
                lists.push(List {
                    place,
                    field,
                    weight,
                    info,
                    runs: layouts.of(reader).runs_in(place, reader)?,
                });
            }
        }
        most = most.max(statistics.in_passages(field, frequency));
    }
    Ok((lists, most))
}

fn share(part: u64, whole: u64) -> Score {
    part as Score / whole.max(1) as Score
}

/// `length` to the power of `power`; once for each passage, so the usual ones
/// are worked out by cheaper means.
#[inline]
fn raised(length: Score, power: Score) -> Score {
    if power == 1.0 {
        length
    } else if power == 1.125 {
        length * length.sqrt().sqrt().sqrt()
    } else {
        length.powf(power)
    }
}

/// BM25's inverse document frequency, never negative.
fn rarity(frequency: u64, passages: u64) -> Score {
    let (frequency, passages) = (frequency as Score, passages as Score);
    ((passages - frequency).max(0.0) + 0.5)
        .mul_add((frequency + 0.5).recip(), 1.0)
        .ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_everywhere_still_counts_a_little() {
        assert!(rarity(100, 100) > 0.0);
        assert!(
            rarity(101, 100) > 0.0,
            "deleted passages are counted until merged"
        );
        assert!(rarity(1, 100) > rarity(2, 100));
    }
}
