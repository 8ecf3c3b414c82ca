//! Where letters follow one another in the documents of a segment.

use tantivy::{
    DocId, DocSet, SegmentReader, TERMINATED, Term,
    postings::{Postings, SegmentPostings},
    schema::{Field, IndexRecordOption},
};

use super::spelled::Spelled;
use crate::pattern::Pattern;

/// The letters that those pairs start with which hold all of `pattern`: every
/// second does, unless each gap matters.
pub(super) fn steps(pattern: &Pattern, exact: bool) -> impl Iterator<Item = usize> {
    let last = pattern.len().saturating_sub(2);
    let step = if exact { 1 } else { 2 };
    let tail = (!exact && last % 2 == 1).then_some(last);
    (0..=last).step_by(step).chain(tail)
}

/// So many lists of pairs tell nearly all that all of them would, where letters
/// decide.
const MOST_LISTS: usize = 4;

/// Where a pattern stands in the documents of a segment.
pub(super) struct Matcher {
    /// The rarest leads.
    pairs: Vec<PairPostings>,
    places: Places,
}

/// What tells where letters stand.
enum Places {
    /// Positions in the index: of titles and headings, which are short.
    Listed(Vec<u32>),
    /// The texts of passages.
    Spelled(Box<Spelled>),
}

pub(super) struct PairPostings {
    /// Which letter of the pattern the pair starts with.
    offset: u32,
    postings: SegmentPostings,
}

impl Matcher {
    /// Of `pattern`, of two letters at least, in `field`, whose positions tell
    /// where letters stand, whatever stands between them.
    pub(super) fn listed(
        reader: &SegmentReader,
        field: Field,
        pattern: &Pattern,
    ) -> tantivy::Result<Option<Self>> {
        let index = reader.inverted_index(field)?;
        let mut pairs = Vec::new();
        for offset in steps(pattern, false) {
            let term = Term::from_field_text(field, &pattern.pair(offset));
            let option = IndexRecordOption::WithFreqsAndPositions;
            let Some(postings) = index.read_postings(&term, option)? else {
                return Ok(None);
            };
            let offset = offset as u32;
            pairs.push(PairPostings { offset, postings });
        }
        pairs.sort_by_key(|pair| pair.postings.doc_freq());
        let places = Places::Listed(Vec::new());
        Ok(Some(Self { pairs, places }))
    }

    /// Of `pattern`, of two letters at least, in `field`, whose letters what
    /// `spelled` makes tells: made only where all pairs are there.
    pub(super) fn spelled(
        reader: &SegmentReader,
        field: Field,
        pattern: &Pattern,
        spelled: impl FnOnce() -> tantivy::Result<Spelled>,
    ) -> tantivy::Result<Option<Self>> {
        let index = reader.inverted_index(field)?;
        let mut lists = Vec::new();
        for offset in 0..pattern.len().saturating_sub(1) {
            let term = Term::from_field_text(field, &pattern.pair(offset));
            let Some(info) = index.get_term_info(&term)? else {
                return Ok(None);
            };
            lists.push((info.doc_freq, offset as u32, info));
        }
        lists.sort_by_key(|&(frequency, offset, _)| (frequency, offset));
        lists.dedup_by(|one, other| one.2 == other.2);
        lists.truncate(MOST_LISTS);
        let lists = lists.into_iter().map(|(_, offset, info)| {
            let option = IndexRecordOption::WithFreqs;
            let postings = index.read_postings_from_terminfo(&info, option)?;
            Ok(PairPostings { offset, postings })
        });
        let pairs: Vec<_> = lists.collect::<tantivy::Result<_>>()?;
        let places = Places::Spelled(Box::new(spelled()?));
        Ok(Some(Self { pairs, places }))
    }

    pub(super) fn doc(&self) -> DocId {
        self.pairs[0].postings.doc()
    }

    /// How often the rarest pair stands in the current document.
    pub(super) fn rarest_frequency(&self) -> u32 {
        self.pairs[0].postings.term_freq()
    }

    /// The documents of the rarest pair.
    pub(super) fn size_hint(&self) -> u32 {
        self.pairs[0].postings.size_hint()
    }

    /// The first document from `from` on that has all pairs.
    pub(super) fn align(&mut self, from: DocId) -> DocId {
        let (lead, others) = self.pairs.split_first_mut().expect("a pattern has pairs");
        let mut doc = if lead.postings.doc() < from {
            lead.postings.seek(from)
        } else {
            lead.postings.doc()
        };
        'candidates: while doc != TERMINATED {
            for other in others.iter_mut() {
                let found = if other.postings.doc() < doc {
                    other.postings.seek(doc)
                } else {
                    other.postings.doc()
                };
                if found != doc {
                    doc = lead.postings.seek(found);
                    continue 'candidates;
                }
            }
            break;
        }
        doc
    }

    /// Puts the ordinals at which the pattern starts in the current document
    /// into `starts`, in order.
    pub(super) fn starts(&mut self, starts: &mut Vec<u32>) {
        starts.clear();
        let doc = self.doc();
        let positions = match &mut self.places {
            Places::Spelled(spelled) => return spelled.starts(doc, starts),
            Places::Listed(positions) => positions,
        };
        for (index, pair) in self.pairs.iter_mut().enumerate() {
            pair.postings.positions(positions);
            let offset = pair.offset;
            let mut found = positions
                .iter()
                .filter_map(|&position| position.checked_sub(offset));
            if index == 0 {
                starts.extend(found);
            } else {
                // Both are sorted.
                let mut next = found.next();
                starts.retain(|&start| {
                    while next.is_some_and(|other| other < start) {
                        next = found.next();
                    }
                    next == Some(start)
                });
            }
            if starts.is_empty() {
                return;
            }
        }
    }

    /// How often the pattern begins in the current document's own part of it: no more
    /// often than its rarest pair stands there. `starts` is scratch.
    pub(super) fn count(&mut self, starts: &mut Vec<u32>) -> u32 {
        let (doc, most) = (self.doc(), self.rarest_frequency());
        match &mut self.places {
            Places::Spelled(spelled) if spelled.is_plain(doc) => most,
            Places::Spelled(spelled) => spelled.count(doc, most, starts),
            Places::Listed(_) => {
                self.starts(starts);
                starts.len() as u32
            }
        }
    }

    /// Whether document `doc` may have the pattern.
    pub(super) fn may_have(&mut self, doc: DocId) -> bool {
        self.doc() <= doc && self.align(doc) == doc
    }

    /// As [`starts`](Self::starts) for the document in which `other` looked
    /// last, if it has the pattern at all.
    pub(super) fn starts_beside(&mut self, other: &Self, doc: DocId, starts: &mut Vec<u32>) {
        match (&self.places, &other.places) {
            (Places::Spelled(spelled), Places::Spelled(other)) if spelled.spells_as(other) => {
                starts.clear();
                spelled.starts_beside(other, starts);
            }
            _ => self.starts_in(doc, starts),
        }
    }

    /// As [`starts`](Self::starts) for document `doc`, if it has the pattern at all.
    pub(super) fn starts_in(&mut self, doc: DocId, starts: &mut Vec<u32>) {
        starts.clear();
        if self.may_have(doc) {
            self.starts(starts);
        }
    }
}
