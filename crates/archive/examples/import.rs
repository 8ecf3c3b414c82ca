//! How long importing takes, and reading everything back:
//! `cargo run --release -p gongbao-archive --example import -- CORPUS [PATH…]`

#![expect(clippy::print_stdout, reason = "it is run by hand for its figures")]

use std::{path::PathBuf, time::Instant};

use gongbao_archive::{Archive, Corpus, ImportEvent, ImportOptions, Writer, import};
use jiff::Timestamp;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let corpus = Corpus::at(arguments.next().ok_or("which corpus?")?);
    let paths: Vec<_> = arguments.collect();

    if !paths.is_empty() {
        let start = Instant::now();
        let mut writer = Writer::open(&corpus)?;
        let options = ImportOptions::new(Timestamp::now(), |bytes| {
            std::str::from_utf8(bytes)
                .map(|_| ())
                .map_err(|error| error.to_string())
        });
        let report = import(&mut writer, &paths, &options, &mut |event| {
            if let ImportEvent::Skipped(skip) = event {
                println!("{}: {}", skip.place, skip.reason);
            }
        })?;
        writer.finish()?;
        println!("imported in {:.2?}: {report:?}", start.elapsed());
    }

    let start = Instant::now();
    let archive = Archive::open(&corpus)?;
    let (mut notices, mut bytes) = (0, 0);
    for change in archive.changes_since(0) {
        bytes += archive.load(&change?.notice.newest)?.bytes.len();
        notices += 1;
    }
    println!(
        "loaded {notices} notices, {bytes} bytes, in {:.2?}",
        start.elapsed()
    );

    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find(|line| line.starts_with("VmHWM"));
        println!("{}", peak.unwrap_or_default());
    }
    Ok(())
}
