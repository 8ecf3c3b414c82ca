//! Reads what a site's profile points at.

use scraper::Selector;

use crate::{
    Origin, date,
    draft::{Draft, tidy},
    html::Tree,
    labels::{self, Label},
    page::Profile,
};

pub(super) fn fields(tree: &Tree<'_>, profile: &Profile, draft: &mut Draft) {
    let select = &profile.article;
    let text =
        |selector: &Option<String>, draft: &mut Draft| text_of(tree, selector.as_deref()?, draft);
    if let Some(title) = text(&select.title, draft) {
        draft.title(&title, Origin::Profile);
    }
    if let Some(moment) = text(&select.published, draft).and_then(|text| date::find_moment(&text)) {
        draft.published(moment.0, Origin::Profile);
    }
    if let Some(source) = text(&select.source, draft) {
        let value = labels::labelled(&source)
            .into_iter()
            .find(|(label, _)| *label == Label::Source);
        draft.source(
            value.as_ref().map_or(&source, |(_, value)| value),
            Origin::Profile,
        );
    }
    if let Some(organ) = text(&select.organ, draft) {
        draft.organ(&organ, Origin::Profile);
    }
    if let Some(columns) = text(&select.columns, draft) {
        draft.columns(
            columns
                .split_once(['：', ':'])
                .map_or(columns.as_str(), |(_, rest)| rest),
        );
    }
    if let Some(header) = text(&select.header, draft) {
        for (label, value) in labels::labelled(&header) {
            draft.labelled(label, &value, Origin::Profile);
        }
        if draft.notice.published.is_none()
            && let Some((moment, _)) = date::find_moment(&header)
        {
            draft.published(moment, Origin::Profile);
        }
    }
}

/// The text of an element on one line.
fn text_of(tree: &Tree<'_>, selector: &str, draft: &mut Draft) -> Option<String> {
    let elements = select(tree, selector, draft);
    elements.first().map(|&first| tidy(&tree.all_text(first)))
}

/// The elements that a profile's selector selects, in document order.
pub(super) fn select(tree: &Tree<'_>, selector: &str, draft: &mut Draft) -> Vec<usize> {
    match Selector::parse(selector) {
        Ok(selector) => tree.select(&selector),
        Err(error) => {
            draft.warn(
                "profile",
                format!("cannot read the selector {selector:?}: {error}"),
            );
            Vec::new()
        }
    }
}
