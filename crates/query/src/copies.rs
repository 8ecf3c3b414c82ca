//! Notices that hold the same text, as the indexer found them.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::{Cursor, Read, Seek, SeekFrom},
    sync::{Mutex, OnceLock},
};

use gongbao_analysis::{CopiesHead, Pair};

use crate::collect::Gathered;

/// What a generation knows of copies; read where and when it is asked for.
///
/// A file that cannot be read tells of no copies: the index is whole without
/// it, and `verify` finds the damage.
pub(crate) struct Copies {
    file: Mutex<Box<dyn Source>>,
    head: OnceLock<CopiesHead>,
}

/// Where the file is read from.
trait Source: Read + Seek + Send {}
impl<S: Read + Seek + Send> Source for S {}

/// What of an answer is folded.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    /// Notices that another one stands for.
    pub(crate) hidden: HashSet<u64>,
    /// How many others each of those stands for.
    pub(crate) copies: HashMap<u64, u32>,
}

impl Copies {
    /// None at all.
    pub(crate) fn none() -> Self {
        Self::of(Cursor::new(Vec::new()))
    }

    /// Those in the file that the indexer wrote.
    pub(crate) fn open(file: File) -> Self {
        Self::of(file)
    }

    fn of(source: impl Source + 'static) -> Self {
        Self {
            file: Mutex::new(Box::new(source)),
            head: OnceLock::new(),
        }
    }

    fn head(&self) -> &CopiesHead {
        self.head.get_or_init(|| {
            let start = self.read(0, CopiesHead::START);
            let start = start.and_then(|start| start.try_into().ok());
            let head = start.and_then(|start| self.read(0, CopiesHead::len(start)));
            head.and_then(|head| CopiesHead::parse(&head))
                .unwrap_or_default()
        })
    }

    /// So many bytes from `start` on, if the file has them.
    fn read(&self, start: u64, count: usize) -> Option<Vec<u8>> {
        let mut file = self.file.lock().ok()?;
        file.seek(SeekFrom::Start(start)).ok()?;
        let mut bytes = Vec::new();
        let read = file.by_ref().take(count as u64).read_to_end(&mut bytes);
        (read.ok()? == count).then_some(bytes)
    }

    /// Whether any notice has a copy that may stand for it.
    pub(crate) fn any(&self) -> bool {
        self.head().has_groups()
    }

    /// What names the group of copies that a notice is of.
    pub(crate) fn group(&self, notice: u64) -> Option<u64> {
        self.head().group(notice)
    }

    /// The pairs of that notice, it first, those with most in common first.
    pub(crate) fn of_notice(&self, notice: u64) -> Vec<Pair> {
        let block = self.head().block(notice).and_then(|block| {
            let count = block.end.checked_sub(block.start)?;
            self.read(block.start, usize::try_from(count).ok()?)
        });
        let pairs = block.and_then(|block| self.head().pairs(notice, &block));
        let mut pairs = pairs.unwrap_or_default();
        pairs.sort_by_key(|pair| (std::cmp::Reverse(pair.shared), pair.notices));
        pairs
    }

    /// Folds copies among the matching notices `gathered` under the earliest.
    pub(crate) fn fold(&self, gathered: &[Gathered]) -> Folded {
        let mut found: HashMap<u64, Vec<(bool, Option<i64>, u64)>> = HashMap::new();
        for notice in gathered {
            if let Some(group) = self.group(notice.notice) {
                // One without a day is not the earliest.
                let order = (notice.day.is_none(), notice.day, notice.notice);
                found.entry(group).or_default().push(order);
            }
        }
        let mut folded = Folded::default();
        for mut copies in found.into_values().filter(|copies| copies.len() > 1) {
            copies.sort_unstable();
            folded.copies.insert(copies[0].2, copies.len() as u32 - 1);
            folded.hidden.extend(copies[1..].iter().map(|copy| copy.2));
        }
        folded
    }
}

#[cfg(test)]
mod tests {
    use gongbao_analysis::encode_copies;

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
        let pairs = vec![pair(3, 1, 95), pair(3, 7, 90), pair(8, 9, 40)];
        let copies = Copies::of(Cursor::new(encode_copies(&pairs)));
        let gathered = |notice, day| Gathered {
            notice,
            day,
            passages: Vec::new(),
        };
        let matching = [
            gathered(1, None),
            gathered(3, Some(20)),
            gathered(7, Some(10)),
            gathered(8, Some(1)),
            gathered(9, Some(1)),
        ];
        let folded = copies.fold(&matching);
        assert_eq!(folded.hidden, HashSet::from([1, 3]));
        assert_eq!(folded.copies, HashMap::from([(7, 2)]));
        // Where the earliest does not match, the next stands for the rest.
        let folded = copies.fold(&matching[..2]);
        assert_eq!(folded.copies, HashMap::from([(3, 1)]));
        assert_eq!(copies.of_notice(7)[0].notices, [7, 3]);
        assert!(!Copies::none().any());
    }
}
