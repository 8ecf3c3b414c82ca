//! The program as its users run it, end to end.

mod crashes; // killed at any moment, no room left
mod days; // a month of them, told as they were
mod demo;
mod eval; // judged questions
mod export; // CSV and JSON shapes
mod faults; // what is refused, and how
mod help;
mod hostile; // pages that speak to the terminal
mod nights; // unattended runs over sites that change
mod operating; // what operators are told to do
mod pipeline; // import → index → search → show → kwic
mod support;
mod topics; // packs: tested, started, extended
mod update; // unattended runs
mod versions; // history, diff, WARC files
mod watch; // saved searches
