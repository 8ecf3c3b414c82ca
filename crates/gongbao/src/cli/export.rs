//! `export` as typed.

use clap::Args;

use super::{Unit, Where, unshielded};

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Only what this finds, as in search [default: all]
    #[arg(value_name = "QUERY", value_parser = unshielded)]
    pub(crate) query: Vec<String>,
    /// What a row is
    #[arg(long, value_enum, default_value = "notice", value_name = "UNIT")]
    pub(crate) unit: Unit,
    /// Only what a topic is about, by its id or name
    #[arg(long, value_name = "TOPIC")]
    pub(crate) topic: Option<String>,
    /// Find exactly this sequence of characters
    #[arg(long)]
    pub(crate) literal: bool,
    #[command(flatten)]
    pub(crate) place: Where,
}
