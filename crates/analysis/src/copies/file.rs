//! The file that tells which notices hold the same text, laid out so that what
//! one notice needs is found without reading the rest.
//!
//! A head, then a block for each notice. All numbers of the head have eight
//! bytes, low byte first: how many notices there are; then, behind a checksum,
//! for each notice, sorted by its number, that number, what names its group
//! (0 if it is alone), and where its block ends, counted from the end of the
//! head. A block, again behind a checksum, holds what the notice has in common
//! with each other one.

use std::{
    collections::HashMap,
    io::{self, Seek, SeekFrom, Write},
    ops::Range,
};

use serde::{Deserialize, Serialize};

use super::{Pair, Pairs};
use crate::checked::{CHECKSUM, checked, with_checksum};

/// Bytes of the count of notices.
const COUNT: usize = 8;
/// Bytes of what the head has for a notice.
const ROW: usize = 3 * 8;

/// What a notice has in common with another.
#[derive(Serialize, Deserialize)]
struct Kin {
    /// Which row the other one has in the head.
    other: u32,
    prints: [u32; 2],
    shared: u32,
    passages: Vec<[u32; 2]>,
}

/// The head of the file: which notices have copies, and in which groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopiesHead {
    /// Number, group and end of block; sorted.
    rows: Vec<[u64; 3]>,
}

impl CopiesHead {
    /// Bytes from which [`len`](Self::len) tells how long the head is.
    pub const START: usize = COUNT;

    /// How many bytes the head has of a file that begins with `start`.
    #[must_use]
    pub fn len(start: [u8; Self::START]) -> usize {
        let count = usize::try_from(u64::from_le_bytes(start)).unwrap_or(usize::MAX);
        Self::len_of(count)
    }

    /// The same for so many notices.
    fn len_of(notices: usize) -> usize {
        notices.saturating_mul(ROW).saturating_add(COUNT + CHECKSUM)
    }

    /// Reads a head; `None` if these bytes are none, or not as they were written.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (start, rows) = bytes.split_first_chunk::<COUNT>()?;
        if Self::len(*start) != bytes.len() {
            return None;
        }
        let (numbers, []) = checked(rows)?.as_chunks::<8>() else {
            return None;
        };
        let numbers: Vec<u64> = numbers.iter().copied().map(u64::from_le_bytes).collect();
        let (rows, []) = numbers.as_chunks::<3>() else {
            return None;
        };
        Some(Self {
            rows: rows.to_vec(),
        })
    }

    /// Whether no notice has a copy.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn row(&self, notice: u64) -> Option<usize> {
        self.rows.binary_search_by_key(&notice, |row| row[0]).ok()
    }

    /// What names the group of notices, each of which may stand for the
    /// others, that `notice` is of; `None` for one that is alone.
    #[must_use]
    pub fn group(&self, notice: u64) -> Option<u64> {
        let [_, group, _] = self.rows[self.row(notice)?];
        (group != 0).then_some(group)
    }

    /// Whether any two notices are of one group.
    #[must_use]
    pub fn has_groups(&self) -> bool {
        self.rows.iter().any(|row| row[1] != 0)
    }

    /// Where in the file the block of `notice` is; `None` for one that has
    /// nothing in common with any other.
    #[must_use]
    pub fn block(&self, notice: u64) -> Option<Range<u64>> {
        self.row(notice).map(|row| self.block_of_row(row))
    }

    fn block_of_row(&self, row: usize) -> Range<u64> {
        let head = Self::len_of(self.rows.len()) as u64;
        let start = row.checked_sub(1).map_or(0, |before| self.rows[before][2]);
        head + start..head + self.rows[row][2]
    }

    /// The pairs in the block of `notice`, it first; `None` if the bytes are
    /// none of its, or not as they were written.
    #[must_use]
    pub fn pairs(&self, notice: u64, block: &[u8]) -> Option<Vec<Pair>> {
        let kin: Vec<Kin> = postcard::from_bytes(checked(block)?).ok()?;
        let pair = |kin: Kin| {
            let [other, _, _] = *self.rows.get(kin.other as usize)?;
            Some(Pair {
                notices: [notice, other],
                prints: kin.prints,
                shared: kin.shared,
                passages: kin.passages,
            })
        };
        kin.into_iter().map(pair).collect()
    }
}

/// All pairs in a file, each once; `None` if `bytes` are no such file.
#[must_use]
pub fn decode_copies(bytes: &[u8]) -> Option<Pairs> {
    let (start, _) = bytes.split_first_chunk()?;
    let head = CopiesHead::parse(bytes.get(..CopiesHead::len(*start))?)?;
    let mut pairs = Pairs::default();
    for (row, [notice, _, _]) in head.rows.iter().enumerate() {
        let block = head.block_of_row(row);
        let block = bytes.get(block.start as usize..block.end as usize)?;
        let of_notice = head.pairs(*notice, block)?;
        pairs.extend(
            of_notice
                .into_iter()
                .filter(|pair| pair.notices[0] < pair.notices[1]),
        );
    }
    Some(pairs)
}

/// Writes the file that holds `pairs`, each of which is there once, to the empty `file`.
///
/// # Errors
///
/// Those of `file`.
pub fn write_copies(pairs: &Pairs, file: &mut (impl Write + Seek)) -> io::Result<()> {
    let groups = groups(pairs);
    let mut notices: Vec<u64> = pairs.iter().flat_map(|pair| pair.notices).collect();
    // Each pair from both sides: the rows of a notice and of the other, and its place.
    let mut sides = Vec::with_capacity(notices.len());
    notices.sort_unstable();
    notices.dedup();
    notices.shrink_to_fit();
    let row = |notice| notices.binary_search(&notice).expect("it is one of them") as u32;
    for (place, pair) in pairs.placed() {
        let [one, other] = pair.notices.map(row);
        sides.extend([(one, other, place), (other, one, place)]);
    }
    sides.sort_unstable();
    file.seek(SeekFrom::Start(CopiesHead::len_of(notices.len()) as u64))?;
    let (mut rows, mut end) = (Vec::new(), 0);
    for (notice, sides) in notices.iter().zip(sides.chunk_by(|a, b| a.0 == b.0)) {
        let kin = sides.iter().map(|&(_, other, place)| {
            let pair = pairs.at(place);
            let pair = match pair.notices[0] == *notice {
                true => pair,
                false => pair.turned(),
            };
            Kin {
                other,
                prints: pair.prints,
                shared: pair.shared,
                passages: pair.passages,
            }
        });
        let kin: Vec<Kin> = kin.collect();
        let block = postcard::to_stdvec(&kin).expect("plain values in memory always serialise");
        let block = with_checksum(&block);
        file.write_all(&block)?;
        end += block.len() as u64;
        let group = groups.get(notice).copied().unwrap_or(0);
        for number in [*notice, group, end] {
            rows.extend(number.to_le_bytes());
        }
    }
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&(notices.len() as u64).to_le_bytes())?;
    file.write_all(&with_checksum(&rows))
}

/// The notices that are copies of one another, directly or through others,
/// each with one that names the group.
fn groups(pairs: &Pairs) -> HashMap<u64, u64> {
    fn root(parents: &mut HashMap<u64, u64>, notice: u64) -> u64 {
        let mut at = notice;
        while let Some(&parent) = parents.get(&at).filter(|&&parent| parent != at) {
            at = parent;
        }
        parents.insert(notice, at);
        at
    }
    let mut parents = HashMap::new();
    for pair in pairs.iter().filter(Pair::is_same) {
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
    use proptest::prelude::*;

    use super::*;

    fn pair(one: u64, two: u64, shared: u32) -> Pair {
        Pair {
            notices: [one, two],
            prints: [100, 120],
            shared,
            passages: vec![[1, 2], [3, 4]],
        }
    }

    fn file(pairs: impl IntoIterator<Item = Pair>) -> Vec<u8> {
        let mut file = io::Cursor::new(Vec::new());
        write_copies(&pairs.into_iter().collect(), &mut file).expect("memory is room");
        file.into_inner()
    }

    #[test]
    fn a_notice_is_found_without_the_rest() {
        let empty = file([]);
        let file = file([pair(3, 11, 115), pair(3, 7, 110), pair(8, 9, 40)]);
        let start = file[..8].try_into().expect("eight bytes");
        let head = CopiesHead::parse(&file[..CopiesHead::len(start)]).expect("a head");
        let of = |notice| {
            let block = head.block(notice)?;
            head.pairs(notice, &file[block.start as usize..block.end as usize])
        };
        assert_eq!(of(3), Some(vec![pair(3, 7, 110), pair(3, 11, 115)]));
        assert_eq!(of(11), Some(vec![pair(3, 11, 115).turned()]));
        assert_eq!(of(4), None);
        assert!(head.has_groups() && !head.is_empty());
        assert_eq!([3, 7, 11].map(|notice| head.group(notice)), [Some(3); 3]);
        assert_eq!([8, 9, 4].map(|notice| head.group(notice)), [None; 3]);
        assert_eq!(decode_copies(&file[..file.len() - 1]), None);
        assert_eq!(CopiesHead::parse(&file[..30]), None);
        assert_eq!(decode_copies(&empty), Some(Pairs::default()));
    }

    #[test]
    fn no_flipped_bit_is_read_as_something_else() {
        let file = file([pair(3, 11, 115), pair(8, 9, 40)]);
        for bit in 0..file.len() * 8 {
            let mut damaged = file.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(decode_copies(&damaged), None, "bit {bit}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            numbers in prop::collection::btree_set((1_u64..40, 41_u64..90), 0..60),
            shared in 1_u32..100,
        ) {
            let pairs: Vec<_> = numbers.iter().map(|&(one, two)| pair(one, two, shared)).collect();
            let read = decode_copies(&file(pairs.clone())).expect("it is one");
            prop_assert_eq!(read.iter().collect::<Vec<_>>(), pairs);
        }

        #[test]
        fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode_copies(&bytes);
        }
    }
}
