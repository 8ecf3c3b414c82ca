//! From nodes to passages: every character of the body in exactly one.

use std::ops::Range;

use super::{
    Node, Passage,
    cut::{MAX_PASSAGE_CHARS, cut},
    label::{Kind, Label},
    tree::start_of,
};
use crate::{BlockKind, Body};

/// How long a passage grows that is gathered from paragraphs without outline,
/// in characters: about the length of an outline item.
const GATHERED_CHARS: usize = 400;

/// Collects the passages of one body.
pub(super) struct Passages<'a> {
    body: &'a Body,
    pub(super) done: Vec<Passage>,
    /// The block where the next passage starts, or an earlier one.
    block: usize,
}

impl<'a> Passages<'a> {
    pub(super) fn new(body: &'a Body) -> Self {
        Self {
            body,
            done: Vec::new(),
            block: 0,
        }
    }

    /// Adds the text `range`, of `node`, cut where it is too long.
    pub(super) fn add(&mut self, node: Option<usize>, anchor: &str, range: Range<usize>) {
        if !range.is_empty() {
            self.add_parts(node, anchor, cut(self.body.text(), range));
        }
    }

    /// Adds the blocks `blocks`, which have no outline, as passages of whole
    /// paragraphs.
    pub(super) fn gather(&mut self, anchor: &str, blocks: Range<usize>) {
        let mut parts = Vec::new();
        let mut start = blocks.start;
        let mut chars = 0;
        for index in blocks.clone() {
            let block = &self.body.blocks()[index];
            let len = self.body.block_text(index).chars().count() + 1;
            let is_full = chars + len > GATHERED_CHARS || block.kind == BlockKind::Heading;
            if index > start && is_full {
                parts.extend(self.cut_blocks(start..index));
                (start, chars) = (index, 0);
            }
            chars += len;
        }
        if start < blocks.end {
            parts.extend(self.cut_blocks(start..blocks.end));
        }
        self.add_parts(None, anchor, parts);
    }

    fn cut_blocks(&self, blocks: Range<usize>) -> Vec<Range<usize>> {
        let range = start_of(self.body, blocks.start)..start_of(self.body, blocks.end);
        cut(self.body.text(), range)
    }

    fn add_parts(&mut self, node: Option<usize>, anchor: &str, parts: Vec<Range<usize>>) {
        let blocks = self.body.blocks();
        for (index, range) in parts.into_iter().enumerate() {
            while blocks
                .get(self.block + 1)
                .is_some_and(|next| next.range.start <= range.start)
            {
                self.block += 1;
            }
            let first = self.block;
            while blocks
                .get(self.block + 1)
                .is_some_and(|next| next.range.start < range.end)
            {
                self.block += 1;
            }
            self.done.push(Passage {
                node,
                anchor: match index {
                    0 => anchor.to_owned(),
                    _ => format!("{anchor}+{}", index + 1),
                },
                range,
                blocks: first..self.block + 1,
            });
        }
    }
}

/// Finds the nodes whose children are clauses: items of one sentence, which is
/// led in with a colon. They stay in the passage of their parent.
///
/// `nodes` are the nodes of one part, the first of which is number `first`;
/// `blocks` are their blocks. The nodes of clauses are marked, and what follows
/// the last of them is taken out of their range: it belongs to the parent.
pub(super) fn mark_clauses(
    body: &Body,
    labels: &[Option<Label>],
    nodes: &mut [Node],
    first: usize,
    blocks: &[usize],
) -> Vec<bool> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        if let Some(parent) = node.parent {
            children[parent - first].push(index);
        }
    }
    let mut encloses = vec![false; nodes.len()];
    for parent in (0..nodes.len()).rev() {
        let items = &children[parent];
        if items.is_empty()
            || !items
                .iter()
                .all(|&item| children[item].is_empty() || encloses[item])
        {
            continue;
        }
        let is_article = labels[blocks[parent]]
            .as_ref()
            .is_some_and(|label| label.kind == Kind::Article);
        if !are_clauses(body, blocks, is_article, items) {
            continue;
        }
        encloses[parent] = true;
        for (place, &item) in items.iter().enumerate() {
            nodes[item].is_clause = true;
            let own_end = start_of(body, blocks[item] + 1);
            let number = nodes[item].number;
            let goes_on = items
                .get(place + 1)
                .is_some_and(|&next| nodes[next].number == number + 1);
            if children[item].is_empty() && !goes_on {
                nodes[item].range.end = own_end;
            }
        }
    }
    encloses
}

/// Whether `items` (nodes) read as the clauses of one sentence.
fn are_clauses(body: &Body, blocks: &[usize], of_article: bool, items: &[usize]) -> bool {
    /// A clause is no paragraph of its own, in bytes: 150 Han characters.
    const MAX_CLAUSE_BYTES: usize = 450;
    let text = |item: usize| body.block_text(blocks[item]).trim_end();
    let lead_in = body.block_text(blocks[items[0]] - 1).trim_end();
    let is_led_in = lead_in.ends_with(['：', ':']);
    let (last, others) = items.split_last().expect("there are items");
    let open_ended = others
        .iter()
        .filter(|&&item| !text(item).ends_with(['。', '！', '”']))
        .count();
    let mostly_open = open_ended * 2 >= others.len();
    if of_article {
        return is_led_in || !others.is_empty() && mostly_open;
    }
    let bytes: usize = items.iter().map(|&item| text(item).len()).sum();
    is_led_in
        && mostly_open
        && bytes <= MAX_CLAUSE_BYTES * items.len()
        // A list of headings does not end as a sentence does.
        && (text(*last).ends_with(['。', '；', ';', '.']) || bytes <= MAX_PASSAGE_CHARS)
}
