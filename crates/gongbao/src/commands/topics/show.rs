//! `topics show`: one topic in full.

use std::io::Write;

use gongbao_query::{Expression, Finds, Judged, Pack};
use serde::Serialize;

use super::scope;
use crate::{
    cli::Format,
    config::Config,
    messages::{Fields, Label},
    output::{self, Row, Rows},
    terminal::{Style, escape, pad, shorten, width},
};

/// Wider text is hard to read.
const MAX_TEXT_WIDTH: usize = 100;

/// A topic in full.
#[derive(Serialize)]
struct Full<'a> {
    id: &'a str,
    version: u32,
    name_zh: &'a str,
    name_en: &'a str,
    aliases: &'a [String],
    scope: String,
    /// Topics that it is a part of.
    broader: &'a [String],
    /// Topics that touch it.
    related: &'a [String],
    expressions: Vec<ExpressionLine<'a>>,
    exclusions: Vec<&'a str>,
    /// The F1 that it must reach on its judged passages.
    threshold: f64,
    /// Judged passages that must match.
    judged_matching: usize,
    /// Judged passages that must not.
    judged_other: usize,
    judged: &'a [Judged],
    finds: &'a [Finds],
}

/// What a topic is recognised by.
#[derive(Serialize)]
struct ExpressionLine<'a> {
    text: &'a str,
    weight: f32,
    /// Another text that must stand near.
    near: Option<&'a str>,
    /// How many letters may stand between the two.
    within: Option<u32>,
    /// Texts of which one must stand in the same passage.
    with: &'a [String],
    /// Texts of which none may.
    without: &'a [String],
}

impl Row for ExpressionLine<'_> {
    const COLUMNS: &'static [&'static str] =
        &["text", "weight", "near", "within", "with", "without"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.text.to_owned(),
            self.weight.to_string(),
            self.near.unwrap_or_default().to_owned(),
            self.within
                .map_or_else(String::new, |within| within.to_string()),
            self.with.join(" | "),
            self.without.join(" | "),
        ]
    }
}

/// Shows `pack`.
pub(super) fn run(pack: &Pack, config: &Config) -> anyhow::Result<()> {
    let topic = &pack.topic;
    let matching = pack.judged.iter().filter(|judged| judged.matches).count();
    let full = Full {
        id: &topic.id,
        version: topic.version,
        name_zh: &topic.name.zh,
        name_en: &topic.name.en,
        aliases: &topic.aliases,
        scope: scope(topic),
        broader: &topic.broader,
        related: &topic.related,
        expressions: topic.expressions.iter().map(expression).collect(),
        exclusions: topic
            .exclusions
            .iter()
            .map(|exclusion| exclusion.text.as_str())
            .collect(),
        threshold: topic.threshold,
        judged_matching: matching,
        judged_other: pack.judged.len() - matching,
        judged: &pack.judged,
        finds: &pack.finds,
    };
    let mut out = config.out()?;
    match config.format {
        Format::Json => return output::json_document(&mut out, &full),
        Format::Jsonl => output::json_line(&mut out, &full)?,
        Format::Csv | Format::Xlsx | Format::Parquet => {
            let mut rows = Rows::new::<ExpressionLine<'_>>(out, config.format)?;
            for line in &full.expressions {
                rows.push(line)?;
            }
            return rows.finish().map(drop);
        }
        Format::Table => write_page(&mut out, &full, config)?,
    }
    Ok(out.flush()?)
}

fn write_page(out: &mut impl Write, topic: &Full<'_>, config: &Config) -> anyhow::Result<()> {
    let (lang, screen) = (config.lang, &config.screen);
    let columns = screen.width.min(MAX_TEXT_WIDTH);
    let title = format!("{}  {}", escape(topic.name_zh), escape(topic.name_en));
    writeln!(out, "{}", screen.paint(Style::Bold, &title))?;
    let mut fields = Fields::default();
    fields.add(Label::Id, topic.id, "");
    fields.add(Label::Version, topic.version.to_string(), "");
    fields.add(
        Label::Aliases,
        topic.aliases.join(lang.pick(", ", "、")),
        "",
    );
    fields.add(Label::Scope, topic.scope.as_str(), "");
    for (label, links) in [
        (Label::Broader, topic.broader),
        (Label::Related, topic.related),
    ] {
        if !links.is_empty() {
            fields.add(label, links.join(lang.pick(", ", "、")), "");
        }
    }
    let judged = lang.judged(topic.judged_matching, topic.judged_other);
    fields.add(Label::Judged, judged, &lang.threshold(topic.threshold));
    for finds in topic.finds {
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
        .map(|line| width(line.text))
        .max()
        .unwrap_or(0)
        + 2;
    for line in &topic.expressions {
        let mut conditions = Vec::new();
        if let (Some(near), Some(within)) = (line.near, line.within) {
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
        let text = pad(&escape(line.text), first);
        let room = columns.saturating_sub(first + 8);
        let conditions = shorten(&conditions.join("; "), room);
        let conditions = screen.paint(Style::Dim, &conditions);
        let line = format!("  {:>4}  {text}{conditions}", line.weight);
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn expression(expression: &Expression) -> ExpressionLine<'_> {
    ExpressionLine {
        text: &expression.text,
        weight: expression.weight,
        near: expression.near.as_ref().map(|near| near.text.as_str()),
        within: expression.near.as_ref().map(|near| near.within),
        with: &expression.with,
        without: &expression.without,
    }
}
