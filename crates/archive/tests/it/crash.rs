use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use gongbao_archive::{Archive, ArchiveError, Corpus, Fate, Writer};

use crate::{page, put, snapshot};

/// Tells a test that it runs as the child of another, and where its corpus is.
const CHILD: &str = "GONGBAO_TEST_CORPUS";

fn key(n: usize) -> String {
    format!("https://xing.example.invalid/{n}")
}

/// Text that hardly compresses, different for each `n`.
fn text(n: usize, length: usize) -> String {
    let mut state = n as u64 + 1;
    let next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from(b' ' + u8::try_from(state >> 58).unwrap())
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// That everything the catalogue names is there, and how much it is.
fn check_whole(corpus: &Corpus) -> usize {
    let archive = Archive::open(corpus).unwrap();
    let changes: Vec<_> = archive.changes_since(0).map(Result::unwrap).collect();
    for change in &changes {
        archive.load(&change.notice.newest).unwrap();
    }
    changes.len()
}

#[test]
fn a_crash_at_any_byte_of_the_tail_loses_only_what_was_not_committed() {
    let dir = tempfile::tempdir().unwrap();
    let corpus = Corpus::at(dir.path().join("corpus"));
    let mut writer = Writer::open(&corpus).unwrap();
    put(&mut writer, &key(1), "甲");
    writer.commit().unwrap();
    let file = "archive/gongbao-00001.warc.gz";
    let committed = fs::metadata(corpus.dir().join(file)).unwrap().len();
    put(&mut writer, &key(2), "乙");
    put(&mut writer, &key(3), "丙");

    let crashed = snapshot(&corpus, &dir.path().join("crashed"));
    let path = crashed.dir().join(file);
    let tail = fs::read(&path).unwrap();
    drop(writer);
    for cut in (usize::try_from(committed).unwrap()..=tail.len()).step_by(7) {
        fs::write(&path, &tail[..cut]).unwrap();
        let again = snapshot(&crashed, &dir.path().join("again"));
        let mut writer = Writer::open(&again).unwrap();
        assert_eq!(put(&mut writer, &key(1), "甲"), (1, Fate::Unchanged));
        assert_eq!(put(&mut writer, &key(2), "乙"), (1, Fate::New));
        writer.finish().unwrap();
        assert_eq!(check_whole(&again), 2);
        fs::remove_dir_all(again.dir()).unwrap();
    }
}

/// Runs the test `name` of this binary in another process, with `shell`
/// before it.
#[cfg(unix)]
fn child(name: &str, corpus: &Path, shell: &str) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("{shell} exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env(CHILD, corpus)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Body of the children: writes until it is stopped.
#[test]
fn child_that_writes() {
    let Some(dir) = std::env::var_os(CHILD) else {
        return;
    };
    let mut writer = Writer::open(&Corpus::at(dir)).unwrap();
    for n in 0.. {
        put(&mut writer, &key(n), &text(n, 3_000));
        if n % 20 == 19 {
            writer.commit().unwrap();
        }
    }
}

#[cfg(unix)]
#[test]
fn a_killed_writer_leaves_a_whole_archive_and_no_lock() {
    let dir = tempfile::tempdir().unwrap();
    let corpus = Corpus::at(dir.path());
    let mut last = 0;
    for round in 0..8 {
        let mut writing = child("crash::child_that_writes", dir.path(), "")
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(40 + 23 * round));
        writing.kill().unwrap();
        writing.wait().unwrap();
        // Killed before it even began, at worst.
        if corpus.catalog_path().exists() {
            drop(Writer::open(&corpus).unwrap());
            let now = check_whole(&corpus);
            assert!(now >= last, "{now} after {last}");
            last = now;
        }
    }
    assert!(last > 0, "no child ever committed");
}

/// Body of the child that runs out of room.
#[test]
fn child_that_fills_the_disk() {
    let Some(dir) = std::env::var_os(CHILD) else {
        return;
    };
    let corpus = Corpus::at(dir);
    let mut writer = Writer::open(&corpus).unwrap();
    let mut committed = 0;
    for n in 0..10_000 {
        let text = text(n, 3_000);
        let result = writer
            .put(&page(&key(n), text.as_bytes()))
            .and_then(|_| if n % 10 == 9 { writer.commit() } else { Ok(()) });
        match result {
            Ok(()) if n % 10 == 9 => committed = n + 1,
            Ok(()) => {}
            Err(ArchiveError::DiskFull { .. } | ArchiveError::Catalog { .. }) => {
                // What was put before is kept if there is room for it, all or none.
                let more = writer.commit().is_ok();
                drop(writer);
                let kept = check_whole(&corpus);
                assert!(
                    kept == committed || more && kept == n,
                    "{kept} of {n}, {committed} committed"
                );
                fs::write(corpus.dir().join("full"), n.to_string()).unwrap();
                return;
            }
            Err(error) => panic!("{error}"),
        }
    }
    panic!("the disk never was full");
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_the_next_run_goes_on() {
    for blocks in [280, 337, 500, 1_001] {
        let dir = tempfile::tempdir().unwrap();
        let corpus = Corpus::at(dir.path());
        // A limit on the size of each file, in units of 512 or 1,024 bytes;
        // ignoring the signal makes writes fail instead.
        let shell = format!("trap '' XFSZ; ulimit -f {blocks};");
        child("crash::child_that_fills_the_disk", dir.path(), &shell)
            .status()
            .unwrap();
        let full: usize = fs::read_to_string(dir.path().join("full"))
            .expect("the child ran into the limit and found its archive whole")
            .parse()
            .unwrap();

        let mut writer = Writer::open(&corpus).unwrap();
        for n in 0..full + 5 {
            put(&mut writer, &key(n), &text(n, 3_000));
        }
        writer.finish().unwrap();
        assert_eq!(check_whole(&corpus), full + 5);
    }
}
