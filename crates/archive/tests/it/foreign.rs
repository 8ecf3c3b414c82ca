//! WARC and WACZ files as others write them.

use std::{fs, io::Write};

use gongbao_archive::{Archive, ImportOptions};

use crate::{
    importing::{gzip, options, run, run_with, set_up},
    time,
};

const URL: &str = "http://xing.example.invalid/t1.html";
const PAGE: &str = "<title>公告</title><p>星州市公告</p>";

/// A record as text; `fields` are further lines of its head.
fn record(kind: &str, url: &str, fields: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n\
         WARC-Date: 2024-05-06T07:08:09Z\r\n{fields}Content-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn response(url: &str, status: u16, fields: &str, entity: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {status} X\r\nContent-Type: text/html; charset=utf-8\r\n{fields}\r\n");
    let block = [head.as_bytes(), entity].concat();
    record(
        "response",
        url,
        "Content-Type: application/http; msgtype=response\r\n",
        &block,
    )
}

fn chunked(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for chunk in bytes.chunks(11) {
        out.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"0\r\n\r\n");
    out
}

/// One of each: pages in all encodings, and what is none.
fn mixed() -> Vec<Vec<u8>> {
    let url = |name: &str| format!("http://xing.example.invalid/{name}");
    vec![
        record("warcinfo", "", "", b"software: other\r\n"),
        record("request", URL, "", b"GET /t1.html HTTP/1.1\r\n\r\n"),
        response(&format!("<{URL}>"), 200, "", PAGE.as_bytes()),
        response(
            &url("gz"),
            200,
            "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
            &chunked(&gzip(PAGE.as_bytes())),
        ),
        response(
            &url("undone"),
            200,
            "Content-Encoding: br\r\n",
            PAGE.as_bytes(),
        ),
        record(
            "resource",
            &url("text"),
            "Content-Type: text/plain\r\n",
            "星州市通知".as_bytes(),
        ),
        response(&url("none"), 404, "", b"none"),
        record("revisit", URL, "", b"HTTP/1.1 200 OK\r\n\r\n"),
        record(
            "resource",
            &url("a.css"),
            "Content-Type: text/css\r\n",
            b"p {}",
        ),
        record(
            "resource",
            "dns:xing.example.invalid",
            "Content-Type: text/dns\r\n",
            b"x",
        ),
        response(&url("robots.txt"), 200, "", b"User-agent: *"),
        record(
            "resource",
            &url("bad"),
            "Content-Type: text/html\r\nWARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n",
            b"<p>other</p>",
        ),
        response(
            &url("broken"),
            200,
            "Content-Encoding: gzip\r\n",
            &[0x1f, 0x8b, 8, 0, 0, 0],
        ),
    ]
}

#[test]
fn pages_become_notices_and_the_rest_is_counted() {
    let records = mixed();
    let member_each: Vec<u8> = records.iter().flat_map(|record| gzip(record)).collect();
    let one_member = gzip(&records.concat());
    for (name, bytes) in [
        ("plain.warc", records.concat()),
        ("each.warc.gz", member_each.clone()),
        ("one.warc.gz", one_member),
    ] {
        let (_dir, corpus, input) = set_up();
        fs::write(input.join(name), bytes).unwrap();
        let ran = run(&corpus, &input);
        assert_eq!(ran.report.new, 4, "{name}: {ran:?}");
        assert_eq!(
            ran.skipped,
            [format!("{name} bad_digest"), format!("{name} undecodable")]
        );
        let left = ran.report.left_out;
        assert_eq!(
            (
                left.revisits,
                left.status,
                left.other_type,
                left.other_url,
                left.older
            ),
            (1, 1, 1, 2, 0),
            "{name}"
        );
        let archive = Archive::open(&corpus).unwrap();
        for key in [
            URL,
            "http://xing.example.invalid/gz",
            "http://xing.example.invalid/undone",
        ] {
            let notice = archive.find(key).unwrap().unwrap();
            assert_eq!(notice.url.as_deref(), Some(key));
            assert_eq!(notice.newest.fetched, time("2024-05-06T07:08:09Z"));
            assert_eq!(
                notice.newest.content_type.as_deref(),
                Some("text/html; charset=utf-8")
            );
            let loaded = archive.load(&notice.newest).unwrap();
            assert_eq!(String::from_utf8(loaded.bytes).unwrap(), PAGE, "{key}");
            assert_eq!(loaded.head.get("WARC-Type"), Some("response"));
        }
        // Once more: nothing.
        let again = run(&corpus, &input);
        assert_eq!((again.report.new, again.report.changed), (0, 0));
        assert_eq!(again.report.unchanged, 4);
    }
}

#[test]
fn all_before_a_cut_is_taken_and_the_cut_is_told() {
    let whole: Vec<u8> = (0..5)
        .flat_map(|n| {
            let url = format!("http://xing.example.invalid/{n}");
            response(&url, 200, "", format!("{PAGE}{n}").as_bytes())
        })
        .collect();
    let one = whole.len() / 5;
    let packed: Vec<u8> = whole.chunks(one).flat_map(gzip).collect();
    let packed_one = packed.len() / 5;
    for (name, bytes, records) in [
        ("head.warc", &whole[..3 * one + 40], 3),
        ("block.warc", &whole[..2 * one + one - 30], 2),
        ("packed.warc.gz", &packed[..4 * packed_one + 60], 4),
    ] {
        let (_dir, corpus, input) = set_up();
        fs::write(input.join(name), bytes).unwrap();
        let ran = run(&corpus, &input);
        assert_eq!(ran.report.new, records, "{name}: {ran:?}");
        assert_eq!(ran.skipped, [format!("{name} cut_short")]);
    }
    let (_dir, corpus, input) = set_up();
    let noise = [&whole[..one], b"something else\r\n\r\n"].concat();
    fs::write(input.join("noise.warc"), noise).unwrap();
    let ran = run(&corpus, &input);
    assert_eq!(
        (ran.report.new, ran.skipped.as_slice()),
        (1, &["noise.warc not_warc".to_owned()][..])
    );
}

#[test]
fn an_older_capture_never_becomes_the_newest_version() {
    let (_dir, corpus, input) = set_up();
    let dated = |date: &str, text: &str| {
        let record = response(URL, 200, "", text.as_bytes());
        String::from_utf8(record)
            .unwrap()
            .replace("2024-05-06T07:08:09Z", date)
    };
    let newer = dated("2024-06-01T00:00:00Z", "<p>二</p>");
    let older = dated("2024-05-01T00:00:00Z", "<p>一</p>");
    fs::write(input.join("a.warc"), &newer).unwrap();
    fs::write(input.join("b.warc"), &older).unwrap();
    let ran = run(&corpus, &input);
    assert_eq!((ran.report.new, ran.report.left_out.older), (1, 1));
    // In the order of time they are versions.
    let (_dir, corpus, input) = set_up();
    fs::write(input.join("a.warc"), older + &newer).unwrap();
    let ran = run(&corpus, &input);
    assert_eq!((ran.report.new, ran.report.changed), (1, 1));
    assert_eq!(
        Archive::open(&corpus)
            .unwrap()
            .find(URL)
            .unwrap()
            .unwrap()
            .newest
            .version,
        2
    );
}

#[test]
fn a_wacz_is_a_folder_of_warc_files() {
    let (_dir, corpus, input) = set_up();
    let file = fs::File::create(input.join("crawl.wacz")).unwrap();
    let mut zip = zip::ZipWriter::new(file);
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let deflated = zip::write::SimpleFileOptions::default();
    for (name, options, bytes) in [
        ("datapackage.json", deflated, b"{}".to_vec()),
        (
            "archive/a.warc.gz",
            stored,
            mixed().iter().flat_map(|record| gzip(record)).collect(),
        ),
        (
            "archive/b.warc",
            deflated,
            response("http://xing.example.invalid/b", 200, "", PAGE.as_bytes()),
        ),
        (
            "pages/pages.jsonl",
            deflated,
            b"{\"text\":\"no row\"}\n".to_vec(),
        ),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap();
    fs::write(input.join("no.wacz"), b"PK no zip at all").unwrap();
    let ran = run(&corpus, &input);
    assert_eq!(ran.report.new, 5, "{ran:?}");
    assert_eq!(
        ran.skipped,
        [
            "crawl.wacz bad_digest",
            "crawl.wacz undecodable",
            "no.wacz not_warc"
        ]
    );
}

#[test]
fn large_records_are_passed_over() {
    let (_dir, corpus, input) = set_up();
    let huge = vec![b'x'; 2 << 20];
    let records = [
        response("http://xing.example.invalid/huge", 200, "", &huge),
        response(URL, 200, "", PAGE.as_bytes()),
    ];
    fs::write(input.join("a.warc"), records.concat()).unwrap();
    let options = ImportOptions {
        max_bytes: 1 << 20,
        ..options()
    };
    let ran = run_with(&corpus, &[&input], &options).unwrap();
    assert_eq!(
        (ran.report.new, ran.skipped.as_slice()),
        (1, &["a.warc too_large".to_owned()][..])
    );
}
