//! Scores of the passages of one segment, and of results made up of them.
//!
//! Terms are taken one after the other, the rarest first. Before the frequent
//! ones, whose lists are long, results are dropped that could not come among
//! the best with all that is left: each term adds at most its gain. That is
//! MaxScore, term by term. What is left is scored in full, so that the best are
//! the same, to the last bit, as if nothing had been dropped.
//!
//! Source: Turtle, Flood, *Query Evaluation: Strategies and Optimizations*, 1995.

use tantivy::{
    DocId, DocSet, Score, SegmentReader,
    postings::{Postings, SegmentPostings, TermInfo},
    query::Scorer,
    schema::{Field, IndexRecordOption},
};

use crate::{
    evidence::{Part, Place, Prepared, PreparedTerm, What},
    lengths::Lengths,
    matching::Matching,
    ranking::{MOST_COUNTED, Rule},
};

/// Sums are in another order when a result is judged early, and differ in
/// their last digits.
const ROUNDING: Score = 1e-4;

/// How much of the way between them the floor rises until what is left has
/// sunk to it: a guess, on which only the time it takes depends.
const RISE: Score = 0.25;

/// Hopeless results are looked for again once so much of what was left then is
/// left still.
const LESS: Score = 0.8;

/// Which results are wanted.
#[derive(Clone, Copy)]
pub(crate) struct Bar<'r> {
    rule: &'r Rule,
    /// So many of the best; `None` for all.
    limit: Option<usize>,
    /// So much they have at least.
    floor: Score,
    /// It is looked for hopeless results once no more than this is left.
    look_at: Score,
}

impl<'r> Bar<'r> {
    /// For the `limit` best, of which those found elsewhere have `floor` at
    /// least; for all results if there is no limit.
    pub(crate) fn new(rule: &'r Rule, limit: Option<usize>, floor: Score) -> Self {
        Self {
            rule,
            limit,
            floor,
            look_at: Score::MAX,
        }
    }
}

/// The scores of what matches in a segment.
#[derive(Default)]
pub(crate) struct Scores {
    /// Of each passage by itself.
    pub(crate) passages: Vec<Score>,
    /// Of the passages of each result read as one text, extras left out.
    pub(crate) wholes: Vec<Score>,
}

impl Scores {
    /// What result `number` has.
    pub(crate) fn result(&self, matching: &Matching, number: usize, rule: &Rule) -> Score {
        let whole = self.wholes.get(number).copied().unwrap_or_default();
        rule.score(&self.passages[matching.run(number)], whole)
    }
}

impl Bar<'_> {
    /// Puts off looking for hopeless results, which costs as much as a term
    /// that many have, until it is worth it; so much is left now.
    fn look_again(&mut self, left: Score) {
        let reached = self.floor / self.rule.reach(1);
        self.look_at = if reached < left {
            // Results with nothing have hope until what is left sinks to the
            // floor, which rises meanwhile.
            reached + (left - reached) * RISE
        } else {
            left * LESS
        };
    }

    /// Drops the results that cannot come among the best by adding `left` to
    /// each of their passages and to their whole. Tells whether there are any.
    fn drop_hopeless(&mut self, matching: &mut Matching, scores: &mut Scores, left: Score) -> bool {
        let Some(limit) = self.limit else {
            return false;
        };
        if left > self.look_at || matching.results() <= limit {
            return false;
        }
        let so_far: Vec<Score> = (0..matching.results())
            .map(|number| scores.result(matching, number, self.rule))
            .collect();
        if so_far.len() > limit {
            let mut sorted = so_far.clone();
            let (_, last, _) = sorted.select_nth_unstable_by(limit - 1, |a, b| b.total_cmp(a));
            self.floor = self.floor.max(*last);
        }
        let floor = self.floor * (1.0 - ROUNDING);
        self.look_again(left);
        let reach = [1, 2, MOST_COUNTED].map(|passages| left * self.rule.reach(passages));
        let has_hope = |(number, so_far): (usize, &Score)| {
            let passages = matching.run(number).len();
            so_far + reach[passages.min(MOST_COUNTED) - 1] >= floor
        };
        let has_hope: Vec<bool> = so_far.iter().enumerate().map(has_hope).collect();
        let hopeful = has_hope.iter().filter(|has_hope| **has_hope).count();
        if hopeful == has_hope.len() {
            return false;
        }
        let (mut passages, mut wholes) = (Vec::new(), Vec::with_capacity(hopeful));
        let mut last = None;
        matching.retain(
            |number| has_hope[number],
            |at, number| {
                passages.push(scores.passages[at]);
                if last.replace(number) != Some(number) {
                    wholes.extend(scores.wholes.get(number));
                }
            },
        );
        (scores.passages, scores.wholes) = (passages, wholes);
        true
    }
}

impl Prepared<'_> {
    /// Scores what matches in segment number `segment`. Leaves in `matching`
    /// what may be among the results that `bar` asks for.
    pub(crate) fn score(
        &self,
        segment: usize,
        reader: &SegmentReader,
        matching: &mut Matching,
        bar: &Bar<'_>,
    ) -> tantivy::Result<Scores> {
        let has_wholes = bar.rule.whole > 0.0;
        let mut scores = Scores {
            passages: vec![0.0; matching.docs.len()],
            wholes: vec![0.0; if has_wholes { matching.results() } else { 0 }],
        };
        if matching.docs.is_empty() {
            return Ok(scores);
        }
        let bounds = self.terms.iter().map(|term| term.gain);
        let bounds: Vec<Score> = bounds
            .chain(self.extras.iter().map(|extra| extra.bound))
            .collect();
        let mut left = suffixes(&bounds).into_iter();
        let mut lengths: Vec<_> = self.views.iter().map(Lengths::new).collect();
        let mut met = Vec::new();
        let mut bar = *bar;
        bar.look_again(bounds.iter().sum());
        for term in &self.terms {
            let left = left.next().unwrap_or_default();
            term.meet(segment, reader, matching, &mut met)?;
            if !met.is_empty() {
                let lengths = &mut lengths[term.wanted.view.index()];
                lengths.open(reader, matching)?;
                add(term.gain, &met, matching, lengths, &mut scores);
            }
            if bar.drop_hopeless(matching, &mut scores, left) {
                lengths.iter_mut().for_each(Lengths::forget);
            }
        }
        for extra in &self.extras {
            let left = left.next().unwrap_or_default();
            add_extra(
                &mut *extra.weight.scorer(reader, extra.boost)?,
                matching,
                &mut scores,
            );
            bar.drop_hopeless(matching, &mut scores, left);
        }
        Ok(scores)
    }

    /// What made up the score of passage `doc` of segment number `segment`,
    /// most first.
    pub(crate) fn explain(
        &self,
        segment: usize,
        reader: &SegmentReader,
        doc: DocId,
    ) -> tantivy::Result<Vec<Part>> {
        let mut matching = Matching::one(doc);
        let mut lengths: Vec<_> = self.views.iter().map(Lengths::new).collect();
        let mut met = Vec::new();
        let mut parts = Vec::new();
        for term in &self.terms {
            term.meet(segment, reader, &mut matching, &mut met)?;
            if met.is_empty() {
                continue;
            }
            let lengths = &mut lengths[term.wanted.view.index()];
            lengths.open(reader, &matching)?;
            let mut scores = Scores {
                passages: vec![0.0],
                wholes: Vec::new(),
            };
            add(term.gain, &met, &matching, lengths, &mut scores);
            let places = met.iter().map(|met| (met.place, met.frequency));
            parts.push(Part {
                what: What::Term(term.wanted.clone(), places.collect()),
                score: scores.passages[0],
            });
        }
        for extra in &self.extras {
            let mut scorer = extra.weight.scorer(reader, extra.boost)?;
            if scorer.doc() <= doc && scorer.seek(doc) == doc {
                parts.push(Part {
                    what: What::Extra(extra.what.to_owned()),
                    score: scorer.score(),
                });
            }
        }
        parts.sort_by(|a, b| b.score.total_cmp(&a.score));
        Ok(parts)
    }
}

/// For each of `bounds` the sum of those after it.
fn suffixes(bounds: &[Score]) -> Vec<Score> {
    let mut sum = 0.0;
    let mut suffixes: Vec<Score> = bounds
        .iter()
        .rev()
        .map(|bound| {
            let after = sum;
            sum += bound;
            after
        })
        .collect();
    suffixes.reverse();
    suffixes
}

/// Occurrences of a term in one place of a passage.
#[derive(Clone, Copy)]
struct Met {
    /// The passage's place among those that match.
    at: u32,
    frequency: u32,
    /// Weighted.
    count: Score,
    place: Place,
    /// Whether they count for the whole notice.
    in_whole: bool,
}

impl PreparedTerm<'_> {
    /// Puts where the term stands in what matches into `met`, passage by
    /// passage.
    fn meet(
        &self,
        segment: usize,
        reader: &SegmentReader,
        matching: &mut Matching,
        met: &mut Vec<Met>,
    ) -> tantivy::Result<()> {
        met.clear();
        for list in &self.lists[segment] {
            let mut last = None;
            let mut each = |matching: &Matching, at: usize, frequency: u32| {
                // A title is one title, however many passages bear it.
                let result = matching.result[at];
                let is_first = last.replace(result) != Some(result);
                met.push(Met {
                    at: at as u32,
                    frequency,
                    count: list.weight * frequency as Score,
                    place: list.place,
                    in_whole: list.place == Place::Body || is_first,
                });
            };
            visit(&list.info, list.field, reader, matching, &mut each)?;
        }
        if self.lists[segment].len() > 1 {
            met.sort_by_key(|met| met.at);
        }
        Ok(())
    }
}

/// Hands the place of each passage in a list of postings, and how often it has
/// the term, to `each`.
fn visit(
    info: &TermInfo,
    field: Field,
    reader: &SegmentReader,
    matching: &mut Matching,
    each: &mut impl FnMut(&Matching, usize, u32),
) -> tantivy::Result<()> {
    let index = reader.inverted_index(field)?;
    let option = IndexRecordOption::WithFreqs;
    if matching.is_sparse(info.doc_freq) {
        let mut postings = index.read_postings_from_terminfo(info, option)?;
        meet(&mut postings, &matching.docs, |at, frequency| {
            each(matching, at, frequency);
        });
        return Ok(());
    }
    matching.number();
    let mut block = index.read_block_postings_from_terminfo(info, option)?;
    while !block.docs().is_empty() {
        for (&doc, &frequency) in block.docs().iter().zip(block.freqs()) {
            if let Some(at) = matching.place(doc) {
                each(matching, at, frequency);
            }
        }
        block.advance();
    }
    Ok(())
}

/// Adds what a term's occurrences are worth.
fn add(
    gain: Score,
    met: &[Met],
    matching: &Matching,
    lengths: &mut Lengths<'_>,
    scores: &mut Scores,
) {
    let mut whole = (usize::MAX, 0.0);
    for met in met.chunk_by(|a, b| a.at == b.at) {
        let at = met[0].at as usize;
        let count: Score = met.iter().map(|met| met.count).sum();
        let length = lengths.of_passage(at, matching);
        scores.passages[at] += gain * count / (count + length);
        if scores.wholes.is_empty() {
            continue;
        }
        let result = matching.result[at] as usize;
        if result != whole.0 {
            add_whole(gain, whole, matching, lengths, scores);
            whole = (result, 0.0);
        }
        let counted = met.iter().filter(|met| met.in_whole);
        whole.1 += counted.map(|met| met.count).sum::<Score>();
    }
    add_whole(gain, whole, matching, lengths, scores);
}

fn add_whole(
    gain: Score,
    (result, count): (usize, Score),
    matching: &Matching,
    lengths: &mut Lengths<'_>,
    scores: &mut Scores,
) {
    if count > 0.0 {
        let length = lengths.of_whole(result, matching);
        scores.wholes[result] += gain * count / (count + length);
    }
}

fn add_extra(scorer: &mut dyn Scorer, matching: &Matching, scores: &mut Scores) {
    for (at, &doc) in matching.docs.iter().enumerate() {
        if scorer.doc() < doc {
            scorer.seek(doc);
        }
        if scorer.doc() == doc {
            scores.passages[at] += scorer.score();
        }
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
    fn what_is_left_is_what_comes_after() {
        assert_eq!(suffixes(&[1.0, 2.0, 4.0]), [6.0, 4.0, 0.0]);
        assert!(suffixes(&[]).is_empty());
    }
}
