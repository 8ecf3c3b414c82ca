//! Which notices hold the same text: found when they are indexed, for those
//! that are new, beside all others.
//!
//! Takes time linear in the text: the prints of new notices are sorted, those
//! of all notices looked up in them, and a print that very many share is
//! compared with the first of them only.

use std::{
    collections::{HashMap, HashSet},
    fs, io,
    ops::Range,
    path::Path,
};

use gongbao_analysis::{COPIES_FILE, NoticePrints, PRINTS_FILE, Pair, StoredNotice, prints};
use serde::{Serialize, de::DeserializeOwned};

use crate::{error::IndexError, generation::replace};

/// A passage with fewer prints is too short to say that it was copied; about
/// 60 letters.
const LEAST_PRINTS: u32 = 8;

/// This share of a passage's prints must stand together in another.
const SAME_PASSAGE: f64 = 0.7;

/// So many prints stand for a paragraph, about 90 letters, that was copied
/// though the passages around it are longer.
const PARAGRAPH: u32 = 14;

/// This share of the shorter notice must be common to be worth telling though
/// no passage is.
const SAME_NOTICE: f64 = 0.5;

/// Of the notices that share a print so many are compared with others.
const MAX_SHARING: usize = 48;

/// So many passages of a pair are kept.
const MAX_PASSAGES: usize = 16;

/// The prints of `notice`.
pub(crate) fn prints_of(notice: &StoredNotice) -> NoticePrints {
    let mut all = NoticePrints {
        notice: notice.id.number(),
        passages: Vec::with_capacity(notice.passages.len()),
        prints: Vec::new(),
    };
    for passage in 0..notice.passages.len() {
        // Each once: a turn of phrase that comes again and again is no more
        // than one.
        let mut found = prints(notice.passage_text(passage));
        found.sort_unstable();
        found.dedup();
        all.passages.push(found.len() as u32);
        all.prints.extend(found);
    }
    all
}

/// Brings the files about copies in the folder of a generation up to the
/// notices that were indexed: `fresh` are their prints.
pub(crate) fn update(dir: &Path, fresh: Vec<NoticePrints>) -> Result<(), IndexError> {
    let replaced: HashSet<u64> = fresh.iter().map(|notice| notice.notice).collect();
    let mut notices: Vec<NoticePrints> = read(&dir.join(PRINTS_FILE))?;
    notices.retain(|notice| !replaced.contains(&notice.notice));
    let mut pairs: Vec<Pair> = read(&dir.join(COPIES_FILE))?;
    pairs.retain(|pair| !pair.notices.iter().any(|notice| replaced.contains(notice)));
    let old = notices.len();
    notices.extend(fresh);
    // Threads finish in any order, the files must not depend on it.
    notices[old..].sort_by_key(|notice| notice.notice);
    pairs.extend(find(&notices, old));
    pairs.sort_by_key(|pair| pair.notices);
    write(&dir.join(PRINTS_FILE), &notices)?;
    write(&dir.join(COPIES_FILE), &pairs)
}

/// A print of a new notice: the print, the notice's place in the list, its
/// passage.
type Entry = (u32, u32, u32);

/// The pairs of which at least one is among `notices[new..]`.
fn find(notices: &[NoticePrints], new: usize) -> Vec<Pair> {
    let mut entries: Vec<Entry> = Vec::new();
    for (place, notice) in (0..).zip(notices).skip(new) {
        for (passage, range) in ranges(notice) {
            let prints = &notice.prints[range];
            entries.extend(prints.iter().map(|&print| (print, place, passage)));
        }
    }
    entries.sort_unstable();
    let starts = starts(&entries);
    let mut pairs = Vec::new();
    for (place, notice) in (0..).zip(notices) {
        let mut kin: HashMap<u32, Kin> = HashMap::new();
        let mut near: HashMap<(u32, u32), u32> = HashMap::new();
        for (passage, range) in ranges(notice) {
            near.clear();
            for &print in &notice.prints[range.clone()] {
                let mut last = None;
                for &(_, other, other_passage) in sharing(&entries, &starts, print) {
                    // Each pair of new ones once, from the later to the earlier.
                    if other < place || (place as usize) < new {
                        *near.entry((other, other_passage)).or_default() += 1;
                        // Entries of one notice follow one another.
                        if last.replace(other) != Some(other) {
                            kin.entry(other).or_default().shared += 1;
                        }
                    }
                }
            }
            for (&(other, other_passage), &shared) in &near {
                let mine = range.len() as u32;
                let theirs = notices[other as usize].passages[other_passage as usize];
                let shared = shared.min(mine).min(theirs);
                let least = mine.min(theirs);
                let is_same =
                    least >= LEAST_PRINTS && f64::from(shared) >= SAME_PASSAGE * f64::from(least);
                if is_same || shared >= PARAGRAPH {
                    let kin = kin.entry(other).or_default();
                    kin.passages.push([passage, other_passage]);
                }
            }
        }
        for (other, mut kin) in kin {
            let counts = [notice, &notices[other as usize]].map(|n| n.prints.len() as u32);
            let least = counts[0].min(counts[1]);
            let shared = kin.shared.min(least);
            let is_kin =
                least >= LEAST_PRINTS && f64::from(shared) >= SAME_NOTICE * f64::from(least);
            if is_kin || !kin.passages.is_empty() {
                kin.passages.sort_unstable();
                kin.passages.truncate(MAX_PASSAGES);
                pairs.push(Pair {
                    notices: [notice.notice, notices[other as usize].notice],
                    prints: counts,
                    shared,
                    passages: kin.passages,
                });
            }
        }
    }
    pairs
}

/// What a notice has in common with another.
#[derive(Default)]
struct Kin {
    shared: u32,
    passages: Vec<[u32; 2]>,
}

/// The passages of `notice` and where their prints are.
fn ranges(notice: &NoticePrints) -> impl Iterator<Item = (u32, Range<usize>)> + '_ {
    let mut start = 0;
    (0..).zip(&notice.passages).map(move |(passage, &count)| {
        let range = start..start + count as usize;
        start = range.end;
        (passage, range)
    })
}

/// Where the entries begin whose prints have the same upper sixteen bits.
fn starts(entries: &[Entry]) -> Vec<usize> {
    let mut starts = vec![0; (1 << 16) + 1];
    for (print, _, _) in entries {
        starts[(print >> 16) as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    starts
}

/// The entries of `print`, the first of them where there are many.
fn sharing<'e>(entries: &'e [Entry], starts: &[usize], print: u32) -> &'e [Entry] {
    let upper = (print >> 16) as usize;
    let bucket = &entries[starts[upper]..starts[upper + 1]];
    let from = bucket.partition_point(|entry| entry.0 < print);
    let count = bucket[from..]
        .iter()
        .take(MAX_SHARING)
        .take_while(|entry| entry.0 == print)
        .count();
    &bucket[from..from + count]
}

/// What the file holds; nothing if it is not there.
fn read<T: DeserializeOwned + Default>(path: &Path) -> Result<T, IndexError> {
    match fs::read(path) {
        Ok(bytes) => postcard::from_bytes(&bytes).map_err(|error| {
            IndexError::io("read", path)(io::Error::new(io::ErrorKind::InvalidData, error))
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(T::default()),
        Err(error) => Err(IndexError::io("read", path)(error)),
    }
}

fn write(path: &Path, value: &impl Serialize) -> Result<(), IndexError> {
    let bytes = postcard::to_stdvec(value).expect("plain values in memory always serialise");
    replace(path, &bytes)
}

#[cfg(test)]
mod tests {
    use gongbao_analysis::Kinship;

    use super::*;

    fn notice(number: u64, passages: &[&str]) -> NoticePrints {
        let found: Vec<_> = passages.iter().map(|text| prints(text)).collect();
        NoticePrints {
            notice: number,
            passages: found.iter().map(|prints| prints.len() as u32).collect(),
            prints: found.concat(),
        }
    }

    /// Letters that no two seeds share in the same order.
    fn text(seed: u32, letters: u32) -> String {
        let letter = |at: u32| {
            let mixed = (seed * 7919 + at).wrapping_mul(2_654_435_761) >> 8;
            char::from_u32(0x4e00 + mixed % 5000).expect("a letter")
        };
        (0..letters).map(letter).collect()
    }

    #[test]
    fn copies_are_found_whether_both_are_new_or_one() {
        let (long, own, other) = (text(1, 300), text(2, 300), text(3, 300));
        let notices = [
            notice(1, &[&long, &own]),
            notice(2, &[&other]),
            notice(3, &[&long, &own]),
            notice(4, &[&text(4, 900), &long]),
        ];
        for new in [0, 2, 3] {
            let pairs = find(&notices, new);
            let kin: HashMap<_, _> = pairs
                .iter()
                .map(|pair| {
                    let pair = if pair.notices[0] < pair.notices[1] {
                        pair.clone()
                    } else {
                        pair.turned()
                    };
                    (pair.notices, (pair.kinship(), pair.passages))
                })
                .collect();
            let both = (Kinship::Copy, vec![[0, 0], [1, 1]]);
            let part = (Kinship::Passages, vec![[0, 1]]);
            if new < 3 {
                assert_eq!(kin.get(&[1, 3]), Some(&both));
            }
            assert_eq!(kin.get(&[1, 4]), Some(&part));
            assert_eq!(kin.get(&[3, 4]), Some(&part));
            assert!(kin.keys().all(|pair| !pair.contains(&2)));
        }
    }

    #[test]
    fn a_replaced_notice_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let long = text(1, 300);
        let pairs = || -> Vec<Pair> { read(&folder.path().join(COPIES_FILE)).expect("it reads") };
        update(folder.path(), vec![notice(1, &[&long])]).expect("room");
        assert_eq!(pairs(), []);
        update(folder.path(), vec![notice(2, &[&long])]).expect("room");
        assert_eq!(pairs().len(), 1);
        update(folder.path(), vec![notice(1, &[&text(9, 300)])]).expect("room");
        assert_eq!(pairs(), []);
    }
}
