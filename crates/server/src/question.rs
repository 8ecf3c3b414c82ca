//! What a search asks for, as parameters; and the page of hits it gets.

use gongbao_desk::Place;
use gongbao_query::{Hit, Order, Request, Response, SearchError, Unit};

use crate::{
    asked::{Given, filters},
    cursor::Cursor,
    library::Generation,
    problem::Problem,
    settings::Limits,
};

/// So many ranks further the last hit of a page is looked for in a newer
/// generation.
const SLACK: usize = 500;

/// A question, by the names of the command line's flags.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) text: String,
    pub(crate) topic: Option<String>,
    pub(crate) literal: bool,
    pub(crate) place: Place,
    pub(crate) unit: Unit,
    pub(crate) order: Order,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
    pub(crate) passages: usize,
    pub(crate) explain: bool,
    /// Whether copies stand under the first of them.
    pub(crate) fold: bool,
    pub(crate) cursor: Option<Cursor>,
}

/// A page of hits.
pub(crate) struct Page {
    pub(crate) response: Response,
    /// The rank of the first hit, from 1.
    pub(crate) first: usize,
    /// Where the next page begins, if there is one.
    pub(crate) next: Option<Cursor>,
}

impl Question {
    /// The question itself: words, topic, filters.
    pub(crate) fn take(given: &mut Given) -> Result<Self, Problem> {
        Ok(Self {
            text: text(given)?,
            topic: given.text("topic")?,
            literal: given.flag("literal")?,
            place: given.place()?,
            unit: Unit::Notice,
            order: Order::Relevance,
            limit: 10,
            offset: 0,
            passages: 3,
            explain: false,
            fold: false,
            cursor: None,
        })
    }

    /// The question, and which page of the answer is wanted.
    pub(crate) fn take_paged(given: &mut Given, limits: &Limits) -> Result<Self, Problem> {
        let mut question = Self::take(given)?;
        let units = [("notice", Unit::Notice), ("passage", Unit::Passage)];
        question.unit = given.choice_of("unit", &units)?.unwrap_or_default();
        let orders = [
            ("relevance", Order::Relevance),
            ("newest", Order::Newest),
            ("oldest", Order::Oldest),
        ];
        question.order = given.choice_of("sort", &orders)?.unwrap_or_default();
        question.limit = given.number("limit", 0..=limits.rows)?.unwrap_or(10);
        question.offset = given.number("offset", 0..=limits.offset)?.unwrap_or(0);
        question.passages = given.number("passages", 0..=limits.rows)?.unwrap_or(3);
        question.explain = given.flag("explain")?;
        question.fold = !given.flag("no-fold")?;
        let cursor = given.text("cursor")?;
        let read = cursor.map(|text| text.parse::<Cursor>()).transpose();
        question.cursor = read
            .ok()
            .filter(|cursor| {
                let seen = cursor.as_ref().map_or(0, |cursor| cursor.seen);
                seen <= limits.offset
            })
            .ok_or_else(|| {
                Problem::parameter(
                    "cursor",
                    "this is no cursor, or one that leads too far",
                    "use the next_cursor of an answer as it is, or narrow the question down",
                )
            })?;
        if question.cursor.is_some() && question.offset > 0 {
            return Err(Problem::parameter(
                "offset",
                "offset and cursor both say where to begin",
                "leave one of them out",
            ));
        }
        Ok(question)
    }

    /// The same as the engine takes it.
    pub(crate) fn request<'a>(
        &'a self,
        generation: &'a Generation,
    ) -> Result<Request<'a>, Problem> {
        let topic = match &self.topic {
            None => None,
            Some(name) => Some(generation.topic(name).ok_or_else(|| {
                let name: String = name.chars().take(80).collect();
                Problem::parameter(
                    "topic",
                    format!("there is no topic {name:?}"),
                    "/api/v1/topics lists them",
                )
            })?),
        };
        Ok(Request {
            literal: self.literal,
            topic,
            filters: filters(&self.place)?,
            unit: self.unit,
            order: self.order,
            limit: self.limit,
            offset: self.offset,
            passages: self.passages,
            explain: self.explain,
            fold: self.fold,
            ..Request::new(&self.text)
        })
    }

    /// The page of hits.
    pub(crate) fn page(&self, generation: &Generation) -> Result<Page, Problem> {
        let mut request = self.request(generation)?;
        if let Some(cursor) = &self.cursor {
            request.offset = self.resumed(cursor, &request, generation)?;
        }
        let response = match generation.engine.search(&request) {
            // Brackets alone are a question too, and stand nowhere as words.
            Err(SearchError::Empty) if !self.text.trim().is_empty() => self.nothing(),
            found => found?,
        };
        let seen = request.offset + response.hits.len();
        let more = response.total > seen as u64;
        let next = response.hits.last().filter(|_| more).map(|hit| Cursor {
            generation: generation.number(),
            seen,
            id: hit.id.clone(),
            anchor: anchor(hit, self.unit),
        });
        Ok(Page {
            response,
            first: request.offset + 1,
            next,
        })
    }

    /// The answer to a question without a word in it.
    fn nothing(&self) -> Response {
        Response {
            query: self.text.clone(),
            unit: self.unit,
            total: 0,
            at_least: false,
            folded: 0,
            took_ms: 0.0,
            hits: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// How many hits of this generation lie up to the one that `cursor` names.
    fn resumed(
        &self,
        cursor: &Cursor,
        request: &Request<'_>,
        generation: &Generation,
    ) -> Result<usize, Problem> {
        if cursor.generation == generation.number() {
            return Ok(cursor.seen);
        }
        let upto = Request {
            offset: 0,
            limit: cursor.seen + SLACK,
            passages: 1,
            explain: false,
            ..request.clone()
        };
        let hits = generation.engine.search(&upto)?.hits;
        let is_last = |hit: &Hit| hit.id == cursor.id && anchor(hit, self.unit) == cursor.anchor;
        // A hit that is gone leaves its rank as the best guess.
        Ok(hits
            .iter()
            .position(is_last)
            .map_or(cursor.seen, |at| at + 1))
    }
}

/// The question's words, by either of the names they go by.
fn text(given: &mut Given) -> Result<String, Problem> {
    match (given.text("q")?, given.text("query")?) {
        (Some(_), Some(_)) => Err(Problem::parameter(
            "query",
            "q and query both say what to look for",
            "leave one of them out",
        )),
        (short, long) => Ok(short.or(long).unwrap_or_default()),
    }
}

fn anchor(hit: &Hit, unit: Unit) -> Option<String> {
    let passage = hit.passages.first().filter(|_| unit == Unit::Passage);
    passage.map(|passage| passage.anchor.clone())
}
