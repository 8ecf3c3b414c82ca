//! Which notices hold the same text: found when they are indexed, for those
//! that are new, beside all others.
//!
//! Takes time linear in the text: of the prints of new notices those that come
//! again are sorted, which few do; those of all notices are looked up in them,
//! and a print that very many share is compared with the first of them only.

use std::{
    collections::HashSet,
    fs, io,
    num::NonZero,
    ops::Range,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use gongbao_analysis::{
    COPIES_FILE, NoticePrints, PRINTS_FILE, Pair, StoredNotice, decode_copies, encode_copies,
    prints,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    error::IndexError,
    generation::{replace, replace_by},
};

/// A passage with fewer prints is too short to say that it was copied; about
/// 60 letters.
const LEAST_PRINTS: u32 = 8;

/// This share of a passage's prints must stand together in another.
const SAME_PASSAGE: f64 = 0.7;

/// So many prints that follow one another in both stand for a paragraph, about
/// 55 letters, that was copied though the passages around it are longer.
/// Scattered over two passages, as many are but the genre's turns of phrase.
const PARAGRAPH: usize = 8;

/// So many prints may be missed out between two that follow one another: a
/// changed letter costs two or three, more of them where two are near.
const MISSED: usize = 5;

/// This share of the shorter notice must be common to be worth telling though
/// no passage is.
const SAME_NOTICE: f64 = 0.5;

/// Of the notices that share a print so many are compared with others.
const MAX_SHARING: usize = 48;

/// So many passages of a pair are kept.
const MAX_PASSAGES: usize = 16;

/// The prints of `notice`, whose passages are `texts` in their normal form.
pub(crate) fn prints_of(notice: &StoredNotice, texts: &[Arc<str>]) -> NoticePrints {
    let mut all = NoticePrints {
        notice: notice.header.id.number(),
        passages: Vec::with_capacity(texts.len()),
        prints: Vec::new(),
    };
    let mut seen = FxHashSet::default();
    for text in texts {
        // Each once: a turn of phrase that comes again and again is no more
        // than one.
        seen.clear();
        let mut found = prints(text);
        found.retain(|&print| seen.insert(print));
        all.passages.push(found.len() as u32);
        all.prints.extend(found);
    }
    // Those of all notices are kept to the end.
    all.prints.shrink_to_fit();
    all
}

/// Brings the files about copies in the folder of a generation up to the
/// notices that were indexed: `fresh` are their prints. Works on so many
/// `threads`.
pub(crate) fn update(
    dir: &Path,
    fresh: Vec<NoticePrints>,
    threads: NonZero<usize>,
) -> Result<(), IndexError> {
    let replaced: HashSet<u64> = fresh.iter().map(|notice| notice.notice).collect();
    let (prints, copies) = (dir.join(PRINTS_FILE), dir.join(COPIES_FILE));
    let mut notices: Vec<NoticePrints> = read(&prints, |bytes| postcard::from_bytes(bytes).ok())?;
    notices.retain(|notice| !replaced.contains(&notice.notice));
    let mut pairs = read(&copies, decode_copies)?;
    pairs.retain(|pair| !pair.notices.iter().any(|notice| replaced.contains(notice)));
    let old = notices.len();
    notices.extend(fresh);
    // Threads finish in any order, the files must not depend on it.
    notices[old..].sort_by_key(|notice| notice.notice);
    pairs.extend(find(&notices, old, threads));
    replace_by(&prints, |file| {
        let written = postcard::to_io(&notices, file);
        written.map(drop).map_err(io::Error::other)
    })?;
    drop(notices);
    replace(&copies, &encode_copies(&pairs))
}

/// The pairs of which at least one is among `notices[new..]`, in any order.
fn find(notices: &[NoticePrints], new: usize, threads: NonZero<usize>) -> Vec<Pair> {
    let lookup = Lookup::new(notices, new);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut pairs = Vec::new();
        let mut room = Room::new(&lookup);
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            if place >= notices.len() {
                return pairs;
            }
            lookup.pairs_of(place as u32, &mut room, &mut pairs);
        }
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads.get()).map(|_| scope.spawn(work)).collect();
        let mut pairs = work();
        for other in others {
            pairs.extend(other.join().expect("no panics"));
        }
        pairs
    })
}

/// The prints of new notices that seem to come again somewhere, to be looked up.
struct Lookup<'n> {
    notices: &'n [NoticePrints],
    new: usize,
    /// Of each passage of new notices the notice's place in the list and its
    /// own number.
    passages: Vec<(u32, u32)>,
    /// A print, and in the lower half where in `passages` it stands. Sorted.
    entries: Vec<u64>,
    /// Where those begin whose prints have the same upper sixteen bits.
    starts: Vec<usize>,
    /// All of these, and no others that are worth to be looked up.
    repeated: Coarse,
}

impl<'n> Lookup<'n> {
    fn new(notices: &'n [NoticePrints], new: usize) -> Self {
        let (old_notices, new_notices) = notices.split_at(new);
        let repeated = Coarse::repeated(old_notices, new_notices);
        let is_repeated = |&print: &u32| repeated.contains(print);
        let count = prints_in(new_notices).filter(is_repeated).count();
        let mut entries = Vec::with_capacity(count);
        let mut passages = Vec::new();
        for (place, notice) in (0..).zip(notices).skip(new) {
            for (passage, range) in ranges(notice) {
                let at = passages.len() as u64;
                let prints = notice.prints[range].iter().copied();
                let prints = prints.filter(is_repeated);
                entries.extend(prints.map(|print| u64::from(print) << 32 | at));
                passages.push((place, passage));
            }
        }
        entries.sort_unstable();
        let mut starts = vec![0; (1 << 16) + 1];
        for entry in &entries {
            starts[(entry >> 48) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self {
            notices,
            new,
            passages,
            repeated,
            entries,
            starts,
        }
    }

    /// Where in `passages` those stand that have `print`, the first of them where
    /// there are many.
    fn sharing(&self, print: u32) -> impl Iterator<Item = u32> + '_ {
        let upper = (print >> 16) as usize;
        let bucket = &self.entries[self.starts[upper]..self.starts[upper + 1]];
        let is_it = move |entry: &&u64| *entry >> 32 == u64::from(print);
        let from = bucket.partition_point(|entry| entry >> 32 < u64::from(print));
        let same = bucket[from..].iter().take(MAX_SHARING).take_while(is_it);
        same.map(|&entry| entry as u32)
    }

    /// Adds the pairs of the notice at `place` with new ones; of two new ones,
    /// the later has the pair.
    fn pairs_of(&self, place: u32, room: &mut Room, pairs: &mut Vec<Pair>) {
        let notice = &self.notices[place as usize];
        let is_old = (place as usize) < self.new;
        let Room { near, kin } = room;
        let mut copied: FxHashMap<u32, Vec<[u32; 2]>> = FxHashMap::default();
        for (passage, range) in ranges(notice) {
            let mine = &notice.prints[range];
            for &print in mine.iter().filter(|&&print| self.repeated.contains(print)) {
                let mut last = None;
                for at in self.sharing(print) {
                    let (other, _) = self.passages[at as usize];
                    if is_old || other < place {
                        near.add(at);
                        // Those of one notice follow one another.
                        if last.replace(other) != Some(other) {
                            kin.add(other);
                        }
                    }
                }
            }
            near.drain(|at, shared| {
                let (other, other_passage) = self.passages[at as usize];
                if self.is_copied(mine, other, other_passage, shared) {
                    let copied = copied.entry(other).or_default();
                    copied.push([passage, other_passage]);
                }
            });
        }
        kin.drain(|other, shared| {
            let mut passages = copied.remove(&other).unwrap_or_default();
            let other = &self.notices[other as usize];
            let prints = [notice, other].map(|notice| notice.prints.len() as u32);
            let least = prints[0].min(prints[1]);
            let shared = shared.min(least);
            let is_kin =
                least >= LEAST_PRINTS && f64::from(shared) >= SAME_NOTICE * f64::from(least);
            if is_kin || !passages.is_empty() {
                passages.sort_unstable();
                passages.truncate(MAX_PASSAGES);
                pairs.push(Pair {
                    notices: [notice.notice, other.notice],
                    prints,
                    shared,
                    passages,
                });
            }
        });
    }

    /// Whether a passage with the prints `mine`, of which that one of another
    /// notice has `shared`, is the same or holds the same paragraph.
    fn is_copied(&self, mine: &[u32], other: u32, passage: u32, shared: u32) -> bool {
        let other = &self.notices[other as usize];
        let least = other.passages[passage as usize].min(mine.len() as u32);
        let shared = shared.min(least);
        let is_same = least >= LEAST_PRINTS && f64::from(shared) >= SAME_PASSAGE * f64::from(least);
        is_same
            || shared as usize >= PARAGRAPH
                && in_a_row(mine, passage_prints(other, passage)) >= PARAGRAPH
    }
}

/// A set of prints that may hold some more: told apart by their upper bits alone,
/// of which there are four values or more for each print.
struct Coarse {
    bits: Vec<u64>,
    shift: u32,
}

impl Coarse {
    /// Nothing, for so many prints.
    fn new(prints: usize) -> Self {
        let used = (4 * prints as u64).clamp(64, 1 << 32);
        let used = used.next_power_of_two().ilog2();
        Self {
            bits: vec![0; 1 << (used - 6)],
            shift: 32 - used,
        }
    }

    /// The prints of `new` notices that come again there or in `old` ones: few do.
    fn repeated(old: &[NoticePrints], new: &[NoticePrints]) -> Self {
        let many = prints_in(new).count();
        let (mut seen, mut repeated) = (Self::new(many), Self::new(many));
        for print in prints_in(new) {
            if !seen.insert(print) {
                repeated.insert(print);
            }
        }
        for print in prints_in(old).filter(|&print| seen.contains(print)) {
            repeated.insert(print);
        }
        repeated
    }

    /// The word and the bit in it that tell of `print`.
    fn place(&self, print: u32) -> (usize, u64) {
        let place = u64::from(print) >> self.shift;
        ((place / 64) as usize, 1 << (place % 64))
    }

    /// Whether it was not there.
    fn insert(&mut self, print: u32) -> bool {
        let (word, bit) = self.place(print);
        let is_new = self.bits[word] & bit == 0;
        self.bits[word] |= bit;
        is_new
    }

    fn contains(&self, print: u32) -> bool {
        let (word, bit) = self.place(print);
        self.bits[word] & bit != 0
    }
}

/// Room to count what a notice has in common with others.
struct Room {
    /// With each passage that is looked up: prints of one of its own.
    near: Tally,
    /// With each notice: prints of all of it.
    kin: Tally,
}

impl Room {
    fn new(lookup: &Lookup<'_>) -> Self {
        Self {
            near: Tally::new(lookup.passages.len()),
            kin: Tally::new(lookup.notices.len()),
        }
    }
}

/// Counts by number, few of which are not 0 at a time.
struct Tally {
    counts: Vec<u32>,
    /// The numbers of those.
    found: Vec<u32>,
}

impl Tally {
    /// For numbers below `many`.
    fn new(many: usize) -> Self {
        Self {
            counts: vec![0; many],
            found: Vec::new(),
        }
    }

    fn add(&mut self, number: u32) {
        let count = &mut self.counts[number as usize];
        if *count == 0 {
            self.found.push(number);
        }
        *count += 1;
    }

    /// Hands each number and its count to `each`, and starts from 0 again.
    fn drain(&mut self, mut each: impl FnMut(u32, u32)) {
        for number in self.found.drain(..) {
            each(number, std::mem::take(&mut self.counts[number as usize]));
        }
    }
}

/// The prints of all `notices`.
fn prints_in(notices: &[NoticePrints]) -> impl Iterator<Item = u32> + '_ {
    notices
        .iter()
        .flat_map(|notice| notice.prints.iter().copied())
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

/// The prints of one passage, in the order of its text.
fn passage_prints(notice: &NoticePrints, passage: u32) -> &[u32] {
    let passage = passage as usize;
    let before: u32 = notice.passages[..passage].iter().sum();
    let count = notice.passages[passage];
    &notice.prints[before as usize..(before + count) as usize]
}

/// How many prints follow one another in both passages, at most, where up to
/// [`MISSED`] between two of them do not.
fn in_a_row(mine: &[u32], theirs: &[u32]) -> usize {
    let places: FxHashMap<u32, usize> = theirs.iter().copied().zip(0..).collect();
    let follows = |last: usize, next: usize| next > last && next - last <= MISSED + 1;
    let (mut longest, mut run) = (0, 0);
    let mut last: Option<(usize, usize)> = None;
    for (here, print) in mine.iter().enumerate() {
        let Some(&there) = places.get(print) else {
            continue;
        };
        run = match last {
            Some(last) if follows(last.0, here) && follows(last.1, there) => run + 1,
            _ => 1,
        };
        last = Some((here, there));
        longest = longest.max(run);
    }
    longest
}

/// What `decode` makes of the file; nothing if it is not there.
fn read<T: Default>(path: &Path, decode: impl FnOnce(&[u8]) -> Option<T>) -> Result<T, IndexError> {
    let read = match fs::read(path) {
        Ok(bytes) => decode(&bytes).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(T::default()),
        Err(error) => Err(error),
    };
    read.map_err(IndexError::io("read", path))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use gongbao_analysis::{Kinship, normalize};

    use super::*;

    const TWO: NonZero<usize> = NonZero::new(2).expect("not zero");

    fn notice(number: u64, passages: &[&str]) -> NoticePrints {
        let found: Vec<_> = passages
            .iter()
            .map(|text| prints(&normalize(text)))
            .collect();
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
            let pairs = find(&notices, new, TWO);
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
    fn prints_in_a_row_tell_a_paragraph_from_turns_of_phrase() {
        let copied: Vec<u32> = (0..20).collect();
        let inside: Vec<u32> = (100..130).chain(0..20).chain(200..230).collect();
        assert_eq!(in_a_row(&copied, &inside), 20);
        // One changed letter.
        let edited: Vec<u32> = (0..9).chain([300, 301]).chain(11..20).collect();
        assert_eq!(in_a_row(&edited, &inside), 18);
        let scattered: Vec<u32> = (0..20).flat_map(|at| [at, 400 + at]).rev().collect();
        assert_eq!(in_a_row(&scattered, &inside), 1);
        let apart: Vec<u32> = (0..20)
            .flat_map(|at| (0..8).map(move |i| at + 500 * i))
            .collect();
        assert_eq!(in_a_row(&copied, &apart), 1);
        assert_eq!(in_a_row(&[], &inside), 0);
    }

    #[test]
    fn a_replaced_notice_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let long = text(1, 300);
        let pairs = || read(&folder.path().join(COPIES_FILE), decode_copies).expect("it reads");
        update(folder.path(), vec![notice(1, &[&long])], TWO).expect("room");
        assert_eq!(pairs(), []);
        update(folder.path(), vec![notice(2, &[&long])], TWO).expect("room");
        assert_eq!(pairs().len(), 1);
        update(folder.path(), vec![notice(1, &[&text(9, 300)])], TWO).expect("room");
        assert_eq!(pairs(), []);
    }
}
