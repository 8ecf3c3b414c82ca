//! Character references.

/// The named references met on Chinese pages; sorted for binary search.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("apos", '\''),
    ("bdquo", '„'),
    ("brvbar", '¦'),
    ("bull", '•'),
    ("cap", '∩'),
    ("cent", '¢'),
    ("circ", 'ˆ'),
    ("copy", '©'),
    ("cup", '∪'),
    ("curren", '¤'),
    ("dagger", '†'),
    ("darr", '↓'),
    ("deg", '°'),
    ("divide", '÷'),
    ("emsp", '\u{2003}'),
    ("ensp", '\u{2002}'),
    ("equiv", '≡'),
    ("euro", '€'),
    ("frac12", '½'),
    ("frac14", '¼'),
    ("frac34", '¾'),
    ("ge", '≥'),
    ("gt", '>'),
    ("hArr", '⇔'),
    ("harr", '↔'),
    ("hellip", '…'),
    ("infin", '∞'),
    ("iquest", '¿'),
    ("lArr", '⇐'),
    ("laquo", '«'),
    ("larr", '←'),
    ("ldquo", '“'),
    ("le", '≤'),
    ("loz", '◊'),
    ("lsaquo", '‹'),
    ("lsquo", '‘'),
    ("lt", '<'),
    ("macr", '¯'),
    ("mdash", '—'),
    ("micro", 'µ'),
    ("middot", '·'),
    ("minus", '−'),
    ("nbsp", '\u{a0}'),
    ("ndash", '–'),
    ("ne", '≠'),
    ("not", '¬'),
    ("para", '¶'),
    ("permil", '‰'),
    ("perp", '⊥'),
    ("phi", 'φ'),
    ("pi", 'π'),
    ("plusmn", '±'),
    ("pound", '£'),
    ("prime", '′'),
    ("quot", '"'),
    ("rArr", '⇒'),
    ("radic", '√'),
    ("raquo", '»'),
    ("rarr", '→'),
    ("rdquo", '”'),
    ("reg", '®'),
    ("rsaquo", '›'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("sect", '§'),
    ("shy", '\u{ad}'),
    ("sigma", 'σ'),
    ("sum", '∑'),
    ("sup1", '¹'),
    ("sup2", '²'),
    ("sup3", '³'),
    ("thinsp", '\u{2009}'),
    ("times", '×'),
    ("trade", '™'),
    ("uarr", '↑'),
    ("yen", '¥'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
];

/// Windows-1252 for the numbers 0x80 to 0x9F, as browsers read them.
const C1: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Appends `text` to `out` with its references replaced; what is no known
/// reference stays as it is.
pub(super) fn decode_into(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((c, len)) => {
                out.push(c);
                rest = &rest[len..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
}

/// The character that `text`, which starts with `&`, refers to, and the length
/// of the reference in bytes.
fn reference(text: &str) -> Option<(char, usize)> {
    let body = &text[1..];
    if let Some(number) = body.strip_prefix('#') {
        let (digits, radix) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16),
            None => (number, 10),
        };
        let len = digits
            .bytes()
            .take_while(|b| char::from(*b).is_digit(radix))
            .count();
        if len == 0 {
            return None;
        }
        let start = text.len() - digits.len();
        let c = match u32::from_str_radix(&digits[..len], radix) {
            Ok(n @ 0x80..=0x9f) => C1[(n - 0x80) as usize],
            Ok(n) => char::from_u32(n)
                .filter(|&c| c != '\0')
                .unwrap_or('\u{fffd}'),
            Err(_) => '\u{fffd}',
        };
        let end = start + len;
        return Some((c, end + usize::from(text[end..].starts_with(';'))));
    }
    let len = body
        .bytes()
        .take(8)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    let closed = body[len..].starts_with(';');
    let found = |name: &str| {
        let at = NAMED.binary_search_by_key(&name, |entry| entry.0).ok()?;
        Some(NAMED[at].1)
    };
    if closed {
        return found(&body[..len]).map(|c| (c, len + 2));
    }
    // Browsers read a few names without their semicolon too. Only the one that
    // pages get wrong in practice is taken so: "&copy=1" in a link is none.
    body.starts_with("nbsp").then_some(('\u{a0}', 5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut out = String::new();
        decode_into(text, &mut out);
        assert_eq!(out, expected);
    }

    #[test]
    fn references_become_characters() {
        check("a&amp;b&lt;c&gt;", "a&b<c>");
        check(
            "&ldquo;十年禁渔&rdquo;&nbsp;&nbsp",
            "“十年禁渔”\u{a0}\u{a0}",
        );
        check("&#20013;&#x56fd;&#150;", "中国–");
    }

    #[test]
    fn what_is_no_reference_stays() {
        check(
            "R&D & ?a=1&b=2 &unknown; &#; &",
            "R&D & ?a=1&b=2 &unknown; &#; &",
        );
        check("&#xFFFFFFFFF;&#0;", "\u{fffd}\u{fffd}");
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(NAMED.is_sorted_by_key(|entry| entry.0));
    }
}
