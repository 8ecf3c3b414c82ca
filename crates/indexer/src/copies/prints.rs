//! The prints of all notices, as a file of a generation: how many notices there are, then
//! those of each, as postcard writes a list. It is read where it lies, mapped into
//! memory, as it grows with the corpus.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::{self, BufWriter, Write},
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use gongbao_analysis::{StoredNotice, prints};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use tantivy::{
    TantivyError,
    directory::{Directory, MmapDirectory, OwnedBytes, error::OpenReadError},
};

use crate::{error::IndexError, generation::Replacement};

/// The name of the file.
const FILE: &str = "prints";

/// What is put aside for it, as long as a generation is written.
const NEW_FILE: &str = "prints.put-by";

/// The prints of a notice, passage by passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct NoticePrints<'p> {
    /// Its number.
    pub(super) notice: u64,
    /// How many prints each passage has.
    pub(super) passages: Vec<u32>,
    /// The prints, in the order of the text, each once a passage: four bytes each, low
    /// byte first, as nearly all would take five as numbers of varying length.
    prints: &'p [u8],
}

impl NoticePrints<'_> {
    /// How many prints there are in all.
    pub(super) fn len(&self) -> usize {
        self.prints.len() / 4
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = u32> {
        self.within(0..self.len())
    }

    /// Those in `range` of all.
    pub(super) fn within(&self, range: Range<usize>) -> impl ExactSizeIterator<Item = u32> + Clone {
        let (prints, _) = self.prints.as_chunks();
        prints[range].iter().map(|&print| u32::from_le_bytes(print))
    }

    /// The passages, and where the prints of each are among all.
    pub(super) fn ranges(&self) -> impl Iterator<Item = (u32, Range<usize>)> {
        let mut start = 0;
        (0..).zip(&self.passages).map(move |(passage, &count)| {
            let range = start..start + count as usize;
            start = range.end;
            (passage, range)
        })
    }

    /// Those of one passage.
    pub(super) fn of_passage(&self, passage: u32) -> impl Iterator<Item = u32> {
        let (before, from) = self.passages.split_at(passage as usize);
        let start = before.iter().sum::<u32>() as usize;
        self.within(start..start + from[0] as usize)
    }
}

/// The prints of a notice as they are in the file.
pub(crate) struct PackedPrints {
    notice: u64,
    bytes: Vec<u8>,
}

impl PackedPrints {
    /// That of `notice`, whose passages are `texts` in their normal form.
    pub(crate) fn of(notice: &StoredNotice, texts: &[Arc<str>]) -> Self {
        let passages = texts.iter().map(|text| prints(text));
        Self::new(notice.header.id.number(), passages)
    }

    pub(super) fn new(notice: u64, of_passages: impl Iterator<Item = Vec<u32>>) -> Self {
        let mut seen = FxHashSet::default();
        let (mut passages, mut prints) = (Vec::new(), Vec::new());
        for mut found in of_passages {
            // Each once: a turn of phrase that comes again and again is no more
            // than one.
            seen.clear();
            found.retain(|&print| seen.insert(print));
            passages.push(found.len() as u32);
            prints.extend(found.into_iter().flat_map(u32::to_le_bytes));
        }
        let prints = NoticePrints {
            notice,
            passages,
            prints: &prints,
        };
        let bytes = postcard::to_stdvec(&prints);
        Self {
            notice,
            bytes: bytes.expect("plain values in memory always serialise"),
        }
    }
}

/// The prints of new notices, put by in a file of the generation that is being written
/// until those of all are there.
pub(crate) struct NewPrints {
    dir: PathBuf,
    file: BufWriter<File>,
    /// The numbers of the notices, and where the prints of each are.
    places: Vec<(u64, Range<usize>)>,
}

impl NewPrints {
    /// None yet, of the generation in `dir`.
    pub(crate) fn create(dir: &Path) -> Result<Self, IndexError> {
        let path = dir.join(NEW_FILE);
        let file = File::create(&path).map_err(IndexError::io("create", path))?;
        Ok(Self {
            dir: dir.to_owned(),
            file: BufWriter::new(file),
            places: Vec::new(),
        })
    }

    pub(crate) fn put(&mut self, prints: &PackedPrints) -> Result<(), IndexError> {
        let put = self.file.write_all(&prints.bytes);
        put.map_err(IndexError::io("write", self.dir.join(NEW_FILE)))?;
        let start = self.places.last().map_or(0, |(_, place)| place.end);
        let place = start..start + prints.bytes.len();
        self.places.push((prints.notice, place));
        Ok(())
    }

    /// The numbers of the notices whose prints there are.
    pub(crate) fn numbers(&self) -> HashSet<u64> {
        self.places.iter().map(|(number, _)| *number).collect()
    }

    /// Puts them behind what else the generation has, less the notices that are `replaced`:
    /// those that they are of. Their order does not depend on which came first. Gives how
    /// many notices stand before them.
    pub(super) fn take_in(mut self, replaced: &HashSet<u64>) -> Result<usize, IndexError> {
        let (path, new) = (self.dir.join(FILE), self.dir.join(NEW_FILE));
        self.file.flush().map_err(IndexError::io("write", &new))?;
        self.places.sort_unstable_by_key(|(number, _)| *number);
        let (replacement, before) = self.beside_others(&path, replaced)?;
        // Some systems neither replace nor remove a file that is mapped or open.
        drop(self.file);
        replacement.put()?;
        fs::remove_file(&new).map_err(IndexError::io("remove", new))?;
        Ok(before)
    }

    /// What is to take the place of the file at `path`, and how many notices in it stand
    /// before these.
    fn beside_others<'p>(
        &self,
        path: &'p Path,
        replaced: &HashSet<u64>,
    ) -> Result<(Replacement<'p>, usize), IndexError> {
        let new = mapped(&self.dir, NEW_FILE)?.unwrap_or_else(OwnedBytes::empty);
        let old = Prints::open(&self.dir)?;
        let mut kept = Vec::new();
        old.each(|notice, bytes| {
            if !replaced.contains(&notice.notice) {
                kept.push(bytes);
            }
        })?;
        let new = self.places.iter().map(|(_, place)| &new[place.clone()]);
        let count = (kept.len() + self.places.len()) as u64;
        let replacement = Replacement::write(path, |file| {
            file.write_all(&postcard::to_stdvec(&count).map_err(io::Error::other)?)?;
            let mut prints = kept.iter().copied().chain(new);
            prints.try_for_each(|prints| file.write_all(prints))
        })?;
        Ok((replacement, kept.len()))
    }
}

/// The file of a generation.
pub(super) struct Prints {
    path: PathBuf,
    bytes: OwnedBytes,
}

impl Prints {
    /// That in `dir`; one of no notices if it is not there.
    pub(super) fn open(dir: &Path) -> Result<Self, IndexError> {
        Ok(Self {
            path: dir.join(FILE),
            bytes: mapped(dir, FILE)?.unwrap_or_else(|| OwnedBytes::new(&[0][..])),
        })
    }

    /// The prints of all notices.
    pub(super) fn all(&self) -> Result<Vec<NoticePrints<'_>>, IndexError> {
        let mut all = Vec::new();
        self.each(|notice, _| all.push(notice))?;
        Ok(all)
    }

    /// Hands the prints of each notice to `take`, and as they are in the file.
    fn each<'p>(
        &'p self,
        mut take: impl FnMut(NoticePrints<'p>, &'p [u8]),
    ) -> Result<(), IndexError> {
        let damaged = || IndexError::io("read", &self.path)(io::ErrorKind::InvalidData.into());
        let (count, mut rest) =
            postcard::take_from_bytes::<u64>(&self.bytes).map_err(|_| damaged())?;
        for _ in 0..count {
            let (notice, behind) =
                postcard::take_from_bytes::<NoticePrints<'_>>(rest).map_err(|_| damaged())?;
            let told: u64 = notice.passages.iter().copied().map(u64::from).sum();
            if told * 4 != notice.prints.len() as u64 {
                return Err(damaged());
            }
            take(notice, &rest[..rest.len() - behind.len()]);
            rest = behind;
        }
        if rest.is_empty() {
            Ok(())
        } else {
            Err(damaged())
        }
    }
}

/// The file `name` in `dir`, if it is there.
fn mapped(dir: &Path, name: &str) -> Result<Option<OwnedBytes>, IndexError> {
    let map = || match MmapDirectory::open(dir)?.open_read(Path::new(name)) {
        Ok(file) => Ok(Some(file.read_bytes()?)),
        Err(OpenReadError::FileDoesNotExist(_)) => Ok(None),
        Err(error) => Err(TantivyError::from(error)),
    };
    map().map_err(|error| IndexError::io("read", dir.join(name))(io::Error::other(error)))
}

#[cfg(test)]
impl PackedPrints {
    /// What it says.
    pub(super) fn unpacked(&self) -> NoticePrints<'_> {
        postcard::from_bytes(&self.bytes).expect("it is one")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(dir: &Path, notices: &[(u64, &[&[u32]])]) -> usize {
        let mut new = NewPrints::create(dir).expect("room");
        for (notice, passages) in notices {
            let passages = passages.iter().map(|prints| prints.to_vec());
            let prints = PackedPrints::new(*notice, passages);
            new.put(&prints).expect("room");
        }
        let replaced = new.numbers();
        new.take_in(&replaced).expect("room")
    }

    fn all(dir: &Path) -> Vec<(u64, Vec<Vec<u32>>)> {
        let prints = Prints::open(dir).expect("it reads");
        let notices = prints.all().expect("it is whole");
        let of = |notice: &NoticePrints<'_>| {
            let passages = notice.ranges().map(|(passage, range)| {
                let prints: Vec<_> = notice.within(range).collect();
                assert!(notice.of_passage(passage).eq(prints.iter().copied()));
                prints
            });
            (notice.notice, passages.collect())
        };
        notices.iter().map(of).collect()
    }

    #[test]
    fn fresh_prints_stand_behind_those_that_stay_whichever_came_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = folder.path();
        assert_eq!(all(dir), []);
        assert_eq!(put(dir, &[]), 0);
        assert_eq!(all(dir), []);
        // A print that comes again in a passage is none.
        assert_eq!(put(dir, &[(7, &[&[1, u32::MAX, 1], &[]]), (2, &[])]), 0);
        let seven = (7, vec![vec![1, u32::MAX], vec![]]);
        assert_eq!(all(dir), [(2, vec![]), seven.clone()]);
        assert_eq!(put(dir, &[(9, &[&[4]]), (2, &[&[3], &[1]])]), 1);
        let rest = [(2, vec![vec![3], vec![1]]), (9, vec![vec![4]])];
        assert_eq!(all(dir), [&[seven], &rest[..]].concat());
        let files = fs::read_dir(dir).expect("it reads").count();
        assert_eq!(files, 1, "what was put aside is gone");
    }

    #[test]
    fn damage_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        put(folder.path(), &[(7, &[&[1, 2, 3]]), (8, &[&[5]])]);
        let path = folder.path().join(FILE);
        let bytes = fs::read(&path).expect("it reads");
        let is_damaged = || {
            Prints::open(folder.path())
                .expect("it is there")
                .all()
                .is_err()
        };
        for end in 1..bytes.len() {
            fs::write(&path, &bytes[..end]).expect("room");
            assert!(is_damaged(), "{end} bytes");
        }
        for other in [[&[1], &bytes[1..]].concat(), [&bytes[..], &[0]].concat()] {
            fs::write(&path, other).expect("room");
            assert!(is_damaged());
        }
    }
}
