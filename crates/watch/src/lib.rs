//! Saved searches: what is new for each since its last run, told once.
//!
//! A run has two halves. [`look()`] holds every change of the archive against
//! every saved search and writes down what is new, in one transaction with how
//! far it looked. [`Courier`] then tells what was written down and not yet
//! told. A crash in the first half undoes it; one in the second leaves a note
//! of what was under way, so that nothing is lost, and nothing is told twice
//! where the channel can be asked what it knows.

mod alert; // what is told
mod batch; // what is new in some notices
mod change; // passages of two versions, paired
mod deliver; // telling, by each kind of channel
mod error;
mod look; // saved searches against what is new
mod text; // an alert for people, in plain text
mod watch; // one saved search, as data
mod watches; // all of them, as files

pub use crate::{
    alert::{Change, News, PassageNews, Piece},
    deliver::{Courier, Told},
    error::WatchError,
    look::{Looked, Tools, Unread, look},
    text::plain,
    watch::{Channel, Secret, Watch},
    watches::{Watches, check_name},
};
