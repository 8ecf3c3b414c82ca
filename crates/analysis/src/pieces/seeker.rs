//! Whether letters follow one another in a text, told by its pieces: most have
//! nothing to do with what is sought, which a bit tells.

use std::sync::Arc;

use memchr::memmem;
use rustc_hash::FxHashMap;

use super::{
    Coded, Flags, Pieces,
    spelling::{GAP, Speller, Spelling, spelled_letter},
};

/// Seeks a run of letters in texts in pieces.
#[derive(Debug)]
pub struct Seeker {
    speller: Arc<Speller>,
    wanted: String,
    spelling: Spelling,
    /// Pieces to be looked at.
    telling: Flags,
    /// Those of them in which it begins.
    begins: FxHashMap<u32, Begins>,
}

/// Where in a piece the run begins.
#[derive(Clone, Debug, Default)]
struct Begins {
    /// So often it ends there as well.
    whole: u32,
    /// So many bytes of it the piece ends with.
    parts: Vec<usize>,
}

impl Seeker {
    /// One that seeks `wanted`, spelled as texts are in `spelling`. Where that is
    /// not the whole text, it begins and ends with a letter.
    #[must_use]
    pub fn new(speller: Arc<Speller>, wanted: &str, spelling: Spelling) -> Self {
        let mut telling = speller.joined().clone();
        let mut begins: FxHashMap<u32, Begins> = FxHashMap::default();
        if let Some(first) = wanted.chars().next() {
            speller.each_with(first, spelling, |piece, rest| {
                let is_whole = rest.starts_with(wanted);
                if is_whole || wanted.starts_with(rest) {
                    telling.insert(piece as usize);
                    let begins = begins.entry(piece).or_default();
                    match is_whole {
                        true => begins.whole += 1,
                        false => begins.parts.push(rest.len()),
                    }
                }
            });
        }
        Self {
            speller,
            wanted: wanted.to_owned(),
            spelling,
            telling,
            begins,
        }
    }

    /// How often it begins in `coded`, those that overlap included, if that goes on with
    /// `next`. What stands behind the piece that makes it `most` times or more is not
    /// looked at. `None` where only the text as a whole tells, or where `coded` is no text.
    #[must_use]
    pub fn count(&self, coded: &[u8], next: &[u8], most: u32) -> Option<u32> {
        let pieces = self.speller.pieces();
        let mut count = 0;
        let mut rest = coded;
        while count < most
            && let Some((piece, behind)) = pieces.next(rest)
        {
            rest = behind;
            match piece {
                Coded::Piece(number) => {
                    if !self.telling.contains(number) {
                        continue;
                    }
                    if self.speller.joined().contains(number) {
                        return None;
                    }
                    let Some(begins) = self.begins.get(&(number as u32)) else {
                        continue;
                    };
                    count += begins.whole;
                    for &part in &begins.parts {
                        count += u32::from(self.goes_on(part, [rest, next])?);
                    }
                }
                Coded::Letter(letter) => {
                    let spelled = spelled_letter(letter, self.spelling)?;
                    for (at, _) in spelled.char_indices() {
                        let from_here = &spelled[at..];
                        if from_here.starts_with(&self.wanted) {
                            count += 1;
                        } else if self.wanted.starts_with(from_here) {
                            count += u32::from(self.goes_on(from_here.len(), [rest, next])?);
                        }
                    }
                }
            }
        }
        // Of what is looked at no further, the next piece may still change the last letter.
        let is_sure = match count < most {
            true => rest.is_empty(),
            false => !self.is_joined(rest),
        };
        is_sure.then_some(count)
    }

    /// Whether what `rest` begins with joins what stands before it.
    fn is_joined(&self, rest: &[u8]) -> bool {
        match self.speller.pieces().next(rest) {
            Some((Coded::Piece(number), _)) => self.speller.joined().contains(number),
            Some((Coded::Letter(letter), _)) => spelled_letter(letter, self.spelling).is_none(),
            None => false,
        }
    }

    /// Whether both texts together go on with what is wanted from byte `from` of
    /// it on; `None` where they end before that is told.
    fn goes_on(&self, from: usize, texts: [&[u8]; 2]) -> Option<bool> {
        let pieces = self.speller.pieces();
        let mut from = from;
        let [mut rest, next] = texts;
        let ends = next.is_empty();
        let mut next = Some(next);
        loop {
            let Some((piece, behind)) = pieces.next(rest) else {
                match next.take() {
                    Some(next) => rest = next,
                    None => return ends.then_some(false),
                }
                continue;
            };
            rest = behind;
            let letter;
            let mut spelled = match piece {
                Coded::Piece(number) if self.speller.joined().contains(number) => return None,
                Coded::Piece(number) => self.speller.spelled(number, self.spelling),
                Coded::Letter(one) => {
                    letter = spelled_letter(one, self.spelling)?;
                    &letter
                }
            };
            // Several gaps are one.
            if self.spelling == Spelling::Gaps && self.wanted[..from].ends_with(GAP) {
                spelled = spelled.strip_prefix(GAP).unwrap_or(spelled);
            }
            let wanted = &self.wanted[from..];
            if spelled.starts_with(wanted) {
                return (!self.is_joined(rest)).then_some(true);
            }
            if !wanted.starts_with(spelled) {
                return Some(false);
            }
            from += spelled.len();
        }
    }
}

/// Which pieces have which letter.
#[derive(Debug)]
pub(super) struct Holders {
    /// Of each bucket of letters, where in `places` it begins; one more at the end.
    starts: Vec<u32>,
    /// Pieces, and where in what they are spelled as a letter of the bucket is.
    places: Vec<(u32, u32)>,
}

/// Letters are told apart by so many of their lower bits before they are looked at.
const BUCKETS: usize = 1 << 12;

fn bucket(letter: char) -> usize {
    letter as usize % BUCKETS
}

impl Holders {
    /// Those of what pieces are `spelled` as.
    pub(super) fn of(spelled: &Pieces) -> Self {
        let mut starts = vec![0; BUCKETS + 1];
        for letter in spelled.text.chars() {
            starts[bucket(letter) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut places = vec![(0, 0); *starts.last().unwrap_or(&0) as usize];
        for (number, piece) in (0..).zip(spelled.iter()) {
            for (at, letter) in piece.char_indices() {
                let place = &mut next[bucket(letter)];
                places[*place as usize] = (number, at as u32);
                *place += 1;
            }
        }
        Self { starts, places }
    }
}

impl Speller {
    /// Hands each piece that has `letter` to `each`, once for each time, with
    /// what is spelled from there on.
    fn each_with(&self, letter: char, spelling: Spelling, mut each: impl FnMut(u32, &str)) {
        let table = self.table(spelling);
        let Some(holders) = self.holders(spelling) else {
            let mut buffer = [0; 4];
            let letter = letter.encode_utf8(&mut buffer);
            for at in memmem::find_iter(table.text.as_bytes(), letter.as_bytes()) {
                let piece = table.ends.partition_point(|&end| end as usize <= at);
                each(piece as u32, &table.text[at..table.ends[piece] as usize]);
            }
            return;
        };
        let range = holders.starts[bucket(letter)]..holders.starts[bucket(letter) + 1];
        for &(piece, at) in &holders.places[range.start as usize..range.end as usize] {
            let rest = &self.spelled(piece as usize, spelling)[at as usize..];
            if rest.starts_with(letter) {
                each(piece, rest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pieces::{
        Coder,
        spelling::{UNLISTED, spelling},
    };

    /// How often `wanted` stands in what is spelled.
    fn expected(speller: &Speller, coded: &[u8], wanted: &str, spelling: Spelling) -> u32 {
        let mut spelled = String::new();
        let done = speller.spell(coded, spelling, &mut spelled);
        done.expect("it is one");
        let starts = spelled.char_indices();
        starts
            .filter(|&(at, _)| spelled[at..].starts_with(wanted))
            .count() as u32
    }

    /// `coded` in two, behind so many pieces if it has more.
    fn cut_in_two<'c>(speller: &Speller, coded: &'c [u8], cut: usize) -> (&'c [u8], &'c [u8]) {
        let mut rest = coded;
        for _ in 0..cut {
            rest = speller.pieces().next(rest).map_or(rest, |(_, rest)| rest);
        }
        coded.split_at(coded.len() - rest.len())
    }

    const JOINED: char = '\u{301}';

    /// Some spelling, and what may be spelled so.
    fn sought() -> impl Strategy<Value = (Spelling, String)> {
        spelling().prop_flat_map(|spelling| {
            let wanted = match spelling {
                Spelling::Letters => "[一二三1m2]{1,5}",
                Spelling::Gaps => "[一二三1m2](\u{1}?[一二三1m2]){0,4}",
                Spelling::Whole => "[一二三1m2,.。 \u{1}]{1,5}",
            };
            (Just(spelling), wanted)
        })
    }

    #[test]
    fn what_joins_the_last_letter_is_looked_at_though_all_is_found() {
        let pieces = Arc::new(Pieces::learned(&["一e"]));
        let speller = Arc::new(Speller::new(Arc::clone(&pieces)));
        let seeker = Seeker::new(speller, "一e", Spelling::Letters);
        let coder = Coder::new(pieces);
        let [found, joining] = ["一e", "\u{301}"].map(|text| coder.encode(text));
        assert_eq!(seeker.count(&found, &[], 1), Some(1));
        assert_eq!(seeker.count(&[&found[..], &joining].concat(), &[], 1), None);
        // What goes on behind a cut has a normal form of its own.
        assert_eq!(seeker.count(&found, &joining, 1), Some(1));
    }

    proptest! {
        #[test]
        fn letters_are_found_as_in_what_is_spelled(
            text in "([一二三，。\n 1１]|[一二]|[…㎡é\u{301}]){0,40}",
            sample in "[一二三，。\n 1…]{0,60}",
            (spelling, wanted) in sought(), cut in 0_usize..40, most in 1_u32..4,
        ) {
            let pieces = Arc::new(Pieces::learned(&[&sample.repeat(4), &text.repeat(2)]));
            let speller = Arc::new(Speller::new(Arc::clone(&pieces)));
            let coded = Coder::new(pieces).encode(&text);
            let seeker = Seeker::new(Arc::clone(&speller), &wanted, spelling);
            let expected = expected(&speller, &coded, &wanted, spelling);
            let (one, other) = cut_in_two(&speller, &coded, cut);
            if let (Some(one_part), Some(other_part)) =
                (seeker.count(one, other, u32::MAX), seeker.count(other, &[], u32::MAX))
            {
                prop_assert_eq!(one_part + other_part, expected);
            }
            match seeker.count(&coded, &[], most) {
                Some(count) if count < most => prop_assert_eq!(count, expected),
                // A piece is looked at whole.
                Some(count) => prop_assert!(count <= expected),
                // Only what joins the letter before it is not told.
                None => prop_assert!(text.contains(JOINED)),
            }
        }

        #[test]
        fn letters_are_found_whether_listed_or_not(
            sample in "[一二三，。 1２]{0,60}", letter in "[一二1，]", spelling in spelling(),
        ) {
            let speller = Speller::new(Arc::new(Pieces::learned(&[&sample.repeat(4)])));
            let letter = letter.chars().next().expect("one");
            let found = || {
                let mut found = Vec::new();
                speller.each_with(letter, spelling, |piece, rest| found.push((piece, rest.to_owned())));
                found
            };
            let unlisted = found();
            for _ in 0..UNLISTED {
                prop_assert_eq!(&found(), &unlisted);
            }
        }

        #[test]
        fn no_bytes_lead_astray(coded in proptest::collection::vec(any::<u8>(), 0..60)) {
            let pieces = Arc::new(Pieces::learned(&["一二三四一二三四"]));
            let seeker = Seeker::new(Arc::new(Speller::new(pieces)), "二三", Spelling::Letters);
            let _ = seeker.count(&coded, &coded, u32::MAX);
        }
    }
}
