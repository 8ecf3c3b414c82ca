//! Where the next page of an answer begins.
//!
//! A cursor names the last hit seen. As long as the same generation is in
//! force that is a place in the ranking; in another one the hit is looked for,
//! so that what came in meanwhile shifts nothing: no hit is told twice or
//! passed over, unless its own rank changed.

use std::str::FromStr;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

/// The end of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The generation it was made in.
    pub(crate) generation: u64,
    /// How many hits came up to it.
    pub(crate) seen: usize,
    /// The notice of the last one.
    pub(crate) id: String,
    /// Its passage, where passages were asked for.
    pub(crate) anchor: Option<String>,
}

/// The text is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoCursor;

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            generation,
            seen,
            id,
            anchor,
        } = self;
        let anchor = anchor.as_deref().unwrap_or_default();
        let plain = format!("{generation} {seen} {id} {anchor}");
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(plain))
    }
}

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let plain = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| NoCursor)?;
        let plain = String::from_utf8(plain).map_err(|_| NoCursor)?;
        let mut parts = plain.splitn(4, ' ');
        let mut next = || parts.next().ok_or(NoCursor);
        Ok(Self {
            generation: next()?.parse().map_err(|_| NoCursor)?,
            seen: next()?.parse().map_err(|_| NoCursor)?,
            id: next()?.to_owned(),
            anchor: Some(next()?.to_owned()).filter(|anchor| !anchor.is_empty()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back() {
        for anchor in [None, Some("2.1.4.15~2+3".to_owned())] {
            let cursor = Cursor {
                generation: 12,
                seen: 40,
                id: "k3v9.a_b-c".to_owned(),
                anchor,
            };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for bad in ["", "x", "????", "MTIgNDA", "YSBiIGMgZA"] {
            assert_eq!(bad.parse::<Cursor>(), Err(NoCursor), "{bad}");
        }
    }
}
