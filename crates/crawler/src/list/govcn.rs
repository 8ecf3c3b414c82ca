//! Policy lists of gov.cn: `home_0.htm`, `home_1.htm`, or one JSON file.

use gongbao_notice::{date_in_url, find_date};
use serde_json::Value;

use super::{Entry, ListPage, Listing, MAX_ENTRIES, Reason, read_html};
use crate::address::resolve;

pub(super) fn read(page: &ListPage<'_>, text: &str, listing: &mut Listing) {
    match serde_json::from_str::<Vec<Value>>(text.trim_start_matches('\u{feff}')) {
        Ok(rows) => read_rows(page, &rows, listing),
        Err(_) => read_html(page, text, listing),
    }
}

/// `[{"TITLE":…,"URL":…,"DOCRELPUBTIME":…}]`
fn read_rows(page: &ListPage<'_>, rows: &[Value], listing: &mut Listing) {
    for row in rows.iter().take(MAX_ENTRIES) {
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        let Some(url) = resolve(page.url, text("URL")) else {
            continue;
        };
        listing.entries.push(Entry {
            title: text("TITLE").trim().to_owned(),
            date: find_date(text("DOCRELPUBTIME")).or_else(|| date_in_url(url.as_str())),
            url,
        });
    }
    listing.recognised = !listing.entries.is_empty();
    listing.stated = Some(rows.len() as u64);
    listing.reasons.push(Reason::EntriesGiven {
        kind: "JSON",
        found: listing.entries.len(),
    });
    listing.reasons.push(Reason::NoNext);
}
