//! What a question finds.

use std::collections::{HashMap, HashSet};

use tantivy::{DocId, Score, Searcher, SegmentOrdinal};

use super::Ranked;
use crate::{
    columns::{Columns, InSegment},
    copies::{Copies, Known},
    matching::Matching,
};

/// What [`Ranking`](super::Ranking) gives.
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

/// A notice with copies, and its day.
pub(super) type Copied = (u64, Option<i64>);

/// What matches in a segment.
pub(super) struct Gathered {
    pub(super) columns: Columns,
    pub(super) matching: Matching,
    /// What each passage has, where that is known already.
    pub(super) scores: Vec<Score>,
    /// The notice of each result, if it has copies.
    copied: Vec<Copied>,
}

impl Gathered {
    /// What is `matching`; it is asked of `copies`, if there are any.
    pub(super) fn new(
        columns: Columns,
        matching: Matching,
        searcher: &Searcher,
        copies: Option<&Copies>,
    ) -> Self {
        let copied = |copies: &Copies| {
            let known = copies.known(searcher, &columns, matching.results());
            let firsts = (0..matching.results()).map(|number| matching.first(number));
            let copied = firsts.filter(|&doc| known.contains(doc));
            let copied = copied.map(|doc| (columns.notice(doc), columns.day(doc)));
            copied.collect()
        };
        Self {
            copied: copies.map(copied).unwrap_or_default(),
            columns,
            matching,
            scores: Vec::new(),
        }
    }
}

impl InSegment for Gathered {
    fn segment(&self) -> SegmentOrdinal {
        self.columns.segment
    }
}

impl Found {
    /// Counts what matches in all `parts`, and tells which notices of it an earlier
    /// one stands for.
    pub(super) fn take_in(
        &mut self,
        parts: &mut [Gathered],
        copies: Option<&Copies>,
    ) -> HashSet<u64> {
        let results = parts.iter().map(|part| part.matching.results() as u64);
        self.total = results.sum();
        match copies {
            None => HashSet::new(),
            Some(copies) => {
                let copied = parts.iter_mut();
                let copied = copied.flat_map(|part| std::mem::take(&mut part.copied));
                self.fold(copies, copied.collect())
            }
        }
    }

    /// Counts the results of notices that an earlier one stands for, and tells
    /// which notices these are. `copied` has the notice of each result, if it has
    /// copies.
    pub(super) fn fold(&mut self, copies: &Copies, copied: Vec<Copied>) -> HashSet<u64> {
        let notices = copied.chunk_by(|one, next| one == next);
        let folded = copies.fold(notices.map(|results| results[0]));
        let hidden = copied.iter();
        let hidden = hidden.filter(|(notice, _)| folded.hidden.contains(notice));
        self.folded = hidden.count() as u64;
        self.copies = folded.copies;
        folded.hidden
    }
}

/// Which results of a segment are shown: all but those of some notices.
pub(super) struct Shown<'s> {
    hidden: &'s HashSet<u64>,
    columns: &'s Columns,
    /// Who has copies; not asked where all are shown.
    known: Option<Known<'s>>,
}

impl<'s> Shown<'s> {
    /// All but those of notices that are `hidden`, which have `copies`; it is asked
    /// of so many.
    pub(super) fn new(
        hidden: &'s HashSet<u64>,
        copies: Option<&'s Copies>,
        searcher: &Searcher,
        columns: &'s Columns,
        many: usize,
    ) -> Self {
        let copies = copies.filter(|_| !hidden.is_empty());
        Self {
            hidden,
            columns,
            known: copies.map(|copies| copies.known(searcher, columns, many)),
        }
    }

    /// Whether a result that `doc` is of is shown.
    pub(super) fn contains(&self, doc: DocId) -> bool {
        !self.known.as_ref().is_some_and(|known| {
            known.contains(doc) && self.hidden.contains(&self.columns.notice(doc))
        })
    }
}
