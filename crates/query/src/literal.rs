//! Literal text: the exact sequence of characters after normalisation, inside
//! one block. The index gives candidates, the text decides.

use std::{borrow::Cow, ops::Range};

use gongbao_analysis::{CARRY_LETTERS, Fields, Normalized, StoredText, is_letter, normalize};
use tantivy::{
    Term,
    query::{Query, TermQuery},
    schema::IndexRecordOption,
};

use crate::{chain::Chain, layout::Layouts, pattern::Pattern, plan::any_passage, request::Request};

/// A text to be found literally.
#[derive(Clone, Debug)]
pub(crate) struct Literal {
    normal: String,
    pattern: Pattern,
}

impl Literal {
    /// What `request` asks for literally, if it does.
    pub(crate) fn of(request: &Request<'_>) -> Option<Self> {
        request.literal.then(|| Self::new(request.text)).flatten()
    }

    /// `None` for an empty text.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let normal = normalize(text).into_owned();
        let pattern = Pattern::of_normal(&normal);
        (!normal.is_empty()).then_some(Self { normal, pattern })
    }

    /// Every passage with the first letters of an occurrence, or with its first
    /// mark if it has no letter; perhaps others. [`Starts`](crate::starts::Starts)
    /// makes of them the passages in which one may start.
    pub(crate) fn candidates(&self, fields: &Fields, layouts: &Layouts) -> Box<dyn Query> {
        let character = |c: char| {
            let term = Term::from_field_text(fields.body_chars, c.encode_utf8(&mut [0; 4]));
            Box::new(TermQuery::new(term, IndexRecordOption::Basic))
        };
        match self.pattern.len() {
            // One mark is enough to ask for, and all that is safe: a passage
            // may be cut between two.
            0 => match self.first_mark() {
                Some(mark) => character(mark),
                None => any_passage(fields),
            },
            1 => character(self.pattern.letters()[0]),
            _ => Box::new(self.letters_in_body(fields, layouts)),
        }
    }

    /// The letters, with something between two of them where the text has
    /// something. No occurrence reaches farther than what is carried over.
    pub(crate) fn letters_in_body(&self, fields: &Fields, layouts: &Layouts) -> Chain {
        let pattern = self.pattern.prefix(CARRY_LETTERS);
        let chain = Chain::exact(fields.body_pairs, pattern.clone()).in_body(layouts);
        // A word has nothing between its letters.
        match pattern.has_gaps() {
            true => chain,
            false => chain.known_by(Term::from_field_text(fields.body_words, &pattern.word())),
        }
    }

    /// The text itself, normalised.
    pub(crate) fn normal(&self) -> &str {
        &self.normal
    }

    fn first_mark(&self) -> Option<char> {
        self.normal.chars().find(|c| !c.is_whitespace())
    }

    /// Whether something stands before what [`candidates`](Self::candidates)
    /// are found by, which may be in the passage before.
    pub(crate) fn has_lead(&self) -> bool {
        let first = match self.pattern.letters() {
            [] => self.first_mark(),
            [letter, ..] => Some(*letter),
        };
        !first.is_some_and(|first| self.normal.starts_with(first))
    }

    /// The marks in it, each once.
    pub(crate) fn marks(&self) -> Vec<char> {
        let marks = self.normal.chars();
        let mut marks: Vec<_> = marks
            .filter(|&c| !is_letter(c) && !c.is_whitespace())
            .collect();
        marks.sort_unstable();
        marks.dedup();
        marks
    }

    /// Whether [`candidates`](Self::candidates) are exactly the passages in
    /// which an occurrence starts.
    pub(crate) fn is_certain(&self) -> bool {
        let mut chars = self.normal.chars();
        match (chars.next(), chars.next()) {
            // One character stands in one passage, a mark too.
            (Some(only), None) => !only.is_whitespace(),
            _ => {
                (2..=CARRY_LETTERS).contains(&self.pattern.len())
                    && self.normal.chars().all(is_letter)
            }
        }
    }

    /// What is counted as the pattern when marking and scoring.
    pub(crate) fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// Every non-overlapping occurrence in the blocks that the passages
    /// `ordinals` (from 1, sorted) touch, in order, in bytes of the text.
    pub(crate) fn occurrences_near(
        &self,
        text: &StoredText<'_>,
        ordinals: &[u32],
    ) -> Vec<Range<usize>> {
        let blocks = &text.blocks;
        let mut next = 0;
        let mut found = Vec::new();
        for &ordinal in ordinals {
            let Some(passage) = text.passages.get(ordinal as usize - 1) else {
                continue;
            };
            let first = blocks.partition_point(|block| block.range.end <= passage.start);
            let last = blocks.partition_point(|block| block.range.start < passage.end);
            for block in &blocks[first.max(next).min(last)..last] {
                self.occurrences(&text.text, &block.range, &mut found);
            }
            next = next.max(last);
        }
        found
    }

    /// Where it stands in `text`, some whole blocks, in bytes of it.
    pub(crate) fn marks_in(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut start = 0;
        for block in text.split('\n') {
            let end = start + block.len();
            self.occurrences(text, &(start..end), &mut found);
            start = end + 1;
        }
        joined(found.into_iter())
    }

    /// Puts those in one block of `text` into `found`.
    fn occurrences(&self, text: &str, block: &Range<usize>, found: &mut Vec<Range<usize>>) {
        let source = &text[block.clone()];
        let normal = normalize(source);
        if let Cow::Borrowed(normal) = normal {
            let matches = normal.match_indices(&self.normal);
            found.extend(matches.map(|(at, part)| {
                let start = block.start + at;
                start..start + part.len()
            }));
        } else if normal.contains(&self.normal) {
            let normalized = Normalized::new(source);
            let matches = normalized.text().match_indices(&self.normal);
            found.extend(matches.map(|(at, part)| {
                let source = normalized.source(at..at + part.len());
                block.start + source.start..block.start + source.end
            }));
        }
    }
}

/// `found`, which are in order, as one where they overlap: one character that
/// became several can hold several occurrences.
pub(crate) fn joined(found: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut marks: Vec<Range<usize>> = Vec::new();
    for mark in found {
        match marks.last_mut() {
            Some(last) if mark.start < last.end => last.end = last.end.max(mark.end),
            _ => marks.push(mark),
        }
    }
    marks
}
