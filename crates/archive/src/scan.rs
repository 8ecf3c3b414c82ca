//! Every record of the WARC files, one after the other, past damage.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{BufReader, Seek, SeekFrom},
    path::Path,
};

use crate::{
    corpus::Corpus,
    error::ArchiveError,
    record::{RecordError, RecordHead, RecordReader, Span},
    warc,
};

/// The block of a record may be as long as this; whatever writes to the
/// archive keeps well below it. A damaged length must not take all memory.
const MAX_BLOCK_BYTES: u64 = 1 << 31;

/// What is found at a place of a file.
pub(crate) enum Found<'a> {
    /// A record whose gzip checksum is right.
    Record {
        head: &'a RecordHead,
        block: &'a [u8],
        span: Span,
    },
    /// Something else.
    Damage { offset: u64, error: RecordError },
}

/// The names of the WARC files of `corpus`, in the order they were written.
pub(crate) fn files(corpus: &Corpus) -> Result<Vec<String>, ArchiveError> {
    let dir = corpus.archive_dir();
    let read = |source| ArchiveError::io("read", &dir, source);
    let mut names = Vec::new();
    if !dir.exists() {
        return Ok(names);
    }
    for entry in fs::read_dir(&dir).map_err(read)? {
        let name = entry.map_err(read)?.file_name();
        if let Some(name) = name.to_str().filter(|name| warc::serial(name).is_some()) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Shows `see` every record of the file at `path`. Behind damage it goes on
/// at the next of `starts`, where records are known to begin.
pub(crate) fn scan(
    path: &Path,
    starts: &BTreeSet<u64>,
    mut see: impl FnMut(Found<'_>) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    let io = |action| move |source| ArchiveError::io(action, path, source);
    let mut file = File::open(path).map_err(io("open"))?;
    let mut block = Vec::new();
    let mut from = Some(0);
    while let Some(start) = from.take() {
        file.seek(SeekFrom::Start(start)).map_err(io("read"))?;
        let mut reader = RecordReader::new(BufReader::with_capacity(1 << 18, &file), start);
        let mut offset = start;
        loop {
            match reader.next_record(&mut block, MAX_BLOCK_BYTES) {
                Ok(Some((head, span))) => {
                    offset = span.offset + span.length;
                    see(Found::Record {
                        head: &head,
                        block: &block,
                        span,
                    })?;
                }
                Ok(None) => break,
                Err(RecordError::Io(source)) => return Err(io("read")(source)),
                Err(error) => {
                    see(Found::Damage { offset, error })?;
                    from = starts.range(offset + 1..).next().copied();
                    break;
                }
            }
        }
    }
    Ok(())
}
