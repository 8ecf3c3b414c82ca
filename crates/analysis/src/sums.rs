//! Digests of a generation's files, as `sha256sum` writes them.

use std::{collections::BTreeMap, fmt::Write as _};

use sha2::{Digest, Sha256};

/// The file with the digests of all others in the folder of a generation.
pub const SUMS_FILE: &str = "SHA256SUMS";

/// Digests in hexadecimal by file name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums(pub BTreeMap<String, String>);

impl Sums {
    /// Reads what [`to_text`](Self::to_text) wrote; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let lines = text.lines().map(|line| {
            let (digest, name) = line.split_once("  ")?;
            Some((name.to_owned(), digest.to_owned()))
        });
        lines.collect::<Option<_>>().map(Self)
    }

    /// As text, a line for each file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (name, digest) in &self.0 {
            let _ = writeln!(text, "{digest}  {name}");
        }
        text
    }

    /// Whether the file `name` is as it was, if it holds `bytes` now.
    #[must_use]
    pub fn tell(&self, name: &str, bytes: &[u8]) -> bool {
        let expected = self.0.get(name);
        let found = Sha256::digest(bytes);
        let found = found.iter().map(|byte| format!("{byte:02x}"));
        expected.is_some_and(|expected| *expected == found.collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_tell_what_a_file_held() {
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let text = format!("{digest}  a.term\n");
        let sums = Sums::parse(&text).expect("a line");
        assert!(sums.tell("a.term", b"abc"));
        assert!(!sums.tell("a.term", b"abd") && !sums.tell("b.term", b"abc"));
        assert_eq!(sums.to_text(), text);
        assert_eq!(Sums::parse("nonsense"), None);
    }
}
