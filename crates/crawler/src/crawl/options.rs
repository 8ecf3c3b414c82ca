//! How a crawl is to be done, what happens in it, how it ends.

use std::time::Duration;

use gongbao_archive::{ArchiveError, PageFate, PageKind};
use jiff::civil::Date;

use crate::{
    fetch::{ClientError, Limits},
    politeness::Politeness,
};

/// How a crawl is to be done.
#[derive(Clone, Debug)]
pub struct CrawlOptions {
    /// What hosts are told of us: the program, and whom to write to.
    pub user_agent: String,
    /// How hosts are treated.
    pub politeness: Politeness,
    /// The most that is waited for and taken.
    pub limits: Limits,
    /// Requests under way at a time, at all hosts.
    pub concurrency: usize,
    /// How often a page is asked for in a run that fails in passing.
    pub attempts: u32,
    /// At most so many pages are fetched.
    pub max_pages: Option<u64>,
    /// For at most so long.
    pub max_time: Option<Duration>,
    /// Only articles of that day and later ones, as far as lists give days.
    pub since: Option<Date>,
    /// Whether every page known is looked at again, due or not.
    pub refresh: bool,
    /// Whether addresses that are not of the public internet may be
    /// connected to.
    pub allow_private: bool,
    /// A proxy that everything goes through.
    pub proxy: Option<String>,
    /// The command as typed, for the record.
    pub command: String,
}

impl Default for CrawlOptions {
    fn default() -> Self {
        Self {
            user_agent: format!(
                "Mozilla/5.0 (compatible; gongbao/{}; full-text search of government notices)",
                env!("CARGO_PKG_VERSION")
            ),
            politeness: Politeness::default(),
            limits: Limits::default(),
            concurrency: 16,
            attempts: 3,
            max_pages: None,
            max_time: None,
            since: None,
            refresh: false,
            allow_private: false,
            proxy: None,
            command: "crawl".to_owned(),
        }
    }
}

/// Why a crawl ended before its time.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CrawlError {
    /// The archive does not take what was fetched.
    #[error("could not keep what was fetched")]
    Archive(#[from] ArchiveError),
    /// No HTTP client could be made.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// What happens in a crawl.
#[derive(Debug)]
#[non_exhaustive]
pub enum CrawlEvent<'a> {
    /// What came of a page.
    Page {
        /// The id of its site.
        site: &'a str,
        /// Its column.
        column: Option<&'a str>,
        /// Its address.
        url: &'a str,
        /// What it is.
        kind: PageKind,
        /// What it came to; `None` where `robots.txt` forbids it.
        fate: Option<PageFate>,
        /// The status of HTTP, if there was an answer.
        status: Option<u16>,
        /// What is the matter, or where it is now.
        detail: Option<&'a str>,
        /// Bytes received.
        bytes: u64,
        /// How long it took.
        took: Duration,
        /// Whether it is asked for again in this run.
        again: bool,
    },
    /// How far a site is.
    Progress {
        /// Its id.
        site: &'a str,
        /// Pages fetched.
        done: u64,
        /// Pages known to be due.
        queued: u64,
        /// Pages that failed or were declined.
        errors: u64,
    },
}

/// Why a crawl came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing was due any more.
    Done,
    /// It was told to.
    Interrupted,
    /// It had fetched as many pages as it might.
    MaxPages,
    /// It had taken as long as it might.
    MaxTime,
}
