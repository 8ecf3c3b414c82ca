//! What goes into a reading: pages, rows and site profiles.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest page that is read, in bytes. The longest real one met has 3 MB;
/// what lies beyond is left out, with a warning.
pub const MAX_PAGE_BYTES: usize = 64 << 20;

/// A page as received.
#[derive(Clone, Copy, Debug, Default)]
pub struct Page<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The `Content-Type` it came with.
    pub content_type: Option<&'a str>,
    /// Its address.
    pub url: Option<&'a str>,
    /// The name of its file, if it came as one.
    pub file_name: Option<&'a str>,
    /// The profile of its site.
    pub profile: Option<&'a Profile>,
}

/// A document of a JSON Lines file. Unknown fields are passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its id.
    #[serde(default)]
    pub id: Option<String>,
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// Its text, one block a line.
    pub text: String,
    /// Its address.
    #[serde(default)]
    pub url: Option<String>,
    /// The day it was published, as `2025-09-23` or in another printed form.
    #[serde(default)]
    pub date: Option<String>,
    /// The organ that issued it.
    #[serde(default)]
    pub organ: Option<String>,
    /// The division it belongs to: a code or a name.
    #[serde(default)]
    pub region: Option<String>,
}

/// What is known of a site beforehand. Everything is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// The hosts it answers under.
    pub hosts: Vec<String>,
    /// The organ whose notices it carries: used where a page names none.
    pub organ: Option<String>,
    /// What stands as its source: used where a page names none.
    pub source: Option<String>,
    /// Its division, a code or a name.
    pub region: Option<String>,
    /// The encoding of its pages, over what they declare.
    pub charset: Option<String>,
    /// The columns of its pages: used where a page names none.
    pub columns: Vec<String>,
    /// Where the parts of an article stand.
    pub article: Selectors,
}

/// CSS selectors of the parts of an article. One that cannot be read is passed
/// over, with a warning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(default)]
pub struct Selectors {
    /// The title.
    pub title: Option<String>,
    /// The line with time, source and so on.
    pub header: Option<String>,
    /// The text.
    pub body: Option<String>,
    /// When it was published.
    pub published: Option<String>,
    /// The source.
    pub source: Option<String>,
    /// The organ.
    pub organ: Option<String>,
    /// The columns.
    pub columns: Option<String>,
    /// Parts inside the text that do not belong to it.
    pub drop: Option<String>,
}

/// Why bytes are no page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAPage {
    /// There is nothing.
    Empty,
    /// It is longer than [`MAX_PAGE_BYTES`].
    TooBig {
        /// Its length in bytes.
        bytes: usize,
    },
    /// It is of another kind.
    Binary {
        /// Which, such as `PDF`.
        kind: &'static str,
    },
}

impl fmt::Display for NotAPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::TooBig { bytes } => {
                write!(
                    f,
                    "it has {} MiB, more than {}",
                    bytes >> 20,
                    MAX_PAGE_BYTES >> 20
                )
            }
            Self::Binary { kind } => write!(f, "it is {kind}, not text"),
        }
    }
}

/// The first bytes of formats that are no text.
const MAGIC: [(&[u8], &str); 19] = [
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "a ZIP archive"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old office document",
    ),
    (b"\x1f\x8b", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ", "xz data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"RIFF", "a RIFF file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a program"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"\0\0\x01\0", "an icon"),
];

/// A quick look at whether `bytes` can be a page: their length, their first
/// bytes, and NULs and control characters in the first 64 kB.
///
/// # Errors
///
/// Why they are no page; a reason to skip them at an import.
pub fn looks_like_text(bytes: &[u8]) -> Result<(), NotAPage> {
    if bytes.iter().all(u8::is_ascii_whitespace) || bytes == b"\xef\xbb\xbf" {
        return Err(NotAPage::Empty);
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(NotAPage::Binary { kind });
    }
    if bytes.len() > MAX_PAGE_BYTES {
        return Err(NotAPage::TooBig { bytes: bytes.len() });
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Ok(());
    }
    let start = &bytes[..bytes.len().min(64 << 10)];
    let odd = start
        .iter()
        .filter(|&&b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b | 0x1a))
        .count();
    // A stray NUL happens in pages; one in a hundred bytes does not.
    if odd > start.len() / 100 + 2 {
        return Err(NotAPage::Binary {
            kind: "binary data",
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_page_is_told() {
        for (bytes, reason) in [
            (&b""[..], "it is empty"),
            (b" \r\n", "it is empty"),
            (b"%PDF-1.4\n", "it is PDF, not text"),
            (
                b"PK\x03\x04abc",
                "it is a ZIP archive or an office document, not text",
            ),
            (&[0; 500], "it is binary data, not text"),
        ] {
            assert_eq!(
                looks_like_text(bytes).map_err(|e| e.to_string()),
                Err(reason.to_owned())
            );
        }
        assert_eq!(looks_like_text("<p>通知\0</p>".as_bytes()), Ok(()));
        assert!(matches!(
            looks_like_text(&vec![b'a'; MAX_PAGE_BYTES + 1]),
            Err(NotAPage::TooBig { .. })
        ));
    }

    #[test]
    fn a_row_takes_what_the_file_has() {
        let row: Row =
            serde_json::from_str(r#"{"id":"a","text":"b","more":[1],"url":null}"#).expect("a row");
        assert_eq!(
            (row.id.as_deref(), row.text.as_str(), row.url),
            (Some("a"), "b", None)
        );
    }
}
