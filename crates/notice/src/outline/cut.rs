//! Cutting a text that is too long for one passage.

use std::ops::Range;

use unicode_normalization::{
    IsNormalized, UnicodeNormalization, char::canonical_combining_class, is_nfc_quick,
};

/// The longest passage, in characters: about a printed page, which a reader
/// takes in at a glance and a ranking function still tells apart.
pub(super) const MAX_PASSAGE_CHARS: usize = 800;

/// A place where a text may be cut.
struct Break {
    byte: usize,
    /// Characters before it.
    chars: usize,
    /// 0 for the end of a block, 1 before 一是, 2 for the end of a sentence.
    rank: u8,
}

/// Cuts `range` of `text` into parts of at most [`MAX_PASSAGE_CHARS`]
/// characters, about equal in length: at the ends of blocks, before 一是 二是
/// 三是, at the ends of sentences, and anywhere for want of those.
pub(super) fn cut(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let part = &text[range.clone()];
    // A character takes at least one byte.
    if part.len() <= MAX_PASSAGE_CHARS {
        return vec![range];
    }
    let total = part.chars().count();
    if total <= MAX_PASSAGE_CHARS {
        return vec![range];
    }
    let breaks = breaks(part);
    let mut parts = Vec::new();
    let (mut byte, mut chars, mut next) = (0, 0, 0);
    loop {
        let left = total - chars;
        if left <= MAX_PASSAGE_CHARS {
            parts.push(range.start + byte..range.end);
            return parts;
        }
        let target = left / left.div_ceil(MAX_PASSAGE_CHARS);
        let least = chars + target / 2;
        // Leave no crumb behind.
        let most = chars + MAX_PASSAGE_CHARS.min(left - target / 2);
        while breaks.get(next).is_some_and(|at| at.chars < least) {
            next += 1;
        }
        let best = breaks[next..]
            .iter()
            .take_while(|at| at.chars <= most)
            .min_by_key(|at| (at.rank, at.chars.abs_diff(chars + target)));
        let (end, end_chars) = match best {
            Some(at) => (at.byte, at.chars),
            None => anywhere(part, byte, chars, target, most - chars),
        };
        parts.push(range.start + byte..range.start + end);
        (byte, chars) = (end, end_chars);
    }
}

/// A cut about `target` characters after byte `byte` of `text`, which has
/// `chars` characters before it; at most `most` of them after it. Returns its
/// byte and the characters before it.
fn anywhere(text: &str, byte: usize, chars: usize, target: usize, most: usize) -> (usize, usize) {
    let mut best = None;
    for (count, (at, c)) in text[byte..].char_indices().enumerate().skip(1).take(most) {
        if count > target && best.is_some() {
            break;
        }
        if !joins(c) {
            best = Some((byte + at, chars + count));
        }
    }
    // Hundreds of marks in a row are no text: any place will do.
    best.unwrap_or_else(|| {
        let rest = &text[byte..];
        let at = rest.char_indices().nth(target);
        (byte + at.map_or(rest.len(), |(at, _)| at), chars + target)
    })
}

/// Whether `c` belongs to the character before it: a mark, a variation
/// selector, or what normalising (NFKC) may join to it, such as ﾞ or a vowel of
/// Hangul. No text is cut before one, so that its parts, each normalised, are
/// the text normalised.
fn joins(c: char) -> bool {
    if c.is_ascii() || matches!(c, '\u{3400}'..='\u{9fff}') {
        return false;
    }
    let first = std::iter::once(c).nfkd().next().unwrap_or(c);
    canonical_combining_class(first) != 0
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
        || is_nfc_quick(std::iter::once(first)) == IsNormalized::Maybe
}

/// Where `text` may be cut, in order; neither at its start nor at its end.
fn breaks(text: &str) -> Vec<Break> {
    let mut breaks: Vec<Break> = Vec::new();
    let mut ended = false; // the last character ends a sentence, closers included
    let mut opens_clause = true;
    for (chars, (byte, c)) in text.char_indices().enumerate() {
        let is_closer = matches!(c, '”' | '’' | '』' | '」' | '）' | ')' | '》' | '】' | '"');
        if opens_clause && counts_off(&text[byte..]) && byte > 0 {
            breaks.push(Break {
                byte,
                chars,
                rank: 1,
            });
        } else if ended && !is_closer && !is_sentence_end(c) && c != '\n' && !joins(c) {
            breaks.push(Break {
                byte,
                chars,
                rank: 2,
            });
        }
        ended = is_sentence_end(c) || ended && (is_closer || joins(c));
        opens_clause = ended || matches!(c, '\n' | '：' | ':' | '，');
        if c == '\n' && byte + 1 < text.len() {
            breaks.push(Break {
                byte: byte + 1,
                chars: chars + 1,
                rank: 0,
            });
            opens_clause = false; // the break before it is the better one
            ended = false;
        }
    }
    breaks
}

fn is_sentence_end(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | ';' | '…')
}

/// Whether `text` starts with 一是, 二是 … 十二是.
fn counts_off(text: &str) -> bool {
    let after =
        text.trim_start_matches(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']);
    let numeral = text.len() - after.len();
    (1..=9).contains(&numeral) && after.starts_with('是')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, ends: &[&str]) {
        let parts = cut(text, 0..text.len());
        let found: Vec<&str> = parts.iter().map(|part| &text[part.clone()]).collect();
        assert_eq!(found.len(), ends.len());
        for (part, end) in found.iter().zip(ends) {
            assert!(part.ends_with(end), "{part} ends with {end}");
        }
    }

    #[test]
    fn a_short_text_stays_whole() {
        check(&"甲".repeat(800), &["甲"]);
    }

    #[test]
    fn the_end_of_a_block_comes_before_the_end_of_a_sentence() {
        let text = format!(
            "{}。{}丙\n{}",
            "甲".repeat(450),
            "乙".repeat(100),
            "丁".repeat(350)
        );
        check(&text, &["丙\n", "丁"]);
    }

    #[test]
    fn measures_counted_off_stay_whole() {
        let text = format!(
            "一是{}。{}。二是{}。{}",
            "甲".repeat(250),
            "乙".repeat(150),
            "丙".repeat(200),
            "丁".repeat(290)
        );
        check(&text, &["乙。", "丁"]);
    }

    #[test]
    fn a_sentence_keeps_its_closing_quote() {
        let text = format!("“{}。”{}", "甲".repeat(450), "乙".repeat(400));
        check(&text, &["。”", "乙"]);
    }

    #[test]
    fn a_text_without_stops_is_cut_in_equal_parts() {
        let text = "甲".repeat(1700);
        let parts = cut(&text, 0..text.len());
        let lens: Vec<usize> = parts.iter().map(|part| part.len() / 3).collect();
        assert_eq!(lens, [566, 567, 567]);
    }

    proptest! {
        #[test]
        fn parts_normalise_like_the_whole(
            text in "[甲か각ᄀeﾊ。，一是\u{3099}\u{301}\u{323}\u{fe0f}ﾞ\u{1161}\u{11a8}]{700,2500}",
        ) {
            let parts = cut(&text, 0..text.len());
            let joined: String = parts.iter().flat_map(|part| text[part.clone()].nfkc()).collect();
            prop_assert_eq!(joined, text.nfkc().collect::<String>());
            prop_assert!(parts.iter().all(|part| text[part.clone()].chars().count() <= MAX_PASSAGE_CHARS));
        }

        #[test]
        fn parts_are_the_text_and_none_is_too_long(text in "[甲乙。；：\n一二是”]{0,3000}") {
            let parts = cut(&text, 0..text.len());
            let whole: String = parts.iter().map(|part| &text[part.clone()]).collect();
            prop_assert_eq!(&whole, &text);
            for part in parts {
                let chars = text[part].chars().count();
                prop_assert!(chars <= MAX_PASSAGE_CHARS);
                prop_assert!(chars > 0 || text.is_empty());
            }
        }
    }
}
