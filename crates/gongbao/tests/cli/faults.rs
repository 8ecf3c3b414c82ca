//! What is refused, and with which words.

use std::{fs, io::Read, process::Stdio};

use gongbao_archive::FileLock;

use crate::support::{Corpus, NOTICE, command, sample};

#[test]
fn without_a_corpus_the_cure_is_named() {
    let corpus = Corpus::new();
    let refused = corpus.run(&["status"]).with(2);
    assert!(refused.err.contains("gongbao import"), "{}", refused.err);
    let chinese = corpus.run(&["status", "--lang", "zh"]).with(2);
    assert!(chinese.err.contains("没有语料库"), "{}", chinese.err);
    corpus.run(&["index"]).with(2);
    corpus.run(&["search", "债务"]).with(2);
    assert!(!corpus.dir().exists(), "asking makes nothing");
}

#[test]
fn without_an_index_the_cure_is_named() {
    let corpus = Corpus::new();
    let path = corpus.page("notice.txt", NOTICE);
    corpus.run(&["import", &path]).with(0);
    let refused = corpus.run(&["search", "债务"]).with(2);
    assert!(refused.err.contains("`gongbao index`"), "{}", refused.err);
    let status = corpus.run(&["status", "--format", "json"]).with(0).json();
    assert_eq!(status["index"]["state"], "missing");
}

#[test]
fn an_index_cut_with_another_dictionary_is_refused() {
    let corpus = Corpus::new();
    corpus.with_page("notice.txt", NOTICE);
    fs::write(corpus.dir().join("dictionary.txt"), "某某镇债\n").expect("it is written");
    let refused = corpus.run(&["search", "债务"]).with(2);
    assert!(refused.err.contains("`gongbao index`"), "{}", refused.err);
    let status = corpus.run(&["status", "--format", "json"]).with(0).json();
    assert_eq!(status["index"]["state"], "unusable");
    let done = corpus.run(&["index"]).with(0);
    assert!(done.err.contains("1 of 1 notices cut anew"), "{}", done.err);
    corpus.run(&["search", "债务"]).with(0);
}

#[test]
fn a_foreign_index_is_refused() {
    let corpus = Corpus::new();
    corpus.with_page("notice.txt", NOTICE);
    fs::write(corpus.dir().join("index/CURRENT"), "something else\n").expect("it is written");
    let refused = corpus.run(&["search", "债务"]).with(2);
    assert!(
        refused.err.contains("gongbao index --rebuild"),
        "{}",
        refused.err
    );
    corpus.run(&["index", "--rebuild"]).with(0);
    corpus.run(&["search", "债务"]).with(0);
}

#[test]
fn a_second_writer_is_refused_at_once() {
    let corpus = Corpus::new();
    let path = corpus.page("notice.txt", NOTICE);
    corpus.run(&["import", &path]).with(0);
    let lock = FileLock::take(&corpus.dir().join("corpus.lock")).expect("it is free");
    for arguments in [vec!["import", path.as_str()], vec!["index"]] {
        let refused = corpus.run(&arguments).with(75);
        let pid = std::process::id().to_string();
        assert!(refused.err.contains(&pid), "{}", refused.err);
    }
    drop(lock);
    corpus.run(&["index"]).with(0);
}

#[test]
fn unknown_names_are_errors_with_a_way_on() {
    let corpus = sample();
    let refused = corpus.run(&["search", "--topic", "no-such"]).with(2);
    assert!(refused.err.contains("gongbao topics"), "{}", refused.err);
    corpus.run(&["show", "no-such-id"]).with(2);
    let id = corpus
        .run(&["search", "债务", "--limit", "1"])
        .with(0)
        .jsonl()[0]["id"]
        .clone();
    let name = format!("{}#99.99", id.as_str().expect("an id"));
    let refused = corpus.run(&["show", &name]).with(2);
    assert!(refused.err.contains("--outline"), "{}", refused.err);
    corpus
        .run(&["search", "债务", "--since", "someday"])
        .with(2);
    corpus.run(&["search", "债务", "--no-such-flag"]).with(2);
    corpus.run(&["search"]).with(2);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let dir = sample().dir();
    let dir = dir.to_str().expect("a plain path");
    for arguments in [
        vec!["man"],
        vec!["completions", "bash"],
        vec!["kwic", "的", "--corpus", dir],
        vec!["search", "债务", "--limit", "100", "--corpus", dir],
    ] {
        let mut child = command(&arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        drop(child.stdout.take());
        let mut err = String::new();
        let mut stderr = child.stderr.take().expect("it is piped");
        stderr.read_to_string(&mut err).expect("messages are UTF-8");
        let status = child.wait().expect("it ends");
        assert_eq!(
            (status.code(), err.as_str()),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
}
