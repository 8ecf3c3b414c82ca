//! From labels to a tree: which item stands under which.
//!
//! There is no fixed table of depths. A kind of label that is open is a
//! sibling; one that is not goes under the innermost open item that it can
//! stand in, as seen before in this notice, by the customary order, or, where
//! both are silent, by whether the outer numbering goes on afterwards.

use std::collections::HashMap;

use super::{
    Node, heading,
    label::{self, Kind, Label, is_heading_line},
};
use crate::{Body, Warning};

/// How many warnings one notice gives about its numbering at most: one whose
/// numbers are all wrong has one fault and not hundreds.
const MAX_WARNINGS: usize = 20;

/// How deep a list may open inside an item of its own kind. Anchors grow with
/// the depth, and a hostile text must not make them long.
const MAX_DEPTH: usize = 12;

/// Builds the nodes of one body, part by part.
pub(super) struct Tree<'a> {
    body: &'a Body,
    texts: &'a [&'a str],
    labels: &'a [Option<Label>],
    pub(super) nodes: Vec<Node>,
    pub(super) anchors: Anchors,
    pub(super) warnings: Vec<Warning>,
    /// Faults of numbering found, warned about or not.
    faults: usize,
    /// `inside[a][b]`: an item of rank a has been seen under one of rank b.
    inside: [[bool; Kind::COUNT]; Kind::COUNT],
}

/// An item that is open: on the path to the next one.
struct Open<'a> {
    node: usize,
    block: usize,
    label: &'a Label,
}

/// Hands out anchors, each once.
#[derive(Default)]
pub(super) struct Anchors(HashMap<String, u32>);

impl Anchors {
    /// `base`, or `base~2`, `base~3` … if it is taken.
    pub(super) fn take(&mut self, base: String) -> String {
        if let Some(times) = self.0.get_mut(&base) {
            *times += 1;
            return format!("{base}~{times}");
        }
        self.0.insert(base.clone(), 1);
        base
    }
}

impl<'a> Tree<'a> {
    pub(super) fn new(body: &'a Body, texts: &'a [&'a str], labels: &'a [Option<Label>]) -> Self {
        Self {
            body,
            texts,
            labels,
            nodes: Vec::new(),
            anchors: Anchors::default(),
            warnings: Vec::new(),
            faults: 0,
            inside: Default::default(),
        }
    }

    /// Adds the items of the blocks `blocks`, which have a numbering of their
    /// own. Returns the block of each node that it adds.
    pub(super) fn add(&mut self, blocks: std::ops::Range<usize>) -> Vec<usize> {
        let first_node = self.nodes.len();
        let end = start_of(self.body, blocks.end);
        let later = later_numbers(&self.labels[blocks.clone()]);
        let mut node_blocks = Vec::new();
        let mut open: Vec<Open<'a>> = Vec::new();
        let mut last: [Option<&Label>; Kind::COUNT] = Default::default();
        let mut quoting = false;
        for block in blocks.clone() {
            let text = self.texts[block];
            let in_quotes = quoting;
            if let Some(quote) = text.rfind(['“', '”']) {
                quoting = text[quote..].starts_with('“');
            }
            let Some(label) = &self.labels[block] else {
                continue;
            };
            let top = open.last();
            if !label.sure
                && !self.is_expected(
                    block,
                    label,
                    last[label.kind as usize],
                    top.map(|top| top.label),
                )
            {
                continue;
            }
            let start = self.body.blocks()[block].range.start;
            let opens_list = open.len() < MAX_DEPTH
                && top.is_some_and(|top| self.opens_list(block, label, top, in_quotes));
            let sibling = if opens_list {
                None
            } else {
                self.make_room(&mut open, block, label, &later[block - blocks.start])
            };
            let parent = open.last();
            let fault = fault(label, sibling.as_ref(), last[label.kind as usize]);
            // Quoted text has numbers of its own.
            if let Some(fault) = fault
                && !in_quotes
                && !self.starts_a_list(block, label, sibling.as_ref(), parent)
                && !self.goes_on_from_note(block, label)
            {
                self.warn(block, label, sibling.as_ref(), fault);
            }
            let component = component(label, parent.map(|parent| parent.label));
            let base = match parent {
                Some(parent) => format!("{}.{component}", self.nodes[parent.node].anchor),
                None => component,
            };
            for outer in &open {
                self.inside[label.kind.rank()][outer.label.kind.rank()] = true;
            }
            let text_start = start + label.range.start;
            self.nodes.push(Node {
                label: text[label.range.clone()].to_owned(),
                heading: text_start..start + heading::end(text, label),
                anchor: self.anchors.take(base),
                number: label.number(),
                depth: open.len(),
                parent: parent.map(|parent| parent.node),
                range: start..end,
                is_clause: false,
            });
            node_blocks.push(block);
            last[label.kind as usize] = Some(label);
            open.push(Open {
                node: first_node + node_blocks.len() - 1,
                block,
                label,
            });
        }
        node_blocks
    }

    /// Closes the open items that `label`, at block `block`, cannot stand in;
    /// their text ends there. Returns the sibling before it, if one was open.
    fn make_room(
        &mut self,
        open: &mut Vec<Open<'a>>,
        block: usize,
        label: &Label,
        later: &[Option<u32>; Kind::COUNT],
    ) -> Option<Open<'a>> {
        let goes_on = |item: &Open<'_>| item.label.number() + 1 == label.number();
        let is_same = |item: &Open<'_>| item.label.kind == label.kind;
        // A list of clauses (一)(二) may stand inside an item (一): the number
        // tells which of the two goes on.
        let same = open
            .iter()
            .rposition(|item| is_same(item) && goes_on(item))
            .or_else(|| open.iter().rposition(is_same));
        // 1. and 1、 are one numbering where the numbers go on.
        let alike = || {
            open.iter()
                .rposition(|item| item.label.kind.rank() == label.kind.rank() && goes_on(item))
        };
        let keep = same.or_else(alike).unwrap_or_else(|| {
            let outside = |item: &Open<'_>| !self.nests(block, label, item, later);
            open.len() - open.iter().rev().take_while(|item| outside(item)).count()
        });
        let mut sibling = None;
        while open.len() > keep {
            let closed = open.pop().expect("there is more than is kept");
            self.nodes[closed.node].range.end = start_of(self.body, block);
            sibling = (closed.label.kind.rank() == label.kind.rank()).then_some(closed);
        }
        sibling
    }

    /// Whether `label`, at block `block`, opens a list inside the innermost open
    /// item `top` although its kind is open already: its lead-in stands right
    /// above, in the label's own block, in an article or in a quoted text.
    fn opens_list(&self, block: usize, label: &Label, top: &Open<'_>, in_quotes: bool) -> bool {
        let is_own = top.block + 1 == block;
        let in_article =
            top.label.kind == Kind::Article && label.kind.rank() > Kind::Article.rank();
        label.number() == 1
            && (is_own || in_article || in_quotes)
            && label.kind.rank() >= top.label.kind.rank()
            && self.texts[block - 1].ends_with(['：', ':'])
    }

    /// Whether `label`, which may be text, has the number that comes next.
    fn is_expected(
        &self,
        block: usize,
        label: &Label,
        last: Option<&Label>,
        top: Option<&Label>,
    ) -> bool {
        const LOOK_AHEAD: usize = 12; // blocks; keeps the reading linear
        if label.kind == Kind::Bare && last.is_none() {
            // 1 总则 is a heading if 1.1 follows.
            let mut next = self.labels[block + 1..].iter().take(LOOK_AHEAD).flatten();
            return label.number() == 1 && next.any(|next| next.numbers() == [1, 1]);
        }
        is_expected(label, last, top)
    }

    /// Whether `label`, at block `block`, can stand under the open item `outer`.
    /// `later` holds the next number of each kind after it.
    fn nests(
        &self,
        block: usize,
        label: &Label,
        outer: &Open<'_>,
        later: &[Option<u32>; Kind::COUNT],
    ) -> bool {
        let (inner, outer_rank) = (label.kind.rank(), outer.label.kind.rank());
        match (
            self.inside[inner][outer_rank],
            self.inside[outer_rank][inner],
        ) {
            (true, false) => true,
            (false, true) if label.kind != Kind::Article => false,
            _ if inner > outer_rank => true,
            _ => {
                let goes_on = later[outer.label.kind as usize] == Some(outer.label.number() + 1);
                // Articles under a heading such as (一)关于抵押.
                let heads = label.kind == Kind::Article
                    && outer.block + 1 == block
                    && !self.texts[outer.block].ends_with(['。', '；', ';', '：', ':']);
                heads || goes_on && label.number() == 1
            }
        }
    }

    /// Whether the text between `block` and its sibling explains that the
    /// numbers start again: it leads in a list, or has a title of its own.
    fn starts_a_list(
        &self,
        block: usize,
        label: &Label,
        sibling: Option<&Open<'_>>,
        parent: Option<&Open<'_>>,
    ) -> bool {
        const LOOK_BACK: usize = 8; // blocks; keeps the reading linear
        let Some(sibling) = sibling else { return false };
        let between = (sibling.block + 1).max(block.saturating_sub(LOOK_BACK))..block;
        if label.number() != 1 || between.is_empty() {
            return false;
        }
        let in_article = parent.is_some_and(|parent| parent.label.kind == Kind::Article);
        in_article
            || between.into_iter().any(|above| {
                let text = self.texts[above];
                self.labels[above].is_none()
                    && (text.ends_with(['：', ':']) || is_heading_line(text))
            })
    }

    /// Whether `label` is the 2 of a list whose 1 stands after a word on the
    /// line above: 注：1、…
    fn goes_on_from_note(&self, block: usize, label: &Label) -> bool {
        let above = block.checked_sub(1).map_or("", |above| self.texts[above]);
        let first = ["注", "备注", "说明", "附注"]
            .iter()
            .find_map(|word| above.trim_start().strip_prefix(word))
            .and_then(|rest| rest.strip_prefix(['：', ':']))
            .and_then(label::parse);
        first.is_some_and(|first| {
            (first.kind, first.number()) == (label.kind, 1) && label.number() == 2
        })
    }

    fn warn(&mut self, block: usize, label: &Label, sibling: Option<&Open<'_>>, fault: Fault) {
        self.faults += 1;
        if self.faults > MAX_WARNINGS {
            return;
        }
        let printed = &self.texts[block][label.range.clone()];
        let before = sibling.map(|sibling| &self.texts[sibling.block][sibling.label.range.clone()]);
        let message = match (fault, before) {
            (Fault::Repeated, Some(before)) => format!("{printed} repeats the number of {before}"),
            (Fault::Skipped, Some(before)) => {
                format!("{printed} follows {before}: a number is skipped")
            }
            (Fault::OutOfOrder, Some(before)) => {
                format!("{printed} follows {before}: out of order")
            }
            (_, None) => format!("{printed} comes first among its siblings"),
        };
        self.warnings.push(Warning::new("outline", message));
    }

    /// Every warning, with the number of those left out.
    pub(super) fn finish(mut self) -> (Vec<Node>, Anchors, Vec<Warning>) {
        if self.faults > MAX_WARNINGS {
            let message = format!(
                "{} more labels are out of order",
                self.faults - MAX_WARNINGS
            );
            self.warnings.push(Warning::new("outline", message));
        }
        (self.nodes, self.anchors, self.warnings)
    }
}

/// Where block `index` starts; the end of the text for the one after the last.
pub(super) fn start_of(body: &Body, index: usize) -> usize {
    body.blocks()
        .get(index)
        .map_or(body.text().len(), |block| block.range.start)
}

/// For each block the next number of each kind after it.
fn later_numbers(labels: &[Option<Label>]) -> Vec<[Option<u32>; Kind::COUNT]> {
    let mut later = vec![[None; Kind::COUNT]; labels.len()];
    let mut next = [None; Kind::COUNT];
    for (slot, label) in later.iter_mut().zip(labels).rev() {
        *slot = next;
        if let Some(label) = label.as_ref().filter(|label| label.sure) {
            next[label.kind as usize] = Some(label.number());
        }
    }
    later
}

/// Whether a label that may be text has the number that should come next.
fn is_expected(label: &Label, last: Option<&Label>, top: Option<&Label>) -> bool {
    let numbers = label.numbers();
    let (&number, outer) = numbers.split_last().expect("a label has a number");
    if outer.is_empty() {
        return match last {
            None => number == 1,
            Some(last) => {
                number == last.number() + 1 || number == last.number() && label.sub == last.sub + 1
            }
        };
    }
    // 1.3 after 1.2 (or 1.1, if 1.2 is missing), 1.1 at the start.
    let goes_on = last.is_some_and(|last| {
        let (&before, last_outer) = last.numbers().split_last().expect("a label has a number");
        last_outer == outer && (before + 1..=before + 2).contains(&number)
    });
    let opens = number == 1
        && (top.is_none_or(|top| top.numbers() == outer || top.numbers().first() == outer.first())
            || last.is_some_and(|last| last.numbers()[0] + 1 == outer[0])
            || outer.iter().all(|&number| number == 1));
    goes_on || opens
}

/// What is wrong with a number.
#[derive(Clone, Copy)]
enum Fault {
    Repeated,
    Skipped,
    OutOfOrder,
}

/// What is wrong with the number of `label` after `sibling`; `last` is the
/// last label of its kind anywhere, for numbers that run on across parents.
fn fault(label: &Label, sibling: Option<&Open<'_>>, last: Option<&Label>) -> Option<Fault> {
    let key = |label: &Label| (label.number(), label.sub);
    let follows = |before: &Label| {
        let (number, sub) = key(before);
        key(label) == (number + 1, 0) || key(label) == (number, sub + 1)
    };
    let before = match sibling {
        None if key(label) == (1, 0) => return None,
        None => last,
        Some(sibling) => Some(sibling.label),
    };
    if before.is_some_and(follows) || last.is_some_and(follows) {
        return None;
    }
    Some(match before {
        Some(before) if key(before) == key(label) => Fault::Repeated,
        Some(before) if key(before) > key(label) => Fault::OutOfOrder,
        _ => Fault::Skipped,
    })
}

/// What `label` adds to the anchor of its parent: its number, 12-1 for
/// 第十二条之一, and of a decimal the numbers that its parent does not print.
fn component(label: &Label, parent: Option<&Label>) -> String {
    let numbers = label.numbers();
    let printed = parent.map_or(&[][..], Label::numbers);
    let own = numbers
        .strip_prefix(printed)
        .filter(|own| !own.is_empty())
        .unwrap_or(numbers);
    let mut component = own[0].to_string();
    for number in &own[1..] {
        component.push('.');
        component.push_str(&number.to_string());
    }
    if label.sub > 0 {
        component.push('-');
        component.push_str(&label.sub.to_string());
    }
    component
}
