//! A generation of the index, opened for reading.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use gongbao_analysis::{
    COPIES_FILE, CURRENT_FILE, Dictionary, Fields, GenerationNote, LearningSegmenter, NoteError,
    PIECES_FILE, Pieces, SUMS_FILE, Stores, Sums, generation_number, schema,
};
use gongbao_notice::Divisions;
use tantivy::{Index, ReloadPolicy, Searcher};

use super::Engine;
use crate::{copies::Copies, error::OpenError, layout::Layouts, published::Published};

/// Where tantivy says which segments there are; the note is in it too.
const META_FILE: &str = "meta.json";

/// How often a generation may be replaced while it is being opened.
const MAX_GENERATION_TRIES: usize = 5;

impl Engine {
    /// Opens the current generation in the folder `index_dir`, whose words
    /// were cut with `dictionary`. `divisions` is called once a question names
    /// a place.
    ///
    /// # Errors
    ///
    /// [`OpenError`], which names the command that cures it.
    pub fn open(
        index_dir: &Path,
        dictionary: Dictionary,
        divisions: impl Fn() -> Divisions + Send + Sync + 'static,
    ) -> Result<Self, OpenError> {
        // A generation may be replaced and cleared away between reading its
        // name and opening it; then there is a newer one.
        let mut tries = 0;
        loop {
            let (number, dir) = current(index_dir)?;
            tries += 1;
            match Opened::of(&dir, |payload| GenerationNote::check(payload, &dictionary)) {
                Ok(opened) => return Ok(opened.engine(number, dictionary, divisions)),
                Err(OpenError::Damaged { .. })
                    if tries < MAX_GENERATION_TRIES && current(index_dir)?.0 != number => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Opens the generation in the folder `dir`, in force or not.
    ///
    /// # Errors
    ///
    /// [`OpenError`], which names the command that cures it.
    pub fn open_at(
        dir: &Path,
        dictionary: Dictionary,
        divisions: impl Fn() -> Divisions + Send + Sync + 'static,
    ) -> Result<Self, OpenError> {
        let opened = Opened::of(dir, |payload| GenerationNote::check(payload, &dictionary))?;
        Ok(opened.engine(number_of(dir), dictionary, divisions))
    }

    /// The same, whatever dictionary it was cut with: for literal questions,
    /// which ask for no words.
    ///
    /// # Errors
    ///
    /// [`OpenError`], which names the command that cures it.
    pub fn open_for_letters(
        dir: &Path,
        divisions: impl Fn() -> Divisions + Send + Sync + 'static,
    ) -> Result<Self, OpenError> {
        let opened = Opened::of(dir, GenerationNote::read)?;
        Ok(opened.engine(number_of(dir), Dictionary::built_in(), divisions))
    }
}

/// What is read of a generation when it is opened.
struct Opened {
    searcher: Searcher,
    stores: Arc<Stores>,
    fields: Fields,
    note: GenerationNote,
    copies: Copies,
}

impl Opened {
    /// Opens the generation in `dir`, whose note `read` takes from a commit.
    fn of(
        dir: &Path,
        read: impl FnOnce(Option<&str>) -> Result<GenerationNote, NoteError>,
    ) -> Result<Self, OpenError> {
        let damaged = |source| OpenError::Damaged {
            dir: dir.to_owned(),
            source,
        };
        let sums = Self::sums(dir)?;
        // A small file of it, as it was written.
        let as_written = |name: &str| {
            let path = dir.join(name);
            let bytes = fs::read(&path).map_err(|source| OpenError::Io {
                path: path.clone(),
                source,
            })?;
            match &sums {
                Some(sums) if !sums.tell(name, &bytes) => Err(OpenError::Altered { path }),
                _ => Ok(bytes),
            }
        };
        let published = Published::open(dir).map_err(|error| damaged(error.into()))?;
        let index = Index::open(published).map_err(damaged)?;
        let meta = index.load_metas().map_err(damaged)?;
        as_written(META_FILE)?;
        let note = read(meta.payload.as_deref())?;
        let (expected, fields) = schema();
        if index.schema() != expected {
            return Err(NoteError::OtherVersion.into());
        }
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(damaged)?;
        // Opened now, as the folder may be cleared away while it is in use.
        let path = dir.join(COPIES_FILE);
        let copies = match File::open(&path) {
            Ok(file) => match Copies::open(file) {
                Err(error) if is_damage(&error) => return Err(OpenError::Altered { path }),
                copies => copies,
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Copies::none()),
            Err(error) => Err(error),
        };
        let copies = copies.map_err(|source| OpenError::Io { path, source })?;
        let searcher = reader.searcher();
        let pieces = Pieces::from_bytes(&as_written(PIECES_FILE)?);
        let pieces = pieces.map_err(|_| OpenError::Altered {
            path: dir.join(PIECES_FILE),
        })?;
        let stores = Stores::open(&searcher, &fields, Arc::new(pieces));
        let stores = Arc::new(stores.map_err(damaged)?);
        Ok(Self {
            searcher,
            stores,
            fields,
            note,
            copies,
        })
    }

    /// The digests of the files in `dir`; `None` for a generation that is not
    /// published yet. Where they cannot be read as such, no file fits them.
    fn sums(dir: &Path) -> Result<Option<Sums>, OpenError> {
        let path = dir.join(SUMS_FILE);
        match fs::read(&path) {
            Ok(text) => {
                let sums = String::from_utf8(text)
                    .ok()
                    .and_then(|text| Sums::parse(&text));
                Ok(Some(sums.unwrap_or_default()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(OpenError::Io { path, source }),
        }
    }

    fn engine(
        self,
        generation: u64,
        dictionary: Dictionary,
        divisions: impl Fn() -> Divisions + Send + Sync + 'static,
    ) -> Engine {
        Engine {
            layouts: Layouts::new(&self.searcher, &self.stores),
            searcher: self.searcher,
            stores: self.stores,
            fields: self.fields,
            note: self.note,
            generation,
            segmenter: LearningSegmenter::new(dictionary),
            make_divisions: Box::new(divisions),
            divisions: OnceLock::new(),
            copies: self.copies,
        }
    }
}

/// Whether a file is not as it was written.
fn is_damage(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
    )
}

fn number_of(dir: &Path) -> u64 {
    let name = dir.file_name().and_then(|name| name.to_str());
    name.and_then(generation_number).unwrap_or(0)
}

/// The number and the folder of the current generation.
fn current(index_dir: &Path) -> Result<(u64, PathBuf), OpenError> {
    let path = index_dir.join(CURRENT_FILE);
    let name = match fs::read(&path) {
        Ok(name) => name,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(OpenError::Missing {
                dir: index_dir.to_owned(),
            });
        }
        Err(source) => return Err(OpenError::Io { path, source }),
    };
    let name = String::from_utf8_lossy(&name);
    let name = name.trim();
    match generation_number(name) {
        Some(number) => Ok((number, index_dir.join(name))),
        None => Err(NoteError::Foreign.into()),
    }
}
