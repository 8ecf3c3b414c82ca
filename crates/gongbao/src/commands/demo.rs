//! `demo`: the whole job on the built-in sample, in seconds.

use std::{
    io::{self, BufWriter, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow};
use gongbao_archive::{Corpus, Writer};
use gongbao_crawler::{CrawlOptions, Politeness, Site, SystemClock};
use gongbao_fakesite::Web;
use gongbao_indexer::Options;
use gongbao_notice::Reader;
use gongbao_query::{Request, Response};
use gongbao_server::Settings;

use crate::{
    cli::{Demo, Format},
    commands::{Outcome, answer, crawl as fetching, index, serve},
    config::Config,
    output, sample, signals,
    terminal::{Style, escape},
};

/// The topics that the demo answers.
const TOPICS: [&str; 2] = ["debt-resolution", "yangtze-fishing-ban"];

/// So many notices of each answer are shown, so that both fit a screen or two.
const SHOWN: usize = 3;

/// So many passages of each are shown.
const PASSAGES: usize = 2;

/// Serves, crawls, indexes and searches the sample. In a temporary folder, which is
/// removed again, unless a corpus was named on the command line: one in the
/// environment or the settings is somebody's work.
pub(crate) fn run(args: &Demo, config: &Config) -> anyhow::Result<Outcome> {
    let interrupt = signals::interrupt_flag()?;
    let temporary;
    let corpus = if config.corpus_was_typed {
        config.corpus.clone()
    } else {
        temporary = tempfile::Builder::new()
            .prefix("gongbao-demo-")
            .tempdir()
            .context("could not make a temporary folder")?;
        Corpus::at(temporary.path())
    };
    let kept = config
        .corpus_was_typed
        .then(|| corpus.dir().display().to_string());
    if !sample::may_fill(&corpus)? {
        let dir = corpus.dir().display().to_string();
        return Err(anyhow!(config.lang.demo_folder_taken(&dir)));
    }
    let started = Instant::now();
    sample::put_divisions(&corpus)?;
    let config = config.with_corpus(corpus);
    let sites = crawl(&config, &interrupt)?;
    if interrupt.load(Ordering::Relaxed) {
        return Ok(Outcome::Interrupted);
    }
    let Some(report) = index::bring_up(&config, &Options::default(), &interrupt)? else {
        return Ok(Outcome::Interrupted);
    };
    let done = config.lang.demo_done(
        sites,
        report.notices,
        report.passages,
        started.elapsed().as_secs_f64(),
    );
    print(&done, &answers(&config)?, kept.as_deref(), &config)?;
    if args.serve {
        config.tell(config.lang.demo_serving());
        let shutdown = signals::until_raised(interrupt);
        return serve::listen(args.listen, Settings::default(), &config, shutdown);
    }
    Ok(Outcome::Done)
}

/// Prints what was done, and the answers.
fn print(
    done: &str,
    answers: &[Response],
    kept: Option<&str>,
    config: &Config,
) -> anyhow::Result<()> {
    // A page unless a program asked for rows: a demo is watched.
    let mut out = BufWriter::new(io::stdout().lock());
    match config.format {
        Format::Json if config.format_was_typed => {
            config.tell(done);
            output::json_document(&mut out, &answers)?;
        }
        Format::Jsonl | Format::Csv if config.format_was_typed => {
            config.tell(done);
            drop(out);
            for answer in answers {
                answer::print(answer, 1, config)?;
            }
        }
        _ => {
            writeln!(out, "{done}\n")?;
            for (topic, answer) in TOPICS.iter().zip(answers) {
                let command = command(topic, kept);
                writeln!(out, "{}\n", config.screen.paint(Style::Bold, &command))?;
                answer::write_page(&mut out, answer, 1, config)?;
                writeln!(out)?;
            }
            write!(out, "{}", escape_lines(&config.lang.demo_next(kept)))?;
            out.flush()?;
        }
    }
    Ok(())
}

/// Serves the sites of the sample on loopback, fetches all their pages into
/// the archive, and tells how many sites there were.
fn crawl(config: &Config, interrupt: &Arc<AtomicBool>) -> anyhow::Result<usize> {
    let web = Web::serve(sample::sites()).context("could not serve the sample's sites")?;
    let sites = web
        .ids()
        .map(|id| Site::parse(id, &web.profile(id)))
        .collect::<Result<Vec<_>, _>>()
        .context("could not describe the sample's sites")?;
    let count = sites.len();
    let options = CrawlOptions {
        // Nobody else waits for these servers.
        politeness: Politeness {
            delay: Duration::ZERO,
            ..Politeness::default()
        },
        refresh: true,
        proxy: Some(format!("http://{}", web.proxy())),
        command: "demo".to_owned(),
        ..CrawlOptions::default()
    };
    let crawl = gongbao_crawler::crawl(
        Writer::open(&config.corpus)?,
        sites,
        Arc::new(Reader::new(config.divisions())),
        Arc::new(SystemClock),
        options,
        |_| {},
        fetching::raised(Arc::clone(interrupt)),
    );
    fetching::runtime()?
        .block_on(crawl)
        .context("crawling the sample's sites")?;
    Ok(count)
}

/// What the sample says on each topic.
fn answers(config: &Config) -> anyhow::Result<Vec<Response>> {
    let topics = config.topics()?;
    let engine = config.engine()?;
    TOPICS
        .iter()
        .map(|id| {
            let topic = topics.find(id)?;
            let request = Request {
                topic: topic.as_ref(),
                limit: SHOWN,
                passages: PASSAGES,
                ..Request::new("")
            };
            Ok(engine.search(&request)?)
        })
        .collect()
}

/// The command that gives the same answer.
fn command(topic: &str, kept: Option<&str>) -> String {
    let mut command =
        format!("$ gongbao search --topic {topic} --limit {SHOWN} --passages {PASSAGES}");
    if let Some(dir) = kept {
        command += &format!(" --corpus {}", escape(dir));
    }
    command
}

fn escape_lines(text: &str) -> String {
    text.lines()
        .map(|line| format!("{}\n", escape(line)))
        .collect()
}
