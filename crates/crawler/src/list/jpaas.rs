//! JPaaS: a column page names a unit by its `queryData`; the unit comes in
//! pages, `paramJson={"pageNo":2,…}`, until an empty one.

use std::sync::LazyLock;

use gongbao_notice::parse_html;
use regex::Regex;
use serde_json::Value;
use url::Url;

use super::{ListPage, Listing, NextClue, Reason, entries, paging, read_html};
use crate::address::canonical;

const UNIT: &str = "/api-gateway/jpaas-publish-server/front/page/build/unit";

/// Entries a page where the column page does not say.
const PAGE_SIZE: u64 = 15;

static QUERY_DATA: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)queryData\s*=\s*(?:"(\{[^"]{1,2000}\})"|'(\{[^']{1,2000}\})')"#)
        .expect("it is tested")
});
static PAIR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"["'](\w+)["']\s*:\s*(?:'([^']*)'|"([^"]*)")"#).expect("it is tested")
});
static ROWS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)(?:pageSize|rows)["']?\s*[:=]\s*["']?(\d{1,3})"#).expect("it is tested")
});

pub(super) fn read(page: &ListPage<'_>, text: &str, listing: &mut Listing) {
    if page.url.path().ends_with("/page/build/unit") {
        return read_unit(page, text, listing);
    }
    let html = parse_html(text);
    entries::read(page, &html, listing);
    // A column page without entries has its script fetch the first page.
    let first = if listing.entries.is_empty() { 1 } else { 2 };
    let next = unit(page.url, text, first);
    listing.recognised |= next.is_some();
    if !listing.add_next(next, NextClue::Parameters) {
        paging::read(page, &html, text, listing);
    }
}

fn read_unit(page: &ListPage<'_>, text: &str, listing: &mut Listing) {
    let Ok(answer) = serde_json::from_str::<Value>(text) else {
        return read_html(page, text, listing);
    };
    let Some(markup) = answer.pointer("/data/html").and_then(Value::as_str) else {
        return;
    };
    let html = parse_html(markup);
    entries::read(page, &html, listing);
    listing.recognised = true;
    listing.reasons.push(Reason::EntriesGiven {
        kind: "JSON",
        found: listing.entries.len(),
    });
    let next = (!listing.entries.is_empty())
        .then(|| following(page.url))
        .flatten();
    if !listing.add_next(next, NextClue::Parameters) {
        listing.reasons.push(Reason::NoNext);
    }
}

/// The address of page `number` of the unit that a column page names.
fn unit(column: &Url, text: &str, number: u64) -> Option<Url> {
    let found = QUERY_DATA.captures(text)?;
    let data = found.get(1).or_else(|| found.get(2))?.as_str();
    let mut query: Vec<(String, String)> = PAIR
        .captures_iter(data)
        .filter_map(|pair| {
            let value = pair.get(2).or_else(|| pair.get(3))?.as_str();
            Some((pair[1].to_owned(), value.replace("&quot;", "\"")))
        })
        .collect();
    if query.is_empty() {
        return None;
    }
    let given = query.iter().position(|(name, _)| name == "paramJson");
    let given = given.map(|at| query.remove(at).1).unwrap_or_default();
    let size = ROWS
        .captures(text)
        .and_then(|found| found[1].parse().ok())
        .unwrap_or(PAGE_SIZE);
    query.push(("paramJson".to_owned(), parameters(&given, number, size)));
    let mut url = column.join(UNIT).ok()?;
    url.query_pairs_mut().extend_pairs(query);
    canonical(&url)
}

/// `given`, a JSON object or nothing, for page `number` of so many entries.
fn parameters(given: &str, number: u64, size: u64) -> String {
    let mut given: serde_json::Map<String, Value> = serde_json::from_str(given).unwrap_or_default();
    given.insert("pageNo".to_owned(), number.into());
    given.insert("pageSize".to_owned(), size.into());
    Value::Object(given).to_string()
}

/// The address of the page after the one at `url`.
fn following(url: &Url) -> Option<Url> {
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let (_, parameter) = pairs.iter_mut().find(|(name, _)| name == "paramJson")?;
    let value: Value = serde_json::from_str(parameter).ok()?;
    let number = |name: &str| {
        let value = value.get(name)?;
        value.as_u64().or_else(|| value.as_str()?.parse().ok())
    };
    let size = number("pageSize").unwrap_or(PAGE_SIZE);
    *parameter = parameters(parameter, number("pageNo")? + 1, size);
    let mut next = url.clone();
    next.query_pairs_mut().clear().extend_pairs(pairs);
    canonical(&next)
}
