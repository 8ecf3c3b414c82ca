//! Many documents of a segment at once, a bit each.

use std::{iter, ops::Range};

use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet, TERMINATED};

/// Documents of a segment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    /// None, of a segment of so many documents.
    pub(crate) fn none(max_doc: DocId) -> Self {
        Self(vec![0; max_doc.div_ceil(64) as usize])
    }

    #[inline]
    pub(crate) fn insert(&mut self, doc: DocId) {
        self.0[doc as usize / 64] |= 1 << (doc % 64);
    }

    #[inline]
    pub(crate) fn contains(&self, doc: DocId) -> bool {
        self.0[doc as usize / 64] >> (doc % 64) & 1 == 1
    }

    /// Adds those of `other`.
    pub(crate) fn add(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }

    /// Leaves those that are in `other` too.
    pub(crate) fn keep(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
    }

    /// Leaves those that are not in `other`.
    pub(crate) fn remove(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= !other;
        }
    }

    /// The first from `from` on; [`TERMINATED`] if there is none.
    pub(crate) fn first_from(&self, from: DocId) -> DocId {
        let mut at = from as usize / 64;
        let Some(&word) = self.0.get(at) else {
            return TERMINATED;
        };
        let mut word = word & (u64::MAX << (from % 64));
        loop {
            if word != 0 {
                return at as u32 * 64 + word.trailing_zeros();
            }
            at += 1;
            match self.0.get(at) {
                Some(&next) => word = next,
                None => return TERMINATED,
            }
        }
    }

    /// From each of those among `docs` to the next, or to `end` from the last of all.
    pub(crate) fn runs(
        &self,
        docs: Range<DocId>,
        end: DocId,
    ) -> impl Iterator<Item = Range<DocId>> {
        let mut next = self.first_from(docs.start);
        iter::from_fn(move || {
            let run = (next < docs.end).then(|| next..self.first_from(next + 1).min(end))?;
            next = run.end;
            Some(run)
        })
    }

    /// The last up to `doc` itself; 0 if there is none.
    #[inline]
    pub(crate) fn last_to(&self, doc: DocId) -> DocId {
        let mut at = doc as usize / 64;
        let mut word = self.0[at] & (u64::MAX >> (63 - doc % 64));
        while word == 0 {
            if at == 0 {
                return 0;
            }
            at -= 1;
            word = self.0[at];
        }
        at as u32 * 64 + word.ilog2()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(crate) fn len(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }
}

/// Documents as tantivy walks them.
pub(crate) struct BitsDocSet {
    bits: Bits,
    doc: DocId,
    len: u32,
}

impl From<Bits> for BitsDocSet {
    fn from(bits: Bits) -> Self {
        let len = bits.len();
        let mut walk = Self { bits, doc: 0, len };
        walk.doc = walk.bits.first_from(0);
        walk
    }
}

impl DocSet for BitsDocSet {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.doc = self.bits.first_from(self.doc + 1);
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.doc = self.bits.first_from(target);
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.len
    }

    fn fill_buffer(&mut self, buffer: &mut [DocId; COLLECT_BLOCK_BUFFER_LEN]) -> usize {
        let mut filled = 0;
        while filled < buffer.len() && self.doc != TERMINATED {
            // The rest of a word at a time.
            let at = self.doc as usize / 64;
            let mut word = self.bits.0[at] & (u64::MAX << (self.doc % 64));
            while word != 0 && filled < buffer.len() {
                buffer[filled] = at as u32 * 64 + word.trailing_zeros();
                filled += 1;
                word &= word - 1;
            }
            self.doc = match word {
                0 => self.bits.first_from((at as u32 + 1) * 64),
                _ => at as u32 * 64 + word.trailing_zeros(),
            };
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(docs: &[DocId]) -> Bits {
        let mut bits = Bits::none(1000);
        docs.iter().for_each(|&doc| bits.insert(doc));
        bits
    }

    fn listed(bits: Bits) -> Vec<DocId> {
        let mut walk = BitsDocSet::from(bits);
        let mut buffer = [0; COLLECT_BLOCK_BUFFER_LEN];
        let mut docs = Vec::new();
        loop {
            let filled = walk.fill_buffer(&mut buffer);
            docs.extend_from_slice(&buffer[..filled]);
            if filled < buffer.len() {
                return docs;
            }
        }
    }

    proptest! {
        #[test]
        fn documents_are_walked_in_order(
            docs in proptest::collection::btree_set(0_u32..1000, 0..300),
            others in proptest::collection::btree_set(0_u32..1000, 0..300),
            targets in proptest::collection::vec(0_u32..1100, 0..20),
        ) {
            let docs: Vec<_> = docs.into_iter().collect();
            let others: Vec<_> = others.into_iter().collect();
            prop_assert_eq!(&listed(of(&docs)), &docs);
            let mut walk = BitsDocSet::from(of(&docs));
            prop_assert_eq!(walk.size_hint(), docs.len() as u32);
            for doc in &docs {
                prop_assert_eq!(walk.doc(), *doc);
                walk.advance();
            }
            prop_assert_eq!(walk.advance(), TERMINATED);
            let mut walk = BitsDocSet::from(of(&docs));
            let mut targets = targets;
            targets.sort_unstable();
            for target in targets {
                let found = docs.iter().copied().find(|&doc| doc >= target);
                prop_assert_eq!(walk.seek(target), found.unwrap_or(TERMINATED));
            }
            let (mut both, mut rest) = (of(&docs), of(&docs));
            both.keep(&of(&others));
            rest.remove(&of(&others));
            let (inside, outside): (Vec<_>, Vec<_>) =
                docs.iter().copied().partition(|doc| others.contains(doc));
            prop_assert_eq!(listed(both), inside);
            prop_assert_eq!(listed(rest), outside);
            prop_assert!(docs.iter().all(|&doc| of(&docs).contains(doc)));
            prop_assert_eq!(of(&docs).is_empty(), docs.is_empty());
            for target in 0..1000 {
                let last = docs.iter().copied().rfind(|&doc| doc <= target);
                prop_assert_eq!(of(&docs).last_to(target), last.unwrap_or(0));
            }
        }
    }
}
