//! A generation from its first file to its last.

use std::{
    collections::HashSet,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use gongbao_analysis::{
    Dictionary, Fields, GenerationNote, Segmenter, compression, register_tokenizers, schema,
};
use gongbao_archive::Archive;
use gongbao_notice::{NoticeId, Reader};
use tantivy::{Index, IndexSettings, IndexWriter, directory::MmapDirectory};

use super::{LEAST_MIB_A_THREAD, Options, Progress, Unread};
use crate::{copies, error::IndexError, inspect::indexed_version};

/// So much of what is kept for display is compressed together. On the law texts
/// 0.444 of the text, with 16 KiB 0.475, and no answer takes longer.
const STORE_BLOCK_BYTES: usize = 64 << 10;

/// What a generation is made from, and how.
pub(super) struct Work<'a> {
    pub(super) archive: &'a Archive,
    pub(super) reader: &'a Reader,
    pub(super) dictionary: &'a Dictionary,
    pub(super) options: &'a Options,
    pub(super) hold: &'a HashSet<NoticeId>,
    pub(super) interrupt: &'a AtomicBool,
    pub(super) keep: bool,
}

impl Work<'_> {
    /// Writes the generation in `path` and brings `note` up to it. Returns how
    /// many notices were indexed, and those that could not be read.
    pub(super) fn write(
        &self,
        path: &Path,
        note: &mut GenerationNote,
        last_change: u64,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(u64, Vec<Unread>), IndexError> {
        let tantivy = |source| IndexError::Tantivy {
            path: path.to_owned(),
            source,
        };
        let (index, fields) = self.open(path).map_err(tantivy)?;
        let threads = self.options.threads.get();
        // Fewer threads than asked where the memory would not do for all.
        let writers = threads.min(self.options.memory_mib / LEAST_MIB_A_THREAD);
        let mut writer: IndexWriter = index
            .writer_with_num_threads(writers, self.options.memory_mib << 20)
            .map_err(tantivy)?;

        let fresh = Mutex::new(Vec::new());
        let (indexed, unread) = self.feed(&writer, &fields, note, last_change, &fresh, progress)?;
        progress(Progress::Writing);
        if self.interrupt.load(Ordering::Relaxed) {
            return Err(IndexError::Interrupted);
        }
        note.held = unread
            .iter()
            .filter(|unread| self.hold.contains(&unread.id))
            .map(|unread| {
                let version = indexed_version(self.archive, note, &unread.id)?;
                Ok((unread.id.clone(), version))
            })
            .collect::<Result<_, IndexError>>()?;
        note.last_change = last_change;
        note.unread = unread.iter().map(|unread| unread.id.clone()).collect();
        writer.commit().map_err(tantivy)?;
        copies::update(path, fresh.into_inner().expect("no panics"))?;
        (note.notices, note.passages) = count(&index, &fields).map_err(tantivy)?;
        // Kept with the commit, so the note and what it speaks of are one.
        let mut prepared = writer.prepare_commit().map_err(tantivy)?;
        prepared.set_payload(&note.to_payload());
        prepared.commit().map_err(tantivy)?;
        writer.wait_merging_threads().map_err(tantivy)?;
        Ok((indexed, unread))
    }

    fn open(&self, path: &Path) -> tantivy::Result<(Index, Fields)> {
        let (schema, fields) = schema();
        let index = if self.keep {
            Index::open_in_dir(path)?
        } else {
            let settings = IndexSettings {
                docstore_compression: compression(),
                docstore_blocksize: STORE_BLOCK_BYTES,
                ..IndexSettings::default()
            };
            Index::create(MmapDirectory::open(path)?, schema, settings)?
        };
        register_tokenizers(index.tokenizers(), Segmenter::new(self.dictionary));
        Ok((index, fields))
    }
}

/// How many notices and passages an index holds.
fn count(index: &Index, fields: &Fields) -> tantivy::Result<(u64, u64)> {
    let searcher = index.reader()?.searcher();
    let name = index.schema().get_field_name(fields.ordinal).to_owned();
    let mut heads = 0;
    let mut all = 0;
    for segment in searcher.segment_readers() {
        let ordinals = segment.fast_fields().u64(&name)?;
        for doc in segment.doc_ids_alive() {
            all += 1;
            heads += u64::from(ordinals.first(doc) == Some(0));
        }
    }
    Ok((heads, all - heads))
}
