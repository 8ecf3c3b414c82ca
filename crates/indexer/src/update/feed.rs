//! Changed notices into the index, by several threads.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, sync_channel},
    },
    thread,
};

use gongbao_analysis::{Fields, GenerationNote, NoticePrints};
use gongbao_archive::{Change, Loaded};
use tantivy::{IndexWriter, TantivyError};

use super::{Progress, Unread, write::Work};
use crate::{
    copies,
    document::{day, operations, stored},
    error::IndexError,
    read::read_notice,
};

/// Why a notice that is held back is not indexed.
const HELD_BACK: &str = "it is held back, as its site answers nonsense";

impl Work<'_> {
    /// Hands every changed notice to `writer`, and its prints to `fresh`.
    pub(super) fn feed(
        &self,
        writer: &IndexWriter,
        fields: &Fields,
        note: &GenerationNote,
        last_change: u64,
        fresh: &Mutex<Vec<NoticePrints>>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(u64, Vec<Unread>), IndexError> {
        let total = last_change.saturating_sub(note.last_change);
        let unread = Mutex::new(Vec::new());
        let indexed = AtomicU64::new(0);
        let failed: Mutex<Option<TantivyError>> = Mutex::new(None);
        // Few at a time: one page may be large.
        let (sender, receiver) = sync_channel::<(Change, Loaded)>(2 * self.options.threads.get());
        let receiver = Mutex::new(receiver);

        // tantivy numbers deletions in one step and queues them in another, and
        // takes them to be queued in order: out of it, one that comes late takes
        // away what it was to make room for.
        let turns = Mutex::new(());
        let (reader, keep) = (self.reader, self.keep);
        thread::scope(|scope| {
            for _ in 0..self.options.threads.get() {
                scope.spawn(|| {
                    while let Some((change, loaded)) = next(&receiver) {
                        let record = change.notice;
                        match read_notice(reader, &record, &loaded) {
                            Ok(notice) => {
                                let day = day(&notice);
                                let kept = stored(record.id, record.url, notice);
                                let prints = copies::prints_of(&kept);
                                fresh.lock().expect("no panics").push(prints);
                                let batch = operations(fields, &kept, day, keep);
                                let turn = keep.then(|| turns.lock().expect("no panics"));
                                let run = writer.run(batch);
                                drop(turn);
                                if let Err(error) = run {
                                    failed.lock().expect("no panics").get_or_insert(error);
                                    // Lets the sender see that nobody receives any more.
                                    while next(&receiver).is_some() {}
                                    return;
                                }
                                indexed.fetch_add(1, Ordering::Relaxed);
                            }
                            Err(reason) => unread.lock().expect("no panics").push(Unread {
                                id: record.id,
                                reason,
                            }),
                        }
                    }
                });
            }
            let mut loader = self.archive.loader();
            let again = note.unread.iter().filter_map(|id| {
                let notice = self.archive.notice(id).transpose()?;
                Some(notice.map(|notice| Change {
                    seq: notice.seq,
                    notice,
                }))
            });
            let again = again.filter(|change| {
                change
                    .as_ref()
                    .map_or(true, |change| change.seq <= note.last_change)
            });
            for (done, change) in again
                .chain(self.archive.changes_since(note.last_change))
                .enumerate()
            {
                if self.interrupt.load(Ordering::Relaxed) {
                    return Err(IndexError::Interrupted);
                }
                if failed.lock().expect("no panics").is_some() {
                    break;
                }
                let change = change?;
                progress(Progress::Reading {
                    done: done as u64,
                    total,
                });
                if self.hold.contains(&change.notice.id) {
                    unread.lock().expect("no panics").push(Unread {
                        id: change.notice.id,
                        reason: HELD_BACK.to_owned(),
                    });
                    continue;
                }
                match loader.load(&change.notice.newest) {
                    Ok(loaded) => {
                        if sender.send((change, loaded)).is_err() {
                            break;
                        }
                    }
                    Err(error) => unread.lock().expect("no panics").push(Unread {
                        id: change.notice.id,
                        reason: error.to_string(),
                    }),
                }
            }
            drop(sender);
            Ok(())
        })?;
        if let Some(source) = failed.into_inner().expect("no panics") {
            let path = self.archive.corpus().index_dir();
            return Err(IndexError::Tantivy { path, source });
        }
        Ok((
            indexed.into_inner(),
            unread.into_inner().expect("no panics"),
        ))
    }
}

fn next(receiver: &Mutex<Receiver<(Change, Loaded)>>) -> Option<(Change, Loaded)> {
    receiver.lock().expect("no panics").recv().ok()
}
