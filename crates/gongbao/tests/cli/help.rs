//! Help, man page, completions.

use crate::support::run;

#[track_caller]
fn check(command: &[&str], flags: &[&str]) {
    let help = run([command, &["--help"]].concat()).with(0).out;
    for flag in flags {
        assert!(
            help.contains(flag),
            "{flag} is not in the help of {command:?}:\n{help}"
        );
    }
    let chinese = run([command, &["--help", "--lang", "zh"]].concat())
        .with(0)
        .out;
    for flag in flags {
        assert!(
            chinese.contains(flag),
            "{flag} is not in the Chinese help of {command:?}"
        );
    }
    assert!(chinese.contains("用法：gongbao"), "{chinese}");
    for english in [
        "Usage",
        "Options:",
        "Print",
        "Only ",
        "[default",
        "[possible",
    ] {
        assert!(!chinese.contains(english), "{english}:\n{chinese}");
    }
}

#[test]
fn every_command_lists_its_flags() {
    check(
        &[],
        &[
            "--corpus",
            "--format",
            "--lang",
            "--color",
            "--quiet",
            "--help",
            "--version",
        ],
    );
    check(&["import"], &["PATH", "--max-size"]);
    check(
        &["eval"],
        &[
            "--queries",
            "--judgements",
            "--unit",
            "--run",
            "--tag",
            "--baseline",
            "--per-query",
        ],
    );
    check(&["index"], &["--rebuild", "--memory", "--threads"]);
    check(
        &["search"],
        &[
            "--topic",
            "--unit",
            "--literal",
            "--organ",
            "--region",
            "--site",
            "--genre",
            "--since",
            "--until",
            "--sort",
            "--limit",
            "--offset",
            "--passages",
            "--explain",
        ],
    );
    check(&["kwic"], &["PATTERN", "--context", "--limit", "--region"]);
    check(&["kwic"], &["--sort", "--sentence", "--collocates"]);
    check(
        &["count"],
        &[
            "--by",
            "--level",
            "--topic",
            "--literal",
            "--measure",
            "--passages",
            "--plot",
            "--svg",
            "--region",
            "--since",
        ],
    );
    check(&["cite"], &["--style", "--quote", "--check"]);
    check(&["export"], &["--unit", "--topic", "--output", "--bom"]);
    check(&["show"], &["--outline"]);
    check(&["topics"], &["list", "show", "test", "new", "suggest"]);
    check(&["topics", "new"], &["--zh", "--en"]);
    check(&["topics", "suggest"], &["--limit", "--examples"]);
    check(
        &["serve"],
        &[
            "--listen",
            "--tokens",
            "--origin",
            "--timeout",
            "--threads",
            "--waiting",
            "--connections",
            "--log-queries",
        ],
    );
    check(&["status"], &["--corpus"]);
    check(&["demo"], &["--corpus"]);
}

#[test]
fn the_man_page_has_a_section_for_each_command() {
    let page = run(["man"]).with(0).out;
    for section in [
        ".SH \"GONGBAO SEARCH\"",
        ".SH \"GONGBAO TOPICS SHOW\"",
        ".SS SYNOPSIS",
    ] {
        assert!(page.contains(section), "{section} is missing");
    }
    let chinese = run(["man", "--lang", "zh"]).with(0).out;
    assert!(chinese.contains("检索"), "{chinese}");
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(["completions", shell]).with(0).out;
        assert!(
            script.contains("search") && script.contains("topic"),
            "{shell}"
        );
    }
}

#[test]
fn a_bad_flag_is_told_in_chinese_too() {
    let refused = run(["search", "--no-such", "--lang", "zh"]).with(2);
    assert!(
        refused.err.starts_with("gongbao：命令行有误"),
        "{}",
        refused.err
    );
}
