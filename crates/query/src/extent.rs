//! How far what is indexed once is said: a title of all passages of a notice,
//! headings of those of a section. It stands with the first document of their
//! run, where it is looked up for each of them.

use std::{ops::Range, sync::Arc};

use gongbao_analysis::{Fields, HEAD, SECTION};
use tantivy::{
    DocId, Searcher, Term,
    query::{Bm25StatisticsProvider, Bm25Weight, EnableScoring},
    schema::Field,
};

use crate::{bits::Bits, evidence::Place};

/// Passages that something is said of once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of a notice; it is said with its head.
    Notice,
    /// Those under the same headings; it is said with the first of them.
    Section,
}

impl Place {
    /// How far what stands there is said; `None` where each passage has its
    /// own.
    pub(crate) fn extent(self) -> Option<Extent> {
        match self {
            Self::Body => None,
            Self::Title => Some(Extent::Notice),
            Self::Path => Some(Extent::Section),
        }
    }
}

/// The notices or sections of a segment.
#[derive(Clone)]
pub(crate) struct Runs {
    extent: Extent,
    /// The first document of each, and every head.
    starts: Arc<Bits>,
    documents: DocId,
    /// How many passages one has on average.
    average: f64,
}

impl Runs {
    /// Those that begin at `starts`, which has all `heads` as well, in a segment of
    /// so many documents.
    pub(crate) fn new(extent: Extent, starts: Arc<Bits>, heads: &Bits, documents: DocId) -> Self {
        let many = match extent {
            Extent::Notice => heads.len(),
            Extent::Section => starts.len() - heads.len(),
        };
        let passages = documents.saturating_sub(heads.len());
        Self {
            extent,
            starts,
            documents,
            average: f64::from(passages) / f64::from(many.max(1)),
        }
    }

    /// So many documents there are in all.
    pub(crate) fn documents(&self) -> DocId {
        self.documents
    }

    /// About how many passages so many runs have.
    pub(crate) fn passages_of(&self, runs: u32) -> u32 {
        (self.average * f64::from(runs)) as u32
    }

    /// The document with what is said of `passage`.
    #[inline]
    pub(crate) fn start_of(&self, passage: DocId) -> DocId {
        self.starts.last_to(passage)
    }

    /// The passages of which is said what stands with document `start`.
    #[inline]
    pub(crate) fn passages(&self, start: DocId) -> Range<DocId> {
        let end = self.starts.first_from(start + 1).min(self.documents);
        match self.extent {
            Extent::Notice => start + 1..end,
            Extent::Section => start..end,
        }
    }
}

/// How often terms stand in how many passages, those that are indexed once for
/// several taken as often as they are said on average.
pub(crate) struct Statistics<'s> {
    searcher: &'s Searcher,
    /// By field.
    passages_of_one: Vec<f64>,
}

impl<'s> Statistics<'s> {
    /// Those of an index.
    pub(crate) fn of(searcher: &'s Searcher, fields: &Fields) -> tantivy::Result<Self> {
        // Those that were deleted count until they are merged away, here as in
        // all that is held against it.
        let marked = |mark| searcher.doc_freq(&Term::from_field_u64(fields.mark, mark));
        let (notices, sections) = (marked(HEAD)?, marked(SECTION)?);
        let passages = searcher.total_num_docs()? - notices;
        let mut passages_of_one = vec![1.0; searcher.schema().num_fields()];
        for (field, runs) in [
            (fields.title_words, notices),
            (fields.title_pairs, notices),
            (fields.organ_pairs, notices),
            (fields.path_words, sections),
            (fields.path_pairs, sections),
        ] {
            // A notice may have no passage at all.
            let average = passages as f64 / runs.max(1) as f64;
            passages_of_one[field.field_id() as usize] = average.max(1.0);
        }
        Ok(Self {
            searcher,
            passages_of_one,
        })
    }

    /// So many documents that have something in `field`, as passages.
    pub(crate) fn in_passages(&self, field: Field, documents: u64) -> u64 {
        (documents as f64 * self.passages_of_one[field.field_id() as usize]).round() as u64
    }

    /// What queries score by.
    pub(crate) fn scoring(&self) -> EnableScoring<'_> {
        EnableScoring::enabled_from_statistics_provider(self, self.searcher)
    }

    /// The BM25 of `terms`, taken as one.
    pub(crate) fn similarity(&self, terms: &[Term]) -> tantivy::Result<Bm25Weight> {
        Bm25Weight::for_terms(self, terms)
    }
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let tokens = self.searcher.total_num_tokens(field)?;
        Ok(self.in_passages(field, tokens))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.searcher.total_num_docs()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let documents = self.searcher.doc_freq(term)?;
        // A term that stands with long runs may seem to be in more than there are.
        let most = self.total_num_docs()?;
        Ok(self.in_passages(term.field(), documents).min(most))
    }
}
