//! The prints of all notices, as a file of a generation: how many notices there are, then
//! a record of each, as postcard writes a list. It is read where it lies, mapped into
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
use serde::{Deserialize, Serialize, Serializer};
use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};

use crate::{error::IndexError, generation::Replacement};

/// The name of the file.
const FILE: &str = "prints";

/// What is put aside for it, as long as a generation is written.
const FRESH_FILE: &str = "prints.fresh";

/// The prints of a notice, passage by passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct NoticePrints<'p> {
    /// Its number.
    pub(super) notice: u64,
    /// How many prints each passage has.
    pub(super) passages: Vec<u32>,
    /// The prints, in the order of the text, each once a passage: four bytes each, low
    /// byte first, as nearly all would take five as numbers of varying length.
    #[serde(serialize_with = "as_bytes")]
    prints: &'p [u8],
}

fn as_bytes<S: Serializer>(prints: &&[u8], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_bytes(prints)
}

impl NoticePrints<'_> {
    /// How many prints there are in all.
    pub(super) fn len(&self) -> usize {
        self.prints.len() / 4
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = u32> + Clone {
        self.within(0..self.len())
    }

    /// Those in `range` of all.
    pub(super) fn within(&self, range: Range<usize>) -> impl Iterator<Item = u32> + Clone {
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
    pub(super) fn of_passage(&self, passage: u32) -> impl Iterator<Item = u32> + Clone {
        let (before, from) = self.passages.split_at(passage as usize);
        let start = before.iter().sum::<u32>() as usize;
        self.within(start..start + from[0] as usize)
    }
}

/// The prints of a notice as they are in the file.
pub(crate) struct Record {
    notice: u64,
    bytes: Vec<u8>,
}

impl Record {
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

/// Records put aside, in a file of the generation that is being written, until those of
/// all its notices are there.
pub(crate) struct Fresh {
    dir: PathBuf,
    file: BufWriter<File>,
    /// The notices, and where the record of each is.
    records: Vec<(u64, Range<usize>)>,
    end: usize,
}

impl Fresh {
    /// None yet, of the generation in `dir`.
    pub(crate) fn create(dir: &Path) -> Result<Self, IndexError> {
        let path = dir.join(FRESH_FILE);
        let file = File::create(&path).map_err(IndexError::io("create", path))?;
        Ok(Self {
            dir: dir.to_owned(),
            file: BufWriter::new(file),
            records: Vec::new(),
            end: 0,
        })
    }

    pub(crate) fn put(&mut self, record: &Record) -> Result<(), IndexError> {
        let put = self.file.write_all(&record.bytes);
        put.map_err(IndexError::io("write", self.dir.join(FRESH_FILE)))?;
        let start = self.end;
        self.end += record.bytes.len();
        self.records.push((record.notice, start..self.end));
        Ok(())
    }

    /// The notices whose records there are.
    pub(crate) fn notices(&self) -> HashSet<u64> {
        self.records.iter().map(|(notice, _)| *notice).collect()
    }

    /// Puts them behind what else the generation has, less the notices that they are of,
    /// in an order that does not depend on which came first. Gives how many notices stand
    /// before them.
    pub(super) fn take_in(mut self) -> Result<usize, IndexError> {
        let (path, fresh) = (self.dir.join(FILE), self.dir.join(FRESH_FILE));
        self.file.flush().map_err(IndexError::io("write", &fresh))?;
        self.records.sort_unstable_by_key(|(notice, _)| *notice);
        let (replacement, before) = self.beside_others(&path)?;
        // Some systems neither replace nor remove a file that is mapped or open.
        drop(self.file);
        replacement.put()?;
        fs::remove_file(&fresh).map_err(IndexError::io("remove", fresh))?;
        Ok(before)
    }

    /// What is to take the place of the file at `path`, and how many notices in it stand
    /// before these.
    fn beside_others<'p>(&self, path: &'p Path) -> Result<(Replacement<'p>, usize), IndexError> {
        let replaced = self.notices();
        let fresh = mapped(&self.dir, FRESH_FILE)?;
        let old = Prints::open(&self.dir)?;
        let mut kept = Vec::new();
        for record in old.records()? {
            let (notice, bytes) = record?;
            if !replaced.contains(&notice.notice) {
                kept.push(bytes);
            }
        }
        let fresh = self.records.iter().map(|(_, range)| &fresh[range.clone()]);
        let count = (kept.len() + self.records.len()) as u64;
        let replacement = Replacement::write(path, |file| {
            file.write_all(&postcard::to_stdvec(&count).map_err(io::Error::other)?)?;
            let mut records = kept.iter().copied().chain(fresh);
            records.try_for_each(|record| file.write_all(record))
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
        let path = dir.join(FILE);
        let bytes = match path.exists() {
            true => mapped(dir, FILE)?,
            false => OwnedBytes::new(&[0][..]),
        };
        Ok(Self { path, bytes })
    }

    /// The prints of all notices.
    pub(super) fn notices(&self) -> Result<Vec<NoticePrints<'_>>, IndexError> {
        let records = self.records()?;
        records
            .map(|record| record.map(|(notice, _)| notice))
            .collect()
    }

    /// Each notice, and the bytes of its record.
    fn records(
        &self,
    ) -> Result<impl Iterator<Item = Result<(NoticePrints<'_>, &[u8]), IndexError>>, IndexError>
    {
        let (count, mut rest) =
            postcard::take_from_bytes::<u64>(&self.bytes).map_err(|_| self.damaged())?;
        let next = move |_| {
            let (notice, behind) = postcard::take_from_bytes::<NoticePrints<'_>>(rest)
                .ok()
                .filter(|(notice, _)| {
                    let told: u64 = notice.passages.iter().copied().map(u64::from).sum();
                    told * 4 == notice.prints.len() as u64
                })
                .ok_or_else(|| self.damaged())?;
            let record = &rest[..rest.len() - behind.len()];
            rest = behind;
            Ok((notice, record))
        };
        Ok((0..count).map(next))
    }

    fn damaged(&self) -> IndexError {
        IndexError::io("read", &self.path)(io::ErrorKind::InvalidData.into())
    }
}

/// The file `name` in `dir`.
fn mapped(dir: &Path, name: &str) -> Result<OwnedBytes, IndexError> {
    let map = || {
        let dir = MmapDirectory::open(dir)?;
        Ok(dir.open_read(Path::new(name))?.read_bytes()?)
    };
    map().map_err(|source| IndexError::tantivy(dir, source))
}

#[cfg(test)]
impl Record {
    /// What it says.
    pub(super) fn notice(&self) -> NoticePrints<'_> {
        postcard::from_bytes(&self.bytes).expect("it is one")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(dir: &Path, records: &[(u64, &[&[u32]])]) -> usize {
        let mut fresh = Fresh::create(dir).expect("room");
        for (notice, passages) in records {
            let passages = passages.iter().map(|prints| prints.to_vec());
            let record = Record::new(*notice, passages);
            fresh.put(&record).expect("room");
        }
        fresh.take_in().expect("room")
    }

    fn all(dir: &Path) -> Vec<(u64, Vec<Vec<u32>>)> {
        let prints = Prints::open(dir).expect("it reads");
        let notices = prints.notices().expect("it is whole");
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
        for end in 0..bytes.len() {
            fs::write(&path, &bytes[..end]).expect("room");
            let prints = Prints::open(folder.path()).expect("it is there");
            assert!(prints.notices().is_err(), "{end} bytes");
        }
    }
}
