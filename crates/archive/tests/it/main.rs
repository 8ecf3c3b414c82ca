//! The archive as other crates use it.

mod crash; // killed, cut off, out of room
mod crawling; // exchanges, fates, the frontier, runs
mod foreign; // WARC and WACZ files of others
mod importing; // folders, files and rows
mod versions; // put, read back, change

use std::path::Path;

use gongbao_archive::{Capture, CaptureKind, Corpus, Fate, Stored, Writer};
use jiff::Timestamp;

/// A page under `key`.
fn page<'a>(key: &'a str, bytes: &'a [u8]) -> Capture<'a> {
    Capture {
        key,
        id: None,
        url: None,
        file_name: None,
        content_type: Some("text/html"),
        bytes,
        fetched: time("2025-09-23T02:48:05.75Z"),
        modified: None,
        kind: CaptureKind::Page,
    }
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn put(writer: &mut Writer, key: &str, text: &str) -> (u32, Fate) {
    let Stored { version, fate, .. } = writer.put(&page(key, text.as_bytes())).unwrap();
    (version, fate)
}

/// Copies the corpus as it lies, as a crash would leave it.
fn snapshot(corpus: &Corpus, to: &Path) -> Corpus {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let to = to.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                copy(&entry.path(), &to);
            } else {
                std::fs::copy(entry.path(), to).unwrap();
            }
        }
    }
    copy(corpus.dir(), to);
    Corpus::at(to)
}
