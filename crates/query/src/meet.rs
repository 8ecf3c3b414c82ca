//! Where the terms of a question stand in what is to be scored.

use tantivy::{
    DocId, DocSet, Score, SegmentReader,
    postings::{Postings, SegmentPostings},
    schema::IndexRecordOption,
};

use crate::{
    evidence::{List, Place, PreparedTerm},
    matching::{Matching, NOWHERE},
};

impl PreparedTerm<'_> {
    /// Where the term stands in passage `doc`, and how often.
    pub(crate) fn places(
        &self,
        segment: usize,
        reader: &SegmentReader,
        doc: DocId,
    ) -> tantivy::Result<Vec<(Place, u32)>> {
        let mut places = Vec::new();
        for list in &self.lists[segment] {
            let index = reader.inverted_index(list.field)?;
            let option = IndexRecordOption::WithFreqs;
            let mut postings = index.read_postings_from_terminfo(&list.info, option)?;
            if let Some((_, frequency)) = list.meet(&mut postings, &[doc], 0) {
                places.push((list.place, frequency));
            }
        }
        Ok(places)
    }
}

/// So many documents are decoded at a time.
const BLOCK: usize = 128;

impl List {
    /// Adds how often what is listed stands in each passage of `matching` to the slot
    /// of the passage in `counts`, and to that of its result.
    pub(crate) fn count(
        &self,
        reader: &SegmentReader,
        matching: &mut Matching,
        counts: &mut [Score],
    ) -> tantivy::Result<()> {
        let is_sparse = matching.is_sparse(self.passages());
        if !is_sparse {
            matching.number();
        }
        let matching = &*matching;
        let mut last = usize::MAX;
        let mut count = |at: usize, frequency: u32| {
            let result = matching.result[at] as usize;
            let is_first = std::mem::replace(&mut last, result) != result;
            let (count, whole) = self.worth(frequency, is_first);
            counts[matching.slot(at)] += count;
            counts[matching.slots(result).start] += whole;
        };
        let index = reader.inverted_index(self.field)?;
        let option = IndexRecordOption::WithFreqs;
        if is_sparse {
            let mut postings = index.read_postings_from_terminfo(&self.info, option)?;
            let mut at = 0;
            while let Some((found, frequency)) = self.meet(&mut postings, &matching.docs, at) {
                count(found, frequency);
                at = found + 1;
            }
            return Ok(());
        }
        let mut block = index.read_block_postings_from_terminfo(&self.info, option)?;
        if let Some(runs) = &self.runs {
            while !block.docs().is_empty() {
                for (&start, &frequency) in block.docs().iter().zip(block.freqs()) {
                    for at in matching.places(runs.passages(start)) {
                        count(at, frequency);
                    }
                }
                block.advance();
            }
            return Ok(());
        }
        let mut found = [(0, 0); BLOCK];
        while !block.docs().is_empty() {
            let mut many = 0;
            for (&doc, &frequency) in block.docs().iter().zip(block.freqs()) {
                // Without a branch: whether it matches cannot be foretold.
                let place = matching.place_or_nowhere(doc);
                found[many] = (place, frequency);
                many += usize::from(place != NOWHERE);
            }
            for &(at, frequency) in &found[..many] {
                count(at as usize, frequency);
            }
            block.advance();
        }
        Ok(())
    }
}

impl List {
    /// What it counts to stand `frequency` times in a passage, the first of its
    /// result in the list or a further one; and so much of it counts for the result
    /// as a whole.
    #[inline]
    pub(crate) fn worth(&self, frequency: u32, is_first: bool) -> (Score, Score) {
        let count = self.weight * frequency as Score;
        // A title is one title, however many passages bear it.
        let is_counted = is_first || self.place == Place::Body;
        (count, if is_counted { count } else { 0.0 })
    }
}

impl List {
    /// The place in `docs`, from `at` on, of the first passage that `postings`
    /// hold something for, and its frequency. Both lists are sorted; whichever is
    /// ahead waits for the other.
    fn meet(
        &self,
        postings: &mut SegmentPostings,
        docs: &[DocId],
        mut at: usize,
    ) -> Option<(usize, u32)> {
        let mut doc = postings.doc();
        loop {
            let wanted = self.listed_for(*docs.get(at)?);
            if doc < wanted {
                doc = postings.advance();
                if doc < wanted {
                    doc = postings.seek(wanted);
                }
            }
            if doc == wanted {
                return Some((at, postings.term_freq()));
            }
            at += ahead(&docs[at..], doc);
        }
    }
}

/// How many of `docs` come before `doc`, found by doubling steps: the next one
/// is mostly near.
fn ahead(docs: &[DocId], doc: DocId) -> usize {
    let mut step = 1;
    while step < docs.len() && docs[step] < doc {
        step *= 2;
    }
    let (start, end) = (step / 2, docs.len().min(step + 1));
    start + docs[start..end].partition_point(|&other| other < doc)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn steps_lead_to_the_first_that_is_not_before(
            mut docs in proptest::collection::vec(0_u32..300, 1..80),
            doc in 0_u32..320,
        ) {
            docs.sort_unstable();
            docs.dedup();
            prop_assert_eq!(ahead(&docs, doc), docs.partition_point(|&other| other < doc));
        }
    }
}
