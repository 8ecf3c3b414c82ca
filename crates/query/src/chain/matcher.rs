//! Where letters follow one another in the documents of a segment.

use gongbao_analysis::split_position;
use tantivy::{
    DocId, DocSet, SegmentReader, TERMINATED, Term,
    postings::{Postings, SegmentPostings},
    schema::{Field, IndexRecordOption},
};

use crate::pattern::Pattern;

/// The letters that the pairs to be looked up start with: every second does,
/// unless each gap matters.
pub(super) fn steps(pattern: &Pattern, exact: bool) -> impl Iterator<Item = usize> {
    let last = pattern.len().saturating_sub(2);
    let step = if exact { 1 } else { 2 };
    let tail = (!exact && last % 2 == 1).then_some(last);
    (0..=last).step_by(step).chain(tail)
}

/// Where a pattern stands in the documents of a segment.
pub(super) struct Matcher {
    pairs: Vec<PairPostings>,
    /// Scratch.
    positions: Vec<u32>,
}

pub(super) struct PairPostings {
    /// Which letter of the pattern the pair starts with.
    offset: u32,
    /// The gap it must have, where that matters.
    gap: Option<bool>,
    postings: SegmentPostings,
}

impl Matcher {
    pub(super) fn open(
        reader: &SegmentReader,
        field: Field,
        pattern: &Pattern,
        exact: bool,
    ) -> tantivy::Result<Option<Self>> {
        if pattern.len() < 2 {
            return Ok(None);
        }
        let index = reader.inverted_index(field)?;
        let mut pairs = Vec::new();
        for offset in steps(pattern, exact) {
            let term = Term::from_field_text(field, &pattern.pair(offset));
            let Some(postings) =
                index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?
            else {
                return Ok(None);
            };
            let gap = exact.then(|| pattern.gap_after(offset));
            pairs.push(PairPostings {
                offset: offset as u32,
                gap,
                postings,
            });
        }
        // The rarest leads.
        pairs.sort_by_key(|pair| pair.postings.doc_freq());
        Ok(Some(Self {
            pairs,
            positions: Vec::new(),
        }))
    }

    pub(super) fn doc(&self) -> DocId {
        self.pairs[0].postings.doc()
    }

    /// How often the rarest pair stands in the current document.
    pub(super) fn rarest_frequency(&self) -> u32 {
        self.pairs[0].postings.term_freq()
    }

    /// The documents of the rarest pair.
    pub(super) fn size_hint(&self) -> u32 {
        self.pairs[0].postings.size_hint()
    }

    /// The first document from `from` on that has all pairs.
    pub(super) fn align(&mut self, from: DocId) -> DocId {
        let (lead, others) = self.pairs.split_first_mut().expect("a pattern has pairs");
        let mut doc = if lead.postings.doc() < from {
            lead.postings.seek(from)
        } else {
            lead.postings.doc()
        };
        'candidates: while doc != TERMINATED {
            for other in others.iter_mut() {
                let found = if other.postings.doc() < doc {
                    other.postings.seek(doc)
                } else {
                    other.postings.doc()
                };
                if found != doc {
                    doc = lead.postings.seek(found);
                    continue 'candidates;
                }
            }
            break;
        }
        doc
    }

    /// Puts the ordinals at which the pattern starts in the current document
    /// into `starts`, in order.
    pub(super) fn starts(&mut self, starts: &mut Vec<u32>) {
        starts.clear();
        for (index, pair) in self.pairs.iter_mut().enumerate() {
            pair.postings.positions(&mut self.positions);
            let (offset, gap) = (pair.offset, pair.gap);
            let mut found = self.positions.iter().filter_map(|&position| {
                let (ordinal, has_gap) = split_position(position);
                (gap.is_none_or(|gap| gap == has_gap))
                    .then(|| ordinal.checked_sub(offset))
                    .flatten()
            });
            if index == 0 {
                starts.extend(found);
            } else {
                // Both are sorted.
                let mut next = found.next();
                starts.retain(|&start| {
                    while next.is_some_and(|other| other < start) {
                        next = found.next();
                    }
                    next == Some(start)
                });
            }
            if starts.is_empty() {
                return;
            }
        }
    }

    /// The same for document `doc`, if it has the pattern at all.
    pub(super) fn starts_in(&mut self, doc: DocId, starts: &mut Vec<u32>) {
        starts.clear();
        if self.doc() <= doc && self.align(doc) == doc {
            self.starts(starts);
        }
    }
}
