//! Counting what matches, by month, place and so on.

use std::{
    collections::{HashMap, HashSet},
    time::Instant,
};

use gongbao_analysis::StoredNotice;
use gongbao_notice::Level;
use tantivy::{
    DocAddress,
    query::{AllQuery, Query},
};

use super::{Engine, WORTH_A_CORE, head_of};
use crate::{
    cells::{Columns, Keys, label},
    collect::{Everything, Gathered},
    cores::share_out,
    count::{Axis, Cell, CountRequest, CountTable, Counts, Margin, State},
    error::SearchError,
    literal::Literal,
    marks::Marks,
    parse::Note,
    plan::all_of,
    ranking::Ranking,
    request::{Order, Request, Unit},
};

/// Row and column of a cell. A table of one column has column 0 only.
type Place = [usize; 2];

/// What is counted in an occurrence.
enum Sought {
    /// Nothing: only filters were given.
    Nothing,
    Literal(Literal),
    Marks(Marks),
}

/// What a search matches.
struct Matching {
    query: Box<dyn Query>,
    /// What of it is an occurrence.
    sought: Sought,
    notes: Vec<Note>,
}

/// A matching notice, read.
struct Matched {
    notice: u64,
    /// Any of its passages, for the columns.
    address: DocAddress,
    passages: Vec<DocAddress>,
    occurrences: u64,
    names: Vec<String>,
}

/// What a cell or margin holds. Notices and passages are told apart, as
/// several topics may have the same.
#[derive(Default)]
struct Tally {
    notices: HashSet<u64>,
    passages: HashSet<DocAddress>,
    occurrences: u64,
    found: Vec<String>,
}

impl Tally {
    fn add(&mut self, matched: &Matched) {
        self.notices.insert(matched.notice);
        self.passages.extend(&matched.passages);
        self.occurrences += matched.occurrences;
    }

    fn counts(&self, documents: u64, has_occurrences: bool) -> Counts {
        let any = documents > 0;
        Counts {
            state: match (any, self.notices.is_empty()) {
                (false, _) => State::NoDocuments,
                (true, true) => State::NoMatch,
                (true, false) => State::Match,
            },
            documents,
            notices: any.then_some(self.notices.len() as u64),
            passages: any.then_some(self.passages.len() as u64),
            occurrences: (any && has_occurrences).then_some(self.occurrences),
        }
    }
}

impl Engine {
    /// Counts what a search matches. The notices of all cells are those that
    /// a search for notices finds, the passages those that it says match, the
    /// occurrences what it highlights in them; for a literal text the rows of
    /// its concordance.
    ///
    /// # Errors
    ///
    /// [`SearchError`].
    pub fn count(&self, request: &CountRequest<'_>) -> Result<CountTable, SearchError> {
        let started = Instant::now();
        let axes: Vec<Axis> = [Some(request.rows), request.columns]
            .into_iter()
            .flatten()
            .collect();
        let mut table = Sums::open(self, request, &axes)?;
        let mut notes = Vec::new();
        let mut has_occurrences = false;
        if axes.contains(&Axis::Topic) {
            for (number, topic) in request.topics.iter().enumerate() {
                let search = Request {
                    topic: Some(topic),
                    ..request.search.clone()
                };
                has_occurrences |= self.add(&search, Some(number), &mut table, &mut notes)?;
            }
        } else {
            has_occurrences = self.add(&request.search, None, &mut table, &mut notes)?;
        }
        let mut table = table.finish(self, request, has_occurrences);
        // What holds for one topic only would mislead.
        if request.topics.len() > 1 && axes.contains(&Axis::Topic) {
            notes.retain(|note| matches!(note, Note::TakenAsText(_) | Note::UnknownValue(_)));
        }
        notes.dedup();
        table.notes = notes;
        table.took_ms = (started.elapsed().as_secs_f64() * 1e5).round() / 100.0;
        Ok(table)
    }

    /// Adds what `search` matches; tells whether it has occurrences.
    fn add(
        &self,
        search: &Request<'_>,
        topic: Option<usize>,
        sums: &mut Sums,
        notes: &mut Vec<Note>,
    ) -> Result<bool, SearchError> {
        let Matching {
            query,
            sought,
            notes: found,
        } = self.sought(search)?;
        for note in found {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        let gathered = self.searcher.search(&*query, &Everything)?;
        for matched in self.read_all(&gathered, &sought)? {
            sums.add(matched, topic);
        }
        Ok(!matches!(sought, Sought::Nothing))
    }

    /// Hands every notice that `search` matches to `row`, newest first, with the
    /// numbers from 0 of those of its passages that match; all of them where
    /// nothing is asked. Stops early when `row` says so.
    ///
    /// # Errors
    ///
    /// [`SearchError`].
    pub fn each_match(
        &self,
        search: &Request<'_>,
        row: &mut dyn FnMut(StoredNotice, &[usize]) -> bool,
    ) -> Result<Vec<Note>, SearchError> {
        let Matching { query, notes, .. } = self.sought(search)?;
        for gathered in self.searcher.search(&*query, &Everything)? {
            let Some(&(address, ordinal)) = gathered.passages.first() else {
                continue;
            };
            let passages = gathered.passages.iter();
            let passages: Vec<_> = passages.map(|&(_, ordinal)| ordinal as usize - 1).collect();
            if !row(self.stored(head_of(address, ordinal))?, &passages) {
                break;
            }
        }
        Ok(notes)
    }

    /// What `search` matches and what is an occurrence of it.
    fn sought(&self, search: &Request<'_>) -> Result<Matching, SearchError> {
        if asks_nothing(search) {
            return Ok(Matching {
                query: Box::new(AllQuery),
                sought: Sought::Nothing,
                notes: Vec::new(),
            });
        }
        let search = Request {
            unit: Unit::Notice,
            // Every copy counts in its own place.
            fold: false,
            ..search.clone()
        };
        let ranking = Ranking {
            unit: Unit::Notice,
            order: Order::Relevance,
            limit: 1,
            passages: 1,
            whole: search.weights.whole,
        };
        let plan = if search.literal {
            self.certain_plan(&search)?
        } else {
            self.settle(&search, &ranking)?.0
        };
        let sought = match Literal::of(&search) {
            Some(literal) => Sought::Literal(literal),
            None if plan.marks.is_empty() => Sought::Nothing,
            None => Sought::Marks(plan.marks),
        };
        Ok(Matching {
            query: plan.matching,
            sought,
            notes: plan.notes,
        })
    }

    /// Reads matching notices, on all cores, in order.
    fn read_all(
        &self,
        gathered: &[Gathered],
        sought: &Sought,
    ) -> Result<Vec<Matched>, SearchError> {
        share_out(gathered, WORTH_A_CORE, |part| {
            part.iter()
                .filter_map(|gathered| self.read_matched(gathered, sought).transpose())
                .collect()
        })
    }

    fn read_matched(
        &self,
        gathered: &Gathered,
        sought: &Sought,
    ) -> Result<Option<Matched>, SearchError> {
        let Some(&(address, ordinal)) = gathered.passages.first() else {
            return Ok(None);
        };
        let notice = self.stored(head_of(address, ordinal))?;
        let id = &notice.header.id;
        let name = |passage: usize| format!("{id}#{}", notice.passages[passage].anchor);
        let all = || {
            gathered
                .passages
                .iter()
                .map(|&(_, ordinal)| ordinal as usize - 1)
        };
        let (occurrences, names) = match sought {
            Sought::Nothing => (0, vec![id.to_string()]),
            Sought::Literal(literal) => {
                let ordinals: Vec<_> = gathered.passages.iter().map(|&(_, at)| at).collect();
                let occurrences = literal.occurrences_near(&notice.text_only(), &ordinals);
                let occurrences = occurrences.len();
                (occurrences, all().map(name).collect())
            }
            Sought::Marks(marks) => {
                let count = |passage| marks.find(notice.passage_text(passage)).len();
                (all().map(count).sum(), all().map(name).collect())
            }
        };
        Ok(Some(Matched {
            notice: gathered.notice,
            address,
            passages: gathered.passages.iter().map(|&(at, _)| at).collect(),
            occurrences: occurrences as u64,
            names,
        }))
    }
}

/// Whether `search` has nothing to look for: no words, no topic, no filter.
fn asks_nothing(search: &Request<'_>) -> bool {
    search.text.trim().is_empty()
        && search.topic.is_none()
        && search.filters == crate::filter::Filters::default()
}

/// A table in the making.
struct Sums {
    axes: Vec<Axis>,
    columns: Vec<Option<Columns>>,
    keys: Vec<Keys>,
    /// Notices looked at, by cell; by 0 on an axis of topics.
    documents: HashMap<Place, u64>,
    all_documents: u64,
    cells: HashMap<Place, Tally>,
    margins: [HashMap<usize, Tally>; 2],
    total: Tally,
}

impl Sums {
    /// An empty table of the notices that the filters let through.
    fn open(
        engine: &Engine,
        request: &CountRequest<'_>,
        axes: &[Axis],
    ) -> Result<Self, SearchError> {
        let columns = axes
            .iter()
            .map(|&axis| Columns::open(&engine.searcher, axis));
        let mut sums = Self {
            axes: axes.to_vec(),
            columns: columns.collect::<Result<_, _>>()?,
            keys: axes.iter().map(|_| Keys::default()).collect(),
            documents: HashMap::new(),
            all_documents: 0,
            cells: HashMap::new(),
            margins: Default::default(),
            total: Tally::default(),
        };
        let scope = if asks_nothing(&request.search) {
            Vec::new()
        } else {
            engine.plan(&request.search, false)?.scope
        };
        let scope: Box<dyn Query> = if scope.is_empty() {
            Box::new(AllQuery)
        } else {
            all_of(scope)
        };
        for gathered in engine.searcher.search(&*scope, &Everything)? {
            if let Some(&(address, _)) = gathered.passages.first() {
                let place = sums.place(address, 0);
                *sums.documents.entry(place).or_default() += 1;
                sums.all_documents += 1;
            }
        }
        let filters = &request.search.filters;
        for (&axis, keys) in axes.iter().zip(&mut sums.keys) {
            if axis == Axis::Topic {
                for topic in request.topics {
                    keys.number(Some(topic.id.clone()));
                }
            } else {
                keys.fill(axis, filters.days, &filters.regions, engine.divisions());
            }
        }
        Ok(sums)
    }

    /// The cell of the notice that the passage at `address` is of.
    fn place(&mut self, address: DocAddress, topic: usize) -> Place {
        let mut place = [0, 0];
        for ((columns, keys), number) in self.columns.iter().zip(&mut self.keys).zip(&mut place) {
            *number = match columns {
                Some(columns) => keys.number(columns.key(address)),
                None => topic,
            };
        }
        place
    }

    fn add(&mut self, matched: Matched, topic: Option<usize>) {
        let place = self.place(matched.address, topic.unwrap_or(0));
        for (margin, number) in self.margins.iter_mut().zip(place) {
            margin.entry(number).or_default().add(&matched);
        }
        self.total.add(&matched);
        let cell = self.cells.entry(place).or_default();
        cell.add(&matched);
        cell.found.extend(matched.names);
    }

    /// How many notices were looked at for cells with these numbers; `None`
    /// stands for all.
    fn looked_at(&self, row: Option<usize>, column: Option<usize>) -> u64 {
        let wanted = [row, column];
        let fits = |place: &Place| {
            place
                .iter()
                .zip(wanted)
                .enumerate()
                .all(|(at, (&number, wanted))| {
                    let is_topic = self.axes.get(at) == Some(&Axis::Topic);
                    is_topic || wanted.is_none_or(|wanted| wanted == number)
                })
        };
        match wanted {
            [None, None] => self.all_documents,
            [Some(row), Some(column)] => {
                let zero = |at: usize, number| match self.axes.get(at) {
                    Some(Axis::Topic) => 0,
                    _ => number,
                };
                let place = [zero(0, row), zero(1, column)];
                self.documents.get(&place).copied().unwrap_or(0)
            }
            _ => {
                let known = self.documents.iter().filter(|(place, _)| fits(place));
                known.map(|(_, &number)| number).sum()
            }
        }
    }

    fn finish(
        self,
        engine: &Engine,
        request: &CountRequest<'_>,
        has_occurrences: bool,
    ) -> CountTable {
        let empty = Tally::default();
        let divisions = engine.divisions();
        let margin = |at: usize, number: usize| {
            let documents = match at {
                0 => self.looked_at(Some(number), None),
                _ => self.looked_at(None, Some(number)),
            };
            let tally = self.margins[at].get(&number).unwrap_or(&empty);
            let key = self.keys[at].list[number].clone();
            let named = |key: &String| label(self.axes[at], key, divisions, request.topics);
            Margin {
                label: key.as_ref().map(named),
                key,
                counts: tally.counts(documents, has_occurrences),
            }
        };
        // Margins in the order of the table, each with its number.
        let axis = |at: usize| -> Vec<(usize, Margin)> {
            let Some(keys) = self.keys.get(at) else {
                return Vec::new();
            };
            let numbers = 0..keys.list.len();
            let mut margins: Vec<_> = numbers.map(|number| (number, margin(at, number))).collect();
            match self.axes[at] {
                Axis::Topic => {}
                Axis::Month | Axis::Year | Axis::Region(_) => margins.sort_by(|(_, a), (_, b)| {
                    (a.key.is_none(), &a.key).cmp(&(b.key.is_none(), &b.key))
                }),
                Axis::Organ | Axis::Site | Axis::Genre => margins.sort_by(|(_, a), (_, b)| {
                    let order = |margin: &Margin| {
                        let counts = margin.counts;
                        (margin.key.is_some(), counts.notices, counts.documents)
                    };
                    order(b).cmp(&order(a)).then_with(|| a.key.cmp(&b.key))
                }),
            }
            margins
        };
        let (rows, columns) = (axis(0), axis(1));
        let mut cells = Vec::with_capacity(rows.len() * columns.len().max(1));
        for (row, row_margin) in &rows {
            let mut cell = |column: usize, column_margin: Option<&Margin>| {
                let tally = self.cells.get(&[*row, column]).unwrap_or(&empty);
                let documents = self.looked_at(Some(*row), Some(column));
                cells.push(Cell {
                    row: row_margin.key.clone(),
                    row_label: row_margin.label.clone(),
                    column: column_margin.and_then(|margin| margin.key.clone()),
                    column_label: column_margin.and_then(|margin| margin.label.clone()),
                    counts: tally.counts(documents, has_occurrences),
                    found: tally.found.clone(),
                });
            };
            if columns.is_empty() && request.columns.is_none() {
                cell(0, None);
            }
            for (column, margin) in &columns {
                cell(*column, Some(margin));
            }
        }
        let level = self.axes.iter().find_map(|axis| match axis {
            Axis::Region(level) => Some(Level::name(*level)),
            _ => None,
        });
        let strip = |margins: Vec<(usize, Margin)>| margins.into_iter().map(|(_, m)| m).collect();
        CountTable {
            query: request.search.text.to_owned(),
            rows_by: request.rows,
            columns_by: request.columns,
            level,
            total: self.total.counts(self.all_documents, has_occurrences),
            rows: strip(rows),
            columns: strip(columns),
            cells,
            took_ms: 0.0,
            notes: Vec::new(),
        }
    }
}
