//! Sites being served, and a corpus that crawls them.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::BufReader,
    path::PathBuf,
};

use gongbao_archive::{Archive, FetchRecord, PageRecord, RecordHead, RecordReader};
use gongbao_fakesite::{Site, Web};

use crate::support::{Corpus, Ran, command, ran};

/// No block of these sites is larger.
const MAX_BLOCK_BYTES: u64 = 64 * 1024 * 1024;

/// Made-up sites, a corpus whose `sites` folder describes them, and nothing
/// else to crawl.
pub(crate) struct Field {
    pub(crate) web: Web,
    pub(crate) corpus: Corpus,
}

impl Field {
    pub(crate) fn new(sites: impl IntoIterator<Item = Site>) -> Self {
        let web = Web::serve(sites).expect("it serves");
        let corpus = Corpus::new();
        let profiles = corpus.dir().join("sites");
        fs::create_dir_all(&profiles).expect("a folder");
        for id in web.ids() {
            fs::write(profiles.join(format!("{id}.toml")), web.profile(id)).expect("it is written");
        }
        Self { web, corpus }
    }

    /// The command that crawls all of its sites, with further arguments.
    pub(crate) fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = command(["crawl", "--allow-private"]);
        command.arg("--corpus").arg(self.corpus.dir());
        command.args(self.web.ids()).args(arguments);
        command
    }

    /// Crawls all of its sites.
    pub(crate) fn crawl(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments).output().expect("it starts"))
    }

    pub(crate) fn archive(&self) -> Archive {
        let corpus = gongbao_archive::Corpus::at(self.corpus.dir());
        Archive::open(&corpus).expect("there is a corpus")
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
        let fetches = archive.fetches_in(run, 0, usize::MAX).expect("likewise");
        let mut by_url: HashMap<_, Vec<_>> = HashMap::new();
        for fetch in fetches {
            by_url.entry(fetch.url.clone()).or_default().push(fetch);
        }
        by_url
    }

    /// The WARC files, in their order.
    pub(crate) fn warc_files(&self) -> Vec<PathBuf> {
        let dir = self.corpus.dir().join("archive");
        let entries = fs::read_dir(dir).expect("a folder");
        let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
        files.sort();
        files
    }

    /// The heads of all WARC records; fails when one cannot be read.
    #[track_caller]
    pub(crate) fn records(&self) -> Vec<RecordHead> {
        let mut heads = Vec::new();
        for file in self.warc_files() {
            let input = BufReader::new(File::open(&file).expect("it opens"));
            let mut reader = RecordReader::new(input, 0);
            let mut block = Vec::new();
            loop {
                match reader.next_record(&mut block, MAX_BLOCK_BYTES) {
                    Ok(Some((head, _))) => heads.push(head),
                    Ok(None) => break,
                    Err(error) => panic!("{} after {} records: {error}", file.display(), heads.len()),
                }
            }
        }
        heads
    }
}

/// How many of `records` are of type `kind`.
pub(crate) fn count_of(records: &[RecordHead], kind: &str) -> usize {
    let is_of = |head: &&RecordHead| head.get("WARC-Type") == Some(kind);
    records.iter().filter(is_of).count()
}
