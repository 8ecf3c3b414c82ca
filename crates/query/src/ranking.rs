//! From matching passages to the best passages or notices.
//!
//! What matches is counted in full, segment by segment; of what is scored,
//! only the best are kept.

use std::{
    cmp::Ordering,
    collections::{BinaryHeap, HashSet},
};

use tantivy::{
    DocAddress, DocId, Score, Searcher, SegmentOrdinal, SegmentReader,
    columnar::Column,
    query::{EnableScoring, Query},
};

use crate::{
    evidence::Prepared,
    matching::Matching,
    request::{Order, Unit},
    score::Bar,
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
    /// `Less` for what comes first. Total, so that the same question always
    /// gives the same order.
    fn rank(&self, other: &Self) -> Ordering {
        let by_score = other.score.total_cmp(&self.score);
        let newest = other.day.cmp(&self.day);
        let oldest = self
            .day
            .unwrap_or(i64::MAX)
            .cmp(&other.day.unwrap_or(i64::MAX));
        let wanted = match self.order {
            Order::Relevance => by_score.then(newest),
            Order::Newest => newest.then(by_score),
            Order::Oldest => oldest.then(by_score),
        };
        let first = |ranked: &Self| ranked.passages.first().map(|passage| passage.ordinal);
        wanted
            .then(self.notice.cmp(&other.notice))
            .then_with(|| first(self).cmp(&first(other)))
    }
}

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Greatest is last in rank: a heap gives up the worst first.
impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank(other)
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
    pub(crate) fn score(&self, passages: &[Score], whole: Score) -> Score {
        let passages = match *passages {
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
    /// How many of them are of notices that another one stands for.
    pub(crate) folded: u64,
    /// The first of them.
    pub(crate) ranked: Vec<Ranked>,
}

impl Ranking {
    /// The best of what `matching` matches by `evidence`, but for the notices
    /// `hidden`, which are only counted.
    pub(crate) fn run(
        &self,
        searcher: &Searcher,
        matching: &dyn Query,
        evidence: &Prepared<'_>,
        hidden: &HashSet<u64>,
    ) -> tantivy::Result<Found> {
        let weight = matching.weight(EnableScoring::disabled_from_searcher(searcher))?;
        let rule = Rule {
            whole: match self.unit {
                Unit::Passage => 0.0,
                Unit::Notice => self.whole,
            },
        };
        let mut found = Found::default();
        let mut best = Best {
            limit: self.limit,
            order: self.order,
            heap: BinaryHeap::new(),
        };
        for (ordinal, reader) in searcher.segment_readers().iter().enumerate() {
            let mut matching =
                Matching::gather(&mut *weight.scorer(reader, 1.0)?, reader, self.unit)?;
            found.total += matching.results() as u64;
            if matching.docs.is_empty() {
                continue;
            }
            let columns = Columns::open(ordinal as SegmentOrdinal, reader)?;
            if !hidden.is_empty() {
                let names = matching.names.clone();
                let is_shown = |number: usize| !hidden.contains(&columns.notice(names[number]));
                matching.retain(is_shown, |_, _| {});
                found.folded += (names.len() - matching.results()) as u64;
            }
            let limit = (self.order == Order::Relevance).then_some(self.limit);
            let bar = Bar::new(&rule, limit, best.floor());
            let scores = evidence.score(ordinal, reader, &mut matching, &bar)?;
            for number in 0..matching.results() {
                let score = scores.result(&matching, number, &rule);
                let run = matching.run(number);
                best.offer(score, || {
                    let first = matching.docs[run.start];
                    let matched = run.len() as u32;
                    let mut passages: Vec<_> = run
                        .map(|at| columns.passage(matching.docs[at], scores.passages[at]))
                        .collect();
                    // Stable: of equals the first in the text.
                    passages.sort_by(|a, b| b.score.total_cmp(&a.score));
                    passages.truncate(self.passages.max(1));
                    Ranked {
                        score,
                        day: columns.day(first),
                        notice: columns.notice(first),
                        passages,
                        matched,
                        order: self.order,
                    }
                });
            }
        }
        found.ranked = best.heap.into_vec();
        found.ranked.sort_unstable();
        Ok(found)
    }
}

/// The highest of `scores`, 0 where there are fewer.
fn best_of(scores: &[Score]) -> [Score; MOST_COUNTED] {
    let mut best = [0.0; MOST_COUNTED];
    for &score in scores {
        // Pushes the lower ones down.
        let mut score = score;
        for place in &mut best {
            if score > *place {
                std::mem::swap(&mut score, place);
            }
        }
    }
    best
}

/// The best so far.
struct Best {
    limit: usize,
    order: Order,
    heap: BinaryHeap<Ranked>,
}

impl Best {
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

/// What a segment knows of its documents besides terms.
struct Columns {
    segment: SegmentOrdinal,
    notices: Column<u64>,
    ordinals: Column<u64>,
    days: Column<i64>,
}

impl Columns {
    fn open(segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        Ok(Self {
            segment,
            notices: columns.u64("notice")?,
            ordinals: columns.u64("ordinal")?,
            days: columns.i64("day")?,
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
    fn notice(&self, doc: DocId) -> u64 {
        self.notices.first(doc).unwrap_or_default()
    }

    fn day(&self, doc: DocId) -> Option<i64> {
        self.days.first(doc)
    }
}
