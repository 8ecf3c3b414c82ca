//! Saved searches as files: `watches/NAME.toml` in the corpus folder.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{error::WatchError, watch::Watch};

/// Names longer than this are no names.
const MAX_NAME_CHARS: usize = 60;

/// The folder of saved searches of a corpus.
#[derive(Clone, Debug)]
pub struct Watches {
    home: PathBuf,
    dir: PathBuf,
}

/// Makes sure that `name` can name a saved search: letters of any script,
/// digits, `-` and `_`.
///
/// # Errors
///
/// [`WatchError::BadName`].
pub fn check_name(name: &str) -> Result<(), WatchError> {
    let is_fine = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let length = name.chars().count();
    if (1..=MAX_NAME_CHARS).contains(&length) && name.chars().all(is_fine) && !name.starts_with('-')
    {
        Ok(())
    } else {
        let name = name.chars().take(MAX_NAME_CHARS).collect();
        Err(WatchError::BadName { name })
    }
}

impl Watches {
    /// The saved searches in the corpus folder `corpus`.
    #[must_use]
    pub fn of(corpus: &Path) -> Self {
        Self {
            home: corpus.to_owned(),
            dir: corpus.join("watches"),
        }
    }

    /// Every saved search in the order of their names, or why it cannot be
    /// used: one bad file troubles no other.
    ///
    /// # Errors
    ///
    /// [`WatchError::Io`] when the folder cannot be read. One that is not
    /// there holds none.
    pub fn all(&self) -> Result<Vec<Result<Watch, WatchError>>, WatchError> {
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(WatchError::io("read", &self.dir)(error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let path = entry.map_err(WatchError::io("read", &self.dir))?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "toml")
                && let Some(name) = path.file_stem().and_then(|name| name.to_str())
            {
                names.push(name.to_owned());
            }
        }
        names.sort();
        Ok(names.iter().map(|name| self.get(name)).collect())
    }

    /// The saved search `name`.
    ///
    /// # Errors
    ///
    /// [`WatchError`]: there is none, or its file cannot be used.
    pub fn get(&self, name: &str) -> Result<Watch, WatchError> {
        check_name(name)?;
        let path = self.path(name);
        let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => WatchError::Unknown {
                name: name.to_owned(),
            },
            _ => WatchError::io("read", &path)(error),
        })?;
        Watch::parse(name, &text, &self.home).map_err(|problem| WatchError::Unusable {
            name: name.to_owned(),
            problem,
        })
    }

    /// Adds `watch`.
    ///
    /// # Errors
    ///
    /// [`WatchError::Taken`] and [`WatchError::BadName`]; a search that would
    /// not be read back; a file that cannot be written.
    pub fn add(&self, watch: &Watch) -> Result<PathBuf, WatchError> {
        check_name(&watch.name)?;
        let unusable = |problem| WatchError::Unusable {
            name: watch.name.clone(),
            problem,
        };
        let text = watch.to_toml().map_err(unusable)?;
        Watch::parse(&watch.name, &text, &self.home).map_err(unusable)?;
        let path = self.path(&watch.name);
        if path.exists() {
            return Err(WatchError::Taken {
                name: watch.name.clone(),
            });
        }
        fs::create_dir_all(&self.dir).map_err(WatchError::io("create", &self.dir))?;
        write_whole(&path, text.as_bytes()).map_err(WatchError::io("write", &path))?;
        Ok(path)
    }

    /// Removes the saved search `name`. What it told stays in the catalogue.
    ///
    /// # Errors
    ///
    /// [`WatchError::Unknown`], and a file that cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), WatchError> {
        check_name(name)?;
        let path = self.path(name);
        fs::remove_file(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => WatchError::Unknown {
                name: name.to_owned(),
            },
            _ => WatchError::io("remove", &path)(error),
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.join(format!("{name}.toml"))
    }
}

/// Writes `path` in one step that happens wholly or not at all.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    let write = || {
        let mut file = fs::File::create(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, path)
    };
    write().inspect_err(|_| {
        let _ = fs::remove_file(&new);
    })
}
