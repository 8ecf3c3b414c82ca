//! Integration tests, in one binary.

mod outline;
mod reading;
