//! Literal text for which the index gives candidates and the text decides.
//!
//! Where something stands between the letters of a text, the index does not
//! tell what. Candidates are looked at best first, and where there are many,
//! no more of them than it takes to be sure of the first results.

use std::{collections::HashSet, sync::Arc};

use gongbao_analysis::Spelling;
use tantivy::{
    DocAddress, DocId, Score, SegmentOrdinal, SegmentReader,
    query::{EnableScoring, Query},
};

use super::{Engine, WORTH_A_CORE};
use crate::{
    columns::{Columns, InSegment, all_columns, by_segment},
    copies::{Copies, Folded},
    cores::share_out,
    error::SearchError,
    evidence::Prepared,
    given::Given,
    literal::Literal,
    matching::{Matching, passages},
    plan::Plan,
    ranking::{Found, Ranked, Ranking, Standing},
    request::{Request, Unit},
    score::{Bar, Floor, Scores},
    starts::Starts,
};

/// Of no more candidates all are looked at, so that the number of results is
/// exact.
const ALL_OF: usize = 100;

/// Of more, so many times as many as are wanted are looked at first.
const AT_FIRST: usize = 3;

/// Passages of one notice in which a literal text may start.
struct Suspect<'d> {
    head: DocAddress,
    docs: &'d [DocId],
}

/// What may match in a segment.
struct Suspects<'s> {
    columns: Columns,
    matching: Matching,
    starts: Starts<'s>,
}

impl InSegment for Suspects<'_> {
    fn segment(&self) -> SegmentOrdinal {
        self.columns.segment
    }
}

/// The candidates of a segment, by result.
struct Candidates<'s> {
    starts: Starts<'s>,
    columns: Columns,
    matching: Matching,
    /// The head that each passage belongs to.
    heads: Vec<DocId>,
    /// As if all passages were certain.
    scores: Scores,
}

/// A result, or none: the text will tell. Its place among the results is that
/// of what the index has of it, so that it is known before.
struct Candidate {
    segment: usize,
    number: usize,
    standing: Standing,
}

impl Engine {
    /// The plan for `request`, its candidates looked at.
    pub(super) fn certain_plan(&self, request: &Request<'_>) -> Result<Plan, SearchError> {
        let mut plan = self.plan(request, false)?;
        if let Some(literal) = plan.verify.take() {
            plan.matching = self.verified(&*plan.matching, &literal)?;
        }
        Ok(plan)
    }

    /// The passages in which `literal` starts, of notices that `query` finds.
    fn verified(
        &self,
        query: &dyn Query,
        literal: &Literal,
    ) -> Result<Box<dyn Query>, SearchError> {
        let mut certain = Vec::new();
        for found in self.suspects(query, literal, Unit::Notice)? {
            let Suspects {
                columns,
                matching,
                starts,
            } = found;
            let suspects: Vec<_> = (0..matching.results())
                .map(|number| Suspect {
                    head: DocAddress::new(columns.segment, matching.names[number]),
                    docs: &matching.docs[matching.run(number)],
                })
                .collect();
            let docs = self.look_at(&suspects, &starts)?.into_iter();
            certain.extend(docs.map(|doc| DocAddress::new(columns.segment, doc)));
        }
        Ok(Box::new(Given::new(&self.searcher, certain.into_iter())))
    }

    /// Ranks the passages in which `literal` starts, of notices that `plan`
    /// matches.
    pub(super) fn rank_literal(
        &self,
        plan: &Plan,
        literal: &Literal,
        request: &Request<'_>,
        ranking: &Ranking,
    ) -> Result<Found, SearchError> {
        let evidence = self.prepare(plan, request)?;
        let suspects = self.suspects(&*plan.matching, literal, ranking.unit)?;
        let segments = by_segment(&self.searcher, suspects, |reader, suspects| {
            self.candidates(reader, suspects, &evidence, ranking)
        })?;
        let mut waiting = Vec::new();
        for (segment, candidates) in segments.iter().enumerate() {
            waiting.extend(candidates.all(segment, ranking));
        }
        let mut sure = Sure {
            engine: self,
            ranking,
            segments: &segments,
            copies: self.copies_to_fold(request),
            found: Vec::new(),
        };
        let mut many = match waiting.len() {
            all if all <= ALL_OF => all,
            _ => ranking.limit.saturating_add(1).saturating_mul(AT_FIRST),
        };
        loop {
            let batch = take_best(&mut waiting, many);
            let last = batch.iter().map(|candidate| candidate.standing).max();
            sure.look_at(&batch)?;
            sure.look_at_copies(&mut waiting)?;
            if waiting.is_empty() || last.is_none_or(|last| sure.is_settled(&last)) {
                return Ok(sure.finish(!waiting.is_empty()));
            }
            many = many.saturating_mul(2);
        }
    }

    /// By segment, the passages in which `literal` may start, of what `query`
    /// finds.
    fn suspects<'s>(
        &'s self,
        query: &dyn Query,
        literal: &'s Literal,
        unit: Unit,
    ) -> Result<Vec<Suspects<'s>>, SearchError> {
        // It stands in one block, or nowhere.
        if literal.normal().contains('\n') {
            return Ok(Vec::new());
        }
        let seeker = self.stores.seeker(literal.normal(), Spelling::Whole);
        let seeker = Arc::new(seeker);
        let weight = query.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let columns = all_columns(&self.searcher, &self.layouts)?;
        let suspects = by_segment(&self.searcher, columns, |reader, columns| {
            let mut docs = passages(&mut *weight.scorer(reader, 1.0)?, reader);
            if docs.is_empty() {
                return Ok(None);
            }
            let layout = self.layouts.of(reader);
            let starts = Starts::new(literal, &seeker, &self.fields, reader, Arc::clone(&layout))?;
            starts.narrow(&mut docs)?;
            Ok(Some(Suspects {
                matching: Matching::by_unit(docs, reader, &layout, unit)?,
                columns,
                starts,
            }))
        })?;
        Ok(suspects.into_iter().flatten().collect())
    }

    fn candidates<'s>(
        &self,
        reader: &SegmentReader,
        suspects: Suspects<'s>,
        evidence: &Prepared<'_>,
        ranking: &Ranking,
    ) -> tantivy::Result<Candidates<'s>> {
        let Suspects {
            columns,
            mut matching,
            starts,
        } = suspects;
        let layout = self.layouts.of(reader);
        let rule = ranking.rule();
        let floor = Floor::default();
        let every_one = Bar::new(&rule, None, &floor);
        let segment = columns.segment as usize;
        let scores = evidence.score(segment, reader, &layout, &mut matching, &every_one)?;
        Ok(Candidates {
            starts,
            columns,
            heads: layout.heads(&matching.docs, reader)?,
            matching,
            scores,
        })
    }

    /// Those of the passages of `suspects`, of the segment of `starts`, in which its
    /// literal text starts: what it does not tell, the text of the notice does.
    fn look_at(
        &self,
        suspects: &[Suspect<'_>],
        starts: &Starts<'_>,
    ) -> Result<Vec<DocId>, SearchError> {
        share_out(suspects, WORTH_A_CORE, |part| {
            let mut certain = Vec::new();
            for Suspect { head, docs } in part {
                let mut untold = Vec::new();
                for &doc in *docs {
                    match starts.has_start(doc) {
                        Some(true) => certain.push(doc),
                        Some(false) => {}
                        None => untold.push(doc),
                    }
                }
                if !untold.is_empty() {
                    certain.extend(self.look_into(*head, &untold, starts.literal())?);
                }
            }
            Ok(certain)
        })
    }

    /// Those of the passages `docs` of the notice at `head` in which `literal`
    /// starts.
    fn look_into(
        &self,
        head: DocAddress,
        docs: &[DocId],
        literal: &Literal,
    ) -> Result<Vec<DocId>, SearchError> {
        let text = self.stores.text(head)?;
        let ordinals: Vec<_> = docs.iter().map(|doc| doc - head.doc_id).collect();
        let found = literal.occurrences_near(&text, &ordinals);
        let mut starts = found
            .iter()
            .map(|found| text.passage_at(found.start) as u32);
        let mut next = starts.next();
        let mut certain = Vec::new();
        // Both are in the order of the text.
        for &doc in docs {
            let passage = doc - head.doc_id - 1;
            while next.is_some_and(|start| start < passage) {
                next = starts.next();
            }
            if next == Some(passage) {
                certain.push(doc);
            }
        }
        Ok(certain)
    }
}

impl Candidates<'_> {
    fn all(&self, segment: usize, ranking: &Ranking) -> impl Iterator<Item = Candidate> {
        let rule = ranking.rule();
        (0..self.matching.results()).map(move |number| {
            let first = self.matching.run(number).start;
            let doc = self.matching.docs[first];
            Candidate {
                segment,
                number,
                standing: Standing {
                    score: self.scores.result(&self.matching, number, &rule),
                    day: self.columns.day(doc),
                    notice: self.columns.notice(doc),
                    ordinal: doc - self.heads[first],
                    order: ranking.order,
                },
            }
        })
    }
}

/// Takes the `many` best out of `waiting`.
fn take_best(waiting: &mut Vec<Candidate>, many: usize) -> Vec<Candidate> {
    if waiting.len() <= many {
        return std::mem::take(waiting);
    }
    let rest = waiting.len() - many;
    // Greatest is last in rank.
    waiting.select_nth_unstable_by(rest, |a, b| b.standing.cmp(&a.standing));
    waiting.split_off(rest)
}

/// What was looked at and found to be a result.
struct Sure<'s> {
    engine: &'s Engine,
    ranking: &'s Ranking,
    segments: &'s [Candidates<'s>],
    copies: Option<&'s Copies>,
    found: Vec<Ranked>,
}

impl Sure<'_> {
    fn look_at(&mut self, batch: &[Candidate]) -> Result<(), SearchError> {
        for (segment, candidates) in self.segments.iter().enumerate() {
            let matching = &candidates.matching;
            let here = batch
                .iter()
                .filter(|candidate| candidate.segment == segment);
            let mut numbers: Vec<_> = here.map(|candidate| candidate.number).collect();
            // In the order in which they are stored.
            numbers.sort_unstable();
            let ats = numbers.iter().flat_map(|&number| matching.run(number));
            let (docs, heads): (Vec<_>, Vec<_>) = ats
                .map(|at| (matching.docs[at], candidates.heads[at]))
                .unzip();
            let mut suspects = Vec::new();
            let mut from = 0;
            for same in heads.chunk_by(|a, b| a == b) {
                suspects.push(Suspect {
                    head: DocAddress::new(candidates.columns.segment, same[0]),
                    docs: &docs[from..from + same.len()],
                });
                from += same.len();
            }
            let certain = self.engine.look_at(&suspects, &candidates.starts)?;
            let certain: HashSet<DocId> = certain.into_iter().collect();
            for number in numbers {
                let ats = matching.run(number);
                let ats = ats.filter(|&at| certain.contains(&matching.docs[at]));
                let (docs, scores): (Vec<DocId>, Vec<Score>) = ats
                    .map(|at| {
                        (
                            matching.docs[at],
                            candidates.scores.slots[matching.slot(at)],
                        )
                    })
                    .unzip();
                if !docs.is_empty() {
                    let rule = self.ranking.rule();
                    let score = candidates.scores.result(matching, number, &rule);
                    let columns = &candidates.columns;
                    let ranked = self.ranking.ranked(columns, &docs, &scores, score);
                    self.found.push(ranked);
                }
            }
        }
        Ok(())
    }

    /// Looks at all other copies of what was found, so that it is known which
    /// is the earliest.
    fn look_at_copies(&mut self, waiting: &mut Vec<Candidate>) -> Result<(), SearchError> {
        let Some(copies) = self.copies else {
            return Ok(());
        };
        let groups = self
            .found
            .iter()
            .filter_map(|ranked| copies.group(ranked.notice));
        let groups: HashSet<u64> = groups.collect();
        if groups.is_empty() {
            return Ok(());
        }
        let is_copy = |candidate: &mut Candidate| {
            let group = copies.group(candidate.standing.notice);
            group.is_some_and(|group| groups.contains(&group))
        };
        let batch: Vec<_> = waiting.extract_if(.., is_copy).collect();
        self.look_at(&batch)
    }

    /// Whether the first results are known, and that one more follows them, if
    /// all that is yet to be looked at comes after `last`.
    fn is_settled(&self, last: &Standing) -> bool {
        let hidden = self.folded().hidden;
        let found = self.found.iter();
        let before =
            found.filter(|ranked| !hidden.contains(&ranked.notice) && ranked.standing() <= *last);
        before.count() > self.ranking.limit
    }

    fn folded(&self) -> Folded {
        let mut found: Vec<_> = self.found.iter().map(|r| (r.notice, r.day)).collect();
        found.sort_unstable();
        found.dedup();
        self.copies
            .map(|copies| copies.fold(found))
            .unwrap_or_default()
    }

    /// `at_least` tells whether anything is yet to be looked at.
    fn finish(self, at_least: bool) -> Found {
        let folded = self.folded();
        let total = self.found.len();
        let mut ranked = self.found;
        ranked.retain(|ranked| !folded.hidden.contains(&ranked.notice));
        let shown = ranked.len();
        ranked.sort_unstable();
        ranked.truncate(self.ranking.limit);
        Found {
            total: total as u64,
            at_least,
            folded: (total - shown) as u64,
            copies: folded.copies,
            ranked,
        }
    }
}
