//! `show`: reads a notice out of the archive.

use std::io;

use anyhow::{Context, anyhow};
use gongbao_archive::Archive;
use gongbao_indexer::read_notice;
use gongbao_notice::{NoticeId, Outline, Reader};
use serde::Serialize;

use crate::{cli::Show, commands::Outcome, config::Config, output};

#[derive(Serialize)]
struct Shown {
    id: String,
    title: Option<String>,
    url: Option<String>,
    organ: Option<String>,
    region: Option<gongbao_notice::Region>,
    genre: Option<&'static str>,
    published: Option<String>,
    signed: Option<String>,
    doc_number: Option<String>,
    index_number: Option<String>,
    source: Option<String>,
    columns: Vec<String>,
    editor: Option<String>,
    fetched: String,
    warnings: Vec<gongbao_notice::Warning>,
    blocks: Vec<BlockRow>,
    passages: Vec<PassageRow>,
}

#[derive(Serialize)]
struct BlockRow {
    kind: gongbao_notice::BlockKind,
    text: String,
}

#[derive(Serialize)]
struct PassageRow {
    anchor: String,
    label: Option<String>,
    path: Vec<String>,
    text: String,
}

/// Shows what `args` names.
pub(crate) fn run(args: &Show, config: &Config) -> anyhow::Result<Outcome> {
    let (id, _anchor) = match args.name.split_once('#') {
        Some((id, anchor)) => (id, Some(anchor)),
        None => (args.name.as_str(), None),
    };
    let id: NoticeId = id.parse()?;
    let archive = Archive::open(&config.corpus)?;
    let record = archive
        .notice(&id)?
        .ok_or_else(|| anyhow!("there is no notice {id} in the corpus"))?;
    let loaded = archive
        .load(&record.newest)
        .with_context(|| format!("reading {id}"))?;
    let reader = Reader::new(config.divisions());
    let mut notice = read_notice(&reader, &record, &loaded)
        .map_err(anyhow::Error::msg)
        .with_context(|| format!("reading {id}"))?;
    let outline = Outline::of(&notice.body);
    notice.warnings.extend(outline.warnings.iter().cloned());
    let text = notice.body.text();
    let shown = Shown {
        id: id.to_string(),
        title: notice.title.as_ref().map(|found| found.value.clone()),
        url: record.url.clone(),
        organ: notice.organ.as_ref().map(|found| found.value.clone()),
        region: notice.region.as_ref().map(|found| found.value.clone()),
        genre: notice.genre.as_ref().map(|found| found.value.name()),
        published: notice
            .published
            .as_ref()
            .map(|found| found.value.to_string()),
        signed: notice.signed.as_ref().map(|found| found.value.to_string()),
        doc_number: notice
            .doc_number
            .as_ref()
            .map(|found| found.value.to_string()),
        index_number: notice
            .index_number
            .as_ref()
            .map(|found| found.value.clone()),
        source: notice.source.as_ref().map(|found| found.value.clone()),
        columns: notice.columns.clone(),
        editor: notice.editor.as_ref().map(|found| found.value.clone()),
        fetched: record.newest.fetched.to_string(),
        warnings: notice.warnings.clone(),
        blocks: notice
            .body
            .blocks()
            .iter()
            .map(|block| BlockRow {
                kind: block.kind,
                text: text[block.range.clone()].to_owned(),
            })
            .collect(),
        passages: outline
            .passages
            .iter()
            .map(|passage| PassageRow {
                anchor: passage.anchor.clone(),
                label: passage.node.map(|node| outline.nodes[node].label.clone()),
                path: outline
                    .path(passage)
                    .into_iter()
                    .map(|node| text[node.heading.clone()].to_owned())
                    .collect(),
                text: text[passage.range.clone()]
                    .trim_end_matches('\n')
                    .to_owned(),
            })
            .collect(),
    };
    output::json_document(&mut io::stdout().lock(), &shown)?;
    Ok(Outcome::Done)
}
