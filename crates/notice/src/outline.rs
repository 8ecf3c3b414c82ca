//! The outline of a notice and its passages.

mod closing; // signatures, attachments, contacts
mod closing_line; // what one such line is
mod contents; // tables of contents
mod cut; // long texts
mod heading; // where a heading ends
mod label; // 一、 (一) 1. 第三条
mod numeral; // 二百零三, 203
mod passages; // nodes to passages
mod tree; // labels to nodes

use std::ops::Range;

use self::{
    closing::Blocks,
    passages::Passages,
    tree::{Tree, start_of},
};
use crate::{BlockKind, Body, Warning};

/// One numbered item of the outline, such as 二、 or (20).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The printed label: `二、`, `(一)`, `1.`, `(20)`, `第三条`.
    pub label: String,
    /// Label and heading, in the body's text: the whole line of a heading, or
    /// the first sentence where the heading is fused with its text.
    pub heading: Range<usize>,
    /// The printed numbers of the path in digits, as `2.1.6.20`; 第十二条之一
    /// is `12-1`. Unique: one that is taken adds `~2`, `~3` ….
    pub anchor: String,
    /// The number printed in the label.
    pub number: u32,
    /// How deep it stands; 0 for the outermost.
    pub depth: usize,
    /// The node it stands under.
    pub parent: Option<usize>,
    /// Its text with all that stands under it, in the body's text.
    pub range: Range<usize>,
    /// Whether it is a clause of its parent's sentence (…下列职责：(一)…；(二)…)
    /// and stands in its parent's passage, having none of its own.
    pub is_clause: bool,
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
    /// `+2`, `+3` … to all but the first. Text before the first item is `0`,
    /// signature, attachments and contacts at the end are `end`.
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
    /// Reads the outline of `body` and cuts it into passages.
    ///
    /// Takes time linear in the length of the text. Never fails: text without
    /// items is gathered into passages of whole paragraphs, misprinted numbers
    /// give a warning.
    ///
    /// ```
    /// use gongbao_notice::{Body, Outline};
    ///
    /// let body = Body::from_lines("一、总体要求\n（一）指导思想。以人为本。\n（二）目标。全部公开。");
    /// let outline = Outline::of(&body);
    /// let passage = outline.passage("1.2").expect("the item has a passage");
    /// assert_eq!(
    ///     outline.path_texts(body.text(), passage),
    ///     ["一、总体要求", "（二）目标"]
    /// );
    /// ```
    #[must_use]
    pub fn of(body: &Body) -> Self {
        let texts: Vec<&str> = (0..body.blocks().len())
            .map(|index| body.block_text(index))
            .collect();
        let mut labels: Vec<_> = body
            .blocks()
            .iter()
            .zip(&texts)
            // The first cell of a table row may be any number.
            .map(|(block, text)| {
                (block.kind != BlockKind::TableRow)
                    .then(|| label::parse(text))
                    .flatten()
            })
            .collect();
        contents::unlabel(&texts, &mut labels);
        let parts = closing::parts(&Blocks {
            texts: &texts,
            labels: &labels,
        });
        let mut tree = Tree::new(body, &texts, &labels);
        let mut passages = Passages::new(body);
        for part in parts {
            let first = tree.nodes.len();
            let blocks = tree.add(part.text.clone());
            let end = start_of(body, part.text.end);
            match blocks.first() {
                None if part.text.is_empty() => {}
                None => passages.gather(&tree.anchors.take("0".to_owned()), part.text.clone()),
                Some(&block) if block > part.text.start => {
                    let before = start_of(body, part.text.start)..start_of(body, block);
                    passages.add(None, &tree.anchors.take("0".to_owned()), before);
                }
                Some(_) => {}
            }
            let nodes = &mut tree.nodes[first..];
            let encloses = passages::mark_clauses(body, &labels, nodes, first, &blocks);
            let mut index = 0;
            while index < nodes.len() {
                let node = &nodes[index];
                let mut next = index + 1;
                while encloses[index]
                    && nodes
                        .get(next)
                        .is_some_and(|next| next.range.start < node.range.end)
                {
                    next += 1;
                }
                let until = nodes.get(next).map_or(end, |next| next.range.start);
                passages.add(Some(first + index), &node.anchor, node.range.start..until);
                index = next;
            }
            if !part.closing.is_empty() {
                let range = end..start_of(body, part.closing.end);
                passages.add(None, &tree.anchors.take("end".to_owned()), range);
            }
        }
        let (nodes, _, warnings) = tree.finish();
        Self {
            nodes,
            passages: passages.done,
            warnings,
        }
    }

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

    /// The headings on the path to `passage`, its own included, outermost
    /// first. `body_text` is the text of the body that this outline is of.
    ///
    /// # Panics
    ///
    /// When `body_text` is another text.
    #[must_use]
    pub fn path_texts<'t>(&self, body_text: &'t str, passage: &Passage) -> Vec<&'t str> {
        self.path(passage)
            .into_iter()
            .map(|node| &body_text[node.heading.clone()])
            .collect()
    }

    /// The node of that anchor. Looks through all nodes.
    #[must_use]
    pub fn node(&self, anchor: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.anchor == anchor)
    }

    /// The passage of that anchor; for the anchor of a clause, the passage of
    /// its parent in which it begins. Looks through all passages.
    #[must_use]
    pub fn passage(&self, anchor: &str) -> Option<&Passage> {
        self.passages
            .iter()
            .find(|passage| passage.anchor == anchor)
            .or_else(|| {
                let start = self.node(anchor)?.range.start;
                self.passages
                    .iter()
                    .find(|passage| passage.range.contains(&start))
            })
    }
}
