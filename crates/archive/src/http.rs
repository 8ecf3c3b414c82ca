//! HTTP messages as WARC keeps them: a head as it went over the line, and an
//! entity in its content encoding.

use std::{
    borrow::Cow,
    io::{self, Read},
};

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// Compressed text seldom shrinks to a fiftieth; more than this is a bomb.
const MAX_RATIO: u64 = 200;

/// What any entity may decode to, however short it is.
const FREE_BYTES: u64 = 4 << 20;

/// More encodings than this, one on top of the other, are an attack.
const MAX_ENCODINGS: usize = 3;

/// The start line and header fields of a request or response.
#[derive(Clone, Copy, Debug)]
pub struct HttpHead<'a> {
    /// `GET /a.html HTTP/1.1`, or `HTTP/1.1 200 OK`.
    pub line: &'a str,
    /// Names and values in the order in which they came.
    pub fields: &'a [(&'a str, &'a [u8])],
}

impl<'a> HttpHead<'a> {
    /// The value of the first field `name`, whatever its case, if it is text.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let mut fields = self.fields.iter();
        let (_, value) = fields.find(|(field, _)| field.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(value).ok().map(str::trim)
    }

    /// The head as in an HTTP/1.1 message, blank line included.
    ///
    /// As the entity is kept without its transfer encoding, that field is
    /// renamed `X-Archive-Orig-Transfer-Encoding`, as other archives do:
    /// readers would look for chunks otherwise.
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(512);
        push_line(&mut bytes, self.line.as_bytes());
        for (name, value) in self.fields {
            let mut line = Vec::with_capacity(name.len() + value.len() + 2);
            if name.eq_ignore_ascii_case("transfer-encoding") {
                line.extend_from_slice(b"X-Archive-Orig-");
            }
            line.extend_from_slice(name.as_bytes());
            line.extend_from_slice(b": ");
            line.extend_from_slice(value);
            push_line(&mut bytes, &line);
        }
        bytes.extend_from_slice(b"\r\n");
        bytes
    }
}

/// A line break within a line would forge a header.
fn push_line(bytes: &mut Vec<u8>, line: &[u8]) {
    bytes.extend(line.iter().map(|&byte| match byte {
        b'\r' | b'\n' => b' ',
        byte => byte,
    }));
    bytes.extend_from_slice(b"\r\n");
}

/// Why an entity could not be decoded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// A content encoding that is not known.
    #[error("the content encoding {0:?} is not known")]
    Unknown(String),
    /// It decodes to more than it may.
    #[error("it decodes to more than {0} bytes")]
    TooLarge(u64),
    /// It is not in the encoding that it is said to be in, or was cut short.
    #[error("it is not valid {encoding}")]
    Invalid {
        /// The encoding.
        encoding: String,
        /// What is wrong.
        source: io::Error,
    },
}

/// `entity` without its content encodings: `gzip`, `deflate`, `br`, `zstd`,
/// or several, as the field `Content-Encoding` names them.
///
/// At most `max_bytes`, and at most 200 times its own size or 4 MiB, come of
/// it: a page that grows more is meant to fill memories.
///
/// # Errors
///
/// [`DecodeError`], when it grows too much or is no such encoding.
pub fn decode_entity<'e>(
    content_encoding: Option<&str>,
    entity: &'e [u8],
    max_bytes: u64,
) -> Result<Cow<'e, [u8]>, DecodeError> {
    let mut decoded = Cow::Borrowed(entity);
    let names: Vec<_> = content_encoding
        .unwrap_or_default()
        .split(',')
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty() && name != "identity")
        .collect();
    if names.len() > MAX_ENCODINGS {
        return Err(DecodeError::Unknown(names.join(", ")));
    }
    let limit = max_bytes.min(
        (entity.len() as u64)
            .saturating_mul(MAX_RATIO)
            .max(FREE_BYTES),
    );
    // The last one named was applied last.
    for name in names.iter().rev() {
        if decoded.is_empty() {
            break;
        }
        decoded = Cow::Owned(undo(name, &decoded, limit)?);
    }
    if decoded.len() as u64 > max_bytes {
        return Err(DecodeError::TooLarge(max_bytes));
    }
    Ok(decoded)
}

fn undo(encoding: &str, bytes: &[u8], limit: u64) -> Result<Vec<u8>, DecodeError> {
    let invalid = |source| DecodeError::Invalid {
        encoding: encoding.to_owned(),
        source,
    };
    let mut out = Vec::new();
    let reader: Box<dyn Read + '_> = match encoding {
        "gzip" | "x-gzip" => Box::new(MultiGzDecoder::new(bytes)),
        // By RFC 9110 it is zlib; some servers send bare deflate.
        "deflate" if is_zlib(bytes) => Box::new(ZlibDecoder::new(bytes)),
        "deflate" => Box::new(DeflateDecoder::new(bytes)),
        "br" => Box::new(brotli_decompressor::Decompressor::new(bytes, 64 << 10)),
        "zstd" => Box::new(zstd::Decoder::with_buffer(bytes).map_err(invalid)?),
        other => return Err(DecodeError::Unknown(other.to_owned())),
    };
    let read = reader.take(limit.saturating_add(1)).read_to_end(&mut out);
    read.map_err(invalid)?;
    if out.len() as u64 > limit {
        return Err(DecodeError::TooLarge(limit));
    }
    Ok(out)
}

fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [first, second, ..]
        if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0)
}

/// A response as it lies in a WARC record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message<'b> {
    /// `HTTP/1.1 200 OK`.
    pub(crate) line: Cow<'b, str>,
    pub(crate) status: u16,
    pub(crate) fields: Vec<(&'b str, &'b [u8])>,
    /// What follows the head.
    pub(crate) entity: &'b [u8],
}

impl<'b> Message<'b> {
    /// Takes a block of `application/http` apart. `None` when it is no response.
    pub(crate) fn parse(block: &'b [u8]) -> Option<Self> {
        let (line, mut rest) = next_line(block)?;
        let status = std::str::from_utf8(line)
            .ok()?
            .strip_prefix("HTTP/")?
            .split_ascii_whitespace()
            .nth(1)?
            .parse()
            .ok()?;
        let mut fields = Vec::new();
        loop {
            let Some((field, after)) = next_line(rest) else {
                // A head without its blank line: there is no entity.
                rest = &[];
                break;
            };
            rest = after;
            if field.is_empty() {
                break;
            }
            let colon = field.iter().position(|&byte| byte == b':');
            // What is no field is passed over, as browsers do.
            if let Some((name, value)) = colon.map(|at| (&field[..at], &field[at + 1..]))
                && let Ok(name) = std::str::from_utf8(name)
            {
                fields.push((name.trim(), value.trim_ascii()));
            }
        }
        Some(Self {
            line: String::from_utf8_lossy(line),
            status,
            fields,
            entity: rest,
        })
    }

    /// The entity without the chunks that it may be in. What is no chunk is
    /// taken as it is, as some writers undo chunks and leave the field.
    pub(crate) fn unchunked(&self) -> Cow<'b, [u8]> {
        let chunked = self
            .head()
            .get("transfer-encoding")
            .is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
        let joined = chunked.then(|| join_chunks(self.entity)).flatten();
        joined.map_or(Cow::Borrowed(self.entity), Cow::Owned)
    }

    pub(crate) fn head(&self) -> HttpHead<'_> {
        HttpHead {
            line: &self.line,
            fields: &self.fields,
        }
    }
}

/// The chunks of RFC 9112, 7.1, joined; those before a cut, if there is one.
/// `None` when it does not begin with a chunk.
fn join_chunks(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    let mut is_first = true;
    while let Some((line, after)) = next_line(rest) {
        let size = line.split(|&byte| byte == b';').next().unwrap_or_default();
        let size = std::str::from_utf8(size)
            .ok()
            .and_then(|size| usize::from_str_radix(size.trim(), 16).ok());
        let Some(size) = size else {
            return if is_first { None } else { Some(joined) };
        };
        is_first = false;
        if size == 0 {
            return Some(joined);
        }
        let size = size.min(after.len());
        joined.extend_from_slice(&after[..size]);
        rest = &after[size..];
        rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    (!is_first).then_some(joined)
}

/// The bytes up to a line feed, without it or a carriage return, and the rest.
fn next_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|&byte| byte == b'\n')?;
    let line = &bytes[..end];
    Some((line.strip_suffix(b"\r").unwrap_or(line), &bytes[end + 1..]))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{
        Compression,
        write::{DeflateEncoder, GzEncoder, ZlibEncoder},
    };

    use super::*;

    const TEXT: &[u8] = "关于公布名单的公告".as_bytes();

    fn packed(encoding: &str, bytes: &[u8]) -> Vec<u8> {
        let level = Compression::fast();
        macro_rules! with {
            ($encoder:ident) => {{
                let mut encoder = $encoder::new(Vec::new(), level);
                encoder.write_all(bytes).unwrap();
                encoder.finish().unwrap()
            }};
        }
        match encoding {
            "gzip" => with!(GzEncoder),
            "zlib" => with!(ZlibEncoder),
            "raw" => with!(DeflateEncoder),
            _ => zstd::encode_all(bytes, 3).unwrap(),
        }
    }

    #[test]
    fn content_encodings_are_undone() {
        // "关于公布名单的公告" by another hand's brotli, uncompressed meta-block.
        let brotli = [&[0x0b, 0x0d, 0x80][..], TEXT, &[0x03]].concat();
        for (name, bytes) in [
            (Some("gzip"), packed("gzip", TEXT)),
            (Some("X-GZIP"), packed("gzip", TEXT)),
            (Some("deflate"), packed("zlib", TEXT)),
            (Some("deflate"), packed("raw", TEXT)),
            (Some("zstd"), packed("zstd", TEXT)),
            (Some("br"), brotli),
            (Some("identity"), TEXT.to_vec()),
            (None, TEXT.to_vec()),
            (Some("deflate, gzip"), packed("gzip", &packed("zlib", TEXT))),
        ] {
            let decoded = decode_entity(name, &bytes, 1 << 20).unwrap();
            assert_eq!(&*decoded, TEXT, "{name:?}");
        }
        assert!(decode_entity(Some("gzip"), b"", 9).unwrap().is_empty());
    }

    #[test]
    fn bombs_and_nonsense_are_refused() {
        let bomb = packed("zstd", &vec![0; 32 << 20]);
        assert!(matches!(
            decode_entity(Some("zstd"), &bomb, u64::MAX),
            Err(DecodeError::TooLarge(_))
        ));
        assert!(matches!(
            decode_entity(Some("gzip"), &packed("gzip", &[0; 5000]), 4999),
            Err(DecodeError::TooLarge(4999))
        ));
        let cut = packed("gzip", TEXT);
        assert!(matches!(
            decode_entity(Some("gzip"), &cut[..cut.len() - 9], 999),
            Err(DecodeError::Invalid { .. })
        ));
        for name in ["rot13", "gzip,gzip,gzip,gzip"] {
            assert!(matches!(
                decode_entity(Some(name), TEXT, 999),
                Err(DecodeError::Unknown(_))
            ));
        }
    }

    #[test]
    fn chunks_are_joined_and_what_is_none_is_left() {
        let check = |body: &[u8], joined: &[u8]| {
            let block = [
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                body,
            ]
            .concat();
            let message = Message::parse(&block).unwrap();
            assert_eq!(&*message.unchunked(), joined);
        };
        check(
            b"3\r\nabc\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n",
            b"abc0123456789",
        );
        check(b"3\r\nabc\r\nA\r\n0123", b"abc0123");
        check(b"<p>no chunk</p>\n", b"<p>no chunk</p>\n");
        check(b"", b"");
        check(b"ffffffffffffffff\r\nabc", b"abc");
    }

    #[test]
    fn a_response_comes_back_as_it_was_written() {
        let fields: [(&str, &[u8]); 3] = [
            ("Content-Type", b"text/html; charset=gbk"),
            ("Transfer-Encoding", b"chunked"),
            ("X-Odd", b"a\r\nSet-Cookie: b"),
        ];
        let head = HttpHead {
            line: "HTTP/1.1 200 OK",
            fields: &fields,
        };
        let block = [head.to_bytes().as_slice(), TEXT].concat();
        let message = Message::parse(&block).unwrap();
        assert_eq!((message.status, message.entity), (200, TEXT));
        let head = message.head();
        assert_eq!(head.get("content-type"), Some("text/html; charset=gbk"));
        assert_eq!(head.get("transfer-encoding"), None);
        assert_eq!(head.get("set-cookie"), None);
        assert_eq!(message.fields.len(), 3);
        assert!(Message::parse(b"GET / HTTP/1.1\r\n\r\n").is_none());
        assert_eq!(Message::parse(b"HTTP/1.0 404\nA: b").unwrap().status, 404);
    }
}
