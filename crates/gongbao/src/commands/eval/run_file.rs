//! A TREC run file, written whole or not at all.

use std::{
    fs, io,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use tempfile::NamedTempFile;

/// A run file that is not there yet.
pub(super) struct RunFile {
    path: PathBuf,
    pending: NamedTempFile,
}

impl RunFile {
    /// Prepares to write `path`, so that an hour's work is not lost on a
    /// folder that is not there.
    ///
    /// # Errors
    ///
    /// When it cannot be written, or is one of `inputs`.
    pub(super) fn prepare(path: &Path, inputs: &[&Path]) -> anyhow::Result<Self> {
        let place = |path: &Path| fs::canonicalize(path).ok();
        let target = place(path);
        ensure!(
            target.is_none() || inputs.iter().all(|input| place(input) != target),
            "--run would overwrite {}, which is read; give it another name",
            path.display()
        );
        ensure!(
            !path.is_dir(),
            "could not write {}: it is a folder",
            path.display()
        );
        let folder = match path.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let pending =
            beside(folder).with_context(|| format!("could not write {}", path.display()))?;
        Ok(Self {
            path: path.to_owned(),
            pending,
        })
    }

    /// Writes the rankings, documents and scores with the best first, under
    /// the ids of their questions.
    ///
    /// # Errors
    ///
    /// When there is no room; then the file is as it was.
    pub(super) fn write<'a>(
        mut self,
        rankings: impl Iterator<Item = (&'a str, &'a [(String, f32)])>,
        tag: &str,
    ) -> anyhow::Result<()> {
        let write = || {
            let mut out = BufWriter::new(self.pending.as_file_mut());
            for (question, ranking) in rankings {
                for (rank, (document, score)) in (1..).zip(ranking) {
                    writeln!(out, "{question} Q0 {document} {rank} {score} {tag}")?;
                }
            }
            out.flush()?;
            drop(out);
            self.pending.as_file().sync_all()
        };
        let written = write();
        written
            .and_then(|()| Ok(self.pending.persist(&self.path).map(drop)?))
            .with_context(|| format!("could not write {}", self.path.display()))
    }
}

/// A file that others may read as they may any other.
fn beside(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".run-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
