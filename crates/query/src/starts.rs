//! The passages of one segment in which a literal text may start.
//!
//! The index knows that something stands between two letters, and not what. It
//! knows which marks a passage has, though, and which passages are whole.

use gongbao_analysis::Fields;
use tantivy::{
    DocId, DocSet, SegmentReader, Term, columnar::Column, fieldnorm::FieldNormReader,
    schema::IndexRecordOption,
};

use crate::{
    layout::{Cut, Layout},
    literal::Literal,
};

/// A mark that more than one in so many passages has tells too little to be
/// looked up.
const TELLING: u32 = 2;

/// Narrows [`Literal::candidates`] down.
pub(crate) struct Starts<'a> {
    literal: &'a Literal,
    fields: &'a Fields,
    reader: &'a SegmentReader,
    ordinals: &'a Column<u64>,
    cut: Option<&'a Cut>,
    words: FieldNormReader,
}

impl<'a> Starts<'a> {
    pub(crate) fn new(
        literal: &'a Literal,
        fields: &'a Fields,
        reader: &'a SegmentReader,
        layout: &'a Layout,
    ) -> tantivy::Result<Self> {
        let columns = layout.columns(reader)?;
        Ok(Self {
            literal,
            fields,
            reader,
            ordinals: &columns.ordinal,
            cut: columns.cut.as_deref(),
            words: reader.get_fieldnorms_reader(fields.body_words)?,
        })
    }

    /// Makes of the candidates `docs`, which are sorted, the passages in which
    /// an occurrence may start: all in which one does.
    pub(crate) fn narrow(&self, docs: &mut Vec<DocId>) -> tantivy::Result<()> {
        let has_lead = self.literal.has_lead();
        for mark in self.literal.marks() {
            self.keep_with(mark, has_lead, docs)?;
        }
        if has_lead {
            let mut before = Vec::new();
            for &doc in &*docs {
                self.before(doc, &mut before);
            }
            if !before.is_empty() {
                docs.append(&mut before);
                docs.sort_unstable();
                docs.dedup();
            }
        }
        Ok(())
    }

    /// Leaves those of `docs` that have `mark`, or that may hold no more than a
    /// part of an occurrence.
    fn keep_with(&self, mark: char, has_lead: bool, docs: &mut Vec<DocId>) -> tantivy::Result<()> {
        let is_whole = |doc: DocId| {
            !(self.runs_on(doc) || has_lead && self.ordinal(doc) > 1 && self.runs_on(doc - 1))
        };
        let term = Term::from_field_text(self.fields.body_chars, mark.encode_utf8(&mut [0; 4]));
        let index = self.reader.inverted_index(self.fields.body_chars)?;
        let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else {
            docs.retain(|&doc| !is_whole(doc));
            return Ok(());
        };
        if postings.doc_freq() > self.reader.max_doc() / TELLING {
            return Ok(());
        }
        docs.retain(|&doc| {
            let found = if postings.doc() < doc {
                postings.seek(doc)
            } else {
                postings.doc()
            };
            found == doc || !is_whole(doc)
        });
        Ok(())
    }

    /// The passages before `doc` in which what stands before its text may
    /// start: the one it continues, and on from there while there are only
    /// marks.
    fn before(&self, doc: DocId, found: &mut Vec<DocId>) {
        let mut doc = doc;
        let mut ordinal = self.ordinal(doc);
        while ordinal > 1 && self.runs_on(doc - 1) {
            doc -= 1;
            ordinal -= 1;
            found.push(doc);
            if !self.is_wordless(doc) {
                return;
            }
        }
    }

    /// Whether a passage may run on into the next: its block is cut behind it.
    fn runs_on(&self, doc: DocId) -> bool {
        // Where it has no letters, its mark cannot tell.
        self.cut.is_some_and(|cut| cut.contains(doc)) || self.is_wordless(doc)
    }

    fn is_wordless(&self, doc: DocId) -> bool {
        self.words.fieldnorm_id(doc) == 0
    }

    fn ordinal(&self, doc: DocId) -> u64 {
        self.ordinals.first(doc).unwrap_or_default()
    }
}
