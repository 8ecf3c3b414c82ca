//! A set of documents found by other means, as a query.

use std::{collections::HashMap, sync::Arc};

use tantivy::{
    DocAddress, DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError,
    index::SegmentId,
    query::{ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight},
};

/// Documents by segment, each list sorted.
#[derive(Clone, Debug)]
pub(crate) struct Given(Arc<HashMap<SegmentId, Vec<DocId>>>);

impl Given {
    pub(crate) fn new(
        searcher: &tantivy::Searcher,
        documents: impl Iterator<Item = DocAddress>,
    ) -> Self {
        let mut segments: HashMap<_, Vec<_>> = HashMap::new();
        for address in documents {
            let segment = searcher.segment_reader(address.segment_ord).segment_id();
            segments.entry(segment).or_default().push(address.doc_id);
        }
        for documents in segments.values_mut() {
            documents.sort_unstable();
            documents.dedup();
        }
        Self(Arc::new(segments))
    }
}

impl Query for Given {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Given {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(match self.0.get(&reader.segment_id()) {
            None => Box::new(EmptyScorer),
            Some(documents) => Box::new(ConstScorer::new(
                Listed {
                    documents: documents.clone(),
                    at: 0,
                },
                boost,
            )),
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!(
                "document {doc} does not match"
            )));
        }
        Ok(Explanation::new("found in the text", 1.0))
    }
}

/// Sorted documents as tantivy walks them.
struct Listed {
    documents: Vec<DocId>,
    at: usize,
}

impl DocSet for Listed {
    fn advance(&mut self) -> DocId {
        self.at = (self.at + 1).min(self.documents.len());
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.documents.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        self.documents.len() as u32
    }
}
