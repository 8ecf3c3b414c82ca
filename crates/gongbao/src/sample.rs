//! The notices built into the program: a made-up prefecture, as saved pages.

use std::{fs, path::Path};

use anyhow::Context;
use gongbao_archive::{Archive, Capture, CaptureKind, Corpus, Writer};
use jiff::Timestamp;
use serde::Deserialize;

/// The files of `data/sample`, by their names in it, sorted.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/sample.rs"));

/// A line of `manifest.jsonl`.
#[derive(Deserialize)]
struct Page<'a> {
    file: &'a str,
    url: &'a str,
    content_type: &'a str,
    fetched: Timestamp,
}

/// Puts the sample into `corpus`, its made-up divisions included.
///
/// # Errors
///
/// When the corpus cannot be written to.
pub(crate) fn fill(corpus: &Corpus) -> anyhow::Result<()> {
    let mut writer = Writer::open(corpus)?;
    fs::write(corpus.dir().join("divisions.tsv"), file("divisions.tsv"))
        .with_context(|| format!("writing to {}", corpus.dir().display()))?;
    for page in pages() {
        writer.put(&Capture {
            key: page.url,
            id: None,
            url: Some(page.url),
            file_name: Path::new(page.file)
                .file_name()
                .and_then(|name| name.to_str()),
            content_type: Some(page.content_type),
            bytes: file(page.file),
            fetched: page.fetched,
            modified: None,
            kind: CaptureKind::Page,
        })?;
    }
    Ok(writer.finish()?)
}

/// Whether `corpus` is empty or holds nothing but the sample.
///
/// # Errors
///
/// When there is a corpus and it cannot be read.
pub(crate) fn may_fill(corpus: &Corpus) -> anyhow::Result<bool> {
    if !corpus.catalog_path().exists() {
        return Ok(!corpus.dir().join("divisions.tsv").exists());
    }
    let archive = Archive::open(corpus)?;
    for notice in archive.notices() {
        let notice = notice?;
        if !pages().any(|page| page.url == notice.key) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn pages() -> impl Iterator<Item = Page<'static>> {
    let manifest = std::str::from_utf8(file("manifest.jsonl")).expect("the manifest is UTF-8");
    manifest
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line of the manifest is a page"))
}

fn file(name: &str) -> &'static [u8] {
    let index = FILES
        .binary_search_by_key(&name, |&(name, _)| name)
        .expect("the manifest names files that are there");
    FILES[index].1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_of_the_sample_is_built_in() {
        assert!(pages().count() >= 30);
        for page in pages() {
            assert!(!file(page.file).is_empty());
        }
        let saved = FILES.iter().filter(|(name, _)| name.starts_with("pages/"));
        assert_eq!(saved.count(), pages().count());
    }
}
