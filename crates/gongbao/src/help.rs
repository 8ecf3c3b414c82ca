//! Help, completions and the man page, all made from what can be typed.

mod chinese; // the same in Chinese
mod manual; // one man page for all commands

use clap::{Command, CommandFactory};
use clap_complete::Shell;

pub(crate) use self::manual::man_page;
use crate::cli::{Cli, Lang};

/// The command line, with its help in `lang`.
pub(crate) fn command(lang: Lang) -> Command {
    match lang {
        Lang::En => Cli::command(),
        Lang::Zh => chinese::translated(Cli::command()),
    }
}

/// Completions for `shell`.
pub(crate) fn completions(shell: Shell, lang: Lang) -> Vec<u8> {
    // Into memory first: the generator panics when a pipe closes.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(lang), "gongbao", &mut script);
    script
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command(Lang::En).debug_assert();
        command(Lang::Zh).debug_assert();
    }

    #[test]
    fn the_commands_are_those_of_the_contract() {
        let command = command(Lang::En);
        let names: Vec<_> = command.get_subcommands().map(Command::get_name).collect();
        for name in [
            "demo",
            "import",
            "index",
            "search",
            "kwic",
            "count",
            "cite",
            "export",
            "show",
            "topics",
            "status",
            "completions",
            "man",
        ] {
            assert!(names.contains(&name), "{name} is missing");
        }
    }

    #[test]
    fn every_command_and_argument_says_what_it_is() {
        fn check(command: &Command) {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for argument in command.get_arguments() {
                assert!(
                    argument.get_help().is_some(),
                    "{} {}",
                    command.get_name(),
                    argument.get_id()
                );
            }
            command.get_subcommands().for_each(check);
        }
        check(&command(Lang::En));
    }

    #[test]
    fn completions_and_man_page_name_every_flag() {
        let man = String::from_utf8(man_page(Lang::En).expect("it is made")).expect("UTF-8");
        for flag in ["--topic", "--since", "--rebuild", "--outline", "--max-size"] {
            assert!(
                man.contains(&flag.replace('-', "\\-")),
                "{flag} is not in the man page"
            );
        }
        for shell in Shell::value_variants() {
            let script = String::from_utf8(completions(*shell, Lang::En)).expect("UTF-8");
            assert!(script.contains("topic"), "{shell}");
        }
    }
}
