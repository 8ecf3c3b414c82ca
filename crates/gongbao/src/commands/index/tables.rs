//! The tables for SQL: what the index holds, as rows of `catalog.sqlite`.

use std::{
    num::NonZero,
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::sync_channel,
    },
    thread,
};

use anyhow::Context;
use gongbao_analysis::StoredNotice;
use gongbao_archive::{Archive, Due, ReadFact, ReadNotice, ReadPassage, Tables};
use gongbao_query::{Engine, FactRow};

use crate::config::Config;

/// Raised whenever the tables, or what is put in them, change.
const TABLES: u32 = 2;

/// What makes the tables now: those made otherwise are made anew. Facts name
/// places, and are found by the rules of this version.
fn maker(config: &Config) -> String {
    format!(
        "tables {TABLES}, divisions {}, gongbao {}",
        config.divisions().digest(),
        env!("CARGO_PKG_VERSION")
    )
}

/// What made the tables of the corpus; `None` where it has none.
fn made_by(config: &Config) -> anyhow::Result<Option<String>> {
    Ok(Archive::open(&config.corpus)?.tables_made_by()?)
}

/// Brings the tables up to the index, where there are any: `anew` all of
/// them, else what changed or is read otherwise now. False when it was
/// interrupted.
pub(super) fn keep_up(
    config: &Config,
    anew: bool,
    threads: NonZero<usize>,
    interrupt: &AtomicBool,
) -> anyhow::Result<bool> {
    match made_by(config)? {
        None => Ok(true),
        Some(made_by) => bring_up(config, anew || made_by != maker(config), threads, interrupt),
    }
}

/// Makes the tables where there are none, and brings them up to the index.
/// False when it was interrupted.
pub(super) fn make(
    config: &Config,
    threads: NonZero<usize>,
    interrupt: &AtomicBool,
) -> anyhow::Result<bool> {
    match made_by(config)? {
        None => bring_up(config, true, threads, interrupt),
        // They have just been brought up to date.
        Some(_) => Ok(true),
    }
}

/// Takes the tables away, where there are any.
pub(super) fn remove(config: &Config) -> anyhow::Result<()> {
    if made_by(config)?.is_some() {
        Tables::open(&config.corpus)?.remove()?;
    }
    Ok(())
}

fn bring_up(
    config: &Config,
    anew: bool,
    threads: NonZero<usize>,
    interrupt: &AtomicBool,
) -> anyhow::Result<bool> {
    let fill = || -> anyhow::Result<Option<u64>> {
        let tables = Tables::open(&config.corpus)?;
        if anew {
            tables.create(&maker(config))?;
        }
        let engine = config.engine()?;
        let read_by = engine.note().read_by.digest();
        let due = if tables.read_by()?.as_ref() == Some(&read_by) {
            Due::Changed
        } else {
            Due::Any
        };
        let filled = fill(&tables, &engine, due, threads, interrupt)?;
        if filled.is_some() {
            tables.finish(&read_by)?;
        }
        Ok(filled)
    };
    let filled = fill().context(
        "the index is up to date, its tables in catalog.sqlite are not; run `gongbao index` again",
    )?;
    if let Some(notices @ 1..) = filled {
        config.tell(&config.lang.tables_report(notices));
    }
    Ok(filled.is_some())
}

/// Puts into `tables` what they lack of the notices that `engine` holds.
/// Returns of how many, or `None` when it was interrupted.
fn fill(
    tables: &Tables,
    engine: &Engine,
    due: Due,
    threads: NonZero<usize>,
    interrupt: &AtomicBool,
) -> anyhow::Result<Option<u64>> {
    let note = engine.note();
    let mut stale = tables.stale(due)?;
    // Of these the index holds an earlier version, or none.
    stale.retain(|stale| stale.seq <= note.last_change && !note.unread.contains(&stale.id));
    let next = AtomicUsize::new(0);
    let (sender, receiver) = sync_channel(2 * threads.get());
    thread::scope(|scope| {
        for _ in 0..threads.get() {
            let (sender, next, stale) = (sender.clone(), &next, &stale);
            scope.spawn(move || {
                while let Some(stale) = stale.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = engine.notice(&stale.id);
                    let read = found.map(|found| {
                        let notice = found?;
                        let is_known = stale.digest.as_ref() == Some(&notice.digest());
                        (!is_known).then(|| read(&notice, engine))
                    });
                    // Nobody receives any more after an error.
                    if sender.send((stale, read)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut notices = 0;
        for (stale, read) in receiver {
            if interrupt.load(Ordering::Relaxed) {
                return Ok(None);
            }
            if let Some(read) = read? {
                tables.put(stale, &read)?;
                notices += 1;
            }
        }
        Ok(Some(notices))
    })
}

fn read(notice: &StoredNotice, engine: &Engine) -> ReadNotice {
    let passages = 0..notice.passages.len();
    let header = &notice.header;
    ReadNotice {
        title: header.title.clone(),
        url: header.url.clone(),
        organ: header.organ.clone(),
        region: header
            .region
            .as_ref()
            .map(|region| (region.code.clone(), region.name.clone())),
        genre: header.genre.clone(),
        published: header.published.clone(),
        signed: header.signed.clone(),
        digest: notice.digest(),
        characters: notice.body.text().trim_end().chars().count(),
        passages: passages.map(|index| passage(notice, index)).collect(),
        facts: engine.facts_of(notice).into_iter().map(fact).collect(),
    }
}

fn passage(notice: &StoredNotice, index: usize) -> ReadPassage {
    ReadPassage {
        anchor: notice.passages[index].anchor.clone(),
        label: notice.label(index).map(str::to_owned),
        path: notice.path(index).join(" › "),
        text: notice.passage_text(index).to_owned(),
    }
}

fn fact(row: FactRow) -> ReadFact {
    let qualifiers: Vec<_> = row.qualifiers.iter().map(|q| q.word()).collect();
    let (period, period_from, period_to) = match row.period {
        Some(period) => (Some(period.printed), period.from, period.to),
        None => (None, None, None),
    };
    ReadFact {
        anchor: row.anchor,
        offsets: row.offsets,
        kind: row.kind.name(),
        printed: row.printed,
        value: row.value,
        upper: row.upper,
        unit: row.unit,
        action: row.action,
        object: row.object,
        qualifiers: qualifiers.join(" "),
        period,
        period_from,
        period_to,
        name: row.name,
        code: row.code,
        also_in: row.also_in.join(" "),
    }
}
