//! The documents of a segment in which letters follow one another, one by one.

use std::sync::Arc;

use tantivy::{
    DocId, DocSet, Score, TERMINATED,
    fieldnorm::FieldNormReader,
    postings::{Postings, SegmentPostings},
    query::{Bm25Weight, Scorer},
};

use super::matcher::Matcher;
use crate::layout::Cut;

/// What must be near.
pub(super) struct Near {
    pub(super) matcher: Matcher,
    pub(super) within: u32,
    /// Letters of the pattern itself and of the other.
    pub(super) lengths: (u32, u32),
}

/// The documents of a segment that have a pattern, and how often.
pub(super) struct ChainScorer {
    pub(super) matcher: Matcher,
    /// The documents that are known to match.
    pub(super) word: Option<SegmentPostings>,
    pub(super) excluded: Vec<(Matcher, u32)>,
    pub(super) near: Option<Near>,
    pub(super) cut: Option<Arc<Cut>>,
    pub(super) norms: FieldNormReader,
    pub(super) similarity: Option<Bm25Weight>,
    /// Where the pattern starts in the current document.
    pub(super) starts: Vec<u32>,
    /// How often it stands there.
    pub(super) count: u32,
    /// Whether having the pair is all there is to it, wherever it stands.
    pub(super) is_plain_pair: bool,
}

impl ChainScorer {
    /// Moves on from the current candidate to the next document that matches.
    pub(super) fn settle(&mut self) -> DocId {
        let mut doc = self.matcher.align(self.matcher.doc());
        while doc != TERMINATED && !self.matches(doc) {
            doc = self.matcher.align(doc + 1);
        }
        doc
    }

    fn matches(&mut self, doc: DocId) -> bool {
        let runs_on = self.cut.as_ref().is_some_and(|cut| cut.contains(doc));
        if !runs_on && self.is_plain_pair {
            self.count = self.matcher.rarest_frequency();
            return true;
        }
        if let Some(word) = &mut self.word {
            let found = match word.doc() < doc {
                true => word.seek(doc),
                false => word.doc(),
            };
            if found == doc {
                self.count = word.term_freq();
                return true;
            }
        }
        if let Some(count) = self.count_alone(doc, runs_on) {
            self.count = count;
            return count > 0;
        }
        self.matcher.starts(&mut self.starts);
        if self.starts.is_empty() {
            return false;
        }
        if let Some(own) = self.cut.as_ref().and_then(|cut| cut.own(doc)) {
            self.starts.retain(|&start| u64::from(start) < own);
        }
        let mut others = Vec::new();
        for (longer, offset) in &mut self.excluded {
            longer.starts_in(doc, &mut others);
            self.starts.retain(|&start| {
                start
                    .checked_sub(*offset)
                    .is_none_or(|outer| others.binary_search(&outer).is_err())
            });
        }
        if let Some(near) = self.near.as_mut().filter(|_| !self.starts.is_empty()) {
            near.matcher.starts_beside(&self.matcher, doc, &mut others);
            let (len, other_len) = near.lengths;
            let within = near.within;
            self.starts.retain(|&start| {
                others.iter().any(|&other| {
                    if other >= start {
                        other >= start + len && other - (start + len) <= within
                    } else {
                        start >= other + other_len && start - (other + other_len) <= within
                    }
                })
            });
        }
        self.count = self.starts.len() as u32;
        self.count > 0
    }

    /// How often the pattern stands in document `doc`, where that is told
    /// without where it does.
    fn count_alone(&mut self, doc: DocId, runs_on: bool) -> Option<u32> {
        if self
            .near
            .as_mut()
            .is_some_and(|near| !near.matcher.may_have(doc))
        {
            return Some(0);
        }
        let count = self.matcher.count(&mut self.starts);
        if count == 0 {
            return Some(0);
        }
        if let Some(near) = &mut self.near {
            let is_there = near.matcher.count(&mut self.starts) > 0;
            return (!is_there && !runs_on).then_some(0);
        }
        let mut longer = None;
        for (excluded, _) in &mut self.excluded {
            if excluded.may_have(doc) {
                let many = excluded.count(&mut self.starts);
                if many > 0 && (runs_on || longer.replace(many).is_some()) {
                    return None;
                }
            }
        }
        // Each of the longer one holds one of the pattern.
        Some(count.saturating_sub(longer.unwrap_or(0)))
    }
}

impl DocSet for ChainScorer {
    fn advance(&mut self) -> DocId {
        let doc = self.matcher.doc();
        if doc == TERMINATED {
            return doc;
        }
        self.matcher.align(doc + 1);
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.matcher.doc() >= target {
            return self.matcher.doc();
        }
        self.matcher.align(target);
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.matcher.doc()
    }

    fn size_hint(&self) -> u32 {
        self.matcher.size_hint()
    }
}

impl Scorer for ChainScorer {
    fn score(&mut self) -> Score {
        match &self.similarity {
            None => 1.0,
            Some(similarity) => {
                let norm = self.norms.fieldnorm_id(self.doc());
                similarity.score(norm, self.count)
            }
        }
    }
}
