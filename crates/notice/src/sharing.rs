//! What readers of other pages of the same sites, such as lists, share with
//! the reader of notices.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::{Page, charset, date, html::Document};

/// The text of a page, by the encoding that its content shows; see
/// [`Reader::read`](crate::Reader::read) for what is believed in which order.
#[must_use]
pub fn decode_page<'a>(page: &Page<'a>) -> Cow<'a, str> {
    let told = page.profile.and_then(|profile| profile.charset.as_deref());
    charset::decode(page.bytes, told, page.content_type, &mut Vec::new())
}

/// Parses HTML as browsers do, within the bounds on depth and number of
/// elements that notices are read in.
#[must_use]
pub fn parse_html(text: &str) -> scraper::Html {
    Document::parse(text).into_html()
}

/// The first date in `text`, in any form that notices print:
/// `2025年9月23日`, `2025-09-23`, `2025/9/23`.
#[must_use]
pub fn find_date(text: &str) -> Option<Date> {
    date::find_moment(text).map(|(moment, _)| moment.date)
}

/// The date that the path of an address names: `/t20240718_1444258.html`,
/// `/2024/7/18/`, `/20240718/`.
#[must_use]
pub fn date_in_url(url: &str) -> Option<Date> {
    date::in_url(url)
}
