//! `kwic --collocates`: words that stand near a text more than elsewhere.

use std::io::Write;

use gongbao_query::Collocate;

use crate::{
    cli::{Format, Kwic},
    commands::{Outcome, place::filters},
    config::Config,
    messages::grouped,
    output::Rows,
    terminal::{Style, escape, pad, width},
};

/// So many are listed on a page where nothing else was asked for.
const SHOWN: usize = 30;

pub(super) fn run(args: &Kwic, config: &Config) -> anyhow::Result<Outcome> {
    let filters = filters(&args.place)?;
    let engine = config.engine()?;
    let mut found = engine.collocates(&args.pattern, &filters, args.context)?;
    let is_page = config.format == Format::Table;
    let limit = args
        .limit
        .unwrap_or(if is_page { SHOWN } else { usize::MAX });
    found.truncate(limit);
    let mut out = config.out()?;
    if is_page {
        write_page(&mut out, &found, config)?;
    } else {
        let mut rows = Rows::new::<Collocate>(&mut out, config.format)?;
        for row in &found {
            rows.push(row)?;
        }
        rows.finish()?;
    }
    out.flush()?;
    if found.is_empty() {
        config.tell(config.lang.nothing());
        return Ok(Outcome::Nothing);
    }
    Ok(Outcome::Done)
}

fn write_page(out: &mut impl Write, found: &[Collocate], config: &Config) -> std::io::Result<()> {
    let heads = config.lang.collocate_heads();
    let words = found.iter().map(|row| width(&row.word));
    let first = words.chain([width(heads[0])]).max().unwrap_or(0);
    let line = |name: &str, cells: [String; 4]| {
        let cells = cells.iter().zip(&heads[1..]).map(|(cell, head)| {
            let missing = width(head).max(8).saturating_sub(width(cell));
            format!("  {:missing$}{cell}", "")
        });
        format!("{}{}", pad(name, first), cells.collect::<String>())
    };
    let [head, rest @ ..] = heads;
    let head = line(head, rest.map(str::to_owned));
    writeln!(out, "{}", config.screen.paint(Style::Bold, &head))?;
    for row in found {
        let cells = [
            grouped(row.occurrences),
            grouped(row.passages),
            grouped(row.elsewhere),
            format!("{:.1}", row.log_likelihood),
        ];
        writeln!(out, "{}", line(&escape(&row.word), cells))?;
    }
    Ok(())
}
