//! Builds the sample notices into the program.

use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let sample = root.join("../../data/sample");
    println!("cargo::rerun-if-changed={}", sample.display());
    println!("cargo::rerun-if-changed=build.rs");

    let mut files = Vec::new();
    gather(&sample.join("pages"), "pages", &mut files)?;
    for name in ["manifest.jsonl", "divisions.tsv"] {
        files.push((name.to_owned(), sample.join(name)));
    }
    files.sort();

    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let mut list = fs::File::create(out.join("sample.rs"))?;
    writeln!(list, "&[")?;
    for (name, path) in files {
        let path = path.canonicalize()?;
        writeln!(list, "    ({name:?}, include_bytes!({path:?})),")?;
    }
    writeln!(list, "]")
}

/// Adds the files below `dir` to `files`, named from `prefix`.
fn gather(dir: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = format!("{prefix}/{}", name.to_string_lossy());
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), &name, files)?;
        } else {
            files.push((name, entry.path()));
        }
    }
    Ok(())
}
