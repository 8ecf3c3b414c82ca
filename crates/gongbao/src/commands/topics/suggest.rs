//! `topics suggest`: terms that stand out in passages on a topic.

use std::io::Write;

use gongbao_desk::SuggestionRow;
use gongbao_query::{Request, Suggestions};

use crate::{
    cli::Format,
    commands::Outcome,
    config::Config,
    messages::grouped,
    output::{self, Rows},
    terminal::{Style, escape, pad, shorten, width},
};

/// So much of a passage is shown on each side of the term, in columns.
const CONTEXT_WIDTH: usize = 40;

/// Proposes terms for `query`, a topic or a question.
pub(super) fn run(
    query: &str,
    limit: usize,
    examples: bool,
    config: &Config,
) -> anyhow::Result<Outcome> {
    let topic = config.topics()?.find(query)?;
    let request = Request {
        topic: topic.as_ref(),
        ..Request::new(if topic.is_some() { "" } else { query })
    };
    let found = config.engine()?.suggest(&request, limit, examples)?;
    let mut out = config.out()?;
    match config.format {
        Format::Table => write_page(&mut out, &found, config)?,
        Format::Json => output::json_document(&mut out, &found)?,
        format => {
            let mut rows = Rows::new::<SuggestionRow<'_>>(&mut out, format)?;
            for term in &found.terms {
                rows.push(&SuggestionRow(term))?;
            }
            rows.finish()?;
        }
    }
    out.flush()?;
    if found.terms.is_empty() {
        config.tell(config.lang.nothing());
        return Ok(Outcome::Nothing);
    }
    config.tell(&config.lang.suggested(&found));
    Ok(Outcome::Done)
}

fn write_page(out: &mut impl Write, found: &Suggestions, config: &Config) -> anyhow::Result<()> {
    let (lang, screen) = (config.lang, &config.screen);
    let heads = lang.suggestion_columns();
    let terms = found.terms.iter().map(|line| width(&line.term));
    let first = terms.chain([width(heads[0])]).max().unwrap_or(0) + 2;
    let right = |text: &str, columns: usize| {
        let space = columns.saturating_sub(width(text));
        format!("{}{text}", " ".repeat(space))
    };
    let widths: Vec<_> = heads[1..].iter().map(|head| width(head).max(9)).collect();
    let cells = |term: &str, numbers: [String; 5]| -> String {
        let numbers = numbers.iter().zip(&widths);
        let numbers: Vec<_> = numbers
            .map(|(text, &columns)| right(text, columns))
            .collect();
        format!("{}{}", pad(term, first), numbers.join("  "))
    };
    if !found.terms.is_empty() {
        let numbers = [1, 2, 3, 4, 5].map(|index| heads[index].to_owned());
        let line = screen.paint(Style::Dim, &cells(heads[0], numbers));
        writeln!(out, "{line}")?;
    }
    for line in &found.terms {
        let numbers = [
            grouped(line.matching),
            grouped(line.rest),
            format!("{:.2}", line.matching_per_thousand),
            format!("{:.2}", line.rest_per_thousand),
            format!("{:.1}", line.log_likelihood),
        ];
        writeln!(out, "{}", cells(&escape(&line.term), numbers))?;
        for (sign, example) in [("+", &line.example), ("−", &line.elsewhere)] {
            if let Some(example) = example {
                let context = context(&example.text, &line.term);
                let room = screen.width.saturating_sub(6);
                let text = format!("  {sign} {}", shorten(&context, room));
                writeln!(out, "{}", screen.paint(Style::Dim, &text))?;
            }
        }
    }
    Ok(())
}

/// `text` on one line, from a little before `term` on.
fn context(text: &str, term: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // A term is normalised and may be printed otherwise: then from the start.
    let at = text.find(term).unwrap_or(0);
    let mut start = at;
    let mut room = CONTEXT_WIDTH;
    for (index, c) in text[..at].char_indices().rev() {
        room = room.saturating_sub(width(c.encode_utf8(&mut [0; 4])));
        if room == 0 {
            break;
        }
        start = index;
    }
    if start == 0 {
        text
    } else {
        format!("…{}", &text[start..])
    }
}
