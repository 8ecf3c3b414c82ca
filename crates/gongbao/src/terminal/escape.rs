//! Characters that must not reach a terminal as they are.

use std::{borrow::Cow, fmt::Write};

pub(crate) use gongbao_desk::is_dangerous;

/// `text` on one line with dangerous characters as `\u{202e}`; a line break
/// or tab is a space.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        push_escaped(&mut safe, c);
    }
    Cow::Owned(safe)
}

/// Appends `c` to `safe`, escaped as by [`escape()`].
pub(super) fn push_escaped(safe: &mut String, c: char) {
    match c {
        '\n' | '\t' => safe.push(' '),
        c if is_dangerous(c) => {
            write!(safe, "\\u{{{:x}}}", u32::from(c)).expect("a string takes all");
        }
        c => safe.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, safe: &str) {
        assert_eq!(escape(text), safe);
    }

    #[test]
    fn what_speaks_to_the_terminal_is_spelled_out() {
        check("债务\u{1b}[31m化解", "债务\\u{1b}[31m化解");
        check("\u{9b}2J", "\\u{9b}2J");
        check("甲\u{202e}乙\u{2066}丙", "甲\\u{202e}乙\\u{2066}丙");
        check("零\u{200b}宽\u{feff}", "零\\u{200b}宽\\u{feff}");
        check("行\u{2028}行\r\n", "行\\u{2028}行\\u{d} ");
    }

    #[test]
    fn plain_text_stays() {
        check("（20）坚定坚决“化债”…", "（20）坚定坚决“化债”…");
        check("一\t二", "一 二");
        assert!(matches!(escape("债务化解"), Cow::Borrowed(_)));
    }
}
