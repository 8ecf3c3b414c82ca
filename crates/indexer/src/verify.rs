//! Whether the index in force is as it was published, and of this archive.

use std::fs;

use gongbao_analysis::{CURRENT_FILE, generation_name};
use gongbao_archive::{Archive, Corpus, Damage, Part};

use crate::{error::IndexError, generation::Generations, sums, update::base_note};

/// What was looked at of an index, and what is the matter with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifiedIndex {
    /// The generation in force; `None` where there is no index.
    pub generation: Option<u64>,
    /// Files of it.
    pub files: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// What is damaged.
    pub damages: Vec<Damage>,
}

/// Reads all of the index of `corpus` in force and holds it against its
/// digests, and against `archive` if that can be read. Nobody may write
/// meanwhile: hold the lock.
///
/// # Errors
///
/// When a folder or file cannot be read. Damage is no error.
pub fn verify(corpus: &Corpus, archive: Option<&Archive>) -> Result<VerifiedIndex, IndexError> {
    let mut verified = VerifiedIndex::default();
    let dir = corpus.index_dir();
    if !dir.join(CURRENT_FILE).exists() && !has_generations(corpus) {
        return Ok(verified);
    }
    let generations = Generations::open(dir)?;
    let Some(number) = generations.current()? else {
        let problem = "it names no generation that is there";
        verified.damages.push(damage(CURRENT_FILE, problem));
        return Ok(verified);
    };
    verified.generation = Some(number);
    verify_files(&generations, number, &mut verified)?;
    if let (Some(archive), true) = (archive, verified.damages.is_empty()) {
        let problem = contradiction(&generations, number, archive)?;
        verified
            .damages
            .extend(problem.map(|problem| damage(&generation_name(number), &problem)));
    }
    Ok(verified)
}

fn verify_files(
    generations: &Generations,
    number: u64,
    verified: &mut VerifiedIndex,
) -> Result<(), IndexError> {
    let held = sums::check(&generations.path(number))?;
    verified.files = held.files;
    verified.bytes = held.bytes;
    let problems = held.problems.iter().map(|(name, problem)| {
        let place = format!("{}/{name}", generation_name(number));
        damage(&place, problem)
    });
    verified.damages.extend(problems);
    Ok(())
}

/// How the index contradicts the archive that it was made from. One that is
/// behind, or of another version, is no contradiction: indexing mends that.
fn contradiction(
    generations: &Generations,
    number: u64,
    archive: &Archive,
) -> Result<Option<String>, IndexError> {
    let Ok(note) = base_note(&generations.path(number), &archive.uuid()?) else {
        return Ok(None);
    };
    let (last, count) = (archive.last_change()?, archive.notice_count()?);
    if note.last_change > last {
        let held = note.last_change;
        return Ok(Some(format!(
            "it holds change {held}, and the archive ends with {last}"
        )));
    }
    let unread = note.unread.len() as u64;
    let is_current = note.last_change == last;
    if is_current && (note.notices > count || note.notices + unread < count) {
        let held = note.notices;
        return Ok(Some(format!(
            "it holds {held} notices, and the archive {count}"
        )));
    }
    Ok(None)
}

fn has_generations(corpus: &Corpus) -> bool {
    let Ok(entries) = fs::read_dir(corpus.index_dir()) else {
        return false;
    };
    entries.flatten().any(|entry| entry.path().is_dir())
}

fn damage(place: &str, problem: &str) -> Damage {
    Damage::new(Part::Index, format!("index/{place}"), problem)
}
