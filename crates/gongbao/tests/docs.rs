//! Runs the examples of the documentation: every command in a `console` block
//! of the READMEs and of `docs/` does what is printed below it.
//!
//! Each document has a folder of its own with the sample's pages in `pages/`.
//! A block whose fence names a file after its language (`toml corpus/x.toml`)
//! is put there. `# exits 1` behind a command tells its exit code if not 0, and
//! `…` in the lines below stands for anything.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Something in a document that is acted on, in order.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// A file to be there from here on.
    File { path: String, text: String },
    /// A command and lines of what it prints.
    Run {
        line: usize,
        command: String,
        shown: Vec<String>,
    },
}

/// The steps of a Markdown text.
fn steps(markdown: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut fence: Option<String> = None;
    for (index, text) in markdown.lines().enumerate() {
        match (&fence, text.strip_prefix("```")) {
            (None, Some(info)) => {
                if let Some((_, path)) = info.split_once(' ') {
                    steps.push(Step::File {
                        path: path.to_owned(),
                        text: String::new(),
                    });
                }
                fence = Some(info.to_owned());
            }
            (Some(_), Some(_)) => fence = None,
            (Some(info), None) if info == "console" => {
                if let Some(command) = text.strip_prefix("$ ") {
                    steps.push(Step::Run {
                        line: index + 1,
                        command: command.to_owned(),
                        shown: Vec::new(),
                    });
                } else if let Some(Step::Run { shown, .. }) = steps.last_mut() {
                    shown.extend(Some(text.trim().to_owned()).filter(|text| !text.is_empty()));
                }
            }
            (Some(info), None) if info.contains(' ') => {
                if let Some(Step::File { text: whole, .. }) = steps.last_mut() {
                    whole.push_str(text);
                    whole.push('\n');
                }
            }
            _ => {}
        }
    }
    steps
}

/// The words of a command up to a pipe, and its comment, as a shell reads them.
fn words(command: &str) -> (Vec<String>, String) {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => return (words, chars.as_str().trim().to_owned()),
            (None, '|' | '>') => break,
            (None, ' ') => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    (words, String::new())
}

/// Whether `line` is `shown`, where each `…` of it stands for anything.
fn is_shown(shown: &str, line: &str) -> bool {
    let mut pieces = shown.split('…');
    let Some(mut rest) = line.strip_prefix(pieces.next().unwrap_or("")) else {
        return false;
    };
    let mut last = None;
    for piece in pieces {
        last = Some(piece);
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    match last {
        None => rest.is_empty(),
        Some(piece) => line.ends_with(piece),
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the sample is there") {
        let entry = entry.expect("the sample can be read");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("the sample can be read").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the sample can be copied");
        }
    }
}

/// Runs the steps of the document `name` and returns how many commands it has.
#[track_caller]
fn check(name: &str) -> usize {
    let path = root().join(name);
    let markdown = fs::read_to_string(&path).expect("the document is there");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut commands = 0;
    for step in steps(&markdown) {
        match step {
            Step::File { path, text } => {
                let path = folder.path().join(path);
                fs::create_dir_all(path.parent().expect("in the folder")).expect("a folder");
                fs::write(path, text).expect("room");
            }
            Step::Run {
                line,
                command,
                shown,
            } => {
                let (words, comment) = words(&command);
                if words.first().is_none_or(|word| word != "gongbao") {
                    continue;
                }
                if commands == 0 {
                    copy(
                        &root().join("data/sample/pages"),
                        &folder.path().join("pages"),
                    );
                }
                commands += 1;
                let place = format!("{name}, line {line}: {command}");
                run(&place, &words[1..], &comment, &shown, folder.path());
            }
        }
    }
    commands
}

fn run(place: &str, words: &[String], comment: &str, shown: &[String], folder: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongbao"));
    command.args(words).current_dir(folder);
    // As at a terminal a hundred columns wide.
    let has_format = |word: &String| word.starts_with("--format") || word.starts_with("--output");
    if !words.iter().any(has_format) {
        command.args(["--format", "table"]);
    }
    command.env("COLUMNS", "100").env("LC_ALL", "C.UTF-8");
    command.env_remove("GONGBAO_CORPUS");
    let output = command.output().expect("the program starts");
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8(printed).expect("UTF-8");

    let code = comment.strip_prefix("exits ").map_or(0, |code| {
        code.parse().expect("an exit code follows “exits”")
    });
    assert_eq!(output.status.code(), Some(code), "{place}\n{printed}");
    for line in shown {
        assert!(
            printed.lines().any(|real| is_shown(line, real.trim())),
            "{place}\nis said to print\n{line}\nand prints\n{printed}"
        );
    }
}

#[test]
fn the_examples_of_the_readme_are_true() {
    assert!(check("README.md") > 0);
}

#[test]
fn the_examples_of_the_chinese_readme_are_true() {
    assert!(check("README.zh-CN.md") > 0);
}

#[test]
fn the_examples_of_the_documentation_are_true() {
    let entries = fs::read_dir(root().join("docs")).expect("docs is there");
    let mut commands = 0;
    for entry in entries {
        let name = entry.expect("docs can be read").file_name();
        let name = name.to_string_lossy();
        if name.ends_with(".md") {
            commands += check(&format!("docs/{name}"));
        }
    }
    assert!(commands > 0);
}

#[test]
fn documents_are_read_as_people_read_them() {
    let text = "```text a/b.txt\nx\n```\n```console\n$ gongbao search 'a b' \"c\"  # exits 1\nnothing … matches\n```\n";
    let expected = [
        Step::File {
            path: "a/b.txt".to_owned(),
            text: "x\n".to_owned(),
        },
        Step::Run {
            line: 5,
            command: "gongbao search 'a b' \"c\"  # exits 1".to_owned(),
            shown: vec!["nothing … matches".to_owned()],
        },
    ];
    assert_eq!(steps(text), expected);
    let (words, comment) = words("gongbao search '\"a b\"'  # exits 1");
    assert_eq!(words, ["gongbao", "search", "\"a b\""]);
    assert_eq!(comment, "exits 1");
    assert!(is_shown("7 notices (… ms)", "7 notices (1.2 ms)"));
    assert!(!is_shown("7 notices", "17 notices"));
    assert!(!is_shown("7 notices", "7 notices or so"));
    assert!(is_shown("…", ""));
}
