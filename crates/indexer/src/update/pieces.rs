//! In which pieces the texts of a generation are kept.

use std::{
    fs, io,
    path::Path,
    sync::{Arc, Mutex},
};

use gongbao_analysis::{GenerationNote, PIECES_FILE, Pieces, SAMPLE_BYTES};

use super::{feed::in_threads, write::Work};
use crate::{error::IndexError, generation::replace, read::read_notice};

impl Work<'_> {
    /// The pieces that the generation in `path` keeps its texts in. They are
    /// learned from a sample of what changed since `note`, up to `last_change`,
    /// where that is more than the generation begins with.
    pub(super) fn pieces(
        &self,
        path: &Path,
        note: &GenerationNote,
        last_change: u64,
    ) -> Result<Arc<Pieces>, IndexError> {
        let file = path.join(PIECES_FILE);
        let known = self.keep.then(|| read(&file)).transpose()?;
        let changes = last_change.saturating_sub(note.last_change);
        let known = match known {
            Some(known) if changes <= note.notices => return Ok(Arc::new(known)),
            known => known,
        };
        let sample = self.sample(note)?;
        let sample: Vec<&str> = sample.iter().map(String::as_str).collect();
        let pieces = match known {
            Some(known) => known.and_learned(&sample),
            None => Pieces::learned(&sample),
        };
        replace(&file, &pieces.to_bytes())?;
        Ok(Arc::new(pieces))
    }

    /// Texts that changed since `note`, from all over them.
    fn sample(&self, note: &GenerationNote) -> Result<Vec<String>, IndexError> {
        let changes = || self.archive.changes_since(note.last_change);
        let mut all = 0;
        for change in changes() {
            all += change?.notice.newest.size as usize;
        }
        let texts = Mutex::new(Vec::new());
        let mut loader = self.archive.loader();
        in_threads(
            self.options.threads,
            |send| {
                // One notice for each time that so many bytes have gone by.
                let (mut gone_by, mut taken) = (0, 0);
                for change in changes() {
                    let record = change?.notice;
                    gone_by += record.newest.size as usize;
                    // What cannot be read is told of when it is indexed.
                    if taken * all <= gone_by * SAMPLE_BYTES.min(all)
                        && let Ok(loaded) = loader.load(&record.newest)
                    {
                        taken += record.newest.size as usize;
                        send((record, loaded));
                    }
                }
                Ok::<_, IndexError>(())
            },
            |(record, loaded)| {
                if let Ok(notice) = read_notice(self.reader, &record, &loaded) {
                    let text = notice.body.text().to_owned();
                    texts.lock().expect("no panics").push((record.seq, text));
                }
            },
        )?;
        let mut texts = texts.into_inner().expect("no panics");
        // Threads finish in any order, the pieces must not depend on it.
        texts.sort_unstable_by_key(|&(seq, _)| seq);
        Ok(texts.into_iter().map(|(_, text)| text).collect())
    }
}

fn read(file: &Path) -> Result<Pieces, IndexError> {
    let bytes = fs::read(file).map_err(IndexError::io("read", file))?;
    Pieces::from_bytes(&bytes).map_err(|error| {
        IndexError::io("read", file)(io::Error::new(io::ErrorKind::InvalidData, error))
    })
}
