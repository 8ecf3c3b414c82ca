//! A notice as index documents: its head, then its passages.

use gongbao_analysis::{
    CARRY_LETTERS, Fields, StoredNotice, is_letter, next_ordinal, normalize, region_terms,
};
use gongbao_notice::{Notice, NoticeId, Outline};
use jiff::civil::Date;
use tantivy::{TantivyDocument, Term, indexer::UserOperation};

/// The operations that put a notice into the index in place of what it held
/// of it, all together or not at all.
pub(crate) fn operations(
    fields: &Fields,
    stored: &StoredNotice,
    replace: bool,
) -> Vec<UserOperation> {
    let number = stored.id.number();
    let mut operations = Vec::with_capacity(stored.passages.len() + 2);
    if replace {
        operations.push(UserOperation::Delete(Term::from_field_u64(
            fields.notice,
            number,
        )));
    }
    let mut head = TantivyDocument::new();
    head.add_u64(fields.notice, number);
    head.add_u64(fields.ordinal, 0);
    head.add_bytes(fields.stored, &stored.to_bytes());
    operations.push(UserOperation::Add(head));

    let common = Common::of(stored);
    for index in 0..stored.passages.len() {
        let passage = passage(fields, stored, index, number, &common);
        operations.push(UserOperation::Add(passage));
    }
    operations
}

/// What all passages of a notice share.
struct Common<'s> {
    title: String,
    organ: String,
    site: Option<&'s str>,
    day: Option<i64>,
}

impl<'s> Common<'s> {
    fn of(stored: &'s StoredNotice) -> Self {
        let normal = |text: &Option<String>| normalize(text.as_deref().unwrap_or("")).into_owned();
        let epoch = Date::constant(1970, 1, 1);
        Self {
            title: normal(&stored.title),
            organ: normal(&stored.organ),
            site: stored.url.as_deref().and_then(host),
            day: day(stored)
                .and_then(|day| day.since(epoch).ok())
                .map(|span| i64::from(span.get_days())),
        }
    }
}

fn passage(
    fields: &Fields,
    stored: &StoredNotice,
    index: usize,
    number: u64,
    common: &Common<'_>,
) -> TantivyDocument {
    let text = normalize(stored.passage_text(index)).into_owned();
    let carried = carried(stored, index);

    let mut document = TantivyDocument::new();
    document.add_u64(fields.notice, number);
    document.add_u64(fields.ordinal, index as u64 + 1);
    let own = if carried.is_empty() {
        0
    } else {
        next_ordinal(&text)
    };
    document.add_u64(fields.own, own.into());
    if let Some(day) = common.day {
        document.add_i64(fields.day, day);
    }
    if let Some(region) = &stored.region {
        for term in region_terms(&region.code) {
            document.add_text(fields.region, term);
        }
    }
    if let Some(site) = common.site {
        document.add_text(fields.site, site);
    }
    if let Some(genre) = &stored.genre {
        document.add_text(fields.genre, genre);
    }
    if let Some(organ) = &stored.organ {
        document.add_text(fields.organ, organ);
    }
    document.add_text(fields.organ_pairs, &common.organ);
    document.add_text(fields.title_words, &common.title);
    document.add_text(fields.title_pairs, &common.title);
    let mut path = stored.path(index);
    // Its own heading is part of its text.
    path.pop();
    if !path.is_empty() {
        let path = normalize(&path.join("\n")).into_owned();
        document.add_text(fields.path_words, &path);
        document.add_text(fields.path_pairs, &path);
    }
    document.add_text(fields.body_words, &text);
    document.add_text(fields.body_chars, &text);
    document.add_text(fields.body_pairs, text + &normalize(carried));
    document
}

/// What follows passage `index` in the same block, for [`CARRY_LETTERS`]
/// letters; empty where the passage ends with its block.
fn carried(stored: &StoredNotice, index: usize) -> &str {
    let text = stored.body.text();
    let end = stored.passages[index].range.end;
    if text[..end].ends_with('\n') {
        return "";
    }
    let rest = text[end..].split('\n').next().unwrap_or("");
    let letters = rest.char_indices().filter(|&(_, c)| is_letter(c));
    match letters.skip(CARRY_LETTERS).map(|(at, _)| at).next() {
        Some(cut) => &rest[..cut],
        None => rest,
    }
}

/// The host in a URL, without port.
pub(crate) fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
    let host = host.split(':').next()?;
    (!host.is_empty()).then_some(host)
}

/// The day that a notice is filed under: that of publishing, else of signing.
fn day(stored: &StoredNotice) -> Option<Date> {
    let moment = stored.published.as_ref().or(stored.signed.as_ref())?;
    // The time behind it plays no part.
    moment.split(' ').next()?.parse().ok()
}

/// Whether `wanted` holds for a text of `stored` that is cut into words, in
/// its normal form.
pub(crate) fn any_text(stored: &StoredNotice, wanted: impl Fn(&str) -> bool) -> bool {
    let title = stored.title.as_deref().into_iter();
    let headings = stored
        .nodes
        .iter()
        .map(|node| &stored.body.text()[node.heading.clone()]);
    let passages = (0..stored.passages.len()).map(|index| stored.passage_text(index));
    title
        .chain(headings)
        .chain(passages)
        .any(|text| wanted(&normalize(text)))
}

/// Reads the outline of `notice` and makes of both what the index keeps.
pub(crate) fn stored(id: NoticeId, url: Option<String>, notice: Notice) -> StoredNotice {
    let outline = Outline::of(&notice.body);
    StoredNotice::new(id, url, notice, outline)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_read_from_a_url() {
        assert_eq!(
            host("https://www.a.example:8080/x?y#z"),
            Some("www.a.example")
        );
        assert_eq!(host("http://u@a.example"), Some("a.example"));
        assert_eq!(host("notes.txt"), None);
    }
}
