//! The chunks of a question into words.

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
};

use gongbao_analysis::{Dictionary, Segmenter};

use super::words::beginning;

/// Cuts the chunks of one question. What cuts takes longer to make than it takes
/// to cut, so that it is made once for all that was asked, and what was cut is
/// remembered: chunks are matched and scored.
pub(crate) struct Cutter<'a> {
    dictionary: &'a Dictionary,
    question: &'a str,
    /// The question, normalised, and what cuts any part of it.
    whole: OnceCell<(String, Segmenter)>,
    cut: RefCell<HashMap<String, Words>>,
}

/// Words, and where in a chunk they start.
type Words = Vec<(usize, String)>;

impl<'a> Cutter<'a> {
    /// For chunks of `question`.
    pub(crate) fn new(dictionary: &'a Dictionary, question: &'a str) -> Self {
        Self {
            dictionary,
            question,
            whole: OnceCell::new(),
            cut: RefCell::default(),
        }
    }

    /// The words of the chunk `normal` and where they start in it.
    pub(super) fn words(&self, normal: &str) -> Words {
        if let Some(words) = self.cut.borrow().get(normal) {
            return words.clone();
        }
        let words = self.cut(normal);
        let mut cut = self.cut.borrow_mut();
        cut.insert(normal.to_owned(), words.clone());
        words
    }

    fn cut(&self, normal: &str) -> Words {
        let owned = |segmenter: &Segmenter| {
            let words = segmenter.words(normal);
            words.map(|(at, word)| (at, word.to_owned())).collect()
        };
        let (whole, segmenter) = self.whole.get_or_init(|| {
            let whole = beginning(self.question);
            let segmenter = Segmenter::for_text(self.dictionary, &whole);
            (whole, segmenter)
        });
        match whole.contains(normal) {
            true => owned(segmenter),
            // Something was taken out of it, such as a backslash, or it stands far
            // behind in a very long question.
            false => owned(&Segmenter::for_text(self.dictionary, normal)),
        }
    }
}
