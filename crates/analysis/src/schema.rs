//! The fields of the index.
//!
//! Each notice is a run of documents: its head, which keeps what is shown of
//! it, and right behind it one document for each of its passages, in order.
//!
//! What is said of several passages is indexed once, with the first document of
//! their run: title and organ with the head, for all of the notice; headings
//! with the first passage of a section.

use serde_json::Value;
use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STRING, Schema,
    SchemaBuilder, TextFieldIndexing, TextOptions,
};

use crate::tokens::{CHARS, PAIRS, WORDS};

/// Handles to the fields, in the order of the schema.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// [`NoticeId::number`](gongbao_notice::NoticeId::number) of the notice. On heads and passages.
    pub notice: Field,
    /// 0 for the head, n for passage number n (from 1). A passage's head is so
    /// many documents before it.
    pub ordinal: Field,
    /// [`HEAD`] on heads, [`RUNS_ON`] on passages that run on into the next, [`SECTION`] on
    /// the first passage of a section.
    pub mark: Field,
    /// For a passage cut from a longer block: how many ordinals its pairs take
    /// before those carried over from the next part begin. Else 0.
    pub own: Field,
    /// The day of publishing, else of signing, in days since 1970-01-01. Absent where neither is known.
    pub day: Field,
    /// The division code's first 2, 4 and 6 digits. Like site, genre and organ
    /// also a column, by which notices are counted without reading them.
    pub region: Field,
    /// The host of the notice's URL.
    pub site: Field,
    /// The genre's Chinese name.
    pub genre: Field,
    /// The issuing organ as printed; a column only.
    pub organ: Field,
    /// The issuing organ, as pairs. On heads.
    pub organ_pairs: Field,
    /// The notice's title, as words. On heads.
    pub title_words: Field,
    /// The notice's title, as pairs. On heads.
    pub title_pairs: Field,
    /// The headings that a section stands under, as words. On its first passage.
    pub path_words: Field,
    /// The headings that a section stands under, as pairs. On its first passage.
    pub path_pairs: Field,
    /// The passage's text, as words.
    pub body_words: Field,
    /// The passage's text, as pairs.
    pub body_pairs: Field,
    /// The passage's text, as single characters.
    pub body_chars: Field,
    /// On heads: a [`StoredHead`](crate::StoredHead).
    pub head: Field,
    /// On passages: the text with all that stands up to the next one, in
    /// [`Pieces`](crate::Pieces); see [`texts_plugin`](crate::texts_plugin).
    pub text: Field,
}

/// The name of [`Fields::text`].
pub(crate) const TEXT: &str = "text";

/// Marks a head in [`Fields::mark`].
pub const HEAD: u64 = 0;

/// Marks a passage that has [`Fields::own`].
pub const RUNS_ON: u64 = 1;

/// Marks the first passage of a section in [`Fields::mark`]: the first of a
/// notice, and each that stands under other headings than the one before it.
pub const SECTION: u64 = 2;

/// The schema and its fields.
#[must_use]
pub fn schema() -> (Schema, Fields) {
    use IndexRecordOption::{WithFreqs, WithFreqsAndPositions};

    let mut schema = SchemaBuilder::new();
    let fields = Fields {
        notice: schema.add_u64_field("notice", INDEXED | FAST),
        ordinal: schema.add_u64_field("ordinal", FAST),
        mark: schema.add_u64_field("mark", INDEXED),
        own: schema.add_u64_field("own", FAST),
        day: schema.add_i64_field("day", NumericOptions::default().set_indexed().set_fast()),
        region: schema.add_text_field("region", STRING | FAST),
        site: schema.add_text_field("site", STRING | FAST),
        genre: schema.add_text_field("genre", STRING | FAST),
        organ: schema.add_text_field("organ", FAST),
        organ_pairs: schema.add_text_field("organ_pairs", text(PAIRS, WithFreqsAndPositions)),
        title_words: schema.add_text_field("title_words", text(WORDS, WithFreqs)),
        title_pairs: schema.add_text_field("title_pairs", text(PAIRS, WithFreqsAndPositions)),
        path_words: schema.add_text_field("path_words", text(WORDS, WithFreqs)),
        path_pairs: schema.add_text_field("path_pairs", text(PAIRS, WithFreqsAndPositions)),
        body_words: schema.add_text_field("body_words", text(WORDS, WithFreqs)),
        // Where in a passage they stand, its text tells.
        body_pairs: schema.add_text_field("body_pairs", text(PAIRS, WithFreqs)),
        body_chars: schema.add_text_field("body_chars", text(CHARS, WithFreqs)),
        head: schema.add_bytes_field("head", BytesOptions::default().set_stored()),
        text: schema.add_custom_field(TEXT, "gongbao-pieces", Value::Null),
    };
    (schema.build(), fields)
}

fn text(tokenizer: &str, record: IndexRecordOption) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(record),
    )
}

/// The terms of [`Fields::region`] for a division code: its province,
/// prefecture and county parts, without repeating one that is all zeros.
pub fn region_terms(code: &str) -> impl Iterator<Item = &str> {
    [2, 4, 6].into_iter().filter_map(|digits| {
        let part = code.get(..digits)?;
        (digits == 2 || !part.ends_with("00")).then_some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_division_is_found_under_those_above_it() {
        assert_eq!(
            region_terms("340202").collect::<Vec<_>>(),
            ["34", "3402", "340202"]
        );
        assert_eq!(region_terms("340200").collect::<Vec<_>>(), ["34", "3402"]);
        assert_eq!(region_terms("340000").collect::<Vec<_>>(), ["34"]);
    }
}
