//! `watch run`: what is new is written down, then told.

use std::{
    collections::HashSet,
    io::{self, BufWriter, StdoutLock, Write},
};

use gongbao_archive::{Archive, Writer};
use gongbao_notice::NoticeId;
use gongbao_watch::{Courier, Looked, News, PassageNews, Told, Tools, Watch, Watches, look, plain};
use serde::Serialize;

use crate::{
    cli::Format,
    clock::now,
    commands::Outcome,
    config::Config,
    output::{Row, Rows},
    terminal::escape,
};

/// An alert as JSON, or one of its passages as a line of CSV.
#[derive(Serialize)]
#[serde(transparent)]
struct Line<'a> {
    news: &'a News,
    #[serde(skip)]
    passage: Option<&'a PassageNews>,
}

impl Row for Line<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "watch",
        "alert",
        "raised",
        "change",
        "id",
        "version",
        "title",
        "url",
        "organ",
        "region_code",
        "region",
        "published",
        "passage_change",
        "anchor",
        "label",
        "path",
        "text",
        "before",
    ];

    fn cells(&self) -> Vec<String> {
        let news = self.news;
        let known = |field: &Option<String>| field.clone().unwrap_or_default();
        let region = news.region.as_ref();
        let of_passage =
            |cell: fn(&PassageNews) -> String| self.passage.map_or_else(String::new, cell);
        vec![
            news.watch.clone(),
            news.alert.clone(),
            news.raised.clone(),
            change(news.change).to_owned(),
            news.id.clone(),
            news.version.to_string(),
            known(&news.title),
            known(&news.url),
            known(&news.organ),
            region.map_or_else(String::new, |region| region.code.clone()),
            region.map_or_else(String::new, |region| region.name.clone()),
            known(&news.published),
            of_passage(|passage| change(passage.change).to_owned()),
            of_passage(|passage| passage.anchor.clone()),
            of_passage(|passage| passage.label.clone().unwrap_or_default()),
            of_passage(|passage| passage.path.join(" › ")),
            of_passage(|passage| passage.text.clone()),
            of_passage(|passage| passage.before.clone().unwrap_or_default()),
        ]
    }
}

fn change(change: gongbao_watch::Change) -> &'static str {
    match change {
        gongbao_watch::Change::New => "new",
        gongbao_watch::Change::Changed => "changed",
    }
}

/// What came of running saved searches.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watched {
    pub(crate) looked: Looked,
    pub(crate) told: Vec<Told>,
    /// Files that are no saved search.
    pub(crate) unusable: Vec<String>,
}

impl Watched {
    /// Whether every search ran and everybody was told.
    pub(crate) fn is_well(&self) -> bool {
        self.unusable.is_empty()
            && self.looked.failed.is_empty()
            && self.told.iter().all(|told| told.problem.is_none())
    }

    /// New alerts.
    pub(crate) fn raised(&self) -> u64 {
        self.looked.raised.values().sum()
    }
}

/// Runs the saved searches `names`, or all of them.
pub(super) fn run(names: &[String], config: &Config) -> anyhow::Result<Outcome> {
    let mut writer = Writer::open(&config.corpus)?;
    let watched = run_watches(&mut writer, names, &HashSet::new(), config)?;
    writer.finish()?;
    tell(&watched, config);
    Ok(if watched.is_well() {
        Outcome::Done
    } else {
        Outcome::WithErrors
    })
}

/// Writes down what is new for the saved searches `names`, or for all where
/// there are none, and tells what is still to be told. What goes to standard
/// output is printed in the format of `config`. Nothing is told of the notices
/// in `skip` as they are now.
///
/// # Errors
///
/// What ends the run as a whole. Each search's and channel's own trouble is in
/// [`Watched`].
pub(crate) fn run_watches(
    writer: &mut Writer,
    names: &[String],
    skip: &HashSet<NoticeId>,
    config: &Config,
) -> anyhow::Result<Watched> {
    let folder = Watches::of(config.corpus.dir());
    let mut watched = Watched::default();
    let all = if names.is_empty() {
        folder.all()?
    } else {
        names.iter().map(|name| folder.get(name)).collect()
    };
    let mut watches: Vec<Watch> = Vec::new();
    for watch in all {
        match watch {
            Ok(watch) => watches.push(watch),
            Err(error) => watched.unusable.push(error.to_string()),
        }
    }
    let archive = Archive::open(&config.corpus)?;
    let divisions = config.divisions();
    let tools = Tools {
        skip,
        reader: &config.reader()?,
        dictionary: &config.dictionary()?,
        divisions: &divisions,
        topics: &config.topics()?,
    };
    watched.looked = look(writer, &archive, &watches, &tools, now())?;

    let mut printer = Printer::new(config)?;
    let mut courier = Courier::new()?;
    for watch in &watches {
        let told = courier.tell(writer, &archive, watch, &now, &mut |news| {
            printer.print(news)
        })?;
        watched.told.extend(told);
    }
    printer.finish()?;
    Ok(watched)
}

/// Prints alerts on standard output.
enum Printer {
    Text(BufWriter<StdoutLock<'static>>),
    Rows(Rows<BufWriter<StdoutLock<'static>>>, Format),
}

impl Printer {
    fn new(config: &Config) -> anyhow::Result<Self> {
        let out = BufWriter::new(io::stdout().lock());
        Ok(match config.format {
            Format::Table => Self::Text(out),
            format => Self::Rows(Rows::new::<Line<'_>>(out, format)?, format),
        })
    }

    fn print(&mut self, all: &[News]) -> io::Result<()> {
        match self {
            Self::Text(out) => {
                for news in all {
                    for line in plain(news).lines() {
                        writeln!(out, "{}", escape(line))?;
                    }
                    writeln!(out)?;
                }
                out.flush()
            }
            Self::Rows(rows, format) => {
                for news in all {
                    let none = [None];
                    let passages = news.passages.iter().map(Some);
                    let passages: Vec<_> = match format {
                        Format::Csv => passages.collect(),
                        _ => none.into(),
                    };
                    for passage in passages {
                        rows.push(&Line { news, passage })
                            .map_err(io::Error::other)?;
                    }
                }
                rows.flush()
            }
        }
    }

    fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Text(mut out) => Ok(out.flush()?),
            Self::Rows(rows, _) => rows.finish().map(drop),
        }
    }
}

/// Tells on standard error what came of it.
pub(crate) fn tell(watched: &Watched, config: &Config) {
    let lang = config.lang;
    for problem in &watched.unusable {
        config.tell(&lang.watch_trouble(&escape(problem)));
    }
    for (name, problem) in &watched.looked.failed {
        config.tell(&lang.watch_trouble(&escape(&format!("{name}: {problem}"))));
    }
    for unread in &watched.looked.unread {
        let line = format!("{}: {}", unread.id, unread.reason);
        config.tell(&lang.watch_trouble(&escape(&line)));
    }
    for told in &watched.told {
        let place = format!("{} → {}", told.watch, told.channel);
        config.tell(&match &told.problem {
            None => lang.watch_told(&escape(&place), told.told),
            Some(problem) => lang.watch_not_told(&escape(&place), told.left, &escape(problem)),
        });
    }
    let searches = watched.looked.raised.len() as u64;
    config.tell(&lang.watch_report(searches, watched.raised()));
}
