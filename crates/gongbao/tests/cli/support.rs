//! Running the program.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
};

use serde_json::Value;
use tempfile::TempDir;

/// What a run left behind.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Fails unless the program ended with `code`.
    #[track_caller]
    pub(crate) fn with(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "out: {}\nerr: {}",
            self.out,
            self.err
        );
        self
    }

    /// Standard output as one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// Standard output as JSON Lines.
    #[track_caller]
    pub(crate) fn jsonl(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| {
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
            })
            .collect()
    }

    /// Standard output as CSV: the header, and the rows.
    #[track_caller]
    pub(crate) fn csv(&self) -> (Vec<String>, Vec<csv::StringRecord>) {
        let mut reader = csv::Reader::from_reader(self.out.as_bytes());
        let header = reader
            .headers()
            .expect("a header")
            .iter()
            .map(str::to_owned)
            .collect();
        (
            header,
            reader.records().map(|row| row.expect("a row")).collect(),
        )
    }
}

/// The program, unaware of the tester's environment.
pub(crate) fn command<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongbao"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .env("LC_ALL", "C");
    for name in ["GONGBAO_CORPUS", "NO_COLOR", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

/// Runs the program with `arguments`.
pub(crate) fn run<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Ran {
    ran(command(arguments).output().expect("it starts"))
}

pub(crate) fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("output is UTF-8"),
        err: String::from_utf8(output.stderr).expect("messages are UTF-8"),
    }
}

/// Runs the program with no file allowed to grow beyond `kib`, which fails as
/// a full disk does.
#[cfg(unix)]
pub(crate) fn run_without_room(
    corpus: &Corpus,
    kib: u32,
    command_line: &str,
) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_gongbao");
    let dir = corpus.dir();
    let script = format!(
        "trap '' XFSZ; ulimit -f {kib}; exec '{program}' --corpus '{}' {command_line}",
        dir.display()
    );
    let output = Command::new("bash")
        .args(["-c", &script])
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .expect("bash");
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// Numbers that look random and are the same in every run.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    /// One from 0 up to `end`, without it.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// A corpus in a temporary folder.
pub(crate) struct Corpus {
    folder: TempDir,
}

impl Corpus {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("corpus")
    }

    /// Runs the program on this corpus.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let dir = self.dir();
        let named = [OsStr::new("--corpus"), dir.as_os_str()];
        run(named.into_iter().chain(arguments.iter().map(OsStr::new)))
    }

    /// Writes a page beside the corpus, and returns its path.
    pub(crate) fn page(&self, name: &str, content: &str) -> String {
        let path = self.folder.path().join("pages").join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        fs::write(&path, content).expect("it is written");
        path.to_str().expect("a plain path").to_owned()
    }

    /// Imports a page with that content and indexes it; returns its id.
    pub(crate) fn with_page(&self, name: &str, content: &str) -> String {
        let path = self.page(name, content);
        let imported = self.run(&["import", &path, "--format", "jsonl"]).with(0);
        self.run(&["index"]).with(0);
        imported.jsonl()[0]["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    }
}

/// The sample, imported as files and indexed; shared by tests that only read.
pub(crate) fn sample() -> &'static Corpus {
    static SAMPLE: OnceLock<Corpus> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let corpus = Corpus::new();
        corpus.run(&["demo"]).with(0);
        corpus
    })
}

/// The pages of the sample.
pub(crate) fn sample_pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/sample/pages")
}

/// A made-up notice as plain text.
pub(crate) const NOTICE: &str = "\
关于化解某某镇债务的通知

发布时间：2025-03-04  来源：某某镇人民政府

各村：
一、总体要求
（一）摸清底数。逐村清理债务，建立台账。
（二）化解债务。通过盘活资产偿还债务12.5万元。
二、工作保障
（一）压实责任。各村主要负责人负总责。

某某镇人民政府
2025年3月3日
";
