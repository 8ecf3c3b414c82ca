//! All documents of a query at once, where they are many.
//!
//! To ask each list for its next document, one after the other, pays where one
//! of them is short. Where all are long it costs less to run through each once.

use tantivy::{
    COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet, Score, SegmentReader,
    query::{
        ConstScorer, EnableScoring, Exclude, Explanation, Query, Scorer, Weight, intersect_scorers,
    },
};

use crate::{
    bits::{Bits, BitsDocSet},
    lazy::{AnyOf, explain, weights},
};

/// The shortest list leads where all others together have more than so many
/// times its documents.
const LEADS: u64 = 12;

/// Hands the documents of `found`, from where it is, to `callback`.
pub(crate) fn each_block<D: DocSet + ?Sized>(found: &mut D, callback: &mut dyn FnMut(&[DocId])) {
    let mut buffer = [0; COLLECT_BLOCK_BUFFER_LEN];
    loop {
        let filled = found.fill_buffer(&mut buffer);
        callback(&buffer[..filled]);
        if filled < buffer.len() {
            return;
        }
    }
}

/// The documents that `weight` matches in a segment.
pub(crate) fn bits(weight: &dyn Weight, reader: &SegmentReader) -> tantivy::Result<Bits> {
    let mut bits = Bits::none(reader.max_doc());
    weight.for_each_no_score(reader, &mut |docs| {
        docs.iter().for_each(|&doc| bits.insert(doc));
    })?;
    Ok(bits)
}

/// Documents that any of several queries matches, gathered at once; all score 1.
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

/// The documents that any of `weights` matches.
pub(crate) fn pooled(
    weights: &[Box<dyn Weight>],
    reader: &SegmentReader,
) -> tantivy::Result<BitsDocSet> {
    let mut found = Bits::none(reader.max_doc());
    for weight in weights {
        weight.for_each_no_score(reader, &mut |docs| {
            docs.iter().for_each(|&doc| found.insert(doc));
        })?;
    }
    Ok(found.into())
}

struct PooledWeight(Vec<Box<dyn Weight>>);

impl Weight for PooledWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(ConstScorer::new(pooled(&self.0, reader)?, boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain(self, reader, doc)
    }
}

/// Documents that all of some queries match and none of others; all score 1.
#[derive(Debug)]
pub(crate) struct AllOf {
    pub(crate) all: Vec<Box<dyn Query>>,
    pub(crate) none: Vec<Box<dyn Query>>,
}

impl Clone for AllOf {
    fn clone(&self) -> Self {
        let cloned = |queries: &[Box<dyn Query>]| -> Vec<Box<dyn Query>> {
            queries.iter().map(|query| query.box_clone()).collect()
        };
        Self {
            all: cloned(&self.all),
            none: cloned(&self.none),
        }
    }
}

impl Query for AllOf {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let scoring = match scoring {
            EnableScoring::Enabled { searcher, .. } => {
                EnableScoring::disabled_from_searcher(searcher)
            }
            disabled => disabled,
        };
        Ok(Box::new(AllOfWeight {
            all: weights(&self.all, scoring)?,
            none: weights(&self.none, scoring)?,
        }))
    }
}

struct AllOfWeight {
    all: Vec<Box<dyn Weight>>,
    none: Vec<Box<dyn Weight>>,
}

impl Weight for AllOfWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let scorers = |weights: &[Box<dyn Weight>]| -> tantivy::Result<Vec<Box<dyn Scorer>>> {
            let scorers = weights.iter().map(|weight| weight.scorer(reader, boost));
            scorers.collect()
        };
        let all = scorers(&self.all)?;
        let sizes = all.iter().map(|scorer| scorer.size_hint());
        let least = sizes.clone().min().unwrap_or_default();
        let together: u64 = sizes.map(u64::from).sum();
        if all.len() < 2 || u64::from(least) * LEADS < together {
            let found = intersect_scorers(all, reader.max_doc());
            return Ok(match self.none.is_empty() {
                true => found,
                false => Box::new(Exclude::new(found, scorers(&self.none)?)),
            });
        }
        let mut found: Option<Bits> = None;
        for weight in &self.all {
            let here = bits(&**weight, reader)?;
            match &mut found {
                None => found = Some(here),
                Some(found) => found.keep(&here),
            }
        }
        let mut found = found.unwrap_or_else(|| Bits::none(reader.max_doc()));
        for weight in &self.none {
            found.remove(&bits(&**weight, reader)?);
        }
        Ok(Box::new(ConstScorer::new(BitsDocSet::from(found), boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain(self, reader, doc)
    }
}
