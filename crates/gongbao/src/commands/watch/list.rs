//! `watch list`: the saved searches, and what they have still to tell.

use std::io::{self, BufWriter, Write};

use gongbao_archive::{Archive, ArchiveError};
use gongbao_watch::{Channel, Watch, WatchError, Watches};
use serde::Serialize;

use crate::{
    cli::Format,
    commands::Outcome,
    config::Config,
    output::{Row, Rows},
    terminal::{Style, escape},
};

/// A saved search.
#[derive(Serialize)]
struct Line {
    name: String,
    query: String,
    topic: Option<String>,
    channels: Vec<String>,
    /// The last change of the archive that it was held against; `null` before
    /// its first run.
    seen: Option<u64>,
    /// Alerts still to be told.
    pending: u64,
    /// Why it cannot be used, or why telling failed.
    problem: Option<String>,
}

impl Row for Line {
    const COLUMNS: &'static [&'static str] = &[
        "name", "query", "topic", "channels", "seen", "pending", "problem",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            self.query.clone(),
            self.topic.clone().unwrap_or_default(),
            self.channels.join(" "),
            self.seen.map_or_else(String::new, |seen| seen.to_string()),
            self.pending.to_string(),
            self.problem.clone().unwrap_or_default(),
        ]
    }
}

pub(super) fn run(config: &Config) -> anyhow::Result<Outcome> {
    let archive = match Archive::open(&config.corpus) {
        Ok(archive) => Some(archive),
        Err(ArchiveError::NoCorpus { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let mut lines = Vec::new();
    for watch in Watches::of(config.corpus.dir()).all()? {
        lines.push(match watch {
            Ok(watch) => line(&watch, archive.as_ref())?,
            Err(error) => unusable(&error),
        });
    }
    let broken = lines.iter().any(|line| line.problem.is_some());
    let mut out = BufWriter::new(io::stdout().lock());
    if config.format == Format::Table {
        for line in &lines {
            write_line(&mut out, line, config)?;
        }
        out.flush()?;
        if lines.is_empty() {
            config.tell(config.lang.no_watches());
        }
    } else {
        let mut rows = Rows::new::<Line>(out, config.format)?;
        for line in &lines {
            rows.push(line)?;
        }
        rows.finish()?;
    }
    Ok(if broken {
        Outcome::WithErrors
    } else {
        Outcome::Done
    })
}

fn line(watch: &Watch, archive: Option<&Archive>) -> anyhow::Result<Line> {
    let (mut seen, mut outstanding) = (None, Vec::new());
    if let Some(archive) = archive {
        seen = archive.seen(&watch.name)?;
        outstanding = archive.outstanding(&watch.name)?;
    }
    let channels: Vec<_> = watch.channels.iter().map(Channel::key).collect();
    outstanding.retain(|channel| channels.contains(&channel.channel));
    Ok(Line {
        name: watch.name.clone(),
        query: watch.query.clone(),
        topic: watch.topic.clone(),
        channels,
        seen,
        pending: outstanding.iter().map(|channel| channel.alerts).sum(),
        problem: outstanding.into_iter().find_map(|channel| channel.problem),
    })
}

fn unusable(error: &WatchError) -> Line {
    let name = match error {
        WatchError::Unusable { name, .. } | WatchError::BadName { name } => name.clone(),
        _ => String::new(),
    };
    Line {
        name,
        query: String::new(),
        topic: None,
        channels: Vec::new(),
        seen: None,
        pending: 0,
        problem: Some(error.to_string()),
    }
}

fn write_line(out: &mut impl Write, line: &Line, config: &Config) -> anyhow::Result<()> {
    let what = [line.topic.as_deref(), Some(&line.query)];
    let what: Vec<_> = what
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect();
    let name = config.screen.paint(Style::Bold, &escape(&line.name));
    writeln!(out, "{name}  {}", escape(&what.join(" + ")))?;
    for channel in &line.channels {
        writeln!(out, "  → {}", escape(channel))?;
    }
    if line.pending > 0 {
        writeln!(out, "  {}", config.lang.watch_pending(line.pending))?;
    }
    if let Some(problem) = &line.problem {
        writeln!(out, "  ! {}", escape(problem))?;
    }
    Ok(())
}
