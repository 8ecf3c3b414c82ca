//! Blocks, outline and passages as small numbers, each told from the one
//! before, the numbers of a kind together: so zstd makes a third of them of
//! what it would make of the ranges as they are.

use std::ops::Range;

use gongbao_notice::{Block, BlockKind};
use serde::{Deserialize, Serialize};

use super::{StoredNode, StoredNotice, StoredPassage};

/// Blocks, outline and passages of a [`StoredNotice`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Packed {
    kinds: Vec<BlockKind>,
    /// How many bytes each block has. One line break stands between two.
    blocks: Vec<usize>,
    /// How far each node's heading begins behind the one before.
    steps: Vec<i64>,
    headings: Vec<usize>,
    /// How far its text begins behind its heading.
    behind: Vec<i64>,
    texts: Vec<usize>,
    /// How many nodes before it that one stands which it is under; 0 for none.
    parents: Vec<usize>,
    /// How many bytes of its heading are its label; 0 where that is another.
    labels: Vec<usize>,
    /// Those labels, one a line.
    other_labels: String,
    /// What each anchor adds to that of the node above, one a line.
    anchors: String,
    passages: Vec<usize>,
    /// How many nodes lie between that of a passage and that of the one
    /// before, and 1 more; 0 for none.
    nodes: Vec<i64>,
    /// What each passage's anchor adds to that of its node, one a line.
    passage_anchors: String,
}

/// `behind` minus `before`.
fn step(before: usize, behind: usize) -> i64 {
    behind as i64 - before as i64
}

fn stepped(before: usize, step: i64) -> Option<usize> {
    before.checked_add_signed(isize::try_from(step).ok()?)
}

/// The node that is told so behind that numbered `before`, if any is.
fn stepped_to(before: usize, told: i64) -> Option<Option<usize>> {
    match told {
        0 => Some(None),
        told => stepped(before, told - i64::from(told > 0)).map(Some),
    }
}

/// The range of `len` bytes from `start` on.
fn range(start: usize, len: usize) -> Option<Range<usize>> {
    Some(start..start.checked_add(len)?)
}

/// Marks an anchor that does not begin with the one it would add to.
const WHOLE: char = '=';

fn add_to(lines: &mut String, base: &str, anchor: &str) {
    match anchor.strip_prefix(base) {
        Some(added) if !added.starts_with(WHOLE) => lines.push_str(added),
        _ => {
            lines.push(WHOLE);
            lines.push_str(anchor);
        }
    }
    lines.push('\n');
}

fn added_to(base: &str, added: &str) -> String {
    match added.strip_prefix(WHOLE) {
        Some(whole) => whole.to_owned(),
        None => [base, added].concat(),
    }
}

impl Packed {
    pub(super) fn of(notice: &StoredNotice) -> Self {
        let mut packed = Self::default();
        for block in notice.body.blocks() {
            packed.kinds.push(block.kind);
            packed.blocks.push(block.range.len());
        }
        let mut before = 0;
        for (number, node) in notice.nodes.iter().enumerate() {
            packed.steps.push(step(before, node.heading.start));
            before = node.heading.start;
            packed.headings.push(node.heading.len());
            packed.behind.push(step(before, node.range.start));
            packed.texts.push(node.range.len());
            packed
                .parents
                .push(node.parent.map_or(0, |parent| number - parent));
            let heading = &notice.body.text()[node.heading.clone()];
            if !node.label.is_empty() && heading.starts_with(&node.label) {
                packed.labels.push(node.label.len());
            } else {
                packed.labels.push(0);
                packed.other_labels.push_str(&node.label);
                packed.other_labels.push('\n');
            }
            let above = node.parent.map(|parent| &*notice.nodes[parent].anchor);
            add_to(&mut packed.anchors, above.unwrap_or(""), &node.anchor);
        }
        let mut before = 0;
        for passage in &notice.passages {
            packed.passages.push(passage.range.len());
            // Told as a number that is never 0.
            packed.nodes.push(passage.node.map_or(0, |node| {
                let step = step(before, node);
                step + i64::from(step >= 0)
            }));
            before = passage.node.unwrap_or(before);
            let node = passage.node.map(|node| &*notice.nodes[node].anchor);
            add_to(
                &mut packed.passage_anchors,
                node.unwrap_or(""),
                &passage.anchor,
            );
        }
        packed
    }

    /// How many passages there are.
    pub(super) fn passages(&self) -> usize {
        self.passages.len()
    }

    /// How many bytes the text has.
    pub(super) fn text_len(&self) -> usize {
        self.passages
            .iter()
            .fold(0, |all, &len| all.saturating_add(len))
    }

    /// The node of passage `index`, if it is of one.
    pub(super) fn node(&self, index: usize) -> Option<Option<usize>> {
        let (mut before, mut node) = (0, None);
        for &told in self.nodes.get(..=index)? {
            node = stepped_to(before, told)?;
            before = node.unwrap_or(before);
        }
        Some(node)
    }

    /// `node` and those above it, the outermost first.
    pub(super) fn down_to(&self, node: Option<usize>) -> Option<Vec<usize>> {
        let mut nodes = Vec::new();
        let mut next = node;
        while let Some(node) = next {
            nodes.push(node);
            next = self.parent(node)?;
        }
        nodes.reverse();
        Some(nodes)
    }

    fn parent(&self, node: usize) -> Option<Option<usize>> {
        match *self.parents.get(node)? {
            0 => Some(None),
            up => node.checked_sub(up).map(Some),
        }
    }

    /// Bytes of the heading of `node`.
    pub(super) fn heading(&self, node: usize) -> Option<Range<usize>> {
        let mut steps = self.steps.get(..=node)?.iter();
        let start = steps.try_fold(0, |start, &step| stepped(start, step))?;
        range(start, *self.headings.get(node)?)
    }

    /// The label of `node`, whose heading is `heading`.
    pub(super) fn label<'t>(&'t self, node: usize, heading: &'t str) -> Option<&'t str> {
        match *self.labels.get(node)? {
            0 => {
                let before = self.labels[..node].iter().filter(|len| **len == 0);
                self.other_labels.split('\n').nth(before.count())
            }
            len => heading.get(..len),
        }
    }

    /// The anchor of passage `index`, which is of the last of `nodes` and they of
    /// one another.
    pub(super) fn anchor(&self, index: usize, nodes: &[usize]) -> Option<String> {
        let mut anchor = String::new();
        for &node in nodes {
            anchor = added_to(&anchor, self.anchors.split('\n').nth(node)?);
        }
        let added = self.passage_anchors.split('\n').nth(index)?;
        Some(added_to(&anchor, added))
    }

    pub(super) fn blocks(&self) -> Option<Vec<Block>> {
        let mut start = 0;
        let lens = self.kinds.iter().zip(&self.blocks);
        lens.map(|(&kind, &len)| {
            let range = range(start, len)?;
            start = range.end.checked_add(1)?;
            Some(Block { kind, range })
        })
        .collect()
    }

    /// Whether byte `at` of the text is where a block begins, or its end.
    pub(super) fn is_between_blocks(&self, at: usize) -> bool {
        let mut starts = self.blocks.iter().scan(0_usize, |next, len| {
            *next = next.saturating_add(*len).saturating_add(1);
            Some(*next)
        });
        // Behind the last one no line break follows.
        at == 0 || at == self.text_len() || starts.any(|start| start == at)
    }

    /// The ranges of the passages.
    pub(super) fn ranges(&self) -> Option<Vec<Range<usize>>> {
        let mut start = 0;
        let lens = self.passages.iter();
        lens.map(|&len| {
            let range = range(start, len)?;
            start = range.end;
            Some(range)
        })
        .collect()
    }

    /// The nodes of the outline of `text`.
    pub(super) fn nodes(&self, text: &str) -> Option<Vec<StoredNode>> {
        let mut nodes: Vec<StoredNode> = Vec::with_capacity(self.steps.len());
        let mut before = 0;
        let mut other_labels = self.other_labels.split('\n');
        let mut anchors = self.anchors.split('\n');
        for number in 0..self.steps.len() {
            let start = stepped(before, self.steps[number])?;
            before = start;
            let heading = range(start, *self.headings.get(number)?)?;
            let parent = self.parent(number)?;
            let above = parent.map_or("", |parent| &nodes[parent].anchor);
            nodes.push(StoredNode {
                label: match *self.labels.get(number)? {
                    0 => other_labels.next()?,
                    len => text.get(range(start, len)?)?,
                }
                .to_owned(),
                anchor: added_to(above, anchors.next()?),
                heading,
                range: range(
                    stepped(start, *self.behind.get(number)?)?,
                    *self.texts.get(number)?,
                )?,
                parent,
            });
        }
        Some(nodes)
    }

    /// The passages, of `nodes`.
    pub(super) fn stored_passages(&self, nodes: &[StoredNode]) -> Option<Vec<StoredPassage>> {
        let mut before = 0;
        let mut anchors = self.passage_anchors.split('\n');
        let told = self.ranges()?.into_iter().zip(&self.nodes);
        told.map(|(range, &told)| {
            let node = stepped_to(before, told)?;
            before = node.unwrap_or(before);
            let above = match node {
                None => "",
                Some(node) => &nodes.get(node)?.anchor,
            };
            let anchor = added_to(above, anchors.next()?);
            Some(StoredPassage {
                node,
                anchor,
                range,
            })
        })
        .collect()
    }
}
