//! Which notices hold the same text: found when they are indexed, for those
//! that are new, beside all others.

mod find; // by their prints
mod prints; // those of all notices

use std::{fs, io, num::NonZero, path::Path};

use gongbao_analysis::{COPIES_FILE, Pairs, decode_copies, write_copies};

pub(crate) use self::prints::{NewPrints, PackedPrints};
use self::{
    find::{LOT, find},
    prints::Prints,
};
use crate::{error::IndexError, generation::Replacement};

/// Brings the files about copies in the folder of a generation up to the
/// notices that were indexed, which have the prints `new`. Works on so many
/// `threads`.
pub(crate) fn update(
    dir: &Path,
    new: NewPrints,
    threads: NonZero<usize>,
) -> Result<(), IndexError> {
    let path = dir.join(COPIES_FILE);
    let replaced = new.numbers();
    let stay = |notices: [u64; 2]| !notices.iter().any(|notice| replaced.contains(notice));
    let mut pairs: Pairs = read(&path)?
        .iter()
        .filter(|pair| stay(pair.notices))
        .collect();
    let old = new.take_in(&replaced)?;
    let prints = Prints::open(dir)?;
    pairs.append(find(&prints.all()?, old, LOT, threads));
    Replacement::write(&path, |file| write_copies(&pairs, file))?.put()
}

/// The pairs in the file; none if it is not there.
fn read(path: &Path) -> Result<Pairs, IndexError> {
    let read = match fs::read(path) {
        Ok(bytes) => decode_copies(&bytes).ok_or_else(|| io::ErrorKind::InvalidData.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Pairs::default()),
        Err(error) => Err(error),
    };
    read.map_err(IndexError::io("read", path))
}

#[cfg(test)]
mod tests {
    use gongbao_analysis::{normalize, prints};

    use super::*;

    pub(super) const TWO: NonZero<usize> = NonZero::new(2).expect("not zero");

    pub(super) fn packed(number: u64, passages: &[&str]) -> PackedPrints {
        PackedPrints::new(number, passages.iter().map(|text| prints(&normalize(text))))
    }

    /// Letters that no two seeds share in the same order.
    pub(super) fn text(seed: u32, letters: u32) -> String {
        let letter = |at: u32| {
            let mixed = (seed * 7919 + at).wrapping_mul(2_654_435_761) >> 8;
            char::from_u32(0x4e00 + mixed % 5000).expect("a letter")
        };
        (0..letters).map(letter).collect()
    }

    #[test]
    fn a_replaced_notice_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let long = text(1, 300);
        let put = |number, text: &str| {
            let mut new = NewPrints::create(folder.path()).expect("room");
            new.put(&packed(number, &[text])).expect("room");
            update(folder.path(), new, TWO).expect("room");
            let pairs = read(&folder.path().join(COPIES_FILE)).expect("it reads");
            pairs.iter().count()
        };
        assert_eq!(put(1, &long), 0);
        assert_eq!(put(2, &long), 1);
        assert_eq!(put(1, &text(9, 300)), 0);
    }
}
