//! What the index keeps of notices for display, as bytes.
//!
//! tantivy reads a value of bytes one byte after the other, which takes
//! several times as long as unpacking it. Here it is taken as it lies.

use std::io;

use tantivy::{DocAddress, Searcher, directory::OwnedBytes, schema::Field, store::StoreReader};

/// So many unpacked blocks are kept of each segment, as by tantivy itself.
const BLOCKS_KEPT: usize = 100;

/// The byte by which tantivy marks a value of bytes.
const BYTES: u8 = 4;

/// The stores of all segments.
pub(crate) struct Stores(Vec<StoreReader>);

impl Stores {
    pub(crate) fn open(searcher: &Searcher) -> io::Result<Self> {
        let readers = searcher.segment_readers().iter();
        let stores = readers.map(|reader| reader.get_store_reader(BLOCKS_KEPT));
        Ok(Self(stores.collect::<io::Result<_>>()?))
    }

    /// What `document` has in `field`, a field of bytes; empty if it has nothing.
    pub(crate) fn bytes(&self, document: DocAddress, field: Field) -> tantivy::Result<OwnedBytes> {
        let store = &self.0[document.segment_ord as usize];
        let stored = store.get_document_bytes(document.doc_id)?;
        let range = range_of(&stored, field).unwrap_or(0..0);
        Ok(stored.slice(range))
    }
}

/// Where the value of `field` lies in a document: the number of its values,
/// then each, as the number of its field, its kind, its length and its bytes.
/// `None` where another kind comes before it.
fn range_of(document: &[u8], field: Field) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    for _ in 0..number(document, &mut at)? {
        let id = document.get(at..at + 4)?;
        let kind = document.get(at + 4)?;
        at += 5;
        let len = usize::try_from(number(document, &mut at)?).ok()?;
        if *kind != BYTES {
            return None;
        }
        let range = at..at.checked_add(len)?;
        if id == field.field_id().to_le_bytes() {
            return (range.end <= document.len()).then_some(range);
        }
        at = range.end;
    }
    None
}

/// The number at `at`, seven bits a byte, the lowest first, the last byte
/// marked by its highest bit.
fn number(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 != 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use gongbao_analysis::{Dictionary, Segmenter, register_tokenizers, schema};
    use proptest::prelude::*;
    use tantivy::{Index, IndexWriter, TantivyDocument};

    use super::*;

    #[test]
    fn what_was_kept_is_read_back() {
        let (schema, fields) = schema();
        let index = Index::create_in_ram(schema);
        let segmenter = Segmenter::new(&Dictionary::built_in());
        register_tokenizers(index.tokenizers(), segmenter);
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15 << 20).expect("room");
        let values = [
            Vec::new(),
            vec![7],
            vec![0xff; 127],
            vec![1; 128],
            vec![9; 70_000],
        ];
        for value in &values {
            let mut document = TantivyDocument::new();
            document.add_u64(fields.notice, 1);
            document.add_bytes(fields.stored, value);
            writer.add_document(document).expect("room");
        }
        writer.add_document(TantivyDocument::new()).expect("room");
        writer.commit().expect("room");
        let searcher = index.reader().expect("a reader").searcher();
        let stores = Stores::open(&searcher).expect("readable");
        let bytes = |doc| {
            let bytes = stores.bytes(DocAddress::new(0, doc), fields.stored);
            bytes.expect("readable").as_slice().to_vec()
        };
        for (doc, value) in values.iter().enumerate() {
            assert_eq!(bytes(doc as u32), *value);
        }
        assert!(bytes(values.len() as u32).is_empty());
    }

    proptest! {
        #[test]
        fn no_bytes_lead_astray(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let (_, fields) = schema();
            if let Some(range) = range_of(&bytes, fields.stored) {
                prop_assert!(range.end <= bytes.len());
            }
        }
    }
}
