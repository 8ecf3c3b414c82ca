//! `sitemap.xml` and indexes of sitemaps.
//!
//! Source: <https://www.sitemaps.org/protocol.html>

use gongbao_notice::{date_in_url, find_date};
use quick_xml::{Reader, events::Event};

use super::{Entry, ListPage, Listing, MAX_ENTRIES, NextClue, Reason};
use crate::address::resolve;

pub(super) fn read(page: &ListPage<'_>, text: &str, listing: &mut Listing) {
    let mut reader = Reader::from_str(text);
    let (mut location, mut modified, mut inside) = (String::new(), String::new(), String::new());
    let mut is_index = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let name = tag.local_name();
                inside.clear();
                inside.push_str(name.as_ref());
                match inside.as_str() {
                    "sitemapindex" => (is_index, listing.recognised) = (true, true),
                    "urlset" => listing.recognised = true,
                    "url" | "sitemap" => {
                        location.clear();
                        modified.clear();
                    }
                    _ => {}
                }
            }
            Ok(Event::Text(piece)) => match inside.as_str() {
                "loc" => location.push_str(&piece),
                "lastmod" => modified.push_str(&piece),
                _ => {}
            },
            Ok(Event::CData(piece)) if inside == "loc" => {
                location.push_str(&piece);
            }
            Ok(Event::GeneralRef(reference)) if inside == "loc" => {
                if &*reference == "amp" {
                    location.push('&');
                }
            }
            Ok(Event::End(tag)) => {
                inside.clear();
                if matches!(tag.local_name().as_ref(), "url" | "sitemap") {
                    add(page, &location, &modified, is_index, listing);
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
        if listing.entries.len() + listing.next.len() > MAX_ENTRIES {
            break;
        }
    }
    let found = listing.entries.len();
    listing
        .reasons
        .push(Reason::EntriesGiven { kind: "XML", found });
    match listing.next.len() {
        0 => listing.reasons.push(Reason::NoNext),
        lists => listing.reasons.push(Reason::Next(NextClue::Lists(lists))),
    }
}

fn add(page: &ListPage<'_>, location: &str, modified: &str, is_index: bool, listing: &mut Listing) {
    let Some(url) = resolve(page.url, location) else {
        return;
    };
    if is_index {
        listing.next.push(url);
        return;
    }
    // A site's front page and its columns are no articles.
    if url.path().ends_with('/') && url.query().is_none() {
        return;
    }
    listing.entries.push(Entry {
        title: String::new(),
        date: date_in_url(url.as_str()).or_else(|| find_date(modified)),
        url,
    });
}
