//! What any of several phrases finds, and the sum of what they add: topics and
//! literal texts, where what matches is what is ranked by. Each text is looked into
//! once for each of them.

use std::{
    cmp::Reverse,
    sync::{Mutex, PoisonError},
};

use tantivy::{
    DocId, DocSet, Score, Searcher, SegmentOrdinal, SegmentReader, TERMINATED, query::Scorer,
};

use crate::{
    bits::{Bits, BitsDocSet},
    bulk::each_block,
    columns::InSegment,
    cores::on_all_cores,
    evidence::Prepared,
    layout::{Layout, Layouts},
};

/// Sums are kept for all documents at once where more than one in so many is
/// found.
const DENSE: u32 = 32;

/// Documents, in order, with their scores.
#[derive(Default)]
pub(crate) struct Summed {
    pub(crate) docs: Vec<DocId>,
    pub(crate) scores: Vec<Score>,
}

/// What an extra adds to each document that it finds, in order.
type Added = Vec<(DocId, Score)>;

impl Prepared<'_> {
    /// What `finish` makes of all that any of the extras finds in a segment, for each
    /// of `segments`, in any order. Extras of one segment are looked for at the same
    /// time, as one segment may be greater than all others; who finds the last of them
    /// goes on with the segment.
    pub(crate) fn sum_extras<P: InSegment + Send, T: Send>(
        &self,
        searcher: &Searcher,
        layouts: &Layouts,
        segments: Vec<P>,
        finish: impl Fn(&SegmentReader, P, Summed) -> tantivy::Result<T> + Sync,
    ) -> tantivy::Result<Vec<T>> {
        let mut unfinished: Vec<_> = segments.into_iter().map(Unfinished::of).collect();
        unfinished.sort_by_key(|part| Reverse(searcher.segment_reader(part.segment).max_doc()));
        let parts = unfinished.iter().flat_map(|segment| {
            self.extras
                .iter()
                .enumerate()
                .map(move |extra| (segment, extra))
        });
        let done = on_all_cores(parts.collect(), |(segment, (number, extra))| {
            let reader = searcher.segment_reader(segment.segment);
            let found = added(extra.weight.scorer(reader, extra.boost)?);
            let Some((part, all)) = segment.put(number, found, self.extras.len()) else {
                return Ok(None);
            };
            finish(reader, part, sum(all, reader, &layouts.of(reader))).map(Some)
        });
        let done: tantivy::Result<Vec<_>> = done.into_iter().collect();
        Ok(done?.into_iter().flatten().collect())
    }
}

/// A segment of which some extras have yet to be found.
struct Unfinished<P> {
    segment: SegmentOrdinal,
    so_far: Mutex<SoFar<P>>,
}

/// What is known of a segment so far.
struct SoFar<P> {
    /// None once it was handed over.
    part: Option<P>,
    /// What was found, by the number of the extra.
    found: Vec<(usize, Added)>,
}

impl<P: InSegment> Unfinished<P> {
    fn of(part: P) -> Self {
        Self {
            segment: part.segment(),
            so_far: Mutex::new(SoFar {
                part: Some(part),
                found: Vec::new(),
            }),
        }
    }

    /// Takes in what extra `number` of `many` finds; hands over all if it is the last.
    fn put(&self, number: usize, added: Added, many: usize) -> Option<(P, Vec<Added>)> {
        let mut so_far = self.so_far.lock().unwrap_or_else(PoisonError::into_inner);
        so_far.found.push((number, added));
        if so_far.found.len() < many {
            return None;
        }
        let mut all = std::mem::take(&mut so_far.found);
        // Sums are to come out the same, whoever was first.
        all.sort_unstable_by_key(|(number, _)| *number);
        let all = all.into_iter().map(|(_, added)| added);
        Some((so_far.part.take()?, all.collect()))
    }
}

fn sum(all: Vec<Added>, reader: &SegmentReader, layout: &Layout) -> Summed {
    if let [one] = &all[..] {
        let (docs, scores) = one.iter().copied().unzip();
        return Summed { docs, scores };
    }
    let many: usize = all.iter().map(Vec::len).sum();
    if many > (reader.max_doc() / DENSE) as usize {
        dense(&all, reader, layout)
    } else {
        sparse(all)
    }
}

fn added(mut scorer: Box<dyn Scorer>) -> Added {
    // Mostly too much, but the system gives no memory for what is never filled.
    let mut added = Vec::with_capacity(scorer.size_hint() as usize);
    let mut doc = scorer.doc();
    while doc != TERMINATED {
        added.push((doc, scorer.score()));
        doc = scorer.advance();
    }
    added
}

fn dense(all: &[Added], reader: &SegmentReader, layout: &Layout) -> Summed {
    let mut sums = layout.zeros(reader.max_doc() as usize);
    let mut found = Bits::none(reader.max_doc());
    for &(doc, score) in all.iter().flatten() {
        found.insert(doc);
        sums[doc as usize] += score;
    }
    let mut docs = Vec::new();
    each_block(&mut BitsDocSet::from(found), &mut |block| {
        docs.extend_from_slice(block);
    });
    let scores = docs.iter().map(|&doc| sums[doc as usize]).collect();
    layout.give_back(sums);
    Summed { docs, scores }
}

fn sparse(all: Vec<Added>) -> Summed {
    let mut all = all.concat();
    // Stable: what comes of one document stays in order, as do the sums.
    all.sort_by_key(|&(doc, _)| doc);
    let mut summed = Summed::default();
    for (doc, score) in all {
        if summed.docs.last() == Some(&doc) {
            if let Some(sum) = summed.scores.last_mut() {
                *sum += score;
            }
        } else {
            summed.docs.push(doc);
            summed.scores.push(score);
        }
    }
    summed
}

impl Summed {
    /// Leaves those that `is_kept` accepts.
    pub(crate) fn retain(&mut self, is_kept: impl Fn(DocId) -> bool) {
        let mut kept = 0;
        for at in 0..self.docs.len() {
            if is_kept(self.docs[at]) {
                self.docs[kept] = self.docs[at];
                self.scores[kept] = self.scores[at];
                kept += 1;
            }
        }
        self.docs.truncate(kept);
        self.scores.truncate(kept);
    }
}
