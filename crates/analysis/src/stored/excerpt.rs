//! Some passages of a notice, as hits show them: of all else no more is read than
//! their headings.

use std::ops::Range;

use super::{StoredError, StoredHead};

/// Some passages of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// What is kept of the notice besides its text.
    pub head: StoredHead,
    /// The passages.
    pub passages: Vec<ExcerptPassage>,
}

/// A passage of an [`Excerpt`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExcerptPassage {
    /// Its anchor.
    pub anchor: String,
    /// Its printed label, if it is of an item.
    pub label: Option<String>,
    /// The headings that it stands under, outermost first, its own last.
    pub path: Vec<String>,
    /// Its printed text, without the line break at its end.
    pub text: String,
    /// Whether each of its blocks is in it from its beginning to its end.
    pub is_whole: bool,
}

impl StoredHead {
    /// The passages `wanted`, counted from 0, in that order. `decode` appends the
    /// text of any passage.
    ///
    /// # Errors
    ///
    /// [`StoredError`] when there is no such passage, or the texts are others; those of
    /// `decode`.
    pub fn excerpt(
        self,
        wanted: &[usize],
        decode: impl FnMut(usize, &mut String) -> Result<(), StoredError>,
    ) -> Result<Excerpt, StoredError> {
        let mut reading = Reading {
            head: &self,
            ranges: self.parts.ranges().ok_or(StoredError)?,
            decode,
        };
        let passages = wanted.iter().map(|&index| reading.passage(index));
        Ok(Excerpt {
            passages: passages.collect::<Result<_, _>>()?,
            head: self,
        })
    }
}

struct Reading<'h, D> {
    head: &'h StoredHead,
    /// Bytes of each passage.
    ranges: Vec<Range<usize>>,
    decode: D,
}

impl<D: FnMut(usize, &mut String) -> Result<(), StoredError>> Reading<'_, D> {
    fn passage(&mut self, index: usize) -> Result<ExcerptPassage, StoredError> {
        let parts = &self.head.parts;
        let nodes = || parts.down_to(parts.node(index)?);
        let nodes = nodes().ok_or(StoredError)?;
        let range = self.ranges.get(index).ok_or(StoredError)?.clone();
        let mut path = Vec::with_capacity(nodes.len());
        for &node in &nodes {
            path.push(self.text(parts.heading(node).ok_or(StoredError)?)?);
        }
        let label = match nodes.last().zip(path.last()) {
            None => None,
            Some((&node, heading)) => {
                let label = parts.label(node, heading).ok_or(StoredError)?;
                Some(label.to_owned())
            }
        };
        let mut text = self.text(range.clone())?;
        text.truncate(text.trim_end_matches('\n').len());
        Ok(ExcerptPassage {
            anchor: parts.anchor(index, &nodes).ok_or(StoredError)?,
            label,
            path,
            text,
            is_whole: parts.is_between_blocks(range.start) && parts.is_between_blocks(range.end),
        })
    }

    /// What stands in `range` of the text.
    fn text(&mut self, range: Range<usize>) -> Result<String, StoredError> {
        let first = self
            .ranges
            .partition_point(|other| other.end <= range.start);
        let mut text = String::new();
        let mut index = first;
        while let Some(passage) = self.ranges.get(index)
            && passage.start < range.end
        {
            (self.decode)(index, &mut text)?;
            index += 1;
        }
        let before = self.ranges.get(first).map_or(0, |passage| passage.start);
        let here = range
            .start
            .checked_sub(before)
            .zip(range.end.checked_sub(before));
        let here = here.and_then(|(start, end)| text.get(start..end));
        here.map(str::to_owned).ok_or(StoredError)
    }
}
