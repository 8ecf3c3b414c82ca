//! The work: from changed notices of the archive to a new generation.

use std::{
    collections::HashSet,
    num::NonZero,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{Receiver, sync_channel},
    },
    thread,
};

use gongbao_analysis::{
    Dictionary, Fields, GenerationNote, NoticePrints, Segmenter, compression, register_tokenizers,
    schema,
};
use gongbao_archive::{Archive, Change, Corpus, FileLock, Loaded};
use gongbao_notice::{NoticeId, READING_RULES, Reader};
use tantivy::{Index, IndexSettings, IndexWriter, TantivyError, directory::MmapDirectory};

use crate::{
    copies,
    document::{day, operations, stored},
    error::IndexError,
    generation::Generations,
    inspect::indexed_version,
    read::read_notice,
    sums,
};

/// Why a notice that is held back is not indexed.
const HELD_BACK: &str = "it is held back, as its site answers nonsense";

/// So much of what is kept for display is compressed together. On the law texts
/// 0.444 of the text, with 16 KiB 0.475, and no answer takes longer.
const STORE_BLOCK_BYTES: usize = 64 << 10;

/// What one indexing thread of tantivy needs at least.
const LEAST_MIB_A_THREAD: usize = 16;

/// How an index is made.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Make it anew from the whole archive, instead of from what changed.
    pub rebuild: bool,
    /// Memory for terms that are not written out yet, in MiB, shared by the
    /// threads. The whole process takes about 150 MiB more.
    pub memory_mib: usize,
    /// How many threads cut and index; as many read pages.
    pub threads: NonZero<usize>,
}

impl Default for Options {
    /// 400 MiB and a thread for every core, up to eight.
    fn default() -> Self {
        let cores = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        Self {
            rebuild: false,
            memory_mib: 400,
            threads: cores.min(NonZero::new(8).expect("not zero")),
        }
    }
}

/// How far the work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many notices of so many are read.
    Reading {
        /// Read so far.
        done: u64,
        /// To be read in all.
        total: u64,
    },
    /// The index is being written out and put in order.
    Writing,
}

/// A notice that could not be read. What the index held of it stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Which.
    pub id: NoticeId,
    /// Why not.
    pub reason: String,
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The new generation, or `None` if there was nothing to do.
    pub generation: Option<u64>,
    /// Why the index was made from nothing, where that was not asked for.
    pub rebuilt_because: Option<String>,
    /// Notices that were put into the index.
    pub indexed: u64,
    /// Notices that could not be read.
    pub unread: Vec<Unread>,
    /// Notices in the index now.
    pub notices: u64,
    /// Passages in the index now.
    pub passages: u64,
}

/// What stands between a new generation and its being published.
pub struct Scrutiny<'a> {
    /// Notices that are not indexed as they are now. What the index held of
    /// them stays, and they are tried again next time.
    pub hold: &'a HashSet<NoticeId>,
    /// Says what is the matter with a new generation. Anything keeps it from
    /// being published.
    pub check: &'a dyn Fn(&Candidate<'_>) -> Vec<String>,
}

/// A generation that is written and not yet published.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Its folder.
    pub dir: &'a Path,
    /// What it says of itself.
    pub note: &'a GenerationNote,
    /// The folder and the note of the generation in force, if there is one
    /// that this program reads.
    pub base: Option<(&'a Path, &'a GenerationNote)>,
}

/// Brings the index of `corpus` up to its archive and publishes it, all or
/// nothing. Where nothing changed, nothing is written.
///
/// # Errors
///
/// [`IndexError`]; the index in force is then what it was.
pub fn update(
    corpus: &Corpus,
    reader: &Reader,
    dictionary: &Dictionary,
    options: &Options,
    interrupt: &AtomicBool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, IndexError> {
    let archive = Archive::open(corpus)?;
    let lock = FileLock::take(&corpus.lock_path())?;
    let scrutiny = Scrutiny {
        hold: &HashSet::new(),
        check: &|_| Vec::new(),
    };
    update_under(
        &lock, &archive, reader, dictionary, options, &scrutiny, interrupt, progress,
    )
}

/// The same under a lock that the caller holds already, and only if the new
/// generation stands `scrutiny`.
///
/// # Errors
///
/// [`IndexError`], [`Unsound`](IndexError::Unsound) included; the index in
/// force is then what it was.
#[expect(clippy::too_many_arguments, reason = "each is something of its own")]
pub fn update_under(
    _lock: &FileLock,
    archive: &Archive,
    reader: &Reader,
    dictionary: &Dictionary,
    options: &Options,
    scrutiny: &Scrutiny<'_>,
    interrupt: &AtomicBool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, IndexError> {
    let least_mib = LEAST_MIB_A_THREAD;
    if options.memory_mib < least_mib {
        return Err(IndexError::BudgetTooSmall {
            budget_mib: options.memory_mib,
            least_mib,
        });
    }
    let generations = Generations::open(archive.corpus().index_dir())?;
    let current = generations.current()?;
    generations.tidy(current)?;
    let fresh = GenerationNote::new(dictionary, archive.uuid()?);

    let mut rebuilt_because = None;
    let in_force = match current {
        None => None,
        Some(number) => match base_note(&generations.path(number), dictionary, &fresh) {
            Ok(note) => Some((generations.path(number), note)),
            Err(reason) => {
                rebuilt_because = Some(reason).filter(|_| !options.rebuild);
                None
            }
        },
    };
    let base = in_force.as_ref().map(|(path, note)| (path.as_path(), note));
    let keep = base.is_some() && !options.rebuild;
    let mut note = match base {
        Some((_, note)) if keep => note.clone(),
        _ => fresh,
    };
    let last_change = archive.last_change()?;
    let nothing_to_try = note.unread.iter().all(|id| scrutiny.hold.contains(id));
    if keep && note.last_change >= last_change && nothing_to_try {
        return Ok(Report {
            notices: note.notices,
            passages: note.passages,
            ..Report::default()
        });
    }

    let number = generations.start(current, keep)?;
    let work = Work {
        archive,
        reader,
        dictionary,
        options,
        hold: scrutiny.hold,
        interrupt,
        keep,
    };
    let path = generations.path(number);
    let written = work.write(&path, &mut note, last_change, progress);
    let published = written.and_then(|done| {
        let candidate = Candidate {
            dir: &path,
            note: &note,
            base,
        };
        let faults = (scrutiny.check)(&candidate);
        if !faults.is_empty() {
            return Err(IndexError::Unsound { faults });
        }
        sums::write(&path, base.filter(|_| keep).map(|(base, _)| base))?;
        generations.publish(number).map(|()| done)
    });
    let (indexed, unread) = match published {
        Ok(done) => done,
        Err(error) => {
            generations.abandon(number);
            return Err(error);
        }
    };
    Ok(Report {
        generation: Some(number),
        rebuilt_because,
        indexed,
        unread,
        notices: note.notices,
        passages: note.passages,
    })
}

/// The note of the generation in `path`, if it can be added to; else why not.
pub(crate) fn base_note(
    path: &Path,
    dictionary: &Dictionary,
    fresh: &GenerationNote,
) -> Result<GenerationNote, String> {
    let index = Index::open_in_dir(path).map_err(|error| error.to_string())?;
    let meta = index.load_metas().map_err(|error| error.to_string())?;
    let note = GenerationNote::check(meta.payload.as_deref(), dictionary).map_err(|_| {
        "the old one was made by another version or with another dictionary".to_owned()
    })?;
    if note.reading_rules != READING_RULES {
        return Err("pages are now read by newer rules".to_owned());
    }
    if note.corpus != fresh.corpus {
        return Err("the old one was made from another corpus".to_owned());
    }
    Ok(note)
}

struct Work<'a> {
    archive: &'a Archive,
    reader: &'a Reader,
    dictionary: &'a Dictionary,
    options: &'a Options,
    hold: &'a HashSet<NoticeId>,
    interrupt: &'a AtomicBool,
    keep: bool,
}

impl Work<'_> {
    /// Writes the generation in `path` and brings `note` up to it. Returns how
    /// many notices were indexed, and those that could not be read.
    fn write(
        &self,
        path: &Path,
        note: &mut GenerationNote,
        last_change: u64,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(u64, Vec<Unread>), IndexError> {
        let tantivy = |source| IndexError::Tantivy {
            path: path.to_owned(),
            source,
        };
        let (index, fields) = self.open(path).map_err(tantivy)?;
        let threads = self.options.threads.get();
        // Fewer threads than asked where the memory would not do for all.
        let writers = threads.min(self.options.memory_mib / LEAST_MIB_A_THREAD);
        let mut writer: IndexWriter = index
            .writer_with_num_threads(writers, self.options.memory_mib << 20)
            .map_err(tantivy)?;

        let fresh = Mutex::new(Vec::new());
        let (indexed, unread) = self.feed(&writer, &fields, note, last_change, &fresh, progress)?;
        progress(Progress::Writing);
        if self.interrupt.load(Ordering::Relaxed) {
            return Err(IndexError::Interrupted);
        }
        note.held = unread
            .iter()
            .filter(|unread| self.hold.contains(&unread.id))
            .map(|unread| {
                let version = indexed_version(self.archive, note, &unread.id)?;
                Ok((unread.id.clone(), version))
            })
            .collect::<Result<_, IndexError>>()?;
        note.last_change = last_change;
        note.unread = unread.iter().map(|unread| unread.id.clone()).collect();
        writer.commit().map_err(tantivy)?;
        let fresh = fresh.into_inner().expect("no panics");
        copies::update(path, fresh, self.options.threads)?;
        (note.notices, note.passages) = count(&index, &fields).map_err(tantivy)?;
        // Kept with the commit, so the note and what it speaks of are one.
        let mut prepared = writer.prepare_commit().map_err(tantivy)?;
        prepared.set_payload(&note.to_payload());
        prepared.commit().map_err(tantivy)?;
        writer.wait_merging_threads().map_err(tantivy)?;
        Ok((indexed, unread))
    }

    fn open(&self, path: &Path) -> tantivy::Result<(Index, Fields)> {
        let (schema, fields) = schema();
        let index = if self.keep {
            Index::open_in_dir(path)?
        } else {
            let settings = IndexSettings {
                docstore_compression: compression(),
                docstore_blocksize: STORE_BLOCK_BYTES,
                ..IndexSettings::default()
            };
            Index::create(MmapDirectory::open(path)?, schema, settings)?
        };
        register_tokenizers(index.tokenizers(), Segmenter::new(self.dictionary));
        Ok((index, fields))
    }

    /// Hands every changed notice to `writer`, and its prints to `fresh`.
    fn feed(
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

/// How many notices and passages an index holds.
fn count(index: &Index, fields: &Fields) -> tantivy::Result<(u64, u64)> {
    let searcher = index.reader()?.searcher();
    let name = index.schema().get_field_name(fields.ordinal).to_owned();
    let mut heads = 0;
    let mut all = 0;
    for segment in searcher.segment_readers() {
        let ordinals = segment.fast_fields().u64(&name)?;
        for doc in segment.doc_ids_alive() {
            all += 1;
            heads += u64::from(ordinals.first(doc) == Some(0));
        }
    }
    Ok((heads, all - heads))
}
