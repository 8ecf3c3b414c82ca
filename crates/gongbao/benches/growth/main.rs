//! How indexing and searching grow with the corpus, from ten thousand passages
//! to a million, by the program as users run it:
//! `cargo bench -p gongbao --bench growth`. Takes half an hour and 10 GB of
//! disk; `-- 10000 100000` measures these sizes only.

#![expect(clippy::print_stdout, reason = "a bench is there to print")]

mod grown;
#[path = "../shared/memory.rs"]
mod memory;
mod questions; // what is asked
mod served; // asking the server

use std::{
    env,
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use gongbao_notice::{Divisions, Reader};

use crate::{
    grown::Grown,
    memory::{Peak, mib, watched},
    questions::Questions,
    served::Served,
};

/// Passages.
const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
/// How often a command is run; its median is told.
const ROUNDS: usize = 5;
/// A budget for those with little memory, in MiB.
const SMALL_BUDGET: &str = "64";

fn main() {
    // A client needs one, though it asks this machine only.
    let provider = rustls::crypto::ring::default_provider();
    provider.install_default().expect("it is the first");
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let real: Vec<_> = ["govcn_policy", "gov_reports", "laws"]
        .iter()
        .filter_map(|name| File::open(shared.join(format!("{name}.jsonl.zst"))).ok())
        .flat_map(|file| {
            let text = String::from_utf8(zstd::decode_all(file).expect("zstd")).expect("UTF-8");
            let row = |line| serde_json::from_str(line).expect("a row");
            text.lines().map(row).collect::<Vec<_>>()
        })
        .collect();
    if real.is_empty() {
        println!("skipped: the corpora are not beside the project");
        return;
    }
    let named: Vec<usize> = env::args().filter_map(|size| size.parse().ok()).collect();
    let sizes = if named.is_empty() { &SIZES[..] } else { &named };

    let reader = Reader::new(Divisions::builtin());
    let folder = tempfile::tempdir().expect("a folder");
    let rows = folder.path().join("rows.jsonl");
    let mut grown = Grown::new(&reader, real);
    let mut questions = Questions::default();
    let (mut passages, mut bytes) = (0, 0);
    let mut last: Option<Measured> = None;
    for &size in sizes {
        let mut file = BufWriter::new(
            File::options()
                .create(true)
                .append(true)
                .open(&rows)
                .expect("room"),
        );
        while passages < size {
            let notice = grown.next();
            passages += notice.passages;
            bytes += notice.text.len();
            questions.take_from(&notice.text);
            writeln!(file, "{}", notice.row).expect("room");
        }
        file.flush().expect("room");
        let corpus = folder.path().join(size.to_string());
        println!(
            "\n{passages} passages, {:.1} MB of text",
            bytes as f64 / 1e6
        );
        let measured = measure(&corpus, &rows, &questions, passages, bytes);
        if let Some(last) = last {
            measured.beside(&last);
        }
        last = Some(measured);
        fs::remove_dir_all(corpus).expect("it is ours");
    }
}

/// What is to grow no faster than it must.
struct Measured {
    passages: f64,
    index: f64,
    two_words: f64,
}

impl Measured {
    /// By which power of the number of passages figures grew since `last`.
    fn beside(&self, last: &Self) {
        let factor = (self.passages / last.passages).ln();
        println!(
            "grown since the last size by a power of: indexing {:.2}, two words {:.2}",
            (self.index / last.index).ln() / factor,
            (self.two_words / last.two_words).ln() / factor
        );
    }
}

fn measure(
    corpus: &Path,
    rows: &Path,
    questions: &Questions,
    passages: usize,
    bytes: usize,
) -> Measured {
    let import = run(corpus, &["import", &rows.to_string_lossy()]);
    println!("import: {:.1} s, {}", import.seconds, import.memory());
    let index = run(corpus, &["index"]);
    println!("index: {:.1} s, {}", index.seconds, index.memory());
    let small = run(corpus, &["index", "--rebuild", "--memory", SMALL_BUDGET]);
    println!(
        "index with a budget of {SMALL_BUDGET} MiB: {:.2} of that time, {}",
        small.seconds / index.seconds,
        small.memory()
    );
    let size = folder_size(&current(corpus));
    println!("index size / text: {:.2}", size as f64 / bytes as f64);

    for arguments in [
        &["--help"][..],
        &["search", "债务 化解"],
        &["search", "\"人民政府\""],
        &["kwic", "债务化解", "--limit", "20"],
        &["topics"],
    ] {
        let mut runs: Vec<_> = (0..ROUNDS)
            .map(|_| run(corpus, arguments).seconds)
            .collect();
        runs.sort_by(f64::total_cmp);
        println!(
            "gongbao {}: {:.0} ms",
            arguments.join(" "),
            runs[ROUNDS / 2] * 1000.0
        );
    }

    let served = Served::start(corpus);
    println!("server ready after {:.0} ms", served.ready_ms);
    let mut two_words = f64::NAN;
    for (kind, asked) in questions.sets() {
        let took = served.ask(&asked);
        println!(
            "{kind}, {} asked: p50 {:.2} ms, p99 {:.2} ms",
            asked.len(),
            took.percentile(50),
            took.percentile(99)
        );
        if kind == questions::TWO_WORDS {
            two_words = took.percentile(50);
        }
    }
    let own = mib(served.process(), "RssAnon").unwrap_or_default();
    println!("memory of the server after that, beyond the cache of files: {own} MiB");
    served.pick_up(|| {
        let row = corpus.with_extension("more.jsonl");
        fs::write(
            &row,
            "{\"id\":\"more\",\"title\":\"又一篇\",\"text\":\"又一篇公报。\"}\n",
        )
        .expect("room");
        run(corpus, &["import", &row.to_string_lossy()]);
        run(corpus, &["index"]);
    });
    Measured {
        passages: passages as f64,
        index: index.seconds,
        two_words,
    }
}

/// What a run of the program took.
struct Run {
    seconds: f64,
    peak: Peak,
}

impl Run {
    fn memory(&self) -> String {
        let Peak { all, own } = self.peak;
        format!("peak memory {all} MiB, {own} of its own")
    }
}

fn run(corpus: &Path, arguments: &[&str]) -> Run {
    let began = Instant::now();
    let mut child = gongbao(corpus, arguments)
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let (status, peak) = watched(&mut child, Duration::from_micros(500));
    // 1 is a search that found nothing.
    assert!(
        status.code().is_some_and(|code| code < 2),
        "{arguments:?} ended with {status}"
    );
    Run {
        seconds: began.elapsed().as_secs_f64(),
        peak,
    }
}

fn gongbao(corpus: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongbao"));
    command
        .arg("--corpus")
        .arg(corpus)
        .args(arguments)
        .arg("--quiet");
    command
}

/// The folder of the generation in force.
fn current(corpus: &Path) -> PathBuf {
    let index = corpus.join("index");
    let name = fs::read_to_string(index.join("CURRENT")).expect("an index");
    index.join(name.trim())
}

fn folder_size(dir: &Path) -> u64 {
    let files = fs::read_dir(dir).expect("a folder").flatten();
    files
        .map(|file| file.metadata().expect("a file").len())
        .sum()
}

/// Ends the server whatever happens.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself; either way nobody waits for it.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
