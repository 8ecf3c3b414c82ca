//! The platform for open government: the page of a column is built by a
//! script from `/gkmlpt/api/all/COLUMN?page=1&sid=SITE`.

use std::sync::LazyLock;

use gongbao_notice::{date_in_url, find_date};
use jiff::{Timestamp, civil::Date, tz};
use regex::Regex;
use serde_json::Value;

use super::{Entry, ListPage, Listing, MAX_ENTRIES, NextClue, Reason, read_html};
use crate::address::{canonical, resolve};

static SITE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)\bSID["']?\s*[:=]\s*["']?(\w{1,20})"#).expect("it is tested")
});
static COLUMN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)(?:COLUMN_?ID|CLASSIFY_?ID|\bCID)["']?\s*[:=]\s*["']?(\d{1,9})|/gkmlpt/[a-z]*/?(\d{1,9})/?(?:#(\d{1,9}))?$|#(\d{1,9})$"#)
        .expect("it is tested")
});

pub(super) fn read(page: &ListPage<'_>, text: &str, listing: &mut Listing) {
    if let Ok(answer) = serde_json::from_str::<Value>(text)
        && let Some(rows) = answer.get("articles").and_then(Value::as_array)
    {
        return read_rows(page, &answer, rows, listing);
    }
    let api = || {
        let site = &SITE.captures(text)?[1];
        let column = COLUMN
            .captures(text)
            .or_else(|| COLUMN.captures(page.url.as_str()))?;
        let column = (1..=4).find_map(|group| column.get(group))?.as_str();
        let address = format!("/gkmlpt/api/all/{column}?page=1&sid={site}");
        canonical(&page.url.join(&address).ok()?)
    };
    if listing.add_next(api(), NextClue::Parameters) {
        listing.recognised = true;
    } else {
        read_html(page, text, listing);
    }
}

fn read_rows(page: &ListPage<'_>, answer: &Value, rows: &[Value], listing: &mut Listing) {
    for row in rows.iter().take(MAX_ENTRIES) {
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        let Some(url) = resolve(page.url, text("url")) else {
            continue;
        };
        let date = [
            "display_publish_time",
            "first_publish_time",
            "created_at",
            "date",
        ]
        .iter()
        .find_map(|name| row.get(name).and_then(day_of));
        listing.entries.push(Entry {
            title: text("title").trim().to_owned(),
            date: date.or_else(|| date_in_url(url.as_str())),
            url,
        });
    }
    listing.recognised = true;
    listing.stated = answer.get("total").and_then(Value::as_u64);
    listing.reasons.push(Reason::EntriesGiven {
        kind: "JSON",
        found: listing.entries.len(),
    });
    let next = || {
        let mut pairs: Vec<(String, String)> = page.url.query_pairs().into_owned().collect();
        let number = pairs.iter_mut().find(|(name, _)| name == "page")?;
        number.1 = (number.1.parse::<u64>().ok()? + 1).to_string();
        let mut url = page.url.clone();
        url.query_pairs_mut().clear().extend_pairs(pairs);
        canonical(&url)
    };
    let next = (!listing.entries.is_empty()).then(next).flatten();
    if !listing.add_next(next, NextClue::Parameters) {
        listing.reasons.push(Reason::NoNext);
    }
}

/// A day as printed, or as seconds since 1970 in Chinese time.
fn day_of(value: &Value) -> Option<Date> {
    match value {
        Value::String(text) => find_date(text),
        Value::Number(number) => {
            let zone = tz::TimeZone::fixed(tz::offset(8));
            let time = Timestamp::from_second(number.as_i64()?).ok()?;
            Some(time.to_zoned(zone).date())
        }
        _ => None,
    }
}
