//! `verify`: whether the corpus is as it was written, and what mends it.

use std::{collections::HashSet, io::Write};

use gongbao_archive::{
    Archive, ArchiveError, Corpus, Damage, FileLock, Part, Verified, recover, verify,
};
use gongbao_indexer::{Options, Scrutiny, VerifiedIndex, update_under};
use serde::Serialize;

use crate::{
    cli::{self, Format},
    commands::Outcome,
    config::Config,
    output::{self, Row, Rows},
    signals,
    terminal::escape,
};

/// What was looked at, and what is the matter with it.
#[derive(Serialize)]
struct Report {
    /// WARC files.
    files: u64,
    /// Records in them.
    records: u64,
    /// Bytes of those records.
    archive_bytes: u64,
    /// Versions in the catalogue.
    versions: u64,
    /// Whether the last writer ended in order.
    sealed: bool,
    generation: Option<u64>,
    index_files: u64,
    index_bytes: u64,
    damages: Vec<Line>,
}

/// One damage.
#[derive(Serialize)]
struct Line {
    part: Part,
    place: String,
    problem: String,
    repaired: bool,
    /// What repairs it; empty when it is.
    cure: &'static str,
}

impl Row for Line {
    const COLUMNS: &'static [&'static str] = &["part", "place", "problem", "repaired", "cure"];

    fn cells(&self) -> Vec<String> {
        vec![
            name(self.part).to_owned(),
            self.place.clone(),
            self.problem.clone(),
            self.repaired.to_string(),
            self.cure.to_owned(),
        ]
    }
}

fn name(part: Part) -> &'static str {
    match part {
        Part::Archive => "archive",
        Part::Catalog => "catalog",
        Part::Index => "index",
    }
}

fn cure(part: Part) -> &'static str {
    match part {
        Part::Archive => "restore the file from a backup",
        Part::Catalog | Part::Index => "gongbao verify --repair",
    }
}

/// What was found at one time.
struct Look {
    archive: Verified,
    index: VerifiedIndex,
}

impl Look {
    fn at(corpus: &Corpus) -> anyhow::Result<Self> {
        let archive = verify(corpus)?;
        // One that is damaged is nothing to hold the index against.
        let sound = archive
            .damages
            .iter()
            .all(|damage| damage.part == Part::Archive);
        let opened = if sound {
            Some(Archive::open(corpus)?)
        } else {
            None
        };
        let index = gongbao_indexer::verify(corpus, opened.as_ref())?;
        Ok(Self { archive, index })
    }

    fn damages(&self) -> impl Iterator<Item = &Damage> {
        self.archive.damages.iter().chain(&self.index.damages)
    }

    fn is_damaged(&self, part: Part) -> bool {
        self.damages().any(|damage| damage.part == part)
    }
}

/// Verifies the corpus, and with `--repair` mends what it can.
pub(crate) fn run(args: &cli::Verify, config: &Config) -> anyhow::Result<Outcome> {
    let corpus = &config.corpus;
    let lock = lock(config, args.repair)?;
    let first = Look::at(corpus)?;
    let last = match &lock {
        Some(lock)
            if args.repair && !first.damages().all(|damage| damage.part == Part::Archive) =>
        {
            repair(&first, lock, config)?;
            Some(Look::at(corpus)?)
        }
        _ => None,
    };
    let report = Report::of(&first, last.as_ref());
    let mut out = config.out()?;
    match config.format {
        Format::Table => write_page(&mut out, &report, config)?,
        Format::Json => output::json_document(&mut out, &report)?,
        format => {
            let mut rows = Rows::new::<Line>(&mut out, format)?;
            for damage in &report.damages {
                rows.push(damage)?;
            }
            rows.finish()?;
        }
    }
    out.flush()?;
    let sound = report.damages.iter().all(|damage| damage.repaired);
    Ok(if sound {
        Outcome::Done
    } else {
        Outcome::WithErrors
    })
}

/// Keeps writers out meanwhile. Where nothing can be written there are none.
fn lock(config: &Config, to_repair: bool) -> Result<Option<FileLock>, ArchiveError> {
    use ArchiveError::{Locked, NoCorpus};
    match config.lock() {
        Err(error) if !to_repair && !matches!(error, Locked { .. } | NoCorpus { .. }) => Ok(None),
        lock => lock.map(Some),
    }
}

/// Makes anew what is derived and damaged.
fn repair(look: &Look, lock: &FileLock, config: &Config) -> anyhow::Result<()> {
    let lang = config.lang;
    if look.is_damaged(Part::Catalog) {
        let recovered = recover(&config.corpus, lock)?;
        config.tell(&lang.recovered(&recovered));
    }
    if look.index.generation.is_some() || look.is_damaged(Part::Index) {
        let archive = Archive::open(&config.corpus)?;
        let options = Options {
            rebuild: true,
            ..Options::default()
        };
        let scrutiny = Scrutiny {
            hold: &HashSet::new(),
            check: &|_| Vec::new(),
        };
        let report = update_under(
            lock,
            &archive,
            &config.reader()?,
            &config.dictionary()?,
            &options,
            &scrutiny,
            &*signals::interrupt_flag()?,
            &mut |_| {},
        )?;
        config.tell(&lang.index_report(&report));
    }
    Ok(())
}

impl Report {
    /// What was found `first`, and which of it is no longer so at `last`.
    fn of(first: &Look, last: Option<&Look>) -> Self {
        let now = last.unwrap_or(first);
        let is_there = |wanted: &Damage| now.damages().any(|damage| damage.part == wanted.part);
        let mut damages: Vec<_> = first
            .damages()
            .map(|damage| Line::of(damage, !is_there(damage)))
            .collect();
        let known: HashSet<_> = first.damages().collect();
        let more = now.damages().filter(|damage| !known.contains(damage));
        damages.extend(more.map(|damage| Line::of(damage, false)));
        Self {
            files: now.archive.files,
            records: now.archive.records,
            archive_bytes: now.archive.bytes,
            versions: now.archive.versions,
            sealed: now.archive.sealed,
            generation: now.index.generation,
            index_files: now.index.files,
            index_bytes: now.index.bytes,
            damages,
        }
    }
}

impl Line {
    fn of(damage: &Damage, repaired: bool) -> Self {
        Self {
            part: damage.part,
            place: damage.place.clone(),
            problem: damage.problem.clone(),
            repaired,
            cure: if repaired { "" } else { cure(damage.part) },
        }
    }
}

fn write_page(out: &mut impl Write, report: &Report, config: &Config) -> anyhow::Result<()> {
    let lang = config.lang;
    // A broken seal is told as damage.
    let damaged = |line: &Line| line.part == Part::Catalog && !line.repaired;
    let sealed = report.sealed || report.damages.iter().any(damaged);
    for line in lang.verified(
        (report.files, report.records, report.archive_bytes),
        (report.versions, sealed),
        (report.generation, report.index_files, report.index_bytes),
    ) {
        writeln!(out, "{line}")?;
    }
    for damage in &report.damages {
        let line = lang.damage(damage.part, &damage.place, &damage.problem, damage.repaired);
        writeln!(out, "{}", escape(&line))?;
        if !damage.repaired {
            writeln!(out, "    → {}", lang.cure(damage.part))?;
        }
    }
    let left = report
        .damages
        .iter()
        .filter(|damage| !damage.repaired)
        .count();
    writeln!(out, "{}", lang.damages_left(left as u64))?;
    Ok(())
}
