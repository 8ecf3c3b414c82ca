//! `import`: local files into the archive.

use std::io::Write;

use anyhow::Context;
use gongbao_archive::{
    Fate, ImportEvent, ImportOptions, ImportReport, Imported, Skip, Writer, import,
};
use gongbao_notice::looks_like_text;
use indicatif::ProgressBar;
use serde::Serialize;

use crate::{
    cli::{Format, Import},
    clock::now,
    commands::Outcome,
    config::Config,
    output::{self, Row, Rows},
    progress, signals,
    terminal::escape,
};

/// How many skipped files are told on a terminal.
const MAX_SKIPPED_TOLD: usize = 20;

/// Where so many or fewer notices are new or changed, each is told.
const MAX_IMPORTED_TOLD: usize = 10;

/// A notice that was imported, or a file or row that was skipped.
#[derive(Serialize)]
struct Line<'a> {
    id: Option<&'a str>,
    fate: &'static str,
    version: Option<u32>,
    key: Option<&'a str>,
    path: String,
    line: Option<u64>,
    title: Option<&'a str>,
    /// Why it was skipped, in words.
    reason: Option<String>,
    /// Why it was skipped, in one word for scripts.
    reason_code: Option<&'static str>,
}

impl<'a> Line<'a> {
    fn imported(imported: &'a Imported) -> Self {
        Self {
            id: Some(imported.id.as_str()),
            fate: fate(imported.fate),
            version: Some(imported.version),
            key: Some(&imported.key),
            path: imported.place.path.display().to_string(),
            line: imported.place.line,
            title: imported.title.as_deref(),
            reason: None,
            reason_code: None,
        }
    }

    fn skipped(skip: &'a Skip, config: &Config) -> Self {
        Self {
            id: None,
            fate: "skipped",
            version: None,
            key: skip.place.url.as_deref(),
            path: skip.place.path.display().to_string(),
            line: skip.place.line,
            title: None,
            reason: Some(config.lang.skip_reason(&skip.reason)),
            reason_code: Some(skip.reason.name()),
        }
    }
}

fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::New => "new",
        Fate::Changed => "changed",
        Fate::Unchanged => "unchanged",
    }
}

impl Row for Line<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "fate",
        "version",
        "key",
        "path",
        "line",
        "title",
        "reason",
        "reason_code",
    ];

    fn cells(&self) -> Vec<String> {
        let text = |field: Option<&str>| field.unwrap_or_default().to_owned();
        vec![
            text(self.id),
            self.fate.to_owned(),
            self.version
                .map_or_else(String::new, |version| version.to_string()),
            text(self.key),
            self.path.clone(),
            self.line.map_or_else(String::new, |line| line.to_string()),
            text(self.title),
            text(self.reason.as_deref()),
            text(self.reason_code),
        ]
    }
}

/// Imports what `args` names.
pub(crate) fn run(args: &Import, config: &Config) -> anyhow::Result<Outcome> {
    let interrupt = signals::interrupt_flag()?;
    let mut writer = Writer::open(&config.corpus)?;
    let mut options = ImportOptions::new(now(), |bytes| {
        looks_like_text(bytes).map_err(|problem| problem.to_string())
    });
    options.max_bytes = args.max_size.saturating_mul(1 << 20);
    options.interrupt = Some(&interrupt);

    let mut teller = Teller::new(config)?;
    let report = import(&mut writer, &args.paths, &options, &mut |event| {
        teller.hear(event);
    });
    teller.bar.finish_and_clear();
    let report = report.context("importing");
    // What was imported before an error is told all the same.
    let told = teller.finish(report.as_ref().ok());
    let report = report?;
    writer.finish()?;
    told?;
    Ok(match () {
        () if report.interrupted => Outcome::Interrupted,
        () if report.skipped > 0 => Outcome::WithErrors,
        () => Outcome::Done,
    })
}

/// Tells what happens, in rows or at the end.
struct Teller<'c> {
    config: &'c Config,
    bar: ProgressBar,
    rows: Option<Rows<Box<dyn Write>>>,
    /// The first of those imported and skipped, in words.
    imported: Vec<String>,
    skipped: Vec<String>,
    /// The first row that could not be printed. The import goes on: what was
    /// read is not lost because nobody listens.
    failed: Option<anyhow::Error>,
}

impl<'c> Teller<'c> {
    fn new(config: &'c Config) -> anyhow::Result<Self> {
        let mut out = config.out()?;
        let rows = match config.format {
            Format::Table => None,
            format => {
                if format == Format::Json {
                    out.write_all(b"{\"rows\":")?;
                }
                Some(Rows::new::<Line<'_>>(out, format)?)
            }
        };
        Ok(Self {
            config,
            bar: progress::bytes(config),
            rows,
            imported: Vec::new(),
            skipped: Vec::new(),
            failed: None,
        })
    }

    fn hear(&mut self, event: ImportEvent<'_>) {
        match event {
            ImportEvent::Counted { bytes, .. } => self.bar.set_length(bytes),
            ImportEvent::Progress { files, bytes } => {
                self.bar.set_position(bytes);
                if !self.bar.is_hidden() {
                    self.bar.set_message(self.config.lang.files(files));
                }
            }
            ImportEvent::Imported(imported) => {
                self.push(&Line::imported(imported));
                if imported.fate != Fate::Unchanged && self.imported.len() <= MAX_IMPORTED_TOLD {
                    let place = imported.place.to_string();
                    self.imported.push(format!(
                        "{} v{}  {}",
                        imported.id,
                        imported.version,
                        escape(imported.title.as_deref().unwrap_or(&place))
                    ));
                }
            }
            ImportEvent::Skipped(skip) => {
                self.push(&Line::skipped(skip, self.config));
                if self.skipped.len() < MAX_SKIPPED_TOLD {
                    let place = skip.place.to_string();
                    let reason = self.config.lang.skip_reason(&skip.reason);
                    self.skipped
                        .push(format!("{}: {}", escape(&place), escape(&reason)));
                }
            }
            _ => {}
        }
    }

    fn push(&mut self, row: &Line<'_>) {
        if self.failed.is_none()
            && let Some(rows) = &mut self.rows
            && let Err(error) = rows.push(row)
        {
            self.failed = Some(error);
        }
    }

    /// Ends the rows; tells the report, unless the import failed.
    fn finish(mut self, report: Option<&ImportReport>) -> anyhow::Result<()> {
        if let Some(report) = report {
            self.tell(report);
        }
        if let Some(error) = self.failed {
            return Err(error);
        }
        if let Some(rows) = self.rows.take() {
            let mut out = rows.finish()?;
            if self.config.format == Format::Json {
                out.write_all(b",\"report\":")?;
                output::json_line(&mut out, &report)?;
                out.write_all(b"}\n")?;
            }
            out.flush()?;
        }
        Ok(())
    }

    fn tell(&self, report: &ImportReport) {
        let (config, lang) = (self.config, self.config.lang);
        if config.format == Format::Table && self.imported.len() <= MAX_IMPORTED_TOLD {
            for line in &self.imported {
                config.tell(line);
            }
        }
        for line in &self.skipped {
            config.tell(line);
        }
        let more = report.skipped.saturating_sub(self.skipped.len() as u64);
        if more > 0 {
            config.tell(&lang.more_skipped(more));
        }
        config.tell(&lang.import_report(report));
        if report.left_out.total() > 0 {
            config.tell(&lang.left_out(&report.left_out));
        }
    }
}
