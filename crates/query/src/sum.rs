//! What any of several phrases finds, and the sum of what they add: topics and
//! literal texts, where what matches is what is ranked by. Each text is looked into
//! once for each of them.

use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, query::Scorer};

use crate::{
    bits::{Bits, BitsDocSet},
    bulk::each_block,
    cores::on_all_cores,
    evidence::Prepared,
    layout::Layout,
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
    /// What any of the extras finds in a segment.
    pub(crate) fn sum_extras(
        &self,
        reader: &SegmentReader,
        layout: &Layout,
    ) -> tantivy::Result<Summed> {
        let all = on_all_cores(self.extras.iter().collect(), |extra| {
            let scorer = extra.weight.scorer(reader, extra.boost)?;
            Ok(added(scorer))
        });
        let all: Vec<Added> = all.into_iter().collect::<tantivy::Result<_>>()?;
        let many: usize = all.iter().map(Vec::len).sum();
        Ok(if many > (reader.max_doc() / DENSE) as usize {
            dense(&all, reader, layout)
        } else {
            sparse(all)
        })
    }
}

fn added(mut scorer: Box<dyn Scorer>) -> Added {
    let mut added = Vec::new();
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
