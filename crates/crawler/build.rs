//! Builds the site profiles of `data/sites` into the library.

use std::{
    env, fs,
    io::{self, Write},
    path::PathBuf,
};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let sites = root.join("../../data/sites");
    println!("cargo::rerun-if-changed={}", sites.display());
    println!("cargo::rerun-if-changed=build.rs");

    let mut files = Vec::new();
    for entry in fs::read_dir(&sites)? {
        let path = entry?.path().canonicalize()?;
        let is_profile = path
            .extension()
            .is_some_and(|extension| extension == "toml");
        if is_profile && let Some(id) = path.file_stem().and_then(|stem| stem.to_str()) {
            files.push((id.to_owned(), path));
        }
    }
    files.sort();

    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let mut list = fs::File::create(out.join("sites.rs"))?;
    writeln!(list, "&[")?;
    for (id, path) in files {
        writeln!(list, "    ({id:?}, include_str!({path:?})),")?;
    }
    writeln!(list, "]")
}
