//! `update`: one unattended run, in steps that each can be done again.

mod crawl; // what is due of the sites
mod sound; // whether a new index may take the place of the old one
mod steps; // what a run notes of itself

use std::{
    collections::HashSet,
    sync::{Arc, atomic::AtomicBool},
};

use gongbao_archive::{Archive, RunOutcome, StepOutcome, Writer};
use gongbao_indexer::{IndexError, Options, Report, Scrutiny, Suspicion, inspect, update_under};
use serde_json::json;

use self::{
    sound::Soundness,
    steps::{Done, Run},
};
use crate::{
    cli::Update,
    commands::{Outcome, index::follow, watch::run as watching},
    config::Config,
    signals,
    terminal::escape,
};

/// Damage, or somebody wrote to it.
const CATALOG_ALTERED: &str =
    "the catalogue is not as its last writer left it; `gongbao verify` tells more";

/// Runs every step once.
pub(crate) fn run(args: &Update, config: &Config) -> anyhow::Result<Outcome> {
    let interrupt = signals::interrupt_flag()?;
    run_once(args, config, &interrupt)
}

/// The same, to be stopped by `interrupt`. A step that fails raises an alarm
/// and holds up no other that does not need it.
///
/// # Errors
///
/// What ends the run as a whole: another writer, a catalogue that cannot be
/// written.
pub(crate) fn run_once(
    args: &Update,
    config: &Config,
    interrupt: &Arc<AtomicBool>,
) -> anyhow::Result<Outcome> {
    let crawled = crawl::crawl(&args.crawl, config, interrupt)?;
    let mut writer = Writer::open(&config.corpus)?;
    let mut run = Run::begin(&mut writer, "update")?;
    let done = (|| -> anyhow::Result<Outcome> {
        if run.writer().found_altered() {
            run.alarm("catalog_altered", None, CATALOG_ALTERED)?;
        }
        if let Some(crawled) = crawled {
            crawl::note(&mut run, crawled)?;
        }
        if run.interrupted {
            return Ok(Outcome::Interrupted);
        }
        run.step("index", |run| index(run, args, config, interrupt))?;
        if run.interrupted {
            return Ok(Outcome::Interrupted);
        }
        run.step("watch", |run| watch(run, config))?;
        Ok(if run.is_well() {
            Outcome::Done
        } else {
            Outcome::WithErrors
        })
    })();
    let outcome = match &done {
        Ok(Outcome::Interrupted) => RunOutcome::Interrupted,
        Ok(_) => RunOutcome::Done,
        Err(_) => RunOutcome::Failed,
    };
    let message = done.as_ref().err().map(|error| format!("{error:#}"));
    run.end(outcome, message.as_deref(), config)?;
    writer.finish()?;
    if matches!(done, Ok(Outcome::Done | Outcome::WithErrors)) && !follow(config, interrupt)? {
        return Ok(Outcome::Interrupted);
    }
    done
}

/// Brings the index up to the archive, unless what came of it is not sound.
fn index(
    run: &mut Run<'_>,
    args: &Update,
    config: &Config,
    interrupt: &AtomicBool,
) -> anyhow::Result<Done> {
    let archive = Archive::open(&config.corpus)?;
    let reader = config.reader()?;
    let dictionary = config.dictionary()?;
    let max_loss = (!args.allow_loss).then(|| f64::from(args.max_loss) / 100.0);
    let mut hold = HashSet::new();
    if let Some(max_loss) = max_loss {
        for suspect in inspect(&archive, &reader, max_loss)? {
            let what = suspicion(suspect.suspicion);
            let held = suspect.notices.len();
            run.alarm(
                "site_nonsense",
                Some(&suspect.site),
                &format!("{held} changed notices {what}; the index keeps what it held of them"),
            )?;
            hold.extend(suspect.notices);
        }
    }
    let soundness = Soundness {
        archive: &archive,
        dictionary: &dictionary,
        max_loss,
    };
    let scrutiny = Scrutiny {
        hold: &hold,
        check: &|candidate| soundness.faults(candidate),
    };
    let made = update_under(
        run.lock(),
        &archive,
        &reader,
        &dictionary,
        &Options::default(),
        &scrutiny,
        interrupt,
        &mut |_| {},
    );
    run.held = hold;
    match made {
        Ok(report) => indexed(run, &report, config),
        Err(IndexError::Interrupted) => {
            run.interrupted = true;
            Ok(Done::new(StepOutcome::Failed, json!({})))
        }
        Err(IndexError::Unsound { faults }) => {
            for fault in &faults {
                run.alarm("index_unsound", None, fault)?;
            }
            Ok(Done::new(StepOutcome::Refused, json!({ "faults": faults })))
        }
        Err(error) => Err(error.into()),
    }
}

fn suspicion(suspicion: Suspicion) -> String {
    match suspicion {
        Suspicion::SameText => "all say the same, word by word".to_owned(),
        Suspicion::SameTitle => "had titles of their own, and share one now".to_owned(),
        Suspicion::Loss { now, before } => format!("say {now} letters, and said {before} before"),
    }
}

fn indexed(run: &mut Run<'_>, report: &Report, config: &Config) -> anyhow::Result<Done> {
    let held = run.held.clone();
    let unread: Vec<_> = report
        .unread
        .iter()
        .filter(|unread| !held.contains(&unread.id))
        .collect();
    for unread in &unread {
        run.alarm("unread", None, &format!("{}: {}", unread.id, unread.reason))?;
    }
    if let Some(reason) = &report.rebuilt_because {
        config.tell(&config.lang.rebuilt(&escape(reason)));
    }
    if let Some(rederived) = &report.rederived {
        config.tell(&config.lang.rederived(rederived, report.notices));
    }
    let outcome = match report.generation {
        Some(_) => StepOutcome::Done,
        None => StepOutcome::Nothing,
    };
    Ok(Done::new(
        outcome,
        json!({
            "generation": report.generation,
            "rebuilt_because": report.rebuilt_because,
            "indexed": report.indexed,
            "rederived": report.rederived.as_ref().map(|rederived| rederived.indexed),
            "notices": report.notices,
            "passages": report.passages,
            "unread": unread.len(),
            "held": held.len(),
        }),
    ))
}

/// Tells what is new for the saved searches.
fn watch(run: &mut Run<'_>, config: &Config) -> anyhow::Result<Done> {
    let held = std::mem::take(&mut run.held);
    let watched = watching::run_watches(run.writer(), &[], &held, config)?;
    watching::tell(&watched, config);
    for problem in &watched.unusable {
        run.alarm("watch_unusable", None, problem)?;
    }
    for (name, problem) in &watched.looked.failed {
        run.alarm("watch_failed", None, &format!("{name}: {problem}"))?;
    }
    let mut told = 0;
    for channel in &watched.told {
        told += channel.told;
        if let Some(problem) = &channel.problem {
            let message = format!("{} → {}: {problem}", channel.watch, channel.channel);
            run.alarm("not_told", None, &message)?;
        }
    }
    let outcome = match watched.raised() + told {
        0 => StepOutcome::Nothing,
        _ => StepOutcome::Done,
    };
    let searches = watched.looked.raised.len();
    let raised = watched.raised();
    let detail = json!({ "searches": searches, "alerts": raised, "told": told });
    Ok(Done::new(outcome, detail))
}
