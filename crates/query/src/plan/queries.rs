//! The queries that plans are made of.

use gongbao_analysis::{Fields, HEAD};
use tantivy::{
    Term,
    query::{AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption},
};

use crate::{
    below::Below, bulk::AllOf, chain::Chain, extent::Extent, layout::Layouts, lazy::AnyOf,
    pattern::Pattern,
};

/// Every passage, and no head, which has no text.
pub(crate) fn any_passage(fields: &Fields) -> Box<dyn Query> {
    let head = Term::from_field_u64(fields.mark, HEAD);
    let heads: Box<dyn Query> = Box::new(TermQuery::new(head, IndexRecordOption::Basic));
    Box::new(BooleanQuery::new(vec![
        (Occur::Must, Box::new(AllQuery)),
        (Occur::MustNot, heads),
    ]))
}

/// Passages that have `pattern` in their text, their path or their title,
/// however it was cut into words there.
pub(crate) fn anywhere(fields: &Fields, layouts: &Layouts, pattern: &Pattern) -> Box<dyn Query> {
    match pattern.letters() {
        [] => Box::new(EmptyQuery),
        [letter] => {
            let letter = letter.to_string();
            any_of(vec![
                in_text(fields, layouts, pattern),
                below_head(term(fields.title_words, &letter), layouts),
                below_headings(term(fields.path_words, &letter), layouts),
            ])
        }
        _ => any_of(vec![
            in_text(fields, layouts, pattern),
            below_head(phrase(fields.title_pairs, pattern), layouts),
            below_headings(phrase(fields.path_pairs, pattern), layouts),
        ]),
    }
}

/// Passages that have `pattern` in their own text.
pub(super) fn in_text(fields: &Fields, layouts: &Layouts, pattern: &Pattern) -> Box<dyn Query> {
    match pattern.letters() {
        [] => Box::new(EmptyQuery),
        [letter] => term(fields.body_chars, &letter.to_string()),
        _ => Box::new(Chain::in_text(fields, layouts, pattern)),
    }
}

/// Passages of notices whose title, or organ, `said` matches.
pub(crate) fn below_head(said: Box<dyn Query>, layouts: &Layouts) -> Box<dyn Query> {
    Box::new(Below::new(said, Extent::Notice, layouts))
}

/// Passages under headings that `said` matches.
pub(super) fn below_headings(said: Box<dyn Query>, layouts: &Layouts) -> Box<dyn Query> {
    Box::new(Below::new(said, Extent::Section, layouts))
}

pub(crate) fn phrase(field: Field, pattern: &Pattern) -> Box<dyn Query> {
    Box::new(Chain::phrase(field, pattern.clone()))
}

pub(super) fn term(field: Field, text: &str) -> Box<dyn Query> {
    let term = Term::from_field_text(field, text);
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

pub(super) fn unscored(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

pub(super) fn any_of(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.remove(0),
        _ => Box::new(AnyOf(queries)),
    }
}

pub(crate) fn all_of(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.remove(0),
        _ => Box::new(AllOf {
            all: queries,
            none: Vec::new(),
        }),
    }
}
