//! From matching passages to the best passages or notices.
//!
//! The passages of a notice follow one another in one segment, so that one
//! pass in order scores notice by notice, keeping only the best.

use std::{
    cmp::Ordering,
    collections::{BinaryHeap, HashSet},
};

use tantivy::{
    DocAddress, DocId, DocSet, Score, Searcher, SegmentOrdinal, SegmentReader, TERMINATED,
    columnar::Column,
    query::{EnableScoring, Query},
};

use crate::{
    evidence::{Prepared, Scores, Window},
    request::{Order, Unit},
};

/// How much the second and third passage of a notice add to its best one.
const NEXT_BEST: Score = 0.1;

/// So many passages are scored together: enough to go through each list of
/// postings in long steps, few enough to stay in the processor's cache.
const WINDOW: usize = 1024;

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
        let mut best = Best {
            limit: self.limit,
            heap: BinaryHeap::new(),
            total: 0,
            folded: 0,
            hidden,
        };
        for (ordinal, reader) in searcher.segment_readers().iter().enumerate() {
            let mut matched = weight.scorer(reader, 1.0)?;
            if matched.doc() == TERMINATED {
                continue;
            }
            let mut evidence = evidence.segment(reader)?;
            let columns = Columns::open(ordinal as SegmentOrdinal, reader)?;
            let (mut window, mut scores) = (Window::default(), Scores::default());
            let mut notices = Vec::new();
            while columns.fill(&mut *matched, reader, &mut window, &mut notices) {
                evidence.score(&window, &mut scores);
                self.rank(&window, &notices, &scores, &columns, &mut best);
            }
        }
        let mut ranked = best.heap.into_vec();
        ranked.sort_unstable();
        Ok(Found {
            total: best.total,
            folded: best.folded,
            ranked,
        })
    }

    fn rank(
        &self,
        window: &Window,
        notices: &[u64],
        scores: &Scores,
        columns: &Columns,
        best: &mut Best<'_>,
    ) {
        let mut start = 0;
        for (number, &notice) in notices.iter().enumerate() {
            let count = window.notice[start..].partition_point(|&other| other == number as u32);
            let run = start..start + count;
            start = run.end;
            if best.hidden.contains(&notice) {
                let results = match self.unit {
                    Unit::Passage => count as u64,
                    Unit::Notice => 1,
                };
                best.total += results;
                best.folded += results;
                continue;
            }
            match self.unit {
                Unit::Passage => {
                    for at in run {
                        best.offer(self, scores.passages[at], || {
                            let passage = columns.passage(window.docs[at], scores.passages[at]);
                            (notice, columns.day(window.docs[at]), vec![passage], 1)
                        });
                    }
                }
                Unit::Notice => {
                    let first = window.docs[run.start];
                    let [top, next, third] = three_best(&scores.passages[run.clone()]);
                    let score =
                        top + NEXT_BEST * (next + third) + self.whole * scores.wholes[number];
                    best.offer(self, score, || {
                        let mut passages: Vec<_> = run
                            .clone()
                            .map(|at| columns.passage(window.docs[at], scores.passages[at]))
                            .collect();
                        // Stable: of equals the first in the text.
                        passages.sort_by(|a, b| b.score.total_cmp(&a.score));
                        passages.truncate(self.passages.max(1));
                        (notice, columns.day(first), passages, count as u32)
                    });
                }
            }
        }
    }
}

/// The three highest of `scores`, 0 where there are fewer.
fn three_best(scores: &[Score]) -> [Score; 3] {
    let mut best = [0.0; 3];
    for &score in scores {
        if score > best[2] {
            best[2] = score;
            best.sort_unstable_by(|a, b| b.total_cmp(a));
        }
    }
    best
}

/// The best so far.
struct Best<'h> {
    limit: usize,
    heap: BinaryHeap<Ranked>,
    total: u64,
    folded: u64,
    hidden: &'h HashSet<u64>,
}

impl Best<'_> {
    /// Takes a result of that score in if it is good enough; `rest` gives its
    /// notice, day, passages and how many of them match.
    fn offer(
        &mut self,
        ranking: &Ranking,
        score: Score,
        rest: impl FnOnce() -> (u64, Option<i64>, Vec<Matched>, u32),
    ) {
        self.total += 1;
        let full = self.heap.len() >= self.limit;
        if full
            && ranking.order == Order::Relevance
            && self.heap.peek().is_some_and(|worst| score < worst.score)
        {
            return;
        }
        let (notice, day, passages, matched) = rest();
        let ranked = Ranked {
            score,
            day,
            notice,
            passages,
            matched,
            order: ranking.order,
        };
        if !full {
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

    /// Takes the next passages from `matched`, up to the end of a notice, with
    /// the names of their notices. Tells whether there were any.
    fn fill(
        &self,
        matched: &mut dyn DocSet,
        reader: &SegmentReader,
        window: &mut Window,
        notices: &mut Vec<u64>,
    ) -> bool {
        window.docs.clear();
        window.notice.clear();
        notices.clear();
        let mut doc = matched.doc();
        while doc != TERMINATED {
            let notice = self.notices.first(doc).unwrap_or_default();
            if reader
                .alive_bitset()
                .is_none_or(|alive| alive.is_alive(doc))
            {
                if notices.last() != Some(&notice) {
                    if window.docs.len() >= WINDOW {
                        break;
                    }
                    notices.push(notice);
                }
                window.docs.push(doc);
                window.notice.push(notices.len() as u32 - 1);
            }
            doc = matched.advance();
        }
        window.notices = notices.len();
        !window.docs.is_empty()
    }

    fn passage(&self, doc: DocId, score: Score) -> Matched {
        Matched {
            address: DocAddress::new(self.segment, doc),
            ordinal: self.ordinals.first(doc).unwrap_or_default() as u32,
            score,
        }
    }

    fn day(&self, doc: DocId) -> Option<i64> {
        self.days.first(doc)
    }
}
