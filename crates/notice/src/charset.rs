//! From bytes to text, whatever the page says it is.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
};

use crate::Warning;

/// How far into a page its `<meta charset>` is looked for. HTML asks for the
/// first 1,024 bytes; real pages put scripts before it.
const META_BYTES: usize = 8 * 1024;
/// How much of a page the detector reads.
const DETECT_BYTES: usize = 1 << 20;
/// How many characters beyond ASCII make valid UTF-8 no accident. Two of them
/// (six bytes) can be three of GBK, as in 联通.
const SURE_UTF8_CHARS: usize = 8;

/// The text of `bytes`. Sources in order: byte order mark, `told` (by the site's
/// profile), the header `content_type`, `<meta>`, the content; one that does
/// not fit the content loses to it, with a warning.
pub(crate) fn decode<'a>(
    bytes: &'a [u8],
    told: Option<&str>,
    content_type: Option<&str>,
    warnings: &mut Vec<Warning>,
) -> Cow<'a, str> {
    if let Some((encoding, len)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[len..]).0;
    }
    let label = |text: &str| Encoding::for_label(text.trim().as_bytes());
    let declared = told
        .and_then(label)
        .or_else(|| content_type.and_then(charset_of).and_then(label))
        .or_else(|| in_meta(&bytes[..bytes.len().min(META_BYTES)]))
        .map(wider);
    // Valid UTF-8 of some length is UTF-8, whatever is declared.
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let beyond = text
                .bytes()
                .filter(|b| *b >= 0xc0)
                .take(SURE_UTF8_CHARS)
                .count();
            if declared.is_none_or(|d| d == UTF_8 || is_utf16(d)) || beyond == 0 {
                return Cow::Borrowed(text);
            }
            if let Some(other) = declared
                && beyond == SURE_UTF8_CHARS
            {
                warnings.push(contradicted(other, UTF_8));
                return Cow::Borrowed(text);
            }
        }
        // A page cut inside a character is still UTF-8.
        Err(error)
            if error.error_len().is_none()
                && error.valid_up_to() + 3 >= bytes.len()
                && error.valid_up_to() > 0 =>
        {
            let text = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            if text.bytes().filter(|b| *b >= 0xc0).count() >= SURE_UTF8_CHARS
                || declared == Some(UTF_8)
            {
                return Cow::Owned(text.into_owned());
            }
        }
        Err(_) => {}
    }
    let guess = detect(bytes);
    let Some(declared) = declared.filter(|d| !is_utf16(d)) else {
        let (text, broken) = decoded(guess, bytes);
        if broken > 0 {
            warnings.push(unreadable(guess, broken));
        }
        return text;
    };
    let (text, broken) = decoded(declared, bytes);
    if broken == 0 {
        return text;
    }
    if guess != declared {
        let (other, fewer) = decoded(guess, bytes);
        if fewer * 2 < broken {
            warnings.push(contradicted(declared, guess));
            if fewer > 0 {
                warnings.push(unreadable(guess, fewer));
            }
            return other;
        }
    }
    warnings.push(unreadable(declared, broken));
    text
}

fn contradicted(declared: &'static Encoding, found: &'static Encoding) -> Warning {
    let (declared, found) = (declared.name(), found.name());
    Warning::new(
        "charset",
        format!("the page says {declared} and is {found}"),
    )
}

fn unreadable(encoding: &'static Encoding, count: usize) -> Warning {
    let name = encoding.name();
    Warning::new(
        "charset",
        format!("{count} characters are not {name} and were replaced"),
    )
}

fn is_utf16(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

/// gb2312 and GBK in a declaration mean GB18030 in practice.
fn wider(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

/// The text and how many characters of it were replaced.
fn decoded<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> (Cow<'a, str>, usize) {
    let (text, errors) = encoding.decode_without_bom_handling(bytes);
    let broken = if errors {
        text.matches('\u{fffd}').count()
    } else {
        0
    };
    (text, broken)
}

/// The encoding that the bytes look like.
fn detect(bytes: &[u8]) -> &'static Encoding {
    let start = &bytes[..bytes.len().min(DETECT_BYTES)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(start, start.len() == bytes.len());
    let guess = wider(detector.guess(Some(b"cn"), Utf8Detection::Allow));
    if [GB18030, UTF_8, BIG5, EUC_KR, EUC_JP, SHIFT_JIS].contains(&guess) {
        return guess;
    }
    // Short pages are taken for Western ones; a Chinese reading without a
    // fault is likelier here.
    if decoded(GB18030, start).1 == 0 {
        GB18030
    } else {
        guess
    }
}

/// `charset=…` in a content type.
fn charset_of(content_type: &str) -> Option<&str> {
    let at = content_type.to_ascii_lowercase().find("charset")?;
    let rest = content_type[at + 7..].trim_start().strip_prefix('=')?;
    let rest = rest.trim_start().trim_start_matches(['"', '\'']);
    rest.split(['"', '\'', ';', ' ', '>', '/'])
        .next()
        .filter(|name| !name.is_empty())
}

/// The encoding that a `<meta>` or an XML declaration in `start` names.
fn in_meta(start: &[u8]) -> Option<&'static Encoding> {
    let text: String = start
        .iter()
        .map(|&b| char::from(b.to_ascii_lowercase()))
        .collect();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("<meta") {
        rest = &rest[at + 5..];
        let tag = &rest[..rest.find('>').unwrap_or(rest.len())];
        if let Some(found) = charset_of(tag).and_then(|name| Encoding::for_label(name.as_bytes())) {
            // A page whose <meta> could be read as ASCII is no UTF-16.
            return Some(if is_utf16(found) { UTF_8 } else { found });
        }
    }
    let declaration = text.strip_prefix("<?xml")?;
    let (_, value) = declaration[..declaration.find("?>")?].split_once("encoding=")?;
    Encoding::for_label(
        value
            .trim_matches(['"', '\'', ' '])
            .split(['"', '\''])
            .next()?
            .as_bytes(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "青川县人民政府关于印发节水方案的通知，各乡镇人民政府：现印发给你们，请认真执行。";

    #[track_caller]
    fn check(bytes: &[u8], content_type: Option<&str>, warned: bool) {
        let mut warnings = Vec::new();
        let text = decode(bytes, None, content_type, &mut warnings);
        assert!(text.contains(TEXT), "{text}");
        assert_eq!(!warnings.is_empty(), warned, "{warnings:?}");
    }

    #[test]
    fn each_source_is_used() {
        let gb = GB18030.encode(TEXT).0;
        check(TEXT.as_bytes(), None, false);
        check(&gb, None, false);
        check(&gb, Some("text/html; charset=gb2312"), false);
        check(&[b"<meta charset=\"gbk\">", &*gb].concat(), None, false);
        check(
            &["\u{feff}".as_bytes(), TEXT.as_bytes()].concat(),
            Some("text/html;charset=gbk"),
            false,
        );
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(TEXT.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        check(&utf16, None, false);
    }

    #[test]
    fn a_lying_declaration_loses_with_a_warning() {
        let gb = GB18030.encode(TEXT).0;
        check(&gb, Some("text/html; charset=utf-8"), true);
        check(TEXT.as_bytes(), Some("text/html; charset=GBK"), true);
        check(
            &[
                b"<meta http-equiv=Content-Type content='text/html; charset=utf-8'>",
                &*gb,
            ]
            .concat(),
            None,
            true,
        );
    }

    #[test]
    fn a_character_beyond_gb2312_is_read() {
        let bytes = GB18030.encode(&format!("{TEXT}朱镕基𠮷")).0.into_owned();
        let text = decode(
            &bytes,
            None,
            Some("text/html; charset=gb2312"),
            &mut Vec::new(),
        )
        .into_owned();
        assert!(text.ends_with("朱镕基𠮷"));
    }

    #[test]
    fn broken_bytes_are_replaced_with_a_warning() {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes.extend([0xff, 0xfe, b'x']);
        let mut warnings = Vec::new();
        let text = decode(
            &bytes,
            None,
            Some("text/html; charset=utf-8"),
            &mut warnings,
        );
        assert!(text.starts_with(TEXT));
        assert_eq!(warnings.len(), 1);
    }
}
