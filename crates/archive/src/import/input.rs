//! What a file is, by its name, and its decoded bytes.

use std::{
    cell::Cell,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
    rc::Rc,
};

use flate2::read::MultiGzDecoder;

use crate::{archive::printable_file_name, import::SkipReason};

const BUFFER_BYTES: usize = 128 * 1024;

/// Files that lie beside saved pages and read like text, but are no notices;
/// and such as are better refused by name than by content.
const NOT_PAGES: [&str; 35] = [
    "7z", "avif", "bmp", "css", "db", "doc", "docx", "eot", "exe", "gif", "ico", "jpeg", "jpg",
    "js", "json", "map", "mjs", "mp3", "mp4", "ofd", "otf", "pdf", "png", "ppt", "pptx", "rar",
    "sqlite", "svg", "tar", "ttf", "webp", "woff", "woff2", "xlsx", "zip",
];

/// What a file is, as its name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// What it holds.
    pub(super) content: Content,
    /// Its name without the end that tells the compression.
    pub(super) file_name: Option<String>,
    compression: Compression,
    content_type: Option<&'static str>,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// One page or text.
    Page,
    /// JSON Lines.
    Rows,
    /// WARC records.
    Warc,
    /// A ZIP with WARC files in it.
    Wacz,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compression {
    None,
    Gzip,
    Zstandard,
}

impl Form {
    /// The form of the file at `path`, or why it is not one to import.
    pub(super) fn of(path: &Path) -> Result<Self, SkipReason> {
        let name = printable_file_name(path).unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        let (compression, end) = [(Compression::Gzip, ".gz"), (Compression::Zstandard, ".zst")]
            .into_iter()
            .find(|(_, end)| lower.ends_with(end))
            .unwrap_or((Compression::None, ""));
        let name = &name[..name.len() - end.len()];
        let extension = match lower[..name.len()].rsplit_once('.') {
            Some((_, extension)) => extension,
            None => "",
        };
        let (content, content_type) = match extension {
            "jsonl" | "ndjson" => (Content::Rows, Some("application/json")),
            "warc" => (Content::Warc, None),
            "wacz" => (Content::Wacz, None),
            "html" | "htm" | "shtml" | "xhtml" => (Content::Page, Some("text/html")),
            "txt" => (Content::Page, Some("text/plain")),
            other if NOT_PAGES.contains(&other) => {
                let extension = other.to_owned();
                return Err(SkipReason::NotAPage { extension });
            }
            _ => (Content::Page, None),
        };
        Ok(Self {
            content,
            file_name: (!name.is_empty()).then(|| name.to_owned()),
            compression,
            content_type,
        })
    }

    pub(super) fn is_compressed(&self) -> bool {
        self.compression != Compression::None
    }

    /// By the name or, failing that, by whether it begins like markup.
    pub(super) fn content_type(&self, bytes: &[u8]) -> &'static str {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        self.content_type
            .unwrap_or(match text.trim_ascii_start().first() {
                Some(b'<') => "text/html",
                _ => "text/plain",
            })
    }
}

/// The decoded bytes of a file, as a stream.
pub(super) struct Input {
    decoded: Box<dyn BufRead>,
    taken: Rc<Cell<u64>>,
}

impl Input {
    pub(super) fn open(path: &Path, form: &Form) -> io::Result<Self> {
        let taken = Rc::new(Cell::new(0));
        let file = CountedFile {
            file: File::open(path)?,
            taken: Rc::clone(&taken),
        };
        let buffered = BufReader::with_capacity(BUFFER_BYTES, file);
        let decoded: Box<dyn BufRead> = match form.compression {
            Compression::None => Box::new(buffered),
            Compression::Gzip => Box::new(BufReader::with_capacity(
                BUFFER_BYTES,
                MultiGzDecoder::new(buffered),
            )),
            // Asks for at most 128 MiB of memory; frames that want more are refused.
            Compression::Zstandard => Box::new(BufReader::with_capacity(
                BUFFER_BYTES,
                zstd::Decoder::with_buffer(buffered)?,
            )),
        };
        Ok(Self { decoded, taken })
    }

    /// Tells while it is read how much has been, as
    /// [`bytes_taken`](Self::bytes_taken) does.
    pub(super) fn counter(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.taken)
    }

    /// How much of the file has been read, in bytes as they lie on disk.
    pub(super) fn bytes_taken(&self) -> u64 {
        self.taken.get()
    }
}

impl Read for Input {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.decoded.read(out)
    }
}

impl BufRead for Input {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.decoded.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.decoded.consume(amount);
    }
}

struct CountedFile {
    file: File,
    taken: Rc<Cell<u64>>,
}

impl Read for CountedFile {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(out)?;
        self.taken.set(self.taken.get() + read as u64);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, content: Content, inner: &str, content_type: &str) {
        let form = Form::of(&Path::new("some.jsonl").join(name)).unwrap();
        assert_eq!(form.content, content);
        assert_eq!(form.file_name.as_deref(), Some(inner));
        assert_eq!(
            form.content_type("\u{feff} <p>公告".as_bytes()),
            content_type
        );
    }

    #[test]
    fn names_tell_what_files_are() {
        check("公告.HTML", Content::Page, "公告.HTML", "text/html");
        check("t1.shtml.gz", Content::Page, "t1.shtml", "text/html");
        check("a.txt", Content::Page, "a.txt", "text/plain");
        check(
            "rows.jsonl.ZST",
            Content::Rows,
            "rows.jsonl",
            "application/json",
        );
        check(
            "rows.ndjson",
            Content::Rows,
            "rows.ndjson",
            "application/json",
        );
        check("notice", Content::Page, "notice", "text/html");
        check("page.aspx", Content::Page, "page.aspx", "text/html");
        check("x.warc.gz", Content::Warc, "x.warc", "text/html");
        check("x.WACZ", Content::Wacz, "x.WACZ", "text/html");
        for name in ["style.css", "a.png", "a.json.gz"] {
            assert!(Form::of(Path::new(name)).is_err(), "{name}");
        }
    }
}
