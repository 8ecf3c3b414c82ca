//! Whether archive and catalogue are whole, and say the same.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    path::Path,
};

use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    archive::number,
    catalog,
    corpus::Corpus,
    error::ArchiveError,
    record::{RecordError, RecordHead},
    scan::{Found, files, scan},
    seal::{self, Seal},
    warc::hex,
};

/// So many faults of one kind in the catalogue are told; more say no more.
const MAX_TOLD: usize = 20;

/// A part of a corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The WARC files: the truth. What is damaged there comes back from a
    /// backup only.
    Archive,
    /// `catalog.sqlite`: can be made again, see [`recover`](crate::recover).
    Catalog,
    /// The index: can be made again.
    Index,
}

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Damage {
    /// Where in the corpus.
    pub part: Part,
    /// The file, and where in it if known.
    pub place: String,
    /// What is the matter.
    pub problem: String,
}

impl Damage {
    /// `problem` at `place` of `part`.
    pub fn new(part: Part, place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            part,
            place: place.into(),
            problem: problem.into(),
        }
    }
}

/// What was looked at, and what is the matter with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// WARC files.
    pub files: u64,
    /// Records in them that are whole.
    pub records: u64,
    /// Bytes of those records, compressed.
    pub bytes: u64,
    /// Versions that the catalogue names.
    pub versions: u64,
    /// Whether the last writer ended in order and sealed the catalogue. If
    /// not, a damaged cell of it may go unseen.
    pub sealed: bool,
    /// What is damaged, in the order it was found.
    pub damages: Vec<Damage>,
}

impl Verified {
    fn add(&mut self, part: Part, place: impl Into<String>, problem: impl Into<String>) {
        self.damages.push(Damage::new(part, place, problem));
    }
}

/// What the catalogue names at one place of a WARC file.
#[derive(Default)]
struct Named {
    length: u64,
    /// Notice, version, SHA-256.
    version: Option<(String, u32, String)>,
}

/// Places of one WARC file, by offset.
type Places = BTreeMap<u64, Named>;

/// Reads all of the archive of `corpus` and holds the catalogue against it.
/// Nobody may write meanwhile: hold the lock.
///
/// # Errors
///
/// [`ArchiveError::NoCorpus`] when there is neither archive nor catalogue,
/// those about catalogues of other programs and schemas, and any about a disk
/// that cannot be read. Damage is no error.
pub fn verify(corpus: &Corpus) -> Result<Verified, ArchiveError> {
    let names = files(corpus)?;
    let mut verified = Verified {
        files: names.len() as u64,
        ..Verified::default()
    };
    let places = match catalog_places(corpus, &mut verified) {
        Ok(places) => places,
        Err(error @ (ArchiveError::Catalog { .. } | ArchiveError::ForeignCatalog { .. })) => {
            let place = corpus.catalog_path();
            let problem = with_cause(&error);
            verified.add(Part::Catalog, file_name(&place), problem);
            HashMap::new()
        }
        Err(ArchiveError::NoCorpus { .. }) if !names.is_empty() => {
            verified.add(
                Part::Catalog,
                file_name(&corpus.catalog_path()),
                "it is missing",
            );
            HashMap::new()
        }
        Err(error) => return Err(error),
    };
    let known: HashSet<&String> = names.iter().collect();
    for file in places.keys().filter(|file| !known.contains(file)) {
        verified.add(Part::Archive, file.as_str(), "the file is missing");
    }
    let none = Places::new();
    for name in &names {
        let places = places.get(name).unwrap_or(&none);
        verify_file(corpus, name, places, &mut verified)?;
    }
    Ok(verified)
}

/// Checks the catalogue by itself; gives what it names, by file.
fn catalog_places(
    corpus: &Corpus,
    verified: &mut Verified,
) -> Result<HashMap<String, Places>, ArchiveError> {
    let path = corpus.catalog_path();
    let place = file_name(&path);
    if path.exists() {
        match seal::check(corpus)? {
            Seal::Whole => verified.sealed = true,
            Seal::Missing => {}
            Seal::Unreadable => {
                verified.add(
                    Part::Catalog,
                    file_name(&corpus.seal_path()),
                    "it is no digest",
                );
            }
            Seal::Broken { found, expected } => verified.add(
                Part::Catalog,
                place.as_str(),
                format!(
                    "it has SHA-256 {found}, expected {expected}: it changed since gongbao wrote it"
                ),
            ),
        }
    }
    let connection = catalog::open_to_read(&path)?;
    let sql = |source| ArchiveError::catalog(&path, source);
    for problem in structure(&connection).map_err(sql)? {
        verified.add(Part::Catalog, place.as_str(), problem);
    }
    for problem in contradictions(&connection).map_err(sql)? {
        verified.add(Part::Catalog, place.as_str(), problem);
    }
    let places = named(&connection).map_err(sql)?;
    let versions = connection.query_row("SELECT count(*) FROM versions", [], |row| number(row, 0));
    verified.versions = versions.map_err(sql)?;
    Ok(places)
}

/// What SQLite finds wrong with its own file.
fn structure(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut check = connection.prepare(&format!("PRAGMA integrity_check({MAX_TOLD})"))?;
    let lines = check.query_map([], |row| row.get::<_, String>(0))?;
    let problems: Vec<_> = lines
        .filter(|line| line.as_ref().map_or(true, |line| line != "ok"))
        .collect::<Result<_, _>>()?;
    Ok(problems)
}

/// Rows that cannot stand beside one another.
fn contradictions(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut problems = Vec::new();
    let mut check = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = check.query([])?;
    while let Some(row) = rows.next()? {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        problems.push(format!(
            "a row of {table} names one of {parent} that is not there"
        ));
        if problems.len() == MAX_TOLD {
            return Ok(problems);
        }
    }
    let newest = "SELECT id FROM notices n
         WHERE version IS NOT (SELECT max(version) FROM versions v WHERE v.notice = n.id) LIMIT 1";
    let odd: Option<String> = connection
        .query_row(newest, [], |row| row.get(0))
        .optional()?;
    if let Some(id) = odd {
        problems.push(format!(
            "the newest version of notice {id} is not the one it should be"
        ));
    }
    Ok(problems)
}

fn named(connection: &Connection) -> rusqlite::Result<HashMap<String, Places>> {
    let mut places: HashMap<String, Places> = HashMap::new();
    let mut fetches =
        connection.prepare("SELECT warc_file, warc_offset, warc_length FROM fetches")?;
    let mut rows = fetches.query([])?;
    while let Some(row) = rows.next()? {
        let named = Named {
            length: number(row, 2)?,
            version: None,
        };
        places
            .entry(row.get(0)?)
            .or_default()
            .insert(number(row, 1)?, named);
    }
    let mut versions = connection.prepare(
        "SELECT warc_file, warc_offset, warc_length, notice, version, sha256 FROM versions",
    )?;
    let mut rows = versions.query([])?;
    while let Some(row) = rows.next()? {
        let named = Named {
            length: number(row, 2)?,
            version: Some((row.get(3)?, row.get(4)?, row.get(5)?)),
        };
        places
            .entry(row.get(0)?)
            .or_default()
            .insert(number(row, 1)?, named);
    }
    Ok(places)
}

fn verify_file(
    corpus: &Corpus,
    name: &str,
    places: &Places,
    verified: &mut Verified,
) -> Result<(), ArchiveError> {
    let starts: BTreeSet<u64> = places.keys().copied().collect();
    let mut met = HashSet::new();
    let mut hurt = Vec::new();
    scan(&corpus.archive_dir().join(name), &starts, |found| {
        match found {
            Found::Record { head, block, span } => {
                verified.records += 1;
                verified.bytes += span.length;
                let at = format!("{name}, byte {}", span.offset);
                if let Some(problem) = wrong_digest(head, block) {
                    verified.add(Part::Archive, at.as_str(), problem);
                    hurt.push(span.offset);
                }
                if let Some(named) = places.get(&span.offset) {
                    met.insert(span.offset);
                    if let Some(problem) = contradiction(named, head, span.length) {
                        verified.add(Part::Catalog, at, problem);
                    }
                }
            }
            Found::Damage { offset, error } => {
                // A crash leaves a record unfinished that nobody names; the
                // next writer cuts it off. After an end in order there is none.
                let is_unfinished = matches!(error, RecordError::Truncated)
                    && !verified.sealed
                    && starts.range(offset..).next().is_none();
                if !is_unfinished {
                    let at = format!("{name}, byte {offset}");
                    verified.add(Part::Archive, at, with_cause(&error));
                }
                met.insert(offset);
                hurt.push(offset);
            }
        }
        Ok(())
    })?;
    for (&offset, _) in places.iter().filter(|(offset, _)| !met.contains(*offset)) {
        let at = format!("{name}, byte {offset}");
        // Behind damage, nobody knows where records begin.
        if hurt.iter().any(|&hurt| hurt < offset) {
            verified.add(Part::Archive, at, "no record can be read there any more");
        } else {
            verified.add(Part::Catalog, at, "it names a record where none begins");
        }
    }
    Ok(())
}

/// What is wrong with the digests that the record states of itself. The block
/// digest is of SHA-256, as all records of ours have it.
fn wrong_digest(head: &RecordHead, block: &[u8]) -> Option<String> {
    let stated = head.get("WARC-Block-Digest")?;
    let found = format!("sha256:{}", hex(&Sha256::digest(block)));
    (stated != found).then(|| format!("its block has {found}, expected {stated}"))
}

/// How `named` contradicts the record that lies there.
fn contradiction(named: &Named, head: &RecordHead, length: u64) -> Option<String> {
    if named.length != length {
        return Some(format!(
            "the record has {length} bytes, the catalogue says {}",
            named.length
        ));
    }
    let (notice, version, sha256) = named.version.as_ref()?;
    let stated = head.get("WARC-Payload-Digest").unwrap_or_default();
    if head.get("Gongbao-Id") != Some(notice)
        || head.get("Gongbao-Version") != Some(&version.to_string())
        || stated != format!("sha256:{sha256}")
    {
        return Some(format!(
            "the record is not version {version} of notice {notice}"
        ));
    }
    None
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// An error and what caused it, in one line.
fn with_cause(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
