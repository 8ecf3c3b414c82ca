//! Results, and the order that they are given in.

use std::{cmp::Ordering, collections::BinaryHeap};

use tantivy::{DocAddress, Score};

use super::Ranking;
use crate::request::Order;

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
    pub(super) order: Order,
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

/// The best so far.
pub(super) struct Best {
    limit: usize,
    order: Order,
    pub(super) heap: BinaryHeap<Ranked>,
}

impl Best {
    pub(super) fn new(ranking: &Ranking) -> Self {
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
    pub(super) fn offer(&mut self, score: Score, result: impl FnOnce() -> Ranked) {
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
