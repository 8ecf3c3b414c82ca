//! Counts drawn in the terminal, plain without colour.

use std::io::{self, Write};

use super::chart::{Chart, Value};
use crate::{
    cli::Plot,
    config::Config,
    messages::grouped,
    terminal::{Style, escape, pad, shorten, width},
};

/// Bars by eighths of a column.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Heights by eighths of a line.
const HEIGHTS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// Names take at most this share of the width: a third.
const NAME_SHARE: usize = 3;

/// Lines that a drawn line is high; each holds four dots above one another.
const LINE_HEIGHT: usize = 10;

/// Writes `chart` in `shape`; a matrix as a row of heights for each row.
pub(super) fn write(
    out: &mut impl Write,
    chart: &Chart,
    shape: Plot,
    config: &Config,
) -> io::Result<()> {
    writeln!(
        out,
        "{}",
        config.screen.paint(Style::Bold, &escape(&chart.title))
    )?;
    match (chart.columns.is_empty(), shape) {
        (false, _) => write_heights(out, chart, config)?,
        (true, Plot::Bars) => write_bars(out, chart, config)?,
        (true, Plot::Line) => write_line(out, chart, config)?,
    }
    if chart.has_gaps() {
        config.tell(&chart.legend);
    }
    Ok(())
}

fn row_names(chart: &Chart, config: &Config) -> (Vec<String>, usize) {
    let most = config.screen.width / NAME_SHARE;
    let names: Vec<_> = chart.rows.iter().map(|name| shorten(name, most)).collect();
    let wide = names.iter().map(|name| width(name)).max().unwrap_or(0);
    (names, wide)
}

fn write_bars(out: &mut impl Write, chart: &Chart, config: &Config) -> io::Result<()> {
    let (names, wide) = row_names(chart, config);
    let greatest = chart.greatest();
    let digits = width(&grouped(greatest));
    let room = config.screen.width.saturating_sub(wide + digits + 4).max(8);
    for (name, values) in names.iter().zip(&chart.values) {
        let value = values.first().copied().unwrap_or(Value::NotCounted);
        let bar = bar(value.number().unwrap_or(0), greatest, room);
        let text = value.text();
        writeln!(
            out,
            "{}  {text:>digits$} {}",
            pad(name, wide),
            config.screen.paint(Style::Mark, &bar)
        )?;
    }
    Ok(())
}

/// A bar whose length is to `room` columns as `number` to `greatest`.
fn bar(number: u64, greatest: u64, room: usize) -> String {
    let eighths = (number as f64 / greatest as f64 * room as f64 * 8.0).round() as usize;
    let eighths = eighths.max(usize::from(number > 0));
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

fn write_heights(out: &mut impl Write, chart: &Chart, config: &Config) -> io::Result<()> {
    let (names, wide) = row_names(chart, config);
    let greatest = chart.greatest();
    for (name, values) in names.iter().zip(&chart.values) {
        let heights: String = values
            .iter()
            .map(|value| match value {
                Value::NoDocuments => "–",
                Value::NotCounted | Value::Number(0) => " ",
                Value::Number(number) => {
                    let height = (number * 8).div_ceil(greatest) as usize;
                    HEIGHTS[height.clamp(1, 8) - 1]
                }
            })
            .collect();
        writeln!(out, "{}  {heights}", pad(name, wide))?;
    }
    let (first, last) = (chart.columns.first(), chart.columns.last());
    if let (Some(first), Some(last)) = (first, last) {
        let columns =
            config
                .lang
                .columns_from_to(&escape(first), &escape(last), &grouped(greatest));
        writeln!(out, "{}  {columns}", pad("", wide))?;
    }
    Ok(())
}

/// A line in dots, two abreast and four above one another in each character
/// (Unicode, *Braille Patterns*); broken where there were no notices.
fn write_line(out: &mut impl Write, chart: &Chart, config: &Config) -> io::Result<()> {
    let greatest = chart.greatest();
    let digits = width(&grouped(greatest));
    let columns = config.screen.width.saturating_sub(digits + 3).max(8);
    let values: Vec<_> = chart
        .values
        .iter()
        .take(chart.known)
        .map(|row| row.first().and_then(|value| value.number()))
        .collect();
    let (across, high) = (columns * 2, LINE_HEIGHT * 4);
    let mut canvas = vec![vec![0u8; columns]; LINE_HEIGHT];
    let steps = values.len().saturating_sub(1).max(1);
    let at = |index: usize, value: f64| {
        let x = index as f64 / steps as f64 * (across - 1) as f64;
        let y = (1.0 - value / greatest as f64) * (high - 1) as f64;
        (x, y)
    };
    let mut dot = |x: f64, y: f64| {
        // Bits of the dots of a character, column by column from the top.
        const BITS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
        let (x, y) = (x.round() as usize, y.round() as usize);
        canvas[y / 4][x / 2] |= BITS[x % 2][y % 4];
    };
    for (index, value) in values.iter().enumerate() {
        let Some(value) = *value else { continue };
        let (x, y) = at(index, value as f64);
        dot(x, y);
        if let Some(Some(next)) = values.get(index + 1) {
            let (next_x, next_y) = at(index + 1, *next as f64);
            let pieces = (next_x - x).abs().max((next_y - y).abs()).ceil().max(1.0);
            for piece in 1..pieces as usize {
                let share = piece as f64 / pieces;
                dot(x + (next_x - x) * share, y + (next_y - y) * share);
            }
        }
    }
    for (number, line) in canvas.iter().enumerate() {
        let label = match number {
            0 => grouped(greatest),
            _ if number + 1 == LINE_HEIGHT => "0".to_owned(),
            _ => String::new(),
        };
        let dots: String = line
            .iter()
            .filter_map(|&bits| char::from_u32(0x2800 + u32::from(bits)))
            .collect();
        writeln!(
            out,
            "{label:>digits$} │{}",
            config.screen.paint(Style::Mark, &dots)
        )?;
    }
    let ends = [0, chart.known.saturating_sub(1)]
        .map(|at| chart.rows.get(at))
        .map(|name| escape(name.map_or("", |n| n)).into_owned());
    let gap = columns.saturating_sub(width(&ends[0]) + width(&ends[1]));
    writeln!(out, "{:digits$} └{}", "", "─".repeat(columns))?;
    writeln!(out, "{:digits$}  {}{:gap$}{}", "", ends[0], "", ends[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_keep_to_their_room_and_something_is_never_nothing() {
        assert_eq!(bar(10, 10, 4), "████");
        assert_eq!(bar(5, 10, 4), "██");
        assert_eq!(bar(0, 10, 4), "");
        assert_eq!(bar(1, 100_000, 4), "▏");
    }
}
