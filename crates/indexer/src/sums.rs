//! The digests of a generation's files, in the form of `sha256sum`, so that
//! `sha256sum --check SHA256SUMS` in its folder tells the same as `verify`.

use std::{fs, io, path::Path};

use gongbao_analysis::{SUMS_FILE, Sums};
use gongbao_archive::digest_of_file;

use crate::{
    error::IndexError,
    generation::{is_lock, is_replaced},
};

/// Writes down the digests of all files in `dir`. Those that it shares with
/// the generation in `base` are not read again: their digests are taken over,
/// so that damage since is told.
pub(crate) fn write(dir: &Path, base: Option<&Path>) -> Result<(), IndexError> {
    let known = base.and_then(|base| read(base).ok().flatten());
    let mut sums = Sums::default();
    for name in names(dir).map_err(IndexError::io("read", dir))? {
        let path = dir.join(&name);
        let taken = known
            .as_ref()
            .filter(|_| !is_replaced(&name))
            .filter(|_| base.is_some_and(|base| is_same_file(&base.join(&name), &path)))
            .and_then(|known| known.0.get(&name));
        let digest = match taken {
            Some(digest) => digest.clone(),
            None => digest_of_file(&path).map_err(IndexError::io("read", path))?,
        };
        sums.0.insert(name, digest);
    }
    let path = dir.join(SUMS_FILE);
    fs::write(&path, sums.to_text()).map_err(IndexError::io("write", path))
}

/// The digests of the generation in `dir`; `None` if it has none, or they
/// cannot be read as such.
pub(crate) fn read(dir: &Path) -> io::Result<Option<Sums>> {
    match fs::read(dir.join(SUMS_FILE)) {
        Ok(text) => Ok(String::from_utf8(text)
            .ok()
            .and_then(|text| Sums::parse(&text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What of a generation's files is not as its digests say, and what was looked
/// at.
#[derive(Default)]
pub(crate) struct Held {
    /// Files, and their bytes.
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    /// File names, each with what is the matter.
    pub(crate) problems: Vec<(String, String)>,
}

/// Reads all files in `dir` and holds them against their digests.
pub(crate) fn check(dir: &Path) -> Result<Held, IndexError> {
    let mut held = Held::default();
    let Some(mut sums) = read(dir).map_err(IndexError::io("read", dir))? else {
        let missing = "there are no digests to hold its files against";
        held.problems
            .push((SUMS_FILE.to_owned(), missing.to_owned()));
        return Ok(held);
    };
    for name in names(dir).map_err(IndexError::io("read", dir))? {
        let path = dir.join(&name);
        let found = digest_of_file(&path).map_err(IndexError::io("read", &path))?;
        held.files += 1;
        held.bytes += fs::metadata(&path).map_or(0, |file| file.len());
        let problem = match sums.0.remove(&name) {
            Some(expected) if expected == found => continue,
            Some(expected) => format!("it has SHA-256 {found}, expected {expected}"),
            None => format!("{SUMS_FILE} does not name it"),
        };
        held.problems.push((name, problem));
    }
    let missing = sums.0.into_keys();
    held.problems
        .extend(missing.map(|name| (name, "the file is missing".to_owned())));
    Ok(held)
}

/// The files of a generation, apart from its digests and from locks.
pub(crate) fn names(dir: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !is_lock(&name) && name != SUMS_FILE {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Whether two names are of one file, linked and not copied.
#[cfg(unix)]
fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |path: &Path| fs::metadata(path).map(|file| (file.dev(), file.ino()));
    matches!((id(one), id(other)), (Ok(one), Ok(other)) if one == other)
}

#[cfg(not(unix))]
fn is_same_file(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_go_from_generation_to_generation() {
        let dir = tempfile::tempdir().expect("a folder");
        let (one, two) = (dir.path().join("1"), dir.path().join("2"));
        for dir in [&one, &two] {
            fs::create_dir(dir).expect("a folder");
        }
        fs::write(one.join("a.term"), "terms").expect("writes");
        write(&one, None).expect("writes");
        fs::hard_link(one.join("a.term"), two.join("a.term")).expect("links");
        fs::write(two.join("b.term"), "more").expect("writes");
        // Damage before the next generation must not become its truth.
        fs::write(two.join("a.term"), "germs").expect("writes");
        write(&two, Some(&one)).expect("writes");
        let sums = read(&two).expect("reads").expect("digests");
        assert_eq!(sums.0.len(), 2);
        assert_ne!(
            sums.0["a.term"],
            digest_of_file(&two.join("a.term")).expect("reads")
        );
        assert_eq!(
            sums.0["b.term"],
            digest_of_file(&two.join("b.term")).expect("reads")
        );
    }
}
