//! A notice as JSON, its passages and outline as rows. Fields are added here,
//! never renamed: scripts rely on them.

use std::collections::BTreeMap;

use gongbao_archive::AttachmentRecord;
use gongbao_notice::{BlockKind, Found, Node, Origin, Region, Warning};
use gongbao_query::Copied;
use serde::Serialize;

use crate::{reading::Reading, rows::Row};

/// A notice.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Shown {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// The issuing organ.
    pub organ: Option<String>,
    /// Its place.
    pub region: Option<Region>,
    /// The genre's Chinese name.
    pub genre: Option<&'static str>,
    /// When it was published: `YYYY-MM-DD` or `YYYY-MM-DD HH:MM`.
    pub published: Option<String>,
    /// The day it was signed.
    pub signed: Option<String>,
    /// Its document number (发文字号).
    pub doc_number: Option<String>,
    /// Its index number (索引号).
    pub index_number: Option<String>,
    /// Who published it.
    pub source: Option<String>,
    /// Where it stands on its site, outermost first.
    pub columns: Vec<String>,
    /// Its editor.
    pub editor: Option<String>,
    /// When it was received.
    pub fetched: String,
    /// The number of this version, from 1.
    pub version: u32,
    /// The files that it links.
    pub attachments: Vec<AttachmentRow>,
    /// Where each field was read, by its name.
    pub origins: BTreeMap<&'static str, Origin>,
    /// What could not be read, or not for sure.
    pub warnings: Vec<Warning>,
    /// The items, in order.
    pub outline: Vec<ItemRow>,
    /// The body, in order.
    pub blocks: Vec<BlockRow>,
    /// The passages, in order.
    pub passages: Vec<PassageRow>,
    /// Other notices that hold text of this one; null without an index.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<Object>>))]
    pub copies: Option<Vec<Copied>>,
}

/// A file that it links.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentRow {
    /// Its address.
    pub url: String,
    /// The text of the link.
    pub text: Option<String>,
    /// When it was last received; null if it is not in the archive.
    pub fetched: Option<String>,
    /// SHA-256 of its bytes.
    pub sha256: Option<String>,
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
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockRow {
    /// What it was on the page.
    pub kind: BlockKind,
    /// Its text.
    pub text: String,
}

/// A passage.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PassageRow {
    /// Its anchor in the notice.
    pub anchor: String,
    /// The printed label of its item.
    pub label: Option<String>,
    /// The headings it stands under, outermost first, its own last.
    pub path: Vec<String>,
    /// Its text, as printed.
    pub text: String,
}

/// An item of the outline.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemRow {
    /// Its anchor in the notice.
    pub anchor: String,
    /// Its printed label.
    pub label: String,
    /// Label and heading, as printed.
    pub heading: String,
    /// 0 for the outermost.
    pub depth: usize,
}

impl Shown {
    /// `reading` with all its blocks, and the passages asked for.
    #[must_use]
    pub fn of(reading: &Reading, copies: Option<Vec<Copied>>) -> Self {
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
            copies,
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
    #[must_use]
    pub fn all(reading: &Reading) -> Vec<Self> {
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
    #[must_use]
    pub fn all(reading: &Reading) -> Vec<Self> {
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
