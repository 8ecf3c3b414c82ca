//! What is known of the documents of a segment besides terms, and work that goes
//! segment by segment.

use std::{cmp::Reverse, ops::Range, sync::Arc};

use tantivy::{
    DocAddress, DocId, Score, Searcher, SegmentOrdinal, SegmentReader, columnar::Column,
};

use crate::{
    bits::Bits,
    cores::{CORES, on_all_cores},
    layout::{Layout, Layouts},
    ranking::Matched,
};

/// What a segment knows of its documents besides terms.
pub(crate) struct Columns {
    pub(crate) segment: SegmentOrdinal,
    notices: Column<u64>,
    ordinals: Column<u64>,
    days: Column<i64>,
    heads: Arc<Bits>,
}

impl Columns {
    pub(crate) fn open(
        segment: SegmentOrdinal,
        reader: &SegmentReader,
        layout: &Layout,
    ) -> tantivy::Result<Self> {
        let columns = layout.columns(reader)?;
        Ok(Self {
            segment,
            notices: columns.notice.clone(),
            ordinals: columns.ordinal.clone(),
            days: columns.day.clone(),
            heads: Arc::clone(&columns.heads),
        })
    }

    pub(crate) fn passage(&self, doc: DocId, score: Score) -> Matched {
        Matched {
            address: DocAddress::new(self.segment, doc),
            ordinal: self.ordinals.first(doc).unwrap_or_default() as u32,
            score,
        }
    }

    /// The number made from the id of the notice that `doc` is of.
    pub(crate) fn notice(&self, doc: DocId) -> u64 {
        self.notices.first(doc).unwrap_or_default()
    }

    /// The documents of each notice, of so many documents.
    pub(crate) fn by_notice(&self, max_doc: DocId) -> impl Iterator<Item = Range<DocId>> {
        self.heads.runs(0..max_doc, max_doc)
    }

    pub(crate) fn day(&self, doc: DocId) -> Option<i64> {
        self.days.first(doc)
    }
}

/// The columns of all segments.
pub(crate) fn all_columns(searcher: &Searcher, layouts: &Layouts) -> tantivy::Result<Vec<Columns>> {
    let readers = searcher.segment_readers().iter().enumerate();
    let columns =
        readers.map(|(ordinal, reader)| Columns::open(ordinal as u32, reader, &layouts.of(reader)));
    columns.collect()
}

/// A segment of fewer documents is not worth to be handed to another core.
const WORTH_A_CORE: DocId = 20_000;

/// So many of all documents are a share for each core.
pub(crate) fn share(documents: u64) -> DocId {
    let share = documents.div_ceil(*CORES as u64);
    (share as DocId).max(WORTH_A_CORE)
}

/// What `work` makes of each of `parts`, which have a segment each, in any order;
/// the great ones at the same time.
pub(crate) fn by_segment<'s, P: InSegment + Send, T: Send>(
    searcher: &'s Searcher,
    parts: Vec<P>,
    work: impl Fn(&'s SegmentReader, P) -> tantivy::Result<T> + Sync,
) -> tantivy::Result<Vec<T>> {
    let size = |part: &P| searcher.segment_reader(part.segment()).max_doc();
    let (great, small): (Vec<P>, Vec<P>) = parts
        .into_iter()
        .partition(|part| size(part) > WORTH_A_CORE);
    let mut groups: Vec<Vec<P>> = great.into_iter().map(|part| vec![part]).collect();
    if !small.is_empty() {
        groups.push(small);
    }
    // The greatest first, so that no core is left with it when all else is done.
    groups.sort_by_cached_key(|group| Reverse(group.iter().map(size).sum::<DocId>()));
    let done = on_all_cores(groups, |group| {
        let done = group
            .into_iter()
            .map(|part| work(searcher.segment_reader(part.segment()), part));
        done.collect::<tantivy::Result<Vec<T>>>()
    });
    Ok(done
        .into_iter()
        .collect::<tantivy::Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect())
}

/// What is of one segment.
pub(crate) trait InSegment {
    fn segment(&self) -> SegmentOrdinal;
}

impl InSegment for Columns {
    fn segment(&self) -> SegmentOrdinal {
        self.segment
    }
}
