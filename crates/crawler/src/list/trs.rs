//! TRS WCM: pages counted from 0 by `createPageHTML`, `index.shtml` and
//! `index_1.shtml`.

use super::{ListPage, Listing, read_html};

pub(super) fn read(page: &ListPage<'_>, text: &str, listing: &mut Listing) {
    read_html(page, text, listing);
}
