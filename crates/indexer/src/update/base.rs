//! Whether the generation in force can be added to.

use std::path::Path;

use gongbao_analysis::{Dictionary, GenerationNote};
use gongbao_notice::READING_RULES;
use tantivy::Index;

/// The note of the generation in `path`, if it can be added to; else why not.
pub(crate) fn base_note(
    path: &Path,
    dictionary: &Dictionary,
    fresh: &GenerationNote,
) -> Result<GenerationNote, String> {
    let index = Index::open_in_dir(path).map_err(|error| error.to_string())?;
    let meta = index.load_metas().map_err(|error| error.to_string())?;
    let note = GenerationNote::check(meta.payload.as_deref(), dictionary).map_err(|_| {
        "the old one was made by another version or with another dictionary".to_owned()
    })?;
    if note.reading_rules != READING_RULES {
        return Err("pages are now read by newer rules".to_owned());
    }
    if note.corpus != fresh.corpus {
        return Err("the old one was made from another corpus".to_owned());
    }
    Ok(note)
}
