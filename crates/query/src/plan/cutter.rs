//! The chunks of a question into words.

use std::cell::OnceCell;

use gongbao_analysis::{Dictionary, Segmenter};

use super::words::beginning;

/// Cuts the chunks of one question. What cuts takes longer to make than it takes
/// to cut, so that it is made once, for all that was asked.
pub(crate) struct Cutter<'a> {
    dictionary: &'a Dictionary,
    question: &'a str,
    /// The question, normalised, and what cuts any part of it.
    whole: OnceCell<(String, Segmenter)>,
}

impl<'a> Cutter<'a> {
    /// For chunks of `question`.
    pub(crate) fn new(dictionary: &'a Dictionary, question: &'a str) -> Self {
        Self {
            dictionary,
            question,
            whole: OnceCell::new(),
        }
    }

    /// The words of the chunk `normal` and where they start in it.
    pub(super) fn words(&self, normal: &str) -> Vec<(usize, String)> {
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
            // A chunk of which something was taken out, such as a backslash.
            false => owned(&Segmenter::for_text(self.dictionary, normal)),
        }
    }
}
