//! Edits for people: `-` what went, `+` what came, changes marked within.

use std::io::Write;

use super::{
    Compared,
    edit::{Edit, Kind},
};
use crate::{
    config::Config,
    terminal::{Piece, Style, escape, pieces, wrap},
};

/// Wider text is hard to read.
const MAX_TEXT_WIDTH: usize = 90;

/// Writes `compared`.
pub(super) fn write(
    out: &mut impl Write,
    compared: &Compared,
    config: &Config,
) -> anyhow::Result<()> {
    let (screen, lang) = (&config.screen, config.lang);
    let title = compared.title.as_deref().unwrap_or(lang.untitled());
    let title = screen.paint(Style::Bold, &escape(title));
    writeln!(out, "{}", screen.link(compared.url.as_deref(), &title))?;
    let sides = format!(
        "{}  v{} {} → v{} {}",
        compared.id,
        compared.from.version,
        compared.from.fetched,
        compared.to.version,
        compared.to.fetched
    );
    writeln!(out, "{}", screen.paint(Style::Dim, &sides))?;
    for row in &compared.edits {
        writeln!(out)?;
        let Edit {
            kind,
            old,
            new,
            old_marks,
            new_marks,
        } = &row.edit;
        let has_marks = *kind == Kind::Changed;
        if let Some(old) = old {
            let marks = Marks {
                ranges: old_marks,
                brackets: ["[-", "-]"],
                plain: Style::Removed,
                marked: Style::RemovedMark,
            };
            write_sentence(out, "- ", old, &marks, has_marks, config)?;
        }
        if let Some(new) = new {
            let marks = Marks {
                ranges: new_marks,
                brackets: ["{+", "+}"],
                plain: Style::Added,
                marked: Style::AddedMark,
            };
            write_sentence(out, "+ ", new, &marks, has_marks, config)?;
        }
    }
    Ok(())
}

/// How a side is shown. Brackets, as of wdiff, stand in for colours.
struct Marks<'m> {
    ranges: &'m [[usize; 2]],
    brackets: [&'static str; 2],
    plain: Style,
    marked: Style,
}

fn write_sentence(
    out: &mut impl Write,
    sign: &str,
    text: &str,
    marks: &Marks<'_>,
    has_marks: bool,
    config: &Config,
) -> anyhow::Result<()> {
    let screen = &config.screen;
    let is_marked = |at: usize| {
        has_marks
            && marks
                .ranges
                .iter()
                .any(|&[start, end]| (start..end).contains(&at))
    };
    let style = |at: usize| {
        if is_marked(at) {
            marks.marked
        } else {
            marks.plain
        }
    };
    let mut line: Vec<Piece> = Vec::new();
    for (at, piece) in pieces(text, style).into_iter().enumerate() {
        if !screen.color {
            let starts = is_marked(at) && (at == 0 || !is_marked(at - 1));
            let ended = !is_marked(at) && at > 0 && is_marked(at - 1);
            let bracket = match (starts, ended) {
                (true, _) => marks.brackets[0],
                (_, true) => marks.brackets[1],
                _ => "",
            };
            line.extend(pieces(bracket, |_| Style::Plain));
        }
        line.push(piece);
    }
    let ends_marked = text.chars().count().checked_sub(1).is_some_and(is_marked);
    if !screen.color && ends_marked {
        line.extend(pieces(marks.brackets[1], |_| Style::Plain));
    }
    let columns = screen.width.min(MAX_TEXT_WIDTH).saturating_sub(sign.len());
    for (number, line) in wrap(&line, columns, columns).into_iter().enumerate() {
        let sign = if number == 0 { sign } else { "  " };
        writeln!(
            out,
            "{}{}",
            screen.paint(marks.plain, sign),
            screen.line(line)
        )?;
    }
    Ok(())
}
