//! Where a pattern stands in the letters of passages, which their texts spell.

use std::sync::{Arc, OnceLock};

use gongbao_analysis::{GAP, Seeker, Spelling};
use memchr::memmem;
use tantivy::DocId;

use crate::{
    layout::{Cut, Layout},
    pattern::Pattern,
};

/// A pattern to be found in the texts of passages.
pub(super) struct Sought {
    pub(super) pattern: Pattern,
    wanted: Arc<Wanted>,
}

/// A pattern as it is spelled.
struct Wanted {
    letters: String,
    spelling: Spelling,
    /// Made when a text is first to be looked into, and good for all segments.
    seeker: OnceLock<Seeker>,
}

impl Sought {
    /// `exact` if something stands between two of its letters exactly where the
    /// pattern has something.
    pub(super) fn new(pattern: &Pattern, exact: bool) -> Self {
        let mut letters = String::new();
        for (index, &letter) in pattern.letters().iter().enumerate() {
            letters.push(letter);
            if exact && pattern.gap_after(index) {
                letters.push(GAP);
            }
        }
        Self {
            pattern: pattern.clone(),
            wanted: Arc::new(Wanted {
                letters,
                spelling: match exact {
                    true => Spelling::Gaps,
                    false => Spelling::Letters,
                },
                seeker: OnceLock::new(),
            }),
        }
    }
}

/// Finds a pattern in the passages of a segment.
pub(super) struct Spelled {
    layout: Arc<Layout>,
    /// The passages that run on into the next.
    cut: Option<Arc<Cut>>,
    wanted: Arc<Wanted>,
    /// Bytes of the first letter.
    step: usize,
    is_pair: bool,
    /// Scratch: the letters of a passage.
    letters: String,
}

impl Spelled {
    /// Finds `sought`, which has letters.
    pub(super) fn new(layout: Arc<Layout>, cut: Option<Arc<Cut>>, sought: &Sought) -> Self {
        Self {
            wanted: Arc::clone(&sought.wanted),
            layout,
            cut,
            step: sought.pattern.letters()[0].len_utf8(),
            is_pair: sought.pattern.len() == 2,
            letters: String::new(),
        }
    }

    fn seeker(&self) -> &Seeker {
        let Wanted {
            letters, spelling, ..
        } = &*self.wanted;
        let seeker = || self.layout.seeker(letters, *spelling);
        self.wanted.seeker.get_or_init(seeker)
    }

    /// Where passage `doc` ends, if it runs on into the next.
    fn runs_on(&self, doc: DocId) -> Option<&Cut> {
        self.cut.as_deref().filter(|cut| cut.contains(doc))
    }

    /// Whether having all pairs of the pattern is having it in passage `doc`.
    pub(super) fn is_plain(&self, doc: DocId) -> bool {
        self.is_pair && self.wanted.spelling == Spelling::Letters && self.runs_on(doc).is_none()
    }

    /// How often the pattern begins in passage `doc`, in its own part of it, which is
    /// `most` times at most; `starts` is scratch.
    pub(super) fn count(&mut self, doc: DocId, most: u32, starts: &mut Vec<u32>) -> u32 {
        let cut = self.runs_on(doc);
        let next = cut.map_or(&[][..], |_| self.layout.coded(doc + 1));
        if let Some(count) = self.seeker().count(self.layout.coded(doc), next, most) {
            return count;
        }
        let own = cut.and_then(|cut| cut.own(doc)).unwrap_or(u64::MAX);
        starts.clear();
        self.starts(doc, starts);
        starts
            .iter()
            .filter(|&&start| u64::from(start) < own)
            .count() as u32
    }

    /// Puts the ordinals at which the pattern starts in passage `doc` into
    /// `starts`, in order.
    pub(super) fn starts(&mut self, doc: DocId, starts: &mut Vec<u32>) {
        let cut = self.cut.as_deref();
        let spelled = self
            .layout
            .spell(doc, cut, self.wanted.spelling, &mut self.letters);
        if spelled.is_err() {
            // It counts as found: where it is to be shown, it is told that the
            // text cannot be read.
            starts.push(0);
            return;
        }
        self.starts_in(&self.letters, starts);
    }

    /// Whether it spells passages as `other` does.
    pub(super) fn spells_as(&self, other: &Self) -> bool {
        self.wanted.spelling == other.wanted.spelling
    }

    /// The same in the passage whose letters `other` spelled last.
    pub(super) fn starts_beside(&self, other: &Self, starts: &mut Vec<u32>) {
        self.starts_in(&other.letters, starts);
    }

    fn starts_in(&self, letters: &str, starts: &mut Vec<u32>) {
        let (letters, wanted) = (letters.as_bytes(), self.wanted.letters.as_bytes());
        let (mut from, mut counted, mut ordinal) = (0, 0, 0);
        while let Some(at) = memmem::find(&letters[from..], wanted) {
            let start = from + at;
            ordinal += ordinals(&letters[counted..start]);
            starts.push(ordinal);
            counted = start;
            from = start + self.step;
        }
    }
}

/// How many ordinals `letters` take: one each, and one between two blocks.
fn ordinals(letters: &[u8]) -> u32 {
    let takes_one = |&byte: &u8| u32::from(byte != GAP as u8 && !matches!(byte, 0x80..=0xbf));
    letters.iter().map(takes_one).sum()
}
