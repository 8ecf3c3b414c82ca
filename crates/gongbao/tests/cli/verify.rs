//! Damage anywhere is found, and what is derived is made anew.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use gongbao_fakesite::{Family, Site, Web};
use serde_json::Value;

use crate::support::{Corpus, NOTICE, Numbers, Ran, command, ran};

/// So many bytes are changed, one at a time.
const FLIPS: u64 = 200;

/// After one in so many of a derived part, that is repaired.
const REPAIRED: u64 = 7;

/// A corpus with all that one can hold: crawled pages, an imported one, a
/// saved search that was told something, an index.
fn whole() -> Corpus {
    let corpus = Corpus::new();
    let web = Web::serve([Site::new("yunxi", Family::Trs, 4)]).expect("it serves");
    let profiles = corpus.dir().join("sites");
    fs::create_dir_all(&profiles).expect("a folder");
    fs::write(profiles.join("yunxi.toml"), web.profile("yunxi")).expect("room");
    let page = corpus.page("notice.txt", NOTICE);
    corpus.run(&["import", &page]).with(0);
    let jsonl = corpus.dir().join("alerts.jsonl").display().to_string();
    let add = [
        "watch", "add", "all", "--since", "1990", "--all", "--jsonl", &jsonl,
    ];
    corpus.run(&add).with(0);
    let mut update = command(["update", "--allow-private", "--delay", "1ms", "yunxi"]);
    let updated = ran(update
        .arg("--corpus")
        .arg(corpus.dir())
        .output()
        .expect("it starts"));
    assert!(matches!(updated.code, Some(0 | 2)), "{}", updated.err);
    corpus
}

/// What is made of the corpus's bytes, for comparison.
fn reading(corpus: &Corpus) -> Vec<String> {
    let search = corpus.run(&[
        "search",
        "的",
        "--literal",
        "--limit",
        "0",
        "--format",
        "json",
    ]);
    let mut answer = search.json();
    let id = answer["hits"][0]["notice"]["id"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    // How long it took, and from which generation.
    for name in ["took_ms", "generation"] {
        answer.as_object_mut().expect("an object").remove(name);
    }
    let history = corpus.run(&["history", &id, "--format", "jsonl"]);
    let watches = corpus.run(&["watch", "list", "--format", "jsonl"]);
    vec![answer.to_string(), history.out, watches.out]
}

/// The texts and titles that a search shows; `None` where it says that it
/// cannot.
fn shown(corpus: &Corpus) -> Option<BTreeSet<String>> {
    let search = [
        "search",
        "的 OR 工作 OR 债务",
        "--unit",
        "passage",
        "--limit",
        "1000",
    ];
    let ran = corpus.run(&[&search[..], &["--format", "jsonl"]].concat());
    if ran.code == Some(2) {
        assert!(
            ran.err.contains("verify --repair") || ran.err.contains("index"),
            "{}",
            ran.err
        );
        return None;
    }
    assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.err);
    let hits = ran.jsonl();
    Some(
        hits.iter()
            .map(|hit| format!("{} {}", hit["title"], hit["passages"][0]["text"]))
            .collect(),
    )
}

/// The files that matter, by part.
fn files(corpus: &Corpus) -> [Vec<PathBuf>; 3] {
    let dir = corpus.dir();
    let list = |dir: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(dir).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        let mut files: Vec<_> = paths
            .filter(|path| path.is_file() && !path.to_string_lossy().ends_with(".lock"))
            .collect();
        files.sort();
        files
    };
    let current = fs::read_to_string(dir.join("index/CURRENT")).expect("an index");
    let mut index = list(&dir.join("index").join(current.trim()));
    index.push(dir.join("index/CURRENT"));
    let catalog = vec![dir.join("catalog.sqlite"), dir.join("catalog.sha256")];
    [list(&dir.join("archive")), catalog, index]
}

fn verify(corpus: &Corpus, flags: &[&str]) -> Ran {
    corpus.run(&[&["verify", "--format", "json"], flags].concat())
}

fn parts(report: &Value) -> Vec<&str> {
    let damages = report["damages"].as_array().expect("a list");
    damages
        .iter()
        .map(|damage| damage["part"].as_str().expect("a name"))
        .collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("room");
        }
    }
}

#[test]
fn one_flipped_byte_is_found_and_what_is_derived_is_restored() {
    let corpus = whole();
    verify(&corpus, &[]).with(0);
    let before = reading(&corpus);
    let all = shown(&corpus).expect("it is whole");
    assert!(all.len() > 10, "{all:?}");
    let safe = tempfile::tempdir().expect("a folder");
    let backup = safe.path().join("corpus");
    copy(&corpus.dir(), &backup);

    let mut numbers = Numbers(11);
    let (mut found, mut repaired) = (0, 0);
    for flip in 0..FLIPS {
        let part = usize::try_from(flip % 3).expect("small");
        let files = &files(&corpus)[part];
        let file = &files[numbers.below(files.len() as u64) as usize];
        let mut bytes = fs::read(file).expect("readable");
        if bytes.is_empty() {
            continue;
        }
        let at = numbers.below(bytes.len() as u64) as usize;
        let old = bytes[at];
        bytes[at] ^= 1 << numbers.below(8);
        fs::write(file, &bytes).expect("room");
        let what = format!("flip {flip}: byte {at} of {}", file.display());

        let said = verify(&corpus, &[]);
        if said.code == Some(0) {
            // A gzip header has bytes that say nothing.
            assert_eq!(reading(&corpus), before, "{what}: {}", said.out);
            assert_eq!(part, 0, "{what}: {}", said.out);
        } else {
            let report = said.with(2).json();
            let expected = ["archive", "catalog", "index"][part];
            assert!(parts(&report).contains(&expected), "{what}: {report}");
            found += 1;
        }
        if part == 2 {
            let shown = shown(&corpus);
            assert!(shown.is_none_or(|shown| shown.is_subset(&all)), "{what}");
        }
        if part > 0 && flip / 3 % REPAIRED == 0 {
            let mended = verify(&corpus, &["--repair"]);
            assert_eq!(
                mended.code,
                Some(0),
                "{what}: {} {}",
                mended.out,
                mended.err
            );
            verify(&corpus, &[]).with(0);
            assert_eq!(reading(&corpus), before, "{what}");
            fs::remove_dir_all(corpus.dir()).expect("it is ours");
            copy(&backup, &corpus.dir());
            repaired += 1;
        } else {
            bytes[at] = old;
            fs::write(file, &bytes).expect("room");
        }
    }
    assert!(
        found >= FLIPS * 9 / 10 && repaired >= 10,
        "{found} found, {repaired} repaired"
    );
}

/// Changes a byte in the middle of `file`.
fn flip(file: &Path) {
    let mut bytes = fs::read(file).expect("readable");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(file, bytes).expect("room");
}

#[test]
fn damage_does_not_live_on_in_what_is_written_next() {
    let corpus = whole();
    let [_, _, index] = files(&corpus);
    let is_postings = |path: &&PathBuf| path.extension().is_some_and(|ending| ending == "idx");
    flip(index.iter().find(is_postings).expect("postings"));
    let page = corpus.page("more.txt", &NOTICE.replace("某某镇", "某某乡"));
    corpus.run(&["import", &page]).with(0);
    let made = corpus.run(&["update"]).with(0);
    assert!(made.err.contains("the old one is damaged"), "{}", made.err);
    verify(&corpus, &[]).with(0);
    corpus.run(&["search", "某某乡", "--literal"]).with(0);
    let before = reading(&corpus)[0].clone();

    // Free room in the catalogue, which nothing reads.
    let catalog = corpus.dir().join("catalog.sqlite");
    let mut bytes = fs::read(&catalog).expect("readable");
    let free = bytes
        .windows(64)
        .position(|bytes| bytes.iter().all(|&byte| byte == 0));
    bytes[free.expect("free room") + 32] = 1;
    fs::write(&catalog, bytes).expect("room");
    for _ in 0..2 {
        let alarmed = corpus.run(&["update"]).with(2);
        assert!(
            alarmed.err.contains("alarm catalog_altered"),
            "{}",
            alarmed.err
        );
        let report = verify(&corpus, &[]).with(2).json();
        assert_eq!(parts(&report), ["catalog"], "{report}");
    }
    verify(&corpus, &["--repair"]).with(0);
    corpus.run(&["update"]).with(0);
    verify(&corpus, &[]).with(0);
    assert_eq!(
        reading(&corpus)[0],
        before,
        "as before the damage to the catalogue"
    );
}

#[test]
fn a_lost_catalogue_comes_back_from_the_archive() {
    let corpus = whole();
    let before = reading(&corpus);
    fs::remove_file(corpus.dir().join("catalog.sqlite")).expect("it is there");
    let report = verify(&corpus, &[]).with(2).json();
    assert_eq!(parts(&report), ["catalog"], "{report}");
    verify(&corpus, &["--repair"]).with(0);
    // Saved searches know no more what they were told; the notices are as before.
    assert_eq!(reading(&corpus)[0], before[0]);
    verify(&corpus, &[]).with(0);
}

#[test]
fn what_only_the_archive_held_is_named_and_the_rest_goes_on() {
    let corpus = whole();
    let before = reading(&corpus);
    let file = files(&corpus)[0][0].clone();
    let mut bytes = fs::read(&file).expect("readable");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 40].fill(0);
    fs::write(&file, bytes).expect("room");
    let report = verify(&corpus, &["--repair"]).with(2).json();
    let damage = &report["damages"][0];
    assert_eq!(damage["part"], "archive", "{report}");
    assert_eq!(damage["cure"], "restore the file from a backup");
    assert_eq!(
        reading(&corpus)[0],
        before[0],
        "the index keeps what it held"
    );
}

#[test]
fn old_generations_go_and_the_archive_stays() {
    let corpus = whole();
    corpus.run(&["index", "--rebuild"]).with(0);
    let archive = fs::read(&files(&corpus)[0][0]).expect("readable");
    let before = reading(&corpus);
    let generations = || {
        fs::read_dir(corpus.dir().join("index"))
            .expect("a folder")
            .count()
    };
    assert_eq!(generations(), 3, "CURRENT, and two generations");
    corpus.run(&["gc"]).with(0);
    assert_eq!(generations(), 2);
    assert_eq!(fs::read(&files(&corpus)[0][0]).expect("readable"), archive);
    assert_eq!(reading(&corpus), before);
}
