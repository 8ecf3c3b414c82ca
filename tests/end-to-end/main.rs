//! Tests of archive, indexer and query together, without the binary.

mod completeness;
mod copies;
mod counts;
mod facts;
mod hostile;
mod many;
mod questions;
mod ranking;
mod rederive;
mod said_once;

/// Says that a test did nothing, and why: a skipped check must not look like a
/// passed one.
#[expect(clippy::print_stderr, reason = "the test runner shows it")]
fn skip(why: &str) {
    eprintln!("skipped: {why}");
}
