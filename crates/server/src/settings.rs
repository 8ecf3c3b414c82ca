//! Limits and choices.

use std::{num::NonZero, time::Duration};

use crate::access::Token;

/// What whoever starts the server decides.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// How much is taken and given.
    pub limits: Limits,
    /// Who may ask; everybody where there are none.
    pub tokens: Vec<Token>,
    /// Origins whose pages may read the answers (CORS), such as
    /// `https://example.org`; `*` is any.
    pub origins: Vec<String>,
    /// Whether the access log tells what was asked.
    pub log_queries: bool,
}

/// How much is taken from and given to those who ask. Beyond it a request is
/// refused, and the server does not grow.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The longest question, in characters.
    pub question: usize,
    /// The longest address with its parameters, in bytes.
    pub address: usize,
    /// The most rows of a page of an answer.
    pub rows: usize,
    /// The most hits left out before a page: further ones are better reached
    /// by narrowing the question down.
    pub offset: usize,
    /// The most occurrences of a concordance.
    pub occurrences: usize,
    /// The longest a request may take, waiting included.
    pub time: Duration,
    /// So many requests are worked on at once.
    pub threads: NonZero<usize>,
    /// So many more may wait.
    pub waiting: usize,
    /// So many connections are kept open.
    pub connections: usize,
    /// A request's head must have come after this.
    pub head_time: Duration,
    /// A client that takes nothing of its answer for this long is cut off.
    pub stall_time: Duration,
    /// Open requests may finish for this long after a shutdown has begun.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            question: 1_000,
            address: 16 * 1024,
            rows: 100,
            offset: 10_000,
            occurrences: 10_000,
            time: Duration::from_secs(10),
            threads: std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN),
            waiting: 256,
            connections: 8_192,
            head_time: Duration::from_secs(10),
            stall_time: Duration::from_secs(30),
            grace: Duration::from_secs(20),
        }
    }
}
