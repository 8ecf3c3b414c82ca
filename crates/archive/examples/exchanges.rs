//! Keeps what a crawl would, without a network: an article, the same again,
//! not modified, edited, gone, and no answer.
//!
//!     cargo run -p gongbao-archive --example exchanges -- CORPUS

use std::time::Duration;

use gongbao_archive::{
    Article, Corpus, Discovered, Exchange, Failure, HttpHead, PageId, PageKind, RunId, RunOutcome,
    Seen, Writer,
};
use jiff::Timestamp;

const URL: &str = "https://xing.example.invalid/t1.html";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = std::env::args_os()
        .nth(1)
        .ok_or("usage: exchanges CORPUS")?;
    let mut writer = Writer::open(&Corpus::at(dir))?;
    let now: Timestamp = "2025-09-23T02:48:05Z".parse()?;
    let run = writer.begin_run("exchanges", now)?;
    let page = writer
        .discover(&[Discovered {
            url: URL,
            site: "xing",
            column: Some("通知公告"),
            kind: PageKind::Article,
            found_on: None,
            depth: 0,
            discovered: now,
            due: Some(now),
        }])?
        .pages[0];

    for (hours, status, text) in [
        (0, 200, "<h1>星州市公告</h1><p>渡口停航一天。</p>"),
        (1, 200, "<h1>星州市公告</h1><p>渡口停航一天。</p>"),
        (2, 304, ""),
        (3, 200, "<h1>星州市公告</h1><p>渡口停航两天。</p>"),
        (4, 404, "<p>访问的页面不存在</p>"),
    ] {
        let fetched = now + jiff::Span::new().hours(hours);
        fetch(&mut writer, run, page, fetched, status, text)?;
    }
    writer.record_failure(&Failure {
        run,
        page,
        fetched: now + jiff::Span::new().hours(5),
        took: Duration::from_secs(30),
        why: "no connection within 30 s",
    })?;
    writer.end_run(
        run,
        now + jiff::Span::new().hours(5),
        RunOutcome::Done,
        None,
    )?;
    Ok(writer.finish()?)
}

fn fetch(
    writer: &mut Writer,
    run: RunId,
    page: PageId,
    fetched: Timestamp,
    status: u16,
    text: &str,
) -> Result<(), gongbao_archive::ArchiveError> {
    let seen = match status {
        200 => Seen::Page {
            body: Some(text),
            article: Some(Article::default()),
        },
        304 => Seen::NotModified,
        _ => Seen::Gone,
    };
    let recorded = writer.record(&Exchange {
        run,
        page,
        request: HttpHead {
            line: "GET /t1.html HTTP/1.1",
            fields: &[("Host", b"xing.example.invalid")],
        },
        response: HttpHead {
            line: &format!("HTTP/1.1 {status} -"),
            fields: &[
                ("Content-Type", b"text/html; charset=utf-8"),
                ("Transfer-Encoding", b"chunked"),
                ("ETag", b"\"1\""),
            ],
        },
        status,
        entity: text.as_bytes(),
        truncated: None,
        fetched,
        took: Duration::from_millis(120),
        ip: Some(std::net::Ipv4Addr::new(192, 0, 2, 7).into()),
        seen,
    })?;
    // A crawler decides by the fate when to come again.
    let again = (recorded.fate != gongbao_archive::PageFate::Gone)
        .then(|| fetched + jiff::Span::new().hours(1));
    writer.schedule(page, again, None)
}
