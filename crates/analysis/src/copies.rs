//! What an index generation knows of notices that hold the same text.

mod file; // the pairs as a file
mod pairs; // many of them at once

use serde::{Deserialize, Serialize};

pub use self::{
    file::{CopiesHead, decode_copies, write_copies},
    pairs::Pairs,
};

/// The file of a generation that tells which notices hold the same text, as
/// [`write_copies`] lays it out.
pub const COPIES_FILE: &str = "copies";

/// Of two whole texts this share must be common for the one to be a copy of
/// the other: about one letter in thirty may be changed.
const COPY: f64 = 0.7;

/// Of two whole texts this share must be common for the one to stand for the
/// other unseen: about one letter in sixty may be changed, fewer than when a
/// form is filled in with other figures.
const SAME: f64 = 0.85;

/// Two notices that hold the same text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// Their numbers ([`NoticeId::number`](gongbao_notice::NoticeId::number)).
    pub notices: [u64; 2],
    /// How many prints each has.
    pub prints: [u32; 2],
    /// How many prints they have in common.
    pub shared: u32,
    /// Passages, numbered from 0, of the one and the other that are the same
    /// or hold one another; the first few.
    pub passages: Vec<[u32; 2]>,
}

/// What one notice is to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kinship {
    /// The same text, or nearly.
    Copy,
    /// The other holds all of this one's text.
    Contained,
    /// This one holds all of the other's text.
    Contains,
    /// They have passages in common.
    Passages,
}

impl Pair {
    /// The share of each notice's text that the other has too, 0 to 1.
    #[must_use]
    pub fn shares(&self) -> [f64; 2] {
        self.prints
            .map(|prints| f64::from(self.shared.min(prints)) / f64::from(prints.max(1)))
    }

    /// Whether the two are so much the same that one may stand for both.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.shares().iter().all(|&share| share >= SAME)
    }

    /// What the second notice is to the first.
    #[must_use]
    pub fn kinship(&self) -> Kinship {
        match self.shares().map(|share| share >= COPY) {
            [true, true] => Kinship::Copy,
            [true, false] => Kinship::Contained,
            [false, true] => Kinship::Contains,
            [false, false] => Kinship::Passages,
        }
    }

    /// The same seen from the other side.
    #[must_use]
    pub fn turned(&self) -> Self {
        let turn = |[a, b]: [u32; 2]| [b, a];
        Self {
            notices: [self.notices[1], self.notices[0]],
            prints: turn(self.prints),
            shared: self.shared,
            passages: self.passages.iter().copied().map(turn).collect(),
        }
    }
}
