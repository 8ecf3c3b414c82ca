//! One writer at a time.

use std::{
    fmt,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::Path,
};

use jiff::Timestamp;

use crate::error::ArchiveError;

/// Enough for what a lock file says; a longer one is not ours.
const MAX_HOLDER_BYTES: u64 = 4096;

/// A lock that the operating system drops with the process, however it ends.
/// The file stays and says who holds it, for the message of the next one.
#[derive(Debug)]
pub struct FileLock {
    file: File,
}

/// Who holds a lock, as its file says. Empty where the file does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// The process id.
    pub pid: String,
    /// The name of the machine, for folders on a shared disk.
    pub host: String,
    /// The command line, shortened.
    pub command: String,
    /// Since when, in RFC 3339.
    pub since: String,
}

impl FileLock {
    /// Takes the lock in the file `path`, creating it if need be.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Locked`] when someone holds it, at once: nobody waits
    /// for a nightly run unawares.
    pub fn take(path: &Path) -> Result<Self, ArchiveError> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|source| ArchiveError::io("open", path, source))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = Holder::read(&mut file).unwrap_or_default();
                return Err(ArchiveError::Locked { holder });
            }
            Err(TryLockError::Error(source)) => return Err(ArchiveError::io("lock", path, source)),
        }
        // Only for the message of another process, so a full disk is no reason to fail.
        if let Err(error) = Holder::this_process().write(&mut file) {
            tracing::debug!(%error, "could not write into the lock file");
        }
        Ok(Self { file })
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Removing the file would let two processes lock two files of the same name.
        let _ = self.file.set_len(0);
    }
}

impl Holder {
    fn this_process() -> Self {
        let host = fs::read_to_string("/proc/sys/kernel/hostname")
            .ok()
            .or_else(|| std::env::var("HOSTNAME").ok())
            .or_else(|| std::env::var("COMPUTERNAME").ok())
            .unwrap_or_default();
        let words: Vec<_> = std::env::args_os()
            .enumerate()
            .map(|(position, word)| {
                let word = if position == 0 {
                    Path::new(&word)
                        .file_name()
                        .map(ToOwned::to_owned)
                        .unwrap_or_default()
                } else {
                    word
                };
                word.to_string_lossy().into_owned()
            })
            .collect();
        let printable = |text: &str| text.chars().filter(|c| !c.is_control()).take(200).collect();
        Self {
            pid: std::process::id().to_string(),
            host: printable(&host),
            command: printable(&words.join(" ")),
            since: crate::archive::to_seconds(Timestamp::now()).to_string(),
        }
    }

    fn write(&self, file: &mut File) -> io::Result<()> {
        file.set_len(0)?;
        file.rewind()?;
        let text = format!(
            "pid: {}\nhost: {}\ncommand: {}\nsince: {}\n",
            self.pid, self.host, self.command, self.since
        );
        file.write_all(text.as_bytes())
    }

    fn read(file: &mut File) -> io::Result<Self> {
        let mut text = String::new();
        file.take(MAX_HOLDER_BYTES).read_to_string(&mut text)?;
        let mut holder = Self::default();
        for (name, value) in text.lines().filter_map(|line| line.split_once(": ")) {
            let slot = match name {
                "pid" => &mut holder.pid,
                "host" => &mut holder.host,
                "command" => &mut holder.command,
                "since" => &mut holder.since,
                _ => continue,
            };
            value.clone_into(slot);
        }
        Ok(holder)
    }
}

/// `gongbao import pages (process 4711 on archivist, since 2025-09-23T02:48:05Z)`.
impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pid.is_empty() {
            return f.write_str("another process");
        }
        write!(f, "{} (process {}", self.command, self.pid)?;
        if !self.host.is_empty() {
            write!(f, " on {}", self.host)?;
        }
        write!(f, ", since {})", self.since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_taker_learns_who_the_first_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("some.lock");
        let first = FileLock::take(&path).unwrap();
        let Err(ArchiveError::Locked { holder }) = FileLock::take(&path) else {
            panic!("two took one lock");
        };
        assert_eq!(holder.pid, std::process::id().to_string());
        assert!(
            !holder.command.is_empty() && !holder.since.is_empty(),
            "{holder:?}"
        );
        assert!(holder.to_string().contains("process"));

        drop(first);
        FileLock::take(&path).unwrap();
    }

    #[test]
    fn a_lock_file_left_behind_locks_nobody_out() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("some.lock");
        fs::write(
            &path,
            "pid: 1\nhost: gone\ncommand: killed\nsince: long ago\n",
        )
        .unwrap();
        FileLock::take(&path).unwrap();
    }
}
