//! What came of testing packs, for people: a line a pack, then what went wrong.

use std::io::Write;

use super::{Shown, Verdict};
use crate::{
    config::Config,
    terminal::{Style, escape, pad, pieces, width, wrap},
};

/// Wider text is hard to read.
const MAX_TEXT_WIDTH: usize = 100;

/// Writes `verdicts`, of an index of so many `passages`.
pub(super) fn write(
    out: &mut impl Write,
    verdicts: &[Verdict<'_>],
    passages: usize,
    config: &Config,
) -> anyhow::Result<()> {
    let (lang, screen) = (config.lang, &config.screen);
    let mut lines = vec![lang.trial_columns().map(str::to_owned)];
    lines.extend(verdicts.iter().map(cells));
    let widths: Vec<usize> = (0..lines[0].len())
        .map(|column| lines.iter().map(|line| width(&line[column])).max())
        .map(|widest| widest.unwrap_or(0) + 2)
        .collect();
    for (index, line) in lines.iter().enumerate() {
        let text: String = line
            .iter()
            .zip(&widths)
            .map(|(cell, &columns)| pad(&escape(cell), columns))
            .collect();
        match index.checked_sub(1).map(|index| &verdicts[index]) {
            None => writeln!(out, "{}", screen.paint(Style::Dim, text.trim_end()))?,
            Some(verdict) => {
                let style = if verdict.passed {
                    Style::Plain
                } else {
                    Style::Mark
                };
                let passed = screen.paint(style, lang.passed(verdict.passed));
                writeln!(out, "{text}{passed}")?;
            }
        }
    }
    for verdict in verdicts {
        let told = verdict
            .failures
            .iter()
            .filter(|shown| shown.kind != "skipped");
        for (index, shown) in told.enumerate() {
            if index == 0 {
                writeln!(out, "\n{}", screen.paint(Style::Bold, &escape(verdict.id)))?;
            }
            failure(out, shown, config)?;
        }
    }
    let passed = verdicts.iter().filter(|verdict| verdict.passed).count();
    writeln!(out)?;
    writeln!(out, "{}", lang.trials(passed, verdicts.len(), passages))?;
    let skipped = verdicts.iter().map(|verdict| verdict.finds_skipped).sum();
    if skipped > 0 {
        writeln!(out, "{}", lang.finds_skipped(skipped))?;
    }
    Ok(())
}

fn cells(verdict: &Verdict<'_>) -> [String; 8] {
    let of = |part: usize, whole: usize| match whole {
        0 => "–".to_owned(),
        _ => format!("{part}/{whole}"),
    };
    [
        verdict.id.to_owned(),
        verdict.judged.to_string(),
        of(verdict.right, verdict.right + verdict.wrong),
        of(verdict.right, verdict.right + verdict.missed),
        verdict
            .f1
            .map_or_else(|| "–".to_owned(), |f1| format!("{f1:.2}")),
        of(verdict.ordered, verdict.pairs),
        of(verdict.finds_kept, verdict.finds),
        format!("{:.2}", verdict.threshold),
    ]
}

fn failure(out: &mut impl Write, shown: &Shown<'_>, config: &Config) -> anyhow::Result<()> {
    let (lang, screen) = (config.lang, &config.screen);
    let mut head = lang.trial_failure(shown.kind).to_owned();
    if let Some(why) = shown.why {
        head += &lang.pick(format!(": {}", escape(why)), format!("：{}", escape(why)));
    }
    writeln!(out, "  {}", screen.paint(Style::Mark, &head))?;
    let mut tell = |label: &str, text: &str| -> anyhow::Result<()> {
        let first = pad(
            label,
            if label.is_empty() {
                0
            } else {
                width(label) + 1
            },
        );
        let columns = screen.width.min(MAX_TEXT_WIDTH).saturating_sub(4);
        let pieces = pieces(text, |_| Style::Plain);
        let lines = wrap(&pieces, columns.saturating_sub(width(&first)), columns);
        for (number, line) in lines.into_iter().enumerate() {
            let label = if number == 0 { first.as_str() } else { "" };
            writeln!(
                out,
                "    {}{}",
                screen.paint(Style::Dim, label),
                screen.line(line)
            )?;
        }
        Ok(())
    };
    if let Some(text) = shown.text {
        tell("", text)?;
    }
    if !shown.expected.is_empty() {
        tell(lang.pick("expected", "应为"), &shown.expected.join(" "))?;
    }
    if !shown.found.is_empty() || shown.kind == "finds" {
        let label = match shown.kind {
            "wrong" => lang.pick("found by", "由其检出"),
            "order" => lang.pick("this one", "此段"),
            _ => lang.pick("found", "实为"),
        };
        let between = if shown.kind == "wrong" { "; " } else { " " };
        tell(label, &shown.found.join(between))?;
    }
    Ok(())
}
