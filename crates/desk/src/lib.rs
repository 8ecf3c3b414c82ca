//! What the command line and the server share: opening a corpus for readers,
//! what can be asked, and the rows that programs get.
//!
//! Prints nothing and opens no sockets. Whatever has one name in a script and
//! in a URL is named here, once.

mod ask; // filters and choices as they are typed
mod citations; // citations as rows
mod compared; // two versions of a notice
mod concordance; // occurrences as rows
mod counts; // counts as rows
mod edits; // from two texts to the sentences that differ
mod facts; // facts and records as rows
mod history; // what became of a notice
mod hits; // hits as rows
mod opening; // dictionary, divisions, topics, engine
mod reading; // a notice, read out of the archive
mod rows; // JSON, JSON Lines, CSV
mod safe; // characters that must not act
mod shown; // a notice as JSON, its passages and outline as rows
mod suggestions; // terms that stand out, as rows
mod topics; // topics as JSON and rows

pub use crate::{
    ask::{Place, PlaceError},
    compared::{CompareError, Compared, EditRow, Part, Side},
    counts::CountRow,
    edits::{Edit, EditKind},
    facts::stated,
    history::HistoryRow,
    hits::HitRow,
    opening::{Desk, DeskError},
    reading::{Item, Reading, ReadingError, find_notice, read_version},
    rows::{Format, Kind, Row, Rows, json_document, json_line},
    safe::{harmless, is_dangerous},
    shown::{AttachmentRow, BlockRow, ItemRow, PassageRow, Shown},
    suggestions::SuggestionRow,
    topics::{ExpressionRow, TopicInFull, TopicRow, scope},
};
