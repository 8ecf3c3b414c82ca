//! Notices into the index, by several threads.

use std::{
    num::NonZero,
    path::Path,
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, sync_channel},
    },
    thread,
};

use gongbao_analysis::{Coder, Fields, StoredNotice};
use gongbao_notice::NoticeId;
use tantivy::IndexWriter;

use super::Unread;
use crate::{
    copies::{NewPrints, PackedPrints},
    document::{normal_texts, operations},
    entry::Entry,
    error::IndexError,
    pending::Pending,
};

/// So much text may wait for tantivy's threads, in bytes: enough that they
/// never wait for it.
const MOST_PENDING: usize = 4 << 20;

/// Puts notices into an index, from any thread.
pub(super) struct Feeder<'a> {
    /// The folder of the index.
    pub(super) path: &'a Path,
    pub(super) fields: &'a Fields,
    coder: Coder,
    writer: &'a IndexWriter<Entry>,
    /// Whether what is put takes the place of what the index held.
    replace: bool,
    /// tantivy numbers deletions in one step and queues them in another, and
    /// takes them to be queued in order: out of it, one that comes late takes
    /// away what it was to make room for.
    turns: Mutex<()>,
    pending: Arc<Pending>,
    fed: Mutex<Fed>,
}

/// What came of feeding.
pub(super) struct Fed {
    /// Notices that were put into the index.
    pub(super) indexed: u64,
    /// The prints of those among them that say something else than before.
    pub(super) prints: NewPrints,
    /// Notices that could not be read.
    pub(super) unread: Vec<Unread>,
    failed: Option<IndexError>,
}

impl<'a> Feeder<'a> {
    pub(super) fn new(
        path: &'a Path,
        fields: &'a Fields,
        coder: Coder,
        writer: &'a IndexWriter<Entry>,
        replace: bool,
    ) -> Result<Self, IndexError> {
        let fed = Fed {
            indexed: 0,
            prints: NewPrints::create(path)?,
            unread: Vec::new(),
            failed: None,
        };
        Ok(Self {
            path,
            fields,
            coder,
            writer,
            replace,
            turns: Mutex::default(),
            pending: Pending::new(MOST_PENDING),
            fed: Mutex::new(fed),
        })
    }

    /// Puts `notice` into the index; `is_news` if it says something else than
    /// what the index held of it.
    pub(super) fn put(&self, notice: &StoredNotice, is_news: bool) {
        let texts = normal_texts(notice);
        let prints = is_news.then(|| PackedPrints::of(notice, &texts));
        let permit = self.pending.permit(notice.body.text().len());
        let batch = operations(
            self.fields,
            &self.coder,
            notice,
            texts,
            self.replace,
            Some(&permit),
        );
        let turn = self.replace.then(|| self.turns.lock().expect("no panics"));
        let run = self.writer.run(batch);
        drop(turn);
        let run = run.map_err(|source| IndexError::tantivy(self.path, source));
        self.note(|fed| {
            let put = prints.map_or(Ok(()), |prints| fed.prints.put(&prints));
            match run.and(put) {
                Ok(()) => fed.indexed += 1,
                Err(error) => drop(fed.failed.get_or_insert(error)),
            }
        });
    }

    /// Notes that a notice cannot be read. What the index holds of it stays.
    pub(super) fn pass_over(&self, id: NoticeId, reason: String) {
        self.note(|fed| {
            if fed.unread.iter().all(|unread| unread.id != id) {
                fed.unread.push(Unread { id, reason });
            }
        });
    }

    /// Looks at what came of it so far.
    pub(super) fn note<T>(&self, look: impl FnOnce(&mut Fed) -> T) -> T {
        look(&mut self.fed.lock().expect("no panics"))
    }

    /// Whether a notice could not be put, so that no more need be.
    pub(super) fn has_failed(&self) -> bool {
        self.note(|fed| fed.failed.is_some())
    }

    /// What came of it.
    ///
    /// # Errors
    ///
    /// The first there was.
    pub(super) fn finish(self) -> Result<Fed, IndexError> {
        let mut fed = self.fed.into_inner().expect("no panics");
        fed.failed.take().map_or(Ok(fed), Err)
    }
}

/// Hands what `produce` sends to `each` in `threads` threads, few at a time:
/// one page may be large.
pub(super) fn in_threads<T: Send, E>(
    threads: NonZero<usize>,
    produce: impl FnOnce(&mut dyn FnMut(T)) -> Result<(), E>,
    each: impl Fn(T) + Sync,
) -> Result<(), E> {
    let (sender, receiver) = sync_channel(2 * threads.get());
    let receiver = Mutex::new(receiver);
    thread::scope(|scope| {
        for _ in 0..threads.get() {
            scope.spawn(|| {
                while let Some(one) = next(&receiver) {
                    each(one);
                }
            });
        }
        // Owned here, so that the threads end when nothing more comes.
        let sender = sender;
        produce(&mut |one| sender.send(one).expect("the receiver outlives the threads"))
    })
}

fn next<T>(receiver: &Mutex<Receiver<T>>) -> Option<T> {
    receiver.lock().expect("no panics").recv().ok()
}
