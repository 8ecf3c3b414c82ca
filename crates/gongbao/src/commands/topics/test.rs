//! `topics test`: whether packs find what they must, and nothing else.

mod finds; // items of real notices
mod page; // the answer for people
mod trial; // an index of judged passages

use std::io::Write;

use anyhow::anyhow;
use gongbao_query::{Failure, Pack, Scores};
use serde::Serialize;

use self::{
    finds::{Holdings, Outcome as Find},
    trial::Trial,
};
use crate::{
    cli::Format,
    commands::Outcome,
    config::Config,
    output::{Row, Rows},
    terminal::escape,
};

/// What came of one pack.
#[derive(Serialize)]
struct Verdict<'p> {
    id: &'p str,
    passed: bool,
    /// Judged passages.
    judged: usize,
    /// Passages that belong and were found.
    right: usize,
    /// Passages that do not belong and were found.
    wrong: usize,
    /// Passages that belong and were not found.
    missed: usize,
    /// `null` where nothing was found.
    precision: Option<f64>,
    /// `null` where nothing belongs.
    recall: Option<f64>,
    f1: Option<f64>,
    threshold: f64,
    /// Pairs of different rank, and those of them in order.
    pairs: usize,
    ordered: usize,
    /// Finds that could be tested, those kept, and those that could not be
    /// tested.
    finds: usize,
    finds_kept: usize,
    finds_skipped: usize,
    failures: Vec<Shown<'p>>,
}

/// Something a pack got wrong, or that was not tested.
#[derive(Serialize)]
struct Shown<'p> {
    /// `wrong`, `missed`, `order`, `finds`, `unjudged` or `skipped`.
    kind: &'static str,
    /// The passage, or the notice that has the items.
    text: Option<&'p str>,
    /// What makes it a near miss, if the pack says.
    why: Option<&'p str>,
    /// Expressions that found it, or items wanted.
    expected: Vec<String>,
    /// Expressions that found it; items that were found; or the passage that
    /// came first and must not.
    found: Vec<String>,
}

impl Row for Verdict<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "passed",
        "judged",
        "right",
        "wrong",
        "missed",
        "precision",
        "recall",
        "f1",
        "threshold",
        "pairs",
        "ordered",
        "finds",
        "finds_kept",
        "finds_skipped",
        "failures",
    ];

    fn cells(&self) -> Vec<String> {
        let share = |share: Option<f64>| share.map_or_else(String::new, |share| share.to_string());
        vec![
            self.id.to_owned(),
            self.passed.to_string(),
            self.judged.to_string(),
            self.right.to_string(),
            self.wrong.to_string(),
            self.missed.to_string(),
            share(self.precision),
            share(self.recall),
            share(self.f1),
            self.threshold.to_string(),
            self.pairs.to_string(),
            self.ordered.to_string(),
            self.finds.to_string(),
            self.finds_kept.to_string(),
            self.finds_skipped.to_string(),
            self.failures.len().to_string(),
        ]
    }
}

/// Tests the packs that `names` are, or all.
pub(super) fn run(names: &[String], config: &Config) -> anyhow::Result<Outcome> {
    let topics = config.topics()?;
    let mut packs = Vec::new();
    let mut broken = Vec::new();
    for pack in topics.packs() {
        match pack {
            Ok(pack) => packs.push(pack),
            Err(error) => broken.push(error),
        }
    }
    let mut chosen: Vec<&Pack> = Vec::new();
    for name in names {
        match packs.iter().find(|pack| pack.topic.goes_by(name)) {
            Some(pack) => chosen.push(pack),
            // Either there is none, or it cannot be read, which is told.
            None => {
                topics.pack(name)?;
                return Err(anyhow!(config.lang.no_topic(name)));
            }
        }
    }
    if names.is_empty() {
        chosen.extend(&packs);
    }

    let trial = Trial::of(&packs, config)?;
    let holdings = Holdings::of(config);
    let verdicts = chosen
        .iter()
        .map(|pack| verdict(pack, &trial, &holdings))
        .collect::<anyhow::Result<Vec<_>>>()?;

    let mut out = config.out()?;
    if config.format == Format::Table {
        page::write(&mut out, &verdicts, trial.passages, config)?;
        out.flush()?;
    } else {
        let mut rows = Rows::new::<Verdict<'_>>(out, config.format)?;
        for verdict in &verdicts {
            rows.push(verdict)?;
        }
        rows.finish()?;
    }

    let mut errors = 0;
    for error in broken {
        errors += 1;
        let line = config.lang.error(&error.into());
        config.tell(&escape(&line));
    }
    for pack in chosen {
        for link in pack.topic.links() {
            if !packs.iter().any(|other| other.topic.id == *link) {
                errors += 1;
                config.tell(&escape(&config.lang.no_link(&pack.topic.id, link)));
            }
        }
    }
    Ok(if errors > 0 {
        Outcome::WithErrors
    } else if verdicts.iter().all(|verdict| verdict.passed) {
        Outcome::Done
    } else {
        Outcome::Nothing
    })
}

fn verdict<'p>(pack: &'p Pack, trial: &Trial, holdings: &Holdings) -> anyhow::Result<Verdict<'p>> {
    let scores = Scores::of(&pack.judged, &trial.ask(pack)?);
    let mut failures: Vec<_> = scores
        .failures
        .iter()
        .map(|failure| shown(failure, pack))
        .collect();
    if scores.recall().is_none() {
        failures.push(Shown {
            kind: "unjudged",
            text: None,
            why: None,
            expected: Vec::new(),
            found: Vec::new(),
        });
    }
    let (mut kept, mut skipped) = (0, 0);
    for finds in &pack.finds {
        let (kind, found) = match holdings.check(&pack.topic, finds)? {
            Find::Kept => {
                kept += 1;
                continue;
            }
            Find::Skipped => {
                skipped += 1;
                ("skipped", Vec::new())
            }
            Find::Differs(found) => ("finds", found),
        };
        failures.push(Shown {
            kind,
            text: Some(&finds.notice),
            why: None,
            expected: finds.items.clone(),
            found,
        });
    }
    let tested = pack.finds.len() - skipped;
    let f1 = scores.f1();
    let passed = scores.recall().is_some()
        && f1.is_some_and(|f1| f1 >= pack.topic.threshold)
        && scores.ordered == scores.pairs
        && kept == tested;
    Ok(Verdict {
        id: &pack.topic.id,
        passed,
        judged: pack.judged.len(),
        right: scores.right,
        wrong: scores.wrong,
        missed: scores.missed,
        precision: scores.precision(),
        recall: scores.recall(),
        f1,
        threshold: pack.topic.threshold,
        pairs: scores.pairs,
        ordered: scores.ordered,
        finds: tested,
        finds_kept: kept,
        finds_skipped: skipped,
        failures,
    })
}

fn shown<'p>(failure: &Failure, pack: &'p Pack) -> Shown<'p> {
    let (kind, judged, found) = match failure {
        Failure::Wrong {
            judged,
            expressions,
        } => ("wrong", *judged, expressions.clone()),
        Failure::Missed { judged } => ("missed", *judged, Vec::new()),
        Failure::Order { first, then } => ("order", *first, vec![pack.judged[*then].text.clone()]),
    };
    let passage = &pack.judged[judged];
    Shown {
        kind,
        text: Some(passage.text.trim()),
        why: passage.why.as_deref(),
        expected: Vec::new(),
        found,
    }
}
