//! Whether anybody needs to look: the last runs, each site, what is still to
//! be told.

use std::collections::BTreeMap;

use gongbao_archive::{Archive, RunOutcome, RunRecord};
use gongbao_watch::Watches;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::{
    clock::now,
    config::Config,
    schedule::{ScheduleSettings, Schedules},
};

/// So many runs are shown.
const RUNS: usize = 5;

/// A run, as `runs` of `status`.
#[derive(Serialize)]
pub(super) struct RunLine {
    pub(super) started: String,
    pub(super) ended: Option<String>,
    pub(super) command: String,
    pub(super) outcome: RunOutcome,
    pub(super) message: Option<String>,
    /// Pages fetched, by what came of them.
    fates: BTreeMap<&'static str, u64>,
    pub(super) steps: Vec<StepLine>,
    pub(super) alarms: Vec<AlarmLine>,
}

impl RunLine {
    /// Its steps, and how many milliseconds each took.
    pub(super) fn steps(&self) -> impl Iterator<Item = (&str, u64)> {
        let steps = self.steps.iter();
        steps.map(|step| (step.name.as_str(), step.duration_ms))
    }

    /// How many pages came to each fate.
    pub(super) fn fates(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.fates.iter().map(|(&fate, &count)| (fate, count))
    }
}

#[derive(Serialize)]
pub(super) struct StepLine {
    name: String,
    outcome: &'static str,
    duration_ms: u64,
    /// What was counted.
    detail: Value,
}

#[derive(Serialize)]
pub(super) struct AlarmLine {
    raised: String,
    pub(super) kind: String,
    pub(super) site: Option<String>,
    column: Option<String>,
    pub(super) message: String,
}

/// A site, as its last crawl found it.
#[derive(Serialize)]
pub(super) struct SiteLine {
    pub(super) site: String,
    pub(super) crawled: String,
    pub(super) listed: u64,
    pub(super) read: u64,
    pub(super) declined: u64,
    pub(super) failed: u64,
}

/// The next run of `daemon`.
#[derive(Serialize)]
pub(super) struct NextRun {
    pub(super) at: Timestamp,
    /// The site that it is for; `null` for all that have no times of their own.
    pub(super) site: Option<String>,
}

/// What somebody should look at.
#[derive(Serialize)]
pub(super) struct Problem {
    /// One word for scripts: that of an alarm, or `index`, `run`, `old`.
    pub(super) kind: String,
    pub(super) message: String,
}

impl Problem {
    pub(super) fn new(kind: &str, message: String) -> Self {
        let kind = kind.to_owned();
        Self { kind, message }
    }
}

/// The last runs, the newest first.
pub(super) fn runs(archive: &Archive) -> anyhow::Result<Vec<RunLine>> {
    archive
        .runs(RUNS)?
        .iter()
        .map(|run| line(archive, run))
        .collect()
}

fn line(archive: &Archive, run: &RunRecord) -> anyhow::Result<RunLine> {
    let steps = archive.steps(run.id)?.into_iter().map(|step| StepLine {
        name: step.name,
        outcome: step.outcome.name(),
        duration_ms: u64::try_from(step.duration.as_millis()).unwrap_or(u64::MAX),
        detail: serde_json::from_str(&step.detail).unwrap_or(Value::Null),
    });
    let alarms = archive.alarms(run.id)?.into_iter().map(|alarm| AlarmLine {
        raised: alarm.raised.to_string(),
        kind: alarm.kind,
        site: alarm.site,
        column: alarm.column,
        message: alarm.message,
    });
    Ok(RunLine {
        started: run.started.to_string(),
        ended: run.ended.map(|ended| ended.to_string()),
        command: run.command.clone(),
        outcome: run.outcome,
        message: run.message.clone(),
        fates: run
            .fates
            .iter()
            .map(|(fate, count)| (fate.name(), *count))
            .collect(),
        steps: steps.collect(),
        alarms: alarms.collect(),
    })
}

/// When the schedule of the settings, if they have one, is due after the last
/// run. In the past where nobody runs it.
pub(super) fn next_run(archive: &Archive, config: &Config) -> anyhow::Result<Option<NextRun>> {
    if config.schedule == ScheduleSettings::default() {
        return Ok(None);
    }
    let runs = archive.runs(1)?;
    let last = runs.first().map_or_else(now, |run| run.started);
    let schedules = Schedules::new(&config.schedule, last)?;
    Ok(schedules.next().map(|(at, site)| NextRun {
        at,
        site: site.map(str::to_owned),
    }))
}

/// Every site as the last of the shown runs that crawled it found it.
pub(super) fn sites(archive: &Archive) -> anyhow::Result<Vec<SiteLine>> {
    let mut sites: BTreeMap<String, SiteLine> = BTreeMap::new();
    for run in archive.runs(RUNS)? {
        let crawled = run.started.to_string();
        for coverage in archive.coverage(run.id)? {
            let site = sites
                .entry(coverage.site.clone())
                .or_insert_with(|| SiteLine {
                    site: coverage.site.clone(),
                    crawled: crawled.clone(),
                    listed: 0,
                    read: 0,
                    declined: 0,
                    failed: 0,
                });
            if site.crawled == crawled {
                site.listed += coverage.listed;
                site.read += coverage.read;
                site.declined += coverage.declined;
                site.failed += coverage.failed;
            }
        }
    }
    Ok(sites.into_values().collect())
}

/// What somebody should look at about runs and saved searches.
pub(super) fn problems(
    archive: &Archive,
    config: &Config,
    max_age_hours: u64,
) -> anyhow::Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let runs = archive.runs(RUNS)?;
    let ended = runs.iter().find(|run| run.outcome != RunOutcome::Running);
    if let Some(run) = ended
        && matches!(run.outcome, RunOutcome::Failed | RunOutcome::Killed)
    {
        let message = run.message.as_deref().unwrap_or("no message");
        let text = format!(
            "`{}` of {} {}: {message}",
            run.command,
            run.started,
            run.outcome.name()
        );
        problems.push(Problem::new("run", text));
    }
    // A crawl within an update is a run of its own, with alarms of its own.
    let is_update = |run: &&RunRecord| run.command == "update";
    let last = [
        runs.iter()
            .filter(|run| run.outcome != RunOutcome::Running)
            .find(is_update),
        runs.iter()
            .filter(|run| run.outcome != RunOutcome::Running)
            .find(|run| !is_update(run)),
    ];
    for run in last.into_iter().flatten() {
        for alarm in archive.alarms(run.id)? {
            let site = alarm.site.map(|site| format!("{site}: "));
            let message = format!("{}{}", site.unwrap_or_default(), alarm.message);
            problems.push(Problem::new(&alarm.kind, message));
        }
    }
    let done = runs.iter().find(|run| run.outcome == RunOutcome::Done);
    if let Some(run) = done {
        let age = now().duration_since(run.started).as_secs() / 3600;
        if age >= i64::try_from(max_age_hours).unwrap_or(i64::MAX) {
            let text = format!(
                "the last whole run began {age} hours ago, at {}",
                run.started
            );
            problems.push(Problem::new("old", text));
        }
    }
    for watch in Watches::of(config.corpus.dir()).all()? {
        let watch = match watch {
            Ok(watch) => watch,
            Err(error) => {
                problems.push(Problem::new("watch_unusable", error.to_string()));
                continue;
            }
        };
        let keys: Vec<_> = watch.channels.iter().map(|channel| channel.key()).collect();
        for open in archive.outstanding(&watch.name)? {
            if let Some(problem) = open.problem.filter(|_| keys.contains(&open.channel)) {
                let (name, count) = (&watch.name, open.alerts);
                let text = format!("{name} → {}: {count} alerts: {problem}", open.channel);
                if !problems
                    .iter()
                    .any(|known| known.kind == "not_told" && known.message.contains(&problem))
                {
                    problems.push(Problem::new("not_told", text));
                }
            }
        }
    }
    Ok(problems)
}
