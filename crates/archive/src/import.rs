//! Local files into the archive: pages, texts, JSON Lines and the WARC files of
//! others, compressed or not, one by one or by the folder.

mod foreign; // records of WARC files that others made
mod input; // what a file is, and its decoded bytes
mod report; // events, skips, counts
mod rows; // lines of JSON Lines
mod walk; // the files under the given paths
mod warc; // WARC and WACZ files: which records become notices

use std::{
    collections::HashMap,
    io::{self, BufRead, Read},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use jiff::Timestamp;

use crate::{
    archive::CaptureKind,
    error::ArchiveError,
    http::HttpHead,
    import::{
        input::{Content, Form, Input},
        rows::{Line, Lines, Row},
        walk::{Walk, Walked},
    },
    uri::key_of_path,
    writer::{Capture, Fate, Writer},
};

pub use self::report::{ImportEvent, ImportReport, Imported, LeftOut, Place, Skip, SkipReason};

/// Captures between two commits, at most: bounds what is held back until it
/// is on disk.
const MAX_UNCOMMITTED: usize = 5_000;

/// How an import behaves.
#[derive(Clone, Copy, Debug)]
pub struct ImportOptions<'a> {
    /// The time to record for all captures.
    pub fetched: Timestamp,
    /// Whether bytes are text, or why not; asked for every page, not for
    /// JSON Lines.
    pub sniff: fn(&[u8]) -> Result<(), String>,
    /// A larger page or row is skipped. In bytes once decompressed, 64 MiB
    /// by default: no notice is that long, and each is held in memory.
    pub max_bytes: u64,
    /// No more than this is read of one compressed JSON Lines file once
    /// decompressed, 64 GiB by default: the end of a decompression bomb.
    pub max_stream_bytes: u64,
    /// Time between commits, one second by default: what a crash may cost,
    /// and how long a notice takes from being read to being reported.
    pub commit_every: Duration,
    /// Once true, the import commits what it has and returns.
    pub interrupt: Option<&'a AtomicBool>,
}

impl ImportOptions<'_> {
    /// The defaults.
    #[must_use]
    pub fn new(fetched: Timestamp, sniff: fn(&[u8]) -> Result<(), String>) -> Self {
        Self {
            fetched,
            sniff,
            max_bytes: 64 << 20,
            max_stream_bytes: 64 << 30,
            commit_every: Duration::from_secs(1),
            interrupt: None,
        }
    }
}

/// Imports the files at `paths`: pages (`.html`, `.htm`, `.shtml`, `.xhtml`),
/// texts (`.txt`), other files that `sniff` takes for text, JSON Lines
/// (`.jsonl`, `.ndjson`), WARC files (`.warc`), any of these as `.gz` or
/// `.zst`, and WACZ files (`.wacz`). Folders are
/// walked in the order of their names, without hidden files, each folder
/// once. `-` reads JSON Lines from standard input.
///
/// A row's key is `id:` and its id if that is a valid
/// [`NoticeId`](gongbao_notice::NoticeId), else its URL, else its file and
/// line; it is kept as the bytes of its line. A file's key is
/// [`key_of_path`].
///
/// Of a WARC file, HTML and plain text with status 200 become notices under
/// their URL, received when the record says; a record's digests are checked.
/// What is older than what the corpus has is left out, so importing twice
/// changes nothing. Other responses are counted in
/// [`left_out`](ImportReport::left_out).
///
/// What cannot be imported is skipped, counted and told to `on_event`. What
/// was imported is told once it is on disk.
///
/// # Errors
///
/// Those of the archive, such as a full disk. All that could be committed is
/// then committed and has been told; importing the same again continues.
pub fn import(
    writer: &mut Writer,
    paths: &[PathBuf],
    options: &ImportOptions<'_>,
    on_event: &mut dyn FnMut(ImportEvent<'_>),
) -> Result<ImportReport, ArchiveError> {
    let mut run = Run {
        writer,
        options,
        on_event,
        report: ImportReport::default(),
        waiting: Vec::new(),
        last_commit: Instant::now(),
        seen: HashMap::new(),
        files: 0,
        bytes: 0,
    };
    run.count(paths);
    let done = run.all(paths);
    // Also after an error: what was put before it is whole.
    let committed = run.commit();
    let report = run.report;
    done.and(committed).map(|()| report)
}

/// An import under way.
struct Run<'r, 'o> {
    writer: &'r mut Writer,
    options: &'r ImportOptions<'o>,
    on_event: &'r mut dyn FnMut(ImportEvent<'_>),
    report: ImportReport,
    /// Put, but not committed yet.
    waiting: Vec<Imported>,
    last_commit: Instant,
    /// Hashes of the row keys of this run, with the line each was first on.
    /// 16 bytes a row.
    seen: HashMap<u64, u64>,
    files: u64,
    bytes: u64,
}

impl Run<'_, '_> {
    fn interrupted(&mut self) -> bool {
        let interrupted = self
            .options
            .interrupt
            .is_some_and(|flag| flag.load(Ordering::Relaxed));
        self.report.interrupted |= interrupted;
        interrupted
    }

    /// Walks once without reading, so that progress has an end to show.
    fn count(&mut self, paths: &[PathBuf]) {
        let (mut files, mut bytes) = (0, 0);
        for path in paths.iter().filter(|path| !is_stdin(path)) {
            for found in Walk::new(path).without(self.writer.corpus().dir()) {
                if self.interrupted() {
                    return;
                }
                if let Walked::File { size, .. } = found {
                    files += 1;
                    bytes += size;
                }
            }
        }
        (self.on_event)(ImportEvent::Counted { files, bytes });
    }

    fn all(&mut self, paths: &[PathBuf]) -> Result<(), ArchiveError> {
        for path in paths {
            if is_stdin(path) {
                let input = io::stdin().lock();
                self.rows(path, None, input)?;
                continue;
            }
            for found in Walk::new(path).without(self.writer.corpus().dir()) {
                if self.interrupted() {
                    return Ok(());
                }
                match found {
                    Walked::File {
                        path,
                        size,
                        modified,
                    } => {
                        let before = self.bytes;
                        self.file(&path, size, modified)?;
                        self.files += 1;
                        self.report.files += 1;
                        self.bytes = before + size;
                        self.progress();
                    }
                    Walked::Unreadable { path, reason } => {
                        self.skip(&path, None, SkipReason::Unreadable(reason))
                    }
                    Walked::Special { path } => self.skip(&path, None, SkipReason::NotAFile),
                }
            }
        }
        Ok(())
    }

    fn file(
        &mut self,
        path: &Path,
        size: u64,
        modified: Option<Timestamp>,
    ) -> Result<(), ArchiveError> {
        let form = match Form::of(path) {
            Ok(form) => form,
            Err(reason) => {
                self.skip(path, None, reason);
                return Ok(());
            }
        };
        if size == 0 {
            self.skip(path, None, SkipReason::Empty);
            return Ok(());
        }
        if form.content == Content::Page && !form.is_compressed() && size > self.options.max_bytes {
            let limit = self.options.max_bytes;
            self.skip(path, None, SkipReason::TooLarge { limit });
            return Ok(());
        }
        if form.content == Content::Wacz {
            return self.wacz(path);
        }
        let input = match Input::open(path, &form) {
            Ok(input) => input,
            Err(error) => {
                self.skip(path, None, SkipReason::Unreadable(error.to_string()));
                return Ok(());
            }
        };
        match form.content {
            Content::Rows => self.rows(path, form.file_name.as_deref(), input),
            Content::Warc => {
                let counter = input.counter();
                self.warc(path, input, &|| counter.get())
            }
            Content::Page | Content::Wacz => self.page(path, &form, modified, input),
        }
    }

    fn page(
        &mut self,
        path: &Path,
        form: &Form,
        modified: Option<Timestamp>,
        input: Input,
    ) -> Result<(), ArchiveError> {
        let limit = self.options.max_bytes;
        let mut bytes = Vec::new();
        let refused = match input.take(limit.saturating_add(1)).read_to_end(&mut bytes) {
            Err(error) => Some(SkipReason::Unreadable(error.to_string())),
            Ok(0) => Some(SkipReason::Empty),
            Ok(read) if read as u64 > limit => Some(SkipReason::TooLarge { limit }),
            Ok(_) if bytes.iter().all(u8::is_ascii_whitespace) => Some(SkipReason::Empty),
            Ok(_) => (self.options.sniff)(&bytes).err().map(SkipReason::NotText),
        };
        if let Some(reason) = refused {
            self.skip(path, None, reason);
            return Ok(());
        }
        let key = key_of_path(path);
        let capture = Capture {
            key: &key,
            id: None,
            url: None,
            file_name: form.file_name.as_deref(),
            content_type: Some(form.content_type(&bytes)),
            bytes: &bytes,
            fetched: self.options.fetched,
            modified,
            kind: CaptureKind::Page,
        };
        self.put(&capture, None, Place::of(path), None)
    }

    fn rows(
        &mut self,
        path: &Path,
        file_name: Option<&str>,
        input: impl BufRead + Counts,
    ) -> Result<(), ArchiveError> {
        let before = self.bytes;
        let file_key = (!is_stdin(path)).then(|| key_of_path(path));
        let mut lines = Lines::new(input, self.options.max_bytes, self.options.max_stream_bytes);
        loop {
            if self.interrupted() {
                return Ok(());
            }
            let (number, bytes) = match lines.next_line() {
                Ok(Line::Text { number, bytes }) => (number, bytes),
                Ok(Line::TooLong { number }) => {
                    let limit = self.options.max_bytes;
                    self.skip(path, Some(number), SkipReason::TooLarge { limit });
                    continue;
                }
                Ok(Line::StreamTooLong { number }) => {
                    let limit = self.options.max_stream_bytes;
                    self.skip(path, Some(number), SkipReason::TooLarge { limit });
                    return Ok(());
                }
                Ok(Line::End) => return Ok(()),
                Err((number, error)) => {
                    self.skip(
                        path,
                        Some(number),
                        SkipReason::Unreadable(error.to_string()),
                    );
                    return Ok(());
                }
            };
            match Row::read(bytes) {
                Err(reason) => self.skip(path, Some(number), reason),
                Ok(row) => self.row(path, file_name, file_key.as_deref(), number, bytes, &row)?,
            }
            self.bytes = before + lines.input().bytes_taken();
            self.progress();
        }
    }

    fn row(
        &mut self,
        path: &Path,
        file_name: Option<&str>,
        file_key: Option<&str>,
        number: u64,
        bytes: &[u8],
        row: &Row,
    ) -> Result<(), ArchiveError> {
        let key = match (&row.id, &row.url, file_key) {
            (Some(id), _, _) => format!("id:{id}"),
            (None, Some(url), _) => url.clone(),
            (None, None, Some(file)) => format!("{file}#L{number}"),
            (None, None, None) => {
                self.skip(path, Some(number), SkipReason::Nameless);
                return Ok(());
            }
        };
        let capture = Capture {
            key: &key,
            id: row.id.clone(),
            url: row.url.as_deref(),
            file_name,
            content_type: Some("application/json"),
            bytes,
            fetched: self.options.fetched,
            modified: None,
            kind: CaptureKind::Row,
        };
        // Two rows of one name in one run are no history. Keeping both would
        // make two versions now and two more with every import.
        let hash = gongbao_notice::NoticeId::from_key(&key).number();
        if let Some(&first) = self.seen.get(&hash) {
            match self.writer.fate(&capture) {
                Ok(Fate::Changed) => {
                    self.skip(path, Some(number), SkipReason::Repeated { key, first });
                    return Ok(());
                }
                Ok(_) => {}
                Err(error) if error.is_about_the_capture() => {}
                Err(error) => return Err(error),
            }
        }
        self.seen.insert(hash, number);
        let place = Place {
            line: Some(number),
            ..Place::of(path)
        };
        self.put(&capture, None, place, row.title.as_deref())
    }

    fn put(
        &mut self,
        capture: &Capture<'_>,
        http: Option<HttpHead<'_>>,
        place: Place,
        title: Option<&str>,
    ) -> Result<(), ArchiveError> {
        match self.writer.put_response(capture, http) {
            Ok(stored) => self.waiting.push(Imported {
                id: stored.id,
                fate: stored.fate,
                version: stored.version,
                key: capture.key.to_owned(),
                place,
                title: title.map(ToOwned::to_owned),
            }),
            Err(error) if error.is_about_the_capture() => {
                self.skip_at(place, SkipReason::Refused(error.to_string()));
            }
            Err(error) => return Err(error),
        }
        if self.waiting.len() >= MAX_UNCOMMITTED
            || self.last_commit.elapsed() >= self.options.commit_every
        {
            self.commit()?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), ArchiveError> {
        let waiting = std::mem::take(&mut self.waiting);
        self.writer.commit()?;
        for imported in &waiting {
            self.report.count(imported.fate);
            (self.on_event)(ImportEvent::Imported(imported));
        }
        self.last_commit = Instant::now();
        Ok(())
    }

    fn skip(&mut self, path: &Path, line: Option<u64>, reason: SkipReason) {
        let place = Place {
            line,
            ..Place::of(path)
        };
        self.skip_at(place, reason);
    }

    fn skip_at(&mut self, place: Place, reason: SkipReason) {
        self.report.skipped += 1;
        (self.on_event)(ImportEvent::Skipped(&Skip { place, reason }));
    }

    fn progress(&mut self) {
        let (files, bytes) = (self.files, self.bytes);
        (self.on_event)(ImportEvent::Progress { files, bytes });
    }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// An input that knows how much of its file it has taken.
trait Counts {
    /// In bytes as they lie on disk.
    fn bytes_taken(&self) -> u64;
}

impl Counts for Input {
    fn bytes_taken(&self) -> u64 {
        Self::bytes_taken(self)
    }
}

impl Counts for io::StdinLock<'_> {
    fn bytes_taken(&self) -> u64 {
        0
    }
}
