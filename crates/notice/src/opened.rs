//! A page decoded and parsed once, for all who read it.

use std::{borrow::Cow, cell::OnceCell};

use crate::{Page, Profile, Warning, html::Document};

/// A page on its way through its readers: [`Reader::open`](crate::Reader::open)
/// makes one, [`Reader::read_opened`](crate::Reader::read_opened) reads the
/// notice from it. Parsing is most of what reading costs, so whoever looks for
/// something else on the same page takes its text and its elements from here.
///
/// Not `Send`: it is opened and read in one call.
pub struct OpenedPage<'p> {
    pub(crate) page: Page<'p>,
    /// The profile that it is read by: its own, or that of its host.
    pub(crate) profile: Option<&'p Profile>,
    pub(crate) text: Cow<'p, str>,
    /// What was odd about its bytes.
    pub(crate) warnings: Vec<Warning>,
    document: OnceCell<Document>,
}

impl<'p> OpenedPage<'p> {
    pub(crate) fn new(
        page: Page<'p>,
        profile: Option<&'p Profile>,
        text: Cow<'p, str>,
        warnings: Vec<Warning>,
    ) -> Self {
        Self {
            page,
            profile,
            text,
            warnings,
            document: OnceCell::new(),
        }
    }

    /// Its text, markup included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its elements, parsed when first asked for; see
    /// [`parse_html`](crate::parse_html).
    #[must_use]
    pub fn html(&self) -> &scraper::Html {
        self.document().html()
    }

    pub(crate) fn document(&self) -> &Document {
        self.document.get_or_init(|| Document::parse(&self.text))
    }
}
