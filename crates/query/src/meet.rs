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

/// How often a term stands in a passage, weighted by place.
#[derive(Clone, Copy)]
pub(crate) struct Count {
    /// The number of the passage.
    pub(crate) at: u32,
    pub(crate) count: Score,
    /// So much of it counts for the result as a whole.
    pub(crate) whole: Score,
}

/// Room to put the counts of one term together.
#[derive(Default)]
pub(crate) struct Room {
    pub(crate) all: Vec<Count>,
    /// Those of one list.
    pub(crate) list: Vec<Count>,
    merged: Vec<Count>,
    /// By result.
    pub(crate) wholes: Tally,
}

/// How often a term stands in each of several texts; nothing between terms.
#[derive(Default)]
pub(crate) struct Tally {
    /// By the number of the text.
    counts: Vec<Score>,
    /// The numbers of those that it stands in, so many, and the last one.
    found: Vec<u32>,
    many: usize,
    last: u32,
}

impl Tally {
    /// For texts numbered below `texts`, of which it may stand in any.
    pub(crate) fn make_room(&mut self, texts: usize) {
        self.counts.resize(texts, 0.0);
        self.found.resize(texts, 0);
        (self.many, self.last) = (0, u32::MAX);
    }

    /// Counts `count` more in text number `text`; texts come in order.
    #[inline]
    pub(crate) fn add(&mut self, text: u32, count: Score) {
        self.counts[text as usize] += count;
        // Without a branch: whether it is the next one cannot be foretold.
        self.many += usize::from(text != self.last);
        self.found[self.many - 1] = text;
        self.last = text;
    }

    /// Hands each text that the term stands in, and how often, to `each`, and
    /// forgets them.
    pub(crate) fn drain(&mut self, mut each: impl FnMut(usize, Score)) {
        for &text in &self.found[..self.many] {
            let count = std::mem::take(&mut self.counts[text as usize]);
            each(text as usize, count);
        }
        (self.many, self.last) = (0, u32::MAX);
    }
}

impl Room {
    /// Adds those of the list to all.
    pub(crate) fn take_list(&mut self) {
        if self.all.is_empty() {
            std::mem::swap(&mut self.all, &mut self.list);
        } else if !self.list.is_empty() {
            merge(&self.all, &self.list, &mut self.merged);
            std::mem::swap(&mut self.all, &mut self.merged);
        }
    }
}

impl PreparedTerm<'_> {
    /// Leaves in `room` how often the term stands in each passage of `matching`, a
    /// part of segment number `segment`.
    pub(crate) fn count(
        &self,
        segment: usize,
        reader: &SegmentReader,
        matching: &mut Matching,
        room: &mut Room,
    ) -> tantivy::Result<()> {
        room.all.clear();
        for list in &self.lists[segment] {
            room.list.clear();
            list.count(reader, matching, &mut room.list)?;
            room.take_list();
        }
        Ok(())
    }
}

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
    /// Adds the counts of this list alone to `counts`.
    fn count(
        &self,
        reader: &SegmentReader,
        matching: &mut Matching,
        counts: &mut Vec<Count>,
    ) -> tantivy::Result<()> {
        let is_sparse = matching.is_sparse(self.passages());
        if !is_sparse {
            matching.number();
        }
        let matching = &*matching;
        let mut last = u32::MAX;
        let mut count = |at: usize, frequency: u32| {
            let result = matching.result[at];
            let is_first = std::mem::replace(&mut last, result) != result;
            counts.push(self.worth(at as u32, frequency, is_first));
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
    /// What it counts to stand `frequency` times in passage number `at`, the
    /// first of its result in the list or a further one.
    #[inline]
    pub(crate) fn worth(&self, at: u32, frequency: u32, is_first: bool) -> Count {
        let count = self.weight * frequency as Score;
        // A title is one title, however many passages bear it.
        let is_counted = is_first || self.place == Place::Body;
        Count {
            at,
            count,
            whole: if is_counted { count } else { 0.0 },
        }
    }
}

/// Puts two lists of counts, each by passage, together.
fn merge(one: &[Count], two: &[Count], merged: &mut Vec<Count>) {
    merged.clear();
    merged.reserve(one.len() + two.len());
    let (mut first, mut second) = (one, two);
    while let ([a, ..], [b, ..]) = (first, second) {
        // Without branches: which comes first is hard to foretell.
        let (has_a, has_b) = (a.at <= b.at, b.at <= a.at);
        let (of_a, of_b) = (f32::from(u8::from(has_a)), f32::from(u8::from(has_b)));
        merged.push(Count {
            at: a.at.min(b.at),
            count: of_a * a.count + of_b * b.count,
            whole: of_a * a.whole + of_b * b.whole,
        });
        first = &first[usize::from(has_a)..];
        second = &second[usize::from(has_b)..];
    }
    merged.extend_from_slice(first);
    merged.extend_from_slice(second);
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

    proptest! {
        #[test]
        fn counts_of_two_places_add_up(
            one in proptest::collection::btree_map(0_u32..60, 1_u32..9, 0..40),
            two in proptest::collection::btree_map(0_u32..60, 1_u32..9, 0..40),
        ) {
            let counts = |of: &std::collections::BTreeMap<u32, u32>| -> Vec<Count> {
                of.iter()
                    .map(|(&at, &count)| Count {
                        at,
                        count: count as Score,
                        whole: count as Score * 2.0,
                    })
                    .collect()
            };
            let mut merged = Vec::new();
            merge(&counts(&one), &counts(&two), &mut merged);
            let mut both = one.clone();
            for (&at, &count) in &two {
                *both.entry(at).or_default() += count;
            }
            let told = |counts: &[Count]| -> Vec<(u32, u32, u32)> {
                counts
                    .iter()
                    .map(|count| (count.at, count.count as u32, count.whole as u32))
                    .collect()
            };
            prop_assert_eq!(told(&merged), told(&counts(&both)));
        }
    }
}
