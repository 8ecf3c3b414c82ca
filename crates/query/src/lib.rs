//! From a question or topic to ranked, cited passages.
//!
//! Reads index generations, never writes them, and opens no sockets.

mod alternatives; // what a notice may print instead
mod chain; // letters that follow one another: phrases, literal text, NEAR
mod collect; // every matching passage, notice by notice
mod comparison; // one ranking against another
mod engine; // an open index, answering
mod error;
mod evidence; // how much of a question stands in a passage
mod filter; // places, dates, organs …
mod given; // a set of documents found by other means, as a query
mod hit; // what is given back
mod lazy; // any-of that looks only where it is asked to
mod likelihood; // how much a term stands out
mod literal; // exact text: candidates from the index, certainty from the text
mod marks; // what to highlight
mod measures; // how good a ranking is
mod parse; // the query language
mod pattern; // letters to look for
mod plan; // a question as index queries
mod published; // a generation on disk, never written to
mod ranking; // from matching passages to ranked notices
mod request; // what can be asked
mod topic; // topic packs
mod wording; // which words of a question carry a topic

pub use crate::{
    comparison::{Comparison, PERMUTATIONS},
    engine::{Engine, Example, Matching, Suggestion, Suggestions},
    error::{OpenError, SearchError},
    filter::{DayRange, Filters},
    hit::{Contribution, Hit, KwicRow, PassageHit, Response},
    measures::{DEPTH, Grades, MAX_GRADE, Measure, Measures},
    parse::{Note, Part, Question},
    request::{Order, Request, Unit, Weights},
    topic::{
        Exclusion, Expression, Failure, Finds, Found, Judged, Names, Near, Pack, Scores, Topic,
        TopicError, Topics,
    },
};
