//! `kwic` as typed.

use clap::{Args, ValueEnum};

use super::{Where, unshielded};

#[derive(Debug, Args)]
pub(crate) struct Kwic {
    /// The text, found literally
    #[arg(value_name = "PATTERN", value_parser = unshielded)]
    pub(crate) pattern: String,
    #[command(flatten)]
    pub(crate) place: Where,
    /// Characters of context on each side
    #[arg(long, default_value_t = 30, value_name = "N")]
    pub(crate) context: usize,
    /// Whole sentences instead
    #[arg(long, conflicts_with = "context")]
    pub(crate) sentence: bool,
    /// What rows are sorted by [default: newest notices first]
    #[arg(long, value_enum, value_name = "ORDER")]
    pub(crate) sort: Option<KwicSort>,
    /// List the words that stand in that context more than elsewhere
    #[arg(long, conflicts_with_all = ["sentence", "sort"])]
    pub(crate) collocates: bool,
    /// How many rows at most [default: all]
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KwicSort {
    /// What stands before, from the text backwards
    Left,
    /// What stands behind
    Right,
    /// Date, the oldest first
    Date,
    /// Division code
    Place,
}
