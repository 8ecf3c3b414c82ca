//! A notice as it is read now, and which part of it was asked for.

use std::ops::Range;

use anyhow::anyhow;
use gongbao_archive::{Archive, AttachmentRecord, NoticeRecord};
use gongbao_notice::{Node, Notice, Outline};

use crate::{commands::named, config::Config};

/// A notice, read out of the archive.
pub(crate) struct Reading {
    pub(crate) record: NoticeRecord,
    /// Its warnings include those about the outline.
    pub(crate) notice: Notice,
    pub(crate) outline: Outline,
    /// The files that it links.
    pub(crate) attachments: Vec<AttachmentRecord>,
    /// The item asked for, if it was not all.
    pub(crate) item: Option<Item>,
}

/// A part of a notice.
pub(crate) struct Item {
    pub(crate) anchor: String,
    /// Its outline node, if it is of one.
    pub(crate) node: Option<usize>,
    /// Bytes of it in the body's text.
    pub(crate) range: Range<usize>,
}

impl Reading {
    /// Reads what `name` names: an id or address, perhaps with `#` and an
    /// anchor.
    ///
    /// # Errors
    ///
    /// When there is no such notice or item, or it cannot be read.
    pub(crate) fn of(name: &str, config: &Config) -> anyhow::Result<Self> {
        let archive = Archive::open(&config.corpus)?;
        let (record, anchor) = named::find(&archive, name, config)?;
        let reading = Self::whole(&archive, record, config)?;
        match anchor {
            None => Ok(reading),
            Some(anchor) => {
                let id = reading.record.id.clone();
                reading
                    .at(&anchor)
                    .ok_or_else(|| anyhow!(config.lang.no_anchor(id.as_str(), &anchor)))
            }
        }
    }

    /// Reads the version of a notice that `record` has as its newest.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub(crate) fn whole(
        archive: &Archive,
        record: NoticeRecord,
        config: &Config,
    ) -> anyhow::Result<Self> {
        let reader = config.reader()?;
        let mut notice = named::read(archive, &record, &record.newest, &reader)?;
        let outline = Outline::of(&notice.body);
        notice.warnings.extend(outline.warnings.iter().cloned());
        Ok(Self {
            attachments: archive.attachments(&record.id)?,
            record,
            notice,
            outline,
            item: None,
        })
    }

    /// The item of that anchor, if the notice has it.
    pub(crate) fn at(mut self, anchor: &str) -> Option<Self> {
        self.item = Some(item(&self.outline, anchor)?);
        Some(self)
    }

    /// The headings on the path down to `node`, its own last.
    pub(crate) fn path(&self, node: Option<usize>) -> Vec<&str> {
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

    /// The printed labels on the path down to `node`, its own last.
    pub(crate) fn labels(&self, node: Option<usize>) -> Vec<&str> {
        let mut labels = Vec::new();
        let mut next = node;
        while let Some(index) = next {
            let node = &self.outline.nodes[index];
            labels.push(node.label.as_str());
            next = node.parent;
        }
        labels.reverse();
        labels
    }

    /// The text of the item asked for, else of the notice.
    pub(crate) fn text(&self) -> &str {
        let text = self.notice.body.text();
        match &self.item {
            Some(item) => &text[item.range.clone()],
            None => text,
        }
    }

    /// The heading of `node` as printed.
    pub(crate) fn heading(&self, node: &Node) -> &str {
        &self.notice.body.text()[node.heading.clone()]
    }

    /// The nodes asked for.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node> {
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
