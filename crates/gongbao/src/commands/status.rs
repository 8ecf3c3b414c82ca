//! `status`: what the corpus holds, and whether its index is up to it.

mod health; // whether anybody needs to look

use std::{collections::BTreeMap, fs, io::Write, path::Path, time::SystemTime};

use gongbao_analysis::{CURRENT_FILE, generation_name};
use gongbao_archive::{Archive, CrawlCounts, RunOutcome, RunRecord};
use gongbao_query::OpenError;
use jiff::Timestamp;
use serde::Serialize;

use self::health::{NextRun, Problem, RunLine, SiteLine};
use crate::{
    cli::{self, Format},
    commands::Outcome,
    config::Config,
    messages::{Fields, Label, grouped, size},
    output::{self, Row, Rows},
    terminal::{Style, escape},
};

/// What the corpus holds.
#[derive(Serialize)]
struct Status {
    corpus: String,
    uuid: String,
    notices: u64,
    /// All versions of all notices.
    versions: u64,
    /// When the newest version was fetched.
    newest: Option<String>,
    /// The WARC files, in bytes.
    archive_bytes: u64,
    /// The catalogue, in bytes.
    catalog_bytes: u64,
    /// The number of the archive's last change.
    last_change: u64,
    /// Pages that crawls know.
    pages: u64,
    /// Of them, those never fetched yet.
    pages_waiting: u64,
    /// Requests of all crawls.
    fetches: u64,
    runs: u64,
    last_run: Option<RunStatus>,
    index: IndexStatus,
    /// The last runs, the newest first.
    last_runs: Vec<RunLine>,
    /// When `daemon` runs next, where `gongbao.toml` has a schedule.
    next_run: Option<NextRun>,
    /// Each site, as its last crawl found it.
    sites: Vec<SiteLine>,
    /// What somebody should look at.
    problems: Vec<Problem>,
}

/// The last run of a crawl.
#[derive(Serialize)]
struct RunStatus {
    started: String,
    ended: Option<String>,
    command: String,
    outcome: RunOutcome,
    /// How many fetches came to each fate.
    fates: BTreeMap<&'static str, u64>,
    alarms: u64,
}

impl RunStatus {
    fn of(run: &RunRecord) -> Self {
        Self {
            started: run.started.to_string(),
            ended: run.ended.map(|time| time.to_string()),
            command: run.command.clone(),
            outcome: run.outcome,
            fates: run
                .fates
                .iter()
                .map(|(fate, number)| (fate.name(), *number))
                .collect(),
            alarms: run.alarms,
        }
    }
}

/// The index in force.
#[derive(Default, Serialize)]
struct IndexStatus {
    state: State,
    generation: Option<u64>,
    /// When it was published.
    made: Option<String>,
    notices: Option<u64>,
    passages: Option<u64>,
    /// How many changes of the archive it does not hold yet.
    behind: Option<u64>,
    /// Notices that could not be read.
    unread: Option<u64>,
    bytes: Option<u64>,
    dictionary: Option<String>,
    /// Why it cannot be used, and what cures that.
    problem: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// There is none.
    #[default]
    Missing,
    /// It cannot be used.
    Unusable,
    /// The archive has changed since.
    Behind,
    /// It holds all there is.
    Current,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unusable => "unusable",
            Self::Behind => "behind",
            Self::Current => "current",
        }
    }
}

impl Row for Status {
    const COLUMNS: &'static [&'static str] = &[
        "corpus",
        "uuid",
        "notices",
        "versions",
        "newest",
        "archive_bytes",
        "catalog_bytes",
        "index_state",
        "index_generation",
        "index_made",
        "index_passages",
        "index_behind",
        "index_bytes",
        "pages",
        "pages_waiting",
        "fetches",
        "runs",
        "last_started",
        "last_outcome",
        "problems",
    ];

    fn cells(&self) -> Vec<String> {
        let number = |number: Option<u64>| number.map_or_else(String::new, |n| n.to_string());
        vec![
            self.corpus.clone(),
            self.uuid.clone(),
            self.notices.to_string(),
            self.versions.to_string(),
            self.newest.clone().unwrap_or_default(),
            self.archive_bytes.to_string(),
            self.catalog_bytes.to_string(),
            self.index.state.name().to_owned(),
            number(self.index.generation),
            self.index.made.clone().unwrap_or_default(),
            number(self.index.passages),
            number(self.index.behind),
            number(self.index.bytes),
            self.pages.to_string(),
            self.pages_waiting.to_string(),
            self.fetches.to_string(),
            self.runs.to_string(),
            self.last_runs
                .first()
                .map_or_else(String::new, |run| run.started.clone()),
            self.last_runs
                .first()
                .map_or_else(String::new, |run| run.outcome.name().to_owned()),
            self.problems.len().to_string(),
        ]
    }
}

/// Tells the status of the corpus.
pub(crate) fn run(args: &cli::Status, config: &Config) -> anyhow::Result<Outcome> {
    let status = Status::of(args, config)?;
    let mut out = config.out()?;
    match config.format {
        Format::Table => write_page(&mut out, &status, config)?,
        Format::Json => output::json_document(&mut out, &status)?,
        format => {
            let mut rows = Rows::new::<Status>(&mut out, format)?;
            rows.push(&status)?;
            rows.finish()?;
        }
    }
    out.flush()?;
    Ok(if args.check && !status.problems.is_empty() {
        Outcome::WithErrors
    } else {
        Outcome::Done
    })
}

impl Status {
    fn of(args: &cli::Status, config: &Config) -> anyhow::Result<Self> {
        let corpus = &config.corpus;
        let archive = Archive::open(corpus)?;
        let (mut notices, mut versions) = (0, 0);
        let mut newest: Option<Timestamp> = None;
        for notice in archive.notices() {
            let notice = notice?;
            notices += 1;
            versions += u64::from(notice.newest.version);
            newest = newest.max(Some(notice.newest.fetched));
        }
        let last_change = archive.last_change()?;
        let crawled = archive.crawl_counts()?;
        let index = IndexStatus::of(config, last_change);
        let mut problems = index.problems();
        problems.extend(health::problems(&archive, config, args.max_age)?);
        let dir = fs::canonicalize(corpus.dir()).unwrap_or_else(|_| corpus.dir().to_owned());
        Ok(Self {
            corpus: dir.display().to_string(),
            uuid: archive.uuid()?,
            notices,
            versions,
            newest: newest.map(|time| time.to_string()),
            archive_bytes: bytes_in(&corpus.archive_dir()),
            catalog_bytes: fs::metadata(corpus.catalog_path()).map_or(0, |file| file.len()),
            last_change,
            pages: crawled.pages,
            pages_waiting: crawled.waiting,
            fetches: crawled.fetches,
            runs: crawled.runs,
            last_run: archive.runs(1)?.first().map(RunStatus::of),
            index,
            last_runs: health::runs(&archive)?,
            next_run: health::next_run(&archive, config)?,
            sites: health::sites(&archive)?,
            problems,
        })
    }
}

impl IndexStatus {
    /// What somebody should look at.
    fn problems(&self) -> Vec<Problem> {
        let message = match (self.state, &self.problem) {
            (State::Missing | State::Unusable, Some(problem)) => problem.clone(),
            (State::Behind, _) => format!(
                "the index does not hold {} changes of the archive yet",
                self.behind.unwrap_or(0)
            ),
            _ => return Vec::new(),
        };
        vec![Problem::new("index", message)]
    }

    fn of(config: &Config, last_change: u64) -> Self {
        let engine = match config.engine() {
            Ok(engine) => engine,
            Err(error) => {
                let missing = matches!(error.downcast_ref(), Some(OpenError::Missing { .. }));
                return Self {
                    state: if missing {
                        State::Missing
                    } else {
                        State::Unusable
                    },
                    problem: Some(format!("{error:#}")),
                    ..Self::default()
                };
            }
        };
        let dir = config.corpus.index_dir();
        let note = engine.note();
        let behind = last_change.saturating_sub(note.last_change);
        Self {
            state: if behind > 0 {
                State::Behind
            } else {
                State::Current
            },
            generation: Some(engine.generation()),
            made: changed(&dir.join(CURRENT_FILE)).map(|time| time.to_string()),
            notices: Some(note.notices),
            passages: Some(note.passages),
            behind: Some(behind),
            unread: Some(note.unread.len() as u64),
            bytes: Some(bytes_in(&dir.join(generation_name(engine.generation())))),
            dictionary: Some(note.dictionary.clone()),
            problem: None,
        }
    }
}

/// The sizes of the files in `dir` together.
fn bytes_in(dir: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(dir) else {
        return 0;
    };
    entries
        .filter_map(|entry| entry.ok()?.metadata().ok())
        .filter(fs::Metadata::is_file)
        .map(|file| file.len())
        .sum()
}

/// When the file was last written, to the second.
fn changed(path: &Path) -> Option<Timestamp> {
    let time = fs::metadata(path).ok()?.modified().ok()?;
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    Timestamp::from_second(i64::try_from(seconds).ok()?).ok()
}

fn write_page(out: &mut impl Write, status: &Status, config: &Config) -> anyhow::Result<()> {
    let lang = config.lang;
    let mut fields = Fields::default();
    fields.add(Label::Corpus, status.corpus.as_str(), "");
    fields.add(
        Label::Notices,
        grouped(status.notices),
        &lang.pick(
            format!("{} versions", grouped(status.versions)),
            format!("{} 个版本", grouped(status.versions)),
        ),
    );
    if let Some(newest) = &status.newest {
        fields.add(Label::Fetched, newest.as_str(), lang.pick("newest", "最新"));
    }
    fields.add(
        Label::Archive,
        size(status.archive_bytes),
        &lang.pick(
            format!("catalogue {}", size(status.catalog_bytes)),
            format!("目录 {}", size(status.catalog_bytes)),
        ),
    );
    if status.pages > 0 {
        let crawled = CrawlCounts {
            pages: status.pages,
            waiting: status.pages_waiting,
            fetches: status.fetches,
            runs: status.runs,
        };
        fields.add(Label::Pages, grouped(status.pages), &lang.crawled(&crawled));
    }
    if let Some(run) = &status.last_run {
        fields.add(
            Label::LastRun,
            format!("{} {}", run.started, lang.outcome(run.outcome)),
            &run.command,
        );
    }
    let index = &status.index;
    if let Some(generation) = index.generation {
        let made = index.made.as_deref().unwrap_or("?");
        let bytes = size(index.bytes.unwrap_or(0));
        let passages = grouped(index.passages.unwrap_or(0));
        fields.add(
            Label::Index,
            lang.pick(
                format!("generation {generation}: {passages} passages, {bytes}"),
                format!("第 {generation} 代：{passages} 个段落，{bytes}"),
            ),
            made,
        );
        let behind = index.behind.unwrap_or(0);
        let behind = if behind == 0 {
            lang.pick("no: it holds all there is", "无：已包含全部")
                .to_owned()
        } else {
            lang.pick(
                format!(
                    "by {} changes; `gongbao index` brings it up",
                    grouped(behind)
                ),
                format!("{} 项变更；请运行 `gongbao index`", grouped(behind)),
            )
        };
        fields.add(Label::Behind, behind, "");
        if let Some(unread) = index.unread.filter(|&unread| unread > 0) {
            fields.add(Label::Unread, grouped(unread), "");
        }
        if let Some(dictionary) = &index.dictionary {
            let short: String = dictionary.chars().take(16).collect();
            fields.add(Label::Dictionary, short, "");
        }
    } else {
        let problem = index.problem.clone().unwrap_or_default();
        fields.add(Label::Index, problem, lang.pick("not usable", "不可用"));
    }
    fields.write(out, config.screen.width, config)?;
    write_runs(out, status, config)
}

/// The last runs, the sites and what somebody should look at.
fn write_runs(out: &mut impl Write, status: &Status, config: &Config) -> anyhow::Result<()> {
    let (lang, screen) = (config.lang, &config.screen);
    let mut section = |title: &str, lines: Vec<String>| -> anyhow::Result<()> {
        if !lines.is_empty() {
            writeln!(out, "\n{}", screen.paint(Style::Bold, title))?;
            for line in lines {
                writeln!(out, "  {}", escape(&line))?;
            }
        }
        Ok(())
    };
    let runs = status.last_runs.iter().map(|run| {
        let alarms = match run.alarms.len() {
            0 => String::new(),
            count => lang.alarms(count as u64),
        };
        let parts = lang.run_parts(run.steps(), run.fates());
        let outcome = lang.outcome(run.outcome);
        let line = format!(
            "{}  {}  {outcome}  {parts} {alarms}",
            run.started, run.command
        );
        line.trim_end().to_owned()
    });
    section(lang.pick("Last runs", "最近的运行"), runs.collect())?;
    let next = status.next_run.as_ref();
    let next = next.map(|next| lang.next_run(Some((next.at, next.site.as_deref()))));
    section(
        lang.pick("Next run", "下次运行"),
        next.into_iter().collect(),
    )?;
    let sites = status.sites.iter().map(|site| {
        let (listed, read) = (grouped(site.listed), grouped(site.read));
        let bad = grouped(site.declined + site.failed);
        lang.pick(
            format!(
                "{}  {}: {listed} listed, {read} read, {bad} not had",
                site.site, site.crawled
            ),
            format!(
                "{}  {}：列出 {listed}，读取 {read}，未取得 {bad}",
                site.site, site.crawled
            ),
        )
    });
    section(lang.pick("Sites", "网站"), sites.collect())?;
    let problems = status.problems.iter();
    let problems = problems.map(|problem| format!("{}: {}", problem.kind, problem.message));
    section(lang.pick("To look at", "需要查看"), problems.collect())
}
