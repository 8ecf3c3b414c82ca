//! A first profile of a site, from one of its lists and one of its articles.

use std::fmt::Write;

use gongbao_notice::Notice;
use url::Url;

use crate::{
    address::host_key,
    list::{Listing, Reason},
};

/// What a first profile is made of.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// The id of the site.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The name of the column.
    pub column: &'a str,
    /// The list's address.
    pub url: &'a Url,
    /// What was read from it.
    pub listing: &'a Listing,
    /// An article that it links, as read.
    pub article: Option<&'a Notice>,
}

/// An id for the site at `url`: its host without what every host has.
#[must_use]
pub fn id_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or("site").to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let host = [".gov.cn", ".org.cn", ".com.cn", ".cn", ".com"]
        .iter()
        .find_map(|end| host.strip_suffix(end))
        .unwrap_or(host);
    let mut id = String::new();
    for c in host.chars() {
        match c {
            'a'..='z' | '0'..='9' => id.push(c),
            _ if !id.ends_with('-') && !id.is_empty() => id.push('-'),
            _ => {}
        }
    }
    id.truncate(40);
    let id = id.trim_matches('-');
    if id.is_empty() {
        "site".to_owned()
    } else {
        id.to_owned()
    }
}

/// The profile in TOML, with what could not be found out as comments.
#[must_use]
pub fn draft_profile(draft: &Draft<'_>) -> String {
    let mut out = String::new();
    let mut line = |text: String| writeln!(out, "{text}").expect("a string takes all");
    // A string of JSON is one of TOML, but for the one character that TOML
    // wants escaped and JSON does not.
    let quoted = |text: &str| {
        serde_json::Value::from(text)
            .to_string()
            .replace('\u{7f}', "\\u007f")
    };
    line(format!("id = {}", quoted(draft.id)));
    line(format!("name = {}", quoted(draft.name)));
    line(format!("family = {}", quoted(draft.listing.family.name())));
    if draft.url.scheme() == "http" {
        line("# The list came without TLS.".to_owned());
        line("plain_http = true".to_owned());
    }
    let mut hosts: Vec<String> = draft
        .listing
        .entries
        .iter()
        .map(|entry| host_key(&entry.url))
        .collect();
    hosts.sort();
    hosts.dedup();
    hosts.retain(|host| *host != host_key(draft.url));
    if !hosts.is_empty() {
        line("# Hosts of articles, beside that of the list.".to_owned());
        let hosts: Vec<String> = hosts.iter().map(|host| quoted(host)).collect();
        line(format!("hosts = [{}]", hosts.join(", ")));
    }
    let organ = draft.article.and_then(|notice| notice.organ.as_ref());
    match organ {
        Some(organ) => {
            line("# Used where a page names none; taken from one article.".to_owned());
            line(format!("# organ = {}", quoted(&organ.value)));
        }
        None => line("# organ = \"…\"  # used where a page names none".to_owned()),
    }
    match draft.article.and_then(|notice| notice.region.as_ref()) {
        Some(region) => line(format!(
            "region = {}  # {}",
            quoted(&region.value.code),
            region.value.name
        )),
        None => line("# region = \"…\"  # a division's code or name".to_owned()),
    }
    line("# every = \"6h\"  # how often the lists are looked at".to_owned());
    line(String::new());
    line("[[columns]]".to_owned());
    line(format!("name = {}", quoted(draft.column)));
    line(format!("url = {}", quoted(draft.url.as_str())));
    line(String::new());
    line("# What is found by itself needs no selectors; these are for what is not.".to_owned());
    line("# [list]".to_owned());
    let place = draft
        .listing
        .reasons
        .iter()
        .find_map(|reason| match reason {
            Reason::EntriesFound { place, .. } => Some(place.as_str()),
            Reason::EntriesSelected { selector, .. } => Some(selector.as_str()),
            _ => None,
        });
    line(format!(
        "# item = {}",
        quoted(place.unwrap_or("ul.list > li"))
    ));
    line("# link = \"a\"".to_owned());
    line("# date = \"span\"".to_owned());
    line("# next = \"a.next\"".to_owned());
    line("#".to_owned());
    line("# [article]".to_owned());
    line("# title = \"h1\"".to_owned());
    line("# body = \"div.content\"".to_owned());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        list::{ListPage, read_list},
        site::{ListRules, Site},
    };

    #[test]
    fn hosts_make_ids() {
        for (url, id) in [
            ("https://www.heze.gov.cn/", "heze"),
            ("https://sjj.heze.example/a", "sjj-heze-example"),
            ("http://127.0.0.1:8080/", "127-0-0-1"),
            ("https://审计.中国/", "xn-rhtq0i-xn-fiqs8s"),
        ] {
            let made = id_of(&Url::parse(url).expect("a URL"));
            assert!(
                made.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
                "{made}"
            );
            if !url.contains("审计") {
                assert_eq!(made, id);
            }
        }
    }

    #[test]
    fn a_draft_is_a_profile_that_reads_the_list_as_before() {
        let url = Url::parse("http://www.heze.example/zwgk/\"gg\"/").expect("a URL");
        let html = "<ul class=l><li><a href=/a/20241.html>关于公布“名单”的公告</a> 2024-07-18</li>\
                    <li><a href=/a/20242.html>关于召开听证会的公告</a> 2024-07-17</li></ul>";
        let rules = ListRules::default();
        let page = ListPage {
            url: &url,
            bytes: html.as_bytes(),
            content_type: None,
            rules: &rules,
            family: None,
            profile: None,
        };
        let listing = read_list(&page);
        let text = draft_profile(&Draft {
            id: "heze",
            name: "禾泽市\"人民政府\"\n[columns]",
            column: "公告",
            url: &url,
            listing: &listing,
            article: None,
        });
        let site = Site::parse("heze.toml", &text).expect("it is a profile");
        assert_eq!(site.name, "禾泽市\"人民政府\"\n[columns]");
        assert!(site.plain_http);
        let again = read_list(&ListPage {
            rules: &site.list,
            family: site.family,
            profile: Some(&site.profile),
            ..page
        });
        assert_eq!(again.entries, listing.entries);
    }
}
