//! The passages of one segment that match, result by result.

use std::ops::Range;

use tantivy::{DocId, SegmentReader, query::Scorer};

use crate::{bulk::each_block, layout::Layout, request::Unit};

/// A list of postings is looked up passage by passage, without a table, where
/// fewer than one in so many documents matches.
const SPARSE: usize = 16;

/// What [`Matching::place_or_nowhere`] says of a document that does not match.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// Passages that match, in order, and the results that they make up: a notice's
/// passages follow one another, so that a result is a run of them.
#[derive(Debug, Default)]
pub(crate) struct Matching {
    /// The passages.
    pub(crate) docs: Vec<DocId>,
    /// For each, the number of its result.
    pub(crate) result: Vec<u32>,
    /// The document that each result goes by: the head of the notice, or the
    /// passage itself.
    pub(crate) names: Vec<DocId>,
    /// Where each result starts among the passages, and where the last ends.
    starts: Vec<u32>,
    /// For each document from the first passage on, its place among the
    /// passages; empty until asked for.
    places: Vec<u32>,
}

impl Matching {
    /// What `matched` matches in a segment, by `unit`.
    pub(crate) fn gather(
        matched: &mut dyn Scorer,
        reader: &SegmentReader,
        layout: &Layout,
        unit: Unit,
    ) -> tantivy::Result<Self> {
        Self::by_unit(passages(matched, reader), reader, layout, unit)
    }

    /// The passages `docs`, by `unit`.
    pub(crate) fn by_unit(
        docs: Vec<DocId>,
        reader: &SegmentReader,
        layout: &Layout,
        unit: Unit,
    ) -> tantivy::Result<Self> {
        Ok(match unit {
            Unit::Passage => {
                let names = docs.clone();
                Self::of(docs, &names)
            }
            Unit::Notice => {
                let names = layout.heads(&docs, reader)?;
                Self::of(docs, &names)
            }
        })
    }

    /// `docs`, each with the name of its result.
    pub(crate) fn of(docs: Vec<DocId>, names: &[DocId]) -> Self {
        let mut matching = Self {
            result: Vec::with_capacity(docs.len()),
            ..Self::default()
        };
        for (at, name) in names.iter().enumerate() {
            if matching.names.last() != Some(name) {
                matching.names.push(*name);
                matching.starts.push(at as u32);
            }
            matching.result.push(matching.names.len() as u32 - 1);
        }
        matching.starts.push(docs.len() as u32);
        matching.docs = docs;
        matching
    }

    /// One passage by itself.
    pub(crate) fn one(doc: DocId) -> Self {
        Self::of(vec![doc], &[doc])
    }

    /// How many results there are.
    pub(crate) fn results(&self) -> usize {
        self.names.len()
    }

    /// Where the passages of result `number` stand.
    pub(crate) fn run(&self, number: usize) -> Range<usize> {
        self.starts[number] as usize..self.starts[number + 1] as usize
    }

    /// The first passage of result `number`.
    pub(crate) fn first(&self, number: usize) -> DocId {
        self.docs[self.starts[number] as usize]
    }

    /// Where the slots of result `number` lie: one for its passages read as one
    /// text, and after it one for each, as a head stands before its passages in
    /// the index.
    #[inline]
    pub(crate) fn slots(&self, number: usize) -> Range<usize> {
        self.starts[number] as usize + number..self.starts[number + 1] as usize + number + 1
    }

    /// The slot of passage number `at`.
    #[inline]
    pub(crate) fn slot(&self, at: usize) -> usize {
        at + self.result[at] as usize + 1
    }

    /// Leaves only the results that `is_kept` accepts, told their number and their
    /// first passage; `moved` is told in which slots each of them lay.
    pub(crate) fn retain(
        &mut self,
        mut is_kept: impl FnMut(usize, DocId) -> bool,
        mut moved: impl FnMut(Range<usize>),
    ) {
        let (mut at, mut number) = (0, 0);
        for old in 0..self.results() {
            if !is_kept(old, self.first(old)) {
                continue;
            }
            moved(self.slots(old));
            let run = self.run(old);
            self.names[number] = self.names[old];
            self.starts[number] = at as u32;
            for from in run {
                self.docs[at] = self.docs[from];
                self.result[at] = number as u32;
                at += 1;
            }
            number += 1;
        }
        self.names.truncate(number);
        self.starts.truncate(number);
        self.starts.push(at as u32);
        self.docs.truncate(at);
        self.result.truncate(at);
        self.places.clear();
    }

    /// Whether so few of the documents between the first and the last match
    /// that each is better looked up in a list of `postings` than the other
    /// way round.
    pub(crate) fn is_sparse(&self, postings: u32) -> bool {
        let (Some(first), Some(last)) = (self.docs.first(), self.docs.last()) else {
            return true;
        };
        let span = (last - first) as usize + 1;
        self.docs.len() * SPARSE < span.max(postings as usize)
    }

    /// Makes [`place`](Self::place) ready.
    pub(crate) fn number(&mut self) {
        let (Some(&first), Some(&last)) = (self.docs.first(), self.docs.last()) else {
            return;
        };
        if self.places.is_empty() {
            self.places.resize((last - first) as usize + 1, NOWHERE);
            for (at, doc) in self.docs.iter().enumerate() {
                self.places[(doc - first) as usize] = at as u32;
            }
        }
    }

    /// Where `doc` stands among the passages; [`NOWHERE`] if it does not match.
    #[inline]
    pub(crate) fn place_or_nowhere(&self, doc: DocId) -> u32 {
        debug_assert!(!self.places.is_empty(), "they are not numbered");
        let from_first = doc.wrapping_sub(self.docs[0]) as usize;
        self.places.get(from_first).copied().unwrap_or(NOWHERE)
    }

    /// Where those of `docs` that match stand among the passages, of which there
    /// is one at least; [`number`](Self::number) has been called.
    pub(crate) fn places(&self, docs: Range<DocId>) -> impl Iterator<Item = usize> + '_ {
        debug_assert!(!self.places.is_empty(), "they are not numbered");
        let first = self.docs[0];
        let [start, end] = [docs.start, docs.end].map(|doc| doc.saturating_sub(first) as usize);
        let end = end.min(self.places.len());
        let places = &self.places[start.min(end)..end];
        places
            .iter()
            .filter(|&&place| place != NOWHERE)
            .map(|&place| place as usize)
    }

    /// The same as an option.
    pub(crate) fn place(&self, doc: DocId) -> Option<usize> {
        let place = self.place_or_nowhere(doc);
        (place != NOWHERE).then_some(place as usize)
    }
}

/// What `matched` matches in a segment and is not deleted.
pub(crate) fn passages(matched: &mut dyn Scorer, reader: &SegmentReader) -> Vec<DocId> {
    let mut docs = Vec::with_capacity(matched.size_hint() as usize);
    each_block(matched, &mut |block| match reader.alive_bitset() {
        None => docs.extend_from_slice(block),
        Some(alive) => docs.extend(block.iter().filter(|doc| alive.is_alive(**doc))),
    });
    docs
}

/// Hands what `matched` matches in a segment and is not deleted to `callback`.
pub(crate) fn each_passage(
    matched: &mut dyn Scorer,
    reader: &SegmentReader,
    mut callback: impl FnMut(DocId),
) {
    let alive = reader.alive_bitset();
    each_block(matched, &mut |block| {
        for &doc in block {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                callback(doc);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_left_is_as_if_the_rest_had_never_been(
            runs in proptest::collection::vec((1_usize..4, any::<bool>()), 0..30),
        ) {
            let of = |docs: Vec<DocId>| {
                let names: Vec<_> = docs.iter().map(|doc| doc / 10).collect();
                Matching::of(docs, &names)
            };
            let docs = |wanted: &dyn Fn(bool) -> bool| -> Vec<DocId> {
                let runs = runs.iter().enumerate().filter(|(_, (_, is_kept))| wanted(*is_kept));
                runs.flat_map(|(number, (len, _))| (0..*len).map(move |at| (number * 10 + at) as DocId))
                    .collect()
            };
            let mut matching = of(docs(&|_| true));
            // A whole lies before its passages.
            let slots = |matching: &Matching| -> Vec<Option<DocId>> {
                let of_result = |number| {
                    let docs = matching.docs[matching.run(number)].iter();
                    std::iter::once(None).chain(docs.copied().map(Some))
                };
                (0..matching.results()).flat_map(of_result).collect()
            };
            let (mut moved, before) = (Vec::new(), slots(&matching));
            matching.retain(|number, _| runs[number].1, |slots| moved.extend_from_slice(&before[slots]));
            let expected = of(docs(&|is_kept| is_kept));
            prop_assert_eq!(&matching.docs, &expected.docs);
            prop_assert_eq!(&matching.result, &expected.result);
            prop_assert_eq!(&matching.starts, &expected.starts);
            prop_assert_eq!(&matching.names, &expected.names);
            prop_assert_eq!(moved, slots(&expected));
            matching.number();
            for doc in 0..if matching.docs.is_empty() { 0 } else { 320 } {
                let place = matching.docs.iter().position(|&other| other == doc);
                prop_assert_eq!(matching.place(doc), place);
            }
        }
    }
}
