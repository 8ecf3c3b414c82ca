//! An answer as a page: notices, each with its best passages.
//!
//! ```text
//! 1. 中共棠溪区委关于巡视整改进展情况的通报
//!    2025-09-23 · 中共棠溪区委员会 · 沅南省泽川市棠溪区 · 巡视整改通报 · 8k2m…
//!    #2.1.6.20  二、聚焦… › （一）贯彻… › 6.防范…
//!    (20) 坚定坚决推进债务化解。…
//! ```

use std::io::Write;

use gongbao_query::{Hit, PassageHit, Response};

use super::excerpt::excerpt;
use crate::{
    config::Config,
    terminal::{Style, escape, pieces, shorten, width, wrap},
};

/// How many lines of a passage are shown.
const MAX_LINES: usize = 4;

/// Wider text is hard to read.
const MAX_TEXT_WIDTH: usize = 108;

/// A heading on a path is at least so many columns, so that it says something.
const LEAST_HEADING_WIDTH: usize = 14;

/// A label stands before the text where it is no wider than this.
const MAX_LABEL_WIDTH: usize = 12;

/// Writes `response`; `first` is the rank of its first hit, from 1.
pub(crate) fn write_page(
    out: &mut impl Write,
    response: &Response,
    first: usize,
    config: &Config,
) -> anyhow::Result<()> {
    let digits = last_rank(response, first).to_string().len();
    for (rank, hit) in (first..).zip(&response.hits) {
        write_hit(out, rank, digits, hit, config)?;
        writeln!(out)?;
    }
    if response.total > 0 {
        let last = last_rank(response, first) as u64;
        let shown = (!response.hits.is_empty()).then_some((first as u64, last));
        let (unit, total) = (response.unit, response.total);
        let totals = config
            .lang
            .totals(unit, total, response.at_least, shown, response.took_ms);
        writeln!(out, "{totals}")?;
    }
    Ok(())
}

/// Writes what can be done with `response` next.
pub(super) fn write_hints(
    out: &mut impl Write,
    response: &Response,
    first: usize,
    config: &Config,
) -> anyhow::Result<()> {
    let mut hints = Vec::new();
    if let Some(hit) = response.hits.first() {
        let anchor = hit.passages.first().map(|passage| passage.anchor.as_str());
        let mut command = show_command(&hit.id, anchor);
        if config.corpus_was_typed {
            let dir = config.corpus.dir().display().to_string();
            command += &format!(" --corpus {}", shell_word(&dir));
        }
        hints.push(config.lang.read_hint(&command));
        let last = last_rank(response, first) as u64;
        if last < response.total - response.folded {
            hints.push(config.lang.next_page(last));
        }
    }
    for hint in hints {
        writeln!(out, "{}", config.screen.paint(Style::Dim, &hint))?;
    }
    Ok(())
}

/// The rank of the last hit, where the first has rank `first`.
fn last_rank(response: &Response, first: usize) -> usize {
    first + response.hits.len().saturating_sub(1)
}

/// The command that shows an item.
fn show_command(id: &str, anchor: Option<&str>) -> String {
    match anchor {
        Some(anchor) => format!("gongbao show {}", shell_word(&format!("{id}#{anchor}"))),
        None => format!("gongbao show {}", shell_word(id)),
    }
}

/// `text` for pasting into a shell: escaped, and quoted where a shell would
/// take it apart.
fn shell_word(text: &str) -> String {
    let text = escape(text);
    if text.contains(|c: char| !c.is_alphanumeric() && !"#.-_+:/".contains(c)) {
        format!("'{}'", text.replace('\'', "'\\''"))
    } else {
        text.into_owned()
    }
}

fn write_hit(
    out: &mut impl Write,
    rank: usize,
    digits: usize,
    hit: &Hit,
    config: &Config,
) -> anyhow::Result<()> {
    let (lang, screen) = (config.lang, &config.screen);
    let indent = " ".repeat(digits + 2);
    let columns = screen
        .width
        .min(MAX_TEXT_WIDTH)
        .saturating_sub(indent.len());

    let title = hit.title.as_deref().unwrap_or_else(|| lang.untitled());
    let title = pieces(title, |_| Style::Bold);
    for (number, line) in wrap(&title, columns, columns).into_iter().enumerate() {
        let line = screen.link(hit.url.as_deref(), &screen.line(line));
        if number == 0 {
            writeln!(out, "{rank:>digits$}. {line}")?;
        } else {
            writeln!(out, "{indent}{line}")?;
        }
    }

    let region = hit.region.as_ref().map(|region| region.name.as_str());
    let date = hit.published.as_deref().or(hit.signed.as_deref());
    let known = [date, hit.organ.as_deref(), region, hit.genre.as_deref()];
    let meta: Vec<_> = known
        .into_iter()
        .flatten()
        .chain([hit.id.as_str()])
        .collect();
    let meta = pieces(&meta.join(" · "), |_| Style::Plain);
    for line in wrap(&meta, columns, columns) {
        writeln!(out, "{indent}{}", screen.line(line))?;
    }

    for passage in &hit.passages {
        write_passage(out, &indent, columns, passage, config)?;
    }
    let more = u64::from(hit.matched).saturating_sub(hit.passages.len() as u64);
    if more > 0 && !hit.passages.is_empty() && hit.matched > 1 {
        let text = screen.paint(Style::Dim, &lang.more_passages(more));
        writeln!(out, "{indent}{text}")?;
    }
    if hit.copies > 0 {
        let text = screen.paint(Style::Dim, &lang.copies_folded(hit.copies.into()));
        writeln!(out, "{indent}{text}")?;
    }
    Ok(())
}

fn write_passage(
    out: &mut impl Write,
    indent: &str,
    columns: usize,
    passage: &PassageHit,
    config: &Config,
) -> anyhow::Result<()> {
    let (lang, screen) = (config.lang, &config.screen);
    let place = place(passage, columns);
    writeln!(out, "{indent}{}", screen.paint(Style::Dim, &place))?;

    let label = passage.label.as_deref().unwrap_or_default();
    let (label, rest) = match passage.text.strip_prefix(label) {
        Some(rest) if !label.is_empty() && width(label) <= MAX_LABEL_WIDTH => {
            (label, rest.trim_start())
        }
        _ => ("", passage.text.as_str()),
    };
    let skipped = passage.text[..passage.text.len() - rest.len()]
        .chars()
        .count();
    let marks: Vec<_> = passage
        .highlights
        .iter()
        .filter(|[_, end]| *end > skipped)
        .map(|&[start, end]| [start.saturating_sub(skipped), end - skipped])
        .collect();
    let is_marked = |at: usize| marks.iter().any(|&[start, end]| (start..end).contains(&at));
    let text = pieces(rest, |at| match is_marked(at) {
        true => Style::Mark,
        false => Style::Plain,
    });

    let hang = match label {
        "" => 0,
        label => width(label) + 1,
    };
    let inner = columns.saturating_sub(hang).max(10);
    // The dots at both ends, and line ends that stay empty, take some room.
    let room = MAX_LINES * inner - MAX_LINES - 2;
    let shown = excerpt(&text, &marks, room);
    let mut line = Vec::new();
    if shown.start > 0 {
        line.extend(pieces("…", |_| Style::Dim));
    }
    line.extend_from_slice(&text[shown.clone()]);
    if shown.end < text.len() {
        line.extend(pieces("…", |_| Style::Dim));
    }
    for (number, line) in wrap(&line, inner, inner).into_iter().enumerate() {
        let before = if number == 0 && hang > 0 {
            format!("{} ", screen.paint(Style::Bold, &escape(label)))
        } else {
            " ".repeat(hang)
        };
        writeln!(out, "{indent}{before}{}", screen.line(line))?;
    }
    for line in passage
        .explanation
        .iter()
        .flat_map(|parts| lang.explanation(parts))
    {
        let line = shorten(&line, columns);
        writeln!(out, "{indent}{}", screen.paint(Style::Dim, &line))?;
    }
    Ok(())
}

/// Where a passage stands: its anchor, and the headings above it, the longer
/// ones shortened so that all fit in `columns`. Its own heading is left out
/// where the text begins with it.
fn place(passage: &PassageHit, columns: usize) -> String {
    let mut path: Vec<&str> = passage.path.iter().map(String::as_str).collect();
    if path.last().is_some_and(|own| passage.text.starts_with(own)) {
        path.pop();
    }
    let anchor = format!("#{}", escape(&passage.anchor));
    if path.is_empty() {
        return anchor;
    }
    let room = columns
        .saturating_sub(width(&anchor) + 2 + 3 * (path.len() - 1))
        .max(path.len() * LEAST_HEADING_WIDTH);
    let path: Vec<_> = shares(&path, room)
        .into_iter()
        .zip(path)
        .map(|(columns, heading)| shorten(heading, columns))
        .collect();
    let place = format!("{anchor}  {}", path.join(" › "));
    shorten(&place, columns)
}

/// How many of `room` columns each of `headings` gets: short ones what they
/// need, long ones equal shares of the rest.
fn shares(headings: &[&str], room: usize) -> Vec<usize> {
    let widths: Vec<_> = headings.iter().map(|heading| width(heading)).collect();
    let mut by_width: Vec<_> = (0..widths.len()).collect();
    by_width.sort_by_key(|&index| widths[index]);
    let mut shares = vec![0; widths.len()];
    let mut left = room;
    for (done, &index) in by_width.iter().enumerate() {
        let fair = left / (widths.len() - done);
        shares[index] = widths[index].min(fair);
        left -= shares[index];
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(path: &[&str], text: &str) -> PassageHit {
        PassageHit {
            anchor: "2.1.3".to_owned(),
            label: None,
            path: path.iter().map(|&heading| heading.to_owned()).collect(),
            text: text.to_owned(),
            highlights: Vec::new(),
            score: 1.0,
            explanation: None,
        }
    }

    #[test]
    fn short_headings_stay_and_long_ones_share() {
        assert_eq!(
            shares(&["总体", "一二三四五六七八", "一二三四五六"], 20),
            [4, 8, 8]
        );
        assert_eq!(shares(&["总体", "目标"], 20), [4, 4]);
    }

    #[test]
    fn a_passage_tells_where_it_stands() {
        let passage = passage(
            &[
                "二、化解债务风险",
                "（一）压实各级各部门的责任",
                "3.盘活资产",
            ],
            "3.盘活资产。清理闲置。",
        );
        assert_eq!(
            place(&passage, 60),
            "#2.1.3  二、化解债务风险 › （一）压实各级各部门的责任"
        );
        assert_eq!(
            place(&passage, 40),
            "#2.1.3  二、化解债务… › （一）压实各级…"
        );
    }

    #[test]
    fn the_hint_can_be_pasted_into_a_shell() {
        assert_eq!(show_command("a1", Some("2.1+2")), "gongbao show a1#2.1+2");
        assert_eq!(show_command("a1", Some("2~2")), "gongbao show 'a1#2~2'");
        assert_eq!(show_command("a1", None), "gongbao show a1");
    }
}
