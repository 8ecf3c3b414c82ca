//! Citations against the archive: whether what was quoted still stands there.

use std::{
    fs,
    io::{self, Read, Write},
    path::Path,
};

use anyhow::{Context, bail};
use gongbao_archive::{Archive, ArchiveError, NoticeRecord, VersionRecord};
use gongbao_desk::{Reading, ReadingError};
use gongbao_notice::NoticeId;
use gongbao_query::{Cited, quote_stands};
use serde::Serialize;

use crate::{
    cli::Format,
    commands::Outcome,
    config::Config,
    output::{self, Row, Rows},
    terminal::{Style, escape, shorten},
};

/// Longer quotes are cut in the table.
const SHOWN_QUOTE: usize = 60;

/// What became of a citation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// It stands where it was cited; without a quote, the item is there.
    Stands,
    /// The words stand in the same notice, in another item.
    Moved,
    /// The words, or without a quote the item, are not there.
    Gone,
    /// The corpus does not hold the page that was cited.
    NoPage,
    /// The page is damaged, or cannot be read.
    Unreadable,
}

impl Standing {
    fn name(self) -> &'static str {
        match self {
            Self::Stands => "stands",
            Self::Moved => "moved",
            Self::Gone => "gone",
            Self::NoPage => "no_page",
            Self::Unreadable => "unreadable",
        }
    }

    fn is_good(self) -> bool {
        matches!(self, Self::Stands | Self::Moved)
    }
}

/// A citation, checked.
#[derive(Serialize)]
struct Checked {
    #[serde(flatten)]
    cited: Cited,
    /// In the page that was cited.
    status: Standing,
    /// Where the words stand, if they moved.
    found_at: Option<String>,
    /// The version that was cited.
    version: Option<u32>,
    /// The newest version of the notice.
    newest: Option<u32>,
    /// In the newest version.
    newest_status: Option<Standing>,
}

impl Row for Checked {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "anchor",
        "sha256",
        "quote",
        "status",
        "found_at",
        "version",
        "newest",
        "newest_status",
    ];

    fn cells(&self) -> Vec<String> {
        let known = |text: &Option<String>| text.clone().unwrap_or_default();
        let number = |number: Option<u32>| number.map_or_else(String::new, |n| n.to_string());
        vec![
            self.cited.id.clone(),
            known(&self.cited.anchor),
            self.cited.sha256.clone(),
            known(&self.cited.quote),
            self.status.name().to_owned(),
            known(&self.found_at),
            number(self.version),
            number(self.newest),
            self.newest_status.map_or("", Standing::name).to_owned(),
        ]
    }
}

/// Checks the citations in the file `path`, or on standard input for `-`.
pub(super) fn run(path: &Path, config: &Config) -> anyhow::Result<Outcome> {
    let text = if path == Path::new("-") {
        let mut text = String::new();
        io::stdin()
            .read_to_string(&mut text)
            .context("could not read standard input")?;
        text
    } else {
        fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))?
    };
    let cited = Cited::all(&text);
    if cited.is_empty() {
        bail!(config.lang.no_citations(&path.display().to_string()));
    }
    let archive = Archive::open(&config.corpus)?;
    let checked = cited
        .into_iter()
        .map(|cited| check(cited, &archive, config))
        .collect::<anyhow::Result<Vec<_>>>()?;
    print(&checked, config)?;
    let all_good = checked.iter().all(|checked| checked.status.is_good());
    Ok(if all_good {
        Outcome::Done
    } else {
        Outcome::Nothing
    })
}

fn check(cited: Cited, archive: &Archive, config: &Config) -> anyhow::Result<Checked> {
    let mut checked = Checked {
        cited,
        status: Standing::NoPage,
        found_at: None,
        version: None,
        newest: None,
        newest_status: None,
    };
    let Ok(id) = checked.cited.id.parse::<NoticeId>() else {
        return Ok(checked);
    };
    let Some(record) = archive.notice(&id)? else {
        return Ok(checked);
    };
    checked.newest = Some(record.newest.version);
    let versions = archive.versions(&id)?;
    let same = |version: &&VersionRecord| version.sha256 == checked.cited.sha256;
    if let Some(version) = versions.iter().rev().find(same) {
        checked.version = Some(version.version);
        (checked.status, checked.found_at) =
            standing(&checked.cited, archive, &record, version, config)?;
    }
    let newest = record.newest.clone();
    checked.newest_status = Some(if checked.version == checked.newest {
        checked.status
    } else {
        standing(&checked.cited, archive, &record, &newest, config)?.0
    });
    Ok(checked)
}

/// How `cited` stands in `version`, and where its words are if not in the
/// item.
fn standing(
    cited: &Cited,
    archive: &Archive,
    record: &NoticeRecord,
    version: &VersionRecord,
    config: &Config,
) -> anyhow::Result<(Standing, Option<String>)> {
    let record = NoticeRecord {
        newest: version.clone(),
        ..record.clone()
    };
    let reading = match Reading::of_record(record, archive, &config.reader()?) {
        Ok(reading) => reading,
        // A page that cannot be read is an answer; a corpus that cannot is an error.
        Err(ReadingError::Archive(error)) if !matches!(error, ArchiveError::Damaged { .. }) => {
            return Err(error.into());
        }
        Err(_) => return Ok((Standing::Unreadable, None)),
    };
    let elsewhere = |reading: &Reading| {
        let quote = cited.quote.as_ref()?;
        let text = reading.notice.body.text();
        let passages = &reading.outline.passages;
        let found = passages
            .iter()
            .find(|passage| quote_stands(quote, &text[passage.range.clone()]));
        match found {
            Some(passage) => Some(Some(passage.anchor.clone())),
            // From one passage into the next.
            None => quote_stands(quote, text).then_some(None),
        }
    };
    let moved = elsewhere(&reading);
    let at = match &cited.anchor {
        None => Some(reading),
        Some(anchor) => reading.at(anchor),
    };
    let stands = at.is_some_and(|reading| {
        let quote = cited.quote.as_ref();
        quote.is_none_or(|quote| quote_stands(quote, reading.text()))
    });
    Ok(match (stands, moved) {
        (true, _) => (Standing::Stands, None),
        (false, Some(found_at)) => (Standing::Moved, found_at),
        (false, None) => (Standing::Gone, None),
    })
}

fn print(checked: &[Checked], config: &Config) -> anyhow::Result<()> {
    let mut out = config.out()?;
    match config.format {
        Format::Table => {
            for row in checked {
                let style = if row.status.is_good() {
                    Style::Plain
                } else {
                    Style::Warning
                };
                let status = config.screen.paint(style, config.lang.standing(row.status));
                write!(out, "{}  {status}", escape(&row.cited.name()))?;
                if let Some(at) = &row.found_at {
                    write!(out, " (#{})", escape(at))?;
                }
                if let (Some(newest), Some(status)) = (row.newest, row.newest_status)
                    && row.version.is_some_and(|version| version != newest)
                {
                    write!(out, "; {}", config.lang.newest_standing(newest, status))?;
                }
                if let Some(quote) = &row.cited.quote {
                    write!(out, "  “{}”", shorten(quote, SHOWN_QUOTE))?;
                }
                writeln!(out)?;
            }
        }
        Format::Json => output::json_document(&mut out, &checked)?,
        format => {
            let mut rows = Rows::new::<Checked>(&mut out, format)?;
            for row in checked {
                rows.push(row)?;
            }
            rows.finish()?;
        }
    }
    Ok(out.flush()?)
}
