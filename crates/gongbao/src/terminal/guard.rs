//! Bytes on their way to a terminal.

use std::io::{self, Write};

use super::escape::{is_dangerous, push_escaped};

/// Passes text on with every character spelled out that could speak to a
/// terminal; line breaks stay.
pub(crate) struct Guard<W: Write> {
    out: W,
    /// The beginning of a character whose end is yet to come.
    rest: Vec<u8>,
}

impl<W: Write> Guard<W> {
    pub(crate) fn new(out: W) -> Self {
        Self {
            out,
            rest: Vec::new(),
        }
    }
}

impl<W: Write> Write for Guard<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.rest) {
            Ok(text) => text.len(),
            Err(error) => error.valid_up_to(),
        };
        let rest = self.rest.split_off(whole);
        let text = String::from_utf8_lossy(&self.rest);
        let mut safe = String::with_capacity(text.len());
        for c in text.chars() {
            if is_dangerous(c) && !matches!(c, '\n' | '\r') {
                push_escaped(&mut safe, c);
            } else {
                safe.push(c);
            }
        }
        self.out.write_all(safe.as_bytes())?;
        self.rest = rest;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_may_come_in_pieces() {
        let mut out = Vec::new();
        let mut guard = Guard::new(&mut out);
        for byte in "债\u{1b}[2J\n务".as_bytes() {
            guard.write_all(&[*byte]).expect("room");
        }
        assert_eq!(String::from_utf8(out).expect("UTF-8"), "债\\u{1b}[2J\n务");
    }
}
