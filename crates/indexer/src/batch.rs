//! A few notices as an index in memory, of the same schema and the same terms
//! as the one on disk: for asking many questions about what is new.

use std::sync::Arc;

use gongbao_analysis::{
    Coder, Dictionary, Segmenter, StoredNotice, register_tokenizers, schema, texts_plugin,
};
use gongbao_archive::{Loaded, NoticeRecord};
use gongbao_notice::Reader;
use tantivy::{
    Index, IndexSettings, IndexWriter, indexer::NoMergePolicy, tokenizer::TokenizerManager,
};

use crate::{
    document::{normal_texts, operations, stored},
    entry::Entry,
    read::read_notice,
};

/// Memory for terms that are not written out yet. What does not fit becomes a
/// further segment.
const MEMORY_BYTES: usize = 64 << 20;

/// Reads the version of `record` that was loaded as `loaded`, and files it as
/// the index would.
///
/// # Errors
///
/// Why it cannot be read; see [`read_notice`].
pub fn file_notice(
    reader: &Reader,
    record: &NoticeRecord,
    loaded: &Loaded,
) -> Result<StoredNotice, String> {
    let notice = read_notice(reader, record, loaded)?;
    Ok(stored(record.id.clone(), record.url.clone(), notice))
}

/// Makes indexes in memory, one after the other, with one segmenter.
pub struct Batcher {
    tokenizers: TokenizerManager,
}

impl Batcher {
    /// One whose words are cut with `dictionary`. Takes about a tenth of a
    /// second.
    #[must_use]
    pub fn new(dictionary: &Dictionary) -> Self {
        let tokenizers = TokenizerManager::default();
        register_tokenizers(&tokenizers, Segmenter::new(dictionary));
        Self { tokenizers }
    }

    /// An index of `notices`, each of which must be there once only.
    ///
    /// # Errors
    ///
    /// Those of tantivy; none is expected in memory.
    pub fn index<'n>(
        &self,
        notices: impl Iterator<Item = &'n StoredNotice>,
    ) -> tantivy::Result<Index> {
        let (schema, fields) = schema();
        let mut index = Index::builder()
            .schema(schema)
            .register_plugin(texts_plugin())
            .settings(IndexSettings {
                // It is read back at once, and never kept.
                docstore_compression: tantivy::store::Compressor::None,
                ..IndexSettings::default()
            })
            .create_in_ram()?;
        index.set_tokenizers(self.tokenizers.clone());
        let mut writer: IndexWriter<Entry> = index.writer_with_num_threads(1, MEMORY_BYTES)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        // It is read back at once: what pieces it would be best kept in takes longer to learn.
        let coder = Coder::new(Arc::default());
        for notice in notices {
            let texts = normal_texts(notice);
            writer.run(operations(&fields, &coder, notice, texts, false, None))?;
        }
        writer.commit()?;
        Ok(index)
    }
}
