//! How fast rows and pages are read: `cargo run --release -p gongbao-notice
//! --example speed -- rows.jsonl page.html …`.

use std::{env, fs, time::Instant};

use gongbao_notice::{Divisions, Page, Reader, Row};

#[expect(clippy::print_stdout, reason = "a measurement for a person to read")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let reader = Reader::new(Divisions::builtin());
    println!("divisions loaded in {:?}", start.elapsed());
    for path in env::args().skip(1) {
        let bytes = fs::read(&path)?;
        if path.ends_with(".jsonl") {
            let rows: Vec<Row> = bytes
                .split(|&b| b == b'\n')
                .filter(|line| !line.is_empty())
                .map(serde_json::from_slice)
                .collect::<Result<_, _>>()?;
            let size: usize = rows.iter().map(|row| row.text.len()).sum();
            let start = Instant::now();
            let places = rows
                .iter()
                .filter(|row| reader.read_row(row).region.is_some())
                .count();
            let took = start.elapsed();
            let speed = size as f64 / 1e6 / took.as_secs_f64();
            println!(
                "{path}: {} rows, {places} with a place, {took:?}, {speed:.0} MB/s",
                rows.len()
            );
        } else {
            let rounds = 20;
            let start = Instant::now();
            for _ in 0..rounds {
                let page = Page {
                    bytes: &bytes,
                    ..Page::default()
                };
                std::hint::black_box(reader.read(&page));
            }
            println!(
                "{path}: {} bytes, {:?}",
                bytes.len(),
                start.elapsed() / rounds
            );
        }
    }
    Ok(())
}
