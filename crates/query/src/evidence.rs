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
    DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, Term,
    fieldnorm::FieldNormReader,
    postings::{Postings, SegmentPostings},
    query::{EnableScoring, Query, Scorer, Weight},
    schema::{Field, IndexRecordOption},
};

use crate::request::Weights;

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

    fn index(self) -> usize {
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
    terms: Vec<PreparedTerm<'e>>,
    extras: Vec<(&'e str, Box<dyn Weight>)>,
    views: [Places; 3],
}

struct PreparedTerm<'e> {
    wanted: &'e Wanted,
    /// Weight times inverse document frequency times k1 + 1.
    gain: Score,
}

struct Places {
    places: Vec<(Place, Field, Score)>,
    saturation: Saturation,
    /// Terms in an average passage, in an average notice.
    in_passage: Score,
    in_notice: Score,
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

    pub(crate) fn extra(&mut self, what: String, query: Box<dyn Query>) {
        if !self.extras.iter().any(|known| known.what == what) {
            self.extras.push(Extra { what, query });
        }
    }

    /// Looks up how rare the terms are in an index of so many passages of so
    /// many notices.
    pub(crate) fn prepare(
        &self,
        searcher: &Searcher,
        fields: &Fields,
        weights: &Weights,
        (notices, passages): (u64, u64),
    ) -> tantivy::Result<Prepared<'_>> {
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
                in_passage += *weight * share(tokens, passages);
                in_notice += *weight
                    * match place {
                        Place::Body => share(tokens, notices),
                        // Title and headings are indexed with every passage.
                        Place::Title | Place::Path => share(tokens, passages),
                    };
            }
            views.push(Places {
                places,
                saturation: view.saturation(weights),
                in_passage: in_passage.max(1.0),
                in_notice: in_notice.max(1.0),
            });
        }
        let views: [Places; 3] = views.try_into().ok().expect("as many as there are views");
        let mut terms = Vec::with_capacity(self.wanted.len());
        for wanted in &self.wanted {
            let weight = wanted.view.weight(weights);
            let mut frequency = 0;
            for (_, field, _) in &views[wanted.view.index()].places {
                let term = Term::from_field_text(*field, &wanted.term);
                frequency = frequency.max(searcher.doc_freq(&term)?);
            }
            if weight > 0.0 && frequency > 0 {
                let gain = weight * wanted.view.gain(weights, frequency, passages);
                let k1 = views[wanted.view.index()].saturation.k1;
                terms.push(PreparedTerm {
                    wanted,
                    gain: gain * (k1 + 1.0),
                });
            }
        }
        let extras = self.extras.iter().map(|extra| {
            let scoring = EnableScoring::enabled_from_searcher(searcher);
            Ok((extra.what.as_str(), extra.query.weight(scoring)?))
        });
        Ok(Prepared {
            terms,
            extras: extras.collect::<tantivy::Result<_>>()?,
            views,
        })
    }
}

fn share(part: u64, whole: u64) -> Score {
    part as Score / whole.max(1) as Score
}

/// `length` to the power of `power`; once for each passage, so the usual ones
/// are worked out by cheaper means.
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

impl<'e> Prepared<'e> {
    /// The evidence in one segment.
    pub(crate) fn segment(&self, reader: &SegmentReader) -> tantivy::Result<InSegment<'_, 'e>> {
        let mut terms = Vec::with_capacity(self.terms.len());
        for term in &self.terms {
            let mut postings = Vec::new();
            for (place, field, weight) in &self.views[term.wanted.view.index()].places {
                let wanted = Term::from_field_text(*field, &term.wanted.term);
                let found = reader
                    .inverted_index(*field)?
                    .read_postings(&wanted, IndexRecordOption::WithFreqs)?;
                postings.extend(found.map(|found| (*place, *weight, found)));
            }
            if !postings.is_empty() {
                terms.push(TermInSegment { term, postings });
            }
        }
        let mut lengths = Vec::with_capacity(VIEWS.len());
        for (view, places) in VIEWS.iter().zip(&self.views) {
            let mut norms = Vec::new();
            if terms.iter().any(|term| term.term.wanted.view == *view) {
                for (place, field, weight) in &places.places {
                    norms.push((*place, *weight, reader.get_fieldnorms_reader(*field)?));
                }
            }
            lengths.push(norms);
        }
        let mut extras = Vec::with_capacity(self.extras.len());
        for (what, weight) in &self.extras {
            let scorer = weight.scorer(reader, 1.0)?;
            if scorer.doc() != TERMINATED {
                extras.push((*what, scorer));
            }
        }
        Ok(InSegment {
            views: &self.views,
            terms,
            lengths,
            extras,
            room: Room::default(),
        })
    }
}

/// Evidence in one segment, met in the order of its documents.
pub(crate) struct InSegment<'p, 'e> {
    views: &'p [Places; 3],
    terms: Vec<TermInSegment<'p, 'e>>,
    lengths: Vec<Vec<(Place, Score, FieldNormReader)>>,
    extras: Vec<(&'p str, Box<dyn Scorer>)>,
    room: Room,
}

struct TermInSegment<'p, 'e> {
    term: &'p PreparedTerm<'e>,
    postings: Vec<(Place, Score, SegmentPostings)>,
}

/// Matching passages in a row, whole notices of them.
#[derive(Default)]
pub(crate) struct Window {
    /// The passages, in order.
    pub(crate) docs: Vec<DocId>,
    /// For each, the number of its notice among those of the window.
    pub(crate) notice: Vec<u32>,
    /// How many notices.
    pub(crate) notices: usize,
}

/// The scores of a window.
#[derive(Default)]
pub(crate) struct Scores {
    /// Of each passage by itself.
    pub(crate) passages: Vec<Score>,
    /// Of the matching passages of each notice read as one, extras left out.
    pub(crate) wholes: Vec<Score>,
}

/// Memory that windows share.
#[derive(Default)]
struct Room {
    /// k1 times the relative length of each passage, of each notice, by view.
    passages: [Vec<Score>; 3],
    wholes: [Vec<Score>; 3],
    counts: Counts,
}

/// Weighted occurrences of one term.
#[derive(Default)]
struct Counts {
    in_passage: Vec<Score>,
    passages: Vec<u32>,
    in_whole: Vec<Score>,
    wholes: Vec<u32>,
    /// The last field that was counted for each notice.
    counted: Vec<u32>,
}

impl Counts {
    fn start(&mut self, window: &Window) {
        self.in_passage.clear();
        self.in_passage.resize(window.docs.len(), 0.0);
        self.in_whole.clear();
        self.in_whole.resize(window.notices, 0.0);
        self.counted.clear();
        self.counted.resize(window.notices, 0);
    }

    fn add(&mut self, at: usize, notice: u32, count: Score, whole: bool) {
        if self.in_passage[at] == 0.0 {
            self.passages.push(at as u32);
        }
        self.in_passage[at] += count;
        if whole {
            let in_whole = &mut self.in_whole[notice as usize];
            if *in_whole == 0.0 {
                self.wholes.push(notice);
            }
            *in_whole += count;
        }
    }
}

impl InSegment<'_, '_> {
    /// Scores a window; windows come in the order of their documents.
    pub(crate) fn score(&mut self, window: &Window, scores: &mut Scores) {
        scores.passages.clear();
        scores.passages.resize(window.docs.len(), 0.0);
        scores.wholes.clear();
        scores.wholes.resize(window.notices, 0.0);
        for view in VIEWS {
            self.measure(view, window);
        }
        let counts = &mut self.room.counts;
        counts.start(window);
        let mut field = 0;
        for term in &mut self.terms {
            for (place, weight, postings) in &mut term.postings {
                field += 1;
                meet(postings, &window.docs, |at, frequency| {
                    let notice = window.notice[at];
                    // A title is one title, however many passages bear it.
                    let last = &mut counts.counted[notice as usize];
                    let whole = *place == Place::Body || *last != field;
                    *last = field;
                    counts.add(at, notice, *weight * frequency as Score, whole);
                });
            }
            let (view, gain) = (term.term.wanted.view.index(), term.term.gain);
            for at in counts.passages.drain(..).map(|at| at as usize) {
                let count = std::mem::take(&mut counts.in_passage[at]);
                scores.passages[at] += gain * count / (count + self.room.passages[view][at]);
            }
            for notice in counts.wholes.drain(..).map(|notice| notice as usize) {
                let count = std::mem::take(&mut counts.in_whole[notice]);
                scores.wholes[notice] += gain * count / (count + self.room.wholes[view][notice]);
            }
        }
        for (_, extra) in &mut self.extras {
            for (at, &doc) in window.docs.iter().enumerate() {
                if extra.doc() < doc {
                    extra.seek(doc);
                }
                if extra.doc() == doc {
                    scores.passages[at] += extra.score();
                }
            }
        }
    }

    /// How long passages and notices are in `view`.
    fn measure(&mut self, view: View, window: &Window) {
        let view = view.index();
        let Places {
            in_passage,
            in_notice,
            saturation: Saturation { k1, length: power },
            ..
        } = self.views[view];
        let (passages, wholes) = (&mut self.room.passages[view], &mut self.room.wholes[view]);
        passages.clear();
        wholes.clear();
        if self.lengths[view].is_empty() {
            return;
        }
        wholes.resize(window.notices, 0.0);
        let mut last = None;
        for (&doc, &notice) in window.docs.iter().zip(&window.notice) {
            let is_first = last.replace(notice) != Some(notice);
            let mut length = 0.0;
            for (place, weight, norms) in &self.lengths[view] {
                let here = *weight * norms.fieldnorm(doc) as Score;
                length += here;
                if *place == Place::Body || is_first {
                    wholes[notice as usize] += here;
                }
            }
            passages.push(k1 * raised(length / in_passage, power));
        }
        for length in wholes {
            *length = k1 * raised(*length / in_notice, power);
        }
    }

    /// What made up the score of passage `doc`, most first. Once for each
    /// segment, since postings only go forward.
    pub(crate) fn explain(&mut self, doc: DocId) -> Vec<Part> {
        let window = Window {
            docs: vec![doc],
            notice: vec![0],
            notices: 1,
        };
        for view in VIEWS {
            self.measure(view, &window);
        }
        let mut parts = Vec::new();
        for term in &mut self.terms {
            let (mut count, mut places) = (0.0, Vec::new());
            for (place, weight, postings) in &mut term.postings {
                meet(postings, &window.docs, |_, frequency| {
                    count += *weight * frequency as Score;
                    places.push((*place, frequency));
                });
            }
            if count > 0.0 {
                let length = self.room.passages[term.term.wanted.view.index()][0];
                parts.push(Part {
                    what: What::Term(term.term.wanted.clone(), places),
                    score: term.term.gain * count / (count + length),
                });
            }
        }
        for (what, extra) in &mut self.extras {
            if extra.doc() <= doc && extra.seek(doc) == doc {
                parts.push(Part {
                    what: What::Extra((*what).to_owned()),
                    score: extra.score(),
                });
            }
        }
        parts.sort_by(|a, b| b.score.total_cmp(&a.score));
        parts
    }
}

/// Hands the place in `docs` and the frequency of each of them that `postings`
/// holds to `each`. Both lists are sorted; whichever is ahead waits for the other.
fn meet(postings: &mut SegmentPostings, docs: &[DocId], mut each: impl FnMut(usize, u32)) {
    let mut at = 0;
    let mut doc = postings.doc();
    while let Some(&wanted) = docs.get(at) {
        if doc < wanted {
            doc = postings.advance();
            if doc < wanted {
                doc = postings.seek(wanted);
            }
        }
        if doc == wanted {
            each(at, postings.term_freq());
            at += 1;
        } else {
            at += ahead(&docs[at..], doc);
        }
    }
}

/// How many of `docs` come before `doc`, found by doubling steps: the next one
/// is mostly near.
fn ahead(docs: &[DocId], doc: DocId) -> usize {
    let mut step = 1;
    while step < docs.len() && docs[step] < doc {
        step *= 2;
    }
    let (start, end) = (step / 2, docs.len().min(step + 1));
    start + docs[start..end].partition_point(|&other| other < doc)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn steps_lead_to_the_first_that_is_not_before(
            mut docs in proptest::collection::vec(0_u32..300, 1..80),
            doc in 0_u32..320,
        ) {
            docs.sort_unstable();
            docs.dedup();
            prop_assert_eq!(ahead(&docs, doc), docs.partition_point(|&other| other < doc));
        }
    }

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
