//! Questions that require nothing.

use std::{collections::HashSet, ops::Range};

use tantivy::{
    DocId, Score, Searcher, SegmentOrdinal, SegmentReader,
    query::{EnableScoring, Query},
};

use super::{
    Found, Ranking,
    found::{Copied, Shown},
    ranked::Best,
};
use crate::{
    bits::Bits,
    bulk::bits,
    columns::{Columns, InSegment, all_columns, by_segment, share},
    copies::Copies,
    evidence::Prepared,
    layout::{Layout, Layouts},
    matching::each_passage,
    open::Scope,
    request::Unit,
    score::{Bar, Floor},
};

impl Ranking {
    /// The best of all passages that `scope` lets through by `evidence`, for a
    /// question that requires nothing. The total is of what `matching` matches:
    /// no less matches. Nothing does where that is nothing.
    pub(crate) fn run_open(
        &self,
        searcher: &Searcher,
        layouts: &Layouts,
        matching: &dyn Query,
        scope: Option<&dyn Query>,
        evidence: &Prepared<'_>,
        copies: Option<&Copies>,
    ) -> tantivy::Result<Found> {
        let mut found = Found {
            at_least: true,
            ..Found::default()
        };
        let counted = self.count(searcher, layouts, matching, scope, copies)?;
        found.total = counted.iter().map(|counted| counted.results).sum();
        if found.total == 0 {
            return Ok(Found::default());
        }
        let copied = counted
            .iter()
            .flat_map(|counted| counted.copied.iter().copied());
        let hidden = match copies {
            Some(copies) => found.fold(copies, copied.collect()),
            None => HashSet::new(),
        };
        let mut parts = Vec::new();
        for Counted { columns, scope, .. } in &counted {
            let reader = searcher.segment_reader(columns.segment);
            let docs = Part::all(reader, &layouts.of(reader), searcher.num_docs())?;
            parts.extend(docs.into_iter().map(|docs| Part {
                columns,
                docs,
                scope: scope.as_ref(),
            }));
        }
        let (rule, floor) = (self.rule(), Floor::default());
        let best = by_segment(searcher, parts, |reader, part| {
            let Part {
                columns,
                docs,
                scope,
            } = part;
            let shown = Shown::new(&hidden, copies, searcher, columns, docs.len());
            let is_shown = |doc: DocId| shown.contains(doc);
            let scope = Scope {
                docs,
                passages: scope,
                is_shown: &is_shown,
            };
            let bar = Bar::new(&rule, self.by_score(), &floor);
            let segment = columns.segment as usize;
            let layout = layouts.of(reader);
            let (matching, scores) =
                evidence.score_all(segment, reader, &layout, self.unit, &scope, &bar)?;
            let mut best = Best::new(self);
            for number in 0..matching.results() {
                let score = scores.result(&matching, number, &rule);
                if score == 0.0 {
                    continue;
                }
                best.offer(score, || {
                    let docs = matching.docs[matching.run(number)].iter().copied();
                    let scores = scores.passages(&matching, number).iter().copied();
                    let (docs, scores): (Vec<DocId>, Vec<Score>) =
                        docs.zip(scores).filter(|(_, score)| *score > 0.0).unzip();
                    self.ranked(columns, &docs, &scores, score)
                });
            }
            Ok(best.heap)
        })?;
        found.ranked = self.first(best);
        found.total = found.total.max(found.ranked.len() as u64);
        Ok(found)
    }

    /// How many results `matching` matches and what `scope` lets through, segment
    /// by segment.
    fn count(
        &self,
        searcher: &Searcher,
        layouts: &Layouts,
        matching: &dyn Query,
        scope: Option<&dyn Query>,
        copies: Option<&Copies>,
    ) -> tantivy::Result<Vec<Counted>> {
        let without_scores = EnableScoring::disabled_from_searcher(searcher);
        let weight = matching.weight(without_scores)?;
        let scope = scope
            .map(|scope| scope.weight(without_scores))
            .transpose()?;
        let columns = all_columns(searcher, layouts)?;
        by_segment(searcher, columns, |reader, columns: Columns| {
            let layout = layouts.of(reader);
            let notices = layout.notices(reader)?;
            let mut matched = weight.scorer(reader, 1.0)?;
            let many = matched.size_hint() as usize;
            let known = copies.map(|copies| copies.known(searcher, &columns, many));
            let (mut results, mut copied) = (0, Vec::new());
            let mut last = None;
            each_passage(&mut *matched, reader, &mut |doc| {
                let result = match self.unit {
                    Unit::Passage => doc,
                    Unit::Notice => notices.head(doc),
                };
                if last.replace(result) != Some(result) {
                    results += 1;
                    if known.as_ref().is_some_and(|known| known.contains(doc)) {
                        copied.push((columns.notice(doc), columns.day(doc)));
                    }
                }
            });
            let scope = scope.as_ref().map(|scope| bits(&**scope, reader));
            Ok(Counted {
                scope: scope.transpose()?,
                results,
                copied,
                columns,
            })
        })
    }
}

/// What was counted in a segment.
struct Counted {
    columns: Columns,
    /// The passages that filters let through, if there are filters.
    scope: Option<Bits>,
    /// How many results match.
    results: u64,
    /// The notice of each result, if it has copies.
    copied: Vec<Copied>,
}

/// A part of a segment.
struct Part<'c> {
    columns: &'c Columns,
    docs: Range<DocId>,
    scope: Option<&'c Bits>,
}

impl Part<'_> {
    /// The documents of each part of the segment of `reader`, of all documents
    /// one for each core.
    fn all(
        reader: &SegmentReader,
        layout: &Layout,
        documents: u64,
    ) -> tantivy::Result<Vec<Range<DocId>>> {
        let size = share(documents);
        let max_doc = reader.max_doc();
        // A little more than a share is not worth a part of its own.
        let parts = ((f64::from(max_doc) / f64::from(size)).round() as DocId).max(1);
        let notices = layout.notices(reader)?;
        Ok(notices.parts(0..max_doc, max_doc.div_ceil(parts)).collect())
    }
}

impl InSegment for Part<'_> {
    fn segment(&self) -> SegmentOrdinal {
        self.columns.segment
    }
}
