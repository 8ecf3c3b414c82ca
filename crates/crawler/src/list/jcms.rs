//! jcms: a column page carries its first records in a `<datastore>`, and names
//! the `dataproxy.jsp` that gives the others, a part at a time.

use std::sync::LazyLock;

use gongbao_notice::parse_html;
use regex::Regex;
use url::Url;

use super::{ListPage, Listing, NextClue, Reason, entries, read_html};
use crate::address::{canonical, resolve};

/// Records asked for at a time: three pages of the usual 15, as the pages'
/// own script does.
const PART: u64 = 45;

static RECORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?s)<record>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</record>").expect("it is tested")
});
static TOTAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"<totalrecord>\s*(\d{1,8})\s*</totalrecord>").expect("it is tested")
});
static PROXY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"[^"'\s<>\[(]*dataproxy\.jsp[^"'\s<>\])]*"#).expect("it is tested")
});

pub(super) fn read(page: &ListPage<'_>, text: &str, listing: &mut Listing) {
    let records: Vec<&str> = RECORD
        .captures_iter(text)
        .filter_map(|found| Some(found.get(1)?.as_str()))
        .collect();
    if records.is_empty() {
        if page.url.path().ends_with("dataproxy.jsp") && text.contains("recordset") {
            // The part after the last one.
            listing.recognised = true;
            listing.reasons.push(Reason::EntriesGiven {
                kind: "XML",
                found: 0,
            });
            listing.reasons.push(Reason::NoNext);
            return;
        }
        return read_html(page, text, listing);
    }
    let html = parse_html(&format!("<ul class=records>{}</ul>", records.concat()));
    entries::read(page, &html, listing);
    listing.recognised |= !listing.entries.is_empty();
    listing.reasons.push(Reason::EntriesGiven {
        kind: "XML",
        found: records.len(),
    });
    listing.stated = TOTAL.captures(text).and_then(|found| found[1].parse().ok());
    let got = start_record(page.url).unwrap_or(1) + records.len() as u64;
    let next = match listing.stated {
        Some(total) if got <= total => proxy(page, text).and_then(|proxy| part(&proxy, got)),
        _ => None,
    };
    if !listing.add_next(next, NextClue::Parameters) {
        listing.reasons.push(Reason::NoNext);
    }
}

/// The `dataproxy.jsp` of the column, with its parameters.
fn proxy(page: &ListPage<'_>, text: &str) -> Option<Url> {
    if page.url.path().ends_with("dataproxy.jsp") {
        return Some(page.url.clone());
    }
    let found = PROXY.find(text)?.as_str().replace("&amp;", "&");
    resolve(page.url, &found)
}

/// The first record that the address asks for, from 1.
fn start_record(url: &Url) -> Option<u64> {
    let mut pairs = url.query_pairs();
    pairs
        .find(|(name, _)| name == "startrecord")?
        .1
        .parse()
        .ok()
}

/// The part of the records that begins with number `start`.
fn part(proxy: &Url, start: u64) -> Option<Url> {
    let mut url = proxy.clone();
    let kept: Vec<(String, String)> = proxy
        .query_pairs()
        .filter(|(name, _)| !matches!(&**name, "startrecord" | "endrecord" | "page"))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .append_pair("startrecord", &start.to_string())
        .append_pair("endrecord", &(start + PART - 1).to_string());
    canonical(&url)
}
