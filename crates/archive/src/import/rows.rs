//! Lines of JSON Lines: one row each.

use std::io::{self, BufRead};

use gongbao_notice::NoticeId;
use serde::Deserialize;

use crate::import::SkipReason;

/// A line of the file, or what came instead. Numbers count from 1.
#[derive(Debug)]
pub(super) enum Line<'l> {
    /// Without its end and, on the first, without a byte order mark.
    Text { number: u64, bytes: &'l [u8] },
    /// More than a line may have; it was passed over.
    TooLong { number: u64 },
    /// More than a file may have; the rest was not read.
    StreamTooLong { number: u64 },
    /// The end of the file.
    End,
}

/// Cuts a stream into lines, holding one at a time. Blank lines are left out.
pub(super) struct Lines<R> {
    input: R,
    line: Vec<u8>,
    number: u64,
    max_line_bytes: u64,
    /// How much may still be read of the stream.
    left: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R, max_line_bytes: u64, max_stream_bytes: u64) -> Self {
        Self {
            input,
            line: Vec::new(),
            number: 0,
            max_line_bytes,
            left: max_stream_bytes,
        }
    }

    pub(super) fn input(&self) -> &R {
        &self.input
    }

    /// The next line that is not blank. An error tells the line it is on.
    pub(super) fn next_line(&mut self) -> Result<Line<'_>, (u64, io::Error)> {
        loop {
            self.number += 1;
            let number = self.number;
            let fits = match self.read_line() {
                Ok(None) => return Ok(Line::End),
                Ok(Some(fits)) => fits,
                Err(error) => return Err((number, error)),
            };
            if self.left == 0 {
                return Ok(Line::StreamTooLong { number });
            }
            if !fits {
                return Ok(Line::TooLong { number });
            }
            if !self.text().iter().all(u8::is_ascii_whitespace) {
                let bytes = self.text();
                return Ok(Line::Text { number, bytes });
            }
        }
    }

    fn text(&self) -> &[u8] {
        let line = self.line.as_slice();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if self.number == 1 {
            line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line)
        } else {
            line
        }
    }

    /// Reads up to the end of a line, and whether it all fitted into `line`.
    fn read_line(&mut self) -> io::Result<Option<bool>> {
        self.line.clear();
        let mut length = 0_u64;
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                return Ok((length > 0).then_some(length <= self.max_line_bytes));
            }
            let (taken, ended) = match chunk.iter().position(|&byte| byte == b'\n') {
                Some(end) => (end + 1, true),
                None => (chunk.len(), false),
            };
            length += taken as u64;
            self.left = self.left.saturating_sub(taken as u64);
            if length <= self.max_line_bytes {
                self.line.extend_from_slice(&chunk[..taken]);
            }
            self.input.consume(taken);
            if ended || self.left == 0 {
                return Ok(Some(length <= self.max_line_bytes));
            }
        }
    }
}

/// What the archive needs to know of a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Its id, if it has one that can name a notice.
    pub(super) id: Option<NoticeId>,
    /// Its URL, if it has one that a web page can have.
    pub(super) url: Option<String>,
    pub(super) title: Option<String>,
}

/// The fields of a row, as they may be written.
#[derive(Deserialize)]
struct Written {
    id: Option<Id>,
    url: Option<String>,
    title: Option<String>,
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(u64),
}

impl Row {
    /// Reads a line, or tells why it is no row.
    pub(super) fn read(line: &[u8]) -> Result<Self, SkipReason> {
        let text =
            std::str::from_utf8(line).map_err(|error| SkipReason::InvalidRow(error.to_string()))?;
        let row: Written = serde_json::from_str(text)
            .map_err(|error| SkipReason::InvalidRow(error.to_string()))?;
        if row.text.is_none_or(|text| text.trim().is_empty()) {
            return Err(SkipReason::NoText);
        }
        let id = row.id.map(|id| match id {
            Id::Text(text) => text,
            Id::Number(number) => number.to_string(),
        });
        Ok(Self {
            id: id.and_then(|id| id.parse().ok()),
            url: row.url.filter(|url| is_web_address(url)),
            title: row.title,
        })
    }
}

pub(super) fn is_web_address(url: &str) -> bool {
    let web = url.starts_with("http://") || url.starts_with("https://");
    web && !url.chars().any(|c| c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8], max_line: u64, max_stream: u64) -> Vec<String> {
        let mut lines = Lines::new(io::BufReader::with_capacity(3, text), max_line, max_stream);
        let mut out = Vec::new();
        loop {
            out.push(match lines.next_line().unwrap() {
                Line::Text { number, bytes } => {
                    format!("{number} {}", String::from_utf8_lossy(bytes))
                }
                Line::TooLong { number } => format!("{number} long"),
                Line::StreamTooLong { number } => {
                    out.push(format!("{number} stop"));
                    return out;
                }
                Line::End => return out,
            });
        }
    }

    #[test]
    fn lines_end_where_they_should() {
        assert_eq!(lines(b"\xef\xbb\xbfa\r\n\n  \nbc", 9, 99), ["1 a", "4 bc"]);
        assert_eq!(lines(b"a\nbcdefg\nh\n", 4, 99), ["1 a", "2 long", "3 h"]);
        assert_eq!(lines(b"a\nbcdefghijk", 99, 6), ["1 a", "2 stop"]);
        assert_eq!(lines(b"", 9, 99), [""; 0]);
    }

    #[track_caller]
    fn check(line: &str, id: Option<&str>, url: Option<&str>, title: Option<&str>) {
        let row = Row::read(line.as_bytes()).unwrap();
        assert_eq!(row.id.as_ref().map(NoticeId::as_str), id);
        assert_eq!((row.url.as_deref(), row.title.as_deref()), (url, title));
    }

    #[test]
    fn rows_have_names_if_they_are_valid() {
        check(
            r#"{"id":"n-1","title":"公告","text":"一"}"#,
            Some("n-1"),
            None,
            Some("公告"),
        );
        check(
            r#"{"id":17,"text":"一","extra":[1]}"#,
            Some("17"),
            None,
            None,
        );
        check(
            r#"{"id":"第一","url":"https://example.invalid/1","text":"一"}"#,
            None,
            Some("https://example.invalid/1"),
            None,
        );
        check(
            r#"{"id":null,"url":"javascript:1","text":"一"}"#,
            None,
            None,
            None,
        );
        check(
            "{\"url\":\"https://example.invalid/a\\nb\",\"text\":\"一\"}",
            None,
            None,
            None,
        );
    }

    #[test]
    fn what_is_no_row_is_told() {
        for (line, name) in [
            (&b"{"[..], "invalid_row"),
            (b"[1]", "invalid_row"),
            (b"{\"text\":5}", "invalid_row"),
            (b"{\"text\":\"\xff\"}", "invalid_row"),
            (b"{\"title\":\"x\"}", "no_text"),
            (b"{\"text\":\" \\n\"}", "no_text"),
        ] {
            assert_eq!(Row::read(line).unwrap_err().name(), name);
        }
    }
}
