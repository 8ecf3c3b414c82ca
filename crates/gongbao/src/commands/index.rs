//! `index`: brings the index up to the archive.

mod tables; // what was read, for SQL

use std::sync::atomic::AtomicBool;

use gongbao_indexer::{IndexError, Options, Progress, Rederived, Report, update};
use serde::Serialize;

use crate::{
    cli::{Format, Index, Lang},
    commands::Outcome,
    config::Config,
    messages::grouped,
    output::{self, Row, Rows},
    progress, signals,
    terminal::escape,
};

/// How many notices that could not be read are told on a terminal.
const MAX_UNREAD_TOLD: usize = 20;

/// What was done, for programs.
#[derive(Serialize)]
struct Line {
    /// The generation made; `null` where there was nothing to do.
    generation: Option<u64>,
    indexed: u64,
    notices: u64,
    passages: u64,
    unread: Vec<UnreadLine>,
    rebuilt_because: Option<String>,
    /// What was done about notices that did not change; `null` where nothing
    /// that they are read or cut by did.
    rederived: Option<RederivedLine>,
}

#[derive(Serialize)]
struct RederivedLine {
    because: Vec<String>,
    reread: u64,
    indexed: u64,
}

#[derive(Serialize)]
struct UnreadLine {
    id: String,
    reason: String,
}

impl Row for Line {
    const COLUMNS: &'static [&'static str] = &[
        "generation",
        "indexed",
        "notices",
        "passages",
        "unread",
        "rebuilt_because",
        "rederived",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.generation
                .map_or_else(String::new, |number| number.to_string()),
            self.indexed.to_string(),
            self.notices.to_string(),
            self.passages.to_string(),
            self.unread.len().to_string(),
            self.rebuilt_because.clone().unwrap_or_default(),
            self.rederived
                .as_ref()
                .map_or_else(String::new, |rederived| rederived.indexed.to_string()),
        ]
    }
}

/// Indexes what changed.
pub(crate) fn run(args: &Index, config: &Config) -> anyhow::Result<Outcome> {
    let interrupt = signals::interrupt_flag()?;
    let defaults = Options::default();
    let options = Options {
        rebuild: args.rebuild,
        memory_mib: args.memory,
        threads: args.threads.unwrap_or(defaults.threads),
    };
    if args.no_tables {
        tables::remove(config)?;
    }
    let Some(report) = bring_up(config, &options, &interrupt)? else {
        return Ok(Outcome::Interrupted);
    };
    if args.tables && !tables::make(config, options.threads, &interrupt)? {
        return Ok(Outcome::Interrupted);
    }
    tell(&report, config);
    // The report is for people unless a program asked for it.
    if config.format_was_typed && config.format != Format::Table {
        print(&report, config)?;
    }
    Ok(if report.unread.is_empty() {
        Outcome::Done
    } else {
        Outcome::WithErrors
    })
}

/// Brings the index of `config` up to its archive, under a progress bar, and
/// the tables for SQL up to the index, where there are any. `None` when it was
/// interrupted.
///
/// # Errors
///
/// Those of [`update`], a dictionary that cannot be used, and tables that
/// cannot be written.
pub(crate) fn bring_up(
    config: &Config,
    options: &Options,
    interrupt: &AtomicBool,
) -> anyhow::Result<Option<Report>> {
    let bar = progress::notices(config);
    let reader = config.reader()?;
    let done = update(
        &config.corpus,
        &reader,
        &config.dictionary()?,
        options,
        interrupt,
        &mut |progress| match progress {
            Progress::Reading { done, total } => {
                bar.set_length(total);
                bar.set_position(done);
            }
            Progress::Writing => {
                bar.set_position(bar.length().unwrap_or(0));
                bar.set_message(config.lang.writing());
            }
        },
    );
    bar.finish_and_clear();
    let report = match done {
        Err(IndexError::Interrupted) => return Ok(None),
        done => done?,
    };
    let kept = tables::keep_up(config, options.rebuild, options.threads, interrupt)?;
    Ok(kept.then_some(report))
}

/// Brings the tables for SQL up to the index, where there are any. False when
/// it was interrupted.
pub(crate) fn follow(config: &Config, interrupt: &AtomicBool) -> anyhow::Result<bool> {
    tables::keep_up(config, false, Options::default().threads, interrupt)
}

fn tell(report: &Report, config: &Config) {
    let lang = config.lang;
    if let Some(reason) = &report.rebuilt_because {
        config.tell(&lang.rebuilt(reason));
    }
    if !report.unread.is_empty() {
        config.tell(&lang.unread(report.unread.len() as u64));
        for unread in report.unread.iter().take(MAX_UNREAD_TOLD) {
            config.tell(&format!("  {}: {}", unread.id, escape(&unread.reason)));
        }
        if report.unread.len() > MAX_UNREAD_TOLD {
            let more = report.unread.len() - MAX_UNREAD_TOLD;
            config.tell(&format!("  … +{}", grouped(more as u64)));
        }
    }
    if let Some(rederived) = &report.rederived {
        config.tell(&lang.rederived(rederived, report.notices));
    }
    config.tell(&lang.index_report(report));
}

fn rederived_line(rederived: &Rederived) -> RederivedLine {
    let causes = rederived.causes.iter();
    RederivedLine {
        because: causes.map(|cause| Lang::En.cause(cause)).collect(),
        reread: rederived.reread,
        indexed: rederived.indexed,
    }
}

fn print(report: &Report, config: &Config) -> anyhow::Result<()> {
    let line = Line {
        generation: report.generation,
        indexed: report.indexed,
        notices: report.notices,
        passages: report.passages,
        unread: report
            .unread
            .iter()
            .map(|unread| UnreadLine {
                id: unread.id.to_string(),
                reason: unread.reason.clone(),
            })
            .collect(),
        rebuilt_because: report.rebuilt_because.clone(),
        rederived: report.rederived.as_ref().map(rederived_line),
    };
    let mut out = config.out()?;
    if config.format == Format::Json {
        return output::json_document(&mut out, &line);
    }
    let mut rows = Rows::new::<Line>(out, config.format)?;
    rows.push(&line)?;
    rows.finish().map(drop)
}
