//! `update` and `status`: unattended runs, and how they fare.

use clap::{Args, Parser};

use super::Crawl;

/// `status`: a view for people, or a check for monitoring.
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// End with 2 if there is something to look at
    #[arg(long)]
    pub(crate) check: bool,
    /// After so many hours without a whole run, that is something to look at
    #[arg(long, default_value_t = 36, value_name = "HOURS")]
    pub(crate) max_age: u64,
}

/// `daemon`: what it does stands in the settings.
#[derive(Debug, Args)]
pub(crate) struct Daemon {
    /// Run once now, too
    #[arg(long)]
    pub(crate) now: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Update {
    #[command(flatten)]
    pub(crate) crawl: Crawl,
    /// Publish the new index whatever it lost, and index what looks like nonsense
    #[arg(long)]
    pub(crate) allow_loss: bool,
    /// The share of its text that a site, and of its passages that the index, may lose, in percent
    #[arg(
        long,
        default_value_t = MAX_LOSS_PERCENT,
        value_name = "PERCENT",
        value_parser = clap::value_parser!(u8).range(0..=100)
    )]
    pub(crate) max_loss: u8,
}

/// The share that may be lost unless told otherwise, in percent.
const MAX_LOSS_PERCENT: u8 = 20;

/// The flags of a run that nobody typed, for their defaults.
#[derive(Debug, Parser)]
struct Untyped {
    #[command(flatten)]
    update: Update,
}

impl Update {
    /// A run that nobody typed.
    pub(crate) fn unattended() -> Self {
        Untyped::parse_from(["update"]).update
    }
}
