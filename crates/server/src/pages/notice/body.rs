//! The body of a notice: its blocks in order, an anchor where each item
//! begins, marks where something was found.

use std::{collections::BTreeMap, ops::Range};

use gongbao_desk::Reading;
use gongbao_notice::{Block, BlockKind};
use gongbao_query::PassageHit;
use maud::{Markup, PreEscaped, Render, html};

use super::super::{citing::citing_link, links::Links, text::Safe};

/// More is not shown on a page: no notice has so much.
const MAX_SHOWN_BYTES: usize = 3_000_000;

/// A block that begins an outer item and is no longer than this reads as a
/// heading, if it has no sentence: forty characters.
const MAX_HEADING_BYTES: usize = 120;

/// What was found in a notice.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Bytes of the body's text, sorted, apart from one another.
    ranges: Vec<Range<usize>>,
    items: Vec<Item>,
}

/// An item in which something was found.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) anchor: String,
    pub(super) label: Option<String>,
}

impl Marks {
    /// The marks of `passages`, found in the notice of `reading`.
    pub(super) fn of(reading: &Reading, passages: impl Iterator<Item = PassageHit>) -> Self {
        let text = reading.notice.body.text();
        let mut found: Vec<(usize, PassageHit)> = passages
            .filter_map(|hit| {
                let known = &reading.outline.passages;
                let passage = known.iter().find(|passage| passage.anchor == hit.anchor)?;
                let is_same = text[passage.range.clone()].starts_with(&hit.text);
                is_same.then_some((passage.range.start, hit))
            })
            .collect();
        found.sort_by_key(|(start, _)| *start);
        let mut marks = Self::default();
        for (start, hit) in found {
            let bytes: Vec<usize> = hit
                .text
                .char_indices()
                .map(|(at, _)| at)
                .chain([hit.text.len()])
                .collect();
            for [from, to] in hit.highlights {
                let at = |char: usize| start + bytes.get(char).copied().unwrap_or(hit.text.len());
                marks.push(at(from)..at(to));
            }
            marks.items.push(Item {
                anchor: hit.anchor,
                label: hit.label,
            });
        }
        marks
    }

    fn push(&mut self, range: Range<usize>) {
        match self.ranges.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ if range.is_empty() => {}
            _ => self.ranges.push(range),
        }
    }

    /// Whether there are any.
    pub(super) fn any(&self) -> bool {
        !self.ranges.is_empty()
    }

    /// The items, in the order of the text.
    pub(super) fn items(&self) -> &[Item] {
        &self.items
    }

    /// Whether something was found in the item of that anchor itself.
    pub(super) fn has(&self, anchor: &str) -> bool {
        self.items.iter().any(|item| item.anchor == anchor)
    }
}

/// The body of the notice.
pub(super) fn body(reading: &Reading, marks: &Marks, links: &Links) -> Markup {
    let blocks = reading.notice.body.blocks();
    let shown = blocks.partition_point(|block| block.range.end <= MAX_SHOWN_BYTES);
    let writer = Writer {
        text: reading.notice.body.text(),
        anchors: anchors(reading),
        marks,
        links,
        id: reading.record.id.as_str(),
    };
    html! {
        @for group in blocks[..shown].chunk_by(|a, b| is_row(a) && is_row(b)) {
            @if is_row(&group[0]) {
                div.table-frame tabindex="0" role="region" aria-label=(links.lang.pick("Table", "表格")) {
                    table {
                        @for row in group { (writer.row(row)) }
                    }
                }
            } @else {
                (writer.block(&group[0]))
            }
        }
        @if shown < blocks.len() {
            p.quiet { (links.lang.pick(
                "The rest is too long to be shown here; the archived page has all of it.",
                "其余内容过长，未在此显示；存档网页载有全文。",
            )) }
        }
    }
}

fn is_row(block: &Block) -> bool {
    block.kind == BlockKind::TableRow
}

/// Where an item begins, in bytes of the text: its anchors, and whether it is
/// one to be cited.
fn anchors(reading: &Reading) -> BTreeMap<usize, Vec<&str>> {
    let mut anchors: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    let nodes = reading.outline.nodes.iter();
    let passages = reading.outline.passages.iter();
    let all = nodes
        .map(|node| (node.range.start, node.anchor.as_str()))
        .chain(passages.map(|passage| (passage.range.start, passage.anchor.as_str())));
    for (start, anchor) in all {
        let there = anchors.entry(start).or_default();
        if !there.contains(&anchor) {
            there.push(anchor);
        }
    }
    anchors
}

/// The name of mark number `at` on the page. No anchor begins like it.
pub(super) fn mark_name(at: usize) -> String {
    format!("page-mark-{}", at + 1)
}

struct Writer<'a> {
    text: &'a str,
    anchors: BTreeMap<usize, Vec<&'a str>>,
    marks: &'a Marks,
    links: &'a Links,
    id: &'a str,
}

impl Writer<'_> {
    fn block(&self, block: &Block) -> Markup {
        let depth = self.depth(block);
        let inner = html! {
            (self.inline(block.range.clone()))
            (self.citing(block.range.clone()))
        };
        match block.kind {
            BlockKind::Heading => html! { h2.block { (inner) } },
            BlockKind::ListItem => html! { p.block.list-item { (inner) } },
            _ => match depth {
                Some(depth) => {
                    let text = &self.text[block.range.clone()];
                    let is_short = text.len() <= MAX_HEADING_BYTES && !text.contains('。');
                    html! { p.block.numbered.short[is_short].{ "depth-" (depth.min(5)) } { (inner) } }
                }
                None => html! { p.block { (inner) } },
            },
        }
    }

    /// How deep the item stands that begins with this block.
    fn depth(&self, block: &Block) -> Option<usize> {
        let anchors = self.anchors.get(&block.range.start)?;
        let anchor = anchors.first()?;
        let is_numbered = anchor.starts_with(|c: char| c.is_ascii_digit()) && *anchor != "0";
        is_numbered.then(|| anchor.matches('.').count())
    }

    fn row(&self, block: &Block) -> Markup {
        let text = &self.text[block.range.clone()];
        let mut start = block.range.start;
        let cells: Vec<Range<usize>> = text
            .split('\t')
            .map(|cell| {
                let range = start..start + cell.len();
                start = range.end + 1;
                range
            })
            .collect();
        html! { tr { @for cell in cells { td { (self.inline(cell)) } } } }
    }

    /// The text in `range`, with anchors and marks.
    fn inline(&self, range: Range<usize>) -> Markup {
        let mut out = String::new();
        let mut cuts: Vec<usize> = self
            .anchors
            .range(range.clone())
            .map(|(&at, _)| at)
            .collect();
        for mark in &self.marks.ranges {
            cuts.extend([mark.start, mark.end]);
        }
        cuts.retain(|cut| range.contains(cut));
        cuts.extend([range.start, range.end]);
        cuts.sort_unstable();
        cuts.dedup();
        for pair in cuts.windows(2) {
            let (start, end) = (pair[0], pair[1]);
            self.anchor(start).render_to(&mut out);
            let piece = Safe(&self.text[start..end]);
            let marks = &self.marks.ranges;
            let at = marks.partition_point(|mark| mark.end < end);
            match marks.get(at).filter(|mark| mark.start <= start) {
                Some(mark) => self.mark(at, mark, start..end).render_to(&mut out),
                None => piece.render_to(&mut out),
            }
        }
        PreEscaped(out)
    }

    /// A piece of mark number `at`. Where the mark begins it has a name, and
    /// where it ends, ways to the marks beside it, shown while it is the target.
    fn mark(&self, at: usize, mark: &Range<usize>, piece: Range<usize>) -> Markup {
        let lang = self.links.lang;
        let name = (piece.start == mark.start).then(|| mark_name(at));
        let is_whole = name.is_some() && piece.end == mark.end;
        let last = self.marks.ranges.len() - 1;
        html! {
            mark id=[name] { (Safe(&self.text[piece])) }
            @if is_whole && last > 0 {
                span.steps {
                    @if at > 0 {
                        a href={ "#" (mark_name(at - 1)) } aria-label=(lang.pick("Previous mark", "上一处标记")) { "‹" }
                    }
                    @if at < last {
                        a href={ "#" (mark_name(at + 1)) } aria-label=(lang.pick("Next mark", "下一处标记")) { "›" }
                    }
                }
            }
        }
    }

    fn anchor(&self, at: usize) -> Markup {
        let lang = self.links.lang;
        html! {
            @for anchor in self.anchors.get(&at).into_iter().flatten() {
                a.item-link #(anchor) href={ "#" (anchor) } title={ (self.id) "#" (anchor) }
                    aria-label=(lang.pick(format!("Item {anchor}"), format!("条目 {anchor}"))) { "¶" }
            }
        }
    }

    /// Links that cite the items that begin in `range`, for the end of a block.
    fn citing(&self, range: Range<usize>) -> Markup {
        let lang = self.links.lang;
        let anchors: Vec<&str> = self
            .anchors
            .range(range)
            .flat_map(|(_, anchors)| anchors.iter().copied())
            .collect();
        html! {
            @if !anchors.is_empty() {
                span.cites lang=(lang.pick("en", "zh-CN")) {
                    @for anchor in anchors {
                        " "
                        (citing_link(self.id, Some(anchor), self.links, html! {
                            (lang.pick("cite ", "引用 ")) span.number { (anchor) }
                        }))
                    }
                }
            }
        }
    }
}
