//! Brings the index up to the archive: reads what changed, cuts it into
//! passages and terms, and publishes a new generation of the index, whole.
//!
//! Opens no sockets, and knows nothing of searching.

mod batch; // a few notices as an index in memory
mod copies; // which notices hold the same text
mod document; // a notice as index documents
mod entry; // what tantivy is handed
mod error;
mod gc; // old generations go
mod generation; // generations on disk: starting, publishing, clearing away
mod inspect; // what changed, before it is indexed
mod pending; // how much may wait for tantivy
mod read; // from what was received to a notice
mod sums; // the digests of a generation's files
mod update; // the work itself
mod verify; // whether the index is as it was published

pub use crate::{
    batch::{Batcher, file_notice},
    error::IndexError,
    gc::gc,
    inspect::{Suspect, Suspicion, inspect},
    read::read_notice,
    update::{
        Candidate, Cause, Options, Progress, Rederived, Report, Scrutiny, Unread, update,
        update_under,
    },
    verify::{VerifiedIndex, verify},
};
