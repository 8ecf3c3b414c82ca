//! `history`: what became of a notice, fetch by fetch and version by version.

use std::io::{self, BufWriter, Write};

use gongbao_archive::{Archive, FetchRecord, PageFate, VersionRecord};
use serde::Serialize;

use super::named;
use crate::{
    cli::{Format, History},
    commands::Outcome,
    config::Config,
    messages::size,
    output::{Row, Rows},
    terminal::{Style, escape, pad},
};

/// Characters of a digest that tell versions apart on a screen.
const SHORT_DIGEST_CHARS: usize = 12;

/// Something that happened to a notice.
#[derive(Serialize)]
struct Line {
    id: String,
    fetched: String,
    /// As in the catalogue; `changed` is a file that was imported with other
    /// bytes than before.
    fate: &'static str,
    /// The version that it made.
    version: Option<u32>,
    /// The status of HTTP.
    status: Option<u16>,
    /// Of what was received.
    bytes: Option<u64>,
    sha256: Option<String>,
    url: Option<String>,
    /// What went wrong, or the new address.
    detail: Option<String>,
}

impl Line {
    fn fetched(id: &str, fetch: &FetchRecord) -> Self {
        Self {
            id: id.to_owned(),
            fetched: fetch.fetched.to_string(),
            fate: fetch.fate.name(),
            version: fetch.version,
            status: fetch.status,
            bytes: fetch.status.map(|_| fetch.bytes),
            sha256: fetch.sha256.clone(),
            url: Some(fetch.url.clone()),
            detail: fetch.detail.clone(),
        }
    }

    fn imported(id: &str, version: &VersionRecord, url: Option<&str>) -> Self {
        Self {
            id: id.to_owned(),
            fetched: version.fetched.to_string(),
            fate: if version.version == 1 {
                "new"
            } else {
                "changed"
            },
            version: Some(version.version),
            status: None,
            bytes: Some(version.size),
            sha256: Some(version.sha256.clone()),
            url: url.map(str::to_owned),
            detail: version.file_name.clone(),
        }
    }
}

impl Row for Line {
    const COLUMNS: &'static [&'static str] = &[
        "id", "fetched", "fate", "version", "status", "bytes", "sha256", "url", "detail",
    ];

    fn cells(&self) -> Vec<String> {
        fn told<T: ToString>(value: Option<&T>) -> String {
            value.map_or_else(String::new, ToString::to_string)
        }
        vec![
            self.id.clone(),
            self.fetched.clone(),
            self.fate.to_owned(),
            told(self.version.as_ref()),
            told(self.status.as_ref()),
            told(self.bytes.as_ref()),
            told(self.sha256.as_ref()),
            told(self.url.as_ref()),
            told(self.detail.as_ref()),
        ]
    }
}

/// Tells the history of the notice that `args` names.
pub(crate) fn run(args: &History, config: &Config) -> anyhow::Result<Outcome> {
    let archive = Archive::open(&config.corpus)?;
    let (record, _) = named::find(&archive, &args.name, config)?;
    let id = record.id.as_str();
    let fetches = archive.fetches_of(&record.id)?;
    let mut lines: Vec<_> = archive
        .versions(&record.id)?
        .iter()
        .filter(|version| {
            let made_it = |fetch: &FetchRecord| fetch.version == Some(version.version);
            !fetches.iter().any(made_it)
        })
        .map(|version| Line::imported(id, version, record.url.as_deref()))
        .collect();
    lines.extend(fetches.iter().map(|fetch| Line::fetched(id, fetch)));
    // Stable: fetches of one second stay in their order. All times are in UTC,
    // to the second, so their text sorts as they do.
    lines.sort_by(|a, b| a.fetched.cmp(&b.fetched));

    let mut out = BufWriter::new(io::stdout().lock());
    if config.format == Format::Table {
        write_page(&mut out, &lines, config)?;
    } else {
        let mut rows = Rows::new::<Line>(&mut out, config.format)?;
        for line in &lines {
            rows.push(line)?;
        }
        rows.finish()?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

fn write_page(out: &mut impl Write, lines: &[Line], config: &Config) -> anyhow::Result<()> {
    let (lang, screen) = (config.lang, &config.screen);
    let mut last_url: Option<&str> = None;
    for line in lines {
        if line.url.as_deref() != last_url {
            last_url = line.url.as_deref();
            let url = escape(last_url.unwrap_or_default()).into_owned();
            writeln!(
                out,
                "{}",
                screen.paint(Style::Dim, &screen.link(last_url, &url))
            )?;
        }
        let version = line
            .version
            .map_or_else(String::new, |number| format!("v{number}"));
        let status = line
            .status
            .map_or_else(String::new, |status| status.to_string());
        let bytes = line.bytes.map_or_else(String::new, size);
        let digest: String = line
            .sha256
            .iter()
            .flat_map(|digest| digest.chars().take(SHORT_DIGEST_CHARS))
            .collect();
        let fate = pad(lang.fate(line.fate), 12);
        let style = match line.fate {
            "new" | "edited" | "changed" => Style::Bold,
            name if name == PageFate::Unchanged.name() => Style::Dim,
            "chrome" => Style::Dim,
            _ => Style::Warning,
        };
        let text = format!(
            "  {}  {}{}{}{}{}  {}",
            line.fetched,
            screen.paint(style, &fate),
            pad(&version, 5),
            pad(&status, 5),
            pad(&bytes, 10),
            screen.paint(Style::Dim, &digest),
            escape(line.detail.as_deref().unwrap_or_default()),
        );
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}
