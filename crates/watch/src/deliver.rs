//! Telling, by each kind of channel.

mod atom; // a feed, made anew each time
mod command; // a program that takes it on standard input
mod jsonl; // a file that grows
mod mail; // through the machine's own sendmail
mod webhook; // posted to an address, signed

use std::{collections::HashSet, io};

use gongbao_archive::{Archive, Pending, Writer};
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    alert::News,
    error::WatchError,
    watch::{Channel, Watch},
};

/// So many alerts at most are told in one message.
const MAX_ALERTS_A_MESSAGE: usize = 100;

/// What came of telling on one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The saved search.
    pub watch: String,
    /// The channel; see [`Channel::key`].
    pub channel: String,
    /// Alerts that were told.
    pub told: u64,
    /// Alerts that are still to be told.
    pub left: u64,
    /// Why.
    pub problem: Option<String>,
}

/// What is told in one message to a command or a webhook.
#[derive(Debug, Serialize)]
struct Message<'a> {
    /// The saved search.
    watch: &'a str,
    /// Whether some of it may have been told before: the run that did so was
    /// ended before it could note it.
    repeated: bool,
    /// What is new, oldest first.
    alerts: &'a [News],
}

/// Tells what was written down.
pub struct Courier {
    webhooks: webhook::Client,
    /// Channels that failed in this run: nobody waits for them again.
    failed: HashSet<String>,
}

impl Courier {
    /// A courier for one run.
    ///
    /// # Errors
    ///
    /// [`WatchError::Client`].
    pub fn new() -> Result<Self, WatchError> {
        Ok(Self {
            webhooks: webhook::Client::new()?,
            failed: HashSet::new(),
        })
    }

    /// Tells what is still to be told about `watch` on each of its channels;
    /// `terminal` prints. A channel that fails holds up no other, and is tried
    /// again at the next run.
    ///
    /// # Errors
    ///
    /// [`WatchError`] when the catalogue cannot be read or written; and the
    /// error of `terminal`, as that of a channel.
    pub fn tell(
        &mut self,
        writer: &mut Writer,
        archive: &Archive,
        watch: &Watch,
        now: &dyn Fn() -> Timestamp,
        terminal: &mut dyn FnMut(&[News]) -> io::Result<()>,
    ) -> Result<Vec<Told>, WatchError> {
        let mut all = Vec::new();
        for channel in &watch.channels {
            let key = channel.key();
            let pending = archive.pending(&watch.name, &key)?;
            let mut outcome = Told {
                watch: watch.name.clone(),
                channel: key.clone(),
                told: 0,
                left: pending.len() as u64,
                problem: None,
            };
            for some in pending.chunks(MAX_ALERTS_A_MESSAGE) {
                if self.failed.contains(&key) {
                    outcome
                        .problem
                        .get_or_insert_with(|| "it failed earlier in this run".to_owned());
                    break;
                }
                let ids: Vec<_> = some.iter().map(|one| one.alert.id.as_str()).collect();
                writer.begin_telling(&ids, &key, now())?;
                match self.send(channel, watch, some, archive, now(), terminal) {
                    Ok(()) => {
                        writer.told(&ids, &key, now())?;
                        outcome.told += ids.len() as u64;
                        outcome.left -= ids.len() as u64;
                    }
                    Err(problem) => {
                        writer.not_told(&ids, &key, &problem)?;
                        outcome.problem = Some(problem);
                        self.failed.insert(key.clone());
                    }
                }
            }
            if outcome.told > 0 || outcome.problem.is_some() {
                all.push(outcome);
            }
        }
        Ok(all)
    }

    fn send(
        &self,
        channel: &Channel,
        watch: &Watch,
        pending: &[Pending],
        archive: &Archive,
        now: Timestamp,
        terminal: &mut dyn FnMut(&[News]) -> io::Result<()>,
    ) -> Result<(), String> {
        let news = pending
            .iter()
            .map(|one| News::of(&one.alert))
            .collect::<Result<Vec<_>, _>>()?;
        let repeated = pending.iter().any(|one| one.attempts > 0);
        let message = Message {
            watch: &watch.name,
            repeated,
            alerts: &news,
        };
        match channel {
            Channel::Terminal => terminal(&news).map_err(|error| error.to_string()),
            Channel::Jsonl(path) => jsonl::append(path, &news, repeated),
            Channel::Atom(path) => {
                let uuid = archive.uuid().map_err(|error| error.to_string())?;
                let recent = archive
                    .alerts(&watch.name, &channel.key(), atom::ENTRIES)
                    .map_err(|error| error.to_string())?;
                atom::write(path, &watch.name, &uuid, &recent)
            }
            Channel::Command { argv, timeout } => {
                let body = serde_json::to_vec(&message).map_err(|error| error.to_string())?;
                command::run(argv, &body, *timeout, &[("GONGBAO_WATCH", &watch.name)])
            }
            Channel::Webhook { url, secret } => {
                let body = serde_json::to_vec(&message).map_err(|error| error.to_string())?;
                self.webhooks
                    .post(url, secret.as_ref(), &message_id(pending), &body, now)
            }
            Channel::Mail { to, from, sendmail } => {
                let id = message_id(pending);
                let mail = mail::compose(to, from.as_deref(), &watch.name, &news, &id, now)?;
                command::run(sendmail, &mail, mail::TIMEOUT, &[])
            }
        }
    }
}

/// Names a message by what it tells, so that the same told again has the same
/// name.
fn message_id(pending: &[Pending]) -> String {
    let ids: Vec<_> = std::iter::once("message")
        .chain(pending.iter().map(|one| one.alert.id.as_str()))
        .collect();
    crate::alert::uuid(&ids)
}
