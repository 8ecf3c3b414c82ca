//! Arguments of the commands about versions: `history` and `diff`.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct History {
    /// The notice's id or address
    #[arg(value_name = "ID")]
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The notice's id or address
    #[arg(value_name = "ID")]
    pub(crate) name: String,
    /// The version to start from [default: the one before --to]
    #[arg(long, value_name = "N")]
    pub(crate) from: Option<u32>,
    /// The version to compare with it [default: the newest]
    #[arg(long, value_name = "N")]
    pub(crate) to: Option<u32>,
}
