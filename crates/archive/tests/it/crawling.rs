use std::{collections::HashMap, time::Duration};

use gongbao_archive::{
    Alarm, Archive, ArchiveError, Article, Attachment, Corpus, Coverage, Discovered, DueQuery,
    Exchange, Failure, HttpHead, PageFate, PageId, PageKind, PageRecord, PageState, RecordReader,
    Recorded, RunId, RunOutcome, Seen, Truncation, Writer,
};
use jiff::{Span, Timestamp};

use crate::{page, snapshot, time};

const SITE: &str = "xing";
const OLD: &str = "https://xing.example.invalid/old.html";
const NEW: &str = "https://xing.example.invalid/new.html";

/// A crawl by hand: what a crawler does, without a network.
struct Crawl {
    writer: Writer,
    run: RunId,
    now: Timestamp,
}

impl Crawl {
    fn new(corpus: &Corpus) -> Self {
        let now = time("2025-09-23T02:48:05Z");
        let mut writer = Writer::open(corpus).unwrap();
        let run = writer.begin_run("gongbao crawl xing", now).unwrap();
        Self { writer, run, now }
    }

    fn later(&mut self) {
        self.now = self.now + Span::new().hours(5);
    }

    fn discover(&mut self, url: &str, kind: PageKind) -> PageId {
        let discovery = self
            .writer
            .discover(&[Discovered {
                url,
                site: SITE,
                column: Some("通知公告"),
                kind,
                found_on: None,
                depth: 1,
                discovered: self.now,
                due: Some(self.now),
            }])
            .unwrap();
        discovery.pages[0]
    }

    fn record(
        &mut self,
        url: &str,
        status: u16,
        fields: &[(&str, &[u8])],
        entity: &[u8],
        seen: Seen<'_>,
    ) -> Recorded {
        let page = self.discover(url, PageKind::Article);
        let line = format!("HTTP/1.1 {status} X");
        let path = url.rsplit('/').next().unwrap();
        self.writer
            .record(&Exchange {
                run: self.run,
                page,
                request: HttpHead {
                    line: &format!("GET /{path} HTTP/1.1"),
                    fields: &[("Host", b"xing.example.invalid")],
                },
                response: HttpHead {
                    line: &line,
                    fields,
                },
                status,
                entity,
                truncated: None,
                fetched: self.now,
                took: Duration::from_millis(120),
                ip: Some("192.0.2.7".parse().unwrap()),
                seen,
            })
            .unwrap()
    }

    /// An article whose fingerprint is its text.
    fn article(&mut self, url: &str, chrome: &str, text: &str) -> Recorded {
        let entity = format!("<title>{chrome}</title><p>{text}</p>");
        let seen = Seen::Page {
            body: Some(text),
            article: Some(Article::default()),
        };
        let fields: [(&str, &[u8]); 2] = [
            ("Content-Type", b"text/html; charset=utf-8"),
            ("ETag", b"\"1\""),
        ];
        self.record(url, 200, &fields, entity.as_bytes(), seen)
    }

    fn page(&self, url: &str) -> PageRecord {
        self.writer.page_at(url).unwrap().unwrap()
    }
}

fn set_up() -> (tempfile::TempDir, Corpus, Crawl) {
    let dir = tempfile::tempdir().unwrap();
    let corpus = Corpus::at(dir.path().join("corpus"));
    let crawl = Crawl::new(&corpus);
    (dir, corpus, crawl)
}

/// The types of the records in the archive, and how many of each.
fn record_types(corpus: &Corpus) -> HashMap<String, usize> {
    let mut types = HashMap::new();
    for entry in std::fs::read_dir(corpus.archive_dir()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let mut reader = RecordReader::new(bytes.as_slice(), 0);
        let mut block = Vec::new();
        while let Some((head, _)) = reader.next_record(&mut block, 1 << 20).unwrap() {
            *types
                .entry(head.get("WARC-Type").unwrap().to_owned())
                .or_default() += 1;
        }
    }
    types
}

#[test]
fn only_edits_make_versions_and_every_fetch_has_its_fate() {
    let (_dir, corpus, mut crawl) = set_up();
    let mut fates = Vec::new();
    let mut versions = Vec::new();
    let mut note = |recorded: Recorded| {
        fates.push(recorded.fate.name());
        versions.extend(recorded.version);
    };
    note(crawl.article(OLD, "a", "正文"));
    crawl.later();
    note(crawl.article(OLD, "a", "正文"));
    note(crawl.article(OLD, "b", "正文"));
    note(crawl.article(OLD, "b", "正文"));
    note(crawl.record(OLD, 304, &[("ETag", b"\"2\"")], b"", Seen::NotModified));
    note(crawl.article(OLD, "b", "改后的正文"));
    note(crawl.record(OLD, 403, &[], b"no", Seen::Declined));
    note(crawl.record(
        OLD,
        500,
        &[],
        b"oops",
        Seen::Failed {
            why: "it answered 500",
        },
    ));
    assert_eq!(crawl.page(OLD).failures, 2);
    note(crawl.record(OLD, 404, &[], b"none", Seen::Gone));
    note(crawl.record(OLD, 404, &[], b"none", Seen::Gone));
    assert_eq!(crawl.page(OLD).state, PageState::Gone);
    note(crawl.article(OLD, "b", "改后的正文"));
    let page = crawl.page(OLD);
    assert_eq!((page.state, page.failures), (PageState::Live, 0));
    assert_eq!(page.etag.as_deref(), Some("\"1\""));
    crawl.writer.finish().unwrap();
    assert_eq!(
        fates,
        [
            "new",
            "unchanged",
            "chrome",
            "unchanged",
            "unchanged",
            "edited",
            "declined",
            "unreachable",
            "gone",
            "gone",
            "unchanged"
        ]
    );
    assert_eq!(versions, [1, 2]);

    let archive = Archive::open(&corpus).unwrap();
    let notice = archive.find(OLD).unwrap().unwrap();
    assert_eq!((notice.seq, notice.newest.version), (2, 2));
    let loaded = archive.load(&notice.newest).unwrap();
    assert_eq!(
        String::from_utf8(loaded.bytes).unwrap(),
        "<title>b</title><p>改后的正文</p>"
    );
    assert_eq!(
        notice.newest.content_type.as_deref(),
        Some("text/html; charset=utf-8")
    );
    let history = archive.fetches_of(&notice.id).unwrap();
    let told: Vec<_> = history.iter().map(|fetch| fetch.fate.name()).collect();
    assert_eq!(told, fates);
    assert_eq!(history[4].status, Some(304));
    assert_eq!(history[4].sha256, history[3].sha256);
    let types = record_types(&corpus);
    assert_eq!(types["request"], 11);
    assert_eq!(types["metadata"], 11);
    // The same bytes twice, the 304, the second 404.
    assert_eq!(types["revisit"], 4, "{types:?}");
    assert_eq!(types["response"], 7);
}

#[test]
fn moves_keep_the_notice_with_its_history() {
    // A permanent redirect.
    let (_dir, corpus, mut crawl) = set_up();
    let id = crawl.article(OLD, "a", "正文").notice.unwrap();
    crawl.later();
    let to = Seen::Redirect {
        to: NEW,
        permanent: true,
    };
    let moved = crawl.record(OLD, 301, &[("Location", b"/new.html")], b"", to);
    assert_eq!(
        (moved.fate, moved.moved_to.as_deref()),
        (PageFate::Moved, Some(NEW))
    );
    let there = crawl.article(NEW, "b", "正文");
    assert_eq!(
        (there.fate, there.notice.as_ref()),
        (PageFate::Moved, Some(&id))
    );
    assert_eq!(crawl.article(NEW, "b", "正文").fate, PageFate::Unchanged);
    let edited = crawl.article(NEW, "b", "改");
    assert_eq!((edited.fate, edited.version), (PageFate::Edited, Some(2)));
    crawl.writer.finish().unwrap();
    let archive = Archive::open(&corpus).unwrap();
    let notice = archive.notice(&id).unwrap().unwrap();
    assert_eq!(
        (notice.key.as_str(), notice.url.as_deref()),
        (OLD, Some(NEW))
    );
    assert_eq!(archive.notice_count().unwrap(), 1);
    assert_eq!(archive.pages_of(&id).unwrap().len(), 2);

    // Gone first, then seen elsewhere.
    let (_dir, _corpus, mut crawl) = set_up();
    let id = crawl.article(OLD, "a", "正文").notice;
    crawl.later();
    assert_eq!(
        crawl.record(OLD, 404, &[], b"", Seen::Gone).fate,
        PageFate::Gone
    );
    let there = crawl.article(NEW, "b", "正文");
    assert_eq!((there.fate, &there.notice), (PageFate::Moved, &id));
    assert_eq!(crawl.page(OLD).state, PageState::Moved);
    assert_eq!(crawl.page(NEW).state, PageState::Live);
    assert_eq!(
        crawl.record(OLD, 404, &[], b"", Seen::Gone).fate,
        PageFate::Moved
    );

    // Seen elsewhere first, then gone.
    let (_dir, _corpus, mut crawl) = set_up();
    crawl.article(OLD, "a", "正文");
    crawl.later();
    assert_eq!(crawl.article(NEW, "b", "正文").fate, PageFate::New);
    let gone = crawl.record(OLD, 404, &[], b"", Seen::Gone);
    assert_eq!(
        (gone.fate, gone.moved_to.as_deref()),
        (PageFate::Moved, Some(NEW))
    );

    // Two copies side by side, and one goes.
    let (_dir, _corpus, mut crawl) = set_up();
    crawl.article(NEW, "a", "正文");
    crawl.later();
    crawl.article(OLD, "a", "正文");
    crawl.article(NEW, "a", "正文");
    crawl.later();
    crawl.article(OLD, "a", "正文");
    assert_eq!(
        crawl.record(OLD, 410, &[], b"", Seen::Gone).fate,
        PageFate::Gone
    );
}

#[test]
fn what_was_imported_goes_on_under_its_url() {
    let (_dir, corpus, crawl) = set_up();
    drop(crawl);
    let mut writer = Writer::open(&corpus).unwrap();
    let stored = writer
        .put(&page(OLD, "<title>a</title><p>正文</p>".as_bytes()))
        .unwrap();
    drop(writer);
    let mut crawl = Crawl::new(&corpus);
    let seen = crawl.article(OLD, "a", "正文");
    assert_eq!(
        (seen.fate, seen.notice),
        (PageFate::Unchanged, Some(stored.id))
    );
    assert_eq!(crawl.article(OLD, "b", "正文").fate, PageFate::Chrome);
}

#[test]
fn compressed_responses_are_kept_as_received_and_read_decoded() {
    let (_dir, corpus, mut crawl) = set_up();
    let text = "星州市关于节水的公告".repeat(50);
    let entity = zstd::encode_all(text.as_bytes(), 3).unwrap();
    let fields: [(&str, &[u8]); 3] = [
        ("Content-Encoding", b"zstd"),
        ("Transfer-Encoding", b"chunked"),
        ("Last-Modified", b"Mon, 01 Sep 2025 08:00:00 GMT"),
    ];
    let seen = Seen::Page {
        body: None,
        article: Some(Article {
            attachments: &[Attachment {
                url: "https://xing.example.invalid/a.pdf",
                text: Some("附件1"),
            }],
        }),
    };
    crawl.record(OLD, 200, &fields, &entity, seen);
    crawl.discover("https://xing.example.invalid/a.pdf", PageKind::Attachment);
    crawl.writer.finish().unwrap();
    let archive = Archive::open(&corpus).unwrap();
    let notice = archive.find(OLD).unwrap().unwrap();
    assert_eq!(notice.newest.size, entity.len() as u64);
    assert_eq!(notice.newest.modified, Some(time("2025-09-01T08:00:00Z")));
    assert_eq!(archive.load(&notice.newest).unwrap().bytes, text.as_bytes());
    let files = archive.attachments(&notice.id).unwrap();
    assert_eq!(files[0].text.as_deref(), Some("附件1"));
    assert_eq!(files[0].page.as_ref().unwrap().sha256, None);
}

#[test]
fn failures_are_kept_and_nonsense_is_refused() {
    let (_dir, corpus, mut crawl) = set_up();
    let page = crawl.discover(OLD, PageKind::Article);
    let failed = crawl
        .writer
        .record_failure(&Failure {
            run: crawl.run,
            page,
            fetched: crawl.now,
            took: Duration::from_secs(30),
            why: "no such host\r\nWARC-Type: x",
        })
        .unwrap();
    assert_eq!(failed.fate, PageFate::Unreachable);
    assert_eq!(crawl.page(OLD).state, PageState::Unreachable);
    assert_eq!(
        crawl.record(OLD, 304, &[], b"", Seen::NotModified).fate,
        PageFate::Unreachable
    );
    let bad = Seen::Page {
        body: Some("a\nb"),
        article: None,
    };
    let exchange = Exchange {
        run: crawl.run,
        page,
        request: HttpHead {
            line: "GET / HTTP/1.1",
            fields: &[],
        },
        response: HttpHead {
            line: "HTTP/1.1 200 OK",
            fields: &[],
        },
        status: 200,
        entity: b"x",
        truncated: Some(Truncation::Disconnect),
        fetched: crawl.now,
        took: Duration::ZERO,
        ip: None,
        seen: bad,
    };
    assert!(matches!(
        crawl.writer.record(&exchange),
        Err(ArchiveError::BadText { .. })
    ));
    crawl.writer.finish().unwrap();
    let types = record_types(&corpus);
    assert_eq!((types["metadata"], types["request"]), (2, 1));
}

#[test]
fn the_frontier_is_read_in_parts_and_survives_a_crash() {
    let (dir, corpus, mut crawl) = set_up();
    let urls: Vec<_> = (0..1_000)
        .map(|n| format!("https://xing.example.invalid/{n}.html"))
        .collect();
    let start = crawl.now;
    let found: Vec<_> = urls
        .iter()
        .enumerate()
        .map(|(n, url)| Discovered {
            url,
            site: if n % 2 == 0 { SITE } else { "qing" },
            column: None,
            kind: PageKind::Article,
            found_on: None,
            depth: 2,
            discovered: start,
            due: Some(start + Span::new().seconds(i64::try_from(n).unwrap() / 10)),
        })
        .collect();
    let first = crawl.writer.discover(&found).unwrap();
    assert_eq!((first.new, first.pages.len()), (1_000, 1_000));
    let again = crawl.writer.discover(&found).unwrap();
    assert_eq!((again.new, &again.pages), (0, &first.pages));
    crawl.writer.commit().unwrap();
    crawl.writer.schedule(first.pages[0], None, None).unwrap();

    // As a crash would leave it: the last change was not committed.
    let crashed = snapshot(&corpus, &dir.path().join("crashed"));
    let mut writer = Writer::open(&crashed).unwrap();
    let by = start + Span::new().seconds(49);
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let due = writer
            .due(&DueQuery {
                site: Some(SITE),
                by,
                after: after.as_ref(),
                limit: 37,
            })
            .unwrap();
        if due.is_empty() {
            break;
        }
        assert!(due.len() <= 37 && due.iter().all(|page| page.site == SITE));
        seen.extend(due.iter().map(|page| page.id));
        after = due.into_iter().last();
    }
    assert_eq!(seen.len(), 250);
    assert!(seen.is_sorted(), "due order");
    assert_eq!(writer.count_due(Some(SITE), by).unwrap(), 250);
    assert_eq!(writer.count_due(None, by).unwrap(), 500);
    assert_eq!(writer.next_due(None).unwrap(), Some(start));

    let hour = Duration::from_secs(3600);
    writer
        .schedule(seen[0], Some(start + Span::new().hours(1)), Some(hour))
        .unwrap();
    writer.forbid(seen[1]).unwrap();
    assert_eq!(writer.page(seen[0]).unwrap().unwrap().interval, Some(hour));
    assert_eq!(
        writer.page(seen[1]).unwrap().unwrap().state,
        PageState::Forbidden
    );
    assert_eq!(writer.count_due(Some(SITE), by).unwrap(), 249);
}

#[test]
fn runs_are_remembered_with_what_they_did() {
    let (_dir, corpus, crawl) = set_up();
    drop(crawl);
    let mut crawl = Crawl::new(&corpus);
    crawl.article(OLD, "a", "正文");
    crawl.article(NEW, "a", "正文二");
    let alarm = Alarm {
        raised: crawl.now,
        site: Some(SITE.into()),
        column: Some("通知公告".into()),
        kind: "empty_list".into(),
        message: "the list is empty".into(),
    };
    crawl.writer.raise(crawl.run, &alarm).unwrap();
    let coverage = Coverage {
        site: SITE.into(),
        column: "通知公告".into(),
        listed: 3,
        stated: Some(4),
        fetched: 2,
        read: 2,
        ..Coverage::default()
    };
    crawl.writer.cover(crawl.run, &coverage).unwrap();
    let run = crawl.run;
    crawl
        .writer
        .end_run(run, crawl.now, RunOutcome::Done, None)
        .unwrap();
    drop(crawl);

    let archive = Archive::open(&corpus).unwrap();
    let runs = archive.runs(10).unwrap();
    assert_eq!(runs[0].outcome, RunOutcome::Done);
    assert_eq!(runs[0].fates, [(PageFate::New, 2)]);
    assert_eq!(runs[0].alarms, 1);
    assert_eq!(runs[1].outcome, RunOutcome::Killed);
    assert_eq!(archive.alarms(run).unwrap(), [alarm]);
    assert_eq!(archive.coverage(run).unwrap(), [coverage]);
    assert_eq!(archive.fetches_in(run, 0, 1).unwrap().len(), 1);
    let counts = archive.crawl_counts().unwrap();
    assert_eq!((counts.pages, counts.fetches, counts.runs), (2, 2, 2));
}

#[test]
fn a_writer_may_go_to_another_thread() {
    fn check<T: Send>() {}
    check::<Writer>();
}
