//! How the documents of a segment lie: what is asked of each of many, in plain
//! arrays and bits. Each is made when a search first needs it, and kept for those
//! that follow.

use std::{
    iter,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use gongbao_analysis::{
    CARRY_LETTERS, GAP, HEAD, RUNS_ON, SECTION, Seeker, Spelling, Stores, StoresError,
};
use tantivy::{
    DocAddress, DocId, Score, Searcher, SegmentOrdinal, SegmentReader, Term,
    columnar::Column,
    index::SegmentId,
    query::{EnableScoring, Query, TermQuery},
    schema::IndexRecordOption,
};

use crate::{
    bits::Bits,
    bulk::bits,
    evidence::{Place, Places},
    extent::{Extent, Runs},
    lengths::held,
};

/// Of a segment, no more room than this is kept: an array for each of two searches
/// at a time.
const MOST_SPARE: usize = 2;

/// The layouts of all segments.
#[derive(Clone)]
pub(crate) struct Layouts(Arc<Vec<Arc<Layout>>>);

/// The layout of a segment.
pub(crate) struct Layout {
    segment: SegmentId,
    number: SegmentOrdinal,
    stores: Arc<Stores>,
    columns: OnceLock<Columns>,
    notices: OnceLock<Notices>,
    /// By extent.
    runs: [OnceLock<Runs>; 2],
    held: [Mutex<Option<Arc<Held>>>; 3],
    spare: Mutex<Vec<Vec<Score>>>,
}

/// The columns that searches read. To open one costs as much as to read
/// thousands of values of it.
pub(crate) struct Columns {
    pub(crate) notice: Column<u64>,
    pub(crate) ordinal: Column<u64>,
    pub(crate) day: Column<i64>,
    /// None where no passage runs on into the next: mostly.
    pub(crate) cut: Option<Arc<Cut>>,
    /// The heads of notices.
    pub(crate) heads: Arc<Bits>,
}

/// Passages that run on into the next.
pub(crate) struct Cut {
    passages: Bits,
    own: Column<u64>,
}

/// Which documents make up which notice.
pub(crate) struct Notices {
    /// The documents that are heads.
    starts: Arc<Bits>,
    /// The head of each document's notice.
    pub(crate) heads: Vec<DocId>,
}

/// What occurrences in each document are held against in one view: k1 times a
/// power of the relative length. A head stands for its notice as a whole.
pub(crate) struct Held {
    key: [u32; 6],
    pub(crate) by_doc: Vec<Score>,
}

impl std::fmt::Debug for Layouts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Layouts").field(&self.0.len()).finish()
    }
}

impl Layouts {
    /// Of the segments of `searcher`, of which `stores` keep what is shown;
    /// nothing is read yet.
    pub(crate) fn new(searcher: &Searcher, stores: &Arc<Stores>) -> Self {
        let readers = (0..).zip(searcher.segment_readers());
        let layouts = readers.map(|(number, reader)| {
            Arc::new(Layout {
                segment: reader.segment_id(),
                number,
                stores: Arc::clone(stores),
                columns: OnceLock::new(),
                notices: OnceLock::new(),
                runs: Default::default(),
                held: Default::default(),
                spare: Mutex::default(),
            })
        });
        Self(Arc::new(layouts.collect()))
    }

    /// That of the segment of `reader`, one of those it was made with.
    pub(crate) fn of(&self, reader: &SegmentReader) -> Arc<Layout> {
        let segment = reader.segment_id();
        let layout = self.0.iter().find(|layout| layout.segment == segment);
        Arc::clone(layout.expect("layouts are made for all segments"))
    }
}

impl Layout {
    /// The columns of the segment.
    pub(crate) fn columns(&self, reader: &SegmentReader) -> tantivy::Result<&Columns> {
        if let Some(columns) = self.columns.get() {
            return Ok(columns);
        }
        let passages = marked(reader, RUNS_ON)?;
        let mut heads = marked(reader, HEAD)?;
        heads.insert(0);
        let columns = reader.fast_fields();
        let cut = match passages.is_empty() {
            true => None,
            false => Some(Arc::new(Cut {
                passages,
                own: columns.u64("own")?,
            })),
        };
        let columns = Columns {
            notice: columns.u64("notice")?,
            ordinal: columns.u64("ordinal")?,
            day: columns.i64("day")?,
            cut,
            heads: Arc::new(heads),
        };
        Ok(self.columns.get_or_init(|| columns))
    }

    /// The head of each of `docs`.
    pub(crate) fn heads(
        &self,
        docs: &[DocId],
        reader: &SegmentReader,
    ) -> tantivy::Result<Vec<DocId>> {
        let heads = &self.columns(reader)?.heads;
        Ok(docs.iter().map(|&doc| heads.last_to(doc)).collect())
    }

    /// Which documents make up which notice.
    pub(crate) fn notices(&self, reader: &SegmentReader) -> tantivy::Result<&Notices> {
        if let Some(notices) = self.notices.get() {
            return Ok(notices);
        }
        let starts = Arc::clone(&self.columns(reader)?.heads);
        let mut heads = vec![0; reader.max_doc() as usize];
        for notice in starts.runs(0..reader.max_doc(), reader.max_doc()) {
            heads[notice.start as usize..notice.end as usize].fill(notice.start);
        }
        Ok(self.notices.get_or_init(|| Notices { starts, heads }))
    }

    /// The notices or sections of the segment.
    pub(crate) fn runs(&self, extent: Extent, reader: &SegmentReader) -> tantivy::Result<Runs> {
        let kept = &self.runs[extent as usize];
        if let Some(runs) = kept.get() {
            return Ok(runs.clone());
        }
        let heads = &self.columns(reader)?.heads;
        let starts = match extent {
            Extent::Notice => Arc::clone(heads),
            Extent::Section => {
                let mut starts = marked(reader, SECTION)?;
                starts.add(heads);
                Arc::new(starts)
            }
        };
        let runs = || Runs::new(extent, starts, heads, reader.max_doc());
        Ok(kept.get_or_init(runs).clone())
    }

    /// The runs of passages that share what stands in `place`; `None` where
    /// each has its own.
    pub(crate) fn runs_in(
        &self,
        place: Place,
        reader: &SegmentReader,
    ) -> tantivy::Result<Option<Runs>> {
        let extent = place.extent();
        extent.map(|extent| self.runs(extent, reader)).transpose()
    }

    /// What occurrences in `places`, those of a view, are held against.
    pub(crate) fn held(
        &self,
        places: &Places,
        reader: &SegmentReader,
    ) -> tantivy::Result<Arc<Held>> {
        let key = places.key();
        let mut slot = locked(&self.held[places.view.index()]);
        if let Some(held) = slot.as_ref().filter(|held| held.key == key) {
            return Ok(Arc::clone(held));
        }
        let held = Arc::new(Held::of(key, places, self, reader)?);
        *slot = Some(Arc::clone(&held));
        Ok(held)
    }
}

impl Layout {
    /// What seeks `wanted` in the texts of passages.
    pub(crate) fn seeker(&self, wanted: &str, spelling: Spelling) -> Seeker {
        self.stores.seeker(wanted, spelling)
    }

    /// The text of passage `doc`, in pieces.
    pub(crate) fn coded(&self, doc: DocId) -> &[u8] {
        self.stores.coded(DocAddress::new(self.number, doc))
    }

    /// Puts the letters of passage `doc` into `letters`, as [`Stores::spell`]
    /// spells them in `spelling`; behind them those that follow in the same block, so far as
    /// its pairs do, where it runs on.
    pub(crate) fn spell(
        &self,
        doc: DocId,
        cut: Option<&Cut>,
        spelling: Spelling,
        letters: &mut String,
    ) -> Result<(), StoresError> {
        letters.clear();
        let mut last = doc;
        let mut spell_next = |letters: &mut String| {
            let address = DocAddress::new(self.number, last);
            last += 1;
            self.stores.spell(address, spelling, letters)?;
            Ok::<_, StoresError>(cut.is_some_and(|cut| cut.contains(last - 1)))
        };
        let mut runs_on = spell_next(letters)?;
        let own = letters.len();
        while runs_on {
            runs_on = spell_next(letters)?;
            let carried = letters.get(own..).unwrap_or("");
            let more = carried.char_indices().filter(|&(_, c)| c != GAP);
            let end = more
                .enumerate()
                .find(|&(many, (_, c))| c == '\n' || many == CARRY_LETTERS);
            if let Some((_, (at, _))) = end {
                letters.truncate(own + at);
                break;
            }
        }
        Ok(())
    }
}

impl Layout {
    /// So many zeros, in room that was given back if there is any: to ask the
    /// system for it anew costs as much as to fill it.
    pub(crate) fn zeros(&self, many: usize) -> Vec<Score> {
        let mut zeros = locked(&self.spare).pop().unwrap_or_default();
        zeros.clear();
        zeros.resize(many, 0.0);
        zeros
    }

    /// Gives room back that [`zeros`](Self::zeros) gave.
    pub(crate) fn give_back(&self, room: Vec<Score>) {
        let mut spare = locked(&self.spare);
        if spare.len() < MOST_SPARE {
            spare.push(room);
        }
    }
}

impl Cut {
    /// Whether passage `doc` runs on into the next.
    #[inline]
    pub(crate) fn contains(&self, doc: DocId) -> bool {
        self.passages.contains(doc)
    }

    /// Where the part of passage `doc` that is its own ends, if it runs on.
    #[inline]
    pub(crate) fn own(&self, doc: DocId) -> Option<u64> {
        self.contains(doc).then(|| self.own.first(doc)).flatten()
    }
}

/// The documents that have `mark`.
fn marked(reader: &SegmentReader, mark: u64) -> tantivy::Result<Bits> {
    let schema = reader.schema();
    let term = Term::from_field_u64(schema.get_field("mark")?, mark);
    let query = TermQuery::new(term, IndexRecordOption::Basic);
    bits(
        &*query.weight(EnableScoring::disabled_from_schema(schema))?,
        reader,
    )
}

/// What `mutex` guards. Nothing that is kept here is ever half made.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Notices {
    /// Each from its head to where its passages end, of those whose heads are
    /// among `docs`.
    pub(crate) fn within(&self, docs: Range<DocId>) -> impl Iterator<Item = Range<DocId>> {
        self.starts.runs(docs, self.heads.len() as DocId)
    }

    /// `docs`, which are whole notices, in parts of about `size`, which are too.
    pub(crate) fn parts(
        &self,
        docs: Range<DocId>,
        size: DocId,
    ) -> impl Iterator<Item = Range<DocId>> {
        let mut start = docs.start;
        iter::from_fn(move || {
            let end = self.end_from(start.saturating_add(size)).min(docs.end);
            let part = (start < end).then_some(start..end)?;
            start = end;
            Some(part)
        })
    }

    /// The first place from `doc` on where a notice ends.
    pub(crate) fn end_from(&self, doc: DocId) -> DocId {
        self.starts.first_from(doc).min(self.heads.len() as DocId)
    }

    /// The head of the notice that `doc` is of.
    #[inline]
    pub(crate) fn head(&self, doc: DocId) -> DocId {
        self.heads[doc as usize]
    }
}

impl Held {
    fn of(
        key: [u32; 6],
        places: &Places,
        layout: &Layout,
        reader: &SegmentReader,
    ) -> tantivy::Result<Self> {
        // A head stands before its passages, and a notice behind the one before.
        let many = reader.max_doc();
        let notices = layout.notices(reader)?.within(0..many);
        let passages = notices.map(|notice| notice.start + 1..notice.end);
        let by_doc = held(places, layout, reader, many as usize, passages)?;
        Ok(Self { key, by_doc })
    }

    /// Those of document `doc`.
    #[inline]
    pub(crate) fn at(&self, doc: DocId) -> Score {
        self.by_doc[doc as usize]
    }
}
