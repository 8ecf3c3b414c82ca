//! `topics`: the topic packs.

use std::io::{self, BufWriter, Write};

use anyhow::anyhow;
use gongbao_query::{Expression, Topic};
use serde::Serialize;

use crate::{
    cli::{Format, TopicAction},
    commands::Outcome,
    config::Config,
    messages::{Fields, Label},
    output::{self, Row, Rows},
    terminal::{Style, escape, pad, shorten, width},
};

/// Wider text is hard to read.
const MAX_TEXT_WIDTH: usize = 100;

/// A topic in a list.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    name_zh: &'a str,
    name_en: &'a str,
    version: u32,
    expressions: usize,
    scope: String,
}

/// A topic in full.
#[derive(Serialize)]
struct Full<'a> {
    id: &'a str,
    version: u32,
    name_zh: &'a str,
    name_en: &'a str,
    aliases: &'a [String],
    scope: String,
    expressions: Vec<ExpressionLine<'a>>,
    exclusions: Vec<&'a str>,
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
}

impl Row for Line<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "name_zh",
        "name_en",
        "version",
        "expressions",
        "scope",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.to_owned(),
            self.name_zh.to_owned(),
            self.name_en.to_owned(),
            self.version.to_string(),
            self.expressions.to_string(),
            self.scope.clone(),
        ]
    }
}

impl Row for ExpressionLine<'_> {
    const COLUMNS: &'static [&'static str] = &["text", "weight", "near", "within", "with"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.text.to_owned(),
            self.weight.to_string(),
            self.near.unwrap_or_default().to_owned(),
            self.within
                .map_or_else(String::new, |within| within.to_string()),
            self.with.join(" | "),
        ]
    }
}

/// Does `action`.
pub(crate) fn run(action: Option<TopicAction>, config: &Config) -> anyhow::Result<Outcome> {
    match action.unwrap_or(TopicAction::List) {
        TopicAction::List => list(config)?,
        TopicAction::Show { name } => {
            let topic = config.topics()?.find(&name)?;
            let topic = topic.ok_or_else(|| anyhow!(config.lang.no_topic(&name)))?;
            show(&topic, config)?;
        }
    }
    Ok(Outcome::Done)
}

fn list(config: &Config) -> anyhow::Result<()> {
    let topics: Vec<_> = config.topics()?.iter().collect::<Result<_, _>>()?;
    let lines: Vec<_> = topics
        .iter()
        .map(|topic| Line {
            id: &topic.id,
            name_zh: &topic.name.zh,
            name_en: &topic.name.en,
            version: topic.version,
            expressions: topic.expressions.len(),
            scope: scope(topic),
        })
        .collect();
    let mut out = BufWriter::new(io::stdout().lock());
    if config.format != Format::Table {
        let mut rows = Rows::new::<Line<'_>>(out, config.format)?;
        for line in &lines {
            rows.push(line)?;
        }
        return rows.finish().map(drop);
    }
    let widest = |field: fn(&Line<'_>) -> usize| lines.iter().map(field).max().unwrap_or(0) + 2;
    let (ids, names) = (
        widest(|line| width(line.id)),
        widest(|line| width(line.name_zh)),
    );
    for line in &lines {
        let id = config.screen.paint(Style::Bold, &pad(line.id, ids));
        let names = pad(&escape(line.name_zh), names);
        writeln!(out, "{id}{names}{}", escape(line.name_en))?;
        let scope = shorten(&line.scope, config.screen.width.saturating_sub(2));
        writeln!(out, "  {}", config.screen.paint(Style::Dim, &scope))?;
    }
    Ok(out.flush()?)
}

fn show(topic: &Topic, config: &Config) -> anyhow::Result<()> {
    let full = Full {
        id: &topic.id,
        version: topic.version,
        name_zh: &topic.name.zh,
        name_en: &topic.name.en,
        aliases: &topic.aliases,
        scope: scope(topic),
        expressions: topic.expressions.iter().map(expression).collect(),
        exclusions: topic
            .exclusions
            .iter()
            .map(|exclusion| exclusion.text.as_str())
            .collect(),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    match config.format {
        Format::Json => return output::json_document(&mut out, &full),
        Format::Jsonl => output::json_line(&mut out, &full)?,
        Format::Csv => {
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
    }
}

/// The scope on one line.
fn scope(topic: &Topic) -> String {
    topic.scope.split_whitespace().collect::<Vec<_>>().join(" ")
}
