//! `watch add`: a search is saved.

use std::{path::Path, time::Duration};

use anyhow::{Context, anyhow};
use gongbao_archive::{Archive, ArchiveError};
use gongbao_query::{Request, SearchError};
use gongbao_watch::{Channel, Secret, Watch, Watches};

use crate::{
    cli::WatchAdd,
    commands::{Outcome, place::filters},
    config::Config,
    terminal::escape,
};

/// How long a command may take; the file can say otherwise.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(60);

pub(super) fn run(args: &WatchAdd, config: &Config) -> anyhow::Result<Outcome> {
    let watch = Watch {
        name: args.name.clone(),
        query: args.query.join(" "),
        literal: args.literal,
        topic: args.topic.clone(),
        filters: filters(&args.place)?,
        after: Some(if args.all { 0 } else { last_change(config)? }),
        channels: channels(args)?,
    };
    let topic = match &watch.topic {
        None => None,
        Some(name) => {
            let found = config.topics()?.find(name)?;
            Some(found.ok_or_else(|| anyhow!(config.lang.no_topic(name)))?)
        }
    };
    let path = Watches::of(config.corpus.dir()).add(&watch)?;
    config.tell(
        &config
            .lang
            .watch_added(&escape(&path.display().to_string())),
    );
    // What it finds now shows whether it is what was meant.
    let request = Request {
        literal: watch.literal,
        topic: topic.as_ref(),
        filters: watch.filters.clone(),
        ..Request::new(&watch.query)
    };
    if let Ok(engine) = config.engine() {
        match engine.matching(&request) {
            Ok(matching) => {
                let passages = matching
                    .passages
                    .iter()
                    .map(|(_, found)| found.len() as u64);
                let notices = matching.passages.len() as u64;
                config.tell(&config.lang.watch_matches(notices, passages.sum()));
            }
            Err(SearchError::Empty) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Outcome::Done)
}

/// The last change of the archive; what comes after it is new.
fn last_change(config: &Config) -> anyhow::Result<u64> {
    match Archive::open(&config.corpus) {
        Ok(archive) => Ok(archive.last_change()?),
        Err(ArchiveError::NoCorpus { .. }) => Ok(0),
        Err(error) => Err(error.into()),
    }
}

fn channels(args: &WatchAdd) -> anyhow::Result<Vec<Channel>> {
    let place = |path: &Path| {
        std::path::absolute(path).with_context(|| format!("could not use {}", path.display()))
    };
    let mut channels = Vec::new();
    if args.terminal {
        channels.push(Channel::Terminal);
    }
    if let Some(path) = &args.jsonl {
        channels.push(Channel::Jsonl(place(path)?));
    }
    if let Some(path) = &args.atom {
        channels.push(Channel::Atom(place(path)?));
    }
    if let Some(command) = &args.command {
        channels.push(Channel::Command {
            argv: vec!["sh".to_owned(), "-c".to_owned(), command.clone()],
            timeout: COMMAND_TIMEOUT,
        });
    }
    if let Some(url) = &args.webhook {
        let secret = match (&args.secret_env, &args.secret_file) {
            (Some(name), _) => Some(Secret::Variable(name.clone())),
            (None, Some(path)) => Some(Secret::File(place(path)?)),
            (None, None) => None,
        };
        let url = url.clone();
        channels.push(Channel::Webhook { url, secret });
    }
    if let Some(to) = &args.mail {
        channels.push(Channel::mail(to.clone(), args.mail_from.clone()));
    }
    if channels.is_empty() {
        channels.push(Channel::Terminal);
    }
    Ok(channels)
}
