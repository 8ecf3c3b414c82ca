//! Sites of ready-made pages: a list at `/`, and the pages byte for byte.

use jiff::civil::Date;

use crate::{reply::Reply, site::Site};

/// A page that is served as it is.
#[derive(Clone, Debug)]
pub struct GivenPage {
    /// Its path, from `/`.
    pub path: String,
    /// What the list calls it.
    pub title: String,
    /// The date that the list gives it.
    pub date: Option<Date>,
    /// Its `Content-Type`.
    pub content_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The list at `/`.
pub(crate) fn list(site: &Site) -> Reply {
    let mut page = String::from(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>信息公开</title></head>\n<body><h1>信息公开</h1>\n<ul class=\"list\">\n",
    );
    for row in site.listed().map(|article| site.row(article)) {
        let date = row.date.map_or_else(String::new, |date| date.to_string());
        page += &format!(
            "<li><a href=\"{}\">{}</a><span class=\"date\">{date}</span></li>\n",
            row.path,
            row.title.replace('&', "&amp;").replace('<', "&lt;")
        );
    }
    page += "</ul></body></html>\n";
    Reply::html(page)
}
