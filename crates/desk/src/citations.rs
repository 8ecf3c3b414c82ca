//! Citations as rows.

use gongbao_query::Citation;

use crate::rows::Row;

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
