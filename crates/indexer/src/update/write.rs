//! A generation from its first file to its last.

use std::{
    collections::HashSet,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use gongbao_analysis::{
    Coder, Dictionary, Fields, GenerationNote, Segmenter, WORDS_FILE, register_tokenizers, schema,
    texts_plugin,
};
use gongbao_archive::Archive;
use gongbao_notice::{NoticeId, Reader};
use tantivy::{DocAddress, Index, IndexSettings, IndexWriter, Searcher, store::Compressor};

use super::{LEAST_MIB_A_THREAD, Options, Progress, Rederived, Unread, feed::Feeder, stale::Stale};
use crate::{
    copies, entry::Entry, error::IndexError, generation::replace, inspect::indexed_version,
};

/// So much of what is kept with the heads is read at once: little, as it is copied.
const STORE_BLOCK_BYTES: usize = 4 << 10;

/// What came of writing a generation.
pub(super) struct Written {
    pub(super) indexed: u64,
    pub(super) unread: Vec<Unread>,
    pub(super) rederived: Option<Rederived>,
}

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
    /// Writes the generation in `path` and brings `note` up to it: takes in what
    /// changed since, and what is `stale`.
    pub(super) fn write(
        &self,
        path: &Path,
        note: &mut GenerationNote,
        last_change: u64,
        stale: Option<Stale>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Written, IndexError> {
        let tantivy = |source| IndexError::tantivy(path, source);
        let (index, fields) = self.open(path).map_err(tantivy)?;
        let threads = self.options.threads.get();
        // Fewer threads than asked where the memory would not do for all.
        let writers = threads.min(self.options.memory_mib / LEAST_MIB_A_THREAD);
        let mut writer: IndexWriter<Entry> = index
            .writer_with_num_threads(writers, self.options.memory_mib << 20)
            .map_err(tantivy)?;

        let pieces = self.pieces(path, note, last_change)?;
        let coder = Coder::new(Arc::clone(&pieces));
        let feeder = Feeder::new(path, &fields, coder, &writer, self.keep)?;
        self.feed_changes(&feeder, note, last_change, progress)?;
        let rederived = stale
            .map(|stale| self.rederive(&feeder, &index, &pieces, note, stale, progress))
            .transpose()?;
        let fed = feeder.finish()?;
        progress(Progress::Writing);
        if self.interrupt.load(Ordering::Relaxed) {
            return Err(IndexError::Interrupted);
        }
        note.held = fed
            .unread
            .iter()
            .filter(|unread| self.hold.contains(&unread.id))
            .map(|unread| {
                let version = indexed_version(self.archive, note, &unread.id)?;
                Ok((unread.id.clone(), version))
            })
            .collect::<Result<_, IndexError>>()?;
        note.last_change = last_change;
        note.unread = fed.unread.iter().map(|unread| unread.id.clone()).collect();
        note.read_by = self.reader.read_by();
        let dictionary = self.dictionary.fingerprint();
        if !self.keep || note.dictionary != dictionary {
            note.dictionary = dictionary;
            replace(&path.join(WORDS_FILE), &self.dictionary.to_bytes())?;
        }
        writer.commit().map_err(tantivy)?;
        copies::update(path, fed.prints, self.options.threads)?;
        (note.notices, note.passages) = count(&index, &fields).map_err(tantivy)?;
        // Kept with the commit, so the note and what it speaks of are one.
        let mut prepared = writer.prepare_commit().map_err(tantivy)?;
        prepared.set_payload(&note.to_payload());
        prepared.commit().map_err(tantivy)?;
        writer.wait_merging_threads().map_err(tantivy)?;
        Ok(Written {
            indexed: fed.indexed,
            unread: fed.unread,
            rederived,
        })
    }

    fn open(&self, path: &Path) -> tantivy::Result<(Index, Fields)> {
        let (schema, fields) = schema();
        let index = if self.keep {
            let mut index = Index::open_in_dir(path)?;
            index.register_plugin(texts_plugin());
            index
        } else {
            let settings = IndexSettings {
                // What it is given is packed already.
                docstore_compression: Compressor::None,
                docstore_blocksize: STORE_BLOCK_BYTES,
                ..IndexSettings::default()
            };
            Index::builder()
                .schema(schema)
                .settings(settings)
                .register_plugin(texts_plugin())
                .create_in_dir(path)?
        };
        register_tokenizers(index.tokenizers(), Segmenter::new(self.dictionary));
        Ok((index, fields))
    }
}

/// How many notices and passages an index holds.
fn count(index: &Index, fields: &Fields) -> tantivy::Result<(u64, u64)> {
    let searcher = index.reader()?.searcher();
    let notices = heads(&searcher, fields)?.len() as u64;
    Ok((notices, searcher.num_docs() - notices))
}

/// Where the heads of notices lie.
pub(super) fn heads(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<DocAddress>> {
    let name = searcher.schema().get_field_name(fields.ordinal);
    let mut heads = Vec::new();
    for (number, segment) in (0..).zip(searcher.segment_readers()) {
        let ordinals = segment.fast_fields().u64(name)?;
        let of_segment = segment
            .doc_ids_alive()
            .filter(|&doc| ordinals.first(doc) == Some(0));
        heads.extend(of_segment.map(|doc| DocAddress::new(number, doc)));
    }
    Ok(heads)
}
