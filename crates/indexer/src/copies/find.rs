//! Which notices hold the same text, by their prints.
//!
//! Of the prints of new notices those that come again are sorted, which few do; those of
//! all notices are looked up in them, and a print that very many share is compared with the
//! first of them only, so that time grows with the text and not with pairs. New notices are
//! taken in lots, as what is looked up in takes four times the room of the prints. All others
//! are gone through once for each lot, where a bit tells of most prints that the lot has
//! none such.

use std::{
    num::NonZero,
    ops::Range,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use gongbao_analysis::{Pair, Pairs};
use rustc_hash::FxHashMap;

use super::prints::NoticePrints;

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

/// Of the passages that share a print the first so many are compared with others. In each
/// lot they are counted anew, until as many were in those before.
const MAX_SHARING: usize = 48;

/// Fewer that share a print in a lot are not remembered for the next.
const MANY_SHARING: usize = 8;

/// So many passages of a pair are kept.
const MAX_PASSAGES: usize = 16;

/// A lot of new notices has so many prints, and those of one notice more.
pub(super) const LOT: usize = 2 << 20;

/// About so many prints are looked up in each time.
const IN_BUCKET: usize = 4;

/// The pairs of which at least one is among `notices[new..]`, in any order; new ones are
/// taken in lots of `lot` prints.
pub(super) fn find(
    notices: &[NoticePrints<'_>],
    new: usize,
    lot: usize,
    threads: NonZero<usize>,
) -> Pairs {
    let repeated = Coarse::repeated(notices, new);
    let mut sharing: FxHashMap<u32, usize> = FxHashMap::default();
    let mut pairs = Pairs::default();
    for lot in lots(notices, new, lot) {
        let may_share = |print| sharing.get(&print).is_none_or(|&many| many < MAX_SHARING);
        let wanted = |print| repeated.contains(print) && may_share(print);
        let lookup = Lookup::new(notices, new, lot, wanted);
        pairs.append(lookup.pairs(threads));
        for (print, many) in lookup.shared_by_many() {
            *sharing.entry(print).or_default() += many;
        }
    }
    pairs
}

/// The places of `notices[new..]`, so many together that they have `most` prints.
fn lots(
    notices: &[NoticePrints<'_>],
    new: usize,
    most: usize,
) -> impl Iterator<Item = Range<usize>> {
    let mut start = new;
    std::iter::from_fn(move || {
        let mut prints = 0;
        let lot = notices[start..].iter().take_while(|notice| {
            let has_room = prints < most;
            prints += notice.len();
            has_room
        });
        let lot = start..start + lot.count();
        start = lot.end;
        (!lot.is_empty()).then_some(lot)
    })
}

/// The prints of a lot of new notices that seem to come again somewhere, to be looked up.
struct Lookup<'n> {
    notices: &'n [NoticePrints<'n>],
    /// Notices before this place are old.
    new: usize,
    /// The places of the notices in the lot.
    lot: Range<usize>,
    /// Of each passage of these the notice's place and its own number.
    passages: Vec<(u32, u32)>,
    /// A print, and in the lower half where in `passages` it stands. Sorted.
    entries: Vec<u64>,
    /// Where those begin whose prints have the same upper bits: few, as each step of a
    /// search among them waits for memory.
    starts: Vec<u32>,
    /// So many other bits an entry has.
    shift: u32,
    /// All of these, and no others that are worth to be looked up.
    here: Coarse,
}

impl<'n> Lookup<'n> {
    fn new(
        notices: &'n [NoticePrints<'n>],
        new: usize,
        lot: Range<usize>,
        wanted: impl Fn(u32) -> bool,
    ) -> Self {
        let mut passages = Vec::new();
        let mut entries = Vec::new();
        let mut here = Coarse::new(notices[lot.clone()].iter().map(NoticePrints::len).sum());
        for (place, notice) in (lot.start as u32..).zip(&notices[lot.clone()]) {
            for (passage, range) in notice.ranges() {
                let at = passages.len() as u64;
                for print in notice.within(range) {
                    if wanted(print) {
                        here.insert(print);
                        entries.push(u64::from(print) << 32 | at);
                    }
                }
                passages.push((place, passage));
            }
        }
        entries.sort_unstable();
        let upper = (entries.len() / IN_BUCKET).max(2).ilog2();
        let shift = u64::BITS - upper;
        let mut starts = vec![0; (1 << upper) + 1];
        for entry in &entries {
            starts[(entry >> shift) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self {
            notices,
            new,
            lot,
            passages,
            entries,
            starts,
            shift,
            here,
        }
    }

    /// The prints that many passages of the lot share, and how many.
    fn shared_by_many(&self) -> impl Iterator<Item = (u32, usize)> + '_ {
        let prints = self.entries.chunk_by(|one, next| one >> 32 == next >> 32);
        let many = prints.filter(|same| same.len() >= MANY_SHARING);
        many.map(|same| ((same[0] >> 32) as u32, same.len()))
    }

    /// The pairs of which one is in the lot, the other old, or in the lot or behind it.
    fn pairs(&self, threads: NonZero<usize>) -> Pairs {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut pairs = Pairs::default();
            let mut room = Room::new(self);
            loop {
                let mut place = next.fetch_add(1, Ordering::Relaxed);
                if place >= self.new {
                    // Those of earlier lots have been compared with these.
                    place += self.lot.start - self.new;
                }
                if place >= self.notices.len() {
                    return pairs;
                }
                self.pairs_of(place as u32, &mut room, &mut pairs);
            }
        };
        thread::scope(|scope| {
            let others: Vec<_> = (1..threads.get()).map(|_| scope.spawn(work)).collect();
            let mut pairs = work();
            for other in others {
                pairs.append(other.join().expect("no panics"));
            }
            pairs
        })
    }

    /// Where in `passages` those stand that have `print`, the first of them where
    /// there are many.
    fn sharing(&self, print: u32) -> impl Iterator<Item = u32> + '_ {
        let upper = (u64::from(print) << 32 >> self.shift) as usize;
        let [start, end] = [upper, upper + 1].map(|upper| self.starts[upper] as usize);
        let bucket = &self.entries[start..end];
        let is_it = move |entry: &&u64| *entry >> 32 == u64::from(print);
        let from = bucket.partition_point(|entry| entry >> 32 < u64::from(print));
        let same = bucket[from..].iter().take(MAX_SHARING).take_while(is_it);
        same.map(|&entry| entry as u32)
    }

    /// Adds the pairs of the notice at `place` with those in the lot; of two new ones,
    /// the later has the pair.
    fn pairs_of(&self, place: u32, room: &mut Room, pairs: &mut Pairs) {
        let notice = &self.notices[place as usize];
        let is_old = (place as usize) < self.new;
        let Room { near, kin } = room;
        let first = self.lot.start as u32;
        let mut copied: FxHashMap<u32, Vec<[u32; 2]>> = FxHashMap::default();
        for (passage, range) in notice.ranges() {
            let mine = notice.within(range);
            for print in mine.clone().filter(|&print| self.here.contains(print)) {
                let mut last = None;
                for at in self.sharing(print) {
                    let (other, _) = self.passages[at as usize];
                    if is_old || other < place {
                        near.add(at);
                        // Those of one notice follow one another.
                        if last.replace(other) != Some(other) {
                            kin.add(other - first);
                        }
                    }
                }
            }
            near.drain(|at, shared| {
                let (other, other_passage) = self.passages[at as usize];
                if self.is_copied(mine.clone(), other, other_passage, shared) {
                    let copied = copied.entry(other).or_default();
                    copied.push([passage, other_passage]);
                }
            });
        }
        kin.drain(|other, shared| {
            let other = first + other;
            let mut passages = copied.remove(&other).unwrap_or_default();
            let other = &self.notices[other as usize];
            let prints = [notice, other].map(|notice| notice.len() as u32);
            let least = prints[0].min(prints[1]);
            let shared = shared.min(least);
            let is_kin =
                least >= LEAST_PRINTS && f64::from(shared) >= SAME_NOTICE * f64::from(least);
            if is_kin || !passages.is_empty() {
                passages.sort_unstable();
                passages.truncate(MAX_PASSAGES);
                pairs.extend([Pair {
                    notices: [notice.notice, other.notice],
                    prints,
                    shared,
                    passages,
                }]);
            }
        });
    }

    /// Whether a passage with the prints `mine`, of which that one of another
    /// notice has `shared`, is the same or holds the same paragraph.
    fn is_copied(
        &self,
        mine: impl ExactSizeIterator<Item = u32>,
        other: u32,
        passage: u32,
        shared: u32,
    ) -> bool {
        let other = &self.notices[other as usize];
        let least = other.passages[passage as usize].min(mine.len() as u32);
        let shared = shared.min(least);
        let is_same = least >= LEAST_PRINTS && f64::from(shared) >= SAME_PASSAGE * f64::from(least);
        is_same
            || shared as usize >= PARAGRAPH
                && in_a_row(mine, other.of_passage(passage)) >= PARAGRAPH
    }
}

/// A set of prints that may hold some more: told apart by their upper bits alone, of which
/// there are four values or more for each print, as long as that takes no more than 16 MiB.
struct Coarse {
    bits: Vec<u64>,
    shift: u32,
}

impl Coarse {
    /// Nothing, for so many prints.
    fn new(prints: usize) -> Self {
        let used = (4 * prints as u64).clamp(64, 1 << 27);
        let used = used.next_power_of_two().ilog2();
        Self {
            bits: vec![0; 1 << (used - 6)],
            shift: 32 - used,
        }
    }

    /// The prints of `notices[new..]` that come again there or in others: few do.
    fn repeated(notices: &[NoticePrints<'_>], new: usize) -> Self {
        let (old, new) = notices.split_at(new);
        let many = new.iter().map(NoticePrints::len).sum();
        let (mut seen, mut repeated) = (Self::new(many), Self::new(many));
        for print in new.iter().flat_map(NoticePrints::all) {
            if !seen.insert(print) {
                repeated.insert(print);
            }
        }
        for print in old.iter().flat_map(NoticePrints::all) {
            if seen.contains(print) {
                repeated.insert(print);
            }
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

/// Room to count what a notice has in common with those of a lot.
struct Room {
    /// With each passage: prints of one of its own.
    near: Tally,
    /// With each notice: prints of all of it.
    kin: Tally,
}

impl Room {
    fn new(lookup: &Lookup<'_>) -> Self {
        Self {
            near: Tally::new(lookup.passages.len()),
            kin: Tally::new(lookup.lot.len()),
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

/// How many prints follow one another in both passages, at most, where up to
/// [`MISSED`] between two of them do not.
fn in_a_row(mine: impl Iterator<Item = u32>, theirs: impl Iterator<Item = u32>) -> usize {
    let places: FxHashMap<u32, usize> = theirs.zip(0..).collect();
    let follows = |last: usize, next: usize| next > last && next - last <= MISSED + 1;
    let (mut longest, mut run) = (0, 0);
    let mut last: Option<(usize, usize)> = None;
    for (here, print) in mine.enumerate() {
        let Some(&there) = places.get(&print) else {
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

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use gongbao_analysis::Kinship;
    use proptest::prelude::*;

    use super::*;
    use crate::copies::{
        prints::PackedPrints,
        tests::{TWO, packed, text},
    };

    /// The pairs, the lower number first, sorted.
    fn pairs(records: &[PackedPrints], new: usize, lot: usize) -> Vec<Pair> {
        let notices: Vec<_> = records.iter().map(PackedPrints::unpacked).collect();
        let turned = |pair: Pair| match pair.notices[0] < pair.notices[1] {
            true => pair,
            false => pair.turned(),
        };
        let mut pairs: Vec<_> = find(&notices, new, lot, TWO).iter().map(turned).collect();
        pairs.sort_by_key(|pair| pair.notices);
        pairs
            .iter_mut()
            .for_each(|pair| pair.passages.sort_unstable());
        pairs
    }

    #[test]
    fn copies_are_found_whether_both_are_new_or_one() {
        let (long, own, other) = (text(1, 300), text(2, 300), text(3, 300));
        let records = [
            packed(1, &[&long, &own]),
            packed(2, &[&other]),
            packed(3, &[&long, &own]),
            packed(4, &[&text(4, 900), &long]),
        ];
        for new in [0, 2, 3] {
            let kin: HashMap<_, _> = pairs(&records, new, LOT)
                .into_iter()
                .map(|pair| (pair.notices, (pair.kinship(), pair.passages)))
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

    proptest! {
        #[test]
        fn lots_change_nothing(
            notices in prop::collection::vec(prop::collection::vec(0_u32..6, 0..4), 0..12),
            new in any::<prop::sample::Index>(), lot in 1_usize..400,
        ) {
            let records: Vec<_> = (1..)
                .zip(&notices)
                .map(|(number, passages)| {
                    let passages: Vec<_> = passages.iter().map(|&seed| text(seed, 150)).collect();
                    let passages: Vec<_> = passages.iter().map(String::as_str).collect();
                    packed(number, &passages)
                })
                .collect();
            let new = new.index(records.len() + 1);
            let whole = pairs(&records, new, LOT);
            let shared = |one: &[u32], other: &[u32]| one.iter().any(|seed| other.contains(seed));
            let mut expected = Vec::new();
            for (place, other) in notices.iter().enumerate().skip(new) {
                for (earlier, one) in notices.iter().enumerate().take(place) {
                    if shared(one, other) {
                        expected.push([earlier as u64 + 1, place as u64 + 1]);
                    }
                }
            }
            expected.sort_unstable();
            let told: Vec<_> = whole.iter().map(|pair| pair.notices).collect();
            prop_assert_eq!(told, expected);
            prop_assert_eq!(pairs(&records, new, lot), whole);
        }
    }

    #[test]
    fn what_very_many_share_is_compared_with_the_first_of_them_in_whatever_lots() {
        let shared = text(1, 150);
        let records: Vec<_> = (1..=300).map(|number| packed(number, &[&shared])).collect();
        let prints = records[0].unpacked().len();
        let told = |lot| pairs(&records, 0, lot).len();
        assert!((250 * MAX_SHARING..300 * MAX_SHARING).contains(&told(LOT)));
        assert_eq!(told(100 * prints), told(LOT));
        // Of lots of forty notices the first two are compared.
        assert!((250 * 80..300 * 80).contains(&told(40 * prints)));
    }

    #[test]
    fn prints_in_a_row_tell_a_paragraph_from_turns_of_phrase() {
        let in_a_row = |one: &[u32], other: &[u32]| {
            super::in_a_row(one.iter().copied(), other.iter().copied())
        };
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
}
