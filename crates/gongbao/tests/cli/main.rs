//! The program as its users run it, end to end.

mod crashes; // killed at any moment, no room left
mod demo;
mod eval; // judged questions
mod export; // CSV and JSON shapes
mod faults; // what is refused, and how
mod help;
mod hostile; // pages that speak to the terminal
mod pipeline; // import → index → search → show → kwic
mod support;
mod topics; // packs: tested, started, extended
mod update; // unattended runs
mod watch; // saved searches
