//! The outline of a notice and its passages.

use std::ops::Range;

use crate::Warning;

/// One numbered item of the outline, such as 二、 or (20).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The printed label: `二、`, `(一)`, `1.`, `(20)`, `第三条`.
    pub label: String,
    /// Label and heading, in the body's text: the whole line of a heading, or
    /// the first sentence where the heading is fused with its text.
    pub heading: Range<usize>,
    /// The printed numbers of the path in digits, as `2.1.6.20`; unique.
    pub anchor: String,
    /// The number printed in the label.
    pub number: u32,
    /// How deep it stands; 0 for the outermost.
    pub depth: usize,
    /// The node it stands under.
    pub parent: Option<usize>,
    /// Its text with all that stands under it, in the body's text.
    pub range: Range<usize>,
}

/// A passage: the smallest item that can be quoted by itself.
///
/// The passages of a body follow one another without gap or overlap and
/// together are its whole text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The node it is of, if any.
    pub node: Option<usize>,
    /// Unique in the notice. The node's anchor; a text cut in parts adds
    /// `+2`, `+3` … to all but the first; text before the first item is `0`.
    pub anchor: String,
    /// UTF-8 byte range in the body's text, the line break at its end
    /// included.
    pub range: Range<usize>,
    /// The blocks it touches.
    pub blocks: Range<usize>,
}

/// The outline of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Every item in order of the text; a parent comes before its children.
    pub nodes: Vec<Node>,
    /// Every passage in order of the text.
    pub passages: Vec<Passage>,
    /// Skipped or repeated numbers, and the like.
    pub warnings: Vec<Warning>,
}

impl Outline {
    /// The nodes from the outermost down to that of `passage`.
    #[must_use]
    pub fn path(&self, passage: &Passage) -> Vec<&Node> {
        let mut path = Vec::new();
        let mut next = passage.node;
        while let Some(index) = next {
            let node = &self.nodes[index];
            path.push(node);
            next = node.parent;
        }
        path.reverse();
        path
    }
}
