//! `watch`: saved searches.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Where, unshielded};

#[derive(Debug, Args)]
pub(crate) struct Watch {
    #[command(subcommand)]
    pub(crate) action: WatchAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WatchAction {
    /// Save a search; from now on, what is new for it is told
    Add(Box<WatchAdd>),
    /// List the saved searches, and what they have still to tell
    List,
    /// Remove a saved search
    Rm {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Tell what is new since the last run, on each search's own channels
    ///
    /// A passage is told once, never again after a new index, dictionary or number; a changed
    /// one with what changed in it.
    Run {
        /// Names [default: every saved search]
        #[arg(value_name = "NAME")]
        names: Vec<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct WatchAdd {
    /// Its name: letters, digits, - and _
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// What to look for: words, “phrases”, OR, NOT, NEAR/5, 标题:…
    #[arg(value_name = "QUERY", value_parser = unshielded)]
    pub(crate) query: Vec<String>,
    /// What a topic is about, by its id or name
    #[arg(long, value_name = "TOPIC")]
    pub(crate) topic: Option<String>,
    /// Find exactly this sequence of characters
    #[arg(long)]
    pub(crate) literal: bool,
    #[command(flatten)]
    pub(crate) place: Where,
    /// Tell at the first run what is there already, too
    #[arg(long)]
    pub(crate) all: bool,
    /// Tell on standard output [default where nothing else is given]
    #[arg(long)]
    pub(crate) terminal: bool,
    /// Append to this file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub(crate) jsonl: Option<PathBuf>,
    /// Write an Atom feed to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) atom: Option<PathBuf>,
    /// Run this command line in a shell, with JSON on its standard input
    #[arg(long, value_name = "COMMAND")]
    pub(crate) command: Option<String>,
    /// Post JSON to this address
    #[arg(long, value_name = "URL")]
    pub(crate) webhook: Option<String>,
    /// The variable that holds the key to sign what is posted
    #[arg(long, value_name = "NAME", requires = "webhook")]
    pub(crate) secret_env: Option<String>,
    /// The file that holds the key to sign what is posted
    #[arg(
        long,
        value_name = "FILE",
        requires = "webhook",
        conflicts_with = "secret_env"
    )]
    pub(crate) secret_file: Option<PathBuf>,
    /// Send mail to this address, through the local sendmail
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) mail: Option<String>,
    /// The sender of the mail
    #[arg(long, value_name = "ADDRESS", requires = "mail")]
    pub(crate) mail_from: Option<String>,
}
