//! What a question finds.

use std::collections::HashMap;

use tantivy::{DocId, Searcher};

use super::Ranked;
use crate::{columns::Columns, copies::Copies, matching::Matching};

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

impl Found {
    /// Leaves out the results of notices that an earlier one stands for.
    pub(super) fn fold(
        &mut self,
        copies: &Copies,
        searcher: &Searcher,
        segments: &mut [(Columns, Matching)],
    ) {
        let mut copied = Vec::new();
        for (columns, matching) in &*segments {
            let known = copies.known(searcher, columns, matching.results());
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
            return;
        }
        for (columns, matching) in segments {
            let known = copies.known(searcher, columns, matching.results());
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
    }
}
