//! Where a list goes on.

use std::sync::LazyLock;

use regex::Regex;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::{ListPage, Listing, Reason, entries::text_of};
use crate::address::resolve;

/// What led to the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextClue {
    /// The profile's selector.
    Selector,
    /// `createPageHTML` and its counts.
    CreatePageHtml {
        /// How many pages there are.
        pages: u32,
        /// The number of this one.
        current: u32,
        /// The number that the first page has.
        first: u32,
    },
    /// A link with this text.
    Text(String),
    /// `rel="next"`.
    Rel,
    /// The link to the page of the next number.
    Number(u32),
    /// Parameters of the next part of the records.
    Parameters,
    /// Other lists that it names.
    Lists(usize),
}

static CREATE_PAGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"createPageHTML\s*\(([^)]{1,300})\)").expect("it is tested"));
static STATED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"共\s*(?:有|计)?\s*(\d{1,7})\s*(?:条|篇|件|项)").expect("it is tested")
});
/// The number of a list page: `index_3.html`, `list-3.shtml`.
static SUFFIX: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[_-](\d{1,4})\.[a-z]+$").expect("it is tested"));

/// Texts of links to the next page, without spaces and arrows.
const NEXT: [&str; 8] = [
    "下一页",
    "下页",
    "后一页",
    "下一頁",
    "后页",
    "下翻",
    "next",
    "nextpage",
];

/// Reads where the list in `html`, whose source is `text`, goes on.
pub(super) fn read(page: &ListPage<'_>, html: &Html, text: &str, listing: &mut Listing) {
    if listing.stated.is_none() {
        listing.stated = STATED
            .captures(text)
            .and_then(|found| found[1].parse().ok());
    }
    let found = by_selector(page, html, listing)
        || by_script(page, text, listing)
        || by_link(page, html, listing)
        || by_number(page, html, listing);
    let scripted = listing
        .reasons
        .iter()
        .any(|reason| matches!(reason, Reason::ScriptedNext(_)));
    if !found && !scripted {
        listing.reasons.push(Reason::NoNext);
    }
}

fn by_selector(page: &ListPage<'_>, html: &Html, listing: &mut Listing) -> bool {
    let Some(selector) = &page.rules.next else {
        return false;
    };
    let url = html
        .select(selector)
        .find_map(|link| resolve(page.url, link.value().attr("href")?));
    listing.add_next(url.filter(|url| url != page.url), NextClue::Selector)
}

/// `createPageHTML(pages, current, "index", "shtml")`, with or without an id
/// before and a count behind.
fn by_script(page: &ListPage<'_>, text: &str, listing: &mut Listing) -> bool {
    let Some(found) = call(text) else {
        return false;
    };
    let (pages, current, name, extension) = found;
    let suffix = suffix_of(page.url);
    // The first page has no number in its address, so that it shows where the
    // count begins.
    let first = if suffix.is_none() { current.min(1) } else { 0 };
    let address = |number: u32| resolve(page.url, &format!("{name}_{number}.{extension}"));
    let last = if first == 0 {
        pages.saturating_sub(1)
    } else {
        pages
    };
    let clue = NextClue::CreatePageHtml {
        pages,
        current,
        first,
    };
    if current >= last {
        listing.reasons.push(Reason::NoNext);
        return true;
    }
    listing.add_next(address(current + 1), clue);
    // Further pages do not show where the count begins and stop one early
    // where it begins with 1.
    if first == 1 && last > current + 1 {
        listing.next.extend(address(last));
    }
    true
}

/// The arguments of the call in `text` that is no definition.
fn call(text: &str) -> Option<(u32, u32, String, String)> {
    CREATE_PAGE.captures_iter(text).find_map(|found| {
        let arguments: Vec<&str> = found[1].split(',').map(str::trim).collect();
        let numbers_at = arguments
            .iter()
            .position(|argument| argument.parse::<u32>().is_ok())?;
        let [pages, current, name, extension] = arguments.get(numbers_at..numbers_at + 4)? else {
            return None;
        };
        let bare = |text: &str| text.trim_matches(['"', '\'']).to_owned();
        Some((
            pages.parse().ok()?,
            current.parse().ok()?,
            bare(name),
            bare(extension),
        ))
    })
}

fn suffix_of(url: &Url) -> Option<u32> {
    SUFFIX.captures(url.path())?[1].parse().ok()
}

fn by_link(page: &ListPage<'_>, html: &Html, listing: &mut Listing) -> bool {
    let rel = Selector::parse("a[rel~=next], link[rel~=next]").expect("it is a selector");
    let url = html
        .select(&rel)
        .find_map(|link| resolve(page.url, link.value().attr("href")?));
    if listing.add_next(url.filter(|url| url != page.url), NextClue::Rel) {
        return true;
    }
    for link in links(html) {
        let shown = text_of(link);
        let told = link.value().attr("title").unwrap_or_default();
        let is_next = [shown.as_str(), told].into_iter().any(|text| {
            let bare: String = text
                .chars()
                .filter(|c| c.is_alphabetic())
                .collect::<String>()
                .to_lowercase();
            NEXT.contains(&bare.as_str())
        });
        if !is_next {
            continue;
        }
        let href = link.value().attr("href").unwrap_or_default();
        let scripted = href.trim().is_empty()
            || href.starts_with('#')
            || href
                .to_ascii_lowercase()
                .trim_start()
                .starts_with("javascript:");
        if scripted {
            if link.value().attr("onclick").is_some() || href.contains('(') {
                let script = link.value().attr("onclick").unwrap_or(href);
                let script = script.chars().take(80).collect();
                listing.reasons.push(Reason::ScriptedNext(script));
            }
            continue;
        }
        let url = resolve(page.url, href).filter(|url| url != page.url);
        if listing.add_next(url, NextClue::Text(shown)) {
            listing
                .reasons
                .retain(|reason| !matches!(reason, Reason::ScriptedNext(_)));
            return true;
        }
    }
    false
}

fn links(html: &Html) -> Vec<ElementRef<'_>> {
    let any = Selector::parse("a").expect("it is a selector");
    html.select(&any).collect()
}

/// A pager of numbers: the link to the number after that of this page, which is
/// the one that is not linked, or 1.
fn by_number(page: &ListPage<'_>, html: &Html, listing: &mut Listing) -> bool {
    let numbered: Vec<(u32, Url)> = links(html)
        .into_iter()
        .filter_map(|link| {
            let number = text_of(link).parse().ok()?;
            let href = link.value().attr("href")?;
            if href.to_ascii_lowercase().starts_with("javascript:") || href.starts_with('#') {
                return None;
            }
            Some((number, resolve(page.url, href)?))
        })
        .filter(|(number, _)| (1..10_000).contains(number))
        .collect();
    // One number alone is a day of a calendar, or a count.
    if numbered.len() < 2 && !numbered.iter().any(|(number, _)| *number == 2) {
        return false;
    }
    let this = numbered
        .iter()
        .find(|(_, url)| url == page.url)
        .map(|(number, _)| *number);
    let missing = || {
        let highest = numbered
            .iter()
            .map(|(number, _)| *number)
            .max()
            .unwrap_or(1);
        (1..=highest).find(|number| !numbered.iter().any(|(n, _)| n == number))
    };
    let next = this.or_else(missing).unwrap_or(1) + 1;
    let url = numbered
        .into_iter()
        .find(|(number, _)| *number == next)
        .map(|(_, url)| url);
    listing.add_next(url.filter(|url| url != page.url), NextClue::Number(next))
}
