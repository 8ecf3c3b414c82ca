//! A row a fact.

use gongbao_query::FactRow;

use crate::{
    config::Config,
    terminal::{Style, escape, pad, shorten, width},
};

/// Columns of what is printed, and of `ID#ANCHOR` at the end.
const PRINTED_WIDTH: usize = 18;
const NAME_WIDTH: usize = 26;

/// A line of a table: what is printed, what it is of, and where.
pub(super) fn line(row: &FactRow, config: &Config) -> String {
    let screen = &config.screen;
    let printed = shorten(&row.printed, PRINTED_WIDTH);
    let before = " ".repeat(PRINTED_WIDTH.saturating_sub(width(&printed)));
    let mut what = String::new();
    if row.kind.is_figure() {
        let parts = [&row.action, &row.object].into_iter().flatten();
        what.extend(parts.flat_map(|part| [part.as_str(), " "]));
        if !row.qualifiers.is_empty() {
            let words: Vec<_> = row.qualifiers.iter().map(|q| q.word()).collect();
            what += &format!("[{}] ", words.join(" "));
        }
        if let Some(period) = &row.period {
            what += &format!("({}) ", period.printed);
        }
        if !row.also_in.is_empty() {
            what += &config.lang.also_in(&row.also_in);
        }
    } else {
        what += row.kind.name();
        let period = row.period.as_ref();
        let days = period.map(|period| match (&period.from, &period.to) {
            (Some(from), Some(to)) if from == to => from.clone(),
            (from, to) => format!(
                "{}..{}",
                from.as_deref().unwrap_or(""),
                to.as_deref().unwrap_or("")
            ),
        });
        for part in [&row.name, &row.code, &days].into_iter().flatten() {
            what += " ";
            what += part;
        }
    }
    let room = screen
        .width
        .saturating_sub(PRINTED_WIDTH + NAME_WIDTH + 4)
        .max(10);
    let name = format!("{}#{}", escape(&row.id), escape(&row.anchor));
    format!(
        "{before}{}  {}  {}",
        screen.paint(Style::Mark, &printed),
        pad(&shorten(what.trim_end(), room), room),
        screen.paint(Style::Dim, &name)
    )
}
