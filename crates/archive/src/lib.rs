//! The corpus on disk: everything received, as received, in WARC files, and an
//! SQLite catalogue of which notice is kept where, in which versions.
//!
//! Knows nothing of what a page says. The catalogue can always be made again
//! from the WARC files; neither ever loses a version.

mod alert; // what is new for saved searches, and who was told
mod archive; // the read side
mod catalog; // the SQLite file: opening, migrations
mod corpus; // where things lie in a corpus folder
mod digest; // digests of whole files
mod error;
mod exchange; // what a crawler hands over
mod http; // heads and entities of HTTP messages
mod import; // local files into the archive
mod load; // one record at its offset, verified
mod lock; // one writer at a time
mod page; // the pages that a crawl knows, and their fates
mod record; // one WARC record as one gzip member
mod recover; // a new catalogue in place of a damaged one
mod run; // runs, alarms, coverage
mod scan; // every record, past damage
mod seal; // the digest of the catalogue
mod step; // the steps of unattended runs
mod tables; // what others read of the notices, for anyone's SQL
mod uri; // keys and WARC-Target-URIs
mod verify; // whether archive and catalogue are whole
mod warc; // the WARC files: appending, rotating, mending after a crash
mod writer; // the write side

pub use crate::{
    alert::{Alert, Outstanding, Pending},
    archive::{
        Archive, CaptureKind, Change, Changes, CrawlCounts, NoticeRecord, Notices, VersionRecord,
    },
    corpus::Corpus,
    digest::digest_of_file,
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
    recover::{Recovered, recover},
    run::{Alarm, Coverage, RunId, RunOutcome, RunRecord},
    step::{Step, StepOutcome},
    tables::{Due, ReadFact, ReadNotice, ReadPassage, Stale, Tables},
    uri::key_of_path,
    verify::{Damage, Part, Verified, verify},
    writer::{Capture, Discovery, DueQuery, Fate, Stored, Writer},
};
