//! Reads a page in HTML.

mod header; // 时间：, 来源：, 首页 > 公告
mod meta; // <meta name="PubDate">
mod profile; // what a site's profile points at
mod table; // 索引号, 发文机关 …
mod title;

use crate::{
    BlockKind, chrome,
    content::{Content, Lines},
    draft::Draft,
    html::{Document, Tree},
    labels,
    page::Profile,
    segment::{Segment, segments, squeezed},
};

/// Reads the fields and the body of a page; what needs no markup (signature,
/// genre, region) is read later.
pub(crate) fn read(document: &Document, profile: Option<&Profile>, draft: &mut Draft) {
    let tree = document.tree();
    if document.trimmed {
        draft.warn(
            "body",
            "the page nests too deep or has too many elements; only its text was kept there",
        );
    }
    let segments = segments(&tree);
    if let Some(profile) = profile {
        profile::fields(&tree, profile, draft);
    }
    meta::fields(&tree, draft);
    let mut fields = vec![false; segments.len()];
    table::table_fields(&segments, &mut fields, draft);
    table::line_fields(&segments, &mut fields, draft);
    let content = body_lines(&tree, &segments, &fields, profile, draft);
    let title_at = title::read(&tree, &segments, &content, draft);
    let skipped = header::read(&segments, &fields, &content, title_at, draft);
    write_body(&segments, &content, skipped, draft);
}

fn body_lines(
    tree: &Tree<'_>,
    segments: &[Segment],
    fields: &[bool],
    profile: Option<&Profile>,
    draft: &mut Draft,
) -> Content {
    let lines = Lines::new(tree, segments, fields);
    let body = profile.and_then(|p| p.article.body.as_ref());
    let elements = body.map_or_else(Vec::new, |body| outermost(tree, body, draft));
    let mut content = lines.exactly(&elements);
    if content.lines.is_empty() {
        if body.is_some() {
            draft.warn("body", "the profile's selector finds no text");
        }
        content = lines.find();
    }
    let drop = profile.and_then(|p| p.article.drop.as_ref());
    let dropped = drop.map_or_else(Vec::new, |drop| outermost(tree, drop, draft));
    if !dropped.is_empty() {
        content.lines.retain(|&line| {
            let node = segments[line].node;
            let before = dropped.partition_point(|&element| element < node);
            before == 0 || !tree.inside(dropped[before - 1]).contains(&node)
        });
    }
    content
}

/// The elements that a profile's selector selects, in document order, without
/// those inside another of them.
fn outermost(tree: &Tree<'_>, selector: &str, draft: &mut Draft) -> Vec<usize> {
    let mut elements = profile::select(tree, selector, draft);
    elements.dedup_by(|later, earlier| tree.inside(*earlier).contains(later));
    elements
}

fn write_body(segments: &[Segment], content: &Content, skipped: usize, draft: &mut Draft) {
    let title = draft
        .notice
        .title
        .as_ref()
        .map(|title| squeezed(&title.value).into_owned());
    for (index, &line) in content.lines.iter().enumerate() {
        let segment = &segments[line];
        // Inside a container that holds more than the text, a line that only
        // repeats the title is the page's heading.
        let is_title =
            !content.exact && index < 3 && title.as_deref() == Some(&*squeezed(&segment.text));
        let header = index < skipped && labels::is_header_line(&segment.text);
        if is_title || header || chrome::is_tool(&segment.text) {
            continue;
        }
        let kind = match segment.kind {
            BlockKind::Heading if segment.chars > 120 => BlockKind::Paragraph,
            kind => kind,
        };
        draft.notice.body.push(kind, &segment.text);
    }
}
