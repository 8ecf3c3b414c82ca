//! What the index keeps of a notice besides its text, as bytes with the head:
//! a checksum, the length of what is packed, that packed by zstd.

use std::{cell::RefCell, ops::Range};

use gongbao_notice::Body;
use serde::{Deserialize, Serialize};
use zstd::bulk::{Compressor, Decompressor};

use super::{Header, StoredError, StoredNotice, StoredText, packed::Packed};
use crate::checked::{checked, with_checksum};

thread_local! {
    // Made once a thread, which takes longer than packing a head.
    static PACK: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACK: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// All of a [`StoredNotice`] but its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredHead {
    /// Its header fields.
    pub header: Header,
    /// The CRC-32 of the texts of its passages as they are kept, one behind the
    /// other.
    texts: u32,
    pub(super) parts: Packed,
}

impl StoredNotice {
    /// All but the text as bytes for the index, with checksums of them and of
    /// `texts`, what is kept of each passage: what is shown to somebody must not be
    /// what a failing disk made of it.
    #[must_use]
    pub fn head_bytes(&self, texts: &[impl AsRef<[u8]>]) -> Vec<u8> {
        let mut checksum = crc32fast::Hasher::new();
        texts.iter().for_each(|text| checksum.update(text.as_ref()));
        let head = StoredHead {
            header: self.header.clone(),
            texts: checksum.finalize(),
            parts: Packed::of(self),
        };
        let head = postcard::to_stdvec(&head).expect("plain values in memory always serialise");
        let packed = PACK.with_borrow_mut(|packer| {
            packer
                .get_or_insert_with(|| {
                    Compressor::new(zstd::DEFAULT_COMPRESSION_LEVEL)
                        .expect("the level is a known one")
                })
                .compress(&head)
                .expect("there is room for what zstd makes of it")
        });
        with_checksum(&[&(head.len() as u32).to_le_bytes(), &*packed].concat())
    }
}

impl StoredHead {
    /// From bytes of the index.
    ///
    /// # Errors
    ///
    /// [`StoredError`] when they are not as
    /// [`head_bytes`](StoredNotice::head_bytes) wrote them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoredError> {
        let bytes = checked(bytes).ok_or(StoredError)?;
        let (len, packed) = bytes.split_first_chunk().ok_or(StoredError)?;
        let len = u32::from_le_bytes(*len) as usize;
        let head = UNPACK.with_borrow_mut(|unpacker| {
            let unpacker = match unpacker {
                Some(unpacker) => unpacker,
                None => unpacker.insert(Decompressor::new()?),
            };
            unpacker.decompress(packed, len)
        });
        let head = head.map_err(|_| StoredError)?;
        postcard::from_bytes(&head).map_err(|_| StoredError)
    }

    /// Whether `texts` is what is kept of its passages, one behind the other.
    #[must_use]
    pub fn is_of(&self, texts: &[u8]) -> bool {
        crc32fast::hash(texts) == self.texts
    }

    /// How many passages the notice has.
    #[must_use]
    pub fn passages(&self) -> usize {
        self.parts.passages()
    }

    /// How many bytes its text has.
    #[must_use]
    pub fn text_len(&self) -> usize {
        self.parts.text_len()
    }

    /// The notice, whose text is `text`.
    ///
    /// # Errors
    ///
    /// [`StoredError`] when it cannot be that.
    pub fn with_text(self, text: String) -> Result<StoredNotice, StoredError> {
        let read = || {
            let nodes = self.parts.nodes(&text)?;
            let passages = self.parts.stored_passages(&nodes)?;
            let headings = nodes.iter().map(|node| &node.heading);
            let ranges = passages.iter().map(|passage| &passage.range);
            are_parts(headings.chain(ranges), &text).then_some(())?;
            Some(StoredNotice {
                header: self.header,
                body: Body::from_parts(text, self.parts.blocks()?)?,
                nodes,
                passages,
            })
        };
        read().ok_or(StoredError)
    }

    /// Its text alone, which is `text`.
    ///
    /// # Errors
    ///
    /// [`StoredError`] when it cannot be that.
    pub fn text_only(self, text: String) -> Result<StoredText<'static>, StoredError> {
        let read = || {
            let (blocks, passages) = (self.parts.blocks()?, self.parts.ranges()?);
            let ranges = blocks.iter().map(|block| &block.range);
            are_parts(ranges.chain(&passages), &text).then_some(StoredText {
                text: text.into(),
                blocks: blocks.into(),
                passages,
            })
        };
        read().ok_or(StoredError)
    }
}

/// Whether each of `ranges` is a part of `text`.
fn are_parts<'r>(mut ranges: impl Iterator<Item = &'r Range<usize>>, text: &str) -> bool {
    ranges.all(|range| text.get(range.clone()).is_some())
}

#[cfg(test)]
mod tests {
    use gongbao_notice::Region;
    use proptest::prelude::*;

    use super::*;
    use crate::stored::notice_of;

    /// With texts that are kept as they are.
    fn head_bytes(notice: &StoredNotice) -> Vec<u8> {
        let text = notice.body.text();
        let texts = notice.passages.iter();
        let texts: Vec<_> = texts.map(|passage| &text[passage.range.clone()]).collect();
        notice.head_bytes(&texts)
    }

    proptest! {
        #[test]
        fn any_outline_is_read_back(lines in proptest::collection::vec(
            "(第[一二三]条|[一二三]、|（[一二]）|[1-3][.．]|\\(1\\)|附件：|=)?[债务化解，。；： ]{0,9}", 0..30,
        )) {
            let stored = notice_of(&lines.join("\n"));
            let head = StoredHead::from_bytes(&head_bytes(&stored)).expect("it was written so");
            let text = stored.body.text().to_owned();
            let alone = head.clone().text_only(text.clone());
            prop_assert_eq!(alone.expect("it is this one"), stored.text_only());

            let wanted: Vec<_> = (0..stored.passages.len()).collect();
            let excerpt = head.clone().excerpt(&wanted, |index, shown| {
                shown.push_str(&text[stored.passages[index].range.clone()]);
                Ok(())
            });
            let excerpt = excerpt.expect("it is this one");
            prop_assert_eq!(excerpt.passages.len(), wanted.len());
            for (index, shown) in excerpt.passages.iter().enumerate() {
                prop_assert_eq!(&shown.anchor, &stored.passages[index].anchor);
                prop_assert_eq!(shown.label.as_deref(), stored.label(index));
                prop_assert_eq!(&shown.path, &stored.path(index));
                prop_assert_eq!(&shown.text, stored.passage_text(index));
                prop_assert!(shown.is_whole);
            }
            prop_assert_eq!(head.with_text(text).expect("it is this one"), stored);
        }
    }

    #[test]
    fn head_and_text_make_the_notice_again() {
        let mut stored = notice_of("一、总则\n第一条　为了化解债务。\n第二条　长江禁渔。");
        stored.header.url = Some("https://a.example/1".to_owned());
        stored.header.region = Some(Region {
            code: "340202".to_owned(),
            name: "镜湖区".to_owned(),
        });
        stored.header.title = Some("通告".to_owned());
        assert!(!stored.nodes.is_empty() && stored.passages.len() > 1);

        let bytes = head_bytes(&stored);
        let head = StoredHead::from_bytes(&bytes).expect("it was written so");
        let text = stored.body.text().to_owned();
        assert_eq!(head.passages(), stored.passages.len());
        assert_eq!(head.text_len(), text.len());
        let alone = head.clone().text_only(text.clone());
        assert_eq!(alone.expect("it is this one"), stored.text_only());
        assert!(head.clone().with_text(text.replace('江', "")).is_err());
        assert!(head.clone().text_only(text.replace('江', "")).is_err());
        assert!(head.is_of(text.as_bytes()));
        assert!(!head.is_of(text.replace('江', "河").as_bytes()));
        assert_eq!(head.with_text(text).expect("it is this one"), stored);
        assert!(StoredHead::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    }
}
