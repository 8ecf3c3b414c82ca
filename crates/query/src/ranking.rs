//! From matching passages to the best passages or notices.
//!
//! What matches is counted in full, segment by segment; of what is scored,
//! only the best are kept.

mod found; // what a question finds
mod open; // questions that require nothing
mod ranked; // results and their order
mod rule; // from passages to a notice

use std::collections::BinaryHeap;

use tantivy::{
    DocId, Score, Searcher, SegmentReader,
    query::{EnableScoring, Query},
};

pub(crate) use self::{
    found::Found,
    ranked::{Matched, Ranked, Standing},
    rule::{MOST_COUNTED, Rule},
};
use self::{
    found::{Gathered, Shown},
    ranked::Best,
};
use crate::{
    bulk::bits,
    columns::{Columns, all_columns, by_segment},
    copies::Copies,
    evidence::Prepared,
    layout::Layouts,
    matching::Matching,
    request::{Order, Unit},
    score::{Bar, Floor},
    sum::Summed,
};

/// The first `limit` results and how many there are in all.
pub(crate) struct Ranking {
    pub(crate) unit: Unit,
    pub(crate) order: Order,
    pub(crate) limit: usize,
    /// How many passages of a notice are kept.
    pub(crate) passages: usize,
    /// How much the matching passages of a notice count, read as one.
    pub(crate) whole: Score,
}

impl Ranking {
    /// The best of what `matching` matches by `evidence`. Later ones of
    /// `copies`, if given, are only counted.
    pub(crate) fn run(
        &self,
        searcher: &Searcher,
        layouts: &Layouts,
        matching: &dyn Query,
        evidence: &Prepared<'_>,
        copies: Option<&Copies>,
    ) -> tantivy::Result<Found> {
        let mut found = Found::default();
        let mut segments = self.gather(searcher, layouts, matching, copies)?;
        let hidden = found.take_in(&mut segments, copies);
        let (rule, floor) = (self.rule(), Floor::default());
        let best = by_segment(searcher, segments, |reader, part| {
            let Gathered {
                columns,
                mut matching,
                ..
            } = part;
            if !hidden.is_empty() {
                let many = matching.results();
                let shown = Shown::new(&hidden, copies, searcher, &columns, many);
                matching.retain(|_, first| shown.contains(first), |_| {});
            }
            let mut best = Best::new(self);
            let bar = Bar::new(&rule, self.by_score(), &floor);
            let segment = columns.segment as usize;
            let layout = layouts.of(reader);
            let scores = evidence.score(segment, reader, &layout, &mut matching, &bar)?;
            for number in 0..matching.results() {
                let score = scores.result(&matching, number, &rule);
                best.offer(score, || {
                    let docs = &matching.docs[matching.run(number)];
                    let scores = scores.passages(&matching, number);
                    self.ranked(&columns, docs, scores, score)
                });
            }
            Ok(best.heap)
        })?;
        found.ranked = self.first(best);
        Ok(found)
    }

    /// The best of what any of the extras of `evidence` finds and `scope` lets
    /// through, by what they add.
    pub(crate) fn run_sum(
        &self,
        searcher: &Searcher,
        layouts: &Layouts,
        scope: Option<&dyn Query>,
        evidence: &Prepared<'_>,
        copies: Option<&Copies>,
    ) -> tantivy::Result<Found> {
        let without_scores = EnableScoring::disabled_from_searcher(searcher);
        let scope = scope
            .map(|scope| scope.weight(without_scores))
            .transpose()?;
        let columns = all_columns(searcher, layouts)?;
        let gather = |reader: &SegmentReader, columns: Columns, mut summed: Summed| {
            if let Some(alive) = reader.alive_bitset() {
                summed.retain(|doc| alive.is_alive(doc));
            }
            if let Some(scope) = scope.as_ref().filter(|_| !summed.docs.is_empty()) {
                let scope = bits(&**scope, reader)?;
                summed.retain(|doc| scope.contains(doc));
            }
            let Summed { docs, scores } = summed;
            let matching = Matching::by_unit(docs, reader, &layouts.of(reader), self.unit)?;
            let mut part = Gathered::new(columns, matching, searcher, copies);
            part.scores = scores;
            Ok(part)
        };
        let mut segments = evidence.sum_extras(searcher, layouts, columns, gather)?;
        let mut found = Found::default();
        let hidden = found.take_in(&mut segments, copies);
        let rule = self.rule();
        let best = by_segment(searcher, segments, |_, part| {
            let Gathered {
                columns,
                matching,
                scores,
                ..
            } = part;
            let shown = Shown::new(&hidden, copies, searcher, &columns, matching.results());
            let mut best = Best::new(self);
            for number in 0..matching.results() {
                if !shown.contains(matching.first(number)) {
                    continue;
                }
                let run = matching.run(number);
                let score = rule.score(&scores[run.clone()], 0.0);
                best.offer(score, || {
                    let docs = &matching.docs[run.clone()];
                    self.ranked(&columns, docs, &scores[run.clone()], score)
                });
            }
            Ok(best.heap)
        })?;
        found.ranked = self.first(best);
        Ok(found)
    }

    /// What `matching` matches, segment by segment.
    fn gather(
        &self,
        searcher: &Searcher,
        layouts: &Layouts,
        matching: &dyn Query,
        copies: Option<&Copies>,
    ) -> tantivy::Result<Vec<Gathered>> {
        let weight = matching.weight(EnableScoring::disabled_from_searcher(searcher))?;
        let columns = all_columns(searcher, layouts)?;
        by_segment(searcher, columns, |reader, columns: Columns| {
            let mut matched = weight.scorer(reader, 1.0)?;
            let layout = layouts.of(reader);
            let matching = Matching::gather(&mut *matched, reader, &layout, self.unit)?;
            Ok(Gathered::new(columns, matching, searcher, copies))
        })
    }

    /// How many of the best are wanted, if they are chosen by score.
    fn by_score(&self) -> Option<usize> {
        (self.order == Order::Relevance).then_some(self.limit)
    }

    /// The first of what is the best of each segment.
    fn first(&self, best: Vec<BinaryHeap<Ranked>>) -> Vec<Ranked> {
        let mut ranked: Vec<_> = best.into_iter().flatten().collect();
        ranked.sort_unstable();
        ranked.truncate(self.limit);
        ranked
    }

    /// How the scores of passages make up that of a result.
    pub(crate) fn rule(&self) -> Rule {
        Rule {
            whole: match self.unit {
                Unit::Passage => 0.0,
                Unit::Notice => self.whole,
            },
        }
    }

    /// A result with the passages `docs` and their `scores`.
    pub(crate) fn ranked(
        &self,
        columns: &Columns,
        docs: &[DocId],
        scores: &[Score],
        score: Score,
    ) -> Ranked {
        let passages = docs.iter().zip(scores);
        let mut passages: Vec<_> = passages
            .map(|(&doc, &score)| columns.passage(doc, score))
            .collect();
        // Stable: of equals the first in the text.
        passages.sort_by(|a, b| b.score.total_cmp(&a.score));
        passages.truncate(self.passages.max(1));
        Ranked {
            score,
            day: columns.day(docs[0]),
            notice: columns.notice(docs[0]),
            passages,
            matched: docs.len() as u32,
            order: self.order,
        }
    }
}
