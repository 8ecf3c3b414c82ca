//! What tests of several crates share: corpora made on the spot.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use gongbao_analysis::{CURRENT_FILE, Dictionary};
use gongbao_archive::{Capture, CaptureKind, Corpus, Writer};
use gongbao_indexer::{Options, Report, update};
use gongbao_notice::{Divisions, Reader};
use gongbao_query::Engine;
use jiff::Timestamp;
use tempfile::TempDir;

/// As the program has it.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// A corpus in a temporary folder, gone when dropped.
pub struct TestCorpus {
    dir: TempDir,
}

impl Default for TestCorpus {
    fn default() -> Self {
        Self::new()
    }
}

impl TestCorpus {
    /// An empty corpus.
    ///
    /// # Panics
    ///
    /// When there is no room for a temporary folder.
    #[must_use]
    pub fn new() -> Self {
        Self {
            dir: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// Where it lies.
    #[must_use]
    pub fn corpus(&self) -> Corpus {
        Corpus::at(self.dir.path().join("corpus"))
    }

    /// Keeps each page, a name and its bytes. A name that is an address is where
    /// it was published.
    ///
    /// # Panics
    ///
    /// When the archive cannot be written.
    pub fn add(&self, pages: &[(&str, &[u8])]) {
        self.put(pages, CaptureKind::Page);
    }

    /// Keeps each JSON Lines row, an id and its line.
    ///
    /// # Panics
    ///
    /// When the archive cannot be written.
    pub fn add_rows(&self, rows: &[(&str, &[u8])]) {
        self.put(rows, CaptureKind::Row);
    }

    fn put(&self, captures: &[(&str, &[u8])], kind: CaptureKind) {
        let mut writer = Writer::open(&self.corpus()).expect("a writable corpus");
        for &(name, bytes) in captures {
            let row_id = || name.parse().expect("a valid id");
            let stored = writer.put(&Capture {
                key: &format!("id:{name}"),
                id: (kind == CaptureKind::Row).then(row_id),
                url: name.starts_with("https://").then_some(name),
                file_name: Some(name),
                content_type: None,
                bytes,
                fetched: Timestamp::UNIX_EPOCH,
                modified: None,
                kind,
            });
            stored.expect("a whole capture");
        }
        writer.finish().expect("room on the disk");
    }

    /// Brings the index up to the archive.
    ///
    /// # Panics
    ///
    /// When that fails.
    pub fn index(&self) -> Report {
        self.index_with(64)
    }

    /// The same with so much memory, in MiB.
    ///
    /// # Panics
    ///
    /// When that fails.
    pub fn index_with(&self, memory_mib: usize) -> Report {
        let reader = Reader::new(Divisions::builtin());
        let options = Options {
            memory_mib,
            ..Options::default()
        };
        self.index_by(&reader, &Dictionary::built_in(), &options)
    }

    /// The same, read by `reader` and cut with `dictionary`.
    ///
    /// # Panics
    ///
    /// When that fails.
    pub fn index_by(&self, reader: &Reader, dictionary: &Dictionary, options: &Options) -> Report {
        let never = AtomicBool::new(false);
        update(
            &self.corpus(),
            reader,
            dictionary,
            options,
            &never,
            &mut |_| {},
        )
        .expect("an index")
    }

    /// The folder of the generation in force.
    ///
    /// # Panics
    ///
    /// When there is none.
    #[must_use]
    pub fn generation_dir(&self) -> PathBuf {
        let dir = self.corpus().index_dir();
        let current = fs::read_to_string(dir.join(CURRENT_FILE)).expect("a generation");
        dir.join(current.trim())
    }

    /// Opens the index.
    ///
    /// # Panics
    ///
    /// When there is none.
    #[must_use]
    pub fn engine(&self) -> Engine {
        Engine::open(
            &self.corpus().index_dir(),
            Dictionary::built_in(),
            Divisions::builtin,
        )
        .expect("an index")
    }
}

/// A file of the folder of real texts that lies beside the project on some
/// machines; elsewhere `None`, and the test that asked says so.
#[must_use]
pub fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared")
        .join(path);
    path.exists().then_some(path)
}

/// The text in a `.zst` file.
///
/// # Panics
///
/// When it cannot be read.
#[must_use]
pub fn read_zst(path: &Path) -> String {
    let file = fs::File::open(path).expect("a readable file");
    let bytes = zstd::decode_all(file).expect("zstd");
    String::from_utf8(bytes).expect("UTF-8")
}
