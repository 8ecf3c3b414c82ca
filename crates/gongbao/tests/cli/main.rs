//! The program as its users run it, end to end.

mod cite; // citations, made and checked
mod counts; // tables, plots and charts
mod crashes; // killed at any moment, no room left
mod crawl; // made-up sites on loopback
mod daemon; // unattended runs at their times
mod days; // a month of them, told as they were
mod demo;
mod eval; // judged questions
mod export; // CSV and JSON shapes
mod exports; // files for other programs
mod facts; // figures, and records of inspections
mod faults; // what is refused, and how
mod help;
mod hostile; // pages that speak to the terminal
mod month; // a month of nights, most of which go wrong
mod nights; // unattended runs over sites that change
mod operating; // what operators are told to do
mod pipeline; // import → index → search → show → kwic
mod rederived; // words, places, profiles and rules that change
#[cfg(target_os = "linux")]
mod sealed; // a folder that cannot be written to
mod support;
mod tables; // views for SQL
mod topics; // packs: tested, started, extended
mod update; // unattended runs
mod verify; // damage found and repaired
mod versions; // history, diff, WARC files
mod watch; // saved searches
