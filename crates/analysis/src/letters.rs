//! The character view: letters, and where something stands between them.
//!
//! A *letter* is a character that is counted. Punctuation, quotes, brackets
//! and spaces are not, so that 长江十年禁渔 is found where the page
//! prints 长江“十年禁渔”; but it is remembered that something stood there, so
//! that a literal search can tell the two apart.

/// One letter of a normalised text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The letter.
    pub letter: char,
    /// Its byte offset in the text.
    pub at: usize,
    /// Whether something that is no letter stands right before it.
    pub gap: bool,
}

/// Whether `c`, of a normalised text, takes a position.
#[must_use]
pub fn is_letter(c: char) -> bool {
    match c {
        '\u{4e00}'..='\u{9fff}' => true,
        _ => c.is_alphanumeric(),
    }
}

/// The letters of a normalised text, in order.
pub fn letters(text: &str) -> impl Iterator<Item = Letter> + '_ {
    let mut gap = false;
    text.char_indices().filter_map(move |(at, letter)| {
        let is_letter = is_letter(letter);
        let before = std::mem::replace(&mut gap, !is_letter);
        is_letter.then_some(Letter {
            letter,
            at,
            gap: before,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_takes_no_position_but_leaves_a_gap() {
        let found: Vec<_> = letters("长江“十年 v1.5")
            .map(|l| (l.letter, l.gap))
            .collect();
        let expected = [
            ('长', false),
            ('江', false),
            ('十', true),
            ('年', false),
            ('v', true),
            ('1', false),
            ('5', true),
        ];
        assert_eq!(found, expected);
    }
}
