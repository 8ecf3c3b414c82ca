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
    let data = data.replace("&quot;", "\"").replace('\'', "\"");
    let Value::Object(query) = serde_json::from_str(&data).ok()? else {
        return None;
    };
    let size = ROWS.captures(text).and_then(|found| found[1].parse().ok());
    let mut url = column.join(UNIT).ok()?;
    {
        let mut pairs = url.query_pairs_mut();
        for (name, value) in &query {
            match value {
                Value::String(value) => pairs.append_pair(name, value),
                value => pairs.append_pair(name, &value.to_string()),
            };
        }
        pairs.append_pair("paramJson", &parameters(number, size.unwrap_or(PAGE_SIZE)));
    }
    canonical(&url)
}

fn parameters(number: u64, size: u64) -> String {
    format!("{{\"pageNo\":{number},\"pageSize\":{size}}}")
}

/// The address of the page after the one at `url`.
fn following(url: &Url) -> Option<Url> {
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let parameter = pairs.iter_mut().find(|(name, _)| name == "paramJson")?;
    let value: Value = serde_json::from_str(&parameter.1).ok()?;
    let number = value.get("pageNo")?.as_u64()?;
    let size = value.get("pageSize").and_then(Value::as_u64);
    parameter.1 = parameters(number + 1, size.unwrap_or(PAGE_SIZE));
    let mut next = url.clone();
    next.query_pairs_mut().clear().extend_pairs(pairs);
    canonical(&next)
}
