//! The chunks of a question into words.

use std::{cell::RefCell, collections::HashMap};

use gongbao_analysis::LearningSegmenter;

/// Cuts the chunks of one question, and remembers what was cut: chunks are matched
/// and scored.
pub(crate) struct Cutter<'a> {
    segmenter: &'a LearningSegmenter,
    cut: RefCell<HashMap<String, Words>>,
}

/// Words, and where in a chunk they start.
type Words = Vec<(usize, String)>;

impl<'a> Cutter<'a> {
    /// One that has cut nothing yet.
    pub(crate) fn new(segmenter: &'a LearningSegmenter) -> Self {
        Self {
            segmenter,
            cut: RefCell::default(),
        }
    }

    /// The words of the chunk `normal` and where they start in it.
    pub(super) fn words(&self, normal: &str) -> Words {
        let mut cut = self.cut.borrow_mut();
        if let Some(words) = cut.get(normal) {
            return words.clone();
        }
        let words = self.segmenter.words(normal);
        cut.insert(normal.to_owned(), words.clone());
        words
    }
}
