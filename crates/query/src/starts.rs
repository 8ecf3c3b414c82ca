//! The passages of one segment in which a literal text may start.
//!
//! The index knows that something stands between two letters, and not what. It
//! knows which marks a passage has, though, and which passages are whole: of these
//! their own text tells, as it is kept.

use std::sync::Arc;

use gongbao_analysis::{Fields, Seeker};
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
    /// Seeks the literal text.
    seeker: Arc<Seeker>,
    fields: &'a Fields,
    reader: &'a SegmentReader,
    layout: Arc<Layout>,
    ordinals: Column<u64>,
    cut: Option<Arc<Cut>>,
    words: FieldNormReader,
}

impl<'a> Starts<'a> {
    pub(crate) fn new(
        literal: &'a Literal,
        seeker: &Arc<Seeker>,
        fields: &'a Fields,
        reader: &'a SegmentReader,
        layout: Arc<Layout>,
    ) -> tantivy::Result<Self> {
        let columns = layout.columns(reader)?;
        Ok(Self {
            literal,
            seeker: Arc::clone(seeker),
            fields,
            reader,
            ordinals: columns.ordinal.clone(),
            cut: columns.cut.clone(),
            words: reader.get_fieldnorms_reader(fields.body_words)?,
            layout,
        })
    }

    /// What is looked for.
    pub(crate) fn literal(&self) -> &Literal {
        self.literal
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

    /// Whether an occurrence starts in passage `doc`; `None` where its text alone
    /// does not tell. What is damaged behind it is told where the passage is shown.
    pub(crate) fn has_start(&self, doc: DocId) -> Option<bool> {
        let is_whole = !(self.runs_on(doc) || self.continues(doc));
        let count = is_whole.then(|| self.seeker.count(self.layout.coded(doc), &[], 1))?;
        count.map(|count| count > 0)
    }

    /// Leaves those of `docs` that have `mark`, or that may hold no more than a
    /// part of an occurrence.
    fn keep_with(&self, mark: char, has_lead: bool, docs: &mut Vec<DocId>) -> tantivy::Result<()> {
        let is_whole = |doc: DocId| !(self.runs_on(doc) || has_lead && self.continues(doc));
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
        while self.continues(doc) {
            doc -= 1;
            found.push(doc);
            if !self.is_wordless(doc) {
                return;
            }
        }
    }

    /// Whether a passage may run on into the next: its block is cut behind it.
    fn runs_on(&self, doc: DocId) -> bool {
        // Where it has no letters, its mark cannot tell.
        self.cut.as_ref().is_some_and(|cut| cut.contains(doc)) || self.is_wordless(doc)
    }

    /// Whether the passage before may run on into passage `doc`.
    fn continues(&self, doc: DocId) -> bool {
        self.ordinal(doc) > 1 && self.runs_on(doc - 1)
    }

    fn is_wordless(&self, doc: DocId) -> bool {
        self.words.fieldnorm_id(doc) == 0
    }

    fn ordinal(&self, doc: DocId) -> u64 {
        self.ordinals.first(doc).unwrap_or_default()
    }
}
