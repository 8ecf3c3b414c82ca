//! Counts as a table for people.

use std::io::{self, Write};

use gongbao_query::{CountTable, Counts, Margin};

use super::chart::{Value, name};
use crate::{
    cli::{Count, Measure},
    config::Config,
    terminal::{Style, escape, pad, shorten, width},
};

/// Names of rows and columns are cut beyond this.
const MAX_NAME_WIDTH: usize = 40;

/// A column of a matrix is at least so wide.
const LEAST_COLUMN_WIDTH: usize = 5;

/// Names of columns are cut beyond this, so that more columns stand abreast.
const MAX_COLUMN_WIDTH: usize = 14;

/// Writes `table`.
pub(super) fn write(
    out: &mut impl Write,
    table: &CountTable,
    args: &Count,
    config: &Config,
) -> io::Result<()> {
    if table.columns_by.is_some() {
        write_matrix(out, table, args.measure, config)?;
    } else {
        write_list(out, table, config)?;
    }
    if args.passages {
        write_found(out, table, config)?;
    }
    config.tell(config.lang.count_legend());
    Ok(())
}

fn names(margins: &[Margin], most: usize, config: &Config) -> Vec<String> {
    let name = |margin| shorten(&name(margin, config.lang), most);
    margins.iter().map(name).collect()
}

fn widest<'t>(texts: impl IntoIterator<Item = &'t String>) -> usize {
    texts.into_iter().map(|text| width(text)).max().unwrap_or(0)
}

fn right(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{:missing$}{text}", "")
}

/// One row a line: notices, passages, occurrences.
fn write_list(out: &mut impl Write, table: &CountTable, config: &Config) -> io::Result<()> {
    let lang = config.lang;
    let measures = [Measure::Notices, Measure::Passages, Measure::Occurrences];
    let heads = measures.map(|measure| lang.measure(measure).to_owned());
    let texts = |counts: Counts| measures.map(|measure| Value::of(counts, measure).text());
    let total = lang.total().to_owned();
    let rows = names(&table.rows, MAX_NAME_WIDTH, config);
    let first = widest(rows.iter().chain([&total]));
    let widths: Vec<_> = heads.iter().map(|head| width(head).max(8)).collect();
    let line = |name: &str, cells: &[String]| {
        let cells = cells.iter().zip(&widths);
        let cells: String = cells
            .map(|(cell, &width)| "  ".to_owned() + &right(cell, width))
            .collect();
        format!("{}{cells}", pad(name, first))
    };
    let bold = |text: &str| config.screen.paint(Style::Bold, text);
    writeln!(out, "{}", bold(&line("", &heads)))?;
    for (row, name) in table.rows.iter().zip(&rows) {
        writeln!(out, "{}", line(name, &texts(row.counts)))?;
    }
    writeln!(out, "{}", bold(&line(&total, &texts(table.total))))
}

/// Rows and columns, as many columns abreast as the screen has room for.
fn write_matrix(
    out: &mut impl Write,
    table: &CountTable,
    measure: Measure,
    config: &Config,
) -> io::Result<()> {
    let total = config.lang.total().to_owned();
    let text = |counts: Counts| Value::of(counts, measure).text();
    let rows = names(&table.rows, MAX_NAME_WIDTH, config);
    let first = widest(rows.iter().chain([&total]));
    // The columns, and the sums of the rows as the last one.
    let mut heads = names(&table.columns, MAX_COLUMN_WIDTH, config);
    heads.push(total.clone());
    let wide = table.columns.len();
    let cell = |row: usize, column: usize| match (row < rows.len(), column < wide) {
        (true, true) => text(table.cells[row * wide + column].counts),
        (true, false) => text(table.rows[row].counts),
        (false, true) => text(table.columns[column].counts),
        (false, false) => text(table.total),
    };
    let widths: Vec<_> = (0..=wide)
        .map(|column| {
            let cells = (0..=rows.len()).map(|row| width(&cell(row, column)));
            let widest = cells.max().unwrap_or(0).max(width(&heads[column]));
            widest.max(LEAST_COLUMN_WIDTH) + 2
        })
        .collect();
    let bold = |text: &str| config.screen.paint(Style::Bold, text);
    let mut start = 0;
    while start <= wide {
        let mut end = start;
        let mut taken = first;
        while end <= wide && (end == start || taken + widths[end] <= config.screen.width) {
            taken += widths[end];
            end += 1;
        }
        if start > 0 {
            writeln!(out)?;
        }
        let line = |name: &str, texts: &dyn Fn(usize) -> String| {
            let cells = (start..end).map(|column| right(&texts(column), widths[column]));
            format!("{}{}", pad(name, first), cells.collect::<String>())
        };
        writeln!(out, "{}", bold(&line("", &|column| heads[column].clone())))?;
        for (row, name) in rows.iter().enumerate() {
            writeln!(out, "{}", line(name, &|column| cell(row, column)))?;
        }
        writeln!(
            out,
            "{}",
            bold(&line(&total, &|column| cell(rows.len(), column)))
        )?;
        start = end;
    }
    Ok(())
}

/// The passages of each cell, under its name.
fn write_found(out: &mut impl Write, table: &CountTable, config: &Config) -> io::Result<()> {
    for cell in table.cells.iter().filter(|cell| !cell.found.is_empty()) {
        let name = |label: &Option<String>| match label {
            Some(label) => escape(label).into_owned(),
            None => config.lang.not_known().to_owned(),
        };
        let mut heading = name(&cell.row_label);
        if table.columns_by.is_some() {
            heading += &format!(" × {}", name(&cell.column_label));
        }
        writeln!(out, "\n{}", config.screen.paint(Style::Bold, &heading))?;
        for found in &cell.found {
            writeln!(out, "  {}", escape(found))?;
        }
    }
    Ok(())
}
