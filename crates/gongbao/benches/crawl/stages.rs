//! What a page costs on its way into the archive, each part alone, on one
//! thread, after it was received.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use gongbao_archive::{
    Article, Corpus, Discovered, Exchange, HttpHead, PageId, PageKind, Seen, Writer,
};
use gongbao_notice::{Divisions, Page, Reader};
use jiff::Timestamp;
use libdeflater::{CompressionLvl, Compressor};

/// The level that the archive compresses bodies with.
const LEVEL: i32 = 1;

/// Pages that a crawl makes durable together.
const BATCH: usize = 128;

/// Prints what reading and keeping `pages`, their addresses and bodies, costs.
pub(crate) fn measure(pages: &[(String, Vec<u8>)]) {
    let per_page = |time: Duration| time.as_secs_f64() * 1e6 / pages.len() as f64;
    let bytes: usize = pages.iter().map(|(_, body)| body.len()).sum();
    println!("{} pages of {} bytes", pages.len(), bytes / pages.len());

    let reader = Reader::new(Divisions::builtin());
    let began = Instant::now();
    for (url, body) in pages {
        black_box(reader.read(&Page {
            bytes: body,
            content_type: Some("text/html; charset=utf-8"),
            url: Some(url),
            ..Page::default()
        }));
    }
    println!("  read: {:.0} µs a page", per_page(began.elapsed()));

    let began = Instant::now();
    let mut compressor = Compressor::new(CompressionLvl::new(LEVEL).expect("it is one"));
    let mut out = Vec::new();
    for (_, body) in pages {
        out.resize(compressor.gzip_compress_bound(body.len()), 0);
        black_box(
            compressor
                .gzip_compress(body, &mut out)
                .expect("it has room"),
        );
    }
    let compressed = began.elapsed();
    println!("  compress: {:.0} µs a page", per_page(compressed));

    let kept = keep(pages);
    println!(
        "  keep (hashes, three records, rows, commits): {:.0} µs a page, without compressing bodies {:.0} µs",
        per_page(kept),
        per_page(kept.saturating_sub(compressed))
    );
}

/// Puts the pages into a new archive as a crawl does; returns how long it took.
fn keep(pages: &[(String, Vec<u8>)]) -> Duration {
    let folder = tempfile::tempdir().expect("a folder");
    let mut writer = Writer::open(&Corpus::at(folder.path())).expect("it is new");
    let now = Timestamp::now();
    let run = writer.begin_run("bench", now).expect("it is written");
    let found: Vec<_> = pages
        .iter()
        .map(|(url, _)| Discovered {
            url,
            site: "bench",
            column: Some("公告"),
            kind: PageKind::Article,
            found_on: None,
            depth: 1,
            discovered: now,
            due: Some(now),
        })
        .collect();
    let ids: Vec<PageId> = writer.discover(&found).expect("it is written").pages;
    writer.commit().expect("it is written");
    let began = Instant::now();
    for (number, (id, (url, body))) in ids.iter().zip(pages).enumerate() {
        let fingerprint = format!("1:{url}");
        let exchange = Exchange {
            run,
            page: *id,
            request: HttpHead {
                line: "GET /a.html HTTP/1.1",
                fields: &[("host", b"127.0.0.1"), ("user-agent", b"gongbao")],
            },
            response: HttpHead {
                line: "HTTP/1.1 200 OK",
                fields: &[("content-type", b"text/html; charset=utf-8")],
            },
            status: 200,
            entity: body,
            truncated: None,
            fetched: now,
            took: Duration::from_millis(1),
            ip: None,
            seen: Seen::Page {
                body: Some(&fingerprint),
                article: Some(Article::default()),
            },
        };
        writer.record(&exchange).expect("it is kept");
        writer.schedule(*id, None, None).expect("it is written");
        if number % BATCH == BATCH - 1 {
            writer.commit().expect("it is written");
        }
    }
    writer.commit().expect("it is written");
    began.elapsed()
}
