//! One record at its offset, verified.

use std::{
    fs::File,
    io::{BufReader, ErrorKind, Read},
    path::PathBuf,
};

use sha2::{Digest, Sha256};

use crate::{
    archive::VersionRecord,
    corpus::Corpus,
    error::ArchiveError,
    http::{Message, decode_entity},
    record::{RecordError, RecordHead, RecordReader},
    warc::hex,
};

/// Records mostly lie in the order they are asked for, so reading ahead pays.
const READ_AHEAD_BYTES: usize = 256 * 1024;

/// Bound on what stands before the entity of a response. Whatever writes to
/// the archive keeps well below it.
const MAX_HTTP_HEAD_BYTES: u64 = 1 << 20;

/// What an entity may decode to: twice what `import` takes of a page.
const MAX_DECODED_BYTES: u64 = 128 << 20;

/// Reads records of a corpus. Keeps the last WARC file open; give each thread
/// its own.
#[derive(Debug)]
pub struct Loader {
    dir: PathBuf,
    open: Option<OpenFile>,
    member: Vec<u8>,
}

#[derive(Debug)]
struct OpenFile {
    name: String,
    input: BufReader<File>,
    position: u64,
    length: u64,
}

/// What was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The bytes, exactly as received, but for the content encoding of a
    /// response, which is undone.
    pub bytes: Vec<u8>,
    /// The header of its WARC record.
    pub head: RecordHead,
}

impl Loader {
    /// A loader for `corpus`.
    #[must_use]
    pub fn new(corpus: &Corpus) -> Self {
        Self {
            dir: corpus.archive_dir(),
            open: None,
            member: Vec::new(),
        }
    }

    /// What `version` was received as: reads exactly its record and compares
    /// length and SHA-256 with the catalogue's. Of a response it takes the
    /// entity and undoes its content encoding.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Damaged`] when they differ, or the record cannot be
    /// read where the catalogue says it is; [`ArchiveError::Undecodable`] when
    /// it is as it was received, but in an encoding that cannot be undone.
    pub fn load(&mut self, version: &VersionRecord) -> Result<Loaded, ArchiveError> {
        let path = self.dir.join(&version.warc_file);
        let damaged = |reason: String| ArchiveError::Damaged {
            file: path.clone(),
            offset: version.warc_offset,
            reason,
        };
        self.read_member(version, &damaged)?;
        let mut reader = RecordReader::new(self.member.as_slice(), version.warc_offset);
        let mut block = Vec::with_capacity(usize::try_from(version.size).unwrap_or(0).min(1 << 26));
        // A response has its head besides.
        let limit = version.size.saturating_add(MAX_HTTP_HEAD_BYTES);
        let (head, span) = match reader.next_record(&mut block, limit) {
            Ok(Some(record)) => record,
            Ok(None) => return Err(damaged("the record is empty".into())),
            Err(RecordError::Io(source)) => return Err(ArchiveError::io("read", &path, source)),
            Err(error) => return Err(damaged(error.to_string())),
        };
        if span.length != version.warc_length {
            return Err(damaged(
                "more than one record is where one should be".into(),
            ));
        }
        let check = |bytes: &[u8]| {
            let digest = hex(&Sha256::digest(bytes));
            if digest == version.sha256 {
                return Ok(());
            }
            Err(damaged(format!(
                "its content has SHA-256 {digest}, expected {}",
                version.sha256
            )))
        };
        let bytes = if head.get("WARC-Type") == Some("response") {
            let message = Message::parse(&block)
                .ok_or_else(|| damaged("it holds no response of HTTP".into()))?;
            check(message.entity)?;
            let encoding = message.head().get("content-encoding");
            let decoded = decode_entity(encoding, message.entity, MAX_DECODED_BYTES);
            decoded
                .map_err(|source| ArchiveError::Undecodable {
                    file: path.clone(),
                    offset: version.warc_offset,
                    source,
                })?
                .into_owned()
        } else {
            check(&block)?;
            block
        };
        Ok(Loaded { bytes, head })
    }

    fn read_member(
        &mut self,
        version: &VersionRecord,
        damaged: &dyn Fn(String) -> ArchiveError,
    ) -> Result<(), ArchiveError> {
        let path = self.dir.join(&version.warc_file);
        let io = |source| ArchiveError::io("read", &path, source);
        let end = version.warc_offset.saturating_add(version.warc_length);
        let reopen = match &mut self.open {
            Some(open) if open.name == version.warc_file => {
                // It may have grown since.
                if end > open.length {
                    open.length = open.input.get_ref().metadata().map_err(io)?.len();
                }
                false
            }
            _ => true,
        };
        if reopen {
            // The catalogue is a file that anybody may write to: names only, no paths.
            if version.warc_file.contains(['/', '\\']) {
                return Err(damaged(
                    "the catalogue names a file outside the archive".into(),
                ));
            }
            let file = File::open(&path).map_err(|source| match source.kind() {
                ErrorKind::NotFound => damaged("the file is missing".into()),
                _ => ArchiveError::io("open", &path, source),
            })?;
            let length = file.metadata().map_err(io)?.len();
            self.open = Some(OpenFile {
                name: version.warc_file.clone(),
                input: BufReader::with_capacity(READ_AHEAD_BYTES, file),
                position: 0,
                length,
            });
        }
        let open = self.open.as_mut().expect("a file was just opened");
        if end > open.length {
            return Err(damaged(format!("the file ends at byte {}", open.length)));
        }
        let step = version.warc_offset.cast_signed() - open.position.cast_signed();
        let read = open.input.seek_relative(step).and_then(|()| {
            self.member.clear();
            open.input
                .by_ref()
                .take(version.warc_length)
                .read_to_end(&mut self.member)
        });
        match read {
            Ok(read) => open.position = version.warc_offset + read as u64,
            Err(source) => {
                // Where the file stands now is unknown.
                self.open = None;
                return Err(io(source));
            }
        }
        Ok(())
    }
}
