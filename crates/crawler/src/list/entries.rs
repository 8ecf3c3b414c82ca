//! The links to articles in a list: where selectors say, or the group of links
//! that looks most like a list.

use std::collections::HashMap;

use ego_tree::NodeId;
use gongbao_notice::{date_in_url, find_date};
use jiff::civil::Date;
use scraper::{ElementRef, Html, Selector, selector::ToCss};

use super::{Entry, ListPage, Listing, MAX_ENTRIES, Reason};
use crate::address::{host_key, resolve};

/// More links than this on a page are not weighed.
const MAX_LINKS: usize = 10_000;

/// Characters of text around a link that are searched for its date.
const MAX_ITEM_CHARS: usize = 1_000;

/// A title of an article has at least so many characters.
const TITLE_CHARS: usize = 8;

/// Elements and class words of what surrounds a list.
const CHROME: [&str; 18] = [
    "nav",
    "navbar",
    "navigation",
    "menu",
    "footer",
    "foot",
    "header",
    "aside",
    "sidebar",
    "crumb",
    "breadcrumb",
    "location",
    "friendlink",
    "pager",
    "pagination",
    "banner",
    "hot",
    "recommend",
];

/// Reads the entries of `html`.
pub(super) fn read(page: &ListPage<'_>, html: &Html, listing: &mut Listing) {
    let fixed = listing.family.selectors().map(|selectors| {
        selectors.map(|selector| {
            selector.map(|text| Selector::parse(text).expect("a selector of ours is tested"))
        })
    });
    let [item, link, date, _] = fixed.unwrap_or_default();
    let rules = page.rules;
    let (item, link, date) = if rules.locates_entries() {
        (rules.item.clone(), rules.link.clone(), rules.date.clone())
    } else {
        (item, link, rules.date.clone().or(date))
    };
    if item.is_some() || link.is_some() {
        select(page, html, [item, link, date], listing);
        if listing.recognised || rules.locates_entries() {
            return;
        }
    }
    find(page, html, listing);
}

/// Takes the entries where selectors say.
fn select(
    page: &ListPage<'_>,
    html: &Html,
    [item, link, date]: [Option<Selector>; 3],
    listing: &mut Listing,
) {
    let any_link = Selector::parse("a[href]").expect("it is a selector");
    let link = link.unwrap_or(any_link);
    let place = item.as_ref().map_or_else(
        || link.to_css_string(),
        |item| format!("{} {}", item.to_css_string(), link.to_css_string()),
    );
    let roots: Vec<ElementRef<'_>> = match &item {
        Some(item) => html.select(item).take(MAX_ENTRIES).collect(),
        None => html.select(&link).take(MAX_ENTRIES).collect(),
    };
    for root in roots {
        let anchor = match &item {
            Some(_) => root.select(&link).find(|a| href(*a).is_some()),
            None => Some(root),
        };
        let Some(anchor) = anchor else { continue };
        let Some(url) = href(anchor).and_then(|link| resolve(page.url, link)) else {
            continue;
        };
        let stated = date
            .as_ref()
            .and_then(|date| {
                root.select(date)
                    .find_map(|part| loose_date(&text_of(part)))
            })
            .or_else(|| date_beside(root, anchor));
        listing.entries.push(Entry {
            title: title_of(anchor),
            date: stated.or_else(|| date_in_url(url.as_str())),
            url,
        });
    }
    listing.recognised = !listing.entries.is_empty();
    listing.reasons.push(Reason::EntriesSelected {
        selector: place,
        found: listing.entries.len(),
    });
}

/// A link that may be an entry.
struct Candidate {
    entry: Entry,
    /// Whether its date stands beside it.
    dated: bool,
    weight: i32,
}

/// Takes the group of links that looks most like a list.
fn find(page: &ListPage<'_>, html: &Html, listing: &mut Listing) {
    let anchors: Vec<ElementRef<'_>> = {
        let links = Selector::parse("a[href]").expect("it is a selector");
        html.select(&links).take(MAX_LINKS).collect()
    };
    let mut links_in: HashMap<NodeId, u32> = HashMap::new();
    for anchor in &anchors {
        for above in anchor.ancestors() {
            *links_in.entry(above.id()).or_default() += 1;
        }
    }
    let mut groups: HashMap<String, Vec<Candidate>> = HashMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut last_item = None;
    for &anchor in &anchors {
        let item = item_of(anchor, &links_in);
        let Some(candidate) = weigh(page, anchor, item) else {
            continue;
        };
        let place = place_of(item);
        let group = groups.entry(place.clone()).or_default();
        if group.is_empty() {
            order.push(place);
        }
        // Of the links of one entry, its column and its article, the heavier
        // with the longer title is the article.
        let rank = |c: &Candidate| (c.weight, c.entry.title.len());
        match group.last_mut() {
            Some(last) if last_item == Some(item.id()) => {
                if rank(&candidate) > rank(last) {
                    *last = candidate;
                }
            }
            _ => group.push(candidate),
        }
        last_item = Some(item.id());
    }
    let score = |place: &String| -> i32 { groups[place].iter().map(|c| c.weight).sum() };
    let best = order
        .iter()
        .rev()
        .filter(|place| looks_like_a_list(&groups[*place]))
        .max_by_key(|place| score(place))
        .cloned();
    let Some(place) = best else {
        listing.reasons.push(Reason::NoEntries);
        return;
    };
    let group = groups.remove(&place).expect("it is one of them");
    listing.recognised = true;
    listing.reasons.push(Reason::EntriesFound {
        place,
        links: group.len(),
        dated: group.iter().filter(|c| c.entry.date.is_some()).count(),
        of: anchors.len(),
    });
    listing.entries.extend(group.into_iter().map(|c| c.entry));
}

fn looks_like_a_list(group: &[Candidate]) -> bool {
    let score: i32 = group.iter().map(|c| c.weight).sum();
    let count = i32::try_from(group.len()).unwrap_or(i32::MAX);
    let dated = group.iter().filter(|c| c.dated).count();
    // Three with titles and addresses of articles, or any with dates.
    score >= count.saturating_mul(2) && (dated * 2 > group.len() || count >= 3)
}

/// What speaks for a link being an entry of a list, and against.
fn weigh(page: &ListPage<'_>, anchor: ElementRef<'_>, item: ElementRef<'_>) -> Option<Candidate> {
    let url = resolve(page.url, href(anchor)?)?;
    if host_key(&url) != host_key(page.url) && !is_known_host(page, &url) {
        return None;
    }
    let title = title_of(anchor);
    let chars = title.chars().count();
    let beside = date_beside(item, anchor);
    let in_url = date_in_url(url.as_str());
    let mut weight = 0;
    weight += if beside.is_some() { 3 } else { 0 };
    weight += if in_url.is_some() { 2 } else { 0 };
    weight += i32::from(looks_like_an_article(&url));
    weight += match chars {
        0..=3 => -2,
        n if n >= TITLE_CHARS => 1,
        _ => 0,
    };
    if is_chrome(anchor) {
        weight = weight.min(0);
    }
    Some(Candidate {
        dated: beside.is_some(),
        entry: Entry {
            date: beside.or(in_url),
            title,
            url,
        },
        weight,
    })
}

fn is_known_host(page: &ListPage<'_>, url: &url::Url) -> bool {
    let key = host_key(url);
    page.profile
        .is_some_and(|profile| profile.hosts.iter().any(|host| *host == key))
}

/// An address that ends in a number of some length, as content systems number
/// articles.
fn looks_like_an_article(url: &url::Url) -> bool {
    let last = url.path().rsplit('/').find(|part| !part.is_empty());
    let stem = last.map_or("", |last| last.split('.').next().unwrap_or(last));
    let digits = stem.bytes().filter(u8::is_ascii_digit).count();
    let numbered = stem.contains("index") || stem.contains("list");
    let by_query = url.query().is_some_and(|query| {
        query
            .split('&')
            .filter_map(|parameter| parameter.split_once('='))
            .any(|(name, value)| {
                name.to_ascii_lowercase().ends_with("id")
                    && value.bytes().any(|b| b.is_ascii_digit())
            })
    });
    !numbered && digits >= 3 || by_query
}

/// The element that holds one entry: the largest around `anchor` with no other
/// link, or a row of a list with a link or two more, such as its column.
fn item_of<'h>(anchor: ElementRef<'h>, links_in: &HashMap<NodeId, u32>) -> ElementRef<'h> {
    let mut item = anchor;
    for above in anchor.ancestors().filter_map(ElementRef::wrap) {
        let links = links_in.get(&above.id()).copied().unwrap_or(0);
        let row = matches!(above.value().name(), "li" | "tr" | "dl");
        if matches!(
            above.value().name(),
            "body" | "html" | "ul" | "ol" | "table" | "tbody"
        ) {
            break;
        }
        if links == 1 || row && links <= 3 {
            item = above;
        } else if links > 3 {
            break;
        }
    }
    item
}

/// Where an entry stands: the elements around it with their classes, without
/// digits, as a selector.
fn place_of(item: ElementRef<'_>) -> String {
    let mut parts = vec![item.value().name().to_owned()];
    for above in item.ancestors().filter_map(ElementRef::wrap).take(5) {
        let element = above.value();
        if matches!(element.name(), "html") {
            break;
        }
        let mut part = element.name().to_owned();
        if let Some(class) = element.classes().next() {
            part.push('.');
            part.extend(class.chars().filter(|c| !c.is_ascii_digit()));
        }
        parts.push(part);
    }
    parts.reverse();
    parts.join(" > ")
}

fn is_chrome(anchor: ElementRef<'_>) -> bool {
    anchor
        .ancestors()
        .filter_map(ElementRef::wrap)
        .any(|above| {
            let element = above.value();
            let mut names = element.classes().chain(element.id());
            CHROME.contains(&element.name())
                || names.any(|name| {
                    name.split(|c: char| !c.is_ascii_alphabetic())
                        .any(|word| CHROME.iter().any(|part| word.eq_ignore_ascii_case(part)))
                })
        })
}

fn href<'h>(anchor: ElementRef<'h>) -> Option<&'h str> {
    anchor.value().attr("href").filter(|href| {
        !href
            .trim_start()
            .to_ascii_lowercase()
            .starts_with("javascript:")
    })
}

/// The text of an element on one line.
pub(super) fn text_of(element: ElementRef<'_>) -> String {
    let mut out = String::new();
    for piece in element.text() {
        for word in piece.split_whitespace() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
        if out.len() > MAX_ITEM_CHARS * 4 {
            break;
        }
    }
    out
}

/// The title of the article that `anchor` links: what it shows, or its `title`
/// where that says more.
fn title_of(anchor: ElementRef<'_>) -> String {
    let shown = text_of(anchor);
    let told = anchor.value().attr("title").unwrap_or_default().trim();
    let cut = shown.ends_with('…') || shown.ends_with("...");
    let title = if told.chars().count() > shown.chars().count() || cut && !told.is_empty() {
        told.to_owned()
    } else {
        shown
    };
    title.chars().take(300).collect()
}

/// The date in `item` outside `anchor`, or at the end of the link's text.
fn date_beside(item: ElementRef<'_>, anchor: ElementRef<'_>) -> Option<Date> {
    let mut around = String::new();
    for node in item.descendants() {
        let Some(text) = node.value().as_text() else {
            continue;
        };
        let inside = node.ancestors().any(|above| above.id() == anchor.id());
        if !inside || item.id() == anchor.id() {
            around.push_str(text);
            around.push(' ');
        }
        if around.len() > MAX_ITEM_CHARS * 4 {
            break;
        }
    }
    loose_date(&around).or_else(|| {
        // 关于…的公告 2024-07-18
        let text = text_of(anchor);
        let at = text.char_indices().rev().nth(11).map_or(0, |(at, _)| at);
        find_date(&text[at..])
    })
}

/// A date, also in two parts: `18` beside `2024-07`.
fn loose_date(text: &str) -> Option<Date> {
    find_date(text).or_else(|| {
        let numbers: Vec<&str> = text
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .collect();
        let [first, second, third] = numbers.as_slice() else {
            return None;
        };
        let (year, month, day) = match (first.len(), second.len(), third.len()) {
            (1 | 2, 4, 1 | 2) => (second, third, first),
            (4, 1 | 2, 1 | 2) => (first, second, third),
            _ => return None,
        };
        let year = year
            .parse()
            .ok()
            .filter(|year| (1949..=2100).contains(year))?;
        Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
    })
}
