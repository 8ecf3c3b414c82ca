//! A file of JSON Lines that grows.

use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    io::{BufRead, BufReader, Read, Seek, SeekFrom, Write},
    path::Path,
};

use serde::Deserialize;

use crate::alert::News;

/// Appends `news` to the file at `path`, a line each. Where some of it may be
/// there already, the file is looked through first, so that each stands in it
/// once; a line that a crash cut off is taken away.
pub(super) fn append(path: &Path, news: &[News], repeated: bool) -> Result<(), String> {
    let run = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)?;
        let whole = whole_lines(&mut file)?;
        let length = file.metadata()?.len();
        let known = if repeated {
            known(&file)?
        } else {
            HashSet::new()
        };
        let mut lines = Vec::new();
        if whole < length {
            if repeated {
                file.set_len(whole)?;
            } else {
                // Not ours: somebody's editor leaves out the last line's end.
                lines.push(b'\n');
            }
        }
        for one in news.iter().filter(|one| !known.contains(&one.alert)) {
            serde_json::to_writer(&mut lines, one)?;
            lines.push(b'\n');
        }
        file.write_all(&lines)?;
        file.sync_all()
    };
    run().map_err(|error| format!("could not append to {}: {error}", path.display()))
}

/// How many bytes of the file are whole lines.
fn whole_lines(file: &mut File) -> std::io::Result<u64> {
    const STEP: u64 = 8192;
    let mut end = file.metadata()?.len();
    while end > 0 {
        let start = end.saturating_sub(STEP);
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        (&*file).take(end - start).read_to_end(&mut bytes)?;
        if let Some(at) = bytes.iter().rposition(|&byte| byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

/// The alerts that stand in the file.
fn known(mut file: &File) -> std::io::Result<HashSet<String>> {
    #[derive(Deserialize)]
    struct Line {
        alert: String,
    }
    file.seek(SeekFrom::Start(0))?;
    let mut known = HashSet::new();
    for line in BufReader::new(file).split(b'\n') {
        if let Ok(line) = serde_json::from_slice::<Line>(&line?) {
            known.insert(line.alert);
        }
    }
    Ok(known)
}
