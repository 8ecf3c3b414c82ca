//! Every passage that matches, unranked: for saved searches.

use std::sync::{Arc, OnceLock};

use gongbao_analysis::{
    Dictionary, GenerationNote, LearningSegmenter, StoredNotice, Stores, schema,
};
use gongbao_notice::{Divisions, ReadBy};
use tantivy::Index;

use super::{Engine, literal_marks};
use crate::{
    collect::Everything, copies::Copies, error::SearchError, layout::Layouts, literal::Literal,
    marks::Marks, marks::in_chars, request::Request,
};

/// Every passage that matches a request.
#[derive(Debug)]
pub struct Matching {
    /// Notices by [`NoticeId::number`](gongbao_notice::NoticeId::number), each with the indexes
    /// of its passages, in order.
    pub passages: Vec<(u64, Vec<usize>)>,
    marks: Marks,
    literal: Option<Literal>,
}

impl Matching {
    /// What to mark in passage `index` of `notice`: [start, end) in Unicode
    /// characters of its text.
    #[must_use]
    pub fn highlights(&self, notice: &StoredNotice, index: usize) -> Vec<[usize; 2]> {
        let text = notice.passage_text(index);
        let marks = match &self.literal {
            Some(literal) => literal_marks(literal, notice, index as u32 + 1),
            None => self.marks.find(text),
        };
        in_chars(text, &marks)
    }
}

impl Engine {
    /// An engine over an index in memory, whose words were cut with
    /// `dictionary`.
    ///
    /// # Errors
    ///
    /// Those of tantivy; none is expected in memory.
    pub fn over(
        index: &Index,
        dictionary: Dictionary,
        divisions: impl Fn() -> Divisions + Send + Sync + 'static,
    ) -> tantivy::Result<Self> {
        let (_, fields) = schema();
        let searcher = index.reader()?.searcher();
        // The texts of an index in memory are kept in no pieces.
        let stores = Arc::new(Stores::open(&searcher, &fields, Arc::default())?);
        Ok(Self {
            layouts: Layouts::new(&searcher, &stores),
            stores,
            searcher,
            fields,
            note: GenerationNote::new(&dictionary, ReadBy::default(), String::new()),
            generation: 0,
            segmenter: LearningSegmenter::new(dictionary),
            make_divisions: Box::new(divisions),
            divisions: OnceLock::new(),
            copies: Copies::none(),
        })
    }

    /// Every passage that `request` matches as it stands: nothing is loosened
    /// where nothing matches, and order, limit and unit play no part.
    ///
    /// # Errors
    ///
    /// As for [`search`](Self::search).
    pub fn matching(&self, request: &Request<'_>) -> Result<Matching, SearchError> {
        let plan = self.certain_plan(request)?;
        let found = self.searcher.search(&*plan.matching, &Everything)?;
        let passages = found.into_iter().map(|gathered| {
            let indexes = gathered
                .passages
                .iter()
                .map(|&(_, ordinal)| ordinal as usize - 1)
                .collect();
            (gathered.notice, indexes)
        });
        Ok(Matching {
            passages: passages.collect(),
            marks: plan.marks,
            literal: Literal::of(request),
        })
    }
}
