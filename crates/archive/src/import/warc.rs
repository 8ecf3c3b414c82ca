//! WARC and WACZ files of others: which of their records become notices.

use std::{
    borrow::Cow,
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use crate::{
    archive::CaptureKind,
    error::ArchiveError,
    http::{HttpHead, Message, decode_entity},
    import::{
        Place, Run, SkipReason,
        foreign::{Foreign, Records},
        rows::is_web_address,
    },
    record::{RecordError, RecordHead},
    warc::hex,
    writer::Capture,
};

const BUFFER_BYTES: usize = 128 * 1024;

/// What stands in a record before an entity is seldom longer.
const MAX_HTTP_HEAD_BYTES: u64 = 256 * 1024;

impl Run<'_, '_> {
    /// Imports a stream of records. `taken` tells how much of the file has
    /// been read, in bytes as they lie on disk.
    pub(super) fn warc(
        &mut self,
        path: &Path,
        input: impl BufRead,
        taken: &dyn Fn() -> u64,
    ) -> Result<(), ArchiveError> {
        let before = self.bytes;
        let mut records = Records::new(input.take(self.options.max_stream_bytes));
        let mut block = Vec::new();
        let limit = self.options.max_bytes.saturating_add(MAX_HTTP_HEAD_BYTES);
        loop {
            if self.interrupted() {
                return Ok(());
            }
            match records.next_record(&mut block, limit) {
                Ok(Some(record)) => self.record(path, &record, &block)?,
                Ok(None) => return Ok(()),
                Err(error) => {
                    let reason = match error {
                        RecordError::Truncated => SkipReason::CutShort,
                        RecordError::Malformed(reason) => SkipReason::NotWarc(reason),
                        RecordError::Io(error) => SkipReason::Unreadable(error.to_string()),
                    };
                    self.skip(path, None, reason);
                    return Ok(());
                }
            }
            self.bytes = before + taken();
            self.progress();
        }
    }

    /// Imports the WARC files in a WACZ (<https://specs.webrecorder.net/wacz/1.1.1/>).
    pub(super) fn wacz(&mut self, path: &Path) -> Result<(), ArchiveError> {
        let opened = File::open(path)
            .map_err(|error| SkipReason::Unreadable(error.to_string()))
            .and_then(|file| {
                ZipArchive::new(BufReader::new(file))
                    .map_err(|error| SkipReason::NotWarc(error.to_string()))
            });
        let mut zip = match opened {
            Ok(zip) => zip,
            Err(reason) => {
                self.skip(path, None, reason);
                return Ok(());
            }
        };
        for index in 0..zip.len() {
            let member = match zip.by_index(index) {
                Ok(member) => member,
                Err(error) => {
                    self.skip(path, None, SkipReason::Unreadable(error.to_string()));
                    continue;
                }
            };
            let name = member.name().map_or_else(
                // A name that is no text is not one of the standard's.
                |_| String::new(),
                |name| name.to_ascii_lowercase(),
            );
            let compressed = name.ends_with(".warc.gz");
            if !name.starts_with("archive/") || !(compressed || name.ends_with(".warc")) {
                continue;
            }
            let member = BufReader::with_capacity(BUFFER_BYTES, member);
            let input: Box<dyn Read + '_> = if compressed {
                Box::new(MultiGzDecoder::new(member))
            } else {
                Box::new(member)
            };
            self.warc(path, BufReader::with_capacity(BUFFER_BYTES, input), &|| 0)?;
        }
        Ok(())
    }

    /// Imports a record, if it is a page.
    fn record(&mut self, path: &Path, record: &Foreign, block: &[u8]) -> Result<(), ArchiveError> {
        let head = &record.head;
        let is_response = match head.get("WARC-Type") {
            Some("response") => true,
            Some("resource") => false,
            Some("revisit") => {
                self.report.left_out.revisits += 1;
                return Ok(());
            }
            _ => return Ok(()),
        };
        let Some(url) = url_of(head) else {
            self.report.left_out.other_url += 1;
            return Ok(());
        };
        let place = Place {
            url: Some(url.clone()),
            ..Place::of(path)
        };
        if !record.fits {
            let limit = self.options.max_bytes;
            self.skip_at(place, SkipReason::TooLarge { limit });
            return Ok(());
        }
        if !is_response {
            let content_type = head.get("Content-Type");
            if !is_page(content_type) {
                self.report.left_out.other_type += 1;
                return Ok(());
            }
            if let Err(reason) = check_digests(head, block, &[block]) {
                self.skip_at(place, reason);
                return Ok(());
            }
            return self.received(place, &url, head, content_type, None, block, block);
        }
        let Some(message) = Message::parse(block) else {
            self.report.left_out.other_type += 1;
            return Ok(());
        };
        if message.status != 200 {
            self.report.left_out.status += 1;
            return Ok(());
        }
        let http = message.head();
        let content_type = http.get("content-type");
        if !is_page(content_type) {
            self.report.left_out.other_type += 1;
            return Ok(());
        }
        let entity = message.unchunked();
        let encoding = http.get("content-encoding");
        let decoded = decode_entity(encoding, &entity, self.options.max_bytes);
        let (decoded, keeps_encoding) = match decoded {
            Ok(decoded) => (decoded, true),
            // Some writers undo the encoding and leave the field.
            Err(_) if (self.options.sniff)(&entity).is_ok() => (Cow::Borrowed(&*entity), false),
            Err(error) => {
                self.skip_at(place, SkipReason::Undecodable(error.to_string()));
                return Ok(());
            }
        };
        if let Err(reason) = check_digests(head, block, &[message.entity, &entity, &decoded]) {
            self.skip_at(place, reason);
            return Ok(());
        }
        let fields: Vec<_> = http
            .fields
            .iter()
            .map(|&(name, value)| match name {
                _ if !keeps_encoding && name.eq_ignore_ascii_case("content-encoding") => {
                    ("X-Archive-Orig-Content-Encoding", value)
                }
                _ => (name, value),
            })
            .collect();
        let http = HttpHead {
            line: http.line,
            fields: &fields,
        };
        self.received(
            place,
            &url,
            head,
            content_type,
            Some(http),
            &entity,
            &decoded,
        )
    }

    /// Keeps what a record holds, `entity` as received and `text` decoded.
    #[expect(
        clippy::too_many_arguments,
        reason = "they are the parts of one record"
    )]
    fn received(
        &mut self,
        place: Place,
        url: &str,
        head: &RecordHead,
        content_type: Option<&str>,
        http: Option<HttpHead<'_>>,
        entity: &[u8],
        text: &[u8],
    ) -> Result<(), ArchiveError> {
        let refused = if text.iter().all(u8::is_ascii_whitespace) {
            Some(SkipReason::Empty)
        } else {
            (self.options.sniff)(text).err().map(SkipReason::NotText)
        };
        if let Some(reason) = refused {
            self.skip_at(place, reason);
            return Ok(());
        }
        let date = head.get("WARC-Date");
        let fetched = date
            .and_then(|date| date.parse::<Timestamp>().ok())
            .unwrap_or(self.options.fetched);
        let newest = self.writer.newest_fetched(url)?;
        if newest.is_some_and(|newest| crate::archive::to_seconds(fetched) < newest) {
            self.report.left_out.older += 1;
            return Ok(());
        }
        let modified = http
            .and_then(|http| http.get("last-modified"))
            .and_then(|text| jiff::fmt::rfc2822::parse(text).ok())
            .map(|time| time.timestamp());
        let capture = Capture {
            key: url,
            id: None,
            url: Some(url),
            file_name: None,
            content_type: content_type.filter(|text| !text.is_empty()),
            bytes: entity,
            fetched,
            modified,
            kind: CaptureKind::Page,
        };
        self.put(&capture, http, place, None)
    }
}

/// The URL of a record that may be a page: without the angle brackets that GNU
/// wget writes and without a fragment.
fn url_of(head: &RecordHead) -> Option<String> {
    let uri = head.get("WARC-Target-URI")?;
    let uri = uri.trim_start_matches('<').trim_end_matches('>');
    let url = uri.split('#').next().unwrap_or(uri);
    let is_robots = url.splitn(4, '/').nth(3) == Some("robots.txt");
    (is_web_address(url) && !is_robots).then(|| url.to_owned())
}

/// Whether it may be a page: HTML, plain text, or untold.
fn is_page(content_type: Option<&str>) -> bool {
    let name = content_type.unwrap_or_default();
    let name = name.split(';').next().unwrap_or_default().trim();
    ["", "text/html", "application/xhtml+xml", "text/plain"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// Checks the digests of a record. Writers disagree about what a payload is,
/// so any of `payloads` will do; digests by unknown rules are passed over.
fn check_digests(head: &RecordHead, block: &[u8], payloads: &[&[u8]]) -> Result<(), SkipReason> {
    let check = |field: &str, candidates: &[&[u8]]| match head.get(field) {
        Some(digest)
            if candidates
                .iter()
                .all(|bytes| matches(digest, bytes) == Some(false)) =>
        {
            Err(SkipReason::BadDigest(field.to_owned()))
        }
        _ => Ok(()),
    };
    check("WARC-Block-Digest", &[block])?;
    check("WARC-Payload-Digest", payloads)
}

/// Whether `bytes` have that digest; `None` if its rule is not known.
fn matches(digest: &str, bytes: &[u8]) -> Option<bool> {
    let (rule, value) = digest.split_once(':')?;
    let computed = match rule.to_ascii_lowercase().as_str() {
        "sha1" | "sha-1" => Sha1::digest(bytes).to_vec(),
        "sha256" | "sha-256" => Sha256::digest(bytes).to_vec(),
        _ => return None,
    };
    let value = value.trim();
    let in_base_32 = base_32(&computed);
    Some(
        value.eq_ignore_ascii_case(&hex(&computed))
            || value
                .trim_end_matches('=')
                .eq_ignore_ascii_case(&in_base_32),
    )
}

/// RFC 4648, section 6, without padding.
fn base_32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    for chunk in bytes.chunks(5) {
        let mut padded = [0; 8];
        padded[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(padded);
        for place in 0..(chunk.len() * 8).div_ceil(5) {
            let digit = (bits >> (35 - 5 * place)) & 31;
            text.push(char::from(ALPHABET[usize::try_from(digit).unwrap_or(0)]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_read_in_each_spelling() {
        // RFC 4648, section 10.
        assert_eq!(base_32(b"foobar"), "MZXW6YTBOI");
        assert_eq!(base_32(b"fo"), "MZXQ");
        for digest in [
            "sha1:2jmj7l5rSW0yVb/vlWAYkK/YBwk=",
            "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYK",
        ] {
            assert_eq!(matches(digest, b"x"), Some(false), "{digest}");
        }
        assert_eq!(
            matches("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", b""),
            Some(true)
        );
        assert_eq!(
            matches("SHA-1:da39a3ee5e6b4b0d3255bfef95601890afd80709", b""),
            Some(true)
        );
        assert_eq!(matches("md5:x", b""), None);
    }

    #[test]
    fn addresses_of_pages_are_told_from_others() {
        let url = |uri: &str| {
            let mut head = RecordHead::default();
            head.push("WARC-Target-URI", uri);
            url_of(&head)
        };
        assert_eq!(
            url("<http://a.invalid/x#y>").as_deref(),
            Some("http://a.invalid/x")
        );
        assert_eq!(url("https://a.invalid/robots.txt"), None);
        assert_eq!(url("dns:a.invalid"), None);
        assert!(is_page(Some("Text/HTML; charset=gbk")) && is_page(None));
        assert!(!is_page(Some("text/css")));
    }
}
