//! Turns the word lists in `data/dict` into one sorted map, embedded in the
//! library: words are then looked up where they lie, with nothing to load.

use std::{
    collections::BTreeMap,
    env, fs,
    io::Read,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

fn main() {
    let dict = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"))
        .join("../../data/dict");
    let general = dict.join("jieba.txt.zst");
    let government = dict.join("government.txt");
    for path in [&general, &government] {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    let mut words = BTreeMap::new();
    read_words(&unpack(&general), &mut words);
    read_words(
        &fs::read_to_string(&government).expect("data/dict/government.txt"),
        &mut words,
    );

    let map = fst::Map::from_iter(words.iter().map(|(word, &frequency)| (word, frequency)))
        .expect("a BTreeMap is sorted");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    fs::write(out.join("words.fst"), map.as_fst().as_bytes()).expect("writing words.fst");
    // Hashing the map takes longer than answering a question with it.
    let digest = Sha256::digest(map.as_fst().as_bytes());
    fs::write(out.join("words.sha256"), digest).expect("writing words.sha256");
    let total: u64 = words.values().sum();
    fs::write(out.join("total.rs"), format!("{total}_u64")).expect("writing total.rs");
}

fn unpack(path: &Path) -> String {
    let file = fs::File::open(path).expect("data/dict/jieba.txt.zst");
    let mut text = String::new();
    zstd::Decoder::new(file)
        .and_then(|mut decoder| decoder.read_to_string(&mut text))
        .expect("a zstd file of UTF-8 text");
    text
}

/// Lines of `word frequency …`; a later line for the same word wins.
fn read_words(text: &str, words: &mut BTreeMap<String, u64>) {
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split_ascii_whitespace();
        if let (Some(word), Some(frequency)) = (columns.next(), columns.next()) {
            let frequency = frequency.parse().expect("a whole number after the word");
            words.insert(word.to_lowercase(), frequency);
        }
    }
}
