//! The HTTP endpoint, the reading room and the feeds.
//!
//! Reads a corpus, never writes it, so it runs from a read-only folder. Knows
//! nothing of flags and settings files: the binary hands it a corpus, its
//! [`Settings`] and a socket.

mod access; // who may ask: bearer tokens
mod answer; // from a question to a response: pool, ETag, format
mod api; // /api/v1
mod app; // everything a request needs, and the routes
mod asked; // what a request asks for: parameters, format, language
mod connections; // the socket: timeouts, limits, shutdown
mod cursor; // where the next page begins
mod facets; // what filters would leave, and when
mod feeds; // Atom
mod guard; // limits, headers, log and metrics around every request
mod health; // /healthz, /readyz, /metrics
mod library; // generations of the index, swapped whole
mod metrics; // what is counted
mod openapi; // /openapi.json, from the code
mod overview; // what the index says on every topic
mod pages; // the reading room
mod pool; // blocking work in bounded numbers
mod problem; // errors as application/problem+json
mod question; // what a search asks for, and its page of hits
mod settings; // limits and choices

pub use crate::{
    access::{Token, TokenError},
    app::App,
    connections::serve,
    settings::{Limits, Settings},
};
