//! A corpus in a folder that cannot be written to, read by a user without
//! rights: as a service does.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::support::{NOTICE, ran, run, sample_pages};

/// A user that owns nothing.
const NOBODY: u32 = 65_534;

struct Sealed {
    // Its files are given back their rights when dropped.
    folder: TempDir,
    program: PathBuf,
    is_root: bool,
}

impl Sealed {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let corpus = folder.path().join("corpus");
        let dir = corpus.to_str().expect("a plain path").to_owned();
        let page = folder.path().join("a.txt");
        fs::write(&page, NOTICE).expect("it is written");
        let pages = [page, sample_pages()].map(|path| path.display().to_string());
        run(["--corpus", &dir, "import", &pages[0], &pages[1]]).with(0);
        run(["--corpus", &dir, "index"]).with(0);
        let is_root = fs::metadata("/proc/self").is_ok_and(|owner| {
            use std::os::unix::fs::MetadataExt;
            owner.uid() == 0
        });
        // Where others may not enter, nobody cannot run the program.
        let mut program = PathBuf::from(env!("CARGO_BIN_EXE_gongbao"));
        if is_root {
            let copy = folder.path().join("gongbao");
            fs::copy(&program, &copy).expect("it is copied");
            program = copy;
        }
        let sealed = Self {
            folder,
            program,
            is_root,
        };
        sealed.allow(0o555, 0o444);
        set(sealed.folder.path(), 0o755);
        set(&sealed.program, 0o755);
        sealed
    }

    fn corpus(&self) -> PathBuf {
        self.folder.path().join("corpus")
    }

    /// Gives all folders and files of the corpus these rights.
    fn allow(&self, folders: u32, files: u32) {
        let mut left = vec![self.corpus()];
        while let Some(path) = left.pop() {
            if path.is_dir() {
                let inside = fs::read_dir(&path).expect("it is read");
                left.extend(inside.map(|entry| entry.expect("it is read").path()));
                set(&path, folders);
            } else {
                set(&path, files);
            }
        }
    }

    /// The program with `arguments`, as a user who may write nothing here.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg("--corpus")
            .arg(self.corpus())
            .args(arguments)
            .current_dir("/")
            .stdin(Stdio::null())
            .env("LC_ALL", "C");
        if self.is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }
}

impl Drop for Sealed {
    fn drop(&mut self) {
        self.allow(0o755, 0o644);
    }
}

fn set(path: &Path, mode: u32) {
    // A program that is shared with other tests is as it should be already.
    let _ = fs::set_permissions(path, fs::Permissions::from_mode(mode));
}

#[test]
fn a_user_without_rights_reads_a_sealed_corpus() {
    let sealed = Sealed::new();
    let before = listing(&sealed.corpus());
    for arguments in [
        &["search", "债务"][..],
        &["kwic", "债务"],
        &["facts", "债务"],
        &["count", "债务", "--by", "month"],
        &["export", "--format", "csv"],
        &["status"],
        &["topics", "list"],
    ] {
        let done = ran(sealed.command(arguments).output().expect("it starts")).with(0);
        assert!(!done.out.is_empty(), "{arguments:?}");
    }
    // What must write says so.
    for arguments in [&["index", "--rebuild"][..], &["import", "/proc/version"]] {
        let done = ran(sealed.command(arguments).output().expect("it starts")).with(2);
        assert!(done.err.contains("ermission denied"), "{}", done.err);
    }
    assert_eq!(listing(&sealed.corpus()), before);
}

#[test]
fn a_user_without_rights_serves_a_sealed_corpus() {
    let sealed = Sealed::new();
    let before = listing(&sealed.corpus());
    let mut server = sealed
        .command(&["serve", "--quiet", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut address = String::new();
    BufReader::new(server.stdout.take().expect("a pipe"))
        .read_line(&mut address)
        .expect("its address");
    let host = address.trim().trim_start_matches("http://");
    let host = host.trim_end_matches('/').to_owned();
    let get = |path: &str| {
        let mut stream = TcpStream::connect(&host).expect("it listens");
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .expect("it listens");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        String::from_utf8_lossy(&answer).into_owned()
    };
    let found = get("/api/v1/search?q=%E5%80%BA%E5%8A%A1&limit=1");
    let id = found.split("\"id\": \"").nth(1).expect("a hit");
    let id = id.split('"').next().expect("an id").to_owned();
    for path in [
        "/",
        "/search?q=%E5%80%BA%E5%8A%A1",
        "/status",
        "/readyz",
        "/feeds/topics/debt-resolution.atom",
        &format!("/notices/{id}"),
        &format!("/notices/{id}/archived"),
        &format!("/notices/{id}/cite"),
    ] {
        let answer = get(path);
        let status = answer.lines().next().unwrap_or_default();
        assert_eq!(status, "HTTP/1.1 200 OK", "{path}");
    }
    server.kill().expect("it ends");
    server.wait().expect("it ends");
    assert_eq!(listing(&sealed.corpus()), before);
}

/// All paths below `folder`, sorted.
fn listing(folder: &Path) -> Vec<PathBuf> {
    let mut all = vec![folder.to_owned()];
    let mut at = 0;
    while let Some(path) = all.get(at).cloned() {
        if path.is_dir() {
            let inside = fs::read_dir(&path).expect("it is read");
            all.extend(inside.map(|entry| entry.expect("it is read").path()));
        }
        at += 1;
    }
    all.sort();
    all
}
