//! Generations of the index: the one in force, replaced whole as soon as
//! another is published. Whoever reads an older one goes on reading it.

use std::{
    fs,
    sync::{Arc, OnceLock},
    time::{Duration, SystemTime},
};

use arc_swap::ArcSwap;
use gongbao_analysis::{CURRENT_FILE, generation_number};
use gongbao_archive::Corpus;
use gongbao_desk::{Desk, DeskError};
use gongbao_query::{Engine, Request, SearchError, Topic, TopicError, Topics};

use crate::overview::Overview;

/// How often is looked for a new generation.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How long one that could not be opened is left alone.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// A generation, open, with the topics as they were when it was opened.
pub(crate) struct Generation {
    pub(crate) engine: Engine,
    pub(crate) topics: Vec<Topic>,
    packs: Topics,
    /// When it was published.
    pub(crate) published: SystemTime,
    overview: OnceLock<Overview>,
}

impl Generation {
    /// Opens the generation in force, ready to answer at once.
    pub(crate) fn open(desk: &Desk) -> Result<Self, DeskError> {
        let published = published(desk.corpus());
        let packs = desk.topics()?;
        // A pack that cannot be used is told of and left out.
        let usable = |topic: Result<Topic, TopicError>| match topic {
            Ok(topic) => Some(topic),
            Err(error) => {
                tracing::warn!(error = %error, "a topic pack is left out");
                None
            }
        };
        let generation = Self {
            engine: desk.engine()?,
            topics: packs.iter().filter_map(usable).collect(),
            packs,
            published,
            overview: OnceLock::new(),
        };
        generation.warm_up();
        Ok(generation)
    }

    /// Reads what the first question would otherwise wait for.
    fn warm_up(&self) {
        let mut request = Request::new("公告");
        request.filters.regions.push("北京市".to_owned());
        match self.engine.search(&request) {
            Ok(_) | Err(SearchError::Empty) => {}
            Err(error) => tracing::warn!(error = %error, "the first search failed"),
        }
    }

    /// Its number.
    pub(crate) fn number(&self) -> u64 {
        self.engine.generation()
    }

    /// The topic of that id or name.
    pub(crate) fn topic(&self, name: &str) -> Option<&Topic> {
        let by_id = self.topics.iter().find(|topic| topic.id == name);
        by_id.or_else(|| self.topics.iter().find(|topic| topic.goes_by(name)))
    }

    /// What the index says on every topic, found out once.
    pub(crate) fn overview(&self) -> &Overview {
        self.overview.get_or_init(|| Overview::of(self))
    }

    /// All topic packs with what they are tested on.
    pub(crate) fn packs(&self) -> &Topics {
        &self.packs
    }
}

/// The generation in force.
pub(crate) struct Library {
    desk: Desk,
    current: ArcSwap<Generation>,
}

impl Library {
    pub(crate) fn open(desk: Desk) -> Result<Self, DeskError> {
        let current = ArcSwap::from_pointee(Generation::open(&desk)?);
        Ok(Self { desk, current })
    }

    /// What is in force now. It stays open as long as it is held.
    pub(crate) fn current(&self) -> Arc<Generation> {
        self.current.load_full()
    }

    /// Puts every new generation in force, for ever. Opening takes place in
    /// the background; requests go on meanwhile.
    pub(crate) async fn keep_up(self: Arc<Self>) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let library = self.clone();
            let looked = tokio::task::spawn_blocking(move || library.look()).await;
            if let Ok(Err(error)) = looked {
                tracing::warn!(
                    error = %error,
                    "a new generation of the index cannot be opened; answering from the old one"
                );
                tokio::time::sleep(TRY_AGAIN_AFTER).await;
            }
        }
    }

    /// Opens what `CURRENT` names, if that is not in force already.
    pub(crate) fn look(&self) -> Result<(), DeskError> {
        let path = self.desk.corpus().index_dir().join(CURRENT_FILE);
        let number = fs::read_to_string(path)
            .ok()
            .and_then(|name| generation_number(name.trim()));
        if number.is_none_or(|number| number == self.current.load().number()) {
            return Ok(());
        }
        let generation = Generation::open(&self.desk)?;
        tracing::info!(
            generation = generation.number(),
            notices = generation.engine.note().notices,
            "a new generation of the index is in force"
        );
        self.current.store(Arc::new(generation));
        Ok(())
    }
}

/// When the generation in force was published.
fn published(corpus: &Corpus) -> SystemTime {
    fs::metadata(corpus.index_dir().join(CURRENT_FILE))
        .and_then(|file| file.modified())
        .unwrap_or(SystemTime::UNIX_EPOCH)
}
