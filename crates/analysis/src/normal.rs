//! Evens out what does not matter for matching: width and compatibility forms
//! (NFKC), case, traditional characters. Keeps a map back to the original.

use std::{borrow::Cow, ops::Range};

use unicode_normalization::{
    IsNormalized, UnicodeNormalization, char::canonical_combining_class, is_nfkc_quick,
};

use crate::fold::simplified;

/// A normalised text and where each part of it comes from.
#[derive(Clone, Debug, Default)]
pub struct Normalized {
    text: String,
    /// Pieces that are no longer one character of the same length, in order. Between them, normalised and
    /// original bytes run in step.
    pieces: Vec<Piece>,
}

/// A changed piece, in bytes of both texts.
#[derive(Clone, Debug)]
struct Piece {
    normal: Range<usize>,
    source: Range<usize>,
}

impl Normalized {
    /// Normalises `source`.
    #[must_use]
    pub fn new(source: &str) -> Self {
        let mut pieces = Vec::new();
        let mut text = String::with_capacity(source.len());
        fold_runs(source, |range, folded| {
            let in_step = folded.len() == range.len()
                && folded.chars().count() == 1
                && source[range.clone()].chars().count() == 1;
            if !in_step {
                pieces.push(Piece {
                    normal: text.len()..text.len() + folded.len(),
                    source: range,
                });
            }
            text.push_str(folded);
            true
        });
        Self { text, pieces }
    }

    /// The normalised text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the original that gave the bytes `normal` of
    /// [`text`](Self::text). What begins or ends inside a character that
    /// became several takes in all of that character.
    #[must_use]
    pub fn source(&self, normal: Range<usize>) -> Range<usize> {
        let start = self.locate(normal.start, false);
        let end = if normal.is_empty() {
            start
        } else {
            self.locate(normal.end, true)
        };
        start..end.max(start)
    }

    fn locate(&self, at: usize, is_end: bool) -> usize {
        // The first piece that ends after `at`, or at it for an end.
        let index = self.pieces.partition_point(|piece| {
            if is_end {
                piece.normal.end < at
            } else {
                piece.normal.end <= at
            }
        });
        if let Some(piece) = self.pieces.get(index) {
            let inside = if is_end {
                piece.normal.start < at
            } else {
                piece.normal.start <= at
            };
            if inside {
                return if is_end {
                    piece.source.end
                } else {
                    piece.source.start
                };
            }
        }
        match index.checked_sub(1).map(|before| &self.pieces[before]) {
            Some(before) => before.source.end + (at - before.normal.end),
            None => at,
        }
    }
}

/// The normalised form of `source` alone, borrowed where nothing changes.
#[must_use]
pub fn normalize(source: &str) -> Cow<'_, str> {
    if source
        .chars()
        .all(|c| is_plain(c) && !c.is_ascii_uppercase() && simplified(c) == c)
    {
        return Cow::Borrowed(source);
    }
    let mut text = String::with_capacity(source.len());
    fold_runs(source, |_, folded| {
        text.push_str(folded);
        true
    });
    Cow::Owned(text)
}

/// The first `most` characters of the normalised form of `source`, of which no more
/// is looked at than that takes: one character becomes up to eighteen.
#[must_use]
pub fn normalize_beginning(source: &str, most: usize) -> String {
    let (mut text, mut chars) = (String::new(), 0);
    fold_runs(source, |_, folded| {
        let left = folded.chars().take(most - chars);
        text.extend(left.inspect(|_| chars += 1));
        chars < most
    });
    text
}

/// Hands over each run of `source` that is normalised by itself, and its
/// normalised form, for as long as it is told to go on.
fn fold_runs(source: &str, mut emit: impl FnMut(Range<usize>, &str) -> bool) {
    let mut buffer = [0; 4];
    let mut chars = source.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let alone = chars.peek().is_none_or(|&(_, next)| starts_run(next));
        if alone && let Some(folded) = fold_quickly(c) {
            if !emit(start..start + c.len_utf8(), folded.encode_utf8(&mut buffer)) {
                return;
            }
            continue;
        }
        while chars.next_if(|&(_, next)| !starts_run(next)).is_some() {}
        let end = chars.peek().map_or(source.len(), |&(at, _)| at);
        // Lower case can bring letter and mark together anew (J̌, ǰ).
        let composed: String = source[start..end]
            .nfkc()
            .flat_map(char::to_lowercase)
            .collect();
        let folded: String = composed.nfkc().map(simplified).collect();
        if !emit(start..end, &folded) {
            return;
        }
    }
}

/// The normalised form of a character that stands by itself, where that is one
/// character and easily told.
fn fold_quickly(c: char) -> Option<char> {
    match c {
        '\0'..='\x7f' => Some(c.to_ascii_lowercase()),
        '\u{ff01}'..='\u{ff5e}' => {
            let half = char::from_u32(u32::from(c) - 0xfee0)?;
            Some(half.to_ascii_lowercase())
        }
        '\u{3000}' => Some(' '),
        _ if is_plain(c) => Some(simplified(c)),
        _ => None,
    }
}

/// Whether NFKC leaves `c` as it is and joins it to nothing before it. Not all
/// such characters, but nearly all of Chinese text.
fn is_plain(c: char) -> bool {
    matches!(c,
        '\0'..='\x7f'
        | '\u{2018}'..='\u{201d}' // quotes
        | '\u{3001}'..='\u{3029}' // punctuation and brackets
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}')
}

/// Whether normalising may start afresh at `c`: nothing before it can join it.
pub(crate) fn starts_run(c: char) -> bool {
    if is_plain(c) || matches!(c, '\u{ff01}'..='\u{ff5e}') {
        return true;
    }
    let first = std::iter::once(c).nfkd().next().unwrap_or(c);
    canonical_combining_class(first) == 0
        && is_nfkc_quick(std::iter::once(first)) != IsNormalized::Maybe
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(source: &str, normal: &str) {
        assert_eq!(normalize(source), normal);
        assert_eq!(Normalized::new(source).text(), normal);
    }

    #[test]
    fn width_case_and_script_are_evened_out() {
        check("（２０）ＧＤＰ　債務", "(20)gdp 债务");
        check("Ⅴ类水 ㎡ ①", "v类水 m2 1");
        check("e\u{301}", "\u{e9}");
        check("长江“十年禁渔”", "长江“十年禁渔”");
    }

    #[test]
    fn a_part_leads_back_to_its_source() {
        let source = "约…５㎡的";
        let normalized = Normalized::new(source);
        assert_eq!(normalized.text(), "约...5m2的");
        let find = |part: &str| {
            let at = normalized.text().find(part).expect("stands there");
            &source[normalized.source(at..at + part.len())]
        };
        assert_eq!(find("约"), "约");
        assert_eq!(find("..5"), "…５");
        assert_eq!(find("2的"), "㎡的");
        assert_eq!(find("."), "…");
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(source in "\\PC{0,60}") {
            let once = normalize(&source).into_owned();
            prop_assert_eq!(normalize(&once), once.as_str());
        }

        #[test]
        fn a_beginning_is_that_of_all(source in "[ａ-ｚ…㎡ﷺ长江e\u{301}]{0,40}", most in 0_usize..60) {
            let expected: String = normalize(&source).chars().take(most).collect();
            prop_assert_eq!(normalize_beginning(&source, most), expected);
        }

        #[test]
        fn both_ways_agree_and_are_nfkc(source in any::<String>()) {
            let normalized = Normalized::new(&source);
            prop_assert_eq!(normalize(&source), normalized.text());
            let whole: String = source.nfkc().flat_map(char::to_lowercase).collect();
            let whole: String = whole.nfkc().map(simplified).collect();
            prop_assert_eq!(normalized.text(), whole.as_str());
        }

        #[test]
        fn every_part_leads_back_to_whole_characters(source in "[ａ-ｚ…㎡①长江é\u{301}a-c]{0,40}") {
            let normalized = Normalized::new(&source);
            let mut last = 0;
            for (at, c) in normalized.text().char_indices() {
                let range = normalized.source(at..at + c.len_utf8());
                prop_assert!(!source[range.clone()].is_empty());
                prop_assert!(range.start >= last);
                last = range.start;
            }
            prop_assert_eq!(normalized.source(0..normalized.text().len()), 0..source.len());
        }
    }
}
