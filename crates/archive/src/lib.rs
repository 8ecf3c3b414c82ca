//! The corpus on disk: everything received, as received, in WARC files, and an
//! SQLite catalogue of which notice is kept where, in which versions.
//!
//! Knows nothing of what a page says. The catalogue can always be made again
//! from the WARC files; neither ever loses a version.

mod archive; // the read side
mod catalog; // the SQLite file: opening, migrations
mod corpus; // where things lie in a corpus folder
mod error;
mod exchange; // what a crawler hands over
mod http; // heads and entities of HTTP messages
mod import; // local files into the archive
mod load; // one record at its offset, verified
mod lock; // one writer at a time
mod page; // the pages that a crawl knows, and their fates
mod record; // one WARC record as one gzip member
mod run; // runs, alarms, coverage
mod tables; // what others read of the notices, for anyone's SQL
mod uri; // keys and WARC-Target-URIs
mod warc; // the WARC files: appending, rotating, mending after a crash
mod writer; // the write side

pub use crate::{
    archive::{
        Archive, CaptureKind, Change, Changes, CrawlCounts, NoticeRecord, Notices, VersionRecord,
    },
    corpus::Corpus,
    error::ArchiveError,
    exchange::{Article, Attachment, Exchange, Failure, Recorded, Seen, Truncation},
    http::{DecodeError, HttpHead, decode_entity},
    import::{
        ImportEvent, ImportOptions, ImportReport, Imported, LeftOut, Place, Skip, SkipReason,
        import,
    },
    load::{Loaded, Loader},
    lock::{FileLock, Holder},
    page::{
        AttachmentRecord, Discovered, FetchRecord, PageFate, PageId, PageKind, PageRecord,
        PageState,
    },
    record::{RecordError, RecordHead, RecordReader, Span},
    run::{Alarm, Coverage, RunId, RunOutcome, RunRecord},
    tables::{ReadFact, ReadNotice, ReadPassage, Stale, Tables},
    uri::key_of_path,
    writer::{Capture, Discovery, DueQuery, Fate, Stored, Writer},
};
