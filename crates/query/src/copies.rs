//! Notices that hold the same text, as the indexer found them.

use std::{
    collections::{HashMap, HashSet},
    io::{self, Cursor, Read, Seek, SeekFrom},
    sync::{Mutex, OnceLock},
};

use gongbao_analysis::{CopiesHead, Pair};
use tantivy::{DocId, Searcher};

use crate::{bits::Bits, columns::Columns};

/// All notices of a segment are asked for a search that would ask of more than one
/// in so many of its documents.
const WORTH_IT: u64 = 64;

/// What a generation knows of copies: in which groups they are, and on demand
/// what a notice has in common with which others.
pub(crate) struct Copies {
    file: Mutex<Box<dyn Source>>,
    head: CopiesHead,
    /// By segment, the documents of notices that have copies.
    documents: OnceLock<Vec<OnceLock<Bits>>>,
}

/// Where the file is read from.
pub(crate) trait Source: Read + Seek + Send {}
impl<S: Read + Seek + Send> Source for S {}

/// What of an answer is folded.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    /// Notices that another one stands for.
    pub(crate) hidden: HashSet<u64>,
    /// How many others each of those stands for.
    pub(crate) copies: HashMap<u64, u32>,
}

/// Which documents of a segment are of notices with copies.
pub(crate) struct Known<'c> {
    copies: &'c Copies,
    columns: &'c Columns,
    documents: Option<&'c Bits>,
}

impl Known<'_> {
    /// Whether `doc` is.
    pub(crate) fn contains(&self, doc: DocId) -> bool {
        match self.documents {
            Some(documents) => documents.contains(doc),
            None => self.copies.group(self.columns.notice(doc)).is_some(),
        }
    }
}

impl Copies {
    /// None at all.
    pub(crate) fn none() -> Self {
        Self {
            file: Mutex::new(Box::new(Cursor::new(Vec::new()))),
            head: CopiesHead::default(),
            documents: OnceLock::new(),
        }
    }

    /// Those in the file that the indexer wrote, read from `source`.
    ///
    /// # Errors
    ///
    /// [`InvalidData`](io::ErrorKind::InvalidData) where the file's head is not
    /// as it was written.
    pub(crate) fn open(mut source: impl Source + 'static) -> io::Result<Self> {
        let mut start = [0; CopiesHead::START];
        source.read_exact(&mut start)?;
        let head = read(&mut source, 0, CopiesHead::len(start) as u64)?;
        Ok(Self {
            file: Mutex::new(Box::new(source)),
            head: CopiesHead::parse(&head).ok_or(io::ErrorKind::InvalidData)?,
            documents: OnceLock::new(),
        })
    }

    /// Whether any notice has a copy that may stand for it.
    pub(crate) fn any(&self) -> bool {
        self.head.has_groups()
    }

    /// What names the group of copies that a notice is of.
    pub(crate) fn group(&self, notice: u64) -> Option<u64> {
        self.head.group(notice)
    }

    /// The pairs of that notice, it first, those with most in common first.
    ///
    /// # Errors
    ///
    /// [`InvalidData`](io::ErrorKind::InvalidData) where they are not as they
    /// were written.
    pub(crate) fn of_notice(&self, notice: u64) -> io::Result<Vec<Pair>> {
        let Some(block) = self.head.block(notice) else {
            return Ok(Vec::new());
        };
        let block = {
            let mut file = self.file.lock().expect("no panics");
            read(
                &mut *file,
                block.start,
                block.end.saturating_sub(block.start),
            )?
        };
        let pairs = self.head.pairs(notice, &block);
        let mut pairs = pairs.ok_or(io::ErrorKind::InvalidData)?;
        pairs.sort_by_key(|pair| (std::cmp::Reverse(pair.shared), pair.notices));
        Ok(pairs)
    }

    /// The documents of a segment that are of notices with copies, if it pays to
    /// ask of `many`. Found once and kept, so that a search need not ask of each
    /// notice it finds.
    pub(crate) fn known<'c>(
        &'c self,
        searcher: &Searcher,
        columns: &'c Columns,
        many: usize,
    ) -> Known<'c> {
        let segments = searcher.segment_readers();
        let documents = self
            .documents
            .get_or_init(|| segments.iter().map(|_| OnceLock::new()).collect());
        let documents = &documents[columns.segment as usize];
        let max_doc = segments[columns.segment as usize].max_doc();
        let is_worth_it = many as u64 > u64::from(max_doc) / WORTH_IT;
        Known {
            copies: self,
            columns,
            documents: match documents.get() {
                None if is_worth_it => {
                    Some(documents.get_or_init(|| self.documents_of(columns, max_doc)))
                }
                known => known,
            },
        }
    }

    fn documents_of(&self, columns: &Columns, max_doc: DocId) -> Bits {
        let mut documents = Bits::none(max_doc);
        for notice in columns.by_notice(max_doc) {
            let number = columns.notice(notice.start);
            if self.group(number).is_some() {
                notice.for_each(|doc| documents.insert(doc));
            }
        }
        documents
    }

    /// Folds copies among the matching notices, each with its day, under the
    /// earliest.
    pub(crate) fn fold(&self, matching: impl IntoIterator<Item = (u64, Option<i64>)>) -> Folded {
        let matching = matching.into_iter().filter_map(|(notice, day)| {
            // One without a day is not the earliest.
            Some((self.group(notice)?, day.is_none(), day, notice))
        });
        let mut found: Vec<_> = matching.collect();
        found.sort_unstable();
        let mut folded = Folded::default();
        for copies in found.chunk_by(|one, next| one.0 == next.0) {
            if let [(_, _, _, first), later @ ..] = copies
                && !later.is_empty()
            {
                folded.copies.insert(*first, later.len() as u32);
                folded.hidden.extend(later.iter().map(|copy| copy.3));
            }
        }
        folded
    }
}

/// So many bytes from `start` on.
fn read(source: &mut dyn Source, start: u64, count: u64) -> io::Result<Vec<u8>> {
    source.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    source.take(count).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use gongbao_analysis::write_copies;

    use super::*;

    fn pair(one: u64, two: u64, shared: u32) -> Pair {
        Pair {
            notices: [one, two],
            prints: [100, 100],
            shared,
            passages: Vec::new(),
        }
    }

    #[test]
    fn the_earliest_stands_for_all() {
        let pairs = [pair(3, 1, 95), pair(3, 7, 90), pair(8, 9, 40)];
        let mut file = Cursor::new(Vec::new());
        write_copies(&pairs.into_iter().collect(), &mut file).expect("memory is room");
        let copies = Copies::open(Cursor::new(file.into_inner())).expect("it is whole");
        let matching = [
            (1, None),
            (3, Some(20)),
            (7, Some(10)),
            (8, Some(1)),
            (9, Some(1)),
        ];
        let folded = copies.fold(matching);
        assert_eq!(folded.hidden, HashSet::from([1, 3]));
        assert_eq!(folded.copies, HashMap::from([(7, 2)]));
        // Where the earliest does not match, the next stands for the rest.
        let folded = copies.fold(matching.into_iter().take(2));
        assert_eq!(folded.copies, HashMap::from([(3, 1)]));
        assert_eq!(copies.of_notice(7).expect("it is whole")[0].notices, [7, 3]);
        assert!(!Copies::none().any());
    }
}
