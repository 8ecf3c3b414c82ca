//! Opening what belongs to a corpus: the user's dictionary, divisions and
//! topics laid over the built-in ones, and the index.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use gongbao_analysis::{Dictionary, DictionaryError};
use gongbao_archive::{Archive, ArchiveError, Corpus};
use gongbao_crawler::{SiteError, Sites};
use gongbao_notice::{Divisions, Reader};
use gongbao_query::{Engine, OpenError, TopicError, Topics};

/// A corpus, for those who read it.
#[derive(Clone, Debug)]
pub struct Desk {
    corpus: Corpus,
}

/// Something of a corpus cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// A file of the user's cannot be read.
    #[error("could not read {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The dictionary says something that makes no sense.
    #[error("could not use {}", path.display())]
    Dictionary {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: DictionaryError,
    },
    /// A topic pack cannot be read.
    #[error(transparent)]
    Topics(#[from] TopicError),
    /// A site profile cannot be read.
    #[error(transparent)]
    Sites(#[from] SiteError),
    /// The archive cannot be opened.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The index cannot be opened.
    #[error(transparent)]
    Index(#[from] OpenError),
}

impl Desk {
    /// The desk of `corpus`; nothing is opened yet.
    #[must_use]
    pub fn of(corpus: Corpus) -> Self {
        Self { corpus }
    }

    /// The corpus.
    #[must_use]
    pub fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// The dictionary: built in, and `dictionary.txt` of the corpus.
    ///
    /// # Errors
    ///
    /// When that file is there and cannot be used.
    pub fn dictionary(&self) -> Result<Dictionary, DeskError> {
        let path = self.corpus.dir().join("dictionary.txt");
        match fs::read_to_string(&path) {
            Ok(text) => {
                Dictionary::with_own(&text).map_err(|source| DeskError::Dictionary { path, source })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Dictionary::built_in()),
            Err(source) => Err(DeskError::Io { path, source }),
        }
    }

    /// The divisions: built in, and `divisions.tsv` of the corpus.
    #[must_use]
    pub fn divisions(&self) -> Divisions {
        divisions(self.corpus.dir())
    }

    /// The topic packs: built in, and those in `topics` of the corpus.
    ///
    /// # Errors
    ///
    /// When a file in that folder cannot be read.
    pub fn topics(&self) -> Result<Topics, DeskError> {
        Ok(Topics::built_in().with_folder(&self.corpus.dir().join("topics"))?)
    }

    /// The site profiles: built in, and those in `sites` of the corpus.
    ///
    /// # Errors
    ///
    /// When a file in that folder cannot be read.
    pub fn sites(&self) -> Result<Sites, DeskError> {
        Ok(Sites::built_in().with_folder(&self.corpus.dir().join("sites"))?)
    }

    /// What reads pages: by the divisions, and the profiles of sites.
    ///
    /// # Errors
    ///
    /// When a profile cannot be read.
    pub fn reader(&self) -> Result<Reader, DeskError> {
        let sites = self.sites()?;
        let profiles = sites.iter().map(|entry| entry.site.profile.clone());
        Ok(Reader::new(self.divisions()).with_profiles(profiles.collect()))
    }

    /// The current generation of the index.
    ///
    /// # Errors
    ///
    /// When there is none, or none that this program reads.
    pub fn engine(&self) -> Result<Engine, DeskError> {
        let dir = self.corpus.dir().to_owned();
        let engine = Engine::open(&self.corpus.index_dir(), self.dictionary()?, move || {
            divisions(&dir)
        })?;
        Ok(engine)
    }

    /// The archive.
    ///
    /// # Errors
    ///
    /// When there is none, or none that this program reads.
    pub fn archive(&self) -> Result<Archive, ArchiveError> {
        Archive::open(&self.corpus)
    }
}

fn divisions(corpus: &Path) -> Divisions {
    let built_in = Divisions::builtin();
    match fs::read_to_string(corpus.join("divisions.tsv")) {
        Ok(own) => built_in.with_extra(&own),
        Err(_) => built_in,
    }
}
