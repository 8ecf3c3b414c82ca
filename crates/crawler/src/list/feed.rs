//! RSS 2.0, RSS 1.0 and Atom.
//!
//! Sources: <https://www.rssboard.org/rss-specification>, RFC 4287.

use gongbao_notice::{date_in_url, find_date};
use jiff::{civil::Date, fmt::rfc2822};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::{Entry, ListPage, Listing, MAX_ENTRIES, NextClue, Reason};
use crate::address::resolve;

/// An item as far as it was read.
#[derive(Default)]
struct Item {
    link: String,
    title: String,
    date: String,
}

pub(super) fn read(page: &ListPage<'_>, text: &str, listing: &mut Listing) {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut item: Option<Item> = None;
    let mut inside = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let name = tag.local_name();
                inside.clear();
                inside.push_str(name.as_ref());
                match inside.as_str() {
                    "rss" | "feed" | "RDF" => listing.recognised = true,
                    "item" | "entry" => item = Some(Item::default()),
                    "link" => read_link(page, &tag, &mut item, listing),
                    _ => {}
                }
            }
            Ok(Event::Text(piece)) => add(&mut item, &inside, &piece),
            Ok(Event::CData(piece)) => add(&mut item, &inside, &piece),
            Ok(Event::GeneralRef(reference)) => {
                if let Some(c) = entity(&reference) {
                    add(&mut item, &inside, c);
                }
            }
            Ok(Event::End(tag)) => {
                inside.clear();
                if matches!(tag.local_name().as_ref(), "item" | "entry")
                    && let Some(item) = item.take()
                {
                    finish(page, &item, listing);
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
        if listing.entries.len() >= MAX_ENTRIES {
            break;
        }
    }
    listing.reasons.push(Reason::EntriesGiven {
        kind: "XML",
        found: listing.entries.len(),
    });
    if listing.next.is_empty() {
        listing.reasons.push(Reason::NoNext);
    }
}

fn entity(name: &str) -> Option<&'static str> {
    Some(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return None,
    })
}

/// Atom's links are attributes; `rel="next"` leads on (RFC 5005).
fn read_link(
    page: &ListPage<'_>,
    tag: &BytesStart<'_>,
    item: &mut Option<Item>,
    listing: &mut Listing,
) {
    let attribute = |name: &str| {
        let found = tag.try_get_attribute(name).ok().flatten()?;
        Some(found.value.replace("&amp;", "&"))
    };
    let Some(href) = attribute("href") else {
        return;
    };
    let rel = attribute("rel").unwrap_or_else(|| "alternate".to_owned());
    match item {
        Some(item) if rel == "alternate" && item.link.is_empty() => item.link = href,
        None if rel == "next" => {
            listing.add_next(resolve(page.url, &href), NextClue::Rel);
        }
        _ => {}
    }
}

fn add(item: &mut Option<Item>, inside: &str, text: &str) {
    let Some(item) = item else { return };
    match inside {
        "link" => item.link.push_str(text),
        "title" => item.title.push_str(text),
        "pubDate" | "date" | "published" => item.date.push_str(text),
        "updated" if item.date.is_empty() => item.date.push_str(text),
        _ => {}
    }
}

fn finish(page: &ListPage<'_>, item: &Item, listing: &mut Listing) {
    let Some(url) = resolve(page.url, &item.link) else {
        return;
    };
    listing.entries.push(Entry {
        title: item.title.split_whitespace().collect::<Vec<_>>().join(" "),
        date: day_of(item.date.trim()).or_else(|| date_in_url(url.as_str())),
        url,
    });
}

/// The day that a feed prints, in its own zone: `Thu, 18 Jul 2024 08:00:00
/// +0800`, or `2024-07-18T08:00:00+08:00`.
fn day_of(text: &str) -> Option<Date> {
    find_date(text).or_else(|| {
        // Some print the wrong weekday.
        let parser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
        let zoned = parser.parse_zoned(text).ok()?;
        Some(zoned.date())
    })
}
