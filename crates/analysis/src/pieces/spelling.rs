//! The letters of texts that are kept in pieces, told piece by piece: where
//! letters follow one another is looked up in what this spells.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use super::{Coded, Flags, Pieces, PiecesError, seeker::Holders};
use crate::{
    fold::simplified,
    letters::is_letter,
    normal::{normalize, starts_run},
};

/// Stands between two letters of a block where something else stands there.
pub const GAP: char = '\u{1}';

/// What of a text is spelled, in normal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// Its letters, a line feed between those of two blocks.
    Letters,
    /// The same, with [`GAP`] between two of a block where something else stands
    /// there.
    Gaps,
    /// All of it.
    Whole,
}

/// Spells texts.
#[derive(Debug)]
pub struct Speller {
    pieces: Arc<Pieces>,
    /// Pieces whose normal form depends on what stands around them.
    joined: Flags,
    /// By spelling, what each piece is spelled as behind a letter.
    tables: [OnceLock<Pieces>; 3],
    holders: [OnceLock<Holders>; 3],
    /// How often it was asked for them.
    asked: AtomicUsize,
}

/// So often the table is searched for a letter before all are listed, which takes as
/// long as to search it a hundred times: a question needs few.
pub(super) const UNLISTED: usize = 16;

impl Speller {
    /// One for texts in `pieces`.
    #[must_use]
    pub fn new(pieces: Arc<Pieces>) -> Self {
        let mut joined = Flags::none(pieces.len());
        for (number, piece) in pieces.iter().enumerate() {
            if !is_plain(piece) {
                joined.insert(number);
            }
        }
        Self {
            joined,
            tables: Default::default(),
            holders: Default::default(),
            asked: AtomicUsize::new(0),
            pieces,
        }
    }

    pub(super) fn pieces(&self) -> &Pieces {
        &self.pieces
    }

    /// What each piece is spelled as behind a letter. The first call takes a few
    /// milliseconds.
    pub(super) fn table(&self, spelling: Spelling) -> &Pieces {
        self.tables[spelling as usize].get_or_init(|| {
            let mut table = Pieces::default();
            for piece in self.pieces.iter() {
                match is_bare(piece) {
                    true => table.push(piece),
                    false => table.push(&spelled_part(piece, spelling)),
                }
            }
            table
        })
    }

    pub(super) fn spelled(&self, number: usize, spelling: Spelling) -> &str {
        self.table(spelling).get(number).unwrap_or_default()
    }

    /// Which pieces have which letter; `None` for the first few that ask.
    pub(super) fn holders(&self, spelling: Spelling) -> Option<&Holders> {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        let holders = &self.holders[spelling as usize];
        match asked < UNLISTED {
            true => holders.get(),
            false => Some(holders.get_or_init(|| Holders::of(self.table(spelling)))),
        }
    }

    pub(super) fn joined(&self) -> &Flags {
        &self.joined
    }

    /// Appends what `coded` is spelled as, which goes on behind what `spelled` has.
    ///
    /// # Errors
    ///
    /// [`PiecesError`] where `coded` was not written with these pieces.
    pub fn spell(
        &self,
        coded: &[u8],
        spelling: Spelling,
        spelled: &mut String,
    ) -> Result<(), PiecesError> {
        let (start, had_gap) = (spelled.len(), spelled.ends_with(GAP));
        let table = self.table(spelling);
        for piece in self.pieces.coded(coded) {
            let is_plain = match piece? {
                Coded::Piece(number) => {
                    append(spelled, table.get(number).unwrap_or_default(), spelling);
                    !self.joined.contains(number)
                }
                Coded::Letter(letter) => match spelled_letter(letter, spelling) {
                    Some(letter) => {
                        append(spelled, &letter, spelling);
                        true
                    }
                    None => false,
                },
            };
            if !is_plain {
                spelled.truncate(start);
                if had_gap && !spelled.ends_with(GAP) {
                    spelled.push(GAP);
                }
                return self.spell_decoded(coded, spelling, spelled);
            }
        }
        Ok(())
    }

    /// The same where letters may join across pieces.
    fn spell_decoded(
        &self,
        coded: &[u8],
        spelling: Spelling,
        spelled: &mut String,
    ) -> Result<(), PiecesError> {
        let mut text = String::new();
        self.pieces.decode(coded, &mut text)?;
        for c in normalize(&text).chars() {
            push(spelled, c, spelling);
        }
        Ok(())
    }
}

/// Whether `text` is spelled as it stands: most pieces are.
fn is_bare(text: &str) -> bool {
    text.chars()
        .all(|c| matches!(c, '\u{4e00}'..='\u{9fff}') && simplified(c) == c)
}

/// Whether every part of `text` is normalised by itself.
fn is_plain(text: &str) -> bool {
    text.chars().all(starts_run)
}

/// What a letter of which there is no piece is spelled as; `None` where that
/// depends on what stands around it.
pub(super) fn spelled_letter(letter: &str, spelling: Spelling) -> Option<String> {
    is_plain(letter).then(|| spelled_part(letter, spelling))
}

/// What `text` is spelled as behind a letter.
fn spelled_part(text: &str, spelling: Spelling) -> String {
    let mut spelled = "x".to_owned();
    for c in normalize(text).chars() {
        push(&mut spelled, c, spelling);
    }
    spelled.split_off(1)
}

/// Appends a character of a text in normal form.
fn push(spelled: &mut String, c: char, spelling: Spelling) {
    let c = match spelling {
        Spelling::Whole => c,
        _ if c == '\n' || is_letter(c) => c,
        Spelling::Gaps => GAP,
        Spelling::Letters => return,
    };
    append(spelled, c.encode_utf8(&mut [0; 4]), spelling);
}

/// Appends what is spelled as if a letter stood before it.
fn append(spelled: &mut String, more: &str, spelling: Spelling) {
    if spelling == Spelling::Whole {
        return spelled.push_str(more);
    }
    let is_break = more.starts_with('\n');
    if is_break && spelled.ends_with(GAP) {
        spelled.pop();
    }
    let follows_letter = !(spelled.is_empty() || spelled.ends_with(['\n', GAP]));
    let is_needless = !follows_letter && (is_break || more.starts_with(GAP));
    spelled.push_str(&more[usize::from(is_needless)..]);
}

/// Any of them, for tests.
#[cfg(test)]
pub(super) fn spelling() -> impl proptest::strategy::Strategy<Value = Spelling> {
    proptest::sample::select(vec![Spelling::Letters, Spelling::Gaps, Spelling::Whole])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{letters::letters, pieces::Coder};

    /// What is to be spelled, by the letters of each block.
    fn expected(text: &str, spelling: Spelling) -> String {
        expected_of_normal(&normalize(text), spelling)
    }

    fn expected_of_normal(normal: &str, spelling: Spelling) -> String {
        if spelling == Spelling::Whole {
            return normal.to_owned();
        }
        let gaps = spelling == Spelling::Gaps;
        let blocks = normal.split('\n').map(|block| {
            let mut spelled = String::new();
            for letter in letters(block) {
                if letter.gap && gaps && !spelled.is_empty() {
                    spelled.push(GAP);
                }
                spelled.push(letter.letter);
            }
            spelled
        });
        let blocks: Vec<_> = blocks.filter(|block| !block.is_empty()).collect();
        blocks.join("\n")
    }

    fn spelled(speller: &Speller, coded: &[u8], spelling: Spelling) -> String {
        let mut spelled = String::new();
        let done = speller.spell(coded, spelling, &mut spelled);
        done.expect("it is one");
        told(&spelled, spelling).to_owned()
    }

    /// What follows the last letter says nothing of letters.
    fn told(spelled: &str, spelling: Spelling) -> &str {
        match spelling {
            Spelling::Whole => spelled,
            _ => spelled.trim_end_matches(['\n', GAP]),
        }
    }

    #[test]
    fn marks_leave_a_gap_and_blocks_a_line_feed() {
        let text = "“长江”，\n。\n十年　禁渔，";
        let speller = Speller::new(Arc::new(Pieces::learned(&[text])));
        let coded = Coder::new(Arc::clone(&speller.pieces)).encode(text);
        let spelled = |spelling| spelled(&speller, &coded, spelling);
        assert_eq!(spelled(Spelling::Gaps), "长江\n十年\u{1}禁渔");
        assert_eq!(spelled(Spelling::Letters), "长江\n十年禁渔");
        assert_eq!(spelled(Spelling::Whole), "“长江”,\n。\n十年 禁渔,");
    }

    proptest! {
        #[test]
        fn every_text_is_spelled_by_its_letters(
            text in "([长江，。\n ＧａＡ債㎡é\u{301}각]|\\PC){0,60}", sample in "[长江，。\n ＧａＡ債㎡é\u{301}]{0,90}",
            spelling in spelling(), cut in any::<prop::sample::Index>(),
        ) {
            let pieces = Arc::new(Pieces::learned(&[&sample.repeat(4), &text.repeat(4)]));
            let speller = Speller::new(Arc::clone(&pieces));
            let coder = Coder::new(pieces);
            prop_assert_eq!(spelled(&speller, &coder.encode(&text), spelling), expected(&text, spelling));

            // Both parts of a text that is cut in two, each in its own normal form.
            let cuts: Vec<_> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (one, other) = text.split_at(cuts[cut.index(cuts.len())]);
            let mut both = String::new();
            for part in [one, other] {
                speller.spell(&coder.encode(part), spelling, &mut both).expect("it is one");
            }
            let normal = [normalize(one), normalize(other)].concat();
            prop_assert_eq!(told(&both, spelling), expected_of_normal(&normal, spelling));
        }
    }
}
