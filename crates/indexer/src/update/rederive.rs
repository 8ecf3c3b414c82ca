//! Notices that did not change, but would be read or cut otherwise today.
//!
//! Pages are read again from the archive where what they are read by changed,
//! and indexed again where something else came of it. Texts are cut again
//! where they hold a word that changed; for that nothing is read.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use gongbao_analysis::{GenerationNote, Pieces, StoredNotice, Stores, StoresError};
use gongbao_archive::{Loaded, Loader, NoticeRecord};
use gongbao_notice::Reader;
use tantivy::Index;

use super::{
    Progress, Rederived,
    feed::{Feeder, in_threads},
    stale::Stale,
    write::{Work, heads},
};
use crate::{document::stored, error::IndexError, inspect::indexed_version, read::read_notice};

/// A version to be read again, or why it cannot be.
type Again = Result<(NoticeRecord, Loaded), String>;

/// What the index holds of a notice.
struct Standing {
    notice: StoredNotice,
    /// Where it is to be read again.
    again: Option<Again>,
}

impl Work<'_> {
    /// Feeds what `index`, made as `note` says, holds and would be otherwise
    /// for what is `stale`.
    pub(super) fn rederive(
        &self,
        feeder: &Feeder<'_>,
        index: &Index,
        pieces: &Arc<Pieces>,
        note: &GenerationNote,
        stale: Stale,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Rederived, IndexError> {
        let done_already = feeder.note(|fed| fed.prints.numbers());
        let (path, fields) = (feeder.path, feeder.fields);
        let tantivy = |source| IndexError::tantivy(path, source);
        let unreadable = |error| match error {
            StoresError::Index(error) => tantivy(error),
            StoresError::Stored(error) => {
                IndexError::io("read", path)(io::Error::new(io::ErrorKind::InvalidData, error))
            }
        };
        let mut loader = self.archive.loader();
        let reader = self.reader;
        let reread = AtomicU64::new(0);
        let indexed = AtomicU64::new(0);
        in_threads(
            self.options.threads,
            |send| {
                let searcher = index.reader().map_err(tantivy)?.searcher();
                let heads = heads(&searcher, fields).map_err(tantivy)?;
                let stores = Stores::open(&searcher, fields, Arc::clone(pieces));
                let stores = stores.map_err(tantivy)?;
                let total = heads.len() as u64;
                for (done, head) in (0..).zip(heads) {
                    if self.interrupt.load(Ordering::Relaxed) {
                        return Err(IndexError::Interrupted);
                    }
                    if feeder.has_failed() {
                        break;
                    }
                    progress(Progress::Reading { done, total });
                    let notice = stores.notice(head).map_err(unreadable)?;
                    if done_already.contains(&notice.header.id.number()) {
                        continue;
                    }
                    let again = if stale.reads_otherwise(&notice) {
                        self.load_as_indexed(&mut loader, note, &notice)?
                    } else {
                        None
                    };
                    send(Standing { notice, again });
                }
                Ok(())
            },
            |standing| {
                let mut notice = standing.notice;
                let mut is_news = false;
                match standing.again.map(|again| read_again(reader, again)) {
                    None => {}
                    Some(Ok(read)) => {
                        reread.fetch_add(1, Ordering::Relaxed);
                        is_news = read != notice;
                        notice = read;
                    }
                    // What the index holds of it stays.
                    Some(Err(reason)) => feeder.pass_over(notice.header.id.clone(), reason),
                }
                if is_news || stale.cuts_otherwise(&notice) {
                    feeder.put(&notice, is_news);
                    indexed.fetch_add(1, Ordering::Relaxed);
                }
            },
        )?;
        Ok(Rederived {
            causes: stale.causes(),
            reread: reread.into_inner(),
            indexed: indexed.into_inner(),
        })
    }

    /// The version of `notice` that the index holds, or why it cannot be read;
    /// `None` where the archive has none.
    fn load_as_indexed(
        &self,
        loader: &mut Loader,
        note: &GenerationNote,
        notice: &StoredNotice,
    ) -> Result<Option<Again>, IndexError> {
        let id = &notice.header.id;
        let Some(mut record) = self.archive.notice(id)? else {
            return Ok(None);
        };
        let version = indexed_version(self.archive, note, id)?;
        if record.newest.version != version {
            let versions = self.archive.versions(id)?;
            match versions.into_iter().find(|one| one.version == version) {
                Some(held) => record.newest = held,
                None => return Ok(None),
            }
        }
        let loaded = loader.load(&record.newest);
        Ok(Some(match loaded {
            Ok(loaded) => Ok((record, loaded)),
            Err(error) => Err(error.to_string()),
        }))
    }
}

fn read_again(reader: &Reader, again: Again) -> Result<StoredNotice, String> {
    let (record, loaded) = again?;
    let notice = read_notice(reader, &record, &loaded)?;
    Ok(stored(record.id, record.url, notice))
}
