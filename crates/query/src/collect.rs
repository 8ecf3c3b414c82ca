//! Every matching passage, notice by notice, where all of them are wanted.

use tantivy::{
    DocAddress, DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::Column,
};

/// Every matching passage, notice by notice, newest first.
pub(crate) struct Everything;

/// The matching passages of a notice.
#[derive(Clone, Debug)]
pub(crate) struct Gathered {
    pub(crate) notice: u64,
    pub(crate) day: Option<i64>,
    /// Address and ordinal of each.
    pub(crate) passages: Vec<(DocAddress, u32)>,
}

impl Collector for Everything {
    type Fruit = Vec<Gathered>;
    type Child = EverythingSegment;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<EverythingSegment> {
        let columns = reader.fast_fields();
        Ok(EverythingSegment {
            segment,
            notices: columns.u64("notice")?,
            ordinals: columns.u64("ordinal")?,
            days: columns.i64("day")?,
            gathered: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Gathered>>) -> tantivy::Result<Vec<Gathered>> {
        let mut all: Vec<_> = fruits.into_iter().flatten().collect();
        all.sort_by_key(|gathered| (std::cmp::Reverse(gathered.day), gathered.notice));
        Ok(all)
    }
}

pub(crate) struct EverythingSegment {
    segment: SegmentOrdinal,
    notices: Column<u64>,
    ordinals: Column<u64>,
    days: Column<i64>,
    gathered: Vec<Gathered>,
}

impl SegmentCollector for EverythingSegment {
    type Fruit = Vec<Gathered>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let notice = self.notices.first(doc).unwrap_or_default();
        let ordinal = self.ordinals.first(doc).unwrap_or_default() as u32;
        if ordinal == 0 {
            return;
        }
        let passage = (DocAddress::new(self.segment, doc), ordinal);
        match self.gathered.last_mut() {
            Some(last) if last.notice == notice => last.passages.push(passage),
            _ => self.gathered.push(Gathered {
                notice,
                day: self.days.first(doc),
                passages: vec![passage],
            }),
        }
    }

    fn harvest(self) -> Vec<Gathered> {
        self.gathered
    }
}
