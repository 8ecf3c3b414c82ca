//! Characters and cells that must not act on whoever reads them.

use std::io::{self, Write};

use serde_json::ser::Formatter;

/// Whether `c` could move the cursor, change colours, turn the reading
/// direction or hide: controls (C0, DEL, C1), bidi marks, embeddings and
/// isolates, zero-width and other invisible characters, line separators.
#[must_use]
pub fn is_dangerous(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' // soft hyphen
        | '\u{61c}' | '\u{200e}' | '\u{200f}' // direction marks
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' // Hangul fillers
        | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{feff}' // zero width
        | '\u{2028}'..='\u{202e}' // separators, embeddings, overrides
        | '\u{2060}'..='\u{206f}' // invisible operators, isolates, old controls
        | '\u{fff9}'..='\u{fffb}' // interlinear annotation
        | '\u{e0000}'..='\u{e007f}' // tags
    )
}

/// Where the first dangerous character of `text` stands, and which it is.
fn first_dangerous(text: &str) -> Option<(usize, char)> {
    let begins = text
        .bytes()
        .enumerate()
        .filter(|&(_, byte)| may_begin(byte));
    begins
        .filter_map(|(at, _)| Some((at, text[at..].chars().next()?)))
        .find(|&(_, c)| is_dangerous(c))
}

/// Whether a dangerous character may begin with `byte`. Few Chinese characters do:
/// most of a text is told harmless without being decoded.
fn may_begin(byte: u8) -> bool {
    matches!(byte, 0..=0x1f | 0x7f | 0xc2 | 0xd8 | 0xe1..=0xe3 | 0xef | 0xf3)
}

/// A cell that a spreadsheet takes for text: one that begins like a formula
/// gets an apostrophe before it, unless it is a number.
///
/// Source: OWASP, *CSV Injection*.
#[must_use]
pub fn harmless(cell: &str) -> String {
    let is_number = cell.strip_prefix('-').is_some_and(|digits| {
        let known = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | '-');
        digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(known)
            && digits.parse::<f64>().is_ok()
    });
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// JSON without a space too many.
pub(crate) struct Compact;

impl Formatter for Compact {}

/// Writes characters that could speak to a terminal as `\u009b`, which reads
/// back as the same string.
pub(crate) struct Safe<F>(pub(crate) F);

/// Methods that [`Safe`] leaves to the formatter inside it.
macro_rules! pass_on {
    ($($name:ident($($argument:ident: $kind:ty),*);)*) => {
        $(fn $name<W: ?Sized + Write>(&mut self, writer: &mut W $(, $argument: $kind)*) -> io::Result<()> {
            self.0.$name(writer $(, $argument)*)
        })*
    };
}

impl<F: Formatter> Formatter for Safe<F> {
    pass_on! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = first_dangerous(rest) {
            writer.write_all(&rest.as_bytes()[..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dangerous_is_told_by_its_first_byte() {
        for c in ('\0'..=char::MAX).filter(|&c| is_dangerous(c)) {
            assert!(may_begin(c.to_string().as_bytes()[0]), "{c:?}");
        }
        for c in ['一', '债', '龥', 'a', '9'] {
            assert!(!may_begin(c.to_string().as_bytes()[0]), "{c:?}");
        }
    }

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(harmless("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(harmless("-1+2"), "'-1+2");
        assert_eq!(harmless("-1-2"), "'-1-2");
        assert_eq!(harmless("-inf"), "'-inf");
        assert_eq!(harmless("-0.05"), "-0.05");
        assert_eq!(harmless("债务=1"), "债务=1");
    }
}
