//! The digests of a generation's files, in the form of `sha256sum`, so that
//! `sha256sum --check SHA256SUMS` in its folder tells the same as `verify`.

use std::{collections::BTreeMap, fmt::Write as _, fs, io, path::Path};

use gongbao_archive::digest_of_file;

use crate::{
    error::IndexError,
    generation::{is_lock, is_replaced},
};

/// The file with the digests.
pub(crate) const SUMS_FILE: &str = "SHA256SUMS";

/// Digests in hexadecimal by file name.
pub(crate) type Sums = BTreeMap<String, String>;

/// Writes down the digests of all files in `dir`. Those that it shares with
/// the generation in `base` are not read again: their digests are taken over,
/// so that damage since is told.
pub(crate) fn write(dir: &Path, base: Option<&Path>) -> Result<(), IndexError> {
    let known = base.and_then(|base| read(base).ok().flatten());
    let mut text = String::new();
    for name in names(dir).map_err(IndexError::io("read", dir))? {
        let path = dir.join(&name);
        let taken = known
            .as_ref()
            .filter(|_| !is_replaced(&name))
            .filter(|_| base.is_some_and(|base| is_same_file(&base.join(&name), &path)))
            .and_then(|known| known.get(&name));
        let digest = match taken {
            Some(digest) => digest.clone(),
            None => digest_of_file(&path).map_err(IndexError::io("read", path))?,
        };
        let _ = writeln!(text, "{digest}  {name}");
    }
    let path = dir.join(SUMS_FILE);
    fs::write(&path, text).map_err(IndexError::io("write", path))
}

/// The digests of the generation in `dir`; `None` if it has none, or they
/// cannot be read as such.
pub(crate) fn read(dir: &Path) -> io::Result<Option<Sums>> {
    let text = match fs::read(dir.join(SUMS_FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let Ok(text) = String::from_utf8(text) else {
        return Ok(None);
    };
    let lines = text.lines().map(|line| {
        let (digest, name) = line.split_once("  ")?;
        Some((name.to_owned(), digest.to_owned()))
    });
    Ok(lines.collect())
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
        assert_eq!(sums.len(), 2);
        assert_ne!(
            sums["a.term"],
            digest_of_file(&two.join("a.term")).expect("reads")
        );
        assert_eq!(
            sums["b.term"],
            digest_of_file(&two.join("b.term")).expect("reads")
        );
    }
}
