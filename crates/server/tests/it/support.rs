//! The built-in sample as a corpus, and a router to ask.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{OnceLock, atomic::AtomicBool},
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode},
};
use gongbao_archive::{Capture, CaptureKind, Corpus, Writer};
use gongbao_desk::Desk;
use gongbao_indexer::{Options, update};
use gongbao_notice::Reader;
use gongbao_server::{App, Settings};
use http_body_util::BodyExt;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

/// A page put into the sample besides.
pub(crate) struct Page<'a> {
    pub(crate) url: &'a str,
    pub(crate) bytes: &'a [u8],
    pub(crate) fetched: &'a str,
}

/// A corpus in a folder of its own.
pub(crate) struct Sample {
    pub(crate) corpus: Corpus,
    _dir: TempDir,
}

impl Sample {
    /// The notices of `data/sample`, indexed.
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let corpus = Corpus::at(dir.path());
        let sample = Self { corpus, _dir: dir };
        let source = source();
        fs::copy(
            source.join("divisions.tsv"),
            sample.corpus.dir().join("divisions.tsv"),
        )
        .expect("room");
        let manifest = fs::read_to_string(source.join("manifest.jsonl")).expect("it is there");
        let mut writer = Writer::open(&sample.corpus).expect("a corpus");
        for line in manifest.lines() {
            let page: Value = serde_json::from_str(line).expect("a page");
            let text = |name: &str| page[name].as_str().expect("text").to_owned();
            let bytes = fs::read(source.join(text("file"))).expect("a page");
            put(
                &mut writer,
                &text("url"),
                &bytes,
                &text("content_type"),
                &text("fetched"),
            );
        }
        writer.finish().expect("written");
        sample.index();
        sample
    }

    /// Adds pages, or newer versions of them; they are not indexed yet.
    pub(crate) fn add(&self, pages: &[Page<'_>]) {
        let mut writer = Writer::open(&self.corpus).expect("a corpus");
        for page in pages {
            put(&mut writer, page.url, page.bytes, "text/html", page.fetched);
        }
        writer.finish().expect("written");
    }

    /// Brings the index up to the archive.
    pub(crate) fn index(&self) {
        self.index_with(false);
    }

    /// Makes the index anew.
    pub(crate) fn rebuild(&self) {
        self.index_with(true);
    }

    fn index_with(&self, rebuild: bool) {
        let desk = self.desk();
        let options = Options {
            rebuild,
            memory_mib: 64,
            threads: std::num::NonZero::<usize>::MIN,
        };
        update(
            &self.corpus,
            &Reader::new(desk.divisions()),
            &desk.dictionary().expect("a dictionary"),
            &options,
            &AtomicBool::new(false),
            &mut |_| {},
        )
        .expect("indexed");
    }

    pub(crate) fn desk(&self) -> Desk {
        Desk::of(self.corpus.clone())
    }

    pub(crate) fn app(&self, settings: Settings) -> App {
        App::open(self.desk(), settings).expect("there is an index")
    }
}

fn put(writer: &mut Writer, url: &str, bytes: &[u8], content_type: &str, fetched: &str) {
    writer
        .put(&Capture {
            key: url,
            id: None,
            url: Some(url),
            file_name: None,
            content_type: Some(content_type),
            bytes,
            fetched: fetched.parse().expect("a time"),
            modified: None,
            kind: CaptureKind::Page,
        })
        .expect("written");
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/sample")
}

/// The routes over a sample that all tests share and none changes.
pub(crate) fn router() -> Router {
    static APP: OnceLock<(Sample, App)> = OnceLock::new();
    let (_, app) = APP.get_or_init(|| {
        let sample = Sample::new();
        let app = sample.app(Settings::default());
        (sample, app)
    });
    app.router()
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Got {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str());
        value.and_then(Result::ok).unwrap_or_default()
    }

    #[track_caller]
    pub(crate) fn with(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }
}

/// Asks for `path` with `headers`.
pub(crate) async fn ask(router: &Router, path: &str, headers: &[(&str, &str)]) -> Got {
    let mut request = Request::get(encoded(path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).expect("a request");
    let answer = router.clone().oneshot(request).await.expect("it answers");
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.expect("a whole body").to_bytes();
    Got {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8_lossy(&body).into_owned(),
    }
}

/// Asks for `path` as a browser or program that says nothing of itself.
pub(crate) async fn get(path: &str) -> Got {
    ask(&router(), path, &[]).await
}

/// `path` as it travels: what is not ASCII, and spaces, in percent signs.
fn encoded(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/?&=%:+,#".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
