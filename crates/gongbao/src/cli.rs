//! What can be typed. Help, man page and completions come from here.

mod cite;
mod count;
mod crawl; // flags of the commands that fetch
mod export;
mod facts;
mod kwic;
mod serve;
mod update; // one unattended run
mod verify;
mod versions; // history and diff
mod watch; // saved searches

use std::{convert::Infallible, ffi::OsString, num::NonZero, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::{
    cite::{Cite, Style},
    count::{Count, Measure, Plot},
    crawl::{CheckedPage, Crawl, Network, SiteAction, Sites},
    export::Export,
    facts::Facts,
    kwic::{Kwic, KwicSort},
    serve::{Demo, Serve},
    update::{Daemon, Status, Update},
    verify::Verify,
    versions::{Diff, History},
    watch::{Watch, WatchAction, WatchAdd},
};

/// Full-text search for Chinese government notices
#[derive(Debug, Parser)]
#[command(
    name = "gongbao",
    version,
    propagate_version = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The corpus folder [default: ./corpus, or as in gongbao.toml]
    #[arg(long, global = true, env = "GONGBAO_CORPUS", value_name = "DIR")]
    pub(crate) corpus: Option<PathBuf>,
    /// How rows are printed [default: table on a terminal, else jsonl]
    #[arg(long, global = true, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Write rows to this file; its ending tells the format
    #[arg(long, short, global = true, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Begin CSV with a byte order mark, by which Excel knows UTF-8
    #[arg(long, global = true)]
    pub(crate) bom: bool,
    /// Language of messages [default: that of the locale]
    #[arg(long, global = true, value_enum, value_name = "LANG")]
    pub(crate) lang: Option<Lang>,
    /// When to use colour
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        value_name = "WHEN"
    )]
    pub(crate) color: Color,
    /// Say nothing but errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// One JSON document
    Json,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated, with a header
    Csv,
    /// A worksheet of Excel
    Xlsx,
    /// Apache Parquet, for pandas, R and others
    Parquet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// English
    En,
    /// 中文
    Zh,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the whole job on the built-in sample: serve its sites, crawl, index, answer two topics
    ///
    /// In a temporary folder that is removed again, or in the folder that --corpus names.
    Demo(Demo),
    /// Take saved pages, texts, JSON Lines and WARC files into the archive
    Import(Import),
    /// Fetch what is due of some sites, politely, into the archive
    Crawl(Crawl),
    /// List, check and describe sites to crawl
    Sites(Sites),
    /// Bring the index up to the archive
    Index(Index),
    /// Search, and show the passages that answer
    Search(Search),
    /// Count what matches, by month, place, topic and so on
    ///
    /// Notices, passages and occurrences. A cell without any notice is told apart from one whose
    /// notices do not match.
    Count(Count),
    /// Show every occurrence of a text in its context
    Kwic(Kwic),
    /// List figures, with their units and the words they belong to
    ///
    /// Of the passages that match, newest notices first. Also dates and periods, document numbers,
    /// titles, organs and places; --kind chooses among them.
    Facts(Facts),
    /// Read a notice, or one item of it
    Show(Show),
    /// Tell what became of a notice: its versions, and every fetch of it
    History(History),
    /// Show an edit of a notice as sentences inserted, deleted and changed
    ///
    /// Ends with 1 if there is no difference.
    Diff(Diff),
    /// Write out notices or passages, all or those that match, for other programs
    ///
    /// With --output FILE.csv, .xlsx, .parquet or .jsonl. docs/exports.md tells what the columns hold.
    Export(Export),
    /// Cite a notice or one item of it, and check citations
    ///
    /// A citation names the item, the digest of the page as it was received and the day it was
    /// fetched, so that it can be checked against any copy of the corpus.
    Cite(Cite),
    /// List, show, test, start and extend topic packs
    Topics(Topics),
    /// Measure how well judged questions find their answers
    ///
    /// nDCG@10 (gain 2^grade − 1, discount log₂), MRR@10, Recall@10 and Recall@100, as means
    /// over the questions that something was judged to answer.
    Eval(Eval),
    /// Serve the corpus: the reading room, the HTTP endpoint and the feeds
    ///
    /// Prints its address and runs until it is interrupted. A new index is picked up by itself.
    Serve(Serve),
    /// Crawl what is due, index, and tell saved searches what is new, in one unattended run
    ///
    /// The new index takes the place of the old one only if it is sound. Ends with 2 if there is
    /// something to look at, and with 75 if another process writes to the corpus.
    Update(Update),
    /// Run updates at their times, for those without a scheduler
    ///
    /// As `[schedule]` of gongbao.toml lays down; without it, nightly at 02:30 in Shanghai.
    /// SIGHUP reads the settings again; SIGTERM and Ctrl-C stop it.
    Daemon(Daemon),
    /// Save searches, and tell what is new for them
    Watch(Watch),
    /// Tell what the corpus holds, how its last runs went, and what to look at
    Status(Status),
    /// Read everything, and tell what is not as it was written
    ///
    /// The archive's digests, the catalogue against the archive, the index against both. Ends with
    /// 2 if something is damaged. Writers have to wait meanwhile, searches need not.
    Verify(Verify),
    /// Remove old generations of the index; the archive keeps everything
    Gc,
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the man page
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Files and folders; - reads JSON Lines from standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Skip pages and rows larger than this, in MiB
    #[arg(long, default_value_t = 64, value_name = "MIB")]
    pub(crate) max_size: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Index {
    /// Make the index anew from the whole archive
    #[arg(long)]
    pub(crate) rebuild: bool,
    /// Keep what is read in tables of catalog.sqlite too, for SQL, from now on
    ///
    /// Notices, passages and facts, as docs/exports.md tells; whatever indexes later keeps them up to
    /// date. Takes time and room.
    #[arg(long)]
    pub(crate) tables: bool,
    /// Take these tables away
    #[arg(long, conflicts_with = "tables")]
    pub(crate) no_tables: bool,
    /// Memory for the terms that are not written out yet, in MiB
    #[arg(long, default_value_t = 400, value_name = "MIB")]
    pub(crate) memory: usize,
    /// How many threads work [default: one for each core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZero<usize>>,
}

/// Which notices to look at.
#[derive(Debug, Default, Args)]
pub(crate) struct Where {
    /// Only notices of an organ whose name contains this
    #[arg(long, value_name = "NAME")]
    pub(crate) organ: Vec<String>,
    /// Only notices from this place or below it: a division code or a name
    #[arg(long, value_name = "PLACE")]
    pub(crate) region: Vec<String>,
    /// Only notices from this host
    #[arg(long, value_name = "HOST")]
    pub(crate) site: Vec<String>,
    /// Only notices of this genre: 通知, 公告, 巡视整改通报 …
    #[arg(long, value_name = "GENRE")]
    pub(crate) genre: Vec<String>,
    /// Only notices published on or after this day, month or year
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<String>,
    /// Only notices published on or before this day, month or year
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Search {
    /// What to look for: words, “phrases”, OR, NOT, NEAR/5, 标题:…
    #[arg(value_name = "QUERY", value_parser = unshielded)]
    pub(crate) query: Vec<String>,
    /// What a topic is about, by its id or name
    #[arg(long, value_name = "TOPIC")]
    pub(crate) topic: Option<String>,
    /// What to count and show
    #[arg(long, value_enum, default_value = "notice", value_name = "UNIT")]
    pub(crate) unit: Unit,
    /// Find exactly this sequence of characters
    #[arg(long)]
    pub(crate) literal: bool,
    #[command(flatten)]
    pub(crate) place: Where,
    /// What comes first
    #[arg(long, value_enum, default_value = "relevance", value_name = "ORDER")]
    pub(crate) sort: Sort,
    /// How many hits at most
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub(crate) limit: usize,
    /// How many hits to leave out before
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) offset: usize,
    /// How many passages of a notice at most
    #[arg(long, default_value_t = 3, value_name = "N")]
    pub(crate) passages: usize,
    /// Show later copies of a notice too, instead of folding them under the earliest
    #[arg(long)]
    pub(crate) no_fold: bool,
    /// Tell what made up each score
    #[arg(long)]
    pub(crate) explain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Unit {
    /// Notices with their best passages
    Notice,
    /// Passages
    Passage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    /// The best match first
    Relevance,
    /// The newest first
    Newest,
    /// The oldest first
    Oldest,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The notice's id or address, and perhaps # and an item's anchor: k3v9…#2.1.6.20
    #[arg(value_name = "ID[#ANCHOR]")]
    pub(crate) name: String,
    /// Show its outline only
    #[arg(long)]
    pub(crate) outline: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Topics {
    #[command(subcommand)]
    pub(crate) action: Option<TopicAction>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TopicAction {
    /// List the topic packs
    List,
    /// Show what a topic is about and how it is recognised
    Show {
        /// Its id or name
        #[arg(value_name = "TOPIC")]
        name: String,
    },
    /// Test topic packs on the passages and items they must find
    ///
    /// Ends with 1 if a pack does worse than its threshold.
    Test {
        /// Ids or names [default: every pack]
        #[arg(value_name = "TOPIC")]
        names: Vec<String>,
    },
    /// Start a topic pack of your own, in the corpus folder
    New {
        /// Its id: lower-case letters, digits, hyphens
        #[arg(value_name = "ID")]
        id: String,
        /// Its name in Chinese
        #[arg(long, value_name = "NAME")]
        zh: String,
        /// Its name in English
        #[arg(long, value_name = "NAME")]
        en: String,
        /// Expressions to begin with [default: the Chinese name]
        #[arg(value_name = "WORDS")]
        words: Vec<String>,
    },
    /// Propose terms that stand out in passages on a topic or question
    Suggest {
        /// A topic's id or name, or a question
        #[arg(required = true, value_name = "TOPIC|WORDS", value_parser = unshielded)]
        query: Vec<String>,
        /// How many terms at most
        #[arg(long, default_value_t = 20, value_name = "N")]
        limit: usize,
        /// Show passages that have the term
        #[arg(long)]
        examples: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// The questions: JSON Lines with id and text, or an id, a tab and a text a line
    #[arg(long, value_name = "FILE")]
    pub(crate) queries: PathBuf,
    /// What answers them: TREC qrels, three columns, or JSON Lines with query, id and grade
    #[arg(long, value_name = "FILE")]
    pub(crate) judgements: PathBuf,
    /// What is ranked: notices, by id, or passages, by ID#ANCHOR
    #[arg(long, value_enum, default_value = "notice", value_name = "UNIT")]
    pub(crate) unit: Unit,
    /// Write the 100 best of each question to a TREC run file
    #[arg(long, value_name = "FILE")]
    pub(crate) run: Option<PathBuf>,
    /// The name of the run in that file
    #[arg(long, default_value = "gongbao", value_name = "NAME")]
    pub(crate) tag: String,
    /// Compare with an earlier run file, and tell whether the difference may be chance
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// A row for each question
    #[arg(long)]
    pub(crate) per_query: bool,
}

/// Stands before words that begin with `-` and are no flags; a character for
/// private use, which nobody types.
const SHIELD: char = '\u{f8ff}';

/// `arguments` with a shield before words such as `-化解` and `-"…"`, which
/// leave something out and are no flags: no flag of ours looks like that.
pub(crate) fn shielded(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let is_word = |text: &str| {
        text.strip_prefix('-')
            .and_then(|rest| rest.chars().next())
            .is_some_and(|c| !c.is_ascii() || matches!(c, '"' | '('))
    };
    arguments
        .map(|argument| match argument.to_str() {
            Some(text) if is_word(text) => format!("{SHIELD}{text}").into(),
            _ => argument,
        })
        .collect()
}

/// The word as it was typed.
#[expect(clippy::unnecessary_wraps, reason = "clap asks for a result")]
fn unshielded(word: &str) -> Result<String, Infallible> {
    Ok(word.strip_prefix(SHIELD).unwrap_or(word).to_owned())
}
