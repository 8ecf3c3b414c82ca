//! `demo`.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::Stdio,
};

use crate::support::{Corpus, command, ran, run, sample};

#[test]
fn the_demo_answers_both_topics_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = command(["demo"])
        .current_dir(folder.path())
        .env("TMPDIR", folder.path())
        .output();
    let done = ran(output.expect("it starts")).with(0);
    for part in [
        "--topic debt-resolution",
        "--topic yangtze-fishing-ban",
        "化解隐性债务",
        "退捕",
        "gongbao demo --corpus sample",
    ] {
        assert!(done.out.contains(part), "{part} is missing:\n{}", done.out);
    }
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn the_corpus_in_the_environment_is_left_alone() {
    let corpus = Corpus::new();
    let output = command(["demo"])
        .env("GONGBAO_CORPUS", corpus.dir())
        .output();
    ran(output.expect("it starts")).with(0);
    assert!(!corpus.dir().exists());
}

#[test]
fn a_named_corpus_is_kept_and_gives_the_same_answer() {
    let corpus = Corpus::new();
    let first = corpus.run(&["demo"]).with(0);
    let page = corpus.run(&[
        "search",
        "--topic",
        "debt-resolution",
        "--limit",
        "3",
        "--format",
        "table",
    ]);
    let title = page.with(0).out.lines().next().expect("a hit").to_owned();
    assert!(first.out.contains(&title), "{title}");
    // Once more changes nothing.
    corpus.run(&["demo"]).with(0);
    let status = corpus.run(&["status", "--format", "json"]).with(0).json();
    assert_eq!(status["notices"], status["versions"]);
}

#[test]
fn the_demo_does_not_mix_with_other_notices() {
    let corpus = Corpus::new();
    corpus.with_page("a.txt", crate::support::NOTICE);
    let refused = corpus.run(&["demo"]).with(2);
    assert!(refused.err.contains("not of the sample"), "{}", refused.err);
}

#[test]
fn the_demo_speaks_chinese_and_json() {
    let chinese = run(["demo", "--lang", "zh"]).with(0);
    assert!(chinese.out.contains("虚构地市"), "{}", chinese.out);
    let answers = run(["demo", "--format", "json"]).with(0).json();
    assert_eq!(answers.as_array().map(Vec::len), Some(2));
}

#[test]
fn the_sample_has_its_made_up_places() {
    let found = sample()
        .run(&["search", "债务", "--region", "沅南省", "--limit", "100"])
        .with(0);
    assert!(found.jsonl().len() > 5);
}

#[cfg(unix)]
#[test]
fn the_demo_can_be_read_in_a_browser_until_it_is_interrupted() {
    let mut demo = command(["demo", "--serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(demo.stdout.take().expect("a pipe")).lines();
    let host = lines
        .map(|line| line.expect("text"))
        .find_map(|line| {
            Some(
                line.strip_prefix("http://")?
                    .trim_end_matches('/')
                    .to_owned(),
            )
        })
        .expect("its address");
    let mut stream = TcpStream::connect(&host).expect("it listens");
    write!(
        stream,
        "GET /topics/debt-resolution HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .expect("it listens");
    let mut page = String::new();
    stream.read_to_string(&mut page).expect("a page");
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    assert!(page.contains("Debt resolution"), "{page}");
    let told = std::process::Command::new("kill")
        .args(["-INT", &demo.id().to_string()])
        .status();
    assert!(told.expect("kill").success());
    assert_eq!(demo.wait().expect("it ends").code(), Some(0));
}
