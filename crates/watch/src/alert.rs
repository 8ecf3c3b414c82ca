//! What is told: a notice that says something new for a saved search.

use gongbao_archive::Alert;
use gongbao_notice::Region;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What is new for a saved search in one version of one notice. The JSON
/// shape of every channel: fields are added, never renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// Names what is told: a UUID that is the same however often it is told.
    pub alert: String,
    /// The saved search.
    pub watch: String,
    /// When it was found out, in RFC 3339.
    pub raised: String,
    /// Whether the notice itself is new, or was there and changed.
    pub change: Change,
    /// The notice.
    pub id: String,
    /// Its version, from 1.
    pub version: u32,
    /// Its title.
    pub title: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// The issuing organ.
    pub organ: Option<String>,
    /// Its place.
    pub region: Option<Region>,
    /// The genre's Chinese name.
    pub genre: Option<String>,
    /// When it was published, as `YYYY-MM-DD`.
    pub published: Option<String>,
    /// The day it was signed, as `YYYY-MM-DD`.
    pub signed: Option<String>,
    /// The passages that match and are new or changed, in order.
    pub passages: Vec<PassageNews>,
}

/// New or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Was not there before.
    New,
    /// Was there, and said otherwise.
    Changed,
}

/// A passage that is new or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassageNews {
    /// Which of the two.
    pub change: Change,
    /// Its anchor in the notice.
    pub anchor: String,
    /// Its printed label.
    pub label: Option<String>,
    /// The headings that it stands under, outermost first, its own last.
    pub path: Vec<String>,
    /// Its text.
    pub text: String,
    /// What matches: [start, end) in Unicode characters of the text.
    pub highlights: Vec<[usize; 2]>,
    /// For a changed passage, what it said before.
    pub before: Option<String>,
    /// For a changed passage, what became of what.
    pub diff: Vec<Piece>,
}

/// A piece of a changed passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in what it said before.
    Removed(String),
    /// Only in what it says now.
    Added(String),
}

impl News {
    /// Reads it back from the catalogue.
    pub(crate) fn of(alert: &Alert) -> Result<Self, String> {
        serde_json::from_str(&alert.content)
            .map_err(|error| format!("alert {} cannot be read back: {error}", alert.id))
    }
}

/// The UUID of what `parts` name together: version 8 of RFC 9562, the digest
/// of the parts but for six bits.
pub(crate) fn uuid(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    let mut bytes: [u8; 16] = digest.finalize()[..16]
        .try_into()
        .expect("32 bytes are more");
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}
