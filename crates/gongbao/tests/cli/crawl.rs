//! Crawling made-up sites on loopback.

mod again; // a second look: unchanged, edited, gone, moved, declined
mod faults; // no room, no host, two at once, a wrong clock
mod field; // sites being served, and a corpus that crawls them
mod first; // every article once, with its fate, at the right pace
mod kills; // SIGKILL at any moment
