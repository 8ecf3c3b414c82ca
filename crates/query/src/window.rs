//! All passages of a part of a segment, scored window by window.
//!
//! What is added up for the documents of a window stays close to the processor,
//! and no step branches on which of them a term stands in: a branch that cannot
//! be foretold costs more than work done in vain.

mod counts; // of one term, put together

use std::ops::Range;

use tantivy::{
    DocId, Score, SegmentReader, postings::BlockSegmentPostings, schema::IndexRecordOption,
};

use self::counts::{Count, Room, Tally};
use crate::{
    evidence::{List, Place, PreparedTerm},
    layout::{Held, Notices},
};

/// A window has so many documents, and the rest of the last notice.
pub(crate) const WINDOW: DocId = 4096;

/// The scores of the documents of a window: of each passage by itself, and at the
/// head of each notice of its passages read as one text.
pub(crate) struct Window<'w> {
    pub(crate) docs: Range<DocId>,
    notices: &'w Notices,
    /// Whether passages are read as one text at all.
    has_wholes: bool,
    pub(crate) slots: Vec<Score>,
    room: Room,
    /// By head.
    wholes: Tally,
}

impl<'w> Window<'w> {
    pub(crate) fn new(notices: &'w Notices, has_wholes: bool) -> Self {
        Self {
            docs: 0..0,
            notices,
            has_wholes,
            slots: Vec::new(),
            room: Room::default(),
            wholes: Tally::default(),
        }
    }

    /// Goes on to the documents `docs`, all with nothing yet.
    pub(crate) fn move_to(&mut self, docs: Range<DocId>) {
        self.slots.clear();
        self.slots.resize(docs.len(), 0.0);
        self.wholes.make_room(docs.len());
        self.docs = docs;
    }

    /// Adds what the occurrences of a term here are worth, any number of them less
    /// than `gain`.
    pub(crate) fn add(&mut self, cursors: &mut Cursors<'_>, held: &Held, gain: Score) {
        let all = self.docs.start as usize..self.docs.end as usize;
        let documents = self.docs.len();
        let mut adding = Adding {
            gain,
            start: self.docs.start,
            held: &held.by_doc[all.clone()],
            heads: &self.notices.heads[all],
            slots: &mut self.slots[..documents],
            wholes: &mut self.wholes,
        };
        match &mut *cursors.0 {
            // Most terms stand in one place only.
            [cursor] if cursor.list.place == Place::Body => {
                let weight = cursor.list.weight;
                cursor.each(self.docs.end, |doc, frequency| {
                    let count = weight * frequency as Score;
                    adding.add(doc, count, count);
                });
            }
            cursors => {
                self.room.all.clear();
                for cursor in cursors {
                    self.room.list.clear();
                    cursor.count(self.docs.end, self.notices, &mut self.room.list);
                    self.room.take_list();
                }
                for counted in &self.room.all {
                    adding.add(counted.at, counted.count, counted.whole);
                }
            }
        }
        adding.finish(self.has_wholes);
    }
}

/// A term being added in a window, whose documents are numbered from its start.
struct Adding<'w> {
    gain: Score,
    start: DocId,
    held: &'w [Score],
    heads: &'w [DocId],
    slots: &'w mut [Score],
    wholes: &'w mut Tally,
}

impl Adding<'_> {
    /// Adds what `count` occurrences in passage `doc` are worth; `whole` of them
    /// count for the notice.
    #[inline]
    fn add(&mut self, doc: DocId, count: Score, whole: Score) {
        let at = (doc - self.start) as usize;
        self.slots[at] += self.gain * count / (count + self.held[at]);
        self.wholes.add(self.heads[at] - self.start, whole);
    }

    /// Adds what they are worth for the notices.
    fn finish(self, has_wholes: bool) {
        let Self {
            gain, held, slots, ..
        } = self;
        self.wholes.drain(|head, count| {
            if has_wholes {
                // Nothing held against nothing must not become 0 / 0.
                let all = (count + held[head]).max(Score::MIN_POSITIVE);
                slots[head] += gain * count / all;
            }
        });
    }
}

/// The highest of `scores`, which are not negative.
pub(crate) fn highest(scores: &[Score]) -> Score {
    /// So many at a time are compared with as many.
    const LANES: usize = 8;
    let greater = |a: Score, b: Score| if a > b { a } else { b };
    let mut lanes = [0.0; LANES];
    let (all, rest) = scores.as_chunks::<LANES>();
    for scores in all {
        for (lane, &score) in lanes.iter_mut().zip(scores) {
            *lane = greater(*lane, score);
        }
    }
    let rest = rest.iter().copied().fold(0.0, greater);
    lanes.into_iter().fold(rest, greater)
}

/// Where a term stands in a segment, as far as it was run through.
pub(crate) struct Cursors<'l>(Vec<Cursor<'l>>);

/// The same of one place.
struct Cursor<'l> {
    list: &'l List,
    block: BlockSegmentPostings,
    /// How many of the block's documents are behind it.
    behind: usize,
}

impl PreparedTerm<'_> {
    /// Before document `from` of segment number `segment`.
    pub(crate) fn cursors(
        &self,
        segment: usize,
        reader: &SegmentReader,
        from: DocId,
    ) -> tantivy::Result<Cursors<'_>> {
        let cursors = self.lists[segment].iter().map(|list| {
            let index = reader.inverted_index(list.field)?;
            let option = IndexRecordOption::WithFreqs;
            let mut block = index.read_block_postings_from_terminfo(&list.info, option)?;
            let behind = block.seek(from);
            Ok(Cursor {
                list,
                block,
                behind,
            })
        });
        Ok(Cursors(cursors.collect::<tantivy::Result<_>>()?))
    }
}

impl Cursor<'_> {
    /// Hands each document before `until`, and how often the term stands there, to
    /// `callback`.
    #[inline]
    fn each(&mut self, until: DocId, mut callback: impl FnMut(DocId, u32)) {
        loop {
            let docs = &self.block.docs()[self.behind..];
            let freqs = &self.block.freqs()[self.behind..];
            let here = match docs.last() {
                Some(&last) if last < until => docs.len(),
                _ => docs.partition_point(|&doc| doc < until),
            };
            let listed = docs[..here].iter().zip(freqs);
            match &self.list.runs {
                None => listed.for_each(|(&doc, &frequency)| callback(doc, frequency)),
                // A window ends where a notice does, and no run goes beyond.
                Some(runs) => listed.for_each(|(&start, &frequency)| {
                    let passages = runs.passages(start);
                    passages.for_each(|doc| callback(doc, frequency));
                }),
            }
            self.behind += here;
            if here < docs.len() || docs.is_empty() {
                return;
            }
            self.block.advance();
            self.behind = 0;
        }
    }

    /// Adds what lies before the document `until` to `counts`.
    fn count(&mut self, until: DocId, notices: &Notices, counts: &mut Vec<Count>) {
        let list = self.list;
        let mut last = DocId::MAX;
        self.each(until, |doc, frequency| {
            let head = notices.head(doc);
            let is_first = head != std::mem::replace(&mut last, head);
            let (count, whole) = list.worth(frequency, is_first);
            counts.push(Count {
                at: doc,
                count,
                whole,
            });
        });
    }
}
