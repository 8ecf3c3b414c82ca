//! Generations of the index: the one in force, replaced whole as soon as
//! another is published. Whoever reads an older one goes on reading it.

use std::{
    fs, io,
    path::Path,
    sync::{Arc, OnceLock},
    time::{Duration, Instant, SystemTime},
};

use arc_swap::ArcSwap;
use gongbao_analysis::{CURRENT_FILE, SUMS_FILE, Sums, generation_name, generation_number};
use gongbao_archive::{Corpus, digest_of_file};
use gongbao_desk::{Desk, DeskError};
use gongbao_query::{Engine, Request, SearchError, Topic, TopicError, Topics};

use crate::{overview::Overview, problem::Problem};

/// How often is looked for a new generation.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How often the generation in force is held against its digests.
const CHECK_EVERY: Duration = Duration::from_secs(24 * 3600);

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
    /// A file of it that was found not to be as it was written.
    altered: OnceLock<String>,
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
            altered: OnceLock::new(),
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

    /// A file of it that is not as it was written, as far as is known.
    pub(crate) fn altered(&self) -> Option<&str> {
        self.altered.get().map(String::as_str)
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

    /// What is in force now, if it is whole as far as is known.
    ///
    /// # Errors
    ///
    /// [`Problem`] for one that is damaged: it would answer, and nobody could
    /// tell what is wrong or missing.
    pub(crate) fn whole(&self) -> Result<Arc<Generation>, Problem> {
        let generation = self.current();
        match generation.altered() {
            None => Ok(generation),
            Some(_) => Err(Problem::damaged()),
        }
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

    /// Holds every generation against its digests, once it is in force and once
    /// a day, for ever, in the background.
    pub(crate) async fn keep_watch(self: Arc<Self>) {
        loop {
            let library = self.clone();
            let number = library.current().number();
            if let Ok(Err(error)) = tokio::task::spawn_blocking(move || library.check()).await {
                tracing::warn!(error = %error, "the index could not be held against its digests");
            }
            let checked = Instant::now();
            while self.current().number() == number && checked.elapsed() < CHECK_EVERY {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    }

    /// Holds the generation in force against its digests.
    pub(crate) fn check(&self) -> io::Result<()> {
        let generation = self.current();
        let name = generation_name(generation.number());
        let altered = altered(&self.desk.corpus().index_dir().join(name))?;
        if let Some(file) = altered {
            tracing::error!(
                file,
                generation = generation.number(),
                "the index is damaged and answers no more; `gongbao verify --repair` makes it anew"
            );
            // Known already where it was found before.
            let _ = generation.altered.set(file);
        }
        Ok(())
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

/// The first file in `dir` that is not as its digest says; none where the
/// folder was cleared away meanwhile.
fn altered(dir: &Path) -> io::Result<Option<String>> {
    let sums = match fs::read_to_string(dir.join(SUMS_FILE)) {
        Ok(text) => Sums::parse(&text),
        Err(_) if !dir.exists() => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => None,
        Err(error) => return Err(error),
    };
    let Some(sums) = sums else {
        return Ok(Some(SUMS_FILE.to_owned()));
    };
    for (name, expected) in &sums.0 {
        match digest_of_file(&dir.join(name)) {
            Ok(found) if found == *expected => {}
            Err(_) if !dir.exists() => return Ok(None),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => return Ok(Some(name.clone())),
        }
    }
    Ok(None)
}

/// When the generation in force was published.
fn published(corpus: &Corpus) -> SystemTime {
    fs::metadata(corpus.index_dir().join(CURRENT_FILE))
        .and_then(|file| file.modified())
        .unwrap_or(SystemTime::UNIX_EPOCH)
}
