//! An open index, answering questions.

mod apart; // notices that have in several passages what was asked for
mod copies; // where else a text stands
mod count; // how many, by month, place and so on
mod every; // every passage that matches
mod facts; // figures, and what they belong to
mod kwic; // every occurrence in its context
mod literal; // literal text that the text decides on
mod nothing; // why a question found nothing
mod open; // a generation, opened for reading
mod suggest; // terms that stand out in what matches

use std::{
    sync::{Arc, OnceLock},
    time::Instant,
};

use gongbao_analysis::{Excerpt, Fields, GenerationNote, LearningSegmenter, StoredNotice, Stores};
use gongbao_notice::{Divisions, NoticeId};
use tantivy::{DocAddress, Searcher, Term, query::TermQuery, schema::IndexRecordOption};

pub use self::every::Matching;
pub use self::suggest::{Example, Suggestion, Suggestions};
use crate::{
    copies::Copies,
    cores::share_out,
    error::SearchError,
    evidence::Prepared,
    hit::{Contribution, Hit, PassageHit, Response},
    layout::Layouts,
    literal::{Literal, joined},
    marks::in_chars,
    parse::Note,
    plan::{Apart, Cutter, Plan, Planner, all_of},
    ranking::{Found, Ranked, Ranking},
    request::{Request, Unit},
};

/// Fewer notices are not worth reading on another core.
const WORTH_A_CORE: usize = 16;

/// Nor is it worth while to show fewer there, which takes longer for each.
const SHOWN_BY_ONE: usize = 4;

/// One generation of the index, open for reading. Answers from it, whole,
/// however often the index is brought up to date meanwhile.
pub struct Engine {
    searcher: Searcher,
    layouts: Layouts,
    stores: Arc<Stores>,
    fields: Fields,
    note: GenerationNote,
    generation: u64,
    segmenter: LearningSegmenter,
    make_divisions: Box<dyn Fn() -> Divisions + Send + Sync>,
    divisions: OnceLock<Divisions>,
    copies: Copies,
}

impl Engine {
    /// What the open generation says of itself.
    #[must_use]
    pub fn note(&self) -> &GenerationNote {
        &self.note
    }

    /// The number of the open generation.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Answers `request`.
    ///
    /// # Errors
    ///
    /// [`SearchError`]; no question of any kind is one by itself, except one
    /// that asks for nothing.
    pub fn search(&self, request: &Request<'_>) -> Result<Response, SearchError> {
        let started = Instant::now();
        let ranking = Ranking {
            unit: request.unit,
            order: request.order,
            limit: request.offset.saturating_add(request.limit).max(1),
            passages: request.passages,
            whole: request.weights.whole,
        };
        let (plan, found) = self.settle(request, &ranking)?;
        let shown = found.ranked.iter().skip(request.offset).take(request.limit);
        let explained = request
            .explain
            .then(|| self.prepare(&plan, request))
            .transpose()?;
        let shown: Vec<&Ranked> = shown.collect();
        let literal = Literal::of(request);
        let hits = share_out(&shown, SHOWN_BY_ONE, |shown| {
            let hits = shown.iter().map(|ranked| {
                let mut hit = self.hit(ranked, &plan, literal.as_ref(), explained.as_ref())?;
                hit.copies = found.copies.get(&ranked.notice).copied().unwrap_or(0);
                Ok(hit)
            });
            hits.collect::<Result<Vec<_>, SearchError>>()
        })?;
        Ok(Response {
            query: request.text.to_owned(),
            unit: request.unit,
            total: found.total,
            at_least: found.at_least,
            folded: found.folded,
            took_ms: (started.elapsed().as_secs_f64() * 1e5).round() / 100.0,
            hits,
            notes: plan.notes,
        })
    }

    /// The plan that answers `request`, the first of several that finds
    /// something, and what it finds.
    fn settle(
        &self,
        request: &Request<'_>,
        ranking: &Ranking,
    ) -> Result<(Plan, Found), SearchError> {
        let mut plan = self.plan(request, false)?;
        let mut found = match plan.verify.take() {
            Some(literal) => self.rank_literal(&plan, &literal, request, ranking)?,
            None => self.rank(&plan, request, ranking)?,
        };
        if found.total == 0
            && request.unit == Unit::Notice
            && let Some(matching) = self.matching_apart(&plan, request)?
        {
            plan.matching = matching;
            found = self.rank(&plan, request, ranking)?;
            if found.total > 0 {
                plan.notes.push(Note::Apart);
            }
        }
        if found.total == 0 && plan.can_be_loosened {
            plan = self.plan(request, true)?;
            found = self.rank(&plan, request, ranking)?;
            if found.total > 0 {
                plan.notes.push(Note::Loosened);
            }
        }
        if found.total == 0 {
            plan.notes.extend(self.why_nothing(&plan, request)?);
        }
        Ok((plan, found))
    }

    fn rank(
        &self,
        plan: &Plan,
        request: &Request<'_>,
        ranking: &Ranking,
    ) -> Result<Found, SearchError> {
        let evidence = self.prepare(plan, request)?;
        let copies = self.copies_to_fold(request);
        let (searcher, layouts, matching) = (&self.searcher, &self.layouts, &*plan.matching);
        if !(plan.is_open || plan.is_sum) {
            return Ok(ranking.run(searcher, layouts, matching, &evidence, copies)?);
        }
        let scope = plan.scope.iter().map(|query| query.box_clone());
        let scope = (!plan.scope.is_empty()).then(|| all_of(scope.collect()));
        let scope = scope.as_deref();
        Ok(match plan.is_sum {
            true => ranking.run_sum(searcher, layouts, scope, &evidence, copies)?,
            false => ranking.run_open(searcher, layouts, matching, scope, &evidence, copies)?,
        })
    }

    /// What is known of copies, if they are to be folded and there are any.
    fn copies_to_fold(&self, request: &Request<'_>) -> Option<&Copies> {
        Some(&self.copies).filter(|copies| request.fold && copies.any())
    }

    fn prepare<'p>(
        &self,
        plan: &'p Plan,
        request: &Request<'_>,
    ) -> Result<Prepared<'p>, SearchError> {
        let size = (self.note.notices, self.note.passages);
        Ok(plan.evidence.prepare(
            &self.searcher,
            &self.layouts,
            &self.fields,
            &request.weights,
            size,
        )?)
    }

    /// The divisions, read when a question first needs them.
    fn divisions(&self) -> &Divisions {
        self.divisions.get_or_init(|| (self.make_divisions)())
    }

    fn plan(&self, request: &Request<'_>, loosen: bool) -> Result<Plan, SearchError> {
        let divisions = || self.divisions().clone();
        let planner = self.planner(request, loosen, &divisions);
        planner.plan(request).ok_or(SearchError::Empty)
    }

    fn apart(&self, plan: &Plan, request: &Request<'_>) -> Apart {
        let divisions = || self.divisions().clone();
        let planner = self.planner(request, false, &divisions);
        planner.apart(plan.root.as_ref())
    }

    fn planner<'a>(
        &'a self,
        request: &Request<'a>,
        loosen: bool,
        divisions: &'a dyn Fn() -> Divisions,
    ) -> Planner<'a> {
        Planner {
            fields: &self.fields,
            layouts: &self.layouts,
            cutter: Cutter::new(&self.segmenter),
            divisions,
            weights: request.weights,
            loosen,
        }
    }

    /// `literal` is what was asked for literally, `explained` the evidence by which each passage tells its score, if
    /// that was asked for.
    fn hit(
        &self,
        ranked: &Ranked,
        plan: &Plan,
        literal: Option<&Literal>,
        explained: Option<&Prepared<'_>>,
    ) -> Result<Hit, SearchError> {
        let first = ranked.passages[0];
        let head = head_of(first.address, first.ordinal);
        let passages = ranked.passages.iter();
        let wanted: Vec<_> = passages.map(|one| one.ordinal as usize - 1).collect();
        let Excerpt {
            head: notice,
            passages,
        } = self.stores.excerpt(head, &wanted)?;
        // What starts in a passage may end in the next: then all is read.
        let is_cut = literal.is_some() && passages.iter().any(|passage| !passage.is_whole);
        let all = is_cut.then(|| self.stored(head)).transpose()?;
        let shown = ranked.passages.iter().zip(passages);
        let passages = shown.map(|(matched, passage)| {
            let marks = match (literal, &all) {
                (None, _) => plan.marks.find(&passage.text),
                (Some(literal), None) => literal.marks_in(&passage.text),
                (Some(literal), Some(all)) => literal_marks(literal, all, matched.ordinal),
            };
            let explanation = explained
                .map(|evidence| self.explain(matched.address, evidence))
                .transpose()?;
            Ok(PassageHit {
                anchor: passage.anchor,
                label: passage.label,
                path: passage.path,
                highlights: in_chars(&passage.text, &marks),
                text: passage.text,
                score: matched.score,
                explanation,
            })
        });
        let header = notice.header;
        Ok(Hit {
            passages: passages.collect::<Result<_, SearchError>>()?,
            id: header.id.to_string(),
            published: header.published_day(),
            title: header.title,
            url: header.url,
            organ: header.organ,
            region: header.region,
            genre: header.genre,
            signed: header.signed,
            score: ranked.score,
            matched: ranked.matched,
            copies: 0,
        })
    }

    /// What each part of the evidence added to the score of a passage, most
    /// first.
    fn explain(
        &self,
        address: DocAddress,
        evidence: &Prepared<'_>,
    ) -> Result<Vec<Contribution>, SearchError> {
        let segment = address.segment_ord;
        let reader = self.searcher.segment_reader(segment);
        let layout = self.layouts.of(reader);
        let parts = evidence.explain(segment as usize, reader, &layout, address.doc_id)?;
        Ok(parts.into_iter().map(Contribution::from).collect())
    }

    /// The notice of that name, if the index holds it.
    ///
    /// # Errors
    ///
    /// [`SearchError`].
    pub fn notice(&self, id: &NoticeId) -> Result<Option<StoredNotice>, SearchError> {
        let term = Term::from_field_u64(self.fields.notice, id.number());
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let found = self
            .searcher
            .search(&query, &tantivy::collector::DocSetCollector)?;
        // The head stands before its passages.
        let Some(head) = found.into_iter().min() else {
            return Ok(None);
        };
        Ok(Some(self.stored(head)?).filter(|stored| stored.header.id == *id))
    }

    /// Whether the index holds the notice of that name; far cheaper than to
    /// read it.
    ///
    /// # Errors
    ///
    /// [`SearchError`].
    pub fn holds(&self, id: &NoticeId) -> Result<bool, SearchError> {
        let term = Term::from_field_u64(self.fields.notice, id.number());
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        Ok(self.searcher.search(&query, &tantivy::collector::Count)? > 0)
    }

    /// The notice whose head is at `head`.
    fn stored(&self, head: DocAddress) -> Result<StoredNotice, SearchError> {
        Ok(self.stores.notice(head)?)
    }
}

/// The head of the passage at `address`, which is number `ordinal` of its
/// notice.
fn head_of(address: DocAddress, ordinal: u32) -> DocAddress {
    DocAddress::new(address.segment_ord, address.doc_id - ordinal)
}

/// The occurrences of `literal` that start in passage `ordinal` of `notice`, in
/// bytes of its text.
fn literal_marks(
    literal: &Literal,
    notice: &StoredNotice,
    ordinal: u32,
) -> Vec<std::ops::Range<usize>> {
    let index = ordinal as usize - 1;
    let start = notice.passages[index].range.start;
    let end = start + notice.passage_text(index).len();
    let found = literal
        .occurrences_near(&notice.text_only(), &[ordinal])
        .into_iter()
        .filter(|found| (start..end).contains(&found.start))
        .map(|found| found.start - start..found.end.min(end) - start);
    joined(found)
}
