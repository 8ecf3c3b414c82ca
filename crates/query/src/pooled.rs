//! Any-of over long lists: the documents of all parts, gathered at once.
//!
//! A question in words of its own is matched by nearly every passage. To ask
//! each of its fifty lists for the next document, passage by passage, costs
//! more than to run through each list once.

use tantivy::{
    BitSet, Score, SegmentReader,
    query::{BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight},
};

use crate::lazy::{AnyOf, explain, weights};

/// Documents that any of several queries matches; all score 1.
#[derive(Debug)]
pub(crate) struct Pooled(Vec<Box<dyn Query>>);

impl Pooled {
    /// What any of `queries` matches.
    pub(crate) fn new(queries: Vec<Box<dyn Query>>) -> Self {
        let mut flat = Vec::with_capacity(queries.len());
        for query in queries {
            match query.downcast_ref::<AnyOf>() {
                Some(AnyOf(parts)) => flat.extend(parts.iter().map(|part| part.box_clone())),
                None => flat.push(query),
            }
        }
        Self(flat)
    }
}

impl Clone for Pooled {
    fn clone(&self) -> Self {
        Self(self.0.iter().map(|query| query.box_clone()).collect())
    }
}

impl Query for Pooled {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(PooledWeight(weights(&self.0, scoring)?)))
    }
}

struct PooledWeight(Vec<Box<dyn Weight>>);

impl Weight for PooledWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut found = BitSet::with_max_value(reader.max_doc());
        for weight in &self.0 {
            weight.for_each_no_score(reader, &mut |docs| {
                for &doc in docs {
                    found.insert(doc);
                }
            })?;
        }
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(found), boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: tantivy::DocId) -> tantivy::Result<Explanation> {
        explain(self, reader, doc)
    }
}
