//! Letters to look for.

use gongbao_analysis::{letters, normalize};

/// A run of letters, and for each but the first whether something stood
/// between it and the one before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Pattern {
    letters: Vec<char>,
    gaps: Vec<bool>,
}

impl Pattern {
    /// The letters of `text`, normalised.
    pub(crate) fn new(text: &str) -> Self {
        Self::of_normal(&normalize(text))
    }

    /// The letters of a text that is normalised already.
    pub(crate) fn of_normal(text: &str) -> Self {
        let (letters, mut gaps): (Vec<_>, Vec<_>) =
            letters(text).map(|l| (l.letter, l.gap)).unzip();
        if let Some(first) = gaps.first_mut() {
            *first = false;
        }
        Self { letters, gaps }
    }

    /// How many letters.
    pub(crate) fn len(&self) -> usize {
        self.letters.len()
    }

    /// The letters.
    pub(crate) fn letters(&self) -> &[char] {
        &self.letters
    }

    /// Whether something stands between letter `index` and the next.
    pub(crate) fn gap_after(&self, index: usize) -> bool {
        self.gaps.get(index + 1).copied().unwrap_or(false)
    }

    /// Whether something stands between any two letters.
    pub(crate) fn has_gaps(&self) -> bool {
        self.gaps.contains(&true)
    }

    /// The letters, as a word has them.
    pub(crate) fn word(&self) -> String {
        self.letters.iter().collect()
    }

    /// The pair that starts with letter `index`.
    pub(crate) fn pair(&self, index: usize) -> String {
        self.letters[index..index + 2].iter().collect()
    }

    /// The first `len` letters.
    pub(crate) fn prefix(&self, len: usize) -> Self {
        let len = len.min(self.len());
        Self {
            letters: self.letters[..len].to_vec(),
            gaps: self.gaps[..len].to_vec(),
        }
    }
}
