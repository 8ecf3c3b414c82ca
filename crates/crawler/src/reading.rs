//! What is made of an answer: the fate of a page, the links it leads to. Parses
//! in one call, away from the threads that fetch.

use gongbao_archive::{PageKind, decode_entity};
use gongbao_notice::{Notice, Page, Profile, Reader, looks_like_text};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use url::Url;

use crate::{
    attachments::{self, FileLink},
    fetch::Answer,
    list::{ListPage, Listing, read_list},
    site::Site,
    verdict::{self, StatusSays},
};

/// The version of the rules by which fingerprints are made.
const FINGERPRINT: &str = "1";

/// A body with fewer characters does not tell one article from another.
const TELLING_CHARS: usize = 60;

/// What an answer was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) url: &'a Url,
    pub(crate) kind: PageKind,
    pub(crate) column: Option<&'a str>,
    /// SHA-256 and fingerprint of what was received last time.
    pub(crate) last: Option<(&'a str, Option<&'a str>)>,
    /// The most that an entity may unpack to.
    pub(crate) max_bytes: u64,
}

/// What an answer is.
#[derive(Clone, Debug)]
pub(crate) enum Reading {
    List(Box<Listing>, String),
    Article(Box<Facts>),
    /// The same bytes as last time: nothing was read. Its fingerprint then.
    Same(Option<String>),
    /// A page or file that is taken as it is.
    File,
    NotModified,
    Gone,
    Declined(&'static str),
    Failed {
        why: String,
        transient: bool,
    },
}

/// What an article says that a crawl makes use of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// The fingerprint of title and body, if they are long enough to tell.
    pub(crate) body: Option<String>,
    pub(crate) published: Option<Date>,
    pub(crate) doc_number: Option<String>,
    pub(crate) files: Vec<FileLink>,
    /// Whether title and text were found.
    pub(crate) is_read: bool,
}

/// Reads `answer`, which is no redirect.
pub(crate) fn read(reader: &Reader, site: &Site, asked: &Asked<'_>, answer: &Answer) -> Reading {
    match verdict::of_status(answer.status) {
        StatusSays::NotModified => return Reading::NotModified,
        StatusSays::Gone => return Reading::Gone,
        StatusSays::Declined => return Reading::Declined("status"),
        StatusSays::Failed | StatusSays::Redirect => {
            return Reading::Failed {
                why: format!("status {}", answer.status),
                transient: matches!(answer.status, 408 | 425 | 429 | 500..=599),
            };
        }
        StatusSays::Page => {}
    }
    if let Some((_, why)) = &answer.cut {
        return Reading::Failed {
            why: why.clone(),
            // What is too large stays so.
            transient: !why.contains("larger"),
        };
    }
    let encoding = answer.response.get("content-encoding");
    let bytes = match decode_entity(encoding, &answer.entity, asked.max_bytes) {
        Ok(bytes) => bytes,
        Err(error) => {
            return Reading::Failed {
                why: error.to_string(),
                transient: false,
            };
        }
    };
    if let Some((sha256, body)) = asked.last
        && sha256 == hex(&Sha256::digest(&answer.entity))
        && asked.kind != PageKind::List
    {
        return Reading::Same(body.map(str::to_owned));
    }
    let content_type = answer.response.get("content-type");
    match asked.kind {
        PageKind::List => list(site, asked, &bytes, content_type),
        PageKind::Article if looks_like_text(&bytes).is_ok() => {
            article(reader, site, asked, &bytes, content_type)
        }
        PageKind::Article if bytes.is_empty() => Reading::Failed {
            why: "it is empty".to_owned(),
            transient: true,
        },
        _ => file(reader, asked, &bytes, content_type),
    }
}

fn list(site: &Site, asked: &Asked<'_>, bytes: &[u8], content_type: Option<&str>) -> Reading {
    let listing = read_list(&ListPage {
        url: asked.url,
        bytes,
        content_type,
        rules: &site.list,
        family: site.family_of(asked.column).or(None),
        profile: Some(&site.profile),
    });
    let mut hash = Sha256::new();
    for entry in &listing.entries {
        hash.update(entry.url.as_str());
        hash.update([b'\n']);
        hash.update(&entry.title);
        hash.update([b'\n']);
    }
    let body = format!("{FINGERPRINT}:{}", hex(&hash.finalize()));
    Reading::List(Box::new(listing), body)
}

fn article(
    reader: &Reader,
    site: &Site,
    asked: &Asked<'_>,
    bytes: &[u8],
    content_type: Option<&str>,
) -> Reading {
    let mut profile: Profile = site.profile.clone();
    profile.columns.extend(asked.column.map(str::to_owned));
    let page = Page {
        bytes,
        content_type,
        url: Some(asked.url.as_str()),
        file_name: None,
        profile: Some(&profile),
    };
    let opened = reader.open(&page);
    let notice = reader.read_opened(&opened);
    if verdict::is_challenge(opened.text(), &notice) {
        return Reading::Declined("challenge");
    }
    if verdict::says_gone(&notice) {
        return Reading::Gone;
    }
    Reading::Article(Box::new(Facts {
        body: fingerprint(&notice),
        published: notice.published.as_ref().map(|found| found.value.date),
        doc_number: notice
            .doc_number
            .as_ref()
            .map(|found| found.value.to_string()),
        files: attachments::links(asked.url, &opened),
        is_read: notice.title.is_some() && !notice.body.is_empty(),
    }))
}

/// A digest of what a notice says, without the page around it; `None` for one
/// too short to tell it from others.
pub(crate) fn fingerprint(notice: &Notice) -> Option<String> {
    let text = notice.body.text();
    let letters = text.chars().filter(|c| !c.is_whitespace());
    if letters.clone().take(TELLING_CHARS).count() < TELLING_CHARS {
        return None;
    }
    let mut hash = Sha256::new();
    if let Some(title) = &notice.title {
        let title: String = title.value.chars().filter(|c| !c.is_whitespace()).collect();
        hash.update(title);
    }
    hash.update([0]);
    hash.update(letters.collect::<String>());
    Some(format!("{FINGERPRINT}:{}", hex(&hash.finalize())))
}

/// A file as it is, unless a page came in its place that says that it is gone
/// or kept back.
fn file(reader: &Reader, asked: &Asked<'_>, bytes: &[u8], content_type: Option<&str>) -> Reading {
    let is_page =
        content_type.is_some_and(|kind| kind.contains("html")) && looks_like_text(bytes).is_ok();
    if !is_page {
        return Reading::File;
    }
    let page = Page {
        bytes,
        content_type,
        url: Some(asked.url.as_str()),
        ..Page::default()
    };
    let opened = reader.open(&page);
    let notice = reader.read_opened(&opened);
    match () {
        () if verdict::is_challenge(opened.text(), &notice) => Reading::Declined("challenge"),
        () if verdict::says_gone(&notice) => Reading::Gone,
        () => Reading::File,
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
            for half in [byte >> 4, byte & 15] {
                out.push(char::from(b"0123456789abcdef"[usize::from(half)]));
            }
            out
        })
}
