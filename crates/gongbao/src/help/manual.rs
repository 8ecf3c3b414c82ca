//! The man page: `gongbao` and, section by section, its commands.

use std::io;

use clap::Command;
use clap_mangen::Man;

use super::command;
use crate::cli::Lang;

/// The whole manual as one page in roff.
///
/// # Errors
///
/// Never in practice: it is written to memory.
pub(crate) fn man_page(lang: Lang) -> io::Result<Vec<u8>> {
    let mut main = command(lang);
    main.build();
    let mut page = Vec::new();
    let man = Man::new(main.clone());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    for child in main.get_subcommands() {
        section(child, "gongbao", &mut page)?;
    }
    man.render_version_section(&mut page)?;
    Ok(page)
}

/// Appends a section about `child`, and one about each command below it.
fn section(child: &Command, parent: &str, page: &mut Vec<u8>) -> io::Result<()> {
    if child.get_name() == "help" {
        return Ok(());
    }
    let name = format!("{parent} {}", child.get_name());
    page.extend_from_slice(format!(".SH \"{}\"\n", name.to_uppercase()).as_bytes());
    // The options that every command takes are told once, at the top.
    let own = child
        .clone()
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(|argument| {
            let hide = argument.is_global_set() || is_built_in(argument.get_id().as_str());
            argument.hide(hide)
        });
    let man = Man::new(own);
    let mut text = Vec::new();
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    if has_own_arguments(child) {
        man.render_options_section(&mut text)?;
    }
    let text = String::from_utf8_lossy(&text).replace("\n.SH ", "\n.SS ");
    let text = text
        .strip_prefix(".SH ")
        .map_or(text.clone(), |rest| format!(".SS {rest}"));
    page.extend_from_slice(text.as_bytes());
    for grandchild in child.get_subcommands() {
        section(grandchild, &name, page)?;
    }
    Ok(())
}

fn has_own_arguments(command: &Command) -> bool {
    command
        .get_arguments()
        .any(|argument| !argument.is_global_set() && !is_built_in(argument.get_id().as_str()))
}

fn is_built_in(id: &str) -> bool {
    matches!(id, "help" | "version")
}
