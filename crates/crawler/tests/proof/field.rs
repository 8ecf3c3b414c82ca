//! Sites being served, and a corpus that crawls them.

use std::{collections::HashMap, fs, future, path::Path, sync::Arc, time::Duration};

use gongbao_archive::{Archive, Corpus, FetchRecord, PageRecord, Writer};
use gongbao_crawler::{
    Clock, CrawlError, CrawlOptions, CrawlReport, Limits, Politeness, Site, Sites, SystemClock,
};
use gongbao_fakesite::Web;
use gongbao_notice::{Divisions, Reader};
use tempfile::TempDir;

/// Made-up sites, and a folder with a corpus and their profiles.
pub(crate) struct Field {
    pub(crate) web: Web,
    folder: TempDir,
}

impl Field {
    pub(crate) fn new(sites: impl IntoIterator<Item = gongbao_fakesite::Site>) -> Self {
        let field = Self {
            web: Web::serve(sites).expect("it serves"),
            folder: tempfile::tempdir().expect("a folder"),
        };
        fs::create_dir_all(field.folder.path().join("sites")).expect("a folder");
        for id in field.web.ids() {
            field.describe(id, &field.web.profile(id));
        }
        field
    }

    /// Has the profile `text` crawled as well, or instead of one of that id.
    pub(crate) fn describe(&self, id: &str, text: &str) {
        let file = self.dir().join(format!("sites/{id}.toml"));
        fs::write(file, text).expect("it is written");
    }

    pub(crate) fn dir(&self) -> &Path {
        self.folder.path()
    }

    /// Crawls all that is described.
    #[track_caller]
    pub(crate) fn crawl(&self, options: CrawlOptions) -> CrawlReport {
        crawl(self.dir(), options, SystemClock).expect("it runs")
    }

    pub(crate) fn archive(&self) -> Archive {
        Archive::open(&Corpus::at(self.dir())).expect("there is a corpus")
    }

    pub(crate) fn notice_count(&self) -> u64 {
        self.archive().notice_count().expect("it can be read")
    }

    /// What the catalogue knows of the page at `path`.
    pub(crate) fn page(&self, id: &str, path: &str) -> Option<PageRecord> {
        let url = self.web.url(id, path);
        self.archive().page_at(&url).expect("it can be read")
    }

    /// What the last run fetched, by URL.
    pub(crate) fn last_fetches(&self) -> HashMap<String, Vec<FetchRecord>> {
        let archive = self.archive();
        let run = archive.runs(1).expect("it can be read")[0].id;
        let mut by_url: HashMap<_, Vec<_>> = HashMap::new();
        for fetch in archive.fetches_in(run, 0, usize::MAX).expect("likewise") {
            by_url.entry(fetch.url.clone()).or_default().push(fetch);
        }
        by_url
    }
}

/// Options under which nothing waits longer than `delay`.
pub(crate) fn with_delay(delay: Duration) -> CrawlOptions {
    CrawlOptions {
        allow_private: true,
        politeness: Politeness {
            delay,
            backoff: Duration::from_millis(20),
            ..Politeness::default()
        },
        limits: Limits {
            first_byte: Duration::from_secs(10),
            total: Duration::from_secs(20),
            ..Limits::default()
        },
        ..CrawlOptions::default()
    }
}

/// The same for a look at everything again.
pub(crate) fn again() -> CrawlOptions {
    CrawlOptions {
        refresh: true,
        ..with_delay(Duration::ZERO)
    }
}

/// Crawls all that is described in `sites` of the corpus in `dir`.
pub(crate) fn crawl(
    dir: &Path,
    options: CrawlOptions,
    clock: impl Clock + 'static,
) -> Result<CrawlReport, CrawlError> {
    let sites = Sites::built_in()
        .with_folder(&dir.join("sites"))
        .expect("the profiles are good");
    let described: Vec<Site> = sites
        .iter()
        .filter(|entry| entry.file.is_some())
        .map(|entry| entry.site.clone())
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("threads");
    runtime.block_on(gongbao_crawler::crawl(
        Writer::open(&Corpus::at(dir))?,
        described,
        Arc::new(Reader::new(Divisions::builtin())),
        Arc::new(clock),
        options,
        |_| {},
        future::pending(),
    ))
}
