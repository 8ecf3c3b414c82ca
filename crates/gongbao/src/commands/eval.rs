//! `eval`: how well judged questions find their answers.

mod given; // questions, judgements, an earlier run
mod report; // what is printed
mod run_file;

use std::{
    collections::HashMap,
    panic,
    path::Path,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use anyhow::ensure;
use gongbao_query::{DEPTH, Engine, Grades, Measures, Request, SearchError, Unit};
use indicatif::ProgressBar;

use self::{
    given::Question,
    report::{QuestionLine, Report},
    run_file::RunFile,
};
use crate::{
    cli::{self, Eval},
    commands::Outcome,
    config::Config,
    progress, signals,
};

/// Documents and their scores, best first.
type Ranking = Vec<(String, f32)>;

/// A question that tells something about rankings.
struct Judged<'a> {
    question: &'a Question,
    grades: &'a Grades,
}

/// Measures how well the questions of `args` find what was judged to answer
/// them.
pub(crate) fn run(args: &Eval, config: &Config) -> anyhow::Result<Outcome> {
    ensure!(
        !args.tag.is_empty() && !args.tag.contains(char::is_whitespace),
        "{:?} is no tag: it is empty or has a space in it",
        args.tag
    );
    let questions = given::questions(&args.queries)?;
    let judgements = given::judgements(&args.judgements)?;
    let baseline = args.baseline.as_deref().map(given::run).transpose()?;
    let judged = judged(&questions, &judgements, config);
    if judged.is_empty() {
        config.tell(config.lang.nothing_judged());
        return Ok(Outcome::Nothing);
    }
    let run_file = args
        .run
        .as_deref()
        .map(|path| RunFile::prepare(path, &inputs(args)))
        .transpose()?;
    let engine = config.engine()?;
    let unit = match args.unit {
        cli::Unit::Notice => Unit::Notice,
        cli::Unit::Passage => Unit::Passage,
    };

    let interrupt = signals::interrupt_flag()?;
    let bar = progress::notices(config);
    let rankings = rank_all(&engine, &judged, unit, &bar, &interrupt);
    bar.finish_and_clear();
    let rankings = rankings?;
    if rankings.len() < judged.len() {
        return Ok(Outcome::Interrupted);
    }
    let empty = rankings.iter().filter(|ranking| ranking.is_empty()).count();
    if empty > 0 {
        config.tell(&config.lang.found_nothing(empty as u64));
    }
    tell_missing(&engine, &judged, unit, config)?;
    if let Some(run_file) = run_file {
        let ids = judged.iter().map(|judged| judged.question.id.as_str());
        let rankings = rankings.iter().map(Vec::as_slice);
        run_file.write(ids.zip(rankings), &args.tag)?;
    }
    let report = report(&judged, &rankings, baseline.as_ref(), config);
    report::print(report, args.per_query, config)?;
    Ok(Outcome::Done)
}

fn inputs(args: &Eval) -> Vec<&Path> {
    let inputs = [
        Some(&args.queries),
        Some(&args.judgements),
        args.baseline.as_ref(),
    ];
    inputs
        .into_iter()
        .flatten()
        .map(|path| path.as_path())
        .collect()
}

/// The questions that something was judged to answer; tells how many are left
/// out.
fn judged<'a>(
    questions: &'a [Question],
    judgements: &'a HashMap<String, Grades>,
    config: &Config,
) -> Vec<Judged<'a>> {
    let with_grades: Vec<_> = questions
        .iter()
        .filter_map(|question| {
            let grades = judgements.get(&question.id)?;
            Some(Judged { question, grades })
        })
        .collect();
    let unjudged = questions.len() - with_grades.len();
    let unasked = judgements.len() - with_grades.len();
    let all = with_grades.len();
    let judged: Vec<_> = with_grades
        .into_iter()
        .filter(|judged| judged.grades.relevant() > 0)
        .collect();
    let unanswered = all - judged.len();
    for (number, text) in [
        (unjudged, config.lang.unjudged(unjudged as u64)),
        (unasked, config.lang.unasked(unasked as u64)),
        (unanswered, config.lang.unanswered(unanswered as u64)),
    ] {
        if number > 0 {
            config.tell(&text);
        }
    }
    judged
}

/// Ranks documents for every question, on all cores. Fewer rankings than
/// questions come back when it was interrupted.
fn rank_all(
    engine: &Engine,
    judged: &[Judged<'_>],
    unit: Unit,
    bar: &ProgressBar,
    interrupt: &AtomicBool,
) -> Result<Vec<Ranking>, SearchError> {
    bar.set_length(judged.len() as u64);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while !interrupt.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(asked) = judged.get(at) else {
                break;
            };
            match rank(engine, &asked.question.text, unit) {
                Ok(ranking) => done.push((at, ranking)),
                Err(error) => {
                    // The others need not go on.
                    next.store(judged.len(), Ordering::Relaxed);
                    return Err(error);
                }
            }
            bar.inc(1);
        }
        Ok(done)
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut done = Vec::with_capacity(judged.len());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores.min(judged.len()))
            .map(|_| scope.spawn(work))
            .collect();
        for worker in workers {
            let part = worker
                .join()
                .unwrap_or_else(|why| panic::resume_unwind(why));
            done.extend(part?);
        }
        Ok::<_, SearchError>(())
    })?;
    done.sort_unstable_by_key(|&(at, _)| at);
    Ok(done.into_iter().map(|(_, ranking)| ranking).collect())
}

/// The best documents for one question. One that asks for nothing finds
/// nothing.
fn rank(engine: &Engine, text: &str, unit: Unit) -> Result<Ranking, SearchError> {
    let request = Request {
        unit,
        limit: DEPTH,
        passages: 1,
        ..Request::new(text)
    };
    let hits = match engine.search(&request) {
        Ok(response) => response.hits,
        Err(SearchError::Empty) => Vec::new(),
        Err(error) => return Err(error),
    };
    Ok(hits
        .into_iter()
        .map(|hit| match (unit, hit.passages.first()) {
            (Unit::Passage, Some(passage)) => (format!("{}#{}", hit.id, passage.anchor), hit.score),
            _ => (hit.id, hit.score),
        })
        .collect())
}

/// Tells how many judged documents cannot be found, since the index does not
/// hold them.
fn tell_missing(
    engine: &Engine,
    judged: &[Judged<'_>],
    unit: Unit,
    config: &Config,
) -> anyhow::Result<()> {
    let mut documents: Vec<_> = judged
        .iter()
        .flat_map(|judged| judged.grades.documents())
        .collect();
    documents.sort_unstable();
    documents.dedup();
    let mut missing = Vec::new();
    for &document in &documents {
        if !holds(engine, document, unit)? {
            missing.push(document);
        }
    }
    if !missing.is_empty() {
        config.tell(&config.lang.not_indexed(&missing, documents.len() as u64));
    }
    Ok(())
}

fn holds(engine: &Engine, document: &str, unit: Unit) -> Result<bool, SearchError> {
    match unit {
        Unit::Notice => document.parse().map_or(Ok(false), |id| engine.holds(&id)),
        Unit::Passage => {
            let Some((id, anchor)) = document.split_once('#') else {
                return Ok(false);
            };
            let notice = id.parse().map_or(Ok(None), |id| engine.notice(&id))?;
            Ok(notice.is_some_and(|notice| {
                notice
                    .passages
                    .iter()
                    .any(|passage| passage.anchor == anchor)
            }))
        }
    }
}

fn report<'a>(
    judged: &'a [Judged<'a>],
    rankings: &[Ranking],
    baseline: Option<&HashMap<String, Vec<String>>>,
    config: &Config,
) -> Report<'a> {
    if let Some(baseline) = baseline {
        let known = |judged: &&Judged<'_>| !baseline.contains_key(&judged.question.id);
        let absent = judged.iter().filter(known).count();
        if absent > 0 {
            config.tell(&config.lang.not_in_baseline(absent as u64));
        }
    }
    let questions = judged.iter().zip(rankings).map(|(judged, ranking)| {
        let documents = ranking.iter().map(|(document, _)| document.as_str());
        QuestionLine {
            query: &judged.question.id,
            text: &judged.question.text,
            measures: Measures::of(documents, judged.grades),
            baseline: baseline.map(|baseline| {
                let documents = baseline.get(&judged.question.id).into_iter().flatten();
                Measures::of(documents.map(String::as_str), judged.grades)
            }),
        }
    });
    Report::of(questions.collect())
}
