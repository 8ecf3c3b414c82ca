//! From a question or topic to ranked, cited passages.
//!
//! Reads index generations, never writes them, and opens no sockets.

mod alternatives; // what a notice may print instead
mod below; // passages by their title or headings
mod bits; // many documents, a bit each
mod bulk; // all-of and any-of over long lists, gathered at once
mod cells; // which cell of a table a notice belongs to
mod chain; // letters that follow one another: phrases, literal text, NEAR
mod citation; // a notice or item as cited
mod collect; // every matching passage, notice by notice
mod columns; // what is known of documents besides terms
mod comparison; // one ranking against another
mod copies; // notices that hold the same text
mod cores; // work on all cores
mod count; // tables of counts
mod engine; // an open index, answering
mod error;
mod evidence; // how much of a question stands in a passage
mod extent; // how far titles and headings are said
mod facts; // facts as they are given back
mod filter; // places, dates, organs …
mod given; // a set of documents found by other means, as a query
mod hit; // what is given back
mod layout; // how documents lie, in arrays made once
mod lazy; // any-of that looks only where it is asked to
mod lengths; // how long texts are, as occurrences are held against it
mod likelihood; // how much a term stands out
mod literal; // exact text: candidates from the index, certainty from the text
mod marks; // what to highlight
mod matching; // what of a segment matches, result by result
mod measures; // how good a ranking is
mod meet; // where the terms of a question stand
mod open; // questions that require nothing
mod parse; // the query language
mod pattern; // letters to look for
mod plan; // a question as index queries
mod published; // a generation on disk, never written to
mod ranking; // from matching passages to ranked notices
mod request; // what can be asked
mod score; // scores, of what may come among the best
mod starts; // the passages in which a literal text may start
mod sum; // what any of several phrases finds, with its score
mod topic; // topic packs
mod window; // all passages, a window at a time
mod wording; // which words of a question carry a topic

pub use gongbao_analysis::Kinship;
pub use gongbao_notice::{FactKind, Qualifier};

pub use crate::{
    citation::{Citation, Cited, quote_stands},
    comparison::{Comparison, PERMUTATIONS},
    count::{Axis, Cell, CountRequest, CountTable, Counts, Margin, State},
    engine::{Engine, Example, Matching, Suggestion, Suggestions},
    error::{OpenError, SearchError},
    facts::{FactFilter, FactRow, PeriodRow, RecordRow, StatedRow},
    filter::{DayRange, Filters, ParseDayRangeError},
    hit::{Collocate, Contribution, Copied, CopiedPassage, Hit, KwicRow, PassageHit, Response},
    measures::{DEPTH, Grades, MAX_GRADE, Measure, Measures},
    parse::{Note, Part, Question},
    request::{KwicContext, KwicOrder, Order, Request, Unit, Weights},
    topic::{
        Exclusion, Expression, Failure, Finds, Found, Judged, Names, Near, Pack, Scores, Topic,
        TopicError, Topics,
    },
};
