//! How many columns a text takes: two for most Chinese characters.

use unicode_width::UnicodeWidthChar;

use super::escape::escape;

/// Columns of `c`, which is none that [`escape()`](super::escape()) spells out.
pub(super) fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// Columns of `text` once escaped.
pub(crate) fn width(text: &str) -> usize {
    escape(text).chars().map(char_width).sum()
}

/// `text` escaped and, where it takes more than `columns`, cut with `…`.
pub(crate) fn shorten(text: &str, columns: usize) -> String {
    let text = escape(text);
    if text.chars().map(char_width).sum::<usize>() <= columns {
        return text.into_owned();
    }
    let mut kept = String::new();
    let mut taken = 1;
    for c in text.chars() {
        taken += char_width(c);
        if taken > columns {
            break;
        }
        kept.push(c);
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// The end of `text`, escaped, as much as fits in `columns`; no `…`, since
/// the reader knows that it begins somewhere.
pub(crate) fn keep_end(text: &str, columns: usize) -> String {
    let text = escape(text);
    let mut taken = 0;
    let mut start = text.len();
    for (at, c) in text.char_indices().rev() {
        taken += char_width(c);
        if taken > columns {
            break;
        }
        start = at;
    }
    text[start..].to_owned()
}

/// `text` with spaces behind it, up to `columns`.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{:missing$}", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_counts_double() {
        assert_eq!(width("债务ab"), 6);
        assert_eq!(width("（）"), 4);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(width("\u{1b}"), "\\u{1b}".len());
    }

    #[test]
    fn cutting_keeps_within_the_columns() {
        assert_eq!(shorten("债务化解", 8), "债务化解");
        assert_eq!(shorten("债务化解", 7), "债务化…");
        assert_eq!(shorten("债务化解", 6), "债务…");
        assert_eq!(keep_end("债务化解", 5), "化解");
        assert_eq!(pad("债务", 6), "债务  ");
    }
}
