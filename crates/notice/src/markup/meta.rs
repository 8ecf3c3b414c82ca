//! Reads `<meta>` tags.

use crate::{
    Origin, date,
    draft::{Draft, tidy},
    html::{Document, Tree},
};

/// The `<meta>` tags of government sites (国办发〔2017〕47号).
pub(super) fn fields(tree: &Tree<'_>, draft: &mut Draft) {
    for (index, node) in tree.nodes().iter().enumerate() {
        if node.name != "meta" {
            continue;
        }
        let key = tree
            .attribute(index, "name")
            .or_else(|| tree.attribute(index, "property"));
        let (Some(key), Some(value)) = (key, tree.attribute(index, "content")) else {
            continue;
        };
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        match key.trim().to_ascii_lowercase().as_str() {
            // Some systems put markup into it, some cut it short.
            "articletitle" if !value.ends_with(['…', '.']) => {
                if value.contains(['<', '&']) {
                    let plain = Document::parse(value);
                    draft.title(&plain.tree().all_text(0), Origin::Meta);
                } else {
                    draft.title(value, Origin::Meta);
                }
            }
            "pubdate" | "publishdate" | "article:published_time" | "firstpublishedtime" => {
                if let Some((moment, _)) = date::moment_at(value) {
                    draft.published(moment, Origin::Meta);
                }
            }
            "contentsource" => draft.source(value, Origin::Meta),
            "columnname" => draft.meta_columns = Some(value.to_owned()),
            "sitename" => draft.site_name = Some(tidy(value)),
            "author" | "editor" if value.chars().count() <= 8 => draft.editor(value, Origin::Meta),
            _ => {}
        }
    }
}
