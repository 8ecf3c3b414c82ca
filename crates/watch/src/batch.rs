//! What is new in some changed notices, as an index in memory.

use std::{collections::HashMap, ops::Range};

use gongbao_analysis::StoredNotice;
use gongbao_archive::{Archive, Loader, NoticeRecord};
use gongbao_indexer::{Batcher, file_notice};
use gongbao_notice::{Divisions, Reader};
use gongbao_query::Engine;

use crate::{
    change::{Novelty, novelties},
    error::WatchError,
    look::Tools,
};

/// Of a notice of more versions, the oldest are not read again.
const MAX_VERSIONS_READ: u32 = 20;

/// So many notices at most are held against the saved searches together.
const MAX_NOTICES: usize = 500;

/// So many bytes of text at most, or a single notice.
const MAX_TEXT_BYTES: usize = 16 << 20;

/// A changed notice, read.
pub(crate) struct Fresh {
    pub(crate) version: u32,
    /// Whether there was an earlier version when it was last looked at.
    pub(crate) was_there: bool,
    pub(crate) notice: StoredNotice,
    /// For each passage.
    pub(crate) novelties: Vec<Novelty>,
}

/// Some changed notices that say something new, and an engine over them.
pub(crate) struct Batch {
    pub(crate) fresh: HashMap<u64, Fresh>,
    pub(crate) engine: Engine,
}

/// A notice that could not be read; it is told of once it can be and changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its id.
    pub id: String,
    /// Why not.
    pub reason: String,
}

/// Reads the notices that changed in `changes` (after its start, up to and
/// including its end), and hands them to `hear` in batches.
pub(crate) fn sweep(
    archive: &Archive,
    tools: &Tools<'_>,
    batcher: &Batcher,
    changes: Range<u64>,
    hear: &mut dyn FnMut(&Batch) -> Result<(), WatchError>,
) -> Result<Vec<Unread>, WatchError> {
    let mut loader = archive.loader();
    let mut unread = Vec::new();
    let mut fresh = HashMap::new();
    let mut bytes = 0;
    for change in archive.changes_since(changes.start) {
        let change = change?;
        if change.seq > changes.end {
            break;
        }
        let record = change.notice;
        if tools.skip.contains(&record.id) {
            continue;
        }
        let base = archive.version_at(&record.id, changes.start)?;
        match read(archive, tools.reader, &mut loader, &record, base)? {
            Ok(one) => {
                if one
                    .novelties
                    .iter()
                    .any(|novelty| *novelty != Novelty::Known)
                {
                    bytes += one.notice.body.text().len();
                    fresh.insert(record.id.number(), one);
                }
            }
            Err(reason) => unread.push(Unread {
                id: record.id.to_string(),
                reason,
            }),
        }
        if fresh.len() >= MAX_NOTICES || bytes >= MAX_TEXT_BYTES {
            hear(&batch(std::mem::take(&mut fresh), tools, batcher)?)?;
            bytes = 0;
        }
    }
    if !fresh.is_empty() {
        hear(&batch(fresh, tools, batcher)?)?;
    }
    Ok(unread)
}

/// Reads the newest version of `record` and what came before it.
fn read(
    archive: &Archive,
    reader: &Reader,
    loader: &mut Loader,
    record: &NoticeRecord,
    base: u32,
) -> Result<Result<Fresh, String>, WatchError> {
    let mut read = |record: &NoticeRecord| {
        let loaded = loader
            .load(&record.newest)
            .map_err(|error| error.to_string())?;
        file_notice(reader, record, &loaded)
    };
    let notice = match read(record) {
        Ok(notice) => notice,
        Err(reason) => return Ok(Err(reason)),
    };
    let mut earlier = Vec::new();
    if base > 0 {
        let from = base.saturating_sub(MAX_VERSIONS_READ);
        for version in archive.versions(&record.id)? {
            if version.version <= from || version.version > base {
                continue;
            }
            let old = NoticeRecord {
                newest: version,
                ..record.clone()
            };
            // What cannot be read says nothing that could be known.
            if let Ok(notice) = read(&old) {
                earlier.push(notice);
            }
        }
    }
    let before = earlier.pop();
    Ok(Ok(Fresh {
        version: record.newest.version,
        was_there: base > 0,
        novelties: novelties(&notice, before.as_ref(), &earlier),
        notice,
    }))
}

fn batch(
    fresh: HashMap<u64, Fresh>,
    tools: &Tools<'_>,
    batcher: &Batcher,
) -> Result<Batch, WatchError> {
    let index = batcher.index(fresh.values().map(|fresh| &fresh.notice))?;
    let divisions: Divisions = tools.divisions.clone();
    let engine = Engine::over(&index, tools.dictionary.clone(), move || divisions.clone())?;
    Ok(Batch { fresh, engine })
}
