//! From matching passages to the best passages or notices.
//!
//! The passages of a notice follow one another in one segment, so that one
//! pass in order gathers notice by notice, keeping only the best.

use std::{cmp::Ordering, collections::BinaryHeap};

use tantivy::{
    DocAddress, DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::Column,
};

use crate::request::{Order, Unit};

/// How much the second and third passage of a notice add to its best one.
const NEXT_BEST: Score = 0.1;

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
}

/// What [`Ranking`] gives.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Results in all.
    pub(crate) total: u64,
    /// The first of them.
    pub(crate) ranked: Vec<Ranked>,
}

pub(crate) struct RankingSegment {
    unit: Unit,
    order: Order,
    limit: usize,
    keep: usize,
    segment: SegmentOrdinal,
    notices: Column<u64>,
    ordinals: Column<u64>,
    days: Column<i64>,
    current: Option<Ranked>,
    best: BinaryHeap<Ranked>,
    total: u64,
}

impl Collector for Ranking {
    type Fruit = Found;
    type Child = RankingSegment;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<RankingSegment> {
        let columns = reader.fast_fields();
        Ok(RankingSegment {
            unit: self.unit,
            order: self.order,
            limit: self.limit,
            keep: self.passages,
            segment,
            notices: columns.u64("notice")?,
            ordinals: columns.u64("ordinal")?,
            days: columns.i64("day")?,
            current: None,
            best: BinaryHeap::new(),
            total: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Found>) -> tantivy::Result<Found> {
        let mut merged = Found::default();
        for fruit in fruits {
            merged.total += fruit.total;
            merged.ranked.extend(fruit.ranked);
        }
        merged.ranked.sort_unstable();
        merged.ranked.truncate(self.limit);
        Ok(merged)
    }
}

impl RankingSegment {
    fn finish_current(&mut self) {
        let Some(mut done) = self.current.take() else {
            return;
        };
        self.total += 1;
        let next: Score = done
            .passages
            .iter()
            .skip(1)
            .take(2)
            .map(|passage| passage.score)
            .sum();
        if self.unit == Unit::Notice {
            done.score += NEXT_BEST * next;
            done.passages.truncate(self.keep.max(1));
        }
        if self.best.len() < self.limit {
            self.best.push(done);
        } else if let Some(mut worst) = self.best.peek_mut()
            && done < *worst
        {
            *worst = done;
        }
    }
}

impl SegmentCollector for RankingSegment {
    type Fruit = Found;

    fn collect(&mut self, doc: DocId, score: Score) {
        let notice = self.notices.first(doc).unwrap_or_default();
        let passage = Matched {
            address: DocAddress::new(self.segment, doc),
            ordinal: self.ordinals.first(doc).unwrap_or_default() as u32,
            score,
        };
        match &mut self.current {
            Some(current) if current.notice == notice && self.unit == Unit::Notice => {
                current.matched += 1;
                current.score = current.score.max(score);
                let at = current
                    .passages
                    .partition_point(|other| other.score >= score);
                // Two more than shown may be: they count in the notice's score.
                let keep = self.keep.max(3);
                if at < keep {
                    current.passages.insert(at, passage);
                    current.passages.truncate(keep);
                }
            }
            _ => {
                self.finish_current();
                self.current = Some(Ranked {
                    score,
                    day: self.days.first(doc),
                    notice,
                    passages: vec![passage],
                    matched: 1,
                    order: self.order,
                });
            }
        }
    }

    fn harvest(mut self) -> Found {
        self.finish_current();
        Found {
            total: self.total,
            ranked: self.best.into_vec(),
        }
    }
}

/// Every matching passage, notice by notice, newest first.
pub(crate) struct Everything;

/// The matching passages of a notice.
#[derive(Clone, Debug)]
pub(crate) struct Gathered {
    pub(crate) notice: u64,
    pub(crate) day: Option<i64>,
    /// Address and ordinal of each.
    pub(crate) passages: Vec<(DocAddress, u32)>,
}

impl Collector for Everything {
    type Fruit = Vec<Gathered>;
    type Child = EverythingSegment;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<EverythingSegment> {
        let columns = reader.fast_fields();
        Ok(EverythingSegment {
            segment,
            notices: columns.u64("notice")?,
            ordinals: columns.u64("ordinal")?,
            days: columns.i64("day")?,
            gathered: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Gathered>>) -> tantivy::Result<Vec<Gathered>> {
        let mut all: Vec<_> = fruits.into_iter().flatten().collect();
        all.sort_by_key(|gathered| (std::cmp::Reverse(gathered.day), gathered.notice));
        Ok(all)
    }
}

pub(crate) struct EverythingSegment {
    segment: SegmentOrdinal,
    notices: Column<u64>,
    ordinals: Column<u64>,
    days: Column<i64>,
    gathered: Vec<Gathered>,
}

impl SegmentCollector for EverythingSegment {
    type Fruit = Vec<Gathered>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let notice = self.notices.first(doc).unwrap_or_default();
        let ordinal = self.ordinals.first(doc).unwrap_or_default() as u32;
        if ordinal == 0 {
            return;
        }
        let passage = (DocAddress::new(self.segment, doc), ordinal);
        match self.gathered.last_mut() {
            Some(last) if last.notice == notice => last.passages.push(passage),
            _ => self.gathered.push(Gathered {
                notice,
                day: self.days.first(doc),
                passages: vec![passage],
            }),
        }
    }

    fn harvest(self) -> Vec<Gathered> {
        self.gathered
    }
}
