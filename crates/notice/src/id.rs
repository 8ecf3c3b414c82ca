//! Names of notices.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Crockford's base 32 in lower case: no `i`, `l`, `o` or `u` to misread.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The name of a notice, stable as long as its key (URL, file or given id) is.
///
/// Either an id that came with the document, kept as it is, or 13 characters
/// made from the key. 1 to 64 of `A`–`Z`, `a`–`z`, `0`–`9`, `.`, `_`, `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NoticeId(String);

/// The text is no notice id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no notice id: it takes 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'")]
pub struct ParseNoticeIdError(String);

impl NoticeId {
    /// The id of the notice that is found under `key` (its URL or file path).
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        let mut bits = leading_bits(key);
        let mut name = [0_u8; 13];
        for slot in name.iter_mut().rev() {
            *slot = ALPHABET[(bits & 31) as usize];
            bits >>= 5;
        }
        Self(name.iter().map(|&b| char::from(b)).collect())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A number for indexes: the first 64 bits of the id's SHA-256. Two of a
    /// million ids share one with a chance of about 3 in 10⁸.
    #[must_use]
    pub fn number(&self) -> u64 {
        leading_bits(&self.0)
    }
}

fn leading_bits(text: &str) -> u64 {
    let digest = Sha256::digest(text.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(first)
}

impl FromStr for NoticeId {
    type Err = ParseNoticeIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseNoticeIdError(text.chars().take(80).collect()))
        }
    }
}

impl TryFrom<String> for NoticeId {
    type Error = ParseNoticeIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<NoticeId> for String {
    fn from(id: NoticeId) -> Self {
        id.0
    }
}

impl fmt::Display for NoticeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_always_gives_the_same_valid_id() {
        let id = NoticeId::from_key("https://example.invalid/t1.html");
        assert_eq!(id, NoticeId::from_key("https://example.invalid/t1.html"));
        assert_eq!(id.as_str().len(), 13);
        assert_eq!(id.to_string().parse(), Ok(id.clone()));
        assert_ne!(id, NoticeId::from_key("https://example.invalid/t2.html"));
    }

    #[test]
    fn an_id_with_other_characters_is_refused() {
        for text in ["", "a b", "公报", "a#1", &"x".repeat(65)] {
            assert!(text.parse::<NoticeId>().is_err(), "{text:?}");
        }
    }
}
