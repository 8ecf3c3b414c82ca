//! Many pairs at once. In a great corpus there are hundreds of thousands, which would take
//! a hundred bytes each.

use std::iter;

use super::Pair;

/// Pairs, packed: about thirty bytes each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(Vec<u8>);

impl Pairs {
    /// Appends those of `other`.
    pub fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Pair> {
        self.placed().map(|(_, pair)| pair)
    }

    /// The same, each with what [`at`](Self::at) takes.
    pub(super) fn placed(&self) -> impl Iterator<Item = (usize, Pair)> {
        let mut rest = &self.0[..];
        iter::from_fn(move || {
            let place = self.0.len() - rest.len();
            let (pair, behind) = (!rest.is_empty()).then(|| unpacked(rest))?;
            rest = behind;
            Some((place, pair))
        })
    }

    /// The one that is found at `place`.
    pub(super) fn at(&self, place: usize) -> Pair {
        unpacked(&self.0[place..]).0
    }
}

/// The pair that `bytes` begin with, and what follows it.
fn unpacked(bytes: &[u8]) -> (Pair, &[u8]) {
    postcard::take_from_bytes(bytes).expect("it was packed here")
}

impl Extend<Pair> for Pairs {
    fn extend<P: IntoIterator<Item = Pair>>(&mut self, pairs: P) {
        for pair in pairs {
            let packed = postcard::to_extend(&pair, std::mem::take(&mut self.0));
            self.0 = packed.expect("plain values in memory always serialise");
        }
    }
}

impl FromIterator<Pair> for Pairs {
    fn from_iter<P: IntoIterator<Item = Pair>>(pairs: P) -> Self {
        let mut packed = Self::default();
        packed.extend(pairs);
        packed
    }
}
