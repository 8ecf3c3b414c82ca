//! The notices built into the program: pages of a made-up prefecture, and the
//! sites that publish them.

use std::{collections::BTreeMap, fs};

use anyhow::Context;
use gongbao_archive::{Archive, Corpus};
use gongbao_fakesite::{GivenPage, Site};
use jiff::civil::Date;
use serde::Deserialize;

/// The files of `data/sample`, by their names in it, sorted.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/sample.rs"));

/// A line of `manifest.jsonl`.
#[derive(Deserialize)]
struct Page<'a> {
    file: &'a str,
    url: &'a str,
    content_type: &'a str,
    /// As a list of its site has them.
    title: String,
    listed: Option<Date>,
}

impl Page<'_> {
    /// Its host, and its path from `/`.
    fn place(&self) -> (&str, &str) {
        let (_, rest) = self.url.split_once("://").expect("URLs have schemes");
        rest.split_at(rest.find('/').expect("URLs have paths"))
    }

    /// Its URL as the demo serves it: there are no certificates for made-up hosts.
    fn served_url(&self) -> String {
        let (host, path) = self.place();
        format!("http://{host}{path}")
    }
}

/// The sites that publish the sample, by the names of their hosts.
pub(crate) fn sites() -> Vec<Site> {
    let mut sites: BTreeMap<String, Vec<GivenPage>> = BTreeMap::new();
    for page in pages() {
        let (host, path) = page.place();
        sites.entry(host.to_owned()).or_default().push(GivenPage {
            path: path.to_owned(),
            title: page.title.clone(),
            date: page.listed,
            content_type: page.content_type.to_owned(),
            bytes: file(page.file).to_vec(),
        });
    }
    let named = |(host, pages): (String, Vec<GivenPage>)| {
        let id = host
            .trim_start_matches("www.")
            .trim_end_matches(".gov.example");
        Site::of_pages(&id.replace('.', "-"), pages).named(&host)
    };
    sites.into_iter().map(named).collect()
}

/// Puts the made-up divisions of the sample into `corpus`.
///
/// # Errors
///
/// When its folder cannot be written to.
pub(crate) fn put_divisions(corpus: &Corpus) -> anyhow::Result<()> {
    fs::create_dir_all(corpus.dir())
        .and_then(|()| fs::write(corpus.dir().join("divisions.tsv"), file("divisions.tsv")))
        .with_context(|| format!("writing to {}", corpus.dir().display()))
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
        if !pages().any(|page| page.served_url() == notice.key) {
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
        let served: usize = sites().iter().map(Site::len).sum();
        assert_eq!(served, pages().count());
    }
}
