//! Text as numbers of pieces that come often, as the index keeps it.
//!
//! Takes a quarter of the room of the text, and can be read from any passage
//! on: nothing needs to be unpacked before it. Pieces are learned from the
//! texts themselves.
//!
//! A piece is one byte below [`SHORT`], for those that come most often, or two,
//! the first of which is less than [`LETTER`]. Behind that byte stands a letter
//! of which there is no piece, in UTF-8.

mod learn; // which pieces there are
mod seeker; // whether letters follow one another
mod spelling; // the letters of texts in pieces

use std::{cmp, iter, sync::Arc};

use rustc_hash::FxHashMap;

pub use self::{
    learn::SAMPLE_BYTES,
    seeker::Seeker,
    spelling::{GAP, Speller, Spelling},
};

/// The file of a generation that has the pieces of its texts, as
/// [`Pieces::to_bytes`] lays them out.
pub const PIECES_FILE: &str = "pieces";

/// So many pieces take one byte.
const SHORT: usize = 100;

/// Stands before a letter of which there is no piece.
const LETTER: u8 = u8::MAX;

/// How many pieces there can be.
const MOST: usize = SHORT + (LETTER as usize - SHORT) * 256;

/// Pieces by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    /// One behind the other.
    text: String,
    /// Where each ends.
    ends: Vec<u32>,
}

/// Pieces that something is true of, a bit each.
#[derive(Clone, Debug)]
struct Flags(Vec<u64>);

impl Flags {
    /// None of so many pieces.
    fn none(pieces: usize) -> Self {
        Self(vec![0; pieces.div_ceil(64)])
    }

    fn insert(&mut self, piece: usize) {
        self.0[piece / 64] |= 1 << (piece % 64);
    }

    #[inline]
    fn contains(&self, piece: usize) -> bool {
        self.0[piece / 64] >> (piece % 64) & 1 == 1
    }
}

/// What a coded text is made of.
enum Coded<'c> {
    /// The number of a piece.
    Piece(usize),
    /// A letter of which there is none.
    Letter(&'c str),
}

/// Bytes that were not written as text in these pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a text of the index is not as it was written")]
pub struct PiecesError;

impl Pieces {
    fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut pieces = Self::default();
        texts.into_iter().for_each(|text| pieces.push(text));
        pieces
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of piece `number`.
    fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)?;
        let start = number.checked_sub(1).map_or(0, |last| self.ends[last]);
        self.text.get(start as usize..end as usize)
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|number| self.get(number))
    }

    /// Appends the text of `coded` to `text`.
    ///
    /// # Errors
    ///
    /// [`PiecesError`] where `coded` was not written with these pieces.
    pub fn decode(&self, coded: &[u8], text: &mut String) -> Result<(), PiecesError> {
        for piece in self.coded(coded) {
            text.push_str(match piece? {
                Coded::Piece(number) => self.get(number).ok_or(PiecesError)?,
                Coded::Letter(letter) => letter,
            });
        }
        Ok(())
    }

    /// What `coded` is made of, up to where it was not written with these
    /// pieces.
    fn coded<'c>(&self, coded: &'c [u8]) -> impl Iterator<Item = Result<Coded<'c>, PiecesError>> {
        let mut rest = coded;
        iter::from_fn(move || {
            let next = self.next(rest);
            // Behind what is no piece nothing is looked for.
            let is_over = rest.is_empty();
            rest = next.as_ref().map_or(&[], |(_, behind)| behind);
            match next {
                Some((piece, _)) => Some(Ok(piece)),
                None => (!is_over).then_some(Err(PiecesError)),
            }
        })
    }

    /// What `coded` begins with, and what follows it; `None` at the end, or
    /// where it was not written with these pieces.
    #[inline]
    fn next<'c>(&self, coded: &'c [u8]) -> Option<(Coded<'c>, &'c [u8])> {
        let (&first, behind) = coded.split_first()?;
        if first == LETTER {
            let letter = first_letter(behind)?;
            return Some((Coded::Letter(letter), &behind[letter.len()..]));
        }
        // Without a branch: whether a piece takes one byte or two cannot be foretold.
        let first = usize::from(first);
        let second = usize::from(*behind.first().unwrap_or(&0));
        let is_long = usize::from(first >= SHORT);
        let number = first + first.saturating_sub(SHORT) * 255 + is_long * second;
        let rest = behind.get(is_long..)?;
        (number < self.len()).then_some((Coded::Piece(number), rest))
    }

    /// As bytes of a file: how many there are and where each ends, four bytes
    /// each, low byte first, then their text.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(4 * (self.len() + 1) + self.text.len());
        bytes.extend((self.len() as u32).to_le_bytes());
        bytes.extend(self.ends.iter().flat_map(|end| end.to_le_bytes()));
        bytes.extend(self.text.as_bytes());
        bytes
    }

    /// From bytes of a file.
    ///
    /// # Errors
    ///
    /// [`PiecesError`] when they are not as [`to_bytes`](Self::to_bytes) laid
    /// them out.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PiecesError> {
        let read = || {
            let (count, bytes) = bytes.split_first_chunk()?;
            let ends = 4 * u32::from_le_bytes(*count) as usize;
            let (ends, text) = bytes.split_at_checked(ends)?;
            let (ends, []) = ends.as_chunks() else {
                return None;
            };
            let ends: Vec<_> = ends.iter().map(|&end| u32::from_le_bytes(end)).collect();
            let text = String::from_utf8(text.to_vec()).ok()?;
            let is_sorted =
                ends.is_sorted() && ends.last().copied().unwrap_or(0) as usize == text.len();
            (is_sorted && ends.len() <= MOST).then_some(Self { text, ends })
        };
        read().ok_or(PiecesError)
    }
}

/// The letter that `bytes` begin with.
fn first_letter(bytes: &[u8]) -> Option<&str> {
    let bytes = &bytes[..cmp::min(4, bytes.len())];
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?,
    };
    text.get(..text.chars().next()?.len_utf8())
}

/// Writes texts in pieces: of those that a text goes on with, always the
/// longest.
#[derive(Debug)]
pub struct Coder {
    pieces: Arc<Pieces>,
    /// From a place among the beginnings of pieces and the letter that follows
    /// to the next place.
    steps: FxHashMap<(u32, char), u32>,
    beginnings: Vec<Beginning>,
}

/// What some pieces begin with.
#[derive(Clone, Copy, Debug, Default)]
struct Beginning {
    /// Which piece it is, if it is one.
    whole: Option<u32>,
    /// Whether any piece goes on behind it.
    goes_on: bool,
}

impl Coder {
    /// One that writes in `pieces`.
    #[must_use]
    pub fn new(pieces: Arc<Pieces>) -> Self {
        let mut steps = FxHashMap::default();
        let mut beginnings = vec![Beginning::default()];
        for (number, piece) in (0..).zip(pieces.iter()) {
            let mut place = 0;
            for letter in piece.chars() {
                beginnings[place as usize].goes_on = true;
                place = *steps.entry((place, letter)).or_insert_with(|| {
                    beginnings.push(Beginning::default());
                    beginnings.len() as u32 - 1
                });
            }
            beginnings[place as usize].whole = Some(number);
        }
        Self {
            pieces,
            steps,
            beginnings,
        }
    }

    /// What it writes in.
    #[must_use]
    pub fn pieces(&self) -> &Arc<Pieces> {
        &self.pieces
    }

    /// `text` in pieces.
    #[must_use]
    pub fn encode(&self, text: &str) -> Vec<u8> {
        let mut coded = Vec::with_capacity(text.len() / 3);
        self.cut(text, |number, text| match number {
            Some(short) if (short as usize) < SHORT => coded.push(short as u8),
            Some(long) => {
                let long = long as usize - SHORT;
                coded.extend([(SHORT + long / 256) as u8, long as u8]);
            }
            None => {
                coded.push(LETTER);
                coded.extend(text.as_bytes());
            }
        });
        coded
    }

    /// Hands each piece of `text` to `each`, and each letter that is in none.
    fn cut<'t>(&self, text: &'t str, mut each: impl FnMut(Option<u32>, &'t str)) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (mut place, mut end) = (0, 0);
            let mut longest = (None, first.len_utf8());
            for letter in rest.chars() {
                let Some(&next) = self.steps.get(&(place, letter)) else {
                    break;
                };
                place = next;
                end += letter.len_utf8();
                let beginning = self.beginnings[place as usize];
                if beginning.whole.is_some() {
                    longest = (beginning.whole, end);
                }
                if !beginning.goes_on {
                    break;
                }
            }
            let (number, end) = longest;
            let (piece, behind) = rest.split_at(end);
            each(number, piece);
            rest = behind;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_back(pieces: &Pieces, coded: &[u8]) -> Result<String, PiecesError> {
        let mut text = String::new();
        pieces.decode(coded, &mut text).map(|()| text)
    }

    #[test]
    fn what_comes_often_takes_little_room() {
        let text = "推进政府隐性债务化解工作。".repeat(40);
        let pieces = Arc::new(Pieces::learned(&[&text]));
        let coded = Coder::new(Arc::clone(&pieces)).encode(&text);
        assert!(coded.len() < text.len() / 10, "{}", coded.len());
        assert_eq!(read_back(&pieces, &coded), Ok(text));
    }

    #[test]
    fn pieces_that_are_added_leave_those_that_were_there() {
        let texts = ["长江十年禁渔。".repeat(20), "防汛抗旱工作。".repeat(20)];
        let pieces = Arc::new(Pieces::learned(&[&texts[0]]));
        let coded = Coder::new(Arc::clone(&pieces)).encode(&texts[0]);
        let more = Arc::new(pieces.and_learned(&[&texts[1]]));
        assert_eq!(read_back(&more, &coded).as_ref(), Ok(&texts[0]));
        let (before, after) = (Coder::new(pieces), Coder::new(more));
        let sizes = [&before, &after].map(|coder| coder.encode(&texts[1]).len());
        assert!(sizes[1] * 10 < sizes[0], "{sizes:?}");
    }

    #[test]
    fn more_pieces_than_there_are_numbers_for_are_not_learned() {
        let letters = (0x4e00..0x9fff).filter_map(char::from_u32);
        let letters: String = letters.chain(('가'..='힣').take(30_000)).collect();
        let pieces = Arc::new(Pieces::learned(&[&letters]));
        assert!(pieces.len() <= MOST);
        let coded = Coder::new(Arc::clone(&pieces)).encode(&letters);
        assert_eq!(read_back(&pieces, &coded), Ok(letters));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            sample in "[一二三四\\PC]{0,200}", text in "[一二三四\\PC]{0,80}",
        ) {
            let pieces = Arc::new(Pieces::learned(&[&sample]));
            let again = Pieces::from_bytes(&pieces.to_bytes());
            prop_assert_eq!(again.as_ref(), Ok(&*pieces));
            for pieces in [pieces, Arc::default()] {
                let coded = Coder::new(Arc::clone(&pieces)).encode(&text);
                prop_assert_eq!(read_back(&pieces, &coded), Ok(text.clone()));
            }
        }

        #[test]
        fn no_bytes_lead_astray(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let pieces = Pieces::learned(&["一二三四一二三四"]);
            let _ = read_back(&pieces, &bytes);
            let _ = Pieces::from_bytes(&bytes);
        }
    }
}
