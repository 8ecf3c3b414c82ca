//! Names and notes of index generations.
//!
//! A generation is a folder with a whole tantivy index, never changed once
//! published. The file [`CURRENT_FILE`] beside them names the one in force and
//! is replaced in one step.

use gongbao_notice::NoticeId;
use gongbao_notice::READING_RULES;
use serde::{Deserialize, Serialize};

use crate::segment::Dictionary;

/// Names the current generation.
pub const CURRENT_FILE: &str = "CURRENT";

/// Raised whenever the schema, the tokens, the stored form or the files about
/// copies change.
const FORMAT: u32 = 3;

/// The folder name of generation `number`.
#[must_use]
pub fn generation_name(number: u64) -> String {
    format!("generation-{number:06}")
}

/// The number in a folder name made by [`generation_name`].
#[must_use]
pub fn generation_number(name: &str) -> Option<u64> {
    name.strip_prefix("generation-")?.parse().ok()
}

/// What a generation says of itself, kept in tantivy's commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GenerationNote {
    /// Version of schema, tokens and stored form.
    pub format: u32,
    /// Version of the rules that pages were read by.
    pub reading_rules: u32,
    /// Fingerprint of the dictionary that words were cut with.
    pub dictionary: String,
    /// The corpus it was made from.
    pub corpus: String,
    /// The last change of the archive that it holds.
    pub last_change: u64,
    /// Notices whose record or text could not be read; tried again next time.
    pub unread: Vec<NoticeId>,
    /// Those of them that were held back, each with the version that it holds;
    /// 0 where it holds none.
    #[serde(default)]
    pub held: Vec<(NoticeId, u32)>,
    /// How many notices it holds.
    pub notices: u64,
    /// How many passages it holds.
    pub passages: u64,
}

/// A generation cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NoteError {
    /// No note, or none that can be read: not an index of ours.
    #[error("this is no index of gongbao's; `gongbao index --rebuild` makes one")]
    Foreign,
    /// Made by another version, or with another dictionary.
    #[error("the index was made with {0}; `gongbao index --rebuild` makes it anew")]
    Outdated(&'static str),
}

impl GenerationNote {
    /// The note of an index that is yet empty.
    #[must_use]
    pub fn new(dictionary: &Dictionary, corpus: String) -> Self {
        Self {
            format: FORMAT,
            reading_rules: READING_RULES,
            dictionary: dictionary.fingerprint(),
            corpus,
            last_change: 0,
            unread: Vec::new(),
            held: Vec::new(),
            notices: 0,
            passages: 0,
        }
    }

    /// Reads the note from tantivy's commit payload and makes sure that this
    /// program, with this dictionary, reads the index as it was written.
    ///
    /// # Errors
    ///
    /// [`NoteError`], which names the command that cures it.
    pub fn check(payload: Option<&str>, dictionary: &Dictionary) -> Result<Self, NoteError> {
        let note: Self = payload
            .and_then(|payload| serde_json::from_str(payload).ok())
            .ok_or(NoteError::Foreign)?;
        if note.format != FORMAT {
            return Err(NoteError::Outdated("another version of gongbao"));
        }
        if note.dictionary != dictionary.fingerprint() {
            return Err(NoteError::Outdated("another dictionary"));
        }
        Ok(note)
    }

    /// As the payload of a commit.
    #[must_use]
    pub fn to_payload(&self) -> String {
        serde_json::to_string(self).expect("plain values always serialise")
    }
}
