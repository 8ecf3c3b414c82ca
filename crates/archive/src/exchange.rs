//! What a crawler hands over: requests, responses, and what it makes of them.

use std::{net::IpAddr, time::Duration};

use gongbao_notice::NoticeId;
use jiff::Timestamp;

use crate::{
    http::HttpHead,
    page::{PageFate, PageId},
    run::RunId,
};

/// A request and its response; see [`Writer::record`](crate::Writer::record).
/// Each hop of a redirect is one of its own, on a page of its own.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// The run it is part of.
    pub run: RunId,
    /// The page whose URL was asked for.
    pub page: PageId,
    /// The request as sent: the line with path and query, `Host` and the rest.
    pub request: HttpHead<'a>,
    /// The head of the response as received.
    pub response: HttpHead<'a>,
    /// The status of the response.
    pub status: u16,
    /// The entity as received: without the transfer encoding, which HTTP
    /// libraries undo, in its content encoding, which they must not. To read
    /// it, see [`decode_entity`](crate::decode_entity).
    pub entity: &'a [u8],
    /// Why the entity is not all that the server had, if it is not.
    pub truncated: Option<Truncation>,
    /// When the response came. Kept to the second.
    pub fetched: Timestamp,
    /// From the request to the end of the response.
    pub took: Duration,
    /// The address that answered.
    pub ip: Option<IpAddr>,
    /// What was made of it.
    pub seen: Seen<'a>,
}

/// Why an entity was cut off (WARC 1.1, 5.13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truncation {
    /// It was larger than allowed.
    Length,
    /// It took longer than allowed.
    Time,
    /// The connection ended too early.
    Disconnect,
}

impl Truncation {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Time => "time",
            Self::Disconnect => "disconnect",
        }
    }
}

/// What a crawler makes of a response.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// A page as expected, with status 200. It is new, unchanged, edited or
    /// changed in its chrome, which the archive finds out.
    Page {
        /// A fingerprint of what it says, without its chrome: of the title
        /// and body of an article, of the links of a list. Equal ones mean
        /// that nothing was edited. Any text without blanks; best a digest
        /// with a number for the rules by which it was made. `None` where only
        /// the bytes count, as with attachments, and for articles too short
        /// to tell one from another.
        body: Option<&'a str>,
        /// An article becomes a notice, and its edits versions of it.
        article: Option<Article<'a>>,
    },
    /// Status 304, after a conditional request.
    NotModified,
    /// A redirect to another address. `permanent` (301, 308) when the notice
    /// is now to be found there: whatever is received there next as an article
    /// becomes its next version. Not for redirects to a home page or a page
    /// that tells of an error, which are as good as [`Gone`](Self::Gone).
    Redirect {
        /// The canonical URL it leads to.
        to: &'a str,
        /// Whether it is meant to last.
        permanent: bool,
    },
    /// 404, 410, or a page that says so. If the article's text has been
    /// received from another page of the site, it has moved there.
    Gone,
    /// 403, 412, 420, 521, a script challenge: kept from us.
    Declined,
    /// Anything else: a status of failure, a response that was cut short or
    /// makes no sense. `why` says it in words, for people.
    Failed {
        /// What is the matter.
        why: &'a str,
    },
}

/// What is special about an article.
#[derive(Clone, Copy, Debug, Default)]
pub struct Article<'a> {
    /// The files that belong to it. Their pages are to be
    /// [discovered](crate::Writer::discover) like any other.
    pub attachments: &'a [Attachment<'a>],
}

/// A file that an article links.
#[derive(Clone, Copy, Debug)]
pub struct Attachment<'a> {
    /// Its canonical URL.
    pub url: &'a str,
    /// The text of the link.
    pub text: Option<&'a str>,
}

/// A request that no response came to: no such host, no connection, a time
/// out; see [`Writer::record_failure`](crate::Writer::record_failure).
#[derive(Clone, Copy, Debug)]
pub struct Failure<'a> {
    /// The run it is part of.
    pub run: RunId,
    /// The page whose URL was asked for.
    pub page: PageId,
    /// When it failed. Kept to the second.
    pub fetched: Timestamp,
    /// From the request to the failure.
    pub took: Duration,
    /// What is the matter, in words.
    pub why: &'a str,
}

/// What became of an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// What it came to.
    pub fate: PageFate,
    /// The notice that the page is.
    pub notice: Option<NoticeId>,
    /// The version of the notice that it made: with the fates new and edited,
    /// of articles.
    pub version: Option<u32>,
    /// Where the page is now, with the fate moved.
    pub moved_to: Option<String>,
}
