//! Reads a list: which articles it links, how many it says there are, where it
//! goes on, and why it was read so.

mod entries; // links to articles by selectors, or found
mod family; // how to tell content systems apart
mod paging; // where a list goes on

mod feed; // RSS, Atom
mod gkmlpt;
mod govcn;
mod jcms;
mod jpaas;
mod sitemap;
mod trs;

use gongbao_notice::{Page, Profile, decode_page, parse_html};
use jiff::civil::Date;
use url::Url;

use crate::site::ListRules;

pub use self::{family::Family, paging::NextClue};

/// More entries than this on one page are a trap. The longest real sitemaps
/// have 50,000, which their format allows.
const MAX_ENTRIES: usize = 50_000;

/// A page of a list, as received.
#[derive(Clone, Copy, Debug)]
pub struct ListPage<'a> {
    /// Its address.
    pub url: &'a Url,
    /// Its bytes, without content encoding.
    pub bytes: &'a [u8],
    /// Its `Content-Type`.
    pub content_type: Option<&'a str>,
    /// How the site's profile says that it is read.
    pub rules: &'a ListRules,
    /// Its content system, if the profile says.
    pub family: Option<Family>,
    /// What else the profile says.
    pub profile: Option<&'a Profile>,
}

/// What a page of a list says.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The content system that it was read as.
    pub family: Family,
    /// The articles it links, in order.
    pub entries: Vec<Entry>,
    /// Further pages of the list.
    pub next: Vec<Url>,
    /// How many articles the list says that it has in all.
    pub stated: Option<u64>,
    /// Whether it is built as a list of its family is. One that is not has
    /// been redesigned, or is something else.
    pub recognised: bool,
    /// Why it was read so.
    pub reasons: Vec<Reason>,
}

/// A link from a list to an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The address of the article, canonical.
    pub url: Url,
    /// Its title as the list has it.
    pub title: String,
    /// Its date as the list has it, else as its address has it.
    pub date: Option<Date>,
}

/// Why a list was read as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The profile names the family.
    FamilyTold(Family),
    /// The page shows its family.
    FamilySeen {
        /// Which.
        family: Family,
        /// By what.
        clue: String,
    },
    /// Selectors found the entries.
    EntriesSelected {
        /// They.
        selector: String,
        /// How many entries.
        found: usize,
    },
    /// The entries are the group of links that looks most like a list.
    EntriesFound {
        /// Where they stand, as a selector.
        place: String,
        /// How many links the group has.
        links: usize,
        /// How many of them have a date beside them or in their address.
        dated: usize,
        /// How many links the page has.
        of: usize,
    },
    /// The entries came as data.
    EntriesGiven {
        /// As what: `JSON`, `XML` …
        kind: &'static str,
        /// How many.
        found: usize,
    },
    /// Links that the profile's patterns leave out.
    Skipped(usize),
    /// No group of links looks like a list.
    NoEntries,
    /// How the next page was found.
    Next(NextClue),
    /// There is no next page.
    NoNext,
    /// There is a link to the next page, but a script follows it.
    ScriptedNext(String),
}

impl Listing {
    fn new(family: Family) -> Self {
        Self {
            family,
            entries: Vec::new(),
            next: Vec::new(),
            stated: None,
            recognised: false,
            reasons: Vec::new(),
        }
    }

    fn add_next(&mut self, url: Option<Url>, clue: NextClue) -> bool {
        let Some(url) = url else { return false };
        if !self.next.contains(&url) {
            self.next.push(url);
        }
        self.reasons.push(Reason::Next(clue));
        true
    }
}

/// Reads a page of a list. Never fails: what is no list has no entries and is
/// not `recognised`.
#[must_use]
pub fn read_list(page: &ListPage<'_>) -> Listing {
    let text = decode_page(&Page {
        bytes: page.bytes,
        content_type: page.content_type,
        profile: page.profile,
        ..Page::default()
    });
    let (family, reason) = match page.family {
        Some(family) => (family, Reason::FamilyTold(family)),
        None => {
            let (family, clue) = Family::of(page.url, &text);
            (family, Reason::FamilySeen { family, clue })
        }
    };
    let mut listing = Listing::new(family);
    listing.reasons.push(reason);
    match family {
        Family::Sitemap => sitemap::read(page, &text, &mut listing),
        Family::Feed => feed::read(page, &text, &mut listing),
        Family::Gkmlpt => gkmlpt::read(page, &text, &mut listing),
        Family::Jcms => jcms::read(page, &text, &mut listing),
        Family::Jpaas => jpaas::read(page, &text, &mut listing),
        Family::GovCn => govcn::read(page, &text, &mut listing),
        Family::Trs => trs::read(page, &text, &mut listing),
        Family::AhDiscipline | Family::Generic => read_html(page, &text, &mut listing),
    }
    finish(page, &mut listing);
    listing
}

/// Reads a list that is plain HTML: entries and the next page.
fn read_html(page: &ListPage<'_>, text: &str, listing: &mut Listing) {
    let html = parse_html(text);
    entries::read(page, &html, listing);
    paging::read(page, &html, text, listing);
}

/// Leaves out what the profile's patterns leave out, what stands twice, and
/// the list's own pages.
fn finish(page: &ListPage<'_>, listing: &mut Listing) {
    let before = listing.entries.len();
    let (article, skip) = (&page.rules.article, &page.rules.skip);
    listing.entries.retain(|entry| {
        let url = entry.url.as_str();
        article.as_ref().is_none_or(|pattern| pattern.is_match(url))
            && skip.as_ref().is_none_or(|pattern| !pattern.is_match(url))
    });
    let skipped = before - listing.entries.len();
    if skipped > 0 {
        listing.reasons.push(Reason::Skipped(skipped));
    }
    let mut seen = std::collections::HashSet::new();
    let next = std::mem::take(&mut listing.next);
    listing.entries.retain(|entry| {
        entry.url != *page.url && !next.contains(&entry.url) && seen.insert(entry.url.clone())
    });
    listing.entries.truncate(MAX_ENTRIES);
    listing.next = next;
    listing.next.retain(|url| url != page.url);
}
