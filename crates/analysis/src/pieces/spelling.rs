//! The letters of texts that are kept in pieces, told piece by piece: where
//! letters follow one another is looked up in what this spells.

use std::sync::{Arc, OnceLock};

use super::{Coded, Flags, Pieces, PiecesError, seeker::Holders};
use crate::{
    fold::simplified,
    letters::is_letter,
    normal::{normalize, starts_run},
};

/// Stands between two letters of a block where something else stands there.
pub const GAP: char = '\u{1}';

/// Spells texts: their letters in normal form, a line feed between those of two
/// blocks, and [`GAP`] if that is asked for.
#[derive(Debug)]
pub struct Speller {
    pieces: Arc<Pieces>,
    with_gaps: Pieces,
    without: Pieces,
    /// Pieces whose normal form depends on what stands around them.
    joined: Flags,
    /// Of what is spelled without gaps, and with them.
    holders: [OnceLock<Holders>; 2],
}

impl Speller {
    /// One for texts in `pieces`. Takes a few milliseconds.
    #[must_use]
    pub fn new(pieces: Arc<Pieces>) -> Self {
        let mut joined = Flags::none(pieces.len());
        let (mut with_gaps, mut without) = (Pieces::default(), Pieces::default());
        for (number, piece) in pieces.iter().enumerate() {
            if is_bare(piece) {
                with_gaps.push(piece);
                without.push(piece);
                continue;
            }
            if !is_plain(piece) {
                joined.insert(number);
            }
            let spelled = spelled_part(piece, true);
            with_gaps.push(&spelled);
            without.push(&spelled.replace(GAP, ""));
        }
        Self {
            with_gaps,
            without,
            joined,
            holders: Default::default(),
            pieces,
        }
    }

    pub(super) fn pieces(&self) -> &Pieces {
        &self.pieces
    }

    /// What each piece is spelled as, behind a letter.
    pub(super) fn table(&self, gaps: bool) -> &Pieces {
        match gaps {
            true => &self.with_gaps,
            false => &self.without,
        }
    }

    pub(super) fn spelled(&self, number: usize, gaps: bool) -> &str {
        self.table(gaps).get(number).unwrap_or_default()
    }

    pub(super) fn holders(&self, gaps: bool) -> &Holders {
        self.holders[usize::from(gaps)].get_or_init(|| Holders::of(self.table(gaps)))
    }

    pub(super) fn joined(&self) -> &Flags {
        &self.joined
    }

    /// Appends the letters of `coded`, which goes on behind what `spelled` has.
    ///
    /// # Errors
    ///
    /// [`PiecesError`] where `coded` was not written with these pieces.
    pub fn spell(&self, coded: &[u8], gaps: bool, spelled: &mut String) -> Result<(), PiecesError> {
        let (start, had_gap) = (spelled.len(), spelled.ends_with(GAP));
        for piece in self.pieces.coded(coded) {
            let is_plain = match piece? {
                Coded::Piece(number) => {
                    append(spelled, self.spelled(number, gaps));
                    !self.joined.contains(number)
                }
                Coded::Letter(letter) => match spelled_letter(letter, gaps) {
                    Some(letter) => {
                        append(spelled, &letter);
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
                return self.spell_whole(coded, gaps, spelled);
            }
        }
        Ok(())
    }

    /// The same where letters may join across pieces.
    fn spell_whole(
        &self,
        coded: &[u8],
        gaps: bool,
        spelled: &mut String,
    ) -> Result<(), PiecesError> {
        let mut text = String::new();
        self.pieces.decode(coded, &mut text)?;
        for c in normalize(&text).chars() {
            push(spelled, c, gaps);
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
pub(super) fn spelled_letter(letter: &str, gaps: bool) -> Option<String> {
    is_plain(letter).then(|| spelled_part(letter, gaps))
}

/// What `text` is spelled as behind a letter.
fn spelled_part(text: &str, gaps: bool) -> String {
    let mut spelled = "x".to_owned();
    for c in normalize(text).chars() {
        push(&mut spelled, c, gaps);
    }
    spelled.split_off(1)
}

/// Appends a character of a text in normal form.
fn push(spelled: &mut String, c: char, gaps: bool) {
    let mut buffer = [0; 4];
    if c == '\n' || is_letter(c) {
        append(spelled, c.encode_utf8(&mut buffer));
    } else if gaps {
        append(spelled, GAP.encode_utf8(&mut buffer));
    }
}

/// Appends what is spelled as if a letter stood before it.
fn append(spelled: &mut String, more: &str) {
    let is_break = more.starts_with('\n');
    if is_break && spelled.ends_with(GAP) {
        spelled.pop();
    }
    let follows_letter = !(spelled.is_empty() || spelled.ends_with(['\n', GAP]));
    let is_needless = !follows_letter && (is_break || more.starts_with(GAP));
    spelled.push_str(&more[usize::from(is_needless)..]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{letters::letters, pieces::Coder};

    /// What is to be spelled, by the letters of each block.
    fn expected(text: &str, gaps: bool) -> String {
        expected_of_normal(&normalize(text), gaps)
    }

    fn expected_of_normal(normal: &str, gaps: bool) -> String {
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

    fn spelled(speller: &Speller, coded: &[u8], gaps: bool) -> String {
        let mut spelled = String::new();
        speller.spell(coded, gaps, &mut spelled).expect("it is one");
        // What follows the last letter says nothing.
        spelled.trim_end_matches(['\n', GAP]).to_owned()
    }

    #[test]
    fn marks_leave_a_gap_and_blocks_a_line_feed() {
        let text = "“长江”，\n。\n十年　禁渔，";
        let speller = Speller::new(Arc::new(Pieces::learned(&[text])));
        let coded = Coder::new(Arc::clone(&speller.pieces)).encode(text);
        assert_eq!(spelled(&speller, &coded, true), "长江\n十年\u{1}禁渔");
        assert_eq!(spelled(&speller, &coded, false), "长江\n十年禁渔");
    }

    proptest! {
        #[test]
        fn every_text_is_spelled_by_its_letters(
            text in "([长江，。\n ＧａＡ債㎡é\u{301}각]|\\PC){0,60}", sample in "[长江，。\n ＧａＡ債㎡é\u{301}]{0,90}",
            gaps in any::<bool>(), cut in any::<prop::sample::Index>(),
        ) {
            let pieces = Arc::new(Pieces::learned(&[&sample.repeat(4), &text.repeat(4)]));
            let speller = Speller::new(Arc::clone(&pieces));
            let coder = Coder::new(pieces);
            prop_assert_eq!(spelled(&speller, &coder.encode(&text), gaps), expected(&text, gaps));

            // Both parts of a text that is cut in two, each in its own normal form.
            let cuts: Vec<_> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (one, other) = text.split_at(cuts[cut.index(cuts.len())]);
            let mut both = String::new();
            for part in [one, other] {
                speller.spell(&coder.encode(part), gaps, &mut both).expect("it is one");
            }
            let normal = [normalize(one), normalize(other)].concat();
            prop_assert_eq!(both.trim_end_matches(['\n', GAP]), expected_of_normal(&normal, gaps));
        }
    }
}
