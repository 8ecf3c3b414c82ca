//! Names and notes of index generations.
//!
//! A generation is a folder with a whole tantivy index, never changed once
//! published. The file [`CURRENT_FILE`] beside them names the one in force and
//! is replaced in one step.

use gongbao_notice::{NoticeId, ReadBy};
use serde::{Deserialize, Serialize};

use crate::dictionary::Dictionary;

/// Names the current generation.
pub const CURRENT_FILE: &str = "CURRENT";

/// In the folder of a generation, the words it was cut with, as
/// [`Dictionary::to_bytes`] gives them.
pub const WORDS_FILE: &str = "words.fst";

/// Raised whenever the schema, the tokens, the stored form or the files about
/// copies change.
const FORMAT: u32 = 8;

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
    /// What its pages were read by.
    pub read_by: ReadBy,
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
    /// Made by another version.
    #[error("the index was made with another version of gongbao; `gongbao index` makes it anew")]
    OtherVersion,
    /// Cut with other words.
    #[error("the index was made with another dictionary; `gongbao index` brings it up to this one")]
    OtherDictionary,
}

impl GenerationNote {
    /// The note of an index that is yet empty.
    #[must_use]
    pub fn new(dictionary: &Dictionary, read_by: ReadBy, corpus: String) -> Self {
        Self {
            format: FORMAT,
            read_by,
            dictionary: dictionary.fingerprint(),
            corpus,
            last_change: 0,
            unread: Vec::new(),
            held: Vec::new(),
            notices: 0,
            passages: 0,
        }
    }

    /// Reads the note from tantivy's commit payload.
    ///
    /// # Errors
    ///
    /// [`NoteError`] for an index that is none of ours, or of another version.
    pub fn read(payload: Option<&str>) -> Result<Self, NoteError> {
        /// What notes of all versions have.
        #[derive(Deserialize)]
        struct Any {
            format: u32,
        }
        let payload = payload.ok_or(NoteError::Foreign)?;
        let any: Any = serde_json::from_str(payload).map_err(|_| NoteError::Foreign)?;
        if any.format != FORMAT {
            return Err(NoteError::OtherVersion);
        }
        serde_json::from_str(payload).map_err(|_| NoteError::Foreign)
    }

    /// The same, and makes sure that it was cut with `dictionary`.
    ///
    /// # Errors
    ///
    /// [`NoteError`], which names the command that cures it.
    pub fn check(payload: Option<&str>, dictionary: &Dictionary) -> Result<Self, NoteError> {
        let note = Self::read(payload)?;
        if note.dictionary != dictionary.fingerprint() {
            return Err(NoteError::OtherDictionary);
        }
        Ok(note)
    }

    /// As the payload of a commit.
    #[must_use]
    pub fn to_payload(&self) -> String {
        serde_json::to_string(self).expect("plain values always serialise")
    }
}
