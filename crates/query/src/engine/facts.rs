//! Facts and records of the passages that match.

use tantivy::query::{AllQuery, Query};

use super::{Engine, head_of};
use crate::{
    collect::{Everything, Gathered},
    error::SearchError,
    facts::{FactFilter, FactRow, NoticeFacts, RecordRow},
    request::Request,
};

impl Engine {
    /// Hands the facts that `filter` wants of the passages that match to `row`,
    /// newest notices first, in the order of the text; of all passages if the
    /// request asks for nothing. Stops early when `row` says so. Of the
    /// request, text, topic and filters count.
    ///
    /// # Errors
    ///
    /// [`SearchError`].
    pub fn facts(
        &self,
        request: &Request<'_>,
        filter: &FactFilter,
        row: &mut dyn FnMut(FactRow) -> bool,
    ) -> Result<(), SearchError> {
        for gathered in self.matching_passages(request)? {
            let Some(&(first, ordinal)) = gathered.passages.first() else {
                continue;
            };
            let notice = self.stored(head_of(first, ordinal))?;
            let mut wanted: Vec<usize> = gathered
                .passages
                .iter()
                .map(|&(_, ordinal)| ordinal as usize - 1)
                .collect();
            wanted.sort_unstable();
            let facts = NoticeFacts::of(&notice, &self.divisions());
            for fact in facts.rows(&wanted, filter) {
                if !row(fact) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Hands what reports on inspections tell of them to `row`, newest first:
    /// of those with a passage that matches, of all if the request asks for
    /// nothing. Stops early when `row` says so.
    ///
    /// # Errors
    ///
    /// [`SearchError`].
    pub fn inspection_records(
        &self,
        request: &Request<'_>,
        row: &mut dyn FnMut(RecordRow) -> bool,
    ) -> Result<(), SearchError> {
        for gathered in self.matching_passages(request)? {
            let Some(&(first, ordinal)) = gathered.passages.first() else {
                continue;
            };
            let notice = self.stored(head_of(first, ordinal))?;
            let title = notice.title.as_deref().unwrap_or("");
            // Most notices are no such report: told without reading them.
            if !(title.contains("巡视") || title.contains("巡察")) {
                continue;
            }
            let record = NoticeFacts::of(&notice, &self.divisions()).record();
            if record.is_some_and(|record| !row(record)) {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The passages that match, as [`search`](Self::search) finds them.
    fn matching_passages(&self, request: &Request<'_>) -> Result<Vec<Gathered>, SearchError> {
        let all = |query: &dyn Query| self.searcher.search(query, &Everything);
        let mut plan = match self.plan(request, false) {
            Ok(plan) => plan,
            Err(SearchError::Empty) if request.text.trim().is_empty() => {
                return Ok(all(&AllQuery)?);
            }
            Err(error) => return Err(error),
        };
        if let Some(literal) = plan.verify.take() {
            plan.matching = self.verified(&*plan.matching, &literal)?;
        }
        let found = all(&*plan.matching)?;
        if !found.is_empty() {
            return Ok(found);
        }
        if let Some(matching) = self.apart(&plan)? {
            let found = all(&*matching)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        if plan.has_long_chunk {
            return Ok(all(&*self.plan(request, true)?.matching)?);
        }
        Ok(found)
    }
}
