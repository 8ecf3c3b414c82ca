//! A notice as it is read now, and which part of it was asked for.

use std::ops::Range;

use anyhow::anyhow;
use gongbao_archive::{Archive, AttachmentRecord, NoticeRecord};
use gongbao_notice::{Node, Notice, Outline};

use crate::{commands::named, config::Config};

/// A notice, read out of the archive.
pub(super) struct Reading {
    pub(super) record: NoticeRecord,
    /// Its warnings include those about the outline.
    pub(super) notice: Notice,
    pub(super) outline: Outline,
    /// The files that it links.
    pub(super) attachments: Vec<AttachmentRecord>,
    /// The item asked for, if it was not all.
    pub(super) item: Option<Item>,
}

/// A part of a notice.
pub(super) struct Item {
    pub(super) anchor: String,
    /// Its outline node, if it is of one.
    pub(super) node: Option<usize>,
    /// Bytes of it in the body's text.
    pub(super) range: Range<usize>,
}

impl Reading {
    /// Reads what `name` names: an id or address, perhaps with `#` and an
    /// anchor.
    ///
    /// # Errors
    ///
    /// When there is no such notice or item, or it cannot be read.
    pub(super) fn of(name: &str, config: &Config) -> anyhow::Result<Self> {
        let archive = Archive::open(&config.corpus)?;
        let (record, anchor) = named::find(&archive, name, config)?;
        let reader = config.reader()?;
        let mut notice = named::read(&archive, &record, &record.newest, &reader)?;
        let outline = Outline::of(&notice.body);
        notice.warnings.extend(outline.warnings.iter().cloned());
        let item = anchor
            .map(|anchor| {
                item(&outline, &anchor)
                    .ok_or_else(|| anyhow!(config.lang.no_anchor(record.id.as_str(), &anchor)))
            })
            .transpose()?;
        Ok(Self {
            attachments: archive.attachments(&record.id)?,
            record,
            notice,
            outline,
            item,
        })
    }

    /// The headings on the path down to `node`, its own last.
    pub(super) fn path(&self, node: Option<usize>) -> Vec<&str> {
        let mut path = Vec::new();
        let mut next = node;
        while let Some(index) = next {
            let node = &self.outline.nodes[index];
            path.push(self.heading(node));
            next = node.parent;
        }
        path.reverse();
        path
    }

    /// The heading of `node` as printed.
    pub(super) fn heading(&self, node: &Node) -> &str {
        &self.notice.body.text()[node.heading.clone()]
    }

    /// The nodes asked for.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.outline.nodes.iter().filter(|node| match &self.item {
            None => true,
            Some(item) => item.range.start <= node.range.start && node.range.end <= item.range.end,
        })
    }
}

/// The item of that anchor: an outline node with all below it, or else a
/// passage that is of none.
fn item(outline: &Outline, anchor: &str) -> Option<Item> {
    let anchor_owned = anchor.to_owned();
    if let Some(node) = outline.nodes.iter().position(|node| node.anchor == anchor) {
        return Some(Item {
            anchor: anchor_owned,
            node: Some(node),
            range: outline.nodes[node].range.clone(),
        });
    }
    let passage = outline
        .passages
        .iter()
        .find(|passage| passage.anchor == anchor)?;
    Some(Item {
        anchor: anchor_owned,
        node: passage.node,
        range: passage.range.clone(),
    })
}
