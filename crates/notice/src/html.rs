//! A small reader of HTML for pages that nobody checked.
//!
//! It keeps to what browsers do where that matters for text (implied end tags,
//! raw text, entities, stray end tags) and differs from a full parser on
//! purpose: time and memory are linear in the page, whatever it nests. The
//! tree is flat, in document order, so nothing that walks it recurses.

mod entity; // &nbsp; and its kind
mod select; // a subset of CSS selectors
mod token; // text, start tags, end tags
mod tree; // which element holds what

pub(crate) use self::{
    select::Selector,
    tree::{Tree, is_block},
};
