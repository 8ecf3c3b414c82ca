//! What the index keeps of a notice for display: its text, passage by passage,
//! and all else with its head.

mod excerpt; // some passages of it
mod head; // what is kept besides the text
mod header; // the header fields
mod packed; // blocks, outline and passages as small numbers

use std::{borrow::Cow, ops::Range};

use gongbao_notice::{Block, Body, Notice, NoticeId, Outline};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use self::{
    excerpt::{Excerpt, ExcerptPassage},
    head::StoredHead,
    header::Header,
};

/// A notice as shown in hits: header fields, text, outline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredNotice {
    /// Its header fields.
    pub header: Header,
    /// Its text.
    pub body: Body,
    /// Its outline.
    pub nodes: Vec<StoredNode>,
    /// Its passages, in order and without gaps.
    pub passages: Vec<StoredPassage>,
}

/// An item of the outline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredNode {
    /// Its printed label.
    pub label: String,
    /// Its anchor.
    pub anchor: String,
    /// Bytes of its heading in the body's text.
    pub heading: Range<usize>,
    /// Bytes of all its text.
    pub range: Range<usize>,
    /// The node above it.
    pub parent: Option<usize>,
}

/// A passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredPassage {
    /// The node it is of.
    pub node: Option<usize>,
    /// Its anchor.
    pub anchor: String,
    /// Bytes of it in the body's text.
    pub range: Range<usize>,
}

/// The text of a stored notice, where it is to be looked at and not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredText<'a> {
    /// The body's text.
    pub text: Cow<'a, str>,
    /// Its blocks, in order.
    pub blocks: Cow<'a, [Block]>,
    /// Bytes of each passage in the text, in order.
    pub passages: Vec<Range<usize>>,
}

impl StoredText<'_> {
    /// The passage that byte `at` of the text is in.
    #[must_use]
    pub fn passage_at(&self, at: usize) -> usize {
        self.passages.partition_point(|passage| passage.end <= at)
    }
}

/// The bytes are no stored notice, or not as it was stored.
#[derive(Debug, thiserror::Error)]
#[error(
    "the index is damaged: a notice in it is not as it was stored; `gongbao verify --repair` makes \
     it anew"
)]
pub struct StoredError;

impl StoredNotice {
    /// What is kept of `notice`.
    #[must_use]
    pub fn new(id: NoticeId, url: Option<String>, notice: Notice, outline: Outline) -> Self {
        Self {
            header: Header {
                id,
                url,
                title: notice.title.map(|found| found.value),
                organ: notice.organ.map(|found| found.value),
                region: notice.region.map(|found| found.value),
                genre: notice.genre.map(|found| found.value.name().to_owned()),
                published: notice.published.map(|found| found.value.to_string()),
                signed: notice.signed.map(|found| found.value.to_string()),
            },
            body: notice.body,
            nodes: outline
                .nodes
                .into_iter()
                .map(|node| StoredNode {
                    label: node.label,
                    anchor: node.anchor,
                    heading: node.heading,
                    range: node.range,
                    parent: node.parent,
                })
                .collect(),
            passages: outline
                .passages
                .into_iter()
                .map(|passage| StoredPassage {
                    node: passage.node,
                    anchor: passage.anchor,
                    range: passage.range,
                })
                .collect(),
        }
    }

    /// Names what is kept: equal digests are of the same notice, read alike.
    #[must_use]
    pub fn digest(&self) -> String {
        let notice = postcard::to_stdvec(self).expect("plain values in memory always serialise");
        let digest = Sha256::digest(notice);
        digest
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Its text alone.
    #[must_use]
    pub fn text_only(&self) -> StoredText<'_> {
        let passages = self.passages.iter();
        StoredText {
            text: Cow::Borrowed(self.body.text()),
            blocks: Cow::Borrowed(self.body.blocks()),
            passages: passages.map(|passage| passage.range.clone()).collect(),
        }
    }

    /// The printed text of passage `index`, without the line break at its end.
    #[must_use]
    pub fn passage_text(&self, index: usize) -> &str {
        self.body.text()[self.passages[index].range.clone()].trim_end_matches('\n')
    }

    /// The headings that passage `index` stands under, outermost first, its
    /// own last.
    #[must_use]
    pub fn path(&self, index: usize) -> Vec<&str> {
        let mut path = Vec::new();
        let mut next = self.passages[index].node;
        while let Some(node) = next.and_then(|node| self.nodes.get(node)) {
            path.push(&self.body.text()[node.heading.clone()]);
            next = node.parent;
        }
        path.reverse();
        path
    }

    /// The printed label of passage `index`, if it is of an item.
    #[must_use]
    pub fn label(&self, index: usize) -> Option<&str> {
        let node = self.nodes.get(self.passages[index].node?)?;
        Some(&node.label)
    }

    /// The passage that byte `at` of the body's text is in.
    #[must_use]
    pub fn passage_at(&self, at: usize) -> usize {
        self.passages
            .partition_point(|passage| passage.range.end <= at)
    }
}

/// The notice that `text` is the body of, for tests.
#[cfg(test)]
pub(crate) fn notice_of(text: &str) -> StoredNotice {
    let body = Body::from_lines(text);
    let outline = Outline::of(&body);
    let notice = Notice {
        body,
        ..Notice::default()
    };
    StoredNotice::new("a-1".parse().expect("an id"), None, notice, outline)
}
