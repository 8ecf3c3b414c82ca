//! What `docs/operating.md` and `packaging/` tell operators to do.

#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::{fs, path::Path, process::Command};

use crate::support::{Corpus, NOTICE};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn the_units_pass_systemds_own_check() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut units = Vec::new();
    for entry in fs::read_dir(root().join("packaging/systemd")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let is_unit = path
            .extension()
            .is_some_and(|extension| extension == "service" || extension == "timer");
        if is_unit {
            let text = fs::read_to_string(&path).expect("a unit");
            // Where the program is installed is not where it is tested.
            let text = text.replace("/usr/bin/gongbao", env!("CARGO_BIN_EXE_gongbao"));
            let copy = folder.path().join(path.file_name().expect("a name"));
            fs::write(&copy, text).expect("room");
            units.push(copy);
        }
    }
    assert_eq!(units.len(), 3, "{units:?}");
    let checked = Command::new("systemd-analyze")
        .arg("verify")
        .args(&units)
        .output();
    let Ok(checked) = checked else {
        eprintln!("skipped: there is no systemd-analyze");
        return;
    };
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{said}");
}

/// The shell blocks of the section that is called `title`.
fn shell(title: &str) -> String {
    let text = fs::read_to_string(root().join("docs/operating.md")).expect("the document");
    let section = text
        .split(&format!("## {title}\n"))
        .nth(1)
        .expect("the section");
    let section = section.split("\n## ").next().expect("its text");
    let blocks = section.split("```sh\n").skip(1);
    blocks
        .map(|block| block.split("```").next().expect("its text"))
        .collect()
}

#[test]
fn what_is_backed_up_can_be_restored() {
    if Command::new("sqlite3").arg("--version").output().is_err() {
        eprintln!("skipped: there is no sqlite3");
        return;
    }
    let corpus = Corpus::new();
    let id = corpus.with_page("a.txt", NOTICE);
    corpus
        .run(&["watch", "add", "debt", "债务", "--all"])
        .with(0);
    corpus.run(&["watch", "run"]).with(0);
    let dir = corpus.dir();
    fs::create_dir_all(dir.join("topics")).expect("room");
    fs::write(dir.join("dictionary.txt"), "某某镇 9 ns\n").expect("room");
    fs::write(dir.join("divisions.tsv"), "").expect("room");

    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("backup");
    fs::create_dir(&backup).expect("room");
    let script = shell("Back up and restore")
        .replace("/backup", &backup.display().to_string())
        .replace("corpus/", &format!("{}/", dir.display()))
        .replace("gongbao ", &format!("{} ", env!("CARGO_BIN_EXE_gongbao")));
    let ran = Command::new("sh")
        .args(["-e", "-c", &script])
        .current_dir(folder.path())
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{script}\n{said}");

    let restored = folder.path().join("restored").display().to_string();
    let found = crate::support::run(["--corpus", &restored, "search", "债务"]).with(0);
    assert!(found.out.contains(&id), "{}", found.out);
    let told = crate::support::run(["--corpus", &restored, "watch", "run"]).with(0);
    assert_eq!(told.out, "", "what was told is not told again");
}
