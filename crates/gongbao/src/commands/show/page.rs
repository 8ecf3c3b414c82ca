//! A notice as a page: its fields, its warnings, its text.

use std::{io::Write, ops::Range};

use gongbao_notice::{BlockKind, Found};

use super::reading::Reading;
use crate::{
    config::Config,
    messages::{Fields, Label},
    terminal::{Style, escape, pieces, shorten, width, wrap},
};

/// Wider text is hard to read.
const MAX_TEXT_WIDTH: usize = 90;

/// How far a level of the outline is indented.
const OUTLINE_INDENT: usize = 2;

/// Columns kept for an anchor behind an item of the outline.
const ANCHOR_WIDTH: usize = 14;

/// Writes the notice, or the item of it that was asked for.
pub(super) fn write_notice(
    out: &mut impl Write,
    reading: &Reading,
    config: &Config,
) -> anyhow::Result<()> {
    write_title(out, reading, config)?;
    if let Some(item) = &reading.item {
        let name = format!("{}#{}", reading.record.id, escape(&item.anchor));
        writeln!(out, "{}", config.screen.paint(Style::Dim, &name))?;
        let mut path = reading.path(item.node);
        path.pop();
        for (depth, heading) in path.into_iter().enumerate() {
            let indent = depth * OUTLINE_INDENT;
            let line = shorten(heading, text_width(config).saturating_sub(indent));
            let line = config.screen.paint(Style::Dim, &line);
            writeln!(out, "{:indent$}{line}", "")?;
        }
        writeln!(out)?;
        return write_text(out, reading, item.range.clone(), config);
    }
    write_fields(out, reading, config)?;
    for warning in &reading.notice.warnings {
        let text = format!("! {}: {}", warning.about, warning.message);
        let text = pieces(&text, |_| Style::Warning);
        for line in wrap(&text, text_width(config), text_width(config)) {
            writeln!(out, "{}", config.screen.line(line))?;
        }
    }
    writeln!(out)?;
    write_text(out, reading, 0..reading.notice.body.text().len(), config)
}

/// Writes the outline of the notice, or of the item asked for.
pub(super) fn write_outline(
    out: &mut impl Write,
    reading: &Reading,
    config: &Config,
) -> anyhow::Result<()> {
    write_title(out, reading, config)?;
    let name = reading.record.id.to_string();
    writeln!(out, "{}\n", config.screen.paint(Style::Dim, &name))?;
    let least = reading.nodes().map(|node| node.depth).min().unwrap_or(0);
    for node in reading.nodes() {
        let indent = (node.depth - least) * OUTLINE_INDENT;
        let anchor = format!("#{}", escape(&node.anchor));
        let room = text_width(config).saturating_sub(indent + 2 + width(&anchor).max(ANCHOR_WIDTH));
        let heading = shorten(reading.heading(node), room.max(ANCHOR_WIDTH));
        let gap = room.saturating_sub(width(&heading));
        let anchor = config.screen.paint(Style::Dim, &anchor);
        writeln!(out, "{:indent$}{heading}{:gap$}  {anchor}", "", "")?;
    }
    Ok(())
}

fn text_width(config: &Config) -> usize {
    config.screen.width.min(MAX_TEXT_WIDTH)
}

fn write_title(out: &mut impl Write, reading: &Reading, config: &Config) -> anyhow::Result<()> {
    let title = reading.notice.title.as_ref();
    let title = title.map_or(config.lang.untitled(), |found| found.value.as_str());
    let columns = text_width(config);
    for line in wrap(&pieces(title, |_| Style::Bold), columns, columns) {
        let line = config.screen.line(line);
        writeln!(
            out,
            "{}",
            config.screen.link(reading.record.url.as_deref(), &line)
        )?;
    }
    Ok(())
}

fn write_fields(out: &mut impl Write, reading: &Reading, config: &Config) -> anyhow::Result<()> {
    let (notice, record, lang) = (&reading.notice, &reading.record, config.lang);
    let mut fields = Fields::default();
    fields.add(Label::Id, record.id.to_string(), "");
    if let Some(url) = &record.url {
        fields.add(Label::Url, url.clone(), "");
    }
    let mut found = |label, text: Option<(String, gongbao_notice::Origin)>| {
        if let Some((text, origin)) = text {
            fields.add(label, text, lang.origin(origin));
        }
    };
    found(Label::Published, told(&notice.published));
    found(Label::Signed, told(&notice.signed));
    found(Label::Organ, told(&notice.organ));
    found(
        Label::Region,
        notice.region.as_ref().map(|found| {
            let text = format!("{} ({})", found.value.name, found.value.code);
            (text, found.origin)
        }),
    );
    found(Label::Genre, told(&notice.genre));
    found(Label::DocNumber, told(&notice.doc_number));
    found(Label::IndexNumber, told(&notice.index_number));
    found(Label::Source, told(&notice.source));
    found(Label::Editor, told(&notice.editor));
    if !notice.columns.is_empty() {
        fields.add(Label::Columns, notice.columns.join(" › "), "");
    }
    let version = format!("{} {}", lang.label(Label::Version), record.newest.version);
    fields.add(Label::Fetched, record.newest.fetched.to_string(), &version);
    for attachment in &reading.attachments {
        let archived = attachment
            .page
            .as_ref()
            .is_some_and(|page| page.sha256.is_some());
        let text = attachment.text.as_deref().unwrap_or(&attachment.url);
        fields.add(Label::Attachments, text, lang.is_archived(archived));
    }
    fields.write(out, text_width(config), config)
}

/// A field as text, and where it was read.
fn told<T: ToString>(field: &Option<Found<T>>) -> Option<(String, gongbao_notice::Origin)> {
    let found = field.as_ref()?;
    Some((found.value.to_string(), found.origin))
}

/// Writes `range` of the body's text, a block a paragraph, headings bold.
fn write_text(
    out: &mut impl Write,
    reading: &Reading,
    range: Range<usize>,
    config: &Config,
) -> anyhow::Result<()> {
    let body = &reading.notice.body;
    let mut headings = reading
        .outline
        .nodes
        .iter()
        .map(|node| node.heading.clone())
        .peekable();
    for block in body.blocks() {
        let shown = block.range.start.max(range.start)..block.range.end.min(range.end);
        if shown.is_empty() {
            continue;
        }
        let text = &body.text()[shown.clone()];
        let mut bold = Vec::new();
        if block.kind == BlockKind::Heading {
            bold.push(shown.clone());
        }
        while headings
            .peek()
            .is_some_and(|heading| heading.end <= shown.start)
        {
            headings.next();
        }
        while let Some(heading) = headings.next_if(|heading| heading.start < shown.end) {
            bold.push(heading);
        }
        let offsets: Vec<_> = text
            .char_indices()
            .map(|(at, _)| at + shown.start)
            .collect();
        let style = |number: usize| {
            let at = offsets[number];
            if bold.iter().any(|heading| heading.contains(&at)) {
                Style::Bold
            } else {
                Style::Plain
            }
        };
        let (indent, text) = match block.kind {
            BlockKind::ListItem => (2, pieces(text, style)),
            BlockKind::TableRow => (2, table_row(text)),
            _ => (0, pieces(text, style)),
        };
        let columns = text_width(config).saturating_sub(indent);
        for line in wrap(&text, columns, columns) {
            writeln!(out, "{:indent$}{}", "", config.screen.line(line))?;
        }
    }
    Ok(())
}

/// A row of a table, a bar between its cells.
fn table_row(text: &str) -> Vec<crate::terminal::Piece> {
    let mut row = Vec::new();
    for (number, cell) in text.split('\t').enumerate() {
        if number > 0 {
            row.extend(pieces(" │ ", |_| Style::Dim));
        }
        row.extend(pieces(cell, |_| Style::Plain));
    }
    row
}
