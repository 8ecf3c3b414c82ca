//! `kwic`: every occurrence of a text in its context.

mod collocates; // what stands near

use std::io::Write;

use gongbao_query::{KwicContext, KwicOrder, KwicRow};

use crate::{
    cli::{Format, Kwic, KwicSort},
    commands::{Outcome, place::filters},
    config::Config,
    output::Rows,
    terminal::{Screen, Style, escape, keep_end, pad, shorten, width},
};

/// Columns kept for `ID#ANCHOR` at the end of a line.
const NAME_WIDTH: usize = 26;

/// Context beyond this takes the eye too far.
const MAX_CONTEXT_WIDTH: usize = 60;

/// Prints a row for every occurrence, or what stands near them.
pub(crate) fn run(args: &Kwic, config: &Config) -> anyhow::Result<Outcome> {
    if args.collocates {
        return collocates::run(args, config);
    }
    let engine = config.engine()?;
    let out = config.out()?;
    let mut printer = match config.format {
        Format::Table => Printer::Lines(out, Columns::of(&args.pattern, &config.screen)),
        format => Printer::Rows(Rows::new::<KwicRow>(out, format)?),
    };
    let limit = args.limit.unwrap_or(usize::MAX);
    let mut rows = 0;
    let mut failed = None;
    let mut print = |row: KwicRow| {
        if rows == limit {
            return false;
        }
        rows += 1;
        match printer.print(&row, &config.screen) {
            Ok(()) => true,
            Err(error) => {
                failed = Some(error);
                false
            }
        }
    };
    let filters = filters(&args.place)?;
    let context = match args.sentence {
        true => KwicContext::Sentence,
        false => KwicContext::Letters(args.context),
    };
    match args.sort {
        None => engine.kwic(&args.pattern, &filters, context, &mut print)?,
        Some(sort) => {
            let order = match sort {
                KwicSort::Left => KwicOrder::Left,
                KwicSort::Right => KwicOrder::Right,
                KwicSort::Date => KwicOrder::Date,
                KwicSort::Place => KwicOrder::Place,
            };
            let sorted = engine.kwic_sorted(&args.pattern, &filters, context, order)?;
            // `all` stops where `print` says so.
            sorted.into_iter().all(&mut print);
        }
    }
    if let Some(error) = failed {
        return Err(error);
    }
    printer.finish()?;
    if rows == 0 {
        config.tell(config.lang.nothing());
        return Ok(Outcome::Nothing);
    }
    if config.format == Format::Table {
        config.tell(&config.lang.occurrences(rows as u64));
    }
    Ok(Outcome::Done)
}

enum Printer<W: Write> {
    Lines(W, Columns),
    Rows(Rows<W>),
}

impl<W: Write> Printer<W> {
    fn print(&mut self, row: &KwicRow, screen: &Screen) -> anyhow::Result<()> {
        match self {
            Self::Lines(out, columns) => Ok(writeln!(out, "{}", columns.line(row, screen))?),
            Self::Rows(rows) => rows.push(row),
        }
    }

    fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Lines(mut out, _) => Ok(out.flush()?),
            Self::Rows(rows) => rows.finish().map(drop),
        }
    }
}

/// Where the columns of a concordance are.
struct Columns {
    /// Columns left of the match.
    left: usize,
    /// Columns of the match and what follows it.
    right: usize,
}

impl Columns {
    fn of(pattern: &str, screen: &Screen) -> Self {
        let matched = width(pattern);
        let room = screen.width.saturating_sub(NAME_WIDTH + 4 + matched);
        let side = (room / 2).clamp(8, MAX_CONTEXT_WIDTH);
        Self {
            left: side,
            right: matched + side,
        }
    }

    /// `row` with its match in the same column as all others.
    fn line(&self, row: &KwicRow, screen: &Screen) -> String {
        let left = keep_end(&row.left, self.left);
        let before = " ".repeat(self.left.saturating_sub(width(&left)));
        let matched = escape(&row.matched);
        let room = self.right.saturating_sub(width(&matched));
        let right = pad(&shorten(&row.right, room), room);
        let name = format!("{}#{}", escape(&row.id), escape(&row.anchor));
        format!(
            "{before}{left} {} {right}  {}",
            screen.paint(Style::Mark, &matched),
            screen.paint(Style::Dim, &name)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_stand_under_one_another() {
        let screen = Screen {
            color: false,
            links: false,
            width: 60,
        };
        let columns = Columns::of("债务", &screen);
        let row = |left: &str, right: &str| KwicRow {
            id: "a1".to_owned(),
            anchor: "2.1".to_owned(),
            left: left.to_owned(),
            matched: "债务".to_owned(),
            right: right.to_owned(),
            date: None,
            region: None,
        };
        let place = |line: &str| {
            let at = line.find("债务").expect("it is there");
            (
                width(&line[..at]),
                width(&line[..line.find("a1").expect("named")]),
            )
        };
        let long = columns.line(
            &row("坚定坚决推进政府隐性", "化解工作取得积极成效"),
            &screen,
        );
        let odd = columns.line(&row("a", ""), &screen);
        assert_eq!(place(&long), place(&odd));
        assert!(width(&long) <= 60, "{long}");
    }
}
