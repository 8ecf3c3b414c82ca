//! Documents as received become records and versions.

use std::borrow::Cow;

use gongbao_notice::NoticeId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    archive::{CaptureKind, to_seconds},
    error::ArchiveError,
    http::HttpHead,
    record::RecordHead,
    uri::target_uri,
    warc::{hex, record_id},
    writer::{NewVersion, Writer, known::fate},
};

/// A document as received.
#[derive(Clone, Debug)]
pub struct Capture<'a> {
    /// What the notice is found under, now and next time: its URL, `file:`
    /// and a path, or `id:` and the id it came with.
    pub key: &'a str,
    /// The id it came with; `None` makes one from the key.
    pub id: Option<NoticeId>,
    /// Where it is published, if known.
    pub url: Option<&'a str>,
    /// The name of the file it was in.
    pub file_name: Option<&'a str>,
    /// Its content type, as received.
    pub content_type: Option<&'a str>,
    /// Its bytes, as received.
    pub bytes: &'a [u8],
    /// When it was received. Kept to the second.
    pub fetched: Timestamp,
    /// When it last changed, as its server or file system says.
    pub modified: Option<Timestamp>,
    /// Page or row.
    pub kind: CaptureKind,
}

/// What became of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// The first version of a notice.
    New,
    /// The same bytes as the newest version: nothing was written.
    Unchanged,
    /// A new version of a notice.
    Changed,
}

/// Where a capture went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The notice.
    pub id: NoticeId,
    /// Its newest version now, from 1.
    pub version: u32,
    /// What became of the capture.
    pub fate: Fate,
}

impl Writer {
    /// What [`put`](Self::put) would make of `capture`. Writes nothing.
    ///
    /// # Errors
    ///
    /// As for [`put`](Self::put), short of writing.
    pub fn fate(&self, capture: &Capture<'_>) -> Result<Fate, ArchiveError> {
        let known = self.look_up(capture)?;
        let digest = hex(&Sha256::digest(capture.bytes));
        Ok(fate(known.as_ref(), &digest))
    }

    /// Keeps `capture`: as the first version of a new notice, as a new
    /// version if its bytes differ from those of the newest, or not at all.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::IdTaken`] when its id, given or made, names the notice
    /// of another key; [`ArchiveError::KeyTaken`] when its key is kept under
    /// another id than the given; [`ArchiveError::BadText`] for control
    /// characters in its key, URL, name or type. These concern the capture
    /// alone. Any other is about the disk; what was put before can still be
    /// committed then.
    pub fn put(&mut self, capture: &Capture<'_>) -> Result<Stored, ArchiveError> {
        self.put_response(capture, None)
    }

    /// Like [`put`](Self::put), but with the head of the HTTP response that
    /// the bytes are the entity of.
    pub(crate) fn put_response(
        &mut self,
        capture: &Capture<'_>,
        http: Option<HttpHead<'_>>,
    ) -> Result<Stored, ArchiveError> {
        let known = self.look_up(capture)?;
        let digest = hex(&Sha256::digest(capture.bytes));
        let fate = fate(known.as_ref(), &digest);
        let (id, last) = match known {
            Some(known) => (known.id, known.version),
            None => (id_of(capture), 0),
        };
        if fate == Fate::Unchanged {
            let version = last;
            return Ok(Stored { id, version, fate });
        }
        let version = last + 1;

        self.atomically(|writer| {
            let info = writer.ready(capture.fetched)?;
            let block = match http {
                None => Cow::Borrowed(capture.bytes),
                Some(http) => Cow::Owned([http.to_bytes().as_slice(), capture.bytes].concat()),
            };
            let head = writer.head(capture, &id, version, &digest, &block, info);
            let (file, span) = writer.append(&head, &block)?;
            writer.write_version(&NewVersion {
                id: &id,
                key: capture.key,
                url: capture.url,
                version,
                fetched: capture.fetched,
                modified: capture.modified,
                sha256: &digest,
                size: capture.bytes.len(),
                file: &file,
                span,
                content_type: capture.content_type,
                file_name: capture.file_name,
                kind: capture.kind,
                body: None,
            })
        })?;
        Ok(Stored { id, version, fate })
    }

    /// The header of the record. The fields `Gongbao-…` are ours: with them
    /// the catalogue can be made again from the WARC files alone.
    fn head(
        &self,
        capture: &Capture<'_>,
        id: &NoticeId,
        version: u32,
        digest: &str,
        block: &[u8],
        info: String,
    ) -> RecordHead {
        let fetched = to_seconds(capture.fetched).to_string();
        let number = version.to_string();
        let digest = format!("sha256:{digest}");
        let is_response = block.len() != capture.bytes.len();
        let block_digest = if is_response {
            format!("sha256:{}", hex(&Sha256::digest(block)))
        } else {
            digest.clone()
        };
        let mut head = RecordHead::default();
        head.push(
            "WARC-Type",
            if is_response { "response" } else { "resource" },
        );
        head.push(
            "WARC-Record-ID",
            record_id(&[&self.uuid, capture.key, &number, &digest, &fetched]),
        );
        head.push("WARC-Warcinfo-ID", info);
        head.push("WARC-Date", fetched);
        head.push("WARC-Target-URI", target_uri(capture.key, capture.url));
        head.push("WARC-Block-Digest", block_digest);
        head.push("WARC-Payload-Digest", digest);
        head.push(
            "Content-Type",
            match capture.content_type {
                _ if is_response => "application/http;msgtype=response",
                Some(content_type) => content_type.trim(),
                None => "application/octet-stream",
            },
        );
        head.push("Gongbao-Id", id.as_str());
        head.push("Gongbao-Key", capture.key);
        head.push("Gongbao-Version", number);
        head.push("Gongbao-Kind", capture.kind.name());
        if let Some(name) = capture.file_name {
            head.push("Gongbao-File-Name", name);
        }
        if let Some(modified) = capture.modified {
            head.push("Gongbao-Modified", to_seconds(modified).to_string());
        }
        head
    }
}

pub(super) fn id_of(capture: &Capture<'_>) -> NoticeId {
    let given = capture.id.clone();
    given.unwrap_or_else(|| NoticeId::from_key(capture.key))
}
