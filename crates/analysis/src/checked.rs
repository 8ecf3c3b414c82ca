//! Bytes with a checksum in front, so that damage shows where they are read.

use crc32fast::hash;

/// How many bytes the checksum adds.
pub(crate) const CHECKSUM: usize = 4;

/// `bytes` with their checksum in front (CRC-32, low byte first).
pub(crate) fn with_checksum(bytes: &[u8]) -> Vec<u8> {
    [&hash(bytes).to_le_bytes(), bytes].concat()
}

/// What [`with_checksum`] was given; `None` if it is no longer that.
pub(crate) fn checked(bytes: &[u8]) -> Option<&[u8]> {
    let (checksum, bytes) = bytes.split_first_chunk::<CHECKSUM>()?;
    (u32::from_le_bytes(*checksum) == hash(bytes)).then_some(bytes)
}
