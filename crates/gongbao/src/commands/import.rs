//! `import`: local files into the archive.

use std::io::{self, Write};

use anyhow::Context;
use gongbao_archive::{Fate, ImportEvent, ImportOptions, Writer, import};
use gongbao_notice::looks_like_text;
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    cli::{Format, Import},
    commands::Outcome,
    config::Config,
    output, signals,
};

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    fate: &'a str,
    version: u32,
    key: &'a str,
    file: String,
    line: Option<u64>,
    title: Option<&'a str>,
}

/// Imports what `args` names.
pub(crate) fn run(args: &Import, config: &Config) -> anyhow::Result<Outcome> {
    let interrupt = signals::interrupt_flag()?;
    let mut writer = Writer::open(&config.corpus)?;
    let mut options = ImportOptions::new(Timestamp::now(), |bytes| {
        looks_like_text(bytes).map_err(|problem| problem.to_string())
    });
    options.max_bytes = args.max_size << 20;
    options.interrupt = Some(&interrupt);
    let mut out = io::stdout().lock();
    let mut failed = None;
    let report = import(&mut writer, &args.paths, &options, &mut |event| {
        if let ImportEvent::Imported(imported) = &event
            && config.format != Format::Table
        {
            let row = Row {
                id: imported.id.as_str(),
                fate: match imported.fate {
                    Fate::New => "new",
                    Fate::Changed => "changed",
                    Fate::Unchanged => "unchanged",
                },
                version: imported.version,
                key: &imported.key,
                file: imported.place.path.display().to_string(),
                line: imported.place.line,
                title: imported.title.as_deref(),
            };
            if let Err(error) = output::json_line(&mut out, &row) {
                failed.get_or_insert(error);
            }
        }
    });
    if let Some(error) = failed {
        return Err(error);
    }
    let report = report.context("importing")?;
    writer.finish()?;
    writeln!(
        io::stderr(),
        "{} files: {} new, {} changed, {} unchanged, {} skipped",
        report.files,
        report.new,
        report.changed,
        report.unchanged,
        report.skipped
    )?;
    Ok(match () {
        () if report.interrupted => Outcome::Interrupted,
        () if report.skipped > 0 => Outcome::WithErrors,
        () => Outcome::Done,
    })
}
