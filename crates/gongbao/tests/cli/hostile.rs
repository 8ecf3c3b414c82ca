//! Pages that try to speak to the reader's terminal.

use crate::support::{Corpus, NOTICE};

/// What must never reach a terminal from a page.
fn is_hostile(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}')
}

fn hostile_notice() -> String {
    NOTICE
        .replace("某某镇债务的通知", "某某镇\u{202e}债务\u{2066}的通知")
        .replace(
            "偿还债务",
            "偿还\u{1b}]0;owned\u{7}债务\u{9b}2J\u{200b}\u{1b}[31m",
        )
        .replace("压实责任", "压实\u{202e}\u{2067}责任")
}

#[test]
fn no_page_speaks_to_the_terminal() {
    let corpus = Corpus::new();
    let id = corpus.with_page("notice.txt", &hostile_notice());
    let item = format!("{id}#1.2");
    for arguments in [
        vec!["search", "债务"],
        vec!["search", "债务", "--unit", "passage", "--explain"],
        vec!["kwic", "债务"],
        vec!["show", &id],
        vec!["show", &item],
        vec!["show", &id, "--outline"],
        vec!["status"],
    ] {
        for format in ["table", "json", "jsonl"] {
            let ran = corpus
                .run(&[&arguments[..], &["--format", format]].concat())
                .with(0);
            let found = ran
                .out
                .chars()
                .chain(ran.err.chars())
                .find(|&c| is_hostile(c));
            assert_eq!(found, None, "{arguments:?} {format}: {}", ran.out);
        }
    }
    let page = corpus
        .run(&["search", "债务", "--format", "table"])
        .with(0)
        .out;
    assert!(page.contains("\\u{202e}"), "{page}");
}

#[test]
fn no_question_or_name_speaks_to_the_terminal() {
    let corpus = Corpus::new();
    corpus.with_page("notice.txt", NOTICE);
    for arguments in [
        vec!["search", "债务 \u{1b}[31m:x AND"],
        vec!["search", "--topic", "\u{1b}[31m"],
        vec!["search", "债务", "--since", "\u{1b}[31m"],
        vec!["show", "\u{1b}[31m"],
        vec!["import", "\u{1b}[31m-no-such-file"],
        vec!["kwic", "\u{1b}[31m"],
    ] {
        let ran = corpus.run(&[&arguments[..], &["--format", "table"]].concat());
        assert!(!ran.err.contains('\u{1b}'), "{arguments:?}: {:?}", ran.err);
        assert!(!ran.out.contains('\u{1b}'), "{arguments:?}: {:?}", ran.out);
    }
}
