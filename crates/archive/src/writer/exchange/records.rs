//! The WARC records of an exchange.

use sha2::{Digest, Sha256};

use super::verdict::Verdict;
use crate::{
    archive::CaptureKind,
    error::ArchiveError,
    exchange::{Exchange, Seen},
    http::HttpHead,
    page::{KeptRecord, PageRecord},
    record::RecordHead,
    uri::target_uri,
    warc::{hex, record_id},
    writer::{Writer, frontier::seconds},
};

/// The same bytes as an earlier record has (WARC 1.1, 6.7.2).
const SAME_PAYLOAD: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";

/// The server says that nothing has changed (WARC 1.1, 6.7.3).
const NOT_MODIFIED: &str = "http://netpreserve.org/warc/1.1/revisit/server-not-modified";

impl Writer {
    /// The request record: block digest, and the response it belongs to.
    pub(super) fn request_record(
        &self,
        page: &PageRecord,
        exchange: &Exchange<'_>,
        response: &str,
        info: String,
    ) -> (RecordHead, Vec<u8>) {
        let block = exchange.request.to_bytes();
        let mut head = RecordHead::default();
        head.push("WARC-Type", "request");
        head.push("WARC-Record-ID", record_id(&[response, "request"]));
        head.push("WARC-Warcinfo-ID", info);
        head.push("WARC-Date", seconds(exchange.fetched));
        head.push("WARC-Target-URI", target_uri(&page.url, Some(&page.url)));
        head.push("WARC-Concurrent-To", response);
        head.push("WARC-Block-Digest", sha256_of(&block));
        head.push("Content-Type", "application/http;msgtype=request");
        (head, block)
    }

    /// How the response was got: how long it took, and the page that led there.
    pub(super) fn metadata_record(
        &self,
        page: &PageRecord,
        exchange: &Exchange<'_>,
        response: &str,
        info: String,
    ) -> Result<(RecordHead, Vec<u8>), ArchiveError> {
        let mut block = format!("fetchTimeMs: {}\r\n", exchange.took.as_millis());
        if let Some(on) = page
            .found_on
            .map(|on| self.url_of(on))
            .transpose()?
            .flatten()
        {
            block += &format!("via: {}\r\n", target_uri(&on, Some(&on)));
        }
        let mut head = RecordHead::default();
        head.push("WARC-Type", "metadata");
        head.push("WARC-Record-ID", record_id(&[response, "metadata"]));
        head.push("WARC-Warcinfo-ID", info);
        head.push("WARC-Date", seconds(exchange.fetched));
        head.push("WARC-Target-URI", target_uri(&page.url, Some(&page.url)));
        head.push("WARC-Concurrent-To", response);
        head.push("WARC-Block-Digest", sha256_of(block.as_bytes()));
        head.push("Content-Type", "application/warc-fields");
        Ok((head, block.into_bytes()))
    }
}

/// The record of a response: whole, or a revisit of an earlier one.
pub(super) struct Response {
    pub(super) id: String,
    pub(super) head: RecordHead,
    pub(super) block: Vec<u8>,
    /// Whether it has the entity.
    pub(super) is_whole: bool,
}

impl Response {
    pub(super) fn new(
        writer: &Writer,
        page: &PageRecord,
        exchange: &Exchange<'_>,
        digest: &str,
        verdict: &Verdict,
        info: String,
    ) -> Self {
        let mut block = HttpHead::to_bytes(exchange.response);
        let same = page
            .record
            .as_ref()
            .filter(|record| record.sha256 == digest && verdict.version.is_none());
        let (profile, earlier) = match exchange.seen {
            Seen::NotModified => {
                let live = |record: &&KeptRecord| Some(&record.sha256) == page.sha256.as_ref();
                (Some(NOT_MODIFIED), page.record.as_ref().filter(live))
            }
            // A revisit of nothing would save nothing.
            _ if same.is_some() && !exchange.entity.is_empty() => (Some(SAME_PAYLOAD), same),
            _ => (None, None),
        };
        let is_whole = profile.is_none();
        if is_whole {
            block.extend_from_slice(exchange.entity);
        }
        let block_digest = sha256_of(&block);
        let id = record_id(&[
            &writer.uuid,
            "response",
            &page.url,
            &exchange.fetched.to_string(),
            &block_digest,
        ]);
        let mut head = RecordHead::default();
        head.push("WARC-Type", if is_whole { "response" } else { "revisit" });
        head.push("WARC-Record-ID", id.as_str());
        head.push("WARC-Warcinfo-ID", info);
        head.push("WARC-Date", seconds(exchange.fetched));
        head.push("WARC-Target-URI", target_uri(&page.url, Some(&page.url)));
        if let Some(ip) = exchange.ip {
            head.push("WARC-IP-Address", ip.to_string());
        }
        if let Some(profile) = profile {
            head.push("WARC-Profile", profile);
        }
        if let Some(earlier) = earlier {
            head.push("WARC-Refers-To", earlier.id.as_str());
            head.push(
                "WARC-Refers-To-Target-URI",
                target_uri(&page.url, Some(&page.url)),
            );
            head.push("WARC-Refers-To-Date", earlier.date.as_str());
        }
        head.push("WARC-Block-Digest", block_digest);
        let payload = match exchange.seen {
            Seen::NotModified => page.sha256.as_deref(),
            _ => Some(digest),
        };
        if let Some(payload) = payload {
            head.push("WARC-Payload-Digest", format!("sha256:{payload}"));
        }
        if let Some(truncated) = exchange.truncated.filter(|_| is_whole) {
            head.push("WARC-Truncated", truncated.name());
        }
        head.push("Content-Type", "application/http;msgtype=response");
        let body = match exchange.seen {
            Seen::Page { body, .. } => body,
            _ => None,
        };
        push_page(&mut head, page, verdict, body);
        head.push("Gongbao-Duration-Ms", exchange.took.as_millis().to_string());
        Self {
            id,
            head,
            block,
            is_whole,
        }
    }
}

/// What the catalogue says of the page, so that it can be made again from the
/// WARC files alone.
pub(super) fn push_page(
    head: &mut RecordHead,
    page: &PageRecord,
    verdict: &Verdict,
    body: Option<&str>,
) {
    head.push("Gongbao-Url", page.url.as_str());
    head.push("Gongbao-Site", page.site.as_str());
    if let Some(column) = &page.column {
        head.push("Gongbao-Column", column.trim());
    }
    head.push("Gongbao-Page-Kind", page.kind.name());
    head.push("Gongbao-Fate", verdict.fate.name());
    if let Some(detail) = &verdict.detail {
        head.push("Gongbao-Detail", detail.trim());
    }
    if let Some(body) = body {
        head.push("Gongbao-Body", body);
    }
    let Some(notice) = &verdict.notice else {
        return;
    };
    head.push("Gongbao-Id", notice.id.as_str());
    head.push("Gongbao-Key", notice.key.as_str());
    if let Some(version) = verdict.version {
        head.push("Gongbao-Version", version.to_string());
        head.push("Gongbao-Kind", CaptureKind::Page.name());
    }
}

pub(super) fn sha256_of(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}
