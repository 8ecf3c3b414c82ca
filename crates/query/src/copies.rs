//! Notices that hold the same text, as the indexer found them.

use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

use gongbao_analysis::Pair;
use tantivy::{Searcher, SegmentOrdinal, SegmentReader};

use crate::bits::Bits;

/// What a generation knows of copies; read when it is first asked for.
pub(crate) struct Copies {
    bytes: Vec<u8>,
    known: OnceLock<Known>,
    /// By segment, the documents of notices that have copies.
    documents: OnceLock<Vec<Bits>>,
}

#[derive(Default)]
struct Known {
    pairs: Vec<Pair>,
    /// The group of each notice that has copies, by any of its notices.
    groups: HashMap<u64, u64>,
}

/// What of an answer is folded.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    /// Notices that another one stands for.
    pub(crate) hidden: HashSet<u64>,
    /// How many others each of those stands for.
    pub(crate) copies: HashMap<u64, u32>,
}

impl Copies {
    /// `bytes` of the file that the indexer wrote; none where there is none.
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            known: OnceLock::new(),
            documents: OnceLock::new(),
        }
    }

    fn known(&self) -> &Known {
        self.known.get_or_init(|| {
            // A file that cannot be read back tells of no copies; the index is whole.
            let pairs: Vec<Pair> = postcard::from_bytes(&self.bytes).unwrap_or_default();
            let groups = groups(&pairs);
            Known { pairs, groups }
        })
    }

    /// Whether any notice has a copy.
    pub(crate) fn any(&self) -> bool {
        !self.known().groups.is_empty()
    }

    /// The pairs of that notice, it first, those with most in common first.
    pub(crate) fn of(&self, notice: u64) -> Vec<Pair> {
        let pairs = self.known().pairs.iter();
        let mut pairs: Vec<_> = pairs
            .filter_map(|pair| match pair.notices {
                [first, _] if first == notice => Some(pair.clone()),
                [_, second] if second == notice => Some(pair.turned()),
                _ => None,
            })
            .collect();
        pairs.sort_by_key(|pair| (std::cmp::Reverse(pair.shared), pair.notices));
        pairs
    }

    /// The documents of a segment that are of notices with copies. Found once
    /// and kept, so that a search need not ask of each notice it finds.
    pub(crate) fn documents(&self, searcher: &Searcher, segment: SegmentOrdinal) -> &Bits {
        let documents = self.documents.get_or_init(|| {
            let groups = &self.known().groups;
            let of_segment = |reader: &SegmentReader| {
                let mut documents = Bits::none(reader.max_doc());
                // Without the column no copy is folded; all else would fail too.
                if let Ok(notices) = reader.fast_fields().u64("notice") {
                    let mut last = (None, false);
                    for doc in 0..reader.max_doc() {
                        let notice = notices.first(doc);
                        if last.0 != notice {
                            let has_copies =
                                notice.is_some_and(|notice| groups.contains_key(&notice));
                            last = (notice, has_copies);
                        }
                        if last.1 {
                            documents.insert(doc);
                        }
                    }
                }
                documents
            };
            searcher.segment_readers().iter().map(of_segment).collect()
        });
        &documents[segment as usize]
    }

    /// What names the group of copies that a notice is of.
    pub(crate) fn group(&self, notice: u64) -> Option<u64> {
        self.known().groups.get(&notice).copied()
    }

    /// Folds copies among the matching notices, each with its day, under the
    /// earliest.
    pub(crate) fn fold(&self, matching: impl IntoIterator<Item = (u64, Option<i64>)>) -> Folded {
        let mut found: HashMap<u64, Vec<(bool, Option<i64>, u64)>> = HashMap::new();
        for (notice, day) in matching {
            if let Some(group) = self.group(notice) {
                // One without a day is not the earliest.
                let order = (day.is_none(), day, notice);
                found.entry(group).or_default().push(order);
            }
        }
        let mut folded = Folded::default();
        for mut copies in found.into_values().filter(|copies| copies.len() > 1) {
            copies.sort_unstable();
            folded.copies.insert(copies[0].2, copies.len() as u32 - 1);
            folded.hidden.extend(copies[1..].iter().map(|copy| copy.2));
        }
        folded
    }
}

/// The notices that are copies of one another, directly or through others,
/// each with one that names the group.
fn groups(pairs: &[Pair]) -> HashMap<u64, u64> {
    fn root(parents: &mut HashMap<u64, u64>, notice: u64) -> u64 {
        let mut at = notice;
        while let Some(&parent) = parents.get(&at).filter(|&&parent| parent != at) {
            at = parent;
        }
        parents.insert(notice, at);
        at
    }
    let mut parents = HashMap::new();
    for pair in pairs.iter().filter(|pair| pair.is_same()) {
        let [one, two] = pair.notices.map(|notice| root(&mut parents, notice));
        parents.insert(one.max(two), one.min(two));
    }
    let notices: Vec<u64> = parents.keys().copied().collect();
    notices
        .into_iter()
        .map(|notice| (notice, root(&mut parents, notice)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(one: u64, two: u64, shared: u32) -> Pair {
        Pair {
            notices: [one, two],
            prints: [100, 100],
            shared,
            passages: Vec::new(),
        }
    }

    #[test]
    fn the_earliest_stands_for_all() {
        let pairs = vec![pair(3, 1, 95), pair(3, 7, 90), pair(8, 9, 40)];
        let copies = Copies::new(postcard::to_stdvec(&pairs).expect("it serialises"));
        let matching = [
            (1, None),
            (3, Some(20)),
            (7, Some(10)),
            (8, Some(1)),
            (9, Some(1)),
        ];
        let folded = copies.fold(matching);
        assert_eq!(folded.hidden, HashSet::from([1, 3]));
        assert_eq!(folded.copies, HashMap::from([(7, 2)]));
        // Where the earliest does not match, the next stands for the rest.
        let folded = copies.fold(matching.into_iter().take(2));
        assert_eq!(folded.copies, HashMap::from([(3, 1)]));
        assert_eq!(copies.of(7)[0].notices, [7, 3]);
        assert!(!Copies::new(Vec::new()).any());
    }
}
