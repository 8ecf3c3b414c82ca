//! What came of a crawl: coverage by site and column, fates, findings.

use std::io::Write;

use gongbao_crawler::{ColumnReport, CrawlReport, Ended, Site, SiteReport};
use serde::Serialize;

use crate::{
    cli::Format,
    config::Config,
    output::{self, Row, Rows},
    terminal::{Style, escape, pad, shorten, width},
};

/// Columns for names in the table.
const MAX_NAME: usize = 28;

/// What came of a column, as a row.
#[derive(Serialize)]
struct Line<'a> {
    site: &'a str,
    column: &'a str,
    listed: u64,
    stated: Option<u64>,
    fetched: u64,
    read: u64,
    new: u64,
    edited: u64,
    declined: u64,
    failed: u64,
}

impl<'a> Line<'a> {
    fn of(site: &'a SiteReport, column: &'a ColumnReport) -> Self {
        let coverage = &column.coverage;
        Self {
            site: &site.id,
            column: &coverage.column,
            listed: coverage.listed,
            stated: coverage.stated,
            fetched: coverage.fetched,
            read: coverage.read,
            new: column.new,
            edited: column.edited,
            declined: coverage.declined,
            failed: coverage.failed,
        }
    }
}

impl Row for Line<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "site", "column", "listed", "stated", "fetched", "read", "new", "edited", "declined",
        "failed",
    ];

    fn cells(&self) -> Vec<String> {
        let stated = self
            .stated
            .map_or_else(String::new, |stated| stated.to_string());
        vec![
            self.site.to_owned(),
            self.column.to_owned(),
            self.listed.to_string(),
            stated,
            self.fetched.to_string(),
            self.read.to_string(),
            self.new.to_string(),
            self.edited.to_string(),
            self.declined.to_string(),
            self.failed.to_string(),
        ]
    }
}

/// The whole report, as JSON.
#[derive(Serialize)]
struct Document<'a> {
    ended: &'static str,
    bytes: u64,
    fates: serde_json::Map<String, serde_json::Value>,
    forbidden: u64,
    left: u64,
    columns: Vec<Line<'a>>,
    alarms: Vec<AlarmLine<'a>>,
}

#[derive(Serialize)]
struct AlarmLine<'a> {
    site: Option<&'a str>,
    column: Option<&'a str>,
    kind: &'static str,
    message: String,
}

/// Tells `report` in rows, or as a table.
pub(super) fn tell(report: &CrawlReport, sites: &[Site], config: &Config) -> anyhow::Result<()> {
    let lines: Vec<Line<'_>> = report
        .sites
        .iter()
        .flat_map(|site| {
            site.columns
                .iter()
                .map(move |column| Line::of(site, column))
        })
        .collect();
    let mut out = config.out()?;
    match config.format {
        Format::Table => table(&mut out, &lines, sites, config)?,
        Format::Json => output::json_document(&mut out, &document(report, lines))?,
        format => {
            let mut rows = Rows::new::<Line<'_>>(out, format)?;
            for line in &lines {
                rows.push(line)?;
            }
            out = rows.finish()?;
        }
    }
    out.flush()?;
    for located in &report.findings {
        let place = [located.site.as_deref(), located.column.as_deref()];
        let place: Vec<&str> = place.into_iter().flatten().collect();
        let what = config.lang.finding(&located.finding);
        let text = match place.is_empty() {
            true => format!("! {}", escape(&what)),
            false => format!("! {}: {}", escape(&place.join(" › ")), escape(&what)),
        };
        config.tell(&config.screen.paint(Style::Warning, &text));
    }
    config.tell(&config.lang.crawl_report(report));
    Ok(())
}

fn document<'a>(report: &'a CrawlReport, columns: Vec<Line<'a>>) -> Document<'a> {
    let mut fates = serde_json::Map::new();
    for (fate, count) in report.sites.iter().flat_map(|site| &site.fates) {
        let sum = fates
            .get(fate.name())
            .and_then(serde_json::Value::as_u64)
            .unwrap_or(0);
        fates.insert(fate.name().to_owned(), (sum + count).into());
    }
    Document {
        ended: match report.ended {
            Ended::Done => "done",
            Ended::Interrupted => "interrupted",
            Ended::MaxPages => "max_pages",
            Ended::MaxTime => "max_time",
        },
        bytes: report.bytes,
        fates,
        forbidden: report.sites.iter().map(|site| site.forbidden).sum(),
        left: report.sites.iter().map(|site| site.left).sum(),
        columns,
        alarms: report
            .findings
            .iter()
            .map(|located| AlarmLine {
                site: located.site.as_deref(),
                column: located.column.as_deref(),
                kind: located.finding.kind(),
                message: located.finding.to_string(),
            })
            .collect(),
    }
}

fn table(
    out: &mut impl Write,
    lines: &[Line<'_>],
    sites: &[Site],
    config: &Config,
) -> anyhow::Result<()> {
    let heads = config.lang.crawl_heads();
    let numbers = |line: &Line<'_>| {
        let stated = line
            .stated
            .map_or_else(|| "–".to_owned(), |stated| stated.to_string());
        [
            line.listed.to_string(),
            stated,
            line.fetched.to_string(),
            line.read.to_string(),
            line.new.to_string(),
            line.edited.to_string(),
            line.declined.to_string(),
            line.failed.to_string(),
        ]
    };
    let name = |line: &Line<'_>| {
        let site = sites.iter().find(|site| site.id == line.site);
        let site = site.map_or(line.site, |site| site.name.as_str());
        shorten(site, MAX_NAME)
    };
    let column = |line: &Line<'_>| {
        shorten(
            if line.column.is_empty() {
                "–"
            } else {
                line.column
            },
            MAX_NAME,
        )
    };
    let widest = |texts: Vec<String>, head: &str| {
        texts
            .iter()
            .map(|text| width(text))
            .max()
            .unwrap_or(0)
            .max(width(head))
    };
    let first = widest(lines.iter().map(name).collect(), heads[0]);
    let second = widest(lines.iter().map(column).collect(), heads[1]);
    let mut head = format!("{}  {}", pad(heads[0], first), pad(heads[1], second));
    let widths: Vec<usize> = (0..8)
        .map(|index| {
            widest(
                lines
                    .iter()
                    .map(|line| numbers(line)[index].clone())
                    .collect(),
                heads[index + 2],
            )
        })
        .collect();
    for (text, columns) in heads[2..].iter().zip(&widths) {
        head.push_str("  ");
        head.push_str(&left_pad(text, *columns));
    }
    writeln!(out, "{}", config.screen.paint(Style::Bold, head.trim_end()))?;
    for line in lines {
        write!(
            out,
            "{}  {}",
            pad(&name(line), first),
            pad(&column(line), second)
        )?;
        for (text, columns) in numbers(line).iter().zip(&widths) {
            write!(out, "  {}", left_pad(text, *columns))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn left_pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{:missing$}{text}", "")
}
