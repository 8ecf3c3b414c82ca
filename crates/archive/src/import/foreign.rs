//! Records of WARC files that others made, which are less regular than ours:
//! any version, any number of records in a gzip member, not compressed at all.

use std::io::{self, BufRead, Read};

use crate::record::{RecordError, RecordHead, read_head};

/// Reads one record after the other from a decompressed stream.
pub(super) struct Records<R> {
    input: R,
}

/// A record. Its block is where the caller wanted it, if it was not too long.
pub(super) struct Foreign {
    pub(super) head: RecordHead,
    /// Whether its block was read; else it was passed over.
    pub(super) fits: bool,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input }
    }

    /// The next record, with its block in `block` unless it has more than
    /// `max_block_bytes`. `None` at the end.
    ///
    /// # Errors
    ///
    /// What is wrong with the stream from here on; reading on makes no sense.
    pub(super) fn next_record(
        &mut self,
        block: &mut Vec<u8>,
        max_block_bytes: u64,
    ) -> Result<Option<Foreign>, RecordError> {
        block.clear();
        if !self.skip_line_ends()? {
            return Ok(None);
        }
        let (head, length) = match read_head(&mut self.input) {
            // A header that ends with the stream was cut.
            Err(RecordError::Malformed(_)) if self.input.fill_buf()?.is_empty() => {
                return Err(RecordError::Truncated);
            }
            head => head?,
        };
        let mut input = self.input.by_ref().take(length);
        let fits = length <= max_block_bytes;
        let read = if fits {
            input.read_to_end(block)? as u64
        } else {
            io::copy(&mut input, &mut io::sink())?
        };
        if read < length {
            return Err(RecordError::Truncated);
        }
        Ok(Some(Foreign { head, fits }))
    }

    /// Passes over what stands between records; whether anything follows.
    fn skip_line_ends(&mut self) -> io::Result<bool> {
        loop {
            let chunk = self.input.fill_buf()?;
            let ends = chunk
                .iter()
                .take_while(|byte| matches!(byte, b'\r' | b'\n'))
                .count();
            if chunk.is_empty() {
                return Ok(false);
            }
            if ends < chunk.len() {
                self.input.consume(ends);
                return Ok(true);
            }
            self.input.consume(ends);
        }
    }
}
