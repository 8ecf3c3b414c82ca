//! Flags of the commands that fetch.

use std::{num::NonZero, path::PathBuf, time::Duration};

use clap::{Args, Subcommand};
use gongbao_crawler::parse_duration;
use jiff::civil::Date;

#[derive(Debug, Args)]
pub(crate) struct Crawl {
    /// Ids of sites [default: those crawled before, and those in sites/ of the corpus]
    #[arg(value_name = "SITE")]
    pub(crate) sites: Vec<String>,
    /// Leave out this site
    #[arg(long, value_name = "SITE")]
    pub(crate) except: Vec<String>,
    /// Fetch at most so many pages
    #[arg(long, value_name = "N")]
    pub(crate) max_pages: Option<u64>,
    /// Begin nothing new after that time: 90s, 10m, 2h
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) max_time: Option<Duration>,
    /// Fetch only notices that their lists date on or after this day, month or year
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) since: Option<Date>,
    /// Look at every known page again, due or not
    #[arg(long)]
    pub(crate) refresh: bool,
    /// Wait at least so long between two requests to a host
    #[arg(long, default_value = "5s", value_name = "TIME", value_parser = duration)]
    pub(crate) delay: Duration,
    /// How many hosts to ask at a time
    #[arg(long, default_value = "16", value_name = "N")]
    pub(crate) concurrency: NonZero<usize>,
    #[command(flatten)]
    pub(crate) network: Network,
}

/// How to reach the network.
#[derive(Debug, Args)]
pub(crate) struct Network {
    /// Whom a site's keeper may write to: an address or a page, sent with each request
    #[arg(long, env = "GONGBAO_CONTACT", value_name = "TEXT")]
    pub(crate) contact: Option<String>,
    /// Give up on a response after that time
    #[arg(long, default_value = "5m", value_name = "TIME", value_parser = duration)]
    pub(crate) timeout: Duration,
    /// Connect to addresses of this machine and its networks too
    #[arg(long)]
    pub(crate) allow_private: bool,
    /// Send everything through this proxy; none is taken from the environment
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Sites {
    #[command(subcommand)]
    pub(crate) action: Option<SiteAction>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SiteAction {
    /// List the sites that can be crawled
    List,
    /// Show what would be read from a list or an article, and why
    ///
    /// Nothing is kept. A saved page is read with the address that --url gives.
    Check {
        /// The address of a list or an article, or a file
        #[arg(value_name = "URL|FILE")]
        target: String,
        #[command(flatten)]
        page: CheckedPage,
        #[command(flatten)]
        network: Network,
    },
    /// Write a first profile of a site from one of its lists
    ///
    /// Into sites/ID.toml of the corpus folder, to be looked at and completed.
    Add {
        /// The address of a list, or a file
        #[arg(value_name = "URL|FILE")]
        target: String,
        /// The id of the site [default: made from its host]
        #[arg(long, value_name = "ID")]
        id: Option<String>,
        /// Its name [default: from the page]
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        #[command(flatten)]
        page: CheckedPage,
        #[command(flatten)]
        network: Network,
    },
}

/// What is known of a page that is looked at.
#[derive(Debug, Args)]
pub(crate) struct CheckedPage {
    /// The address that a file was saved from
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// A profile to read it by [default: that of its host]
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
}

fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).ok_or_else(|| "no time such as 5s, 10m or 2h".to_owned())
}

/// A day; of a month or year, its first.
fn day(text: &str) -> Result<Date, String> {
    let whole = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    whole
        .parse()
        .map_err(|_| "no date such as 2024-07-18, 2024-07 or 2024".to_owned())
}
