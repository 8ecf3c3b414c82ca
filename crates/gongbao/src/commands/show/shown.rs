//! A notice as JSON, its passages and outline as rows. Fields are added here,
//! never renamed: scripts rely on them.

use std::collections::BTreeMap;

use gongbao_archive::AttachmentRecord;
use gongbao_notice::{BlockKind, Found, Node, Origin, Region, Warning};
use serde::Serialize;

use super::reading::Reading;
use crate::output::Row;

/// A notice.
#[derive(Serialize)]
pub(super) struct Shown {
    id: String,
    title: Option<String>,
    url: Option<String>,
    organ: Option<String>,
    region: Option<Region>,
    genre: Option<&'static str>,
    published: Option<String>,
    signed: Option<String>,
    doc_number: Option<String>,
    index_number: Option<String>,
    source: Option<String>,
    columns: Vec<String>,
    editor: Option<String>,
    fetched: String,
    version: u32,
    attachments: Vec<AttachmentRow>,
    /// Where each field was read, by its name.
    origins: BTreeMap<&'static str, Origin>,
    warnings: Vec<Warning>,
    outline: Vec<ItemRow>,
    blocks: Vec<BlockRow>,
    passages: Vec<PassageRow>,
}

/// A file that it links.
#[derive(Serialize)]
struct AttachmentRow {
    url: String,
    /// The text of the link.
    text: Option<String>,
    /// When it was last received; null if it is not in the archive.
    fetched: Option<String>,
    sha256: Option<String>,
}

impl AttachmentRow {
    fn of(attachment: &AttachmentRecord) -> Self {
        let page = attachment.page.as_ref();
        let archived = page.filter(|page| page.sha256.is_some());
        Self {
            url: attachment.url.clone(),
            text: attachment.text.clone(),
            fetched: archived.and_then(|page| Some(page.last_fetch?.to_string())),
            sha256: archived.and_then(|page| page.sha256.clone()),
        }
    }
}

/// A block of the body.
#[derive(Serialize)]
struct BlockRow {
    kind: BlockKind,
    text: String,
}

/// A passage.
#[derive(Serialize)]
pub(super) struct PassageRow {
    anchor: String,
    label: Option<String>,
    path: Vec<String>,
    text: String,
}

/// An item of the outline.
#[derive(Serialize)]
pub(super) struct ItemRow {
    anchor: String,
    label: String,
    heading: String,
    /// 0 for the outermost.
    depth: usize,
}

impl Shown {
    /// `reading` with all its blocks, and the passages asked for.
    pub(super) fn of(reading: &Reading) -> Self {
        let notice = &reading.notice;
        let mut origins = BTreeMap::new();
        let text = notice.body.text();
        Self {
            id: reading.record.id.to_string(),
            title: field("title", &notice.title, &mut origins),
            url: reading.record.url.clone(),
            organ: field("organ", &notice.organ, &mut origins),
            region: notice.region.as_ref().map(|found| {
                origins.insert("region", found.origin);
                found.value.clone()
            }),
            genre: notice.genre.as_ref().map(|found| {
                origins.insert("genre", found.origin);
                found.value.name()
            }),
            published: field("published", &notice.published, &mut origins),
            signed: field("signed", &notice.signed, &mut origins),
            doc_number: field("doc_number", &notice.doc_number, &mut origins),
            index_number: field("index_number", &notice.index_number, &mut origins),
            source: field("source", &notice.source, &mut origins),
            columns: notice.columns.clone(),
            editor: field("editor", &notice.editor, &mut origins),
            fetched: reading.record.newest.fetched.to_string(),
            version: reading.record.newest.version,
            attachments: reading.attachments.iter().map(AttachmentRow::of).collect(),
            origins,
            warnings: notice.warnings.clone(),
            outline: ItemRow::all(reading),
            blocks: notice
                .body
                .blocks()
                .iter()
                .map(|block| BlockRow {
                    kind: block.kind,
                    text: text[block.range.clone()].to_owned(),
                })
                .collect(),
            passages: PassageRow::all(reading),
        }
    }
}

/// The value of a field as text; where it was read goes to `origins`.
fn field<T: ToString>(
    name: &'static str,
    found: &Option<Found<T>>,
    origins: &mut BTreeMap<&'static str, Origin>,
) -> Option<String> {
    let found = found.as_ref()?;
    origins.insert(name, found.origin);
    Some(found.value.to_string())
}

impl PassageRow {
    /// The passages asked for. A clause has none of its own; it is given as
    /// one.
    pub(super) fn all(reading: &Reading) -> Vec<Self> {
        let text = reading.notice.body.text();
        let owned = |path: Vec<&str>| path.into_iter().map(str::to_owned).collect();
        let label =
            |node: Option<usize>| node.map(|node| reading.outline.nodes[node].label.clone());
        if let Some(item) = &reading.item
            && item
                .node
                .is_some_and(|node| reading.outline.nodes[node].is_clause)
        {
            return vec![Self {
                anchor: item.anchor.clone(),
                label: label(item.node),
                path: owned(reading.path(item.node)),
                text: text[item.range.clone()].trim_end_matches('\n').to_owned(),
            }];
        }
        reading
            .outline
            .passages
            .iter()
            .filter(|passage| match &reading.item {
                None => true,
                Some(item) => {
                    item.range.start <= passage.range.start && passage.range.end <= item.range.end
                }
            })
            .map(|passage| Self {
                anchor: passage.anchor.clone(),
                label: label(passage.node),
                path: owned(reading.path(passage.node)),
                text: text[passage.range.clone()]
                    .trim_end_matches('\n')
                    .to_owned(),
            })
            .collect()
    }
}

impl Row for PassageRow {
    const COLUMNS: &'static [&'static str] = &["anchor", "label", "path", "text"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.anchor.clone(),
            self.label.clone().unwrap_or_default(),
            self.path.join(" › "),
            self.text.clone(),
        ]
    }
}

impl ItemRow {
    /// The items asked for.
    pub(super) fn all(reading: &Reading) -> Vec<Self> {
        let row = |node: &Node| Self {
            anchor: node.anchor.clone(),
            label: node.label.clone(),
            heading: reading.heading(node).to_owned(),
            depth: node.depth,
        };
        reading.nodes().map(row).collect()
    }
}

impl Row for ItemRow {
    const COLUMNS: &'static [&'static str] = &["anchor", "label", "heading", "depth"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.anchor.clone(),
            self.label.clone(),
            self.heading.clone(),
            self.depth.to_string(),
        ]
    }
}
