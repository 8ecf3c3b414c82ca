//! Saved searches against what is new.

use std::collections::{BTreeMap, HashMap, HashSet};

use gongbao_analysis::Dictionary;
use gongbao_archive::{Alert, Archive, Writer};
use gongbao_indexer::Batcher;
use gongbao_notice::{Divisions, NoticeId, Reader};
use gongbao_query::{Request, Topic, Topics};
use jiff::Timestamp;

pub use crate::batch::Unread;
use crate::{
    alert::{Change, News, PassageNews, uuid},
    batch::{Batch, Fresh, sweep},
    change::{Novelty, diff},
    error::WatchError,
    watch::{Channel, Watch},
};

/// What a run reads and searches with.
pub struct Tools<'a> {
    /// Notices that say nothing worth telling as they are now.
    pub skip: &'a HashSet<NoticeId>,
    /// Reads pages.
    pub reader: &'a Reader,
    /// Cuts words.
    pub dictionary: &'a Dictionary,
    /// Knows places.
    pub divisions: &'a Divisions,
    /// Knows topics.
    pub topics: &'a Topics,
}

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// New alerts by saved search, those without any included.
    pub raised: BTreeMap<String, u64>,
    /// Saved searches that could not be run, and why. They begin where they
    /// stopped once they can.
    pub failed: Vec<(String, String)>,
    /// Notices that could not be read.
    pub unread: Vec<Unread>,
}

/// Holds every change since its last run against each of `watches`, and writes
/// down what is new for it: all of it, and how far it looked, or nothing.
///
/// A saved search that never ran begins after change [`Watch::after`] of the
/// archive, or where that is `None` after what is there now.
///
/// # Errors
///
/// [`WatchError`] when the archive cannot be read or written. A search that
/// cannot be run is in [`Looked::failed`].
pub fn look(
    writer: &mut Writer,
    archive: &Archive,
    watches: &[Watch],
    tools: &Tools<'_>,
    now: Timestamp,
) -> Result<Looked, WatchError> {
    let last = archive.last_change()?;
    let mut looked = Looked::default();
    let mut topics = HashMap::new();
    // Nearly always all of them stand at one place.
    let mut places: BTreeMap<u64, Vec<Job<'_>>> = BTreeMap::new();
    for watch in watches {
        let seen = archive.seen(&watch.name)?;
        let from = match (seen, watch.after) {
            (None, None) => last,
            (seen, after) => seen.max(after).unwrap_or(0),
        };
        match topic_of(watch, tools.topics, &mut topics) {
            Ok(()) if from < last => places.entry(from).or_default().push(Job::new(watch)),
            Ok(()) => {
                looked.raised.insert(watch.name.clone(), 0);
                if seen.is_none() {
                    writer.raise_alerts(&watch.name, from, &[], &[])?;
                }
            }
            Err(problem) => looked.failed.push((watch.name.clone(), problem)),
        }
    }
    if !places.is_empty() {
        let batcher = Batcher::new(tools.dictionary);
        let corpus = archive.uuid()?;
        for (from, mut jobs) in places {
            let told = Telling {
                topics: &topics,
                corpus: &corpus,
                now,
            };
            let unread = sweep(archive, tools, &batcher, from..last, &mut |batch| {
                for job in &mut jobs {
                    job.hold_against(batch, &told);
                }
                Ok(())
            })?;
            looked.unread.extend(unread);
            for job in jobs {
                job.write(writer, last, &mut looked)?;
            }
        }
    }
    writer.commit()?;
    Ok(looked)
}

/// Finds the topic of `watch`, if it has one, and keeps it in `topics`.
fn topic_of(
    watch: &Watch,
    all: &Topics,
    topics: &mut HashMap<String, Topic>,
) -> Result<(), String> {
    let Some(name) = &watch.topic else {
        return Ok(());
    };
    if !topics.contains_key(name) {
        let found = all.find(name).map_err(|error| error.to_string())?;
        let found = found.ok_or_else(|| format!("there is no topic {name}"))?;
        topics.insert(name.clone(), found);
    }
    Ok(())
}

/// What all alerts of a run share.
struct Telling<'a> {
    topics: &'a HashMap<String, Topic>,
    corpus: &'a str,
    now: Timestamp,
}

/// A saved search in a run.
struct Job<'w> {
    watch: &'w Watch,
    alerts: Vec<Alert>,
    problem: Option<String>,
}

impl<'w> Job<'w> {
    fn new(watch: &'w Watch) -> Self {
        Self {
            watch,
            alerts: Vec::new(),
            problem: None,
        }
    }

    fn hold_against(&mut self, batch: &Batch, told: &Telling<'_>) {
        if self.problem.is_some() {
            return;
        }
        let watch = self.watch;
        let request = Request {
            literal: watch.literal,
            topic: watch.topic.as_ref().and_then(|name| told.topics.get(name)),
            filters: watch.filters.clone(),
            ..Request::new(&watch.query)
        };
        let matching = match batch.engine.matching(&request) {
            Ok(matching) => matching,
            Err(error) => {
                self.problem = Some(error.to_string());
                return;
            }
        };
        for (number, indexes) in &matching.passages {
            let Some(fresh) = batch.fresh.get(number) else {
                continue;
            };
            let passages: Vec<_> = indexes
                .iter()
                .filter_map(|&index| {
                    let highlights = || matching.highlights(&fresh.notice, index);
                    passage_news(fresh, index, highlights)
                })
                .collect();
            if !passages.is_empty() {
                self.alerts.push(alert(watch, fresh, passages, told));
            }
        }
    }

    fn write(self, writer: &mut Writer, last: u64, looked: &mut Looked) -> Result<(), WatchError> {
        let name = &self.watch.name;
        match self.problem {
            Some(problem) => looked.failed.push((name.clone(), problem)),
            None => {
                let channels: Vec<_> = self.watch.channels.iter().map(Channel::key).collect();
                let raised = writer.raise_alerts(name, last, &self.alerts, &channels)?;
                looked.raised.insert(name.clone(), raised);
            }
        }
        Ok(())
    }
}

fn passage_news(
    fresh: &Fresh,
    index: usize,
    highlights: impl FnOnce() -> Vec<[usize; 2]>,
) -> Option<PassageNews> {
    let notice = &fresh.notice;
    let text = notice.passage_text(index);
    let (change, before, diff) = match &fresh.novelties[index] {
        Novelty::Known => return None,
        Novelty::New => (Change::New, None, Vec::new()),
        Novelty::Changed(before) => (Change::Changed, Some(before.clone()), diff(before, text)),
    };
    Some(PassageNews {
        change,
        anchor: notice.passages[index].anchor.clone(),
        label: notice.label(index).map(str::to_owned),
        path: notice.path(index).into_iter().map(str::to_owned).collect(),
        text: text.to_owned(),
        highlights: highlights(),
        before,
        diff,
    })
}

fn alert(watch: &Watch, fresh: &Fresh, passages: Vec<PassageNews>, told: &Telling<'_>) -> Alert {
    let header = &fresh.notice.header;
    let id = uuid(&[
        "alert",
        told.corpus,
        &watch.name,
        header.id.as_str(),
        &fresh.version.to_string(),
    ]);
    let raised = Timestamp::from_second(told.now.as_second()).unwrap_or(told.now);
    let news = News {
        alert: id.clone(),
        watch: watch.name.clone(),
        raised: raised.to_string(),
        change: if fresh.was_there {
            Change::Changed
        } else {
            Change::New
        },
        id: header.id.to_string(),
        version: fresh.version,
        title: header.title.clone(),
        url: header.url.clone(),
        organ: header.organ.clone(),
        region: header.region.clone(),
        genre: header.genre.clone(),
        published: header.published_day(),
        signed: header.signed.clone(),
        passages,
    };
    Alert {
        id,
        watch: watch.name.clone(),
        notice: header.id.clone(),
        version: fresh.version,
        raised,
        content: serde_json::to_string(&news).expect("plain values always serialise"),
    }
}
