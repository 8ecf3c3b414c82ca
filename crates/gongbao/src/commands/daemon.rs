//! `daemon`: unattended runs at their times, for those without a scheduler.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::Context;
use gongbao_archive::{Archive, ArchiveError};
use jiff::Timestamp;
use sd_notify::NotifyState;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use super::{Outcome, update};
use crate::{
    cli::{Daemon, Update},
    clock::now,
    config::{self, Config},
    schedule::{Due, Schedules},
    terminal::escape,
};

/// How often it is looked whether something is due, or a signal came. Waits
/// are this short so that sleep of the machine is seen when it wakes.
const LOOK: Duration = Duration::from_millis(500);

/// A run that takes longer than this is taken for stuck, and systemd's
/// watchdog is left to end it. The next run goes on where it stopped.
const LONGEST_RUN: Duration = Duration::from_secs(12 * 3600);

/// Runs until it is told to stop.
pub(crate) fn run(args: &Daemon, config: &Config) -> anyhow::Result<Outcome> {
    let (stop, reload) = signals()?;
    let mut schedule = Schedules::new(&config.schedule, last_run(config)?)?;
    let watchdog = Watchdog::start();
    let _ = sd_notify::notify(&[NotifyState::Ready]);
    if args.now {
        watchdog.busy();
        run_due(None, config, &stop);
        watchdog.idle();
    }
    tell_next(&schedule, config);
    while !stop.load(Ordering::Relaxed) {
        if reload.swap(false, Ordering::Relaxed) {
            schedule = reloaded(schedule, config);
            tell_next(&schedule, config);
        }
        if let Some(due) = schedule.due(now()) {
            watchdog.busy();
            run_due(Some(due), config, &stop);
            watchdog.idle();
            tell_next(&schedule, config);
        }
        thread::sleep(LOOK);
    }
    let _ = sd_notify::notify(&[NotifyState::Stopping]);
    Ok(Outcome::Done)
}

/// One run, for what is due or else for all sites. Whatever comes of it, the
/// daemon goes on.
fn run_due(due: Option<Due>, config: &Config, stop: &Arc<AtomicBool>) {
    let _ = sd_notify::notify(&[NotifyState::Status("running an update")]);
    let mut args = Update::unattended();
    match due {
        Some(due) if due.rest => args.crawl.except = due.except,
        Some(due) => args.crawl.sites = due.sites,
        None => {}
    }
    if let Err(error) = update::run_once(&args, config, stop) {
        config.tell(&escape(&config.lang.error(&error)));
    }
}

/// The schedule of the settings as they are now, or the old one if they cannot
/// be used.
fn reloaded(old: Schedules, config: &Config) -> Schedules {
    let new = config::schedule().and_then(|settings| Schedules::new(&settings, now()));
    match new {
        Ok(new) => new,
        Err(error) => {
            config.tell(&escape(&config.lang.error(&error)));
            old
        }
    }
}

/// When the last run began: what was due since was missed.
fn last_run(config: &Config) -> anyhow::Result<Timestamp> {
    let archive = match Archive::open(&config.corpus) {
        Ok(archive) => archive,
        Err(ArchiveError::NoCorpus { .. } | ArchiveError::OlderCatalog { .. }) => {
            return Ok(now());
        }
        Err(error) => return Err(error.into()),
    };
    let last = archive.runs(1)?;
    Ok(last.first().map_or_else(now, |run| run.started))
}

fn tell_next(schedule: &Schedules, config: &Config) {
    let text = config.lang.next_run(schedule.next());
    config.tell(&text);
    let _ = sd_notify::notify(&[NotifyState::Status(&text)]);
}

/// Flags that SIGINT and SIGTERM, and that SIGHUP raise. A second SIGINT or
/// SIGTERM ends the program there and then.
fn signals() -> anyhow::Result<(Arc<AtomicBool>, Arc<AtomicBool>)> {
    let stop = Arc::new(AtomicBool::new(false));
    let reload = Arc::new(AtomicBool::new(false));
    let register = || -> std::io::Result<()> {
        for signal in [SIGINT, SIGTERM] {
            // In this order: the first signal finds the flag down.
            signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&stop))?;
            signal_hook::flag::register(signal, Arc::clone(&stop))?;
        }
        signal_hook::flag::register(SIGHUP, Arc::clone(&reload))?;
        Ok(())
    };
    register().context("could not prepare for signals")?;
    Ok((stop, reload))
}

/// Tells systemd that the daemon lives, unless a run takes too long.
struct Watchdog {
    began: Arc<std::sync::Mutex<Option<Instant>>>,
}

impl Watchdog {
    fn start() -> Self {
        let began = Arc::new(std::sync::Mutex::new(None));
        if let Some(limit) = sd_notify::watchdog_enabled() {
            let began: Arc<std::sync::Mutex<Option<Instant>>> = Arc::clone(&began);
            thread::spawn(move || {
                loop {
                    let stuck = began
                        .lock()
                        .expect("no panics")
                        .is_some_and(|began| began.elapsed() > LONGEST_RUN);
                    if !stuck {
                        let _ = sd_notify::notify(&[NotifyState::Watchdog]);
                    }
                    thread::sleep(limit / 3);
                }
            });
        }
        Self { began }
    }

    fn busy(&self) {
        *self.began.lock().expect("no panics") = Some(Instant::now());
    }

    fn idle(&self) {
        *self.began.lock().expect("no panics") = None;
    }
}
