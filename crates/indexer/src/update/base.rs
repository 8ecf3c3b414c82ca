//! Whether the generation in force can be added to.

use std::path::Path;

use gongbao_analysis::{GenerationNote, NoteError};
use tantivy::Index;

/// The note of the generation in `path`, if it can be added to for the corpus
/// of that name; else why not.
pub(crate) fn base_note(path: &Path, corpus: &str) -> Result<GenerationNote, String> {
    let index = Index::open_in_dir(path).map_err(|error| error.to_string())?;
    let meta = index.load_metas().map_err(|error| error.to_string())?;
    let note = GenerationNote::read(meta.payload.as_deref()).map_err(|error| match error {
        NoteError::OtherVersion => "the old one was made by another version".to_owned(),
        error => error.to_string(),
    })?;
    if note.corpus != corpus {
        return Err("the old one was made from another corpus".to_owned());
    }
    Ok(note)
}
