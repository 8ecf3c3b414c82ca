//! Literal text: the exact sequence of characters after normalisation, inside
//! one block. The index gives candidates, the text decides.

use std::ops::Range;

use gongbao_analysis::{CARRY_LETTERS, Fields, Normalized, StoredNotice, is_letter, normalize};
use tantivy::{
    Term,
    query::{AllQuery, Query, TermQuery},
    schema::IndexRecordOption,
};

use crate::{chain::Chain, pattern::Pattern};

/// A text to be found literally.
#[derive(Clone, Debug)]
pub(crate) struct Literal {
    normal: String,
    pattern: Pattern,
}

impl Literal {
    /// `None` for an empty text.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let normal = normalize(text).into_owned();
        let pattern = Pattern::of_normal(&normal);
        (!normal.is_empty()).then_some(Self { normal, pattern })
    }

    /// Every passage in which an occurrence starts, or a part of the block
    /// around it that leads to it; perhaps others.
    pub(crate) fn candidates(&self, fields: &Fields) -> Box<dyn Query> {
        let character = |c: char| {
            let term = Term::from_field_text(fields.body_chars, c.encode_utf8(&mut [0; 4]));
            Box::new(TermQuery::new(term, IndexRecordOption::Basic))
        };
        match self.pattern.len() {
            // Only marks: any passage with the first of them. One is enough to
            // ask for, and all that is safe: a passage may be cut between two.
            0 => match self.normal.chars().find(|c| !c.is_whitespace()) {
                Some(mark) => character(mark),
                None => Box::new(AllQuery),
            },
            1 => character(self.pattern.letters()[0]),
            // No occurrence reaches farther than what is carried over.
            _ => Box::new(
                Chain::exact(fields.body_pairs, self.pattern.prefix(CARRY_LETTERS)).in_body(),
            ),
        }
    }

    /// Whether [`candidates`](Self::candidates) are exactly the passages in
    /// which an occurrence starts.
    pub(crate) fn is_certain(&self) -> bool {
        let mut chars = self.normal.chars();
        match (chars.next(), chars.next()) {
            // One character stands in one passage, a mark too.
            (Some(only), None) => !only.is_whitespace(),
            _ => {
                (2..=CARRY_LETTERS).contains(&self.pattern.len())
                    && self.normal.chars().all(is_letter)
            }
        }
    }

    /// What is counted as the pattern when marking and scoring.
    pub(crate) fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// Every non-overlapping occurrence in block `block` of `notice`, in bytes
    /// of the body's text.
    pub(crate) fn occurrences(&self, notice: &StoredNotice, block: usize) -> Vec<Range<usize>> {
        let range = notice.body.blocks()[block].range.clone();
        let text = notice.body.block_text(block);
        if !normalize(text).contains(&self.normal) {
            return Vec::new();
        }
        let normalized = Normalized::new(text);
        normalized
            .text()
            .match_indices(&self.normal)
            .map(|(at, found)| {
                let source = normalized.source(at..at + found.len());
                range.start + source.start..range.start + source.end
            })
            .collect()
    }

    /// Every occurrence in the blocks that the passages `ordinals` (from 1,
    /// sorted) of `notice` touch, in order.
    pub(crate) fn occurrences_near(
        &self,
        notice: &StoredNotice,
        ordinals: &[u32],
    ) -> Vec<Range<usize>> {
        let blocks = notice.body.blocks();
        let mut next = 0;
        let mut found = Vec::new();
        for &ordinal in ordinals {
            let Some(passage) = notice.passages.get(ordinal as usize - 1) else {
                continue;
            };
            let first = blocks.partition_point(|block| block.range.end <= passage.range.start);
            let last = blocks.partition_point(|block| block.range.start < passage.range.end);
            for block in first.max(next)..last {
                found.extend(self.occurrences(notice, block));
            }
            next = next.max(last);
        }
        found
    }
}
