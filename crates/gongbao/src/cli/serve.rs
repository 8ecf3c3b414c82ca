//! What can be typed after `serve`, and after `demo`.

use std::{net::SocketAddr, num::NonZero, path::PathBuf};

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Then serve the reading room, until it is interrupted
    #[arg(long)]
    pub(crate) serve: bool,
    /// Where to listen; port 0 takes any that is free
    #[arg(
        long,
        requires = "serve",
        default_value = "127.0.0.1:7744",
        value_name = "ADDRESS:PORT"
    )]
    pub(crate) listen: SocketAddr,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where to listen; port 0 takes any that is free
    #[arg(long, default_value = "127.0.0.1:7744", value_name = "ADDRESS:PORT")]
    pub(crate) listen: SocketAddr,
    /// Answer only who sends one of the tokens in this file, one a line
    #[arg(long, value_name = "FILE")]
    pub(crate) tokens: Option<PathBuf>,
    /// Let pages of this origin read the answers (CORS); * is any
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) origin: Vec<String>,
    /// The longest a request may take, in seconds
    #[arg(long, default_value_t = NonZero::new(10).expect("not zero"), value_name = "SECONDS")]
    pub(crate) timeout: NonZero<u64>,
    /// How many requests are worked on at once [default: one for each core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZero<usize>>,
    /// How many more may wait; others are told to come back
    #[arg(long, default_value_t = 256, value_name = "N")]
    pub(crate) waiting: usize,
    /// How many connections are kept open
    #[arg(long, default_value_t = 8192, value_name = "N")]
    pub(crate) connections: usize,
    /// Tell in the access log what was asked
    #[arg(long)]
    pub(crate) log_queries: bool,
}
