//! Crawling made-up sites on loopback, as users do. What a crawler must never
//! get wrong is shown in the tests of its crate.

mod again; // a second look where nothing has changed
mod faults; // no room, no host, two at once, a catalogue in use
mod field; // sites being served, and a corpus that crawls them
mod first; // every article once, at the right pace, and the report says so
mod kills; // SIGKILL of the program
