//! Facts and records of the passages that match.

use gongbao_analysis::StoredNotice;

use super::Engine;
use crate::{
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
        let divisions = self.divisions();
        self.each_match(request, &mut |notice, passages| {
            let mut wanted = passages.to_vec();
            wanted.sort_unstable();
            let facts = NoticeFacts::of(&notice, divisions);
            facts.rows(&wanted, filter).into_iter().all(&mut *row)
        })?;
        Ok(())
    }

    /// All facts of `notice`, in the order of its text.
    #[must_use]
    pub fn facts_of(&self, notice: &StoredNotice) -> Vec<FactRow> {
        let all: Vec<usize> = (0..notice.passages.len()).collect();
        NoticeFacts::of(notice, self.divisions()).rows(&all, &FactFilter::default())
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
        let divisions = self.divisions();
        self.each_match(request, &mut |notice, _| {
            let title = notice.header.title.as_deref().unwrap_or("");
            // Most notices are no such report: told without reading them.
            if !(title.contains("巡视") || title.contains("巡察")) {
                return true;
            }
            let record = NoticeFacts::of(&notice, divisions).record();
            record.is_none_or(&mut *row)
        })?;
        Ok(())
    }
}
