//! Digests of whole files, as `sha256sum` writes them.

use std::{fs::File, io, path::Path};

use sha2::{Digest, Sha256};

use crate::warc::hex;

/// SHA-256 of the file at `path`, in lower-case hexadecimal.
///
/// # Errors
///
/// When it cannot be read.
pub fn digest_of_file(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path)?, &mut hash)?;
    Ok(hex(&hash.finalize()))
}
