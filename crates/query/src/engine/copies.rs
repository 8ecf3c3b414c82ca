//! Where else the text of a notice stands.

use std::collections::HashMap;

use gongbao_analysis::StoredNotice;
use gongbao_notice::NoticeId;
use tantivy::{Term, query::TermQuery, schema::IndexRecordOption};

use super::Engine;
use crate::{
    error::SearchError,
    hit::{Copied, CopiedPassage},
};

impl Engine {
    /// The other notices that hold text of the notice `id`, those with most in
    /// common first; none for a notice that the index does not hold.
    ///
    /// # Errors
    ///
    /// [`SearchError`].
    pub fn copies(&self, id: &NoticeId) -> Result<Vec<Copied>, SearchError> {
        let pairs = self.copies.of_notice(id.number());
        let pairs = pairs.map_err(SearchError::Copies)?;
        let Some(mine) = self.notice(id)?.filter(|_| !pairs.is_empty()) else {
            return Ok(Vec::new());
        };
        let mut known: HashMap<u64, Option<StoredNotice>> = HashMap::new();
        let mut copies = Vec::with_capacity(pairs.len());
        for pair in pairs {
            let other = pair.notices[1];
            if let std::collections::hash_map::Entry::Vacant(entry) = known.entry(other) {
                entry.insert(self.numbered(other)?);
            }
            let Some(Some(theirs)) = known.get(&other) else {
                continue;
            };
            let anchor = |notice: &StoredNotice, passage: u32| {
                let passage = notice.passages.get(passage as usize);
                passage.map(|passage| passage.anchor.clone())
            };
            let passages = pair.passages.iter().filter_map(|&[here, there]| {
                Some(CopiedPassage {
                    here: anchor(&mine, here)?,
                    there: anchor(theirs, there)?,
                })
            });
            let percent = |share: f64| (share * 100.0).round() as u8;
            let [here, there] = pair.shares().map(percent);
            let header = &theirs.header;
            copies.push(Copied {
                id: header.id.to_string(),
                title: header.title.clone(),
                url: header.url.clone(),
                organ: header.organ.clone(),
                published: header.published_day(),
                kinship: pair.kinship(),
                percent: here,
                percent_there: there,
                passages: passages.collect(),
            });
        }
        Ok(copies)
    }

    /// The notice of that number.
    fn numbered(&self, number: u64) -> Result<Option<StoredNotice>, SearchError> {
        let term = Term::from_field_u64(self.fields.notice, number);
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let found = self
            .searcher
            .search(&query, &tantivy::collector::DocSetCollector)?;
        // The head stands before its passages.
        found
            .into_iter()
            .min()
            .map(|head| self.stored(head))
            .transpose()
    }
}
