//! The texts of a segment's documents, one behind the other in a file of the
//! segment: each lies where it is read, without being unpacked or copied.
//!
//! Written as they come, then where each ends, four bytes each, low byte first,
//! then how many there are.

use std::{any::Any, io::Write, ops::Range, sync::Arc};

use tantivy::{
    DocId, PluginMergeContext, PluginWriter, PluginWriterContext, Segment, SegmentPlugin,
    SegmentReader, TantivyError,
    directory::{OwnedBytes, TerminatingWrite, WritePtr},
    index::SegmentComponent,
    indexer::DocIdMapping,
    schema::{
        Field, Schema,
        document::{ErasedDocument, ErasedValue, ReferenceValueLeaf},
    },
};

use crate::schema::TEXT;

/// The extension of the file.
const TEXTS: &str = "texts";

/// Lets an index write and merge the texts of its documents. Whoever only reads
/// needs none.
#[must_use]
pub fn texts_plugin() -> Arc<dyn SegmentPlugin> {
    Arc::new(TextsPlugin)
}

struct TextsPlugin;

impl SegmentPlugin for TextsPlugin {
    fn extensions(&self) -> &[&str] {
        &[TEXTS]
    }

    fn create_writer(
        &self,
        context: &PluginWriterContext<'_>,
    ) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(Writer::open(context.segment)?))
    }

    fn merge(&self, context: PluginMergeContext<'_>) -> tantivy::Result<()> {
        // No index of ours is sorted: documents follow one another as in the
        // segments that they come from.
        let mut writer = Writer::open(context.target_segment)?;
        for segment in context.readers {
            let texts = Texts::open(segment)?;
            for doc in segment.doc_ids_alive() {
                writer.add(texts.get(doc))?;
            }
        }
        writer.finish()
    }
}

struct Writer {
    field: Field,
    file: WritePtr,
    end: u32,
    ends: Vec<u8>,
}

impl Writer {
    fn open(segment: &Segment) -> tantivy::Result<Self> {
        Ok(Self {
            field: segment.schema().get_field(TEXT)?,
            file: segment.open_write(SegmentComponent::Custom(TEXTS.to_owned()))?,
            end: 0,
            ends: Vec::new(),
        })
    }

    fn add(&mut self, text: &[u8]) -> tantivy::Result<()> {
        self.file.write_all(text)?;
        let end = u32::try_from(text.len()).ok();
        self.end = end
            .and_then(|len| self.end.checked_add(len))
            .ok_or_else(|| {
                TantivyError::InvalidArgument("a segment cannot hold 4 GiB of texts".to_owned())
            })?;
        self.ends.extend(self.end.to_le_bytes());
        Ok(())
    }

    fn finish(mut self) -> tantivy::Result<()> {
        self.file.write_all(&self.ends)?;
        let count = (self.ends.len() / 4) as u32;
        self.file.write_all(&count.to_le_bytes())?;
        Ok(self.file.terminate()?)
    }
}

impl PluginWriter for Writer {
    fn add_document(
        &mut self,
        _: DocId,
        document: &dyn ErasedDocument,
        _: &Schema,
    ) -> tantivy::Result<()> {
        let mut fields = document.erased_fields();
        let text = fields.find_map(|(field, value)| match value {
            ErasedValue::Leaf(ReferenceValueLeaf::Custom(text)) if field == self.field => {
                Some(text)
            }
            _ => None,
        });
        self.add(text.unwrap_or_default())
    }

    fn serialize(self: Box<Self>, _: &Segment, _: Option<&DocIdMapping>) -> tantivy::Result<()> {
        self.finish()
    }

    fn mem_usage(&self) -> usize {
        self.ends.capacity()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// The texts of a segment.
pub(crate) struct Texts {
    texts: OwnedBytes,
    ends: OwnedBytes,
}

impl Texts {
    /// Those of the segment of `reader`.
    pub(crate) fn open(reader: &SegmentReader) -> tantivy::Result<Self> {
        let file = reader.open_read(SegmentComponent::Custom(TEXTS.to_owned()))?;
        let bytes = file.read_bytes()?;
        let read = || {
            let (rest, count) = bytes.split_last_chunk()?;
            let ends = 4 * u32::from_le_bytes(*count) as usize;
            let start = rest.len().checked_sub(ends)?;
            Some((start, rest.len()))
        };
        let (start, end) = read().ok_or_else(|| {
            TantivyError::InternalError("the texts of a segment are cut off".to_owned())
        })?;
        Ok(Self {
            texts: bytes.slice(0..start),
            ends: bytes.slice(start..end),
        })
    }

    /// The text of document `doc`; nothing where there is none.
    #[inline]
    pub(crate) fn get(&self, doc: DocId) -> &[u8] {
        self.range(doc as usize)
            .and_then(|range| self.texts.get(range))
            .unwrap_or_default()
    }

    /// Those of `docs`, one behind the other; nothing where one of them is missing.
    pub(crate) fn span(&self, docs: Range<DocId>) -> &[u8] {
        let span = || {
            let start = self.range(docs.start as usize)?.start;
            let last = docs.end.checked_sub(1)?;
            self.texts.get(start..self.range(last as usize)?.end)
        };
        span().unwrap_or_default()
    }

    fn range(&self, doc: usize) -> Option<Range<usize>> {
        let end = |doc: usize| {
            let (ends, _) = self.ends.as_chunks();
            ends.get(doc).map(|&end| u32::from_le_bytes(end) as usize)
        };
        let start = match doc.checked_sub(1) {
            Some(before) => end(before)?,
            None => 0,
        };
        Some(start..end(doc)?)
    }
}
