//! `cite` as typed.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct Cite {
    /// Ids or addresses of notices, and perhaps # and an item's anchor: k3v9…#2.1.6.20
    #[arg(
        value_name = "ID[#ANCHOR]",
        required_unless_present = "check",
        conflicts_with = "check"
    )]
    pub(crate) names: Vec<String>,
    /// The style of citations [default: gbt7714; rows where --format asks for them]
    #[arg(long, value_enum, value_name = "STYLE")]
    pub(crate) style: Option<Style>,
    /// The words that are quoted; they must stand in the item
    #[arg(long, value_name = "WORDS", conflicts_with = "check")]
    pub(crate) quote: Option<String>,
    /// Check the citations in this file (- for standard input): whether the words still stand there
    #[arg(long, value_name = "FILE")]
    pub(crate) check: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Style {
    /// GB/T 7714—2015, electronic resources
    Gbt7714,
    /// BibTeX, as @online
    Bibtex,
    /// CSL-JSON, for Zotero, Pandoc and others
    CslJson,
}
