//! Notices that have all that was asked for, though no one passage has.

use tantivy::{
    DocAddress, DocId, SegmentReader,
    query::{BooleanQuery, EnableScoring, Occur, Query, Scorer, Weight},
};

use super::Engine;
use crate::{
    error::SearchError,
    given::Given,
    layout::Layout,
    lazy::weights,
    matching::Matching,
    plan::Plan,
    request::{Request, Unit},
};

impl Engine {
    /// The passages of such notices that have some of it; `None` where only one
    /// thing was asked for.
    pub(super) fn matching_apart(
        &self,
        plan: &Plan,
        request: &Request<'_>,
    ) -> Result<Option<Box<dyn Query>>, SearchError> {
        let apart = self.apart(plan, request);
        if apart.asked.len() < 2 {
            return Ok(None);
        }
        let scoring = EnableScoring::disabled_from_searcher(&self.searcher);
        let asked: Vec<_> = apart.asked.into_iter().map(|asked| asked.query).collect();
        let (asked, unwanted) = (
            weights(&asked, scoring)?,
            weights(&apart.unwanted, scoring)?,
        );
        let mut given = Vec::new();
        for (ordinal, reader) in self.searcher.segment_readers().iter().enumerate() {
            let docs = with_all(&asked, &unwanted, reader, &self.layouts.of(reader))?.into_iter();
            given.extend(docs.map(|doc| DocAddress::new(ordinal as u32, doc)));
        }
        let given = Given::new(&self.searcher, given.into_iter());
        let mut clauses = vec![(Occur::Must, Box::new(given) as Box<dyn Query>)];
        clauses.extend(
            plan.restrictions
                .iter()
                .map(|query| (Occur::Must, query.box_clone())),
        );
        Ok(Some(Box::new(BooleanQuery::new(clauses))))
    }
}

/// The passages that have any of what is `asked`, of notices that have all of
/// it and nothing `unwanted`.
fn with_all(
    asked: &[Box<dyn Weight>],
    unwanted: &[Box<dyn Weight>],
    reader: &SegmentReader,
    layout: &Layout,
) -> tantivy::Result<Vec<DocId>> {
    let scorers = asked.iter().map(|weight| weight.scorer(reader, 1.0));
    let mut scorers: Vec<Box<dyn Scorer>> = scorers.collect::<tantivy::Result<_>>()?;
    // Mostly the rarest have no notice in common, and the rest is never read.
    scorers.sort_by_key(|scorer| scorer.size_hint());
    let mut notices: Option<Vec<DocId>> = None;
    let mut gathered = Vec::new();
    for mut scorer in scorers {
        let matching = Matching::gather(&mut *scorer, reader, layout, Unit::Notice)?;
        let common = match notices.take() {
            None => matching.names.clone(),
            Some(mut notices) => {
                notices.retain(|notice| matching.names.binary_search(notice).is_ok());
                notices
            }
        };
        if common.is_empty() {
            return Ok(Vec::new());
        }
        notices = Some(common);
        gathered.push(matching);
    }
    let mut notices = notices.unwrap_or_default();
    for weight in unwanted {
        let matching = Matching::gather(
            &mut *weight.scorer(reader, 1.0)?,
            reader,
            layout,
            Unit::Notice,
        )?;
        notices.retain(|notice| matching.names.binary_search(notice).is_err());
    }
    let mut docs = Vec::new();
    for matching in &gathered {
        for (number, name) in matching.names.iter().enumerate() {
            if notices.binary_search(name).is_ok() {
                docs.extend_from_slice(&matching.docs[matching.run(number)]);
            }
        }
    }
    docs.sort_unstable();
    docs.dedup();
    Ok(docs)
}
