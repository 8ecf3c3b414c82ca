//! How a night goes wrong.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

use rusqlite::Connection;

use super::Month;

/// How long another program holds the catalogue: less than is waited for it.
const HELD: Duration = Duration::from_millis(800);

/// A run takes no longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// Nothing.
    Calm,
    /// The run is killed.
    Killed(Moment),
    /// There is no room left on a disk.
    NoRoom(Part),
    /// Another program holds the catalogue for a while.
    Locked,
}

/// When a run is killed: as soon as this is seen from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Moment {
    /// The site was asked for some pages.
    Crawl,
    /// Pages are read into a new generation.
    Index,
    /// It is written, and not yet in force.
    Publish,
    /// It is in force; saved searches are next.
    Watch,
    /// An alert stands in a file, and perhaps not yet that it does.
    Tell,
}

/// What lies on the disk that is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Archive,
    Index,
    Told,
    /// All of it, the catalogue too.
    Corpus,
}

impl Fault {
    /// Whether it can be brought about here.
    pub(super) fn can_strike(self) -> bool {
        match self {
            Self::Calm => false,
            Self::NoRoom(_) => may_mount(),
            Self::Killed(_) | Self::Locked => true,
        }
    }

    /// A run to which it happens. Whether it did.
    pub(super) fn strike(self, month: &mut Month) -> bool {
        match self {
            Self::Calm => false,
            Self::Killed(moment) => moment.kill(month),
            Self::NoRoom(part) if may_mount() => part.fill(month),
            Self::NoRoom(_) => false,
            Self::Locked => lock(month),
        }
    }
}

impl Moment {
    fn kill(self, month: &mut Month) -> bool {
        let index = month.field.corpus.dir().join("index");
        let current = || fs::read_to_string(index.join("CURRENT")).unwrap_or_default();
        let before = current();
        let number: u64 = before.trim()["generation-".len()..]
            .parse()
            .expect("a number");
        let next = index.join(format!("generation-{:06}", number + 1));
        let log = month.field.web.log();
        let visits = log.len() + 2 + month.numbers.below(4) as usize;
        let alerts = month.told_dir().join("a.jsonl");
        let length = || fs::metadata(&alerts).map_or(0, |file| file.len());
        let told = length();
        let is_there = || match self {
            Self::Crawl => log.len() >= visits,
            Self::Index => next.is_dir(),
            Self::Publish => next.join("SHA256SUMS").exists(),
            Self::Watch => current() != before,
            Self::Tell => length() > told,
        };
        let mut child = quietly(month.update()).spawn().expect("it starts");
        let started = Instant::now();
        while !is_there() && child.try_wait().expect("it is ours").is_none() {
            assert!(started.elapsed() < PATIENCE, "{self:?}");
            thread::sleep(Duration::from_micros(200));
        }
        child.kill().expect("it is ours");
        child.wait().expect("it ends").code().is_none()
    }
}

impl Part {
    /// Runs with that part on a small file system of memory, in a name space
    /// of its own, where some nights nothing fits and in others a little.
    fn fill(self, month: &mut Month) -> bool {
        let corpus = month.field.corpus.dir();
        let folder = match self {
            Self::Archive => corpus.join("archive"),
            Self::Index => corpus.join("index"),
            Self::Told => month.told_dir(),
            Self::Corpus => corpus,
        };
        let free = [0, 12, 60][month.numbers.below(3) as usize];
        let status = quietly(on_a_small_disk(&folder, free, &month.update())).status();
        let code = status.expect("bash").code();
        assert!(
            matches!(code, Some(0 | 2)),
            "{self:?}, {free} KiB: {code:?}"
        );
        code == Some(2)
    }
}

fn quietly(mut command: Command) -> Command {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn on_a_small_disk(folder: &Path, free_kib: u32, run: &Command) -> Command {
    const SCRIPT: &str = r#"
        disk=$(mktemp -d)
        size=$(($(du -sk "$FOLDER" | cut -f1) + FREE))
        mount -t tmpfs -o size=${size}k tmpfs "$disk" && cp -a "$FOLDER/." "$disk" || exit 3
        cat /dev/zero 2>/dev/null >"$disk/filler"; truncate -s "-${FREE}K" "$disk/filler"
        mount --bind "$disk" "$FOLDER" || exit 3
        "$@"; code=$?
        umount "$FOLDER" && rm "$disk/filler"
        find "$FOLDER" -mindepth 1 -delete && cp -a "$disk/." "$FOLDER" || exit 3
        umount "$disk"; rmdir "$disk"; exit $code"#;
    let mut command = Command::new("unshare");
    command
        .args(["-rm", "bash", "-c", SCRIPT, "bash"])
        .arg(run.get_program())
        .args(run.get_args())
        .envs(
            run.get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .env("FOLDER", folder)
        .env("FREE", free_kib.to_string());
    command
}

/// Whether file systems may be made here, in a name space.
#[expect(
    clippy::print_stderr,
    reason = "who reads the log should know of faults left out"
)]
fn may_mount() -> bool {
    static MAY: OnceLock<bool> = OnceLock::new();
    *MAY.get_or_init(|| {
        let tried = Command::new("unshare")
            .args(["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"])
            .output();
        let may = tried.is_ok_and(|output| output.status.success());
        if !may {
            eprintln!("skipped: no disk is full, as no file system may be made here");
        }
        may
    })
}

/// Another program holds the catalogue. Every other time the run is killed
/// while it waits; else it goes on when the catalogue is free.
fn lock(month: &mut Month) -> bool {
    let path: PathBuf = month.field.corpus.dir().join("catalog.sqlite");
    let other = Connection::open(path).expect("it opens");
    other.execute_batch("BEGIN EXCLUSIVE").expect("it is free");
    let mut child = quietly(month.update()).spawn().expect("it starts");
    thread::sleep(HELD);
    let waits = child.try_wait().expect("it is ours").is_none();
    if month.numbers.below(2) == 0 {
        child.kill().expect("it is ours");
    }
    other.execute_batch("ROLLBACK").expect("it was begun");
    child.wait().expect("it ends");
    waits
}
