//! Integration tests, in one binary.

mod facts;
mod outline;
mod reading;
