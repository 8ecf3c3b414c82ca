//! What passes between the loop that fetches and the thread that keeps.

use std::time::Duration;

use gongbao_archive::{PageFate, PageKind, PageRecord};
use url::Url;

use crate::{fetch::Answer, reading::Reading};

/// A page to be fetched.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) page: PageRecord,
    /// The address to ask for: the page's own, or where it redirects to.
    pub(crate) url: Url,
    /// The number of its site among those of the crawl.
    pub(crate) site: usize,
    /// Requests for it in this run before.
    pub(crate) attempt: u32,
    /// The redirects that led to `url`.
    pub(crate) hops: Vec<Hop>,
    /// Bytes of what was received for it and is not kept yet.
    pub(crate) held: u64,
}

/// A redirect that was followed.
#[derive(Clone, Debug)]
pub(crate) struct Hop {
    pub(crate) url: Url,
    pub(crate) answer: Answer,
}

/// How a job ended.
#[derive(Debug)]
pub(crate) enum End {
    /// An answer, as read.
    Read(Box<Answer>, Reading),
    /// A redirect to a page that is known already and fetched for itself.
    Redirected(Box<Answer>, Url),
    /// A redirect that is not followed, or that is as good as gone.
    Astray(Box<Answer>, Astray),
    /// No answer.
    Nothing {
        why: String,
        transient: bool,
        took: Duration,
    },
}

/// Why a redirect is not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Astray {
    /// It leads to the home page, a list or a page of errors.
    Gone,
    /// It leads where nothing may be fetched, or nowhere.
    Refused(String),
}

/// What the loop asks of the keeper.
#[derive(Debug)]
pub(crate) enum Order {
    /// The next due pages of a site.
    Due {
        site: usize,
        after: Option<Box<PageRecord>>,
        limit: usize,
    },
    /// Whether the page that a redirect leads to is known.
    LookUp {
        job: Box<Job>,
        answer: Box<Answer>,
        target: Url,
    },
    /// Keep what came of a job.
    Keep(Box<Job>, End),
    /// Keep what came of asking for a `robots.txt`.
    KeepRobots {
        site: usize,
        url: Url,
        end: Result<Box<Answer>, (String, Duration)>,
    },
    /// Note that `robots.txt` forbids a page.
    Forbid(Box<Job>),
}

/// What the keeper tells the loop.
#[derive(Debug)]
pub(crate) enum Reply {
    Due {
        site: usize,
        pages: Vec<PageRecord>,
        /// Whether there may be more.
        more: bool,
        /// How many are due in all, said once.
        in_all: Option<u64>,
    },
    LookedUp {
        job: Box<Job>,
        answer: Box<Answer>,
        target: Url,
        known: bool,
    },
    Kept(Box<Kept>),
    /// The archive does not take it; the crawl ends.
    Broken,
}

/// What became of a job.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) site: usize,
    pub(crate) column: Option<String>,
    pub(crate) url: String,
    pub(crate) kind: Option<PageKind>,
    /// Whether it was found on another page of its list.
    pub(crate) is_further: bool,
    /// `None` for a page that `robots.txt` forbids.
    pub(crate) fate: Option<PageFate>,
    pub(crate) status: Option<u16>,
    pub(crate) bytes: u64,
    /// Bytes that need not be held any more.
    pub(crate) held: u64,
    pub(crate) took: Duration,
    pub(crate) detail: Option<String>,
    /// Pages that it led to and that nobody knew.
    pub(crate) new_pages: u64,
    /// Further pages of a list to walk on with.
    pub(crate) walk: Vec<PageRecord>,
    /// Ask for it again after that time.
    pub(crate) retry: Option<(Box<Job>, Duration)>,
    pub(crate) list: Option<ListSeen>,
    pub(crate) article: Option<ArticleSeen>,
}

/// What a list showed.
#[derive(Clone, Debug)]
pub(crate) struct ListSeen {
    /// Hashes of the addresses of its entries.
    pub(crate) entries: Vec<u64>,
    pub(crate) stated: Option<u64>,
    pub(crate) recognised: bool,
    pub(crate) is_first: bool,
    /// Whether the walk ends here because the list does.
    pub(crate) is_last: bool,
    /// Whether the walk was cut off by the bound on pages.
    pub(crate) too_deep: bool,
    /// A script leads on, which cannot be followed.
    pub(crate) scripted_next: bool,
}

/// What an article showed.
#[derive(Clone, Debug)]
pub(crate) struct ArticleSeen {
    pub(crate) is_read: bool,
    pub(crate) body: Option<String>,
    pub(crate) doc_number: Option<String>,
}
