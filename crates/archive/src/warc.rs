//! The WARC files: appending to the newest, beginning a new one when it is
//! full, mending it after a crash.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufReader, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    archive::to_seconds,
    error::ArchiveError,
    record::{RecordEncoder, RecordError, RecordHead, RecordReader, Span},
};

const SUFFIX: &str = ".warc.gz";

/// The WARC files of a corpus, open for appending. The caller holds the lock.
pub(crate) struct WarcFiles {
    dir: PathBuf,
    corpus: String,
    max_file_bytes: u64,
    next_serial: u32,
    current: Option<Current>,
}

/// The file that is being written.
struct Current {
    name: String,
    path: PathBuf,
    file: File,
    /// Up to here it holds whole records.
    end: u64,
    /// What it held when this process opened or began it.
    first_end: u64,
    /// Whether everything up to `end` is on disk.
    synced: bool,
    /// The record id of its `warcinfo`.
    info: String,
}

/// How much of the files the catalogue names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mark {
    name: String,
    end: u64,
}

impl WarcFiles {
    /// Opens the files in `dir` for the corpus with that uuid. `named_up_to`
    /// tells the end of the last record that the catalogue names in a file.
    ///
    /// A record at the end of the newest file that a crash cut short is
    /// removed. Whole records stay, named or not. A file that is damaged
    /// otherwise is left as it is; a new one is begun.
    pub(crate) fn open(
        dir: &Path,
        corpus: String,
        max_file_bytes: u64,
        named_up_to: impl FnOnce(&str) -> Result<u64, ArchiveError>,
    ) -> Result<Self, ArchiveError> {
        fs::create_dir_all(dir).map_err(|source| ArchiveError::io("create", dir, source))?;
        let mut last = 0;
        for entry in fs::read_dir(dir).map_err(|source| ArchiveError::io("read", dir, source))? {
            let entry = entry.map_err(|source| ArchiveError::io("read", dir, source))?;
            last = last.max(entry.file_name().to_str().and_then(serial).unwrap_or(0));
        }
        let mut files = Self {
            dir: dir.to_owned(),
            corpus,
            max_file_bytes,
            next_serial: last + 1,
            current: None,
        };
        if last > 0 {
            let name = file_name(last);
            let named_end = named_up_to(&name)?;
            files.current = files.mend(name, named_end)?;
        }
        Ok(files)
    }

    /// The record id of the `warcinfo` of the file that the next record goes
    /// to. Begins a new file if the last one is full.
    pub(crate) fn ready(
        &mut self,
        encoder: &mut RecordEncoder,
        now: Timestamp,
    ) -> Result<&str, ArchiveError> {
        let full = self
            .current
            .as_ref()
            .is_none_or(|current| current.end >= self.max_file_bytes);
        if full {
            self.sync()?;
            self.begin_file(encoder, now)?;
        }
        Ok(&self.current.as_ref().expect("a file was just begun").info)
    }

    /// Appends `member`, one whole record. Follows [`ready`](Self::ready). On
    /// an error the file is as it was before.
    pub(crate) fn append(&mut self, member: &[u8]) -> Result<(&str, Span), ArchiveError> {
        let current = self.current.as_mut().expect("ready() came before");
        current.synced = false;
        let offset = current.end;
        if let Err(source) = current.file.write_all(member) {
            let error = ArchiveError::io("write", &current.path, source);
            current.cut(offset);
            return Err(error);
        }
        let length = member.len() as u64;
        current.end += length;
        Ok((&current.name, Span { offset, length }))
    }

    /// Puts all that was appended on disk.
    pub(crate) fn sync(&mut self) -> Result<(), ArchiveError> {
        if let Some(current) = self.current.as_mut().filter(|current| !current.synced) {
            let synced = current.file.sync_data();
            synced.map_err(|source| ArchiveError::io("write", &current.path, source))?;
            current.synced = true;
        }
        Ok(())
    }

    /// How much there is now.
    pub(crate) fn mark(&self) -> Mark {
        self.current
            .as_ref()
            .map_or_else(Mark::default, |current| Mark {
                name: current.name.clone(),
                end: current.end,
            })
    }

    /// Takes back what was appended since `mark`, to give the room back. A
    /// file that was filled since stays: its records are whole, only no one
    /// names them.
    pub(crate) fn back_to(&mut self, mark: &Mark) {
        if let Some(current) = &mut self.current {
            let same = current.name == mark.name;
            current.cut(if same { mark.end } else { current.first_end });
        }
    }

    fn begin_file(
        &mut self,
        encoder: &mut RecordEncoder,
        now: Timestamp,
    ) -> Result<(), ArchiveError> {
        let name = file_name(self.next_serial);
        let path = self.dir.join(&name);
        let opened = OpenOptions::new().write(true).create_new(true).open(&path);
        let file = opened.map_err(|source| ArchiveError::io("create", &path, source))?;
        // The file's name must be as durable as what it will hold.
        #[cfg(unix)]
        File::open(&self.dir)
            .and_then(|dir| dir.sync_all())
            .map_err(|source| ArchiveError::io("write", &self.dir, source))?;
        self.next_serial += 1;
        let info = self.info_id(&name);
        self.current = Some(Current {
            name,
            path,
            file,
            end: 0,
            first_end: 0,
            synced: false,
            info,
        });
        self.write_info(encoder, now).inspect_err(|_| {
            // Without its first record it is no good; the next attempt takes its place.
            if let Some(current) = self.current.take() {
                let _ = fs::remove_file(&current.path);
                self.next_serial -= 1;
            }
        })
    }

    /// The first record of a file: who wrote it, and that it may be read as WARC 1.1.
    fn write_info(
        &mut self,
        encoder: &mut RecordEncoder,
        now: Timestamp,
    ) -> Result<(), ArchiveError> {
        let current = self.current.as_ref().expect("a file was just begun");
        let block = format!(
            "software: gongbao/{}\r\nformat: WARC File Format 1.1\r\n\
             conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n\
             isPartOf: urn:uuid:{}\r\n",
            env!("CARGO_PKG_VERSION"),
            self.corpus
        );
        let mut head = RecordHead::default();
        head.push("WARC-Type", "warcinfo");
        head.push("WARC-Record-ID", current.info.as_str());
        head.push("WARC-Date", to_seconds(now).to_string());
        head.push("WARC-Filename", current.name.as_str());
        head.push(
            "WARC-Block-Digest",
            format!("sha256:{}", hex(&Sha256::digest(&block))),
        );
        head.push("Content-Type", "application/warc-fields");
        let mut member = Vec::new();
        encoder.encode(&head, block.as_bytes(), &mut member);
        self.append(&member)?;
        if let Some(current) = &mut self.current {
            current.first_end = current.end;
        }
        Ok(())
    }

    fn info_id(&self, name: &str) -> String {
        record_id(&[&self.corpus, "warcinfo", name])
    }

    /// Opens the newest file at the end of its last whole record.
    fn mend(&self, name: String, named_end: u64) -> Result<Option<Current>, ArchiveError> {
        let path = self.dir.join(&name);
        let io = |action| {
            let path = path.clone();
            move |source| ArchiveError::io(action, &path, source)
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .map_err(io("open"))?;
        let length = file.metadata().map_err(io("read"))?.len();
        if length < named_end {
            tracing::warn!(file = %path.display(), length, named_end, "WARC file is shorter than the catalogue says; left as it is");
            return Ok(None);
        }
        let end = match whole_up_to(&mut file, named_end) {
            Ok(end) => end,
            Err(RecordError::Io(source)) => return Err(ArchiveError::io("read", &path, source)),
            Err(error) => {
                tracing::warn!(file = %path.display(), %error, "WARC file goes on with something else than records; left as it is");
                return Ok(None);
            }
        };
        if end < length {
            tracing::info!(file = %path.display(), from = end, to = length, "cut off a record that a crash left unfinished");
            file.set_len(end).map_err(io("write"))?;
            file.sync_all().map_err(io("write"))?;
        }
        if end == 0 {
            // Not even its first record: its place is taken by a new one.
            drop(file);
            fs::remove_file(&path).map_err(io("remove"))?;
            return Ok(None);
        }
        file.seek(SeekFrom::Start(end)).map_err(io("write"))?;
        let info = self.info_id(&name);
        Ok(Some(Current {
            name,
            path,
            file,
            end,
            first_end: end,
            synced: false,
            info,
        }))
    }
}

impl Current {
    /// Removes what comes after `end`. If even that fails, the next record
    /// overwrites it, or else the next writer mends the file.
    fn cut(&mut self, end: u64) {
        let cut = self
            .file
            .set_len(end)
            .and_then(|()| self.file.seek(SeekFrom::Start(end)));
        if let Err(error) = cut {
            tracing::warn!(file = %self.path.display(), %error, "could not take back an unfinished record");
        }
        self.end = end;
    }
}

/// Where the last whole record ends, from `start` on.
fn whole_up_to(file: &mut File, start: u64) -> Result<u64, RecordError> {
    file.seek(SeekFrom::Start(start)).map_err(RecordError::Io)?;
    let mut reader = RecordReader::new(BufReader::with_capacity(1 << 18, file), start);
    let (mut end, mut block) = (start, Vec::new());
    loop {
        match reader.next_record(&mut block, u64::MAX) {
            Ok(Some((_, span))) => end = span.offset + span.length,
            Ok(None) | Err(RecordError::Truncated) => return Ok(end),
            Err(error) => return Err(error),
        }
    }
}

fn file_name(serial: u32) -> String {
    format!("gongbao-{serial:05}{SUFFIX}")
}

pub(crate) fn serial(name: &str) -> Option<u32> {
    let digits = name.strip_prefix("gongbao-")?.strip_suffix(SUFFIX)?;
    let serial = digits.parse().ok()?;
    (file_name(serial) == name).then_some(serial)
}

/// A record id made from what identifies the record: a UUID of version 8 (RFC
/// 9562, 5.8), so equal records written again after a crash have equal ids.
pub(crate) fn record_id(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut bytes: [u8; 16] = hash.finalize()[..16]
        .try_into()
        .expect("16 bytes are 16 bytes");
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex(&bytes);
    let (a, b, c, d, e) = (
        &text[..8],
        &text[8..12],
        &text[12..16],
        &text[16..20],
        &text[20..],
    );
    format!("<urn:uuid:{a}-{b}-{c}-{d}-{e}>")
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(dir: &Path, named_end: u64) -> WarcFiles {
        WarcFiles::open(dir, "corpus".into(), 1 << 20, |_| Ok(named_end)).unwrap()
    }

    /// Three records after the `warcinfo`, and where each ends.
    fn write_three(dir: &Path) -> Vec<u64> {
        let mut encoder = RecordEncoder::new();
        let mut files = open(dir, 0);
        let mut member = Vec::new();
        let mut ends = Vec::new();
        for text in ["甲", "乙", "丙"] {
            files.ready(&mut encoder, Timestamp::UNIX_EPOCH).unwrap();
            let mut head = RecordHead::default();
            head.push("WARC-Type", "resource");
            encoder.encode(&head, text.as_bytes(), &mut member);
            let (_, span) = files.append(&member).unwrap();
            ends.push(span.offset + span.length);
        }
        ends
    }

    #[test]
    fn a_cut_tail_is_taken_back_to_the_last_whole_record() {
        let dir = tempfile::tempdir().unwrap();
        let ends = write_three(dir.path());
        let path = dir.path().join(file_name(1));
        let whole = fs::read(&path).unwrap();
        for cut in ends[0]..=ends[2] {
            for named in [0, ends[0]] {
                fs::write(&path, &whole[..usize::try_from(cut).unwrap()]).unwrap();
                let files = open(dir.path(), named);
                let end = ends.iter().rev().find(|&&end| end <= cut).copied().unwrap();
                assert_eq!(files.mark().end, end, "cut at {cut}");
                assert_eq!(fs::metadata(&path).unwrap().len(), end);
            }
        }
    }

    #[test]
    fn a_file_without_its_first_record_is_begun_again() {
        let dir = tempfile::tempdir().unwrap();
        write_three(dir.path());
        let path = dir.path().join(file_name(1));
        let whole = fs::read(&path).unwrap();
        for cut in [0, 1, 20, 100] {
            fs::write(&path, &whole[..cut]).unwrap();
            let mut files = open(dir.path(), 0);
            files
                .ready(&mut RecordEncoder::new(), Timestamp::UNIX_EPOCH)
                .unwrap();
            assert!(
                fs::metadata(dir.path().join(&files.mark().name))
                    .unwrap()
                    .len()
                    > 100
            );
            drop(files);
            let _ = fs::remove_file(dir.path().join(file_name(2)));
        }
    }

    #[test]
    fn damage_that_is_no_cut_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let ends = write_three(dir.path());
        let path = dir.path().join(file_name(1));
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend_from_slice(&[0; 64]);
        for (content, named) in [(bytes.clone(), ends[2]), (bytes[..10].to_vec(), ends[2])] {
            fs::write(&path, &content).unwrap();
            let mut files = open(dir.path(), named);
            files
                .ready(&mut RecordEncoder::new(), Timestamp::UNIX_EPOCH)
                .unwrap();
            assert_eq!(files.mark().name, file_name(2));
            assert_eq!(fs::read(&path).unwrap(), content);
            drop(files);
            fs::remove_file(dir.path().join(file_name(2))).unwrap();
        }
    }

    #[test]
    fn record_ids_are_uuids() {
        let id = record_id(&["a", "b"]);
        assert_eq!(
            id.len(),
            "<urn:uuid:00000000-0000-8000-8000-000000000000>".len()
        );
        assert_eq!(&id[24..25], "8");
        assert_ne!(id, record_id(&["ab", ""]));
    }
}
