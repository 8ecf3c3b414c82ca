//! What an import tells while it runs, and at its end.

use std::{fmt, path::PathBuf};

use gongbao_notice::NoticeId;
use serde::Serialize;

use crate::writer::Fate;

/// Something that happened during an import.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ImportEvent<'a> {
    /// What there is to read, first of all.
    Counted {
        /// Files.
        files: u64,
        /// Their sizes on disk together, in bytes.
        bytes: u64,
    },
    /// How far it has come, after each file and each row.
    Progress {
        /// Files done.
        files: u64,
        /// Of the bytes counted, those done.
        bytes: u64,
    },
    /// A notice is on disk, or was there unchanged.
    Imported(&'a Imported),
    /// Something was left out.
    Skipped(&'a Skip),
}

/// A notice that was imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Its id.
    pub id: NoticeId,
    /// New, unchanged or changed.
    pub fate: Fate,
    /// Its newest version now, from 1.
    pub version: u32,
    /// What it is found under.
    pub key: String,
    /// Where it was read.
    #[serde(flatten)]
    pub place: Place,
    /// The title that a row gives.
    pub title: Option<String>,
}

/// Where something was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, as walked to; `-` for standard input.
    #[serde(serialize_with = "lossy")]
    pub path: PathBuf,
    /// The line of a JSON Lines file, from 1.
    pub line: Option<u64>,
    /// The URL of a record of a WARC file.
    pub url: Option<String>,
}

impl Place {
    pub(super) fn of(path: &std::path::Path) -> Self {
        Self {
            path: path.to_owned(),
            line: None,
            url: None,
        }
    }
}

/// A file name need not be UTF-8, which would make serde fail.
fn lossy<S: serde::Serializer>(path: &std::path::Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

/// `rows.jsonl:7`, `page.html`, or `crawl.warc.gz (https://…)`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        match &self.url {
            Some(url) => write!(f, " ({url})"),
            None => Ok(()),
        }
    }
}

/// Something that was not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// Where it is.
    pub place: Place,
    /// Why.
    pub reason: SkipReason,
}

/// Why something was not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// A file without content.
    Empty,
    /// It could not be opened or read to its end, compressed files that do
    /// not decompress included.
    Unreadable(String),
    /// A pipe, socket or device.
    NotAFile,
    /// A file whose name says that it is no page: `.css`, `.png` …
    NotAPage {
        /// The end of its name, in lower case, without the dot.
        extension: String,
    },
    /// It is no text, says whoever was asked.
    NotText(String),
    /// Larger than the limit.
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// A line that is no JSON object, or one with fields of the wrong type.
    InvalidRow(String),
    /// A row without text.
    NoText,
    /// A row of standard input that has neither id nor URL.
    Nameless,
    /// Another row of this run has the same name and other content.
    Repeated {
        /// The name.
        key: String,
        /// The line of that other row.
        first: u64,
    },
    /// The archive cannot keep it under its name.
    Refused(String),
    /// A WARC file that ends within a record. All before that was taken.
    CutShort,
    /// A file that goes on with something else than WARC records, or WACZ
    /// files that are no ZIP. All before that was taken.
    NotWarc(String),
    /// A record whose bytes are not those that its digest was made of.
    BadDigest(String),
    /// A response in an encoding that cannot be undone.
    Undecodable(String),
}

impl SkipReason {
    /// One word for counting and for scripts.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Unreadable(_) => "unreadable",
            Self::NotAFile => "not_a_file",
            Self::NotAPage { .. } => "not_a_page",
            Self::NotText(_) => "not_text",
            Self::TooLarge { .. } => "too_large",
            Self::InvalidRow(_) => "invalid_row",
            Self::NoText => "no_text",
            Self::Nameless => "nameless",
            Self::Repeated { .. } => "repeated",
            Self::Refused(_) => "refused",
            Self::CutShort => "cut_short",
            Self::NotWarc(_) => "not_warc",
            Self::BadDigest(_) => "bad_digest",
            Self::Undecodable(_) => "undecodable",
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::Unreadable(reason) => write!(f, "it cannot be read: {reason}"),
            Self::NotAFile => f.write_str("it is no regular file"),
            Self::NotAPage { extension } => write!(f, "a .{extension} file is no page"),
            Self::NotText(reason) => write!(f, "it is no text: {reason}"),
            Self::TooLarge { limit } => write!(f, "it is larger than {limit} bytes"),
            Self::InvalidRow(reason) => write!(f, "it is no valid row: {reason}"),
            Self::NoText => f.write_str("the row has no text"),
            Self::Nameless => f.write_str("the row has neither a valid id nor a URL"),
            Self::Repeated { key, first } => {
                write!(f, "another row, on line {first}, is also named {key}")
            }
            Self::Refused(reason) => f.write_str(reason),
            Self::CutShort => f.write_str("it ends within a record; all before that was taken"),
            Self::NotWarc(reason) => write!(f, "it is no WARC from here on: {reason}"),
            Self::BadDigest(field) => write!(f, "its bytes do not match its {field}"),
            Self::Undecodable(reason) => write!(f, "it cannot be decoded: {reason}"),
        }
    }
}

/// The counts of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ImportReport {
    /// Files looked at.
    pub files: u64,
    /// Notices that are new.
    pub new: u64,
    /// Notices that have a new version.
    pub changed: u64,
    /// Notices that were there as they are.
    pub unchanged: u64,
    /// Files and rows left out.
    pub skipped: u64,
    /// Records of WARC files that are no notices, which is no fault.
    pub left_out: LeftOut,
    /// Whether it ended early because it was asked to.
    pub interrupted: bool,
}

/// Responses in WARC files that are no notices, by reason. Requests, metadata
/// and the like are not counted at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// They say that nothing has changed since an earlier record.
    pub revisits: u64,
    /// Their status is not 200.
    pub status: u64,
    /// Images, scripts, style sheets and other files that are no pages.
    pub other_type: u64,
    /// Their URL is not of the web, or `robots.txt`.
    pub other_url: u64,
    /// They are older than the version that the corpus has already.
    pub older: u64,
}

impl LeftOut {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.revisits + self.status + self.other_type + self.other_url + self.older
    }
}

impl ImportReport {
    pub(super) fn count(&mut self, fate: Fate) {
        match fate {
            Fate::New => self.new += 1,
            Fate::Unchanged => self.unchanged += 1,
            Fate::Changed => self.changed += 1,
        }
    }
}
