//! A notice as index documents: its head, then its passages.

use std::sync::Arc;

use gongbao_analysis::{
    CARRY_LETTERS, Coder, Fields, HEAD, RUNS_ON, SECTION, StoredNotice, is_letter, next_ordinal,
    normalize, region_terms,
};
use gongbao_notice::{Notice, NoticeId, Outline};
use jiff::civil::Date;
use tantivy::{Term, indexer::UserOperation, schema::Field};

use crate::{entry::Entry, pending::Permit};

/// The operations that put a notice into the index in place of what it held
/// of it, all together or not at all; `texts` are its passages in their normal
/// form, kept as `coder` writes them. They hold `permit` until they are done.
pub(crate) fn operations(
    fields: &Fields,
    coder: &Coder,
    stored: &StoredNotice,
    texts: Vec<Arc<str>>,
    replace: bool,
    permit: Option<&Arc<Permit>>,
) -> Vec<UserOperation<Entry>> {
    let number = stored.header.id.number();
    let mut operations = Vec::with_capacity(stored.passages.len() + 2);
    if replace {
        operations.push(UserOperation::Delete(Term::from_field_u64(
            fields.notice,
            number,
        )));
    }
    let mut add = |mut entry: Entry| {
        if let Some(permit) = permit {
            entry.hold(permit);
        }
        operations.push(UserOperation::Add(entry));
    };
    let mut head = Entry::default();
    head.u64(fields.notice, number);
    head.u64(fields.ordinal, 0);
    head.u64(fields.mark, HEAD);
    let coded: Vec<_> = (stored.passages.iter())
        .map(|passage| coder.encode(&stored.body.text()[passage.range.clone()]))
        .collect();
    head.bytes(fields.head, stored.head_bytes(&coded));
    let normal = |text: &Option<String>| normalize(text.as_deref().unwrap_or("")).into();
    let title = normal(&stored.header.title);
    head.text(fields.title_words, &title);
    head.text(fields.title_pairs, &title);
    head.text(fields.organ_pairs, &normal(&stored.header.organ));
    add(head);

    let common = Common::of(fields, stored);
    let mut section = None;
    for (index, (text, coded)) in texts.into_iter().zip(coded).enumerate() {
        let mut entry = passage(fields, stored, index, number, &text, &common);
        let mut path = stored.path(index);
        // Its own heading is part of its text.
        path.pop();
        if section.as_ref() != Some(&path) {
            begin_section(fields, &path, &mut entry);
            section = Some(path);
        }
        entry.pieces(fields.text, coded);
        add(entry);
    }
    operations
}

/// The passages of `stored` in their normal form.
pub(crate) fn normal_texts(stored: &StoredNotice) -> Vec<Arc<str>> {
    let passages = 0..stored.passages.len();
    passages
        .map(|index| normalize(stored.passage_text(index)).into())
        .collect()
}

/// What all passages of a notice share.
struct Common {
    /// Columns, with what stands in them.
    columns: Vec<(Field, Arc<str>)>,
    day: Option<i64>,
}

impl Common {
    fn of(fields: &Fields, stored: &StoredNotice) -> Self {
        let epoch = Date::constant(1970, 1, 1);
        let header = &stored.header;
        let regions = header.region.iter();
        let regions = regions.flat_map(|region| region_terms(&region.code));
        let site = header.url.as_deref().and_then(host);
        let columns = (regions.map(|region| (fields.region, region)))
            .chain(site.map(|site| (fields.site, site)))
            .chain(header.genre.as_deref().map(|genre| (fields.genre, genre)))
            .chain(header.organ.as_deref().map(|organ| (fields.organ, organ)));
        Self {
            columns: columns.map(|(field, text)| (field, text.into())).collect(),
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
    text: &Arc<str>,
    common: &Common,
) -> Entry {
    let carried = carried(stored, index);

    let mut entry = Entry::default();
    entry.u64(fields.notice, number);
    entry.u64(fields.ordinal, index as u64 + 1);
    let own = if carried.is_empty() {
        0
    } else {
        next_ordinal(text)
    };
    entry.u64(fields.own, own.into());
    if own > 0 {
        entry.u64(fields.mark, RUNS_ON);
    }
    if let Some(day) = common.day {
        entry.i64(fields.day, day);
    }
    for (field, text) in &common.columns {
        entry.text(*field, text);
    }
    entry.text(fields.body_words, text);
    entry.text(fields.body_chars, text);
    if carried.is_empty() {
        entry.text(fields.body_pairs, text);
    } else {
        let longer = format!("{text}{}", normalize(carried));
        entry.text(fields.body_pairs, &longer.into());
    }
    entry
}

/// Makes `entry` the first passage under the headings `path`.
fn begin_section(fields: &Fields, path: &[&str], entry: &mut Entry) {
    entry.u64(fields.mark, SECTION);
    if !path.is_empty() {
        let path: Arc<str> = normalize(&path.join("\n")).into();
        entry.text(fields.path_words, &path);
        entry.text(fields.path_pairs, &path);
    }
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
    let header = &stored.header;
    let moment = header.published.as_ref().or(header.signed.as_ref())?;
    // The time behind it plays no part.
    moment.split(' ').next()?.parse().ok()
}

/// Whether `wanted` holds for a text of `stored` that is cut into words, in
/// its normal form.
pub(crate) fn any_text(stored: &StoredNotice, wanted: impl Fn(&str) -> bool) -> bool {
    let title = stored.header.title.as_deref().into_iter();
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
