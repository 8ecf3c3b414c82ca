//! Reads back what the index keeps of notices.
//!
//! tantivy reads a value of bytes one byte after the other, which takes
//! several times as long as unpacking it. Here it is taken as it lies.

use std::sync::{Arc, OnceLock};

use tantivy::{
    DocAddress, Searcher, TantivyError, directory::OwnedBytes, schema::Field, store::StoreReader,
};

use crate::{
    pieces::{Pieces, Seeker, Speller, Spelling},
    schema::Fields,
    stored::{Excerpt, StoredError, StoredHead, StoredNotice, StoredText},
    texts::Texts,
};

/// So many blocks are kept of each segment, as by tantivy itself.
const BLOCKS_KEPT: usize = 100;

/// The byte by which tantivy marks a value of bytes.
const BYTES: u8 = 4;

/// A notice cannot be read back.
#[derive(Debug, thiserror::Error)]
pub enum StoresError {
    /// tantivy cannot read it.
    #[error(transparent)]
    Index(#[from] TantivyError),
    /// It is not as it was stored.
    #[error(transparent)]
    Stored(#[from] StoredError),
}

/// What is kept of the documents of a segment.
struct Kept {
    heads: StoreReader,
    texts: Texts,
}

/// The stores of all segments.
pub struct Stores {
    segments: Vec<Kept>,
    head: Field,
    pieces: Arc<Pieces>,
    speller: OnceLock<Arc<Speller>>,
}

impl Stores {
    /// Those that `searcher` looks into, whose texts are kept in `pieces`.
    ///
    /// # Errors
    ///
    /// Those of tantivy.
    pub fn open(
        searcher: &Searcher,
        fields: &Fields,
        pieces: Arc<Pieces>,
    ) -> tantivy::Result<Self> {
        let segments = searcher.segment_readers().iter().map(|segment| {
            Ok(Kept {
                heads: segment.get_store_reader(BLOCKS_KEPT)?,
                texts: Texts::open(segment)?,
            })
        });
        Ok(Self {
            segments: segments.collect::<tantivy::Result<_>>()?,
            head: fields.head,
            pieces,
            speller: OnceLock::new(),
        })
    }

    /// The notice whose head is the document at `head`.
    ///
    /// # Errors
    ///
    /// [`StoresError`].
    pub fn notice(&self, head: DocAddress) -> Result<StoredNotice, StoresError> {
        let (head, text) = self.read(head)?;
        Ok(head.with_text(text)?)
    }

    /// Its text alone.
    ///
    /// # Errors
    ///
    /// [`StoresError`].
    pub fn text(&self, head: DocAddress) -> Result<StoredText<'static>, StoresError> {
        let (head, text) = self.read(head)?;
        Ok(head.text_only(text)?)
    }

    /// Its passages `wanted`, counted from 0; of the rest no more is read than it
    /// takes to tell that it is as it was kept.
    ///
    /// # Errors
    ///
    /// [`StoresError`].
    pub fn excerpt(&self, head: DocAddress, wanted: &[usize]) -> Result<Excerpt, StoresError> {
        let kept = self.head(head)?;
        Ok(kept.excerpt(wanted, |index, text| self.decode(head, index, text))?)
    }

    /// Appends the letters of the passage at `address` to `letters`, as
    /// [`Speller::spell`] spells them in `spelling`.
    ///
    /// # Errors
    ///
    /// [`StoresError`].
    pub fn spell(
        &self,
        address: DocAddress,
        spelling: Spelling,
        letters: &mut String,
    ) -> Result<(), StoresError> {
        let coded = self.coded(address);
        Ok(self
            .speller()
            .spell(coded, spelling, letters)
            .map_err(|_| StoredError)?)
    }

    /// The text of the passage at `address`, in pieces.
    #[must_use]
    pub fn coded(&self, address: DocAddress) -> &[u8] {
        let segment = &self.segments[address.segment_ord as usize];
        segment.texts.get(address.doc_id)
    }

    /// What seeks `wanted`, spelled so, in the texts.
    #[must_use]
    pub fn seeker(&self, wanted: &str, spelling: Spelling) -> Seeker {
        Seeker::new(Arc::clone(self.speller()), wanted, spelling)
    }

    /// What spells the texts.
    fn speller(&self) -> &Arc<Speller> {
        let speller = || Arc::new(Speller::new(Arc::clone(&self.pieces)));
        self.speller.get_or_init(speller)
    }

    fn read(&self, head: DocAddress) -> Result<(StoredHead, String), StoresError> {
        let kept = self.head(head)?;
        let mut text = String::with_capacity(kept.text_len());
        for index in 0..kept.passages() {
            self.decode(head, index, &mut text)?;
        }
        Ok((kept, text))
    }

    /// Appends the text of passage `index`, counted from 0, of the notice whose head
    /// is at `head`.
    fn decode(&self, head: DocAddress, index: usize, text: &mut String) -> Result<(), StoredError> {
        let passage = DocAddress::new(head.segment_ord, head.doc_id + 1 + index as u32);
        let decoded = self.pieces.decode(self.coded(passage), text);
        decoded.map_err(|_| StoredError)
    }

    /// What the document at `address` keeps of its notice, whose texts are as they
    /// were kept.
    fn head(&self, address: DocAddress) -> Result<StoredHead, StoresError> {
        let kept = &self.segments[address.segment_ord as usize];
        let head = bytes(&kept.heads, address.doc_id, self.head)?;
        let head = StoredHead::from_bytes(&head)?;
        let first = address.doc_id + 1;
        let texts = kept.texts.span(first..first + head.passages() as u32);
        head.is_of(texts)
            .then_some(head)
            .ok_or_else(|| StoredError.into())
    }
}

/// What document `doc` has in `field`, a field of bytes; nothing if it has none.
fn bytes(store: &StoreReader, doc: u32, field: Field) -> tantivy::Result<OwnedBytes> {
    let stored = store.get_document_bytes(doc)?;
    let range = range_of(&stored, field).unwrap_or(0..0);
    Ok(stored.slice(range))
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
    use proptest::prelude::*;
    use tantivy::{Index, IndexWriter, TantivyDocument, schema::Schema};

    use super::*;
    use crate::{
        dictionary::Dictionary, pieces::Coder, schema::schema, segment::Segmenter,
        stored::notice_of, texts::texts_plugin, tokens::register_tokenizers,
    };

    fn index_of(schema: Schema) -> Index {
        let index = Index::builder().schema(schema);
        let index = index.register_plugin(texts_plugin()).create_in_ram();
        index.expect("in memory")
    }

    #[test]
    fn what_was_kept_is_read_back() {
        let (schema, fields) = schema();
        let index = index_of(schema);
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
            document.add_bytes(fields.head, value);
            writer.add_document(document).expect("room");
        }
        writer.add_document(TantivyDocument::new()).expect("room");
        writer.commit().expect("room");
        let searcher = index.reader().expect("a reader").searcher();
        let store = searcher.segment_reader(0).get_store_reader(1);
        let store = store.expect("readable");
        let bytes = |doc| {
            let bytes = bytes(&store, doc, fields.head);
            bytes.expect("readable").as_slice().to_vec()
        };
        for (doc, value) in values.iter().enumerate() {
            assert_eq!(bytes(doc as u32), *value);
        }
        assert!(bytes(values.len() as u32).is_empty());
    }

    #[test]
    fn a_notice_is_put_together_again() {
        let notice = notice_of("一、总则\n第一条　为了化解债务。\n第二条　长江禁渔。");
        let text = notice.body.text();
        let pieces = Arc::new(Pieces::learned(&[&text.repeat(4)]));
        let coder = Coder::new(Arc::clone(&pieces));

        let (schema, fields) = schema();
        let index = index_of(schema);
        let segmenter = Segmenter::new(&Dictionary::built_in());
        register_tokenizers(index.tokenizers(), segmenter);
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15 << 20).expect("room");
        let add = |field, value: &[u8]| {
            let mut document = TantivyDocument::new();
            match field == fields.text {
                true => document.add_custom(field, value),
                false => document.add_bytes(field, value),
            }
            writer.add_document(document).expect("room");
        };
        let texts = notice.passages.iter();
        let texts: Vec<_> = texts
            .map(|passage| coder.encode(&text[passage.range.clone()]))
            .collect();
        add(fields.head, &notice.head_bytes(&texts));
        for text in &texts {
            add(fields.text, text);
        }
        add(fields.head, b"nothing of ours");
        writer.commit().expect("room");

        let searcher = index.reader().expect("a reader").searcher();
        let read = |pieces, doc| {
            let stores = Stores::open(&searcher, &fields, pieces).expect("readable");
            let head = DocAddress::new(0, doc);
            let text = stores.text(head).map(|text| text.passages.len());
            (stores.notice(head).ok(), text.ok())
        };
        let passages = notice.passages.len();
        assert!(passages > 1);
        assert_eq!(read(Arc::clone(&pieces), 0), (Some(notice), Some(passages)));
        assert_eq!(read(pieces, 1 + passages as u32), (None, None));
        // Other pieces make another text of it, or none.
        let others = Arc::new(Pieces::learned(&["甲乙丙丁"]));
        assert_eq!(read(others, 0), (None, None));
    }

    proptest! {
        #[test]
        fn no_bytes_lead_astray(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let (_, fields) = schema();
            if let Some(range) = range_of(&bytes, fields.head) {
                prop_assert!(range.end <= bytes.len());
            }
        }
    }
}
