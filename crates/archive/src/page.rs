//! The pages that a crawl knows, and what came of fetching them.

use std::time::Duration;

use gongbao_notice::NoticeId;
use jiff::Timestamp;
use rusqlite::{Row, types::FromSqlError};
use serde::{Deserialize, Serialize};

use crate::archive::{number, parsed, parsed_or_null};

/// Names for an enum that is text in the catalogue, in JSON and on screen.
macro_rules! named {
    ($type:ident: $($variant:ident = $name:literal),+ $(,)?) => {
        impl $type {
            /// Its name in the catalogue and in JSON.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }

        impl rusqlite::types::FromSql for $type {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                match value.as_str()? {
                    $($name => Ok(Self::$variant),)+
                    other => Err(FromSqlError::Other(format!("unknown {} {other:?}", stringify!($type)).into())),
                }
            }
        }
    };
}
pub(crate) use named;

/// Number of a page in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PageId(pub(crate) i64);

/// What a page is to a crawl.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// Links articles: a column, one of its further pages, a sitemap, a feed.
    List,
    /// A notice, or believed to be one.
    Article,
    /// A file that a notice links.
    Attachment,
    /// `robots.txt`.
    Robots,
    /// Anything else.
    Other,
}

named!(PageKind: List = "list", Article = "article", Attachment = "attachment", Robots = "robots", Other = "other");

/// How a page stood when last looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageState {
    /// Never fetched.
    Waiting,
    /// There.
    Live,
    /// At another address now.
    Moved,
    /// Not there any more.
    Gone,
    /// Kept from us by its server.
    Declined,
    /// Its server did not answer, or not as it should.
    Unreachable,
    /// `robots.txt` asks not to fetch it.
    Forbidden,
}

named!(PageState: Waiting = "waiting", Live = "live", Moved = "moved", Gone = "gone", Declined = "declined",
    Unreachable = "unreachable", Forbidden = "forbidden");

/// What a fetch of a page came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageFate {
    /// Received for the first time.
    New,
    /// Said by its server to be unmodified, or byte for byte as it was.
    Unchanged,
    /// What it says has changed. An article has a new version.
    Edited,
    /// The bytes differ and what it says does not: only the page around it
    /// has changed. The bytes are kept; an article has no new version.
    Chrome,
    /// At another address: redirected, or gone and its text seen elsewhere.
    Moved,
    /// Not there any more: 404, 410, or a page that says so.
    Gone,
    /// Kept from us: 403, 412, 420, 521, or a script challenge.
    Declined,
    /// No answer, a broken one, or one of failure.
    Unreachable,
}

named!(PageFate: New = "new", Unchanged = "unchanged", Edited = "edited", Chrome = "chrome", Moved = "moved",
    Gone = "gone", Declined = "declined", Unreachable = "unreachable");

impl PageFate {
    /// Every fate.
    pub const ALL: [Self; 8] = [
        Self::New,
        Self::Unchanged,
        Self::Edited,
        Self::Chrome,
        Self::Moved,
        Self::Gone,
        Self::Declined,
        Self::Unreachable,
    ];

    /// The state that it leaves its page in.
    #[must_use]
    pub fn state(self) -> PageState {
        match self {
            Self::New | Self::Unchanged | Self::Edited | Self::Chrome => PageState::Live,
            Self::Moved => PageState::Moved,
            Self::Gone => PageState::Gone,
            Self::Declined => PageState::Declined,
            Self::Unreachable => PageState::Unreachable,
        }
    }
}

/// A URL that a crawl came upon; see [`Writer::discover`](crate::Writer::discover).
#[derive(Clone, Copy, Debug)]
pub struct Discovered<'a> {
    /// Its canonical form. Two spellings would be two pages.
    pub url: &'a str,
    /// The id of the site's profile.
    pub site: &'a str,
    /// The name of the column it was found in.
    pub column: Option<&'a str>,
    /// What it is believed to be.
    pub kind: PageKind,
    /// The page that links it; `None` for start pages and `robots.txt`.
    pub found_on: Option<PageId>,
    /// Links between it and a start page, which itself has 0.
    pub depth: u32,
    /// When it was found.
    pub discovered: Timestamp,
    /// When to fetch it; `None` for not on its own account, such as
    /// `robots.txt`.
    pub due: Option<Timestamp>,
}

/// A page in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRecord {
    /// Its number.
    pub id: PageId,
    /// Its URL.
    pub url: String,
    /// The id of its site's profile.
    pub site: String,
    /// The column it was found in.
    pub column: Option<String>,
    /// What it is.
    pub kind: PageKind,
    /// How it stood when last looked at.
    pub state: PageState,
    /// When it was found first.
    pub discovered: Timestamp,
    /// The page that linked it first.
    pub found_on: Option<PageId>,
    /// Links between it and a start page.
    pub depth: u32,
    /// When to fetch it (again); `None` for never.
    pub due: Option<Timestamp>,
    /// When it was fetched last.
    pub last_fetch: Option<Timestamp>,
    /// Fetches that were declined or failed since one succeeded.
    pub failures: u32,
    /// How often it changes, as whoever schedules it has observed.
    pub interval: Option<Duration>,
    /// For `If-None-Match`: the `ETag` of what was last received.
    pub etag: Option<String>,
    /// For `If-Modified-Since`: its `Last-Modified`, as its server wrote it.
    pub last_modified: Option<String>,
    /// SHA-256 of the entity last received while it was live, in lower-case
    /// hexadecimal.
    pub sha256: Option<String>,
    /// The fingerprint of what it said then.
    pub body: Option<String>,
    /// Its new address, if it has moved.
    pub moved_to: Option<String>,
    /// The notice that it is.
    pub notice: Option<NoticeId>,
    pub(crate) record: Option<KeptRecord>,
}

/// The last WARC record with an entity of a page, which the next ones may
/// refer to instead of repeating it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptRecord {
    pub(crate) id: String,
    pub(crate) date: String,
    pub(crate) sha256: String,
}

pub(crate) const PAGE_COLUMNS: &str = "p.id, p.url, p.site, p.column_name, p.kind, p.state, p.discovered, p.found_on, \
    p.depth, p.due, p.last_fetch, p.failures, p.interval_s, p.etag, p.last_modified, p.sha256, p.body, p.moved_to, \
    p.notice, p.record_id, p.record_date, p.record_sha256";

impl PageRecord {
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let record = match row.get(19)? {
            Some(id) => Some(KeptRecord {
                id,
                date: row.get(20)?,
                sha256: row.get(21)?,
            }),
            None => None,
        };
        Ok(Self {
            id: PageId(row.get(0)?),
            url: row.get(1)?,
            site: row.get(2)?,
            column: row.get(3)?,
            kind: row.get(4)?,
            state: row.get(5)?,
            discovered: parsed(row, 6)?,
            found_on: row.get::<_, Option<i64>>(7)?.map(PageId),
            depth: row.get(8)?,
            due: parsed_or_null(row, 9)?,
            last_fetch: parsed_or_null(row, 10)?,
            failures: row.get(11)?,
            interval: match row.get_ref(12)? {
                rusqlite::types::ValueRef::Null => None,
                _ => Some(Duration::from_secs(number(row, 12)?)),
            },
            etag: row.get(13)?,
            last_modified: row.get(14)?,
            sha256: row.get(15)?,
            body: row.get(16)?,
            moved_to: row.get(17)?,
            notice: parsed_or_null(row, 18)?,
            record,
        })
    }
}

/// A request of the past and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchRecord {
    /// Its number; later ones are greater.
    pub id: u64,
    /// The run it was part of.
    pub run: crate::RunId,
    /// The page.
    pub page: PageId,
    /// The page's URL.
    pub url: String,
    /// When the response came.
    pub fetched: Timestamp,
    /// The status of HTTP; `None` when no response came.
    pub status: Option<u16>,
    /// What it came to.
    pub fate: PageFate,
    /// What went wrong, or the new address.
    pub detail: Option<String>,
    /// From the request to the end of the response.
    pub took: Duration,
    /// Size of the entity as received.
    pub bytes: u64,
    /// SHA-256 of the entity; for an unchanged page, of the one it had.
    pub sha256: Option<String>,
    /// The WARC file of the record that tells it, by its name.
    pub warc_file: String,
    /// Where in it the record starts, in bytes.
    pub warc_offset: u64,
    /// Length of the compressed record in bytes.
    pub warc_length: u64,
    /// The notice that the page is.
    pub notice: Option<NoticeId>,
    /// The version of it that this fetch made.
    pub version: Option<u32>,
}

pub(crate) const FETCHES: &str = "SELECT f.id, f.run, f.page, p.url, f.fetched, f.status, f.fate, f.detail, f.duration_ms, \
    f.bytes, f.sha256, f.warc_file, f.warc_offset, f.warc_length, f.notice, f.version \
    FROM fetches f JOIN pages p ON p.id = f.page";

impl FetchRecord {
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: number(row, 0)?,
            run: crate::RunId(row.get(1)?),
            page: PageId(row.get(2)?),
            url: row.get(3)?,
            fetched: parsed(row, 4)?,
            status: row.get(5)?,
            fate: row.get(6)?,
            detail: row.get(7)?,
            took: Duration::from_millis(number(row, 8)?),
            bytes: number(row, 9)?,
            sha256: row.get(10)?,
            warc_file: row.get(11)?,
            warc_offset: number(row, 12)?,
            warc_length: number(row, 13)?,
            notice: parsed_or_null(row, 14)?,
            version: row.get(15)?,
        })
    }
}

/// A file that a notice links; see [`Archive::attachments`](crate::Archive::attachments).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachmentRecord {
    /// Its URL.
    pub url: String,
    /// The text of the link.
    pub text: Option<String>,
    /// The first version of the notice that links it.
    pub version: u32,
    /// What is known of the page of that URL: `sha256` is set once the file
    /// has been received.
    pub page: Option<PageRecord>,
}
