//! What `eval` prints: means, how they compare, and question by question.

use std::io::Write;

use gongbao_query::{Comparison, Measure, Measures};
use serde::Serialize;

use crate::{
    cli::Format,
    config::Config,
    output::{self, Row, Rows},
    terminal::{Style, escape, shorten, width},
};

/// Columns of a number in a table.
const NUMBER_WIDTH: usize = 12;

/// The whole report, as one JSON document.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    #[serde(flatten)]
    means: Means,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    comparison: Vec<ComparisonLine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    per_query: Vec<QuestionLine<'a>>,
}

/// Means over all questions.
#[derive(Serialize)]
struct Means {
    #[serde(flatten)]
    measures: Measures,
    queries: usize,
}

/// A measure of two runs.
#[derive(Serialize)]
struct ComparisonLine {
    measure: Measure,
    #[serde(flatten)]
    compared: Comparison,
}

/// One question.
#[derive(Serialize)]
pub(super) struct QuestionLine<'a> {
    /// Its id.
    pub(super) query: &'a str,
    pub(super) text: &'a str,
    #[serde(flatten)]
    pub(super) measures: Measures,
    /// The same of an earlier run, if there is one.
    pub(super) baseline: Option<Measures>,
}

impl Row for Means {
    const COLUMNS: &'static [&'static str] =
        &["ndcg@10", "mrr@10", "recall@10", "recall@100", "queries"];

    fn cells(&self) -> Vec<String> {
        let mut cells = values(Some(&self.measures));
        cells.push(self.queries.to_string());
        cells
    }
}

impl Row for ComparisonLine {
    const COLUMNS: &'static [&'static str] = &[
        "measure",
        "baseline",
        "now",
        "difference",
        "wins",
        "ties",
        "losses",
        "p",
    ];

    fn cells(&self) -> Vec<String> {
        let compared = &self.compared;
        vec![
            self.measure.name().to_lowercase(),
            compared.baseline.to_string(),
            compared.now.to_string(),
            compared.difference.to_string(),
            compared.wins.to_string(),
            compared.ties.to_string(),
            compared.losses.to_string(),
            compared.p.to_string(),
        ]
    }
}

impl Row for QuestionLine<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "query",
        "text",
        "ndcg@10",
        "mrr@10",
        "recall@10",
        "recall@100",
        "baseline_ndcg@10",
        "baseline_mrr@10",
        "baseline_recall@10",
        "baseline_recall@100",
    ];

    fn cells(&self) -> Vec<String> {
        let mut cells = vec![self.query.to_owned(), self.text.to_owned()];
        cells.extend(values(Some(&self.measures)));
        cells.extend(values(self.baseline.as_ref()));
        cells
    }
}

fn values(measures: Option<&Measures>) -> Vec<String> {
    let value =
        |measure| measures.map_or_else(String::new, |measures| measures.get(measure).to_string());
    Measure::ALL.map(value).to_vec()
}

impl<'a> Report<'a> {
    /// The report on `questions`; all or none of them have a baseline.
    pub(super) fn of(questions: Vec<QuestionLine<'a>>) -> Self {
        let measures: Vec<_> = questions.iter().map(|line| line.measures).collect();
        let pairs = |measure| -> Vec<(f64, f64)> {
            let value = |line: &QuestionLine<'_>| {
                let before = line.baseline?.get(measure);
                Some((before, line.measures.get(measure)))
            };
            questions.iter().filter_map(value).collect()
        };
        let comparison = Measure::ALL
            .map(|measure| (measure, pairs(measure)))
            .into_iter()
            .filter(|(_, pairs)| !pairs.is_empty())
            .map(|(measure, pairs)| ComparisonLine {
                measure,
                compared: Comparison::of(&pairs),
            })
            .collect();
        Self {
            means: Means {
                measures: Measures::mean(&measures),
                queries: measures.len(),
            },
            comparison,
            per_query: questions,
        }
    }
}

/// Prints `report`; question by question if `per_query`.
pub(super) fn print(
    mut report: Report<'_>,
    per_query: bool,
    config: &Config,
) -> anyhow::Result<()> {
    if !per_query {
        report.per_query.clear();
    }
    let mut out = config.out()?;
    match config.format {
        Format::Table => write_page(&mut out, &report, config)?,
        Format::Json => output::json_document(&mut out, &report)?,
        format if per_query => push_all(&mut out, format, &report.per_query)?,
        format if report.comparison.is_empty() => push_all(&mut out, format, &[report.means])?,
        format => push_all(&mut out, format, &report.comparison)?,
    }
    Ok(out.flush()?)
}

fn push_all<R: Row>(out: &mut impl Write, format: Format, lines: &[R]) -> anyhow::Result<()> {
    let mut rows = Rows::new::<R>(out, format)?;
    for line in lines {
        rows.push(line)?;
    }
    rows.finish().map(drop)
}

fn write_page(out: &mut impl Write, report: &Report<'_>, config: &Config) -> anyhow::Result<()> {
    let (lang, screen) = (config.lang, &config.screen);
    let heading = |out: &mut dyn Write, names: &[&str]| {
        let line: String = names.iter().map(|name| right(name)).collect();
        writeln!(out, "{}", screen.paint(Style::Dim, &line))
    };
    if !report.per_query.is_empty() {
        write_questions(out, &report.per_query, config)?;
        writeln!(out)?;
    }
    if report.comparison.is_empty() {
        for measure in Measure::ALL {
            let value = report.means.measures.get(measure);
            writeln!(out, "{}{value:>NUMBER_WIDTH$.4}", left(measure.name()))?;
        }
    } else {
        write!(out, "{}", left(""))?;
        let names = lang.pick(
            [
                "baseline",
                "now",
                "difference",
                "wins",
                "ties",
                "losses",
                "p",
            ],
            ["基线", "本次", "差", "胜", "平", "负", "p"],
        );
        heading(out, &names)?;
        for ComparisonLine { measure, compared } in &report.comparison {
            let Comparison {
                baseline,
                now,
                difference,
                wins,
                ties,
                losses,
                p,
            } = compared;
            let cells = [
                format!("{baseline:.4}"),
                format!("{now:.4}"),
                format!("{difference:+.4}"),
                wins.to_string(),
                ties.to_string(),
                losses.to_string(),
                format!("{p:.4}"),
            ];
            let line: String = cells.iter().map(|cell| right(cell)).collect();
            writeln!(out, "{}{line}", left(measure.name()))?;
        }
    }
    let queries = lang.questions(report.means.queries as u64);
    Ok(writeln!(out, "{}", screen.paint(Style::Dim, &queries))?)
}

/// Every question by its nDCG@10, or only those that changed, the greatest
/// loss first, where there is an earlier run.
fn write_questions(
    out: &mut impl Write,
    questions: &[QuestionLine<'_>],
    config: &Config,
) -> anyhow::Result<()> {
    let value = |line: &QuestionLine<'_>| line.measures.get(Measure::Ndcg);
    let change = |line: &QuestionLine<'_>| {
        let before = line.baseline.as_ref()?.get(Measure::Ndcg);
        Some((before, value(line) - before))
    };
    let mut shown: Vec<_> = questions
        .iter()
        .filter(|line| change(line).is_none_or(|(_, change)| change.abs() > 1e-9))
        .collect();
    let by = |line: &QuestionLine<'_>| change(line).map_or(0.0, |(_, change)| change);
    shown.sort_by(|a, b| by(a).total_cmp(&by(b)));
    let names = config.lang.pick(
        ["baseline", "nDCG@10", "difference"],
        ["基线", "nDCG@10", "差"],
    );
    let compared = questions.iter().any(|line| line.baseline.is_some());
    let names = if compared { &names[..] } else { &names[1..2] };
    let heading: String = names.iter().map(|name| right(name)).collect();
    writeln!(out, "{}", config.screen.paint(Style::Dim, &heading))?;
    for line in shown {
        let numbers = match change(line) {
            None => right(&format!("{:.4}", value(line))),
            Some((before, change)) => [
                format!("{before:.4}"),
                format!("{:.4}", value(line)),
                format!("{change:+.4}"),
            ]
            .iter()
            .map(|cell| right(cell))
            .collect(),
        };
        let room = config.screen.width.saturating_sub(width(&numbers) + 2);
        let text = format!("{}  {}", escape(line.query), escape(line.text));
        writeln!(out, "{numbers}  {}", shorten(&text, room.max(20)))?;
    }
    Ok(())
}

fn left(text: &str) -> String {
    format!("{text:<10}")
}

fn right(text: &str) -> String {
    let room = NUMBER_WIDTH.saturating_sub(width(text));
    format!("{}{text}", " ".repeat(room))
}
