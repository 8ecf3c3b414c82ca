//! `history`: what became of a notice, fetch by fetch and version by version.

use std::io::Write;

use gongbao_archive::{Archive, PageFate};
use gongbao_desk::HistoryRow;

use super::named;
use crate::{
    cli::{Format, History},
    commands::Outcome,
    config::Config,
    messages::size,
    output::Rows,
    terminal::{Style, escape, pad},
};

/// Characters of a digest that tell versions apart on a screen.
const SHORT_DIGEST_CHARS: usize = 12;

/// Tells the history of the notice that `args` names.
pub(crate) fn run(args: &History, config: &Config) -> anyhow::Result<Outcome> {
    let archive = Archive::open(&config.corpus)?;
    let record = named::find(&archive, &args.name, config)?;
    let lines = HistoryRow::all(&record, &archive)?;
    let mut out = config.out()?;
    if config.format == Format::Table {
        write_page(&mut out, &lines, config)?;
    } else {
        let mut rows = Rows::new::<HistoryRow>(&mut out, config.format)?;
        for line in &lines {
            rows.push(line)?;
        }
        rows.finish()?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

fn write_page(out: &mut impl Write, lines: &[HistoryRow], config: &Config) -> anyhow::Result<()> {
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
