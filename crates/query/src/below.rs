//! Passages by what is said of all of their notice or section: its title, its
//! headings.

use std::ops::Range;

use tantivy::{
    DocId, DocSet, Score, SegmentReader, TERMINATED,
    query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight},
};

use crate::{
    extent::{Extent, Runs},
    layout::Layouts,
    lazy::explain,
};

/// The passages of the notices or sections that a query matches the first
/// document of. Each scores as that does.
#[derive(Debug)]
pub(crate) struct Below {
    query: Box<dyn Query>,
    extent: Extent,
    layouts: Layouts,
}

impl Below {
    pub(crate) fn new(query: Box<dyn Query>, extent: Extent, layouts: &Layouts) -> Self {
        let layouts = layouts.clone();
        Self {
            query,
            extent,
            layouts,
        }
    }
}

impl Clone for Below {
    fn clone(&self) -> Self {
        Self {
            query: self.query.box_clone(),
            extent: self.extent,
            layouts: self.layouts.clone(),
        }
    }
}

impl Query for Below {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(BelowWeight {
            weight: self.query.weight(scoring)?,
            extent: self.extent,
            layouts: self.layouts.clone(),
        }))
    }
}

struct BelowWeight {
    weight: Box<dyn Weight>,
    extent: Extent,
    layouts: Layouts,
}

impl BelowWeight {
    fn runs(&self, reader: &SegmentReader) -> tantivy::Result<Runs> {
        self.layouts.of(reader).runs(self.extent, reader)
    }
}

impl Weight for BelowWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let said = self.weight.scorer(reader, boost)?;
        if said.doc() == TERMINATED {
            return Ok(Box::new(EmptyScorer));
        }
        let mut scorer = BelowScorer {
            said,
            runs: self.runs(reader)?,
            passages: 0..0,
        };
        scorer.settle(0);
        Ok(Box::new(scorer))
    }

    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        let runs = self.runs(reader)?;
        let mut passages = Vec::new();
        self.weight.for_each_no_score(reader, &mut |starts| {
            passages.clear();
            passages.extend(starts.iter().flat_map(|&start| runs.passages(start)));
            callback(&passages);
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain(self, reader, doc)
    }
}

struct BelowScorer {
    /// Stands where it is said of `passages`.
    said: Box<dyn Scorer>,
    runs: Runs,
    /// Those that are left of the run, the current one first; empty at the end.
    passages: Range<DocId>,
}

impl BelowScorer {
    /// Goes on to the first passage from `target` on of which it is said where
    /// `said` stands, or further on.
    fn settle(&mut self, target: DocId) -> DocId {
        let mut start = self.said.doc();
        while start != TERMINATED {
            let run = self.runs.passages(start);
            self.passages = run.start.max(target)..run.end;
            if !self.passages.is_empty() {
                return self.passages.start;
            }
            start = self.said.advance();
        }
        self.passages = 0..0;
        TERMINATED
    }
}

impl DocSet for BelowScorer {
    fn advance(&mut self) -> DocId {
        if self.passages.next().is_none() {
            return TERMINATED;
        }
        match self.passages.is_empty() {
            false => self.passages.start,
            true => {
                self.said.advance();
                self.settle(0)
            }
        }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let here = self.doc();
        if here >= target {
            return here;
        }
        if target < self.passages.end {
            self.passages.start = target;
            return target;
        }
        if target >= self.runs.documents() {
            self.passages = 0..0;
            return TERMINATED;
        }
        let start = self.runs.start_of(target);
        if self.said.doc() < start {
            self.said.seek(start);
        }
        self.settle(target)
    }

    fn doc(&self) -> DocId {
        match self.passages.is_empty() {
            true => TERMINATED,
            false => self.passages.start,
        }
    }

    fn size_hint(&self) -> u32 {
        self.runs.passages_of(self.said.size_hint())
    }
}

impl Scorer for BelowScorer {
    fn score(&mut self) -> Score {
        self.said.score()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use tantivy::query::ConstScorer;

    use super::*;
    use crate::bits::{Bits, BitsDocSet};

    const DOCUMENTS: DocId = 200;

    fn bits(docs: impl IntoIterator<Item = DocId>) -> Bits {
        let mut bits = Bits::none(DOCUMENTS);
        docs.into_iter().for_each(|doc| bits.insert(doc));
        bits
    }

    proptest! {
        #[test]
        fn whatever_is_said_of_a_run_is_said_of_each_of_its_passages(
            starts in proptest::collection::btree_map(0..DOCUMENTS, any::<bool>(), 0..40),
            is_of_notices in any::<bool>(),
            mut targets in proptest::collection::vec(0..DOCUMENTS + 10, 0..20),
        ) {
            let extent = if is_of_notices { Extent::Notice } else { Extent::Section };
            // The first document begins a run in any case.
            let begins = bits(starts.keys().copied().chain([0]));
            let runs = Runs::new(extent, Arc::new(begins), &bits([0]), DOCUMENTS);
            let said = starts.iter().filter(|(_, is_said)| **is_said).map(|(doc, _)| *doc);
            let said: Vec<_> = said.collect();
            let is_below = |doc: &DocId| {
                let start = runs.start_of(*doc);
                said.contains(&start) && !(is_of_notices && start == *doc)
            };
            let expected: Vec<_> = (0..DOCUMENTS).filter(is_below).collect();
            let scorer = || {
                let said = BitsDocSet::from(bits(said.iter().copied()));
                let said = Box::new(ConstScorer::new(said, 1.0));
                let mut scorer = BelowScorer { said, runs: runs.clone(), passages: 0..0 };
                scorer.settle(0);
                scorer
            };
            let (mut all, mut walk) = (Vec::new(), scorer());
            while walk.doc() != TERMINATED {
                all.push(walk.doc());
                walk.advance();
            }
            prop_assert_eq!(&all, &expected);
            prop_assert_eq!(walk.advance(), TERMINATED);
            targets.sort_unstable();
            let mut walk = scorer();
            for target in targets {
                let next = expected.iter().copied().find(|&doc| doc >= target);
                prop_assert_eq!(walk.seek(target), next.unwrap_or(TERMINATED));
            }
        }
    }
}
