//! What is read of a notice, as a citation, and citations as rows.

use gongbao_query::{Citation, Cited};

use crate::{reading::Reading, rows::Row};

impl Row for Citation {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "anchor",
        "item",
        "heading",
        "title",
        "organ",
        "doc_number",
        "site",
        "url",
        "date",
        "fetched",
        "sha256",
        "quote",
    ];

    fn cells(&self) -> Vec<String> {
        let known = |text: &Option<String>| text.clone().unwrap_or_default();
        vec![
            self.cited.id.clone(),
            known(&self.cited.anchor),
            known(&self.item),
            known(&self.heading),
            known(&self.title),
            known(&self.organ),
            known(&self.doc_number),
            known(&self.site),
            known(&self.url),
            known(&self.date),
            self.fetched.clone(),
            self.cited.sha256.clone(),
            known(&self.cited.quote),
        ]
    }
}

impl Reading {
    /// What the notice, or the item asked for, is cited as; `quote` are words
    /// of it.
    #[must_use]
    pub fn citation(&self, quote: Option<String>) -> Citation {
        let notice = &self.notice;
        let item = self.item.as_ref();
        let labels = item.map(|item| self.labels(item.node).concat());
        let node = item.and_then(|item| item.node);
        let heading = node.map(|node| self.heading(&self.outline.nodes[node]).to_owned());
        let published = notice.published.as_ref().map(|found| found.value.date);
        let signed = notice.signed.as_ref().map(|found| found.value);
        let host = self.record.url.as_deref().and_then(|url| {
            let rest = url.split_once("://")?.1;
            rest.split(['/', '?', '#']).next().map(str::to_owned)
        });
        Citation {
            cited: Cited {
                id: self.record.id.to_string(),
                anchor: item.map(|item| item.anchor.clone()),
                sha256: self.record.newest.sha256.clone(),
                quote,
            },
            item: labels.filter(|labels| !labels.is_empty()),
            heading,
            title: notice.title.as_ref().map(|found| found.value.clone()),
            organ: notice.organ.as_ref().map(|found| found.value.clone()),
            doc_number: notice
                .doc_number
                .as_ref()
                .map(|found| found.value.to_string()),
            site: notice
                .source
                .as_ref()
                .map(|found| found.value.clone())
                .or(host),
            url: self.record.url.clone(),
            date: published.or(signed).map(|date| date.to_string()),
            fetched: self.record.newest.fetched.to_string(),
        }
    }
}
