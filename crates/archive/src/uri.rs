//! Keys of notices, and the URIs that WARC records carry for them.

use std::path::Path;

/// The key of a local file: `file:` and its absolute path. What would make
/// the key ambiguous or unprintable (`%`, `#`, control characters, bytes that
/// are not UTF-8) is written `%XX`, so different files have different keys.
///
/// A relative path is taken from the current folder; `.` goes, `..` and
/// symbolic links stay as they are.
#[must_use]
pub fn key_of_path(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut key = String::from("file:");
    for chunk in absolute.as_os_str().as_encoded_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_control() || matches!(c, '%' | '#') {
                push_escaped(&mut key, c.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                key.push(c);
            }
        }
        push_escaped(&mut key, chunk.invalid());
    }
    key
}

/// The `WARC-Target-URI` of a capture: its URL, or its key as a `file:` or
/// `urn:` URI, with all that RFC 3986 does not allow in a URI escaped.
pub(crate) fn target_uri(key: &str, url: Option<&str>) -> String {
    if let Some(url) = url {
        return escape(url);
    }
    if let Some(path) = key.strip_prefix("file:") {
        let slash = if path.starts_with('/') { "" } else { "/" };
        return format!("file://{slash}{}", escape(path));
    }
    match key.strip_prefix("id:") {
        Some(id) => format!("urn:x-gongbao:id:{}", escape(id)),
        None if has_scheme(key) => escape(key),
        None => format!("urn:x-gongbao:key:{}", escape(key)),
    }
}

fn has_scheme(key: &str) -> bool {
    key.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    })
}

/// Escapes what RFC 3986, section 2 does not allow; `%` stays, as it most
/// likely begins an escape already.
fn escape(text: &str) -> String {
    let mut uri = String::with_capacity(text.len());
    for byte in text.bytes() {
        let allowed = byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
        if allowed {
            uri.push(char::from(byte));
        } else {
            push_escaped(&mut uri, &[byte]);
        }
    }
    uri
}

fn push_escaped(text: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in bytes {
        text.push('%');
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: &str, url: Option<&str>, uri: &str) {
        assert_eq!(target_uri(key, url), uri);
    }

    #[test]
    fn every_key_has_a_valid_uri() {
        check(
            "https://example.invalid/公告?a=1&b=%20",
            Some("https://example.invalid/公告?a=1&b=%20"),
            "https://example.invalid/%E5%85%AC%E5%91%8A?a=1&b=%20",
        );
        check(
            "file:/pages/一 二.html",
            None,
            "file:///pages/%E4%B8%80%20%E4%BA%8C.html",
        );
        check("file:/rows.jsonl#L7", None, "file:///rows.jsonl#L7");
        check("id:law-00001", None, "urn:x-gongbao:id:law-00001");
        check("公报 7", None, "urn:x-gongbao:key:%E5%85%AC%E6%8A%A5%207");
        check("urn:isbn:0", None, "urn:isbn:0");
    }

    #[cfg(unix)]
    #[test]
    fn different_paths_have_different_printable_keys() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
        let key = |name: &[u8]| key_of_path(&Path::new("/p").join(OsStr::from_bytes(name)));
        assert_eq!(key("通知.html".as_bytes()), "file:/p/通知.html");
        assert_eq!(key(b"a\nb#%41"), "file:/p/a%0Ab%23%2541");
        assert_eq!(key(b"\xff.html"), "file:/p/%FF.html");
        assert_ne!(key(b"%FF.html"), key(b"\xff.html"));
    }
}
