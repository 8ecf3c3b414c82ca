//! `topics show`: one topic in full.

use std::io::Write;

use gongbao_desk::{ExpressionRow, TopicInFull};
use gongbao_query::Pack;

use crate::{
    cli::Format,
    config::Config,
    messages::{Fields, Label},
    output::{self, Rows},
    terminal::{Style, escape, pad, shorten, width},
};

/// Wider text is hard to read.
const MAX_TEXT_WIDTH: usize = 100;

/// Shows `pack`.
pub(super) fn run(pack: &Pack, config: &Config) -> anyhow::Result<()> {
    let full = TopicInFull::from(pack);
    let mut out = config.out()?;
    match config.format {
        Format::Json => return output::json_document(&mut out, &full),
        Format::Jsonl => output::json_line(&mut out, &full)?,
        Format::Csv | Format::Xlsx | Format::Parquet => {
            let mut rows = Rows::new::<ExpressionRow>(out, config.format)?;
            for line in &full.expressions {
                rows.push(line)?;
            }
            return rows.finish().map(drop);
        }
        Format::Table => write_page(&mut out, &full, config)?,
    }
    Ok(out.flush()?)
}

fn write_page(out: &mut impl Write, topic: &TopicInFull, config: &Config) -> anyhow::Result<()> {
    let (lang, screen) = (config.lang, &config.screen);
    let columns = screen.width.min(MAX_TEXT_WIDTH);
    let title = format!("{}  {}", escape(&topic.name_zh), escape(&topic.name_en));
    writeln!(out, "{}", screen.paint(Style::Bold, &title))?;
    let mut fields = Fields::default();
    fields.add(Label::Id, topic.id.as_str(), "");
    fields.add(Label::Version, topic.version.to_string(), "");
    fields.add(
        Label::Aliases,
        topic.aliases.join(lang.pick(", ", "、")),
        "",
    );
    fields.add(Label::Scope, topic.scope.as_str(), "");
    for (label, links) in [
        (Label::Broader, &topic.broader),
        (Label::Related, &topic.related),
    ] {
        if !links.is_empty() {
            fields.add(label, links.join(lang.pick(", ", "、")), "");
        }
    }
    let judged = lang.judged(topic.judged_matching, topic.judged_other);
    fields.add(Label::Judged, judged, &lang.threshold(topic.threshold));
    for finds in &topic.finds {
        fields.add(Label::Finds, finds.items.join(" "), &finds.notice);
    }
    if !topic.exclusions.is_empty() {
        fields.add(
            Label::Exclusions,
            topic.exclusions.join(lang.pick(", ", "、")),
            "",
        );
    }
    fields.write(out, columns, config)?;
    writeln!(
        out,
        "{}",
        screen.paint(Style::Dim, lang.label(Label::Expressions))
    )?;
    let first = topic
        .expressions
        .iter()
        .map(|line| width(&line.text))
        .max()
        .unwrap_or(0)
        + 2;
    for line in &topic.expressions {
        let mut conditions = Vec::new();
        if let (Some(near), Some(within)) = (&line.near, line.within) {
            conditions.push(format!("NEAR/{within} {near}"));
        }
        if !line.with.is_empty() {
            conditions.push(format!(
                "{} {}",
                lang.pick("with", "同段有"),
                line.with.join(" | ")
            ));
        }
        if !line.without.is_empty() {
            conditions.push(format!(
                "{} {}",
                lang.pick("without", "同段无"),
                line.without.join(" | ")
            ));
        }
        let text = pad(&escape(&line.text), first);
        let room = columns.saturating_sub(first + 8);
        let conditions = shorten(&conditions.join("; "), room);
        let conditions = screen.paint(Style::Dim, &conditions);
        let line = format!("  {:>4}  {text}{conditions}", line.weight);
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
