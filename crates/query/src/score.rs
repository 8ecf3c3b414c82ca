//! Scores of the passages of one segment, and of results made up of them.
//!
//! Terms are taken one after the other, the rarest first. Before the frequent
//! ones, whose lists are long, results are dropped that could not come among
//! the best with all that is left: each term adds at most its gain. That is
//! MaxScore, term by term. What is left is scored in full, so that the best are
//! the same, to the last bit, as if nothing had been dropped.
//!
//! Source: Turtle, Flood, *Query Evaluation: Strategies and Optimizations*, 1995.

use tantivy::{DocId, Score, SegmentReader, TERMINATED, query::Scorer};

use crate::{
    evidence::{Part, Prepared, PreparedTerm, What},
    lengths::Lengths,
    matching::Matching,
    meet::{Room, Target},
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
    pub(crate) floor: Score,
    /// It is looked for hopeless results once no more than this is left.
    look_at: Score,
}

impl<'r> Bar<'r> {
    /// For the `limit` best; for all results if there is no limit.
    pub(crate) fn new(rule: &'r Rule, limit: Option<usize>) -> Self {
        Self {
            rule,
            limit,
            floor: 0.0,
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
        let mut lengths = self
            .views
            .each_ref()
            .map(|places| Lengths::new(places, None));
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
        let mut room = Room::default();
        for term in &self.terms[from..] {
            let left = left.next().unwrap_or_default();
            matching.number();
            let lengths_of_view = &mut lengths[term.wanted.view.index()];
            lengths_of_view.open(reader, matching)?;
            let mut target = Selected {
                matching,
                lengths: lengths_of_view,
            };
            term.add(segment, reader, &mut target, &mut room, scores)?;
            if bar.drop_hopeless(matching, scores, left) {
                lengths.iter_mut().for_each(Lengths::forget);
            }
        }
        for extra in &self.extras {
            let left = left.next().unwrap_or_default();
            let mut scorer = extra.weight.scorer(reader, extra.boost)?;
            add_extra(&mut *scorer, matching, scores);
            bar.drop_hopeless(matching, scores, left);
        }
        Ok(())
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
        matching.number();
        let mut parts = Vec::new();
        for term in &self.terms {
            let mut lengths = Lengths::new(&self.views[term.wanted.view.index()], None);
            lengths.open(reader, &matching)?;
            let mut target = Selected {
                matching: &matching,
                lengths: &mut lengths,
            };
            let places = term.places(segment, reader, doc)?;
            if places.is_empty() {
                continue;
            }
            let mut scores = Scores {
                passages: vec![0.0],
                wholes: Vec::new(),
            };
            term.add(
                segment,
                reader,
                &mut target,
                &mut Room::default(),
                &mut scores,
            )?;
            parts.push(Part {
                what: What::Term(term.wanted.clone(), places),
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

/// Passages that match, with their lengths in one view.
struct Selected<'s, 'p> {
    matching: &'s Matching,
    lengths: &'s mut Lengths<'p>,
}

impl Target for Selected<'_, '_> {
    #[inline]
    fn place(&self, doc: DocId) -> Option<usize> {
        self.matching.place(doc)
    }

    #[inline]
    fn result(&self, at: usize) -> usize {
        self.matching.result[at] as usize
    }

    fn are_few(&self, postings: u32) -> bool {
        self.matching.is_sparse(postings)
    }

    fn few(&self) -> &[DocId] {
        &self.matching.docs
    }

    #[inline]
    fn length(&mut self, at: usize) -> Score {
        self.lengths.of_passage(at, self.matching)
    }

    #[inline]
    fn whole_length(&mut self, result: usize) -> Score {
        self.lengths.of_whole(result, self.matching)
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
    /// Adds what the term's occurrences in `target` are worth.
    pub(crate) fn add<T: Target>(
        &self,
        segment: usize,
        reader: &SegmentReader,
        target: &mut T,
        room: &mut Room,
        scores: &mut Scores,
    ) -> tantivy::Result<()> {
        let gain = self.gain;
        let Scores { passages, wholes } = scores;
        let has_wholes = !wholes.is_empty();
        let mut add_whole = |target: &mut T, result: usize, count: Score| {
            if count > 0.0 {
                wholes[result] += gain * count / (count + target.whole_length(result));
            }
        };
        let (mut result, mut whole) = (usize::MAX, 0.0);
        self.count(segment, reader, target, room, |target, counted| {
            let at = counted.at as usize;
            passages[at] += gain * counted.count / (counted.count + target.length(at));
            if has_wholes {
                let next = target.result(at);
                if next != result {
                    add_whole(target, result, whole);
                    (result, whole) = (next, 0.0);
                }
                whole += counted.whole;
            }
        })?;
        add_whole(target, result, whole);
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
                scores.passages[at] += scorer.score();
            }
        }
        return;
    }
    matching.number();
    let mut doc = scorer.doc();
    while doc != TERMINATED {
        if let Some(at) = matching.place(doc) {
            scores.passages[at] += scorer.score();
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
