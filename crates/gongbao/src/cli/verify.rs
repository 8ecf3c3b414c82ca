//! `verify`: whether the corpus is as it was written.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Make what is derived anew where it is damaged: the catalogue from the WARC files, the index from both
    #[arg(long)]
    pub(crate) repair: bool,
}
