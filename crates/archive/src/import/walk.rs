//! The files under a path, in the order of their names.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
    vec,
};

use jiff::Timestamp;

/// What a walk comes upon.
#[derive(Debug)]
pub(super) enum Walked {
    /// A regular file, or a link to one.
    File {
        path: PathBuf,
        /// In bytes.
        size: u64,
        modified: Option<Timestamp>,
    },
    /// Something that cannot be looked into.
    Unreadable { path: PathBuf, reason: String },
    /// A pipe, socket or device: opening it might wait for ever.
    Special { path: PathBuf },
}

/// A walk in progress. Holds the names of the folders it is in, not of all.
pub(super) struct Walk {
    start: Option<PathBuf>,
    open: Vec<vec::IntoIter<PathBuf>>,
    /// The folders it has been in, by their real paths: a link back up would
    /// never end, and one to a neighbour would bring everything twice.
    visited: HashSet<PathBuf>,
}

impl Walk {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            start: Some(path.to_owned()),
            open: Vec::new(),
            visited: HashSet::new(),
        }
    }

    /// Passes over the folder `dir`: the corpus itself often lies in the folder
    /// that is imported.
    pub(super) fn without(mut self, dir: &Path) -> Self {
        self.visited.extend(fs::canonicalize(dir));
        self
    }

    /// What is at `path`; `None` for a folder, which is walked next.
    fn look(&mut self, path: PathBuf) -> Option<Walked> {
        let unreadable = |path: PathBuf, error: &io::Error| {
            let reason = error.to_string();
            Some(Walked::Unreadable { path, reason })
        };
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => return unreadable(path, &error),
        };
        if metadata.is_file() {
            return Some(Walked::File {
                size: metadata.len(),
                modified: metadata.modified().ok().and_then(timestamp),
                path,
            });
        }
        if !metadata.is_dir() {
            return Some(Walked::Special { path });
        }
        match self.enter(&path) {
            Ok(names) => {
                self.open.push(names.into_iter());
                None
            }
            Err(error) => unreadable(path, &error),
        }
    }

    fn enter(&mut self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        if !self.visited.insert(fs::canonicalize(dir)?) {
            return Ok(Vec::new());
        }
        let mut paths = Vec::new();
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            if !entry.file_name().as_encoded_bytes().starts_with(b".") {
                paths.push(entry.path());
            }
        }
        paths.sort_unstable();
        Ok(paths)
    }
}

impl Iterator for Walk {
    type Item = Walked;

    fn next(&mut self) -> Option<Walked> {
        loop {
            let path = match self.start.take() {
                Some(path) => path,
                None => match self.open.last_mut()?.next() {
                    Some(path) => path,
                    None => {
                        self.open.pop();
                        continue;
                    }
                },
            };
            if let Some(found) = self.look(path) {
                return Some(found);
            }
        }
    }
}

fn timestamp(time: SystemTime) -> Option<Timestamp> {
    Timestamp::try_from(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        Walk::new(dir)
            .map(|found| {
                let (mark, path) = match found {
                    Walked::File { path, .. } => ("", path),
                    Walked::Unreadable { path, .. } => ("?", path),
                    Walked::Special { path } => ("!", path),
                };
                format!("{mark}{}", path.strip_prefix(dir).unwrap().display())
            })
            .collect()
    }

    #[test]
    fn a_folder_can_be_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("corpus")).unwrap();
        fs::write(dir.path().join("corpus/x.txt"), "x").unwrap();
        fs::write(dir.path().join("y.txt"), "y").unwrap();
        let found = Walk::new(dir.path()).without(&dir.path().join("corpus"));
        assert_eq!(found.count(), 1);
    }

    #[test]
    fn files_come_in_the_order_of_their_names() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("b/c")).unwrap();
        fs::create_dir(dir.path().join(".git")).unwrap();
        for name in ["z.txt", "a.txt", "b/2", "b/c/1", ".hidden", ".git/x"] {
            fs::write(dir.path().join(name), "x").unwrap();
        }
        assert_eq!(names(dir.path()), ["a.txt", "b/2", "b/c/1", "z.txt"]);
        assert_eq!(names(&dir.path().join("gone")), ["?"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_neither_loop_nor_repeat() {
        use std::os::unix::{fs::symlink, net::UnixListener};
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("a/b")).unwrap();
        fs::write(dir.path().join("a/b/page"), "x").unwrap();
        symlink("..", dir.path().join("a/b/up")).unwrap();
        symlink("a", dir.path().join("same")).unwrap();
        symlink("a/b/page", dir.path().join("link")).unwrap();
        symlink("nowhere", dir.path().join("dangling")).unwrap();
        symlink("self", dir.path().join("self")).unwrap();
        let _socket = UnixListener::bind(dir.path().join("socket")).unwrap();
        assert_eq!(
            names(dir.path()),
            ["a/b/page", "?dangling", "link", "?self", "!socket"]
        );
    }
}
