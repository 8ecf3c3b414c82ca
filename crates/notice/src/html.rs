//! HTML, read by html5ever into scraper's document as browsers read it, inside
//! bounds that keep time and memory linear in the page, whatever it nests.

mod guard; // what of a page the parser gets to see
mod sink; // counts what the parser builds
mod tree; // the document as a flat list in document order

pub(crate) use self::tree::{Document, Tree, is_block};
