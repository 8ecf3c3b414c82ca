//! Scores of the passages of one segment, and of results made up of them.
//!
//! Terms are taken one after the other, the rarest first. Before the frequent
//! ones, whose lists are long, results are dropped that could not come among
//! the best with all that is left: each term adds at most its gain. That is
//! MaxScore, term by term. What is left is scored in full, so that the best are
//! the same, to the last bit, as if nothing had been dropped.
//!
//! Source: Turtle, Flood, *Query Evaluation: Strategies and Optimizations*, 1995.

use std::sync::atomic::{AtomicU32, Ordering};

use tantivy::{DocId, Score, SegmentReader, TERMINATED, query::Scorer};

use crate::{
    evidence::{Part, Prepared, PreparedTerm, What},
    layout::Layout,
    lengths::{Lengths, keep},
    matching::Matching,
    ranking::{MOST_COUNTED, Rule},
};

/// Sums are in another order when a result is judged early, and differ in
/// their last digits.
pub(crate) const ROUNDING: Score = 1e-4;

/// How much of the way between them the floor rises until what is left has
/// sunk to it: a guess, on which only the time it takes depends.
const RISE: Score = 0.25;

/// Hopeless results are looked for again once so much of what was left then is
/// left still.
const LESS: Score = 0.8;

/// Which results are wanted.
#[derive(Clone, Copy)]
pub(crate) struct Bar<'r> {
    pub(crate) rule: &'r Rule,
    /// So many of the best; `None` for all.
    pub(crate) limit: Option<usize>,
    /// So much they have at least.
    pub(crate) floor: &'r Floor,
    /// It is looked for hopeless results once no more than this is left.
    look_at: Score,
}

impl<'r> Bar<'r> {
    /// For the `limit` best; for all results if there is no limit.
    pub(crate) fn new(rule: &'r Rule, limit: Option<usize>, floor: &'r Floor) -> Self {
        Self {
            rule,
            limit,
            floor,
            look_at: Score::MAX,
        }
    }
}

/// What the best have at least, as far as any part of the index tells: where it
/// is raised, all others have it easier.
#[derive(Default)]
pub(crate) struct Floor(AtomicU32);

impl Floor {
    pub(crate) fn get(&self) -> Score {
        Score::from_bits(self.0.load(Ordering::Relaxed))
    }

    /// Raises it to `score`, which is not negative, unless it is higher.
    pub(crate) fn raise(&self, score: Score) {
        // Of numbers that are not negative, the bits are in order too.
        self.0.fetch_max(score.to_bits(), Ordering::Relaxed);
    }
}

/// The scores of what matches in a segment.
pub(crate) struct Scores {
    /// Of the passages of each result read as one text, extras left out, and
    /// after it of each passage by itself.
    pub(crate) slots: Vec<Score>,
}

impl Scores {
    /// What the passages of result `number` have.
    pub(crate) fn passages(&self, matching: &Matching, number: usize) -> &[Score] {
        &self.slots[matching.slots(number)][1..]
    }

    /// What result `number` has.
    pub(crate) fn result(&self, matching: &Matching, number: usize, rule: &Rule) -> Score {
        rule.score_of(&self.slots[matching.slots(number)])
    }
}

impl Bar<'_> {
    /// Puts off looking for hopeless results, which costs as much as a term
    /// that many have, until it is worth it; so much is left now.
    fn look_again(&mut self, left: Score) {
        let reached = self.floor.get() / self.rule.reach(1);
        self.look_at = if reached < left {
            // Results with nothing have hope until what is left sinks to the
            // floor, which rises meanwhile.
            reached + (left - reached) * RISE
        } else {
            left * LESS
        };
    }

    /// Drops the results that cannot come among the best by adding `left` to
    /// each of their passages and to their whole.
    fn drop_hopeless(
        &mut self,
        matching: &mut Matching,
        scores: &mut Scores,
        lengths: &mut [Lengths<'_>; 3],
        left: Score,
    ) {
        let Some(limit) = self.limit else {
            return;
        };
        if left > self.look_at || matching.results() <= limit {
            return;
        }
        let so_far: Vec<Score> = (0..matching.results())
            .map(|number| scores.result(matching, number, self.rule))
            .collect();
        if so_far.len() > limit {
            let mut sorted = so_far.clone();
            let (_, last, _) = sorted.select_nth_unstable_by(limit - 1, |a, b| b.total_cmp(a));
            self.floor.raise(*last);
        }
        let floor = self.floor.get() * (1.0 - ROUNDING);
        self.look_again(left);
        let reach = [1, 2, MOST_COUNTED].map(|passages| left * self.rule.reach(passages));
        let has_hope = |(number, so_far): (usize, &Score)| {
            let passages = matching.run(number).len();
            so_far + reach[passages.min(MOST_COUNTED) - 1] >= floor
        };
        let has_hope: Vec<bool> = so_far.iter().enumerate().map(has_hope).collect();
        let hopeful = has_hope.iter().filter(|has_hope| **has_hope).count();
        if hopeful == has_hope.len() {
            return;
        }
        let mut kept = Vec::with_capacity(hopeful);
        matching.retain(|number, _| has_hope[number], |slots| kept.push(slots));
        keep(&mut scores.slots, &kept);
        lengths.iter_mut().for_each(|lengths| lengths.retain(&kept));
    }
}

impl Prepared<'_> {
    /// Scores what matches in segment number `segment`. Leaves in `matching`
    /// what may be among the results that `bar` asks for.
    pub(crate) fn score(
        &self,
        segment: usize,
        reader: &SegmentReader,
        layout: &Layout,
        matching: &mut Matching,
        bar: &Bar<'_>,
    ) -> tantivy::Result<Scores> {
        let mut scores = Scores {
            slots: vec![0.0; matching.docs.len() + matching.results()],
        };
        let mut lengths = self
            .views
            .each_ref()
            .map(|places| Lengths::new(places, layout));
        self.go_on(
            segment,
            reader,
            0,
            &mut lengths,
            *bar,
            matching,
            &mut scores,
        )?;
        Ok(scores)
    }

    /// What each term adds at most to a passage, and then each extra.
    pub(crate) fn bounds(&self) -> Vec<Score> {
        let terms = self.terms.iter().map(|term| term.gain);
        let extras = self.extras.iter().map(|extra| extra.bound);
        terms.chain(extras).collect()
    }

    /// Adds to `scores` what comes from term number `from` on.
    #[expect(clippy::too_many_arguments, reason = "each is something of its own")]
    pub(crate) fn go_on(
        &self,
        segment: usize,
        reader: &SegmentReader,
        from: usize,
        lengths: &mut [Lengths<'_>; 3],
        mut bar: Bar<'_>,
        matching: &mut Matching,
        scores: &mut Scores,
    ) -> tantivy::Result<()> {
        if matching.docs.is_empty() {
            return Ok(());
        }
        let bounds = self.bounds();
        bar.look_again(bounds[from..].iter().sum());
        let mut left = suffixes(&bounds).into_iter().skip(from);
        let mut counts = Vec::new();
        for term in &self.terms[from..] {
            let left = left.next().unwrap_or_default();
            let held = lengths[term.wanted.view.index()].by_slot(reader, matching)?;
            term.add(segment, reader, matching, held, &mut counts, scores)?;
            bar.drop_hopeless(matching, scores, lengths, left);
            if matching.docs.is_empty() {
                // What another segment has found is better than all of it.
                return Ok(());
            }
        }
        for extra in &self.extras {
            let left = left.next().unwrap_or_default();
            let mut scorer = extra.weight.scorer(reader, extra.boost)?;
            add_extra(&mut *scorer, matching, scores);
            bar.drop_hopeless(matching, scores, lengths, left);
        }
        Ok(())
    }

    /// What made up the score of passage `doc` of segment number `segment`,
    /// most first.
    pub(crate) fn explain(
        &self,
        segment: usize,
        reader: &SegmentReader,
        layout: &Layout,
        doc: DocId,
    ) -> tantivy::Result<Vec<Part>> {
        let mut matching = Matching::one(doc);
        let mut parts = Vec::new();
        for term in &self.terms {
            let places = term.places(segment, reader, doc)?;
            if places.is_empty() {
                continue;
            }
            let mut lengths = Lengths::new(&self.views[term.wanted.view.index()], layout);
            let held = lengths.by_slot(reader, &matching)?;
            let (mut counts, slots) = (Vec::new(), vec![0.0; 2]);
            let mut scores = Scores { slots };
            term.add(
                segment,
                reader,
                &mut matching,
                held,
                &mut counts,
                &mut scores,
            )?;
            parts.push(Part {
                what: What::Term(term.wanted.clone(), places),
                score: scores.slots[1],
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
pub(crate) fn suffixes(bounds: &[Score]) -> Vec<Score> {
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

impl PreparedTerm<'_> {
    /// Adds what the term's occurrences in `matching` are worth, `held` against what
    /// is told for each slot; `counts` is room to work in.
    ///
    /// All slots are gone through, though a term may stand in few of them: without a
    /// branch several are worked out at a time, and where all words are asked for, most
    /// stand in most.
    fn add(
        &self,
        segment: usize,
        reader: &SegmentReader,
        matching: &mut Matching,
        held: &[Score],
        counts: &mut Vec<Score>,
        scores: &mut Scores,
    ) -> tantivy::Result<()> {
        counts.clear();
        counts.resize(scores.slots.len(), 0.0);
        for list in &self.lists[segment] {
            list.count(reader, matching, counts)?;
        }
        let slots = scores.slots.iter_mut();
        for ((slot, &count), &held) in slots.zip(&*counts).zip(held) {
            // Nothing held against nothing must not become 0 / 0.
            *slot += self.gain * count / (count + held).max(Score::MIN_POSITIVE);
        }
        Ok(())
    }
}

fn add_extra(scorer: &mut dyn Scorer, matching: &mut Matching, scores: &mut Scores) {
    if matching.is_sparse(scorer.size_hint()) {
        for (at, &doc) in matching.docs.iter().enumerate() {
            if scorer.doc() < doc {
                scorer.seek(doc);
            }
            if scorer.doc() == doc {
                scores.slots[matching.slot(at)] += scorer.score();
            }
        }
        return;
    }
    matching.number();
    let mut doc = scorer.doc();
    while doc != TERMINATED {
        if let Some(at) = matching.place(doc) {
            scores.slots[matching.slot(at)] += scorer.score();
        }
        doc = scorer.advance();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_what_comes_after() {
        assert_eq!(suffixes(&[1.0, 2.0, 4.0]), [6.0, 4.0, 0.0]);
        assert!(suffixes(&[]).is_empty());
    }
}
