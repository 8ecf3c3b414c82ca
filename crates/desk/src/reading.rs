//! A notice as it is read now, and which part of it was asked for.

use std::ops::Range;

use gongbao_archive::{Archive, ArchiveError, AttachmentRecord, NoticeRecord, VersionRecord};
use gongbao_indexer::read_notice;
use gongbao_notice::{Node, Notice, NoticeId, Outline, ParseNoticeIdError, Reader};

/// A notice, read out of the archive.
#[derive(Debug)]
pub struct Reading {
    /// What the catalogue says of it.
    pub record: NoticeRecord,
    /// What was read; its warnings include those about the outline.
    pub notice: Notice,
    /// Its outline and passages.
    pub outline: Outline,
    /// The files that it links.
    pub attachments: Vec<AttachmentRecord>,
    /// The item asked for, if it was not all.
    pub item: Option<Item>,
}

/// A part of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its anchor.
    pub anchor: String,
    /// Its outline node, if it is of one.
    pub node: Option<usize>,
    /// Bytes of it in the body's text.
    pub range: Range<usize>,
}

/// A notice cannot be shown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadingError {
    /// There is none of that id or address.
    #[error("there is no notice {0} in the corpus")]
    NoNotice(String),
    /// It has no item of that anchor.
    #[error("{id} has no item {anchor:?}")]
    NoItem {
        /// The notice.
        id: NoticeId,
        /// What was asked for.
        anchor: String,
    },
    /// The name is no id of a notice.
    #[error(transparent)]
    NoId(#[from] ParseNoticeIdError),
    /// The archive cannot be read, or does not have it as received.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The page or row cannot be read.
    #[error("reading {id}: {reason}")]
    Unreadable {
        /// The notice.
        id: NoticeId,
        /// Why.
        reason: String,
    },
}

impl Reading {
    /// Reads what `name` names: an id or address, perhaps with `#` and an
    /// anchor.
    ///
    /// # Errors
    ///
    /// When there is no such notice or item, or it cannot be read.
    pub fn of(name: &str, archive: &Archive, reader: &Reader) -> Result<Self, ReadingError> {
        let (record, anchor) = find_notice(archive, name)?;
        let reading = Self::of_record(record, archive, reader)?;
        let Some(anchor) = anchor else {
            return Ok(reading);
        };
        let id = reading.record.id.clone();
        reading
            .at(&anchor)
            .ok_or(ReadingError::NoItem { id, anchor })
    }

    /// Reads the newest version of `record`.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn of_record(
        record: NoticeRecord,
        archive: &Archive,
        reader: &Reader,
    ) -> Result<Self, ReadingError> {
        let mut notice = read_version(archive, &record, &record.newest, reader)?;
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
    #[must_use]
    pub fn at(mut self, anchor: &str) -> Option<Self> {
        self.item = Some(item(&self.outline, anchor)?);
        Some(self)
    }

    /// The headings on the path down to `node`, its own last.
    #[must_use]
    pub fn path(&self, node: Option<usize>) -> Vec<&str> {
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
    #[must_use]
    pub fn labels(&self, node: Option<usize>) -> Vec<&str> {
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
    #[must_use]
    pub fn text(&self) -> &str {
        let text = self.notice.body.text();
        match &self.item {
            Some(item) => &text[item.range.clone()],
            None => text,
        }
    }

    /// The heading of `node` as printed.
    #[must_use]
    pub fn heading(&self, node: &Node) -> &str {
        &self.notice.body.text()[node.heading.clone()]
    }

    /// The nodes asked for.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.outline.nodes.iter().filter(|node| match &self.item {
            None => true,
            Some(item) => item.range.start <= node.range.start && node.range.end <= item.range.end,
        })
    }
}

/// The notice that `name` names, an id or address, and the anchor in it, if it
/// names one.
///
/// # Errors
///
/// When there is none, or the catalogue cannot be read.
pub fn find_notice(
    archive: &Archive,
    name: &str,
) -> Result<(NoticeRecord, Option<String>), ReadingError> {
    let none = || ReadingError::NoNotice(name.to_owned());
    // An address may hold a # of its own.
    if name.contains("://")
        && let Some(record) = archive.find(name)?
    {
        return Ok((record, None));
    }
    let (bare, anchor) = match name.rsplit_once('#') {
        Some((bare, anchor)) => (bare, Some(anchor).filter(|anchor| !anchor.is_empty())),
        None => (name, None),
    };
    let record = if bare.contains("://") {
        archive.find(bare)?
    } else {
        archive.notice(&bare.parse::<NoticeId>()?)?
    };
    Ok((record.ok_or_else(none)?, anchor.map(str::to_owned)))
}

/// `version` of the notice `record`, as it is read now.
///
/// # Errors
///
/// When its bytes are damaged or cannot be read.
pub fn read_version(
    archive: &Archive,
    record: &NoticeRecord,
    version: &VersionRecord,
    reader: &Reader,
) -> Result<Notice, ReadingError> {
    let loaded = archive.load(version)?;
    let record = NoticeRecord {
        newest: version.clone(),
        ..record.clone()
    };
    read_notice(reader, &record, &loaded).map_err(|reason| ReadingError::Unreadable {
        id: record.id.clone(),
        reason,
    })
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
