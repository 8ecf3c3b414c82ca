//! From matching passages to the best passages or notices.
//!
//! What matches is counted in full, segment by segment; of what is scored,
//! only the best are kept.

use std::{
    cmp::Ordering,
    collections::{BinaryHeap, HashMap, HashSet},
    thread,
};

use tantivy::{
    DocAddress, DocId, Score, Searcher, SegmentOrdinal, SegmentReader,
    columnar::Column,
    query::{EnableScoring, Query},
};

use crate::{
    bulk::bits,
    copies::Copies,
    evidence::Prepared,
    layout::{Layout, Layouts},
    matching::Matching,
    open::Scope,
    request::{Order, Unit},
    score::Bar,
    sum::Summed,
};

/// How much the second and third passage of a notice add to its best one.
const NEXT_BEST: Score = 0.1;

/// So many of its passages count for a notice by themselves.
pub(crate) const MOST_COUNTED: usize = 3;

/// A passage that matched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Matched {
    pub(crate) address: DocAddress,
    /// 1 for the first passage of its notice.
    pub(crate) ordinal: u32,
    pub(crate) score: Score,
}

/// A notice, or with [`Unit::Passage`] one passage of one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ranked {
    pub(crate) score: Score,
    pub(crate) day: Option<i64>,
    pub(crate) notice: u64,
    /// Best first.
    pub(crate) passages: Vec<Matched>,
    /// How many of its passages matched.
    pub(crate) matched: u32,
    order: Order,
}

impl Ranked {
    /// By what it is put in order.
    pub(crate) fn standing(&self) -> Standing {
        Standing {
            score: self.score,
            day: self.day,
            notice: self.notice,
            ordinal: self.passages.first().map_or(0, |passage| passage.ordinal),
            order: self.order,
        }
    }
}

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.standing().cmp(&other.standing())
    }
}

/// What decides where a result comes in the order of results. Total, so that
/// the same question always gives the same order; greatest is last in rank, so
/// that a heap gives up the worst first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Standing {
    pub(crate) score: Score,
    pub(crate) day: Option<i64>,
    pub(crate) notice: u64,
    /// Of its best passage.
    pub(crate) ordinal: u32,
    pub(crate) order: Order,
}

impl Eq for Standing {}

impl PartialOrd for Standing {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Standing {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_score = other.score.total_cmp(&self.score);
        let newest = other.day.cmp(&self.day);
        let last = i64::MAX;
        let oldest = self.day.unwrap_or(last).cmp(&other.day.unwrap_or(last));
        let wanted = match self.order {
            Order::Relevance => by_score.then(newest),
            Order::Newest => newest.then(by_score),
            Order::Oldest => oldest.then(by_score),
        };
        wanted
            .then(self.notice.cmp(&other.notice))
            .then(self.ordinal.cmp(&other.ordinal))
    }
}

/// From the scores of passages to that of the result that they make up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// How much the matching passages of a notice count, read as one.
    pub(crate) whole: Score,
}

impl Rule {
    /// The score of a result with passages of these scores and so much as a
    /// whole.
    #[inline]
    pub(crate) fn score(&self, passages: &[Score], whole: Score) -> Score {
        let passages = match *passages {
            [] => 0.0,
            [one] => one,
            _ => {
                let [top, next, third] = best_of(passages);
                top + NEXT_BEST * (next + third)
            }
        };
        passages + self.whole * whole
    }

    /// How much a result of so many passages gains at most from what adds at
    /// most 1 to any of them and to the whole.
    pub(crate) fn reach(&self, passages: usize) -> Score {
        let next = passages.clamp(1, MOST_COUNTED) - 1;
        1.0 + NEXT_BEST * next as Score + self.whole
    }
}

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

/// What [`Ranking`] gives.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Results in all.
    pub(crate) total: u64,
    /// Whether there may be more than that.
    pub(crate) at_least: bool,
    /// How many of them are of notices that another one stands for.
    pub(crate) folded: u64,
    /// How many later copies each notice stands for, if any.
    pub(crate) copies: HashMap<u64, u32>,
    /// The first of them.
    pub(crate) ranked: Vec<Ranked>,
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
        let mut segments = self.gather(searcher, layouts, matching, &mut found)?;
        if let Some(copies) = copies {
            found.fold(copies, searcher, &mut segments);
        }
        let rule = self.rule();
        let best = by_segment(searcher, segments, |reader, (columns, mut matching)| {
            let mut best = Best::new(self);
            let bar = Bar::new(&rule, self.by_score());
            let scores = evidence.score(columns.segment as usize, reader, &mut matching, &bar)?;
            for number in 0..matching.results() {
                let score = scores.result(&matching, number, &rule);
                let run = matching.run(number);
                best.offer(score, || {
                    let docs = &matching.docs[run.clone()];
                    self.ranked(&columns, docs, &scores.passages[run], score)
                });
            }
            Ok(best.heap)
        })?;
        found.ranked = self.first(best);
        Ok(found)
    }

    /// The best of all passages that `scope` lets through by `evidence`, for a
    /// question that requires nothing. The total is of what `matching` matches:
    /// no less matches. Nothing does where that is nothing.
    pub(crate) fn run_open(
        &self,
        searcher: &Searcher,
        layouts: &Layouts,
        matching: &dyn Query,
        scope: Option<&dyn Query>,
        evidence: &Prepared<'_>,
        copies: Option<&Copies>,
    ) -> tantivy::Result<Found> {
        let mut found = Found {
            at_least: true,
            ..Found::default()
        };
        let mut segments = self.gather(searcher, layouts, matching, &mut found)?;
        if found.total == 0 {
            return Ok(Found::default());
        }
        let hidden = match copies {
            Some(copies) => found.fold(copies, searcher, &mut segments),
            None => HashSet::new(),
        };
        let without_scores = EnableScoring::disabled_from_searcher(searcher);
        let scope = scope
            .map(|scope| scope.weight(without_scores))
            .transpose()?;
        let rule = self.rule();
        let best = by_segment(searcher, segments, |reader, (columns, _)| {
            let passages = scope.as_ref().map(|scope| bits(&**scope, reader));
            let is_shown = |doc: DocId| hidden.is_empty() || !hidden.contains(&columns.notice(doc));
            let scope = Scope {
                passages: passages.transpose()?,
                is_shown: &is_shown,
            };
            let bar = Bar::new(&rule, self.by_score());
            let segment = columns.segment as usize;
            let layout = layouts.of(reader);
            let (matching, scores) =
                evidence.score_all(segment, reader, &layout, self.unit, &scope, &bar)?;
            let mut best = Best::new(self);
            for number in 0..matching.results() {
                let score = scores.result(&matching, number, &rule);
                if score == 0.0 {
                    continue;
                }
                best.offer(score, || {
                    let run = matching.run(number);
                    let (docs, scores): (Vec<DocId>, Vec<Score>) = run
                        .map(|at| (matching.docs[at], scores.passages[at]))
                        .filter(|(_, score)| *score > 0.0)
                        .unzip();
                    self.ranked(&columns, &docs, &scores, score)
                });
            }
            Ok(best.heap)
        })?;
        found.ranked = self.first(best);
        found.total = found.total.max(found.ranked.len() as u64);
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
        let segments = by_segment(searcher, columns, |reader, columns: Columns| {
            let layout = layouts.of(reader);
            let mut summed = evidence.sum_extras(reader, &layout)?;
            if let Some(alive) = reader.alive_bitset() {
                summed.retain(|doc| alive.is_alive(doc));
            }
            if let Some(scope) = scope.as_ref().filter(|_| !summed.docs.is_empty()) {
                let scope = bits(&**scope, reader)?;
                summed.retain(|doc| scope.contains(doc));
            }
            let Summed { docs, scores } = summed;
            let matching = Matching::by_unit(docs, reader, &layout, self.unit)?;
            Ok(((columns, matching), scores))
        })?;
        let (mut segments, mut scores): (Vec<_>, Vec<_>) = segments.into_iter().unzip();
        let results = segments
            .iter()
            .map(|(_, matching)| matching.results() as u64);
        let mut found = Found {
            total: results.sum(),
            ..Found::default()
        };
        if let Some(copies) = copies {
            let docs = segments.iter().map(|(_, matching)| matching.docs.clone());
            let docs: Vec<_> = docs.collect();
            found.fold(copies, searcher, &mut segments);
            for (((_, matching), docs), scores) in segments.iter().zip(docs).zip(&mut scores) {
                // Those of what was not left out, which is in the same order.
                let mut left = matching.docs.iter().peekable();
                let mut docs = docs.iter();
                scores.retain(|_| {
                    docs.next()
                        .is_some_and(|doc| left.next_if_eq(&doc).is_some())
                });
            }
        }
        let rule = self.rule();
        let mut best = Best::new(self);
        for ((columns, matching), scores) in segments.iter().zip(&scores) {
            for number in 0..matching.results() {
                let run = matching.run(number);
                let score = rule.score(&scores[run.clone()], 0.0);
                best.offer(score, || {
                    let docs = &matching.docs[run.clone()];
                    self.ranked(columns, docs, &scores[run.clone()], score)
                });
            }
        }
        found.ranked = self.first(vec![best.heap]);
        Ok(found)
    }

    /// What `matching` matches, segment by segment, counted into `found`.
    fn gather(
        &self,
        searcher: &Searcher,
        layouts: &Layouts,
        matching: &dyn Query,
        found: &mut Found,
    ) -> tantivy::Result<Vec<(Columns, Matching)>> {
        let weight = matching.weight(EnableScoring::disabled_from_searcher(searcher))?;
        let columns = all_columns(searcher, layouts)?;
        let segments = by_segment(searcher, columns, |reader, columns: Columns| {
            let mut matched = weight.scorer(reader, 1.0)?;
            let layout = layouts.of(reader);
            let matching = Matching::gather(&mut *matched, reader, &layout, self.unit)?;
            Ok((columns, matching))
        })?;
        let results = segments
            .iter()
            .map(|(_, matching)| matching.results() as u64);
        found.total = results.sum();
        Ok(segments)
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

impl Found {
    /// Leaves out the results of notices that an earlier one stands for, and
    /// tells which these are.
    fn fold(
        &mut self,
        copies: &Copies,
        searcher: &Searcher,
        segments: &mut [(Columns, Matching)],
    ) -> HashSet<u64> {
        let mut copied = Vec::new();
        for (columns, matching) in &*segments {
            let known = copies.documents(searcher, columns.segment);
            for run in (0..matching.results()).map(|number| matching.run(number)) {
                let first = matching.docs[run.start];
                if known.contains(first) {
                    copied.push((columns.notice(first), columns.day(first)));
                }
            }
        }
        copied.dedup();
        let folded = copies.fold(copied);
        if folded.hidden.is_empty() {
            return folded.hidden;
        }
        for (columns, matching) in segments {
            let known = copies.documents(searcher, columns.segment);
            let before = matching.results();
            let firsts: Vec<DocId> = (0..before)
                .map(|number| matching.docs[matching.run(number).start])
                .collect();
            let is_shown = |number: usize| {
                let first = firsts[number];
                !(known.contains(first) && folded.hidden.contains(&columns.notice(first)))
            };
            matching.retain(is_shown, |_, _| {});
            self.folded += (before - matching.results()) as u64;
        }
        self.copies = folded.copies;
        folded.hidden
    }
}

/// The highest of `scores`, 0 where there are fewer.
#[inline]
fn best_of(scores: &[Score]) -> [Score; MOST_COUNTED] {
    let [mut first, mut second, mut third] = [0.0; MOST_COUNTED];
    for &score in scores {
        // Each pushes the lower one down.
        let (top, score) = in_order(first, score);
        let (next, score) = in_order(second, score);
        (first, second, third) = (top, next, in_order(third, score).0);
    }
    [first, second, third]
}

/// Both, the greater one first; compiles to no branch.
#[inline]
fn in_order(one: Score, other: Score) -> (Score, Score) {
    let greater = if one > other { one } else { other };
    let lesser = if one > other { other } else { one };
    (greater, lesser)
}

/// The best so far.
struct Best {
    limit: usize,
    order: Order,
    heap: BinaryHeap<Ranked>,
}

impl Best {
    fn new(ranking: &Ranking) -> Self {
        Self {
            limit: ranking.limit,
            order: ranking.order,
            heap: BinaryHeap::new(),
        }
    }

    /// What a result must have to be among them, if they are chosen by score.
    fn floor(&self) -> Score {
        match (self.order, self.heap.peek()) {
            (Order::Relevance, Some(worst)) if self.heap.len() >= self.limit => worst.score,
            _ => 0.0,
        }
    }

    /// Takes a result of that score in if it is good enough.
    fn offer(&mut self, score: Score, result: impl FnOnce() -> Ranked) {
        if score < self.floor() {
            return;
        }
        let ranked = result();
        if self.heap.len() < self.limit {
            self.heap.push(ranked);
        } else if let Some(mut worst) = self.heap.peek_mut()
            && ranked < *worst
        {
            *worst = ranked;
        }
    }
}

/// The columns of all segments.
fn all_columns(searcher: &Searcher, layouts: &Layouts) -> tantivy::Result<Vec<Columns>> {
    let readers = searcher.segment_readers().iter().enumerate();
    let columns =
        readers.map(|(ordinal, reader)| Columns::open(ordinal as u32, reader, &layouts.of(reader)));
    columns.collect()
}

/// A segment of more documents is worth a thread of its own.
const WORTH_A_THREAD: DocId = 150_000;

/// What `work` makes of each of `parts`, which have a segment each; the great
/// ones at the same time.
fn by_segment<P: InSegment + Send, T: Send>(
    searcher: &Searcher,
    parts: Vec<P>,
    work: impl Fn(&SegmentReader, P) -> tantivy::Result<T> + Sync,
) -> tantivy::Result<Vec<T>> {
    let work = &work;
    let work = |part: P| work(searcher.segment_reader(part.segment()), part);
    let is_great = |part: &P| searcher.segment_reader(part.segment()).max_doc() > WORTH_A_THREAD;
    thread::scope(|scope| {
        // The last one is for this thread.
        let mut great = parts.iter().filter(|part| is_great(part)).count();
        let begun: Vec<_> = parts
            .into_iter()
            .map(|part| {
                if is_great(&part) && great > 1 {
                    great -= 1;
                    return Begun::Elsewhere(scope.spawn(move || work(part)));
                }
                Begun::Here(work(part))
            })
            .collect();
        let done = begun.into_iter().map(|begun| match begun {
            Begun::Here(done) => done,
            Begun::Elsewhere(worker) => worker.join().expect("scoring does not panic"),
        });
        done.collect()
    })
}

/// A part of the work of [`by_segment`].
enum Begun<'s, T> {
    Here(tantivy::Result<T>),
    Elsewhere(thread::ScopedJoinHandle<'s, tantivy::Result<T>>),
}

/// What is of one segment.
trait InSegment {
    fn segment(&self) -> SegmentOrdinal;
}

impl InSegment for Columns {
    fn segment(&self) -> SegmentOrdinal {
        self.segment
    }
}

impl InSegment for (Columns, Matching) {
    fn segment(&self) -> SegmentOrdinal {
        self.0.segment
    }
}

/// What a segment knows of its documents besides terms.
pub(crate) struct Columns {
    pub(crate) segment: SegmentOrdinal,
    notices: Column<u64>,
    ordinals: Column<u64>,
    days: Column<i64>,
}

impl Columns {
    pub(crate) fn open(
        segment: SegmentOrdinal,
        reader: &SegmentReader,
        layout: &Layout,
    ) -> tantivy::Result<Self> {
        let columns = layout.columns(reader)?;
        Ok(Self {
            segment,
            notices: columns.notice.clone(),
            ordinals: columns.ordinal.clone(),
            days: columns.day.clone(),
        })
    }

    fn passage(&self, doc: DocId, score: Score) -> Matched {
        Matched {
            address: DocAddress::new(self.segment, doc),
            ordinal: self.ordinals.first(doc).unwrap_or_default() as u32,
            score,
        }
    }

    /// The number made from the id of the notice that `doc` is of.
    pub(crate) fn notice(&self, doc: DocId) -> u64 {
        self.notices.first(doc).unwrap_or_default()
    }

    pub(crate) fn day(&self, doc: DocId) -> Option<i64> {
        self.days.first(doc)
    }
}
