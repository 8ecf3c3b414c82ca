//! What a run notes of itself: its steps, how long they took, alarms.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use gongbao_archive::{Alarm, FileLock, RunId, RunOutcome, Step, StepOutcome, Writer};
use gongbao_notice::NoticeId;
use serde_json::Value;

use crate::{clock::now, config::Config, terminal::escape};

/// A run under way.
pub(super) struct Run<'w> {
    writer: &'w mut Writer,
    id: RunId,
    alarms: Vec<Alarm>,
    steps: Vec<Step>,
    pub(super) interrupted: bool,
    /// Whether nobody needs to look, alarms apart.
    pub(super) looks_well: bool,
    /// Notices that are held back in this run.
    pub(super) held: HashSet<NoticeId>,
}

/// How a step ended.
pub(super) struct Done {
    outcome: StepOutcome,
    detail: Value,
}

impl Done {
    /// `detail` is an object of counts.
    pub(super) fn new(outcome: StepOutcome, detail: Value) -> Self {
        Self { outcome, detail }
    }
}

impl<'w> Run<'w> {
    pub(super) fn begin(writer: &'w mut Writer, command: &str) -> anyhow::Result<Self> {
        let id = writer.begin_run(command, now())?;
        Ok(Self {
            writer,
            id,
            alarms: Vec::new(),
            steps: Vec::new(),
            interrupted: false,
            looks_well: true,
            held: HashSet::new(),
        })
    }

    pub(super) fn writer(&mut self) -> &mut Writer {
        self.writer
    }

    pub(super) fn lock(&self) -> &FileLock {
        self.writer.lock()
    }

    /// Whether nobody needs to look.
    pub(super) fn is_well(&self) -> bool {
        self.looks_well && self.alarms.is_empty()
    }

    /// Does one step. If it fails, that is an alarm.
    pub(super) fn step(
        &mut self,
        name: &str,
        work: impl FnOnce(&mut Self) -> anyhow::Result<Done>,
    ) -> anyhow::Result<()> {
        self.step_that_took(name, Duration::ZERO, work)
    }

    /// The same, for a step that took so long already.
    pub(super) fn step_that_took(
        &mut self,
        name: &str,
        took: Duration,
        work: impl FnOnce(&mut Self) -> anyhow::Result<Done>,
    ) -> anyhow::Result<()> {
        let started = Instant::now();
        let done = match work(self) {
            Ok(done) => done,
            Err(error) => {
                let message = format!("{error:#}");
                self.alarm(&format!("{name}_failed"), None, &message)?;
                Done::new(StepOutcome::Failed, serde_json::json!({ "error": message }))
            }
        };
        let step = Step {
            name: name.to_owned(),
            outcome: done.outcome,
            duration: took + started.elapsed(),
            detail: done.detail.to_string(),
        };
        self.writer.note_step(self.id, &step)?;
        self.steps.push(step);
        Ok(())
    }

    /// Raises an alarm.
    pub(super) fn alarm(
        &mut self,
        kind: &str,
        site: Option<&str>,
        message: &str,
    ) -> anyhow::Result<()> {
        let alarm = Alarm {
            raised: now(),
            site: site.map(str::to_owned),
            column: None,
            kind: kind.to_owned(),
            message: message.to_owned(),
        };
        self.writer.raise(self.id, &alarm)?;
        self.alarms.push(alarm);
        Ok(())
    }

    /// Ends the run, and tells what came of it.
    pub(super) fn end(
        self,
        outcome: RunOutcome,
        message: Option<&str>,
        config: &Config,
    ) -> anyhow::Result<()> {
        self.writer.end_run(self.id, now(), outcome, message)?;
        let lang = config.lang;
        for step in &self.steps {
            config.tell(&lang.step(step));
        }
        for alarm in &self.alarms {
            let site = alarm.site.as_deref().map(|site| format!("{site}: "));
            let text = format!("{}{}", site.unwrap_or_default(), alarm.message);
            config.tell(&lang.alarm(&alarm.kind, &escape(&text)));
        }
        Ok(())
    }
}
