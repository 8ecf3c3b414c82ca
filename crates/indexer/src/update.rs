//! The work: from changed notices of the archive to a new generation.

mod base; // whether the generation in force can be added to
mod changes; // notices that changed since
mod feed; // notices into the index, by several threads
mod pieces; // what texts are kept in
mod rederive; // notices that would be read or cut otherwise today
mod stale; // what changed besides the archive
mod write; // a generation from its first file to its last

use std::{collections::HashSet, num::NonZero, path::Path, sync::atomic::AtomicBool, thread};

use gongbao_analysis::{Dictionary, GenerationNote};
use gongbao_archive::{Archive, Corpus, FileLock};
use gongbao_notice::{NoticeId, Reader};

pub(crate) use self::base::base_note;
pub use self::stale::Cause;
use self::{stale::Stale, write::Work};
use crate::{error::IndexError, generation::Generations, sums};

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
    /// What was done about notices that did not change, where dictionary,
    /// divisions, profiles or rules did.
    pub rederived: Option<Rederived>,
    /// Notices that could not be read.
    pub unread: Vec<Unread>,
    /// Notices in the index now.
    pub notices: u64,
    /// Passages in the index now.
    pub passages: u64,
}

/// What was done about notices that did not change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rederived {
    /// Why.
    pub causes: Vec<Cause>,
    /// Notices whose pages were read again.
    pub reread: u64,
    /// Notices that were put into the index again, as something else came of
    /// them.
    pub indexed: u64,
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
    let read_by = reader.read_by();
    let fresh = GenerationNote::new(dictionary, read_by.clone(), archive.uuid()?);

    let mut rebuilt_because = None;
    let mut in_force = match current {
        None => None,
        Some(number) => match base_note(&generations.path(number), &fresh.corpus) {
            Ok(note) => Some((generations.path(number), note)),
            Err(reason) => {
                rebuilt_because = Some(reason).filter(|_| !options.rebuild);
                None
            }
        },
    };
    let last_change = archive.last_change()?;
    let mut stale = None;
    if let Some((path, note)) = in_force.as_ref().filter(|_| !options.rebuild) {
        stale = Some(Stale::since(path, note, dictionary, &read_by))
            .filter(|stale| !stale.is_nothing());
        let nothing_to_try = note.unread.iter().all(|id| scrutiny.hold.contains(id));
        if stale.is_none() && note.last_change >= last_change && nothing_to_try {
            return Ok(Report {
                notices: note.notices,
                passages: note.passages,
                ..Report::default()
            });
        }
        // What is damaged must not live on in the next generation.
        if let Some((name, problem)) = sums::check(path)?.problems.into_iter().next() {
            rebuilt_because = Some(format!("the old one is damaged: {name}: {problem}"));
            (in_force, stale) = (None, None);
        }
    }
    let base = in_force.as_ref().map(|(path, note)| (path.as_path(), note));
    let keep = base.is_some() && !options.rebuild;
    let mut note = match base {
        Some((_, note)) if keep => note.clone(),
        _ => fresh,
    };

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
    let written = work.write(&path, &mut note, last_change, stale, progress);
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
    let written = match published {
        Ok(done) => done,
        Err(error) => {
            generations.abandon(number);
            return Err(error);
        }
    };
    Ok(Report {
        generation: Some(number),
        rebuilt_because,
        indexed: written.indexed,
        rederived: written.rederived,
        unread: written.unread,
        notices: note.notices,
        passages: note.passages,
    })
}
