//! A look at one page, as a crawl would see it, keeping nothing.

use std::sync::Arc;

use gongbao_archive::decode_entity;
use gongbao_notice::{Notice, Page, Profile, Reader};
use url::Url;

use crate::{
    address::canonical,
    attachments,
    clock::SystemClock,
    crawl::CrawlOptions,
    fetch::{ClientError, Condition, Fetcher},
    guard::check_literal,
    list::{Family, ListPage, Listing, read_list},
    robots::{RobotsRules, robots_url},
    site::{ListRules, Site},
    verdict,
};

/// Why a page cannot be looked at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LookError {
    /// `robots.txt` forbids it.
    #[error("robots.txt forbids {url}")]
    Forbidden {
        /// The page.
        url: Url,
    },
    /// There is no answer, or none that can be read.
    #[error("could not fetch {url}: {why}")]
    Failed {
        /// The page.
        url: Url,
        /// What is the matter.
        why: String,
    },
    /// No HTTP client could be made.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// A page as received.
#[derive(Clone, Debug)]
pub struct Looked {
    /// Its address, after redirects.
    pub url: Url,
    /// Its bytes, without content encoding.
    pub bytes: Vec<u8>,
    /// Its `Content-Type`.
    pub content_type: Option<String>,
}

/// Fetches the page at `url` as a crawl would: if `robots.txt` allows it, from
/// public addresses only, within the bounds of `options`. Redirects are
/// followed, also to other hosts.
///
/// # Errors
///
/// [`LookError`], which says what is in the way.
pub async fn look(url: &Url, options: &CrawlOptions) -> Result<Looked, LookError> {
    let fetcher = Fetcher::new(
        &options.user_agent,
        &options.limits,
        options.allow_private,
        options.proxy.as_deref(),
        Arc::new(SystemClock),
    )?;
    let mut url = url.clone();
    for _ in 0..=options.limits.redirects {
        let failed = |why: String| LookError::Failed {
            url: url.clone(),
            why,
        };
        if !is_allowed(&fetcher, &url, options).await? {
            return Err(LookError::Forbidden { url });
        }
        let answer = fetcher
            .get(&url, &Condition::default(), options.limits.page_bytes)
            .await
            .map_err(|error| failed(error.to_string()))?;
        if let Some(to) = answer.response.get("location")
            && (300..400).contains(&answer.status)
        {
            let target = url.join(to).ok().and_then(|url| canonical(&url));
            url = target.ok_or_else(|| failed(format!("it redirects to {to:?}")))?;
            continue;
        }
        if let Some((_, why)) = &answer.cut {
            return Err(failed(why.clone()));
        }
        if !(200..300).contains(&answer.status) {
            return Err(failed(format!("it answered {}", answer.status)));
        }
        let encoding = answer.response.get("content-encoding");
        let bytes = decode_entity(encoding, &answer.entity, options.limits.page_bytes)
            .map_err(|error| failed(error.to_string()))?;
        return Ok(Looked {
            bytes: bytes.into_owned(),
            content_type: answer.response.get("content-type").map(str::to_owned),
            url,
        });
    }
    let why = format!("it redirects more than {} times", options.limits.redirects);
    Err(LookError::Failed { url, why })
}

async fn is_allowed(
    fetcher: &Fetcher,
    url: &Url,
    options: &CrawlOptions,
) -> Result<bool, LookError> {
    check_literal(url, options.allow_private).map_err(|error| LookError::Failed {
        url: url.clone(),
        why: error.to_string(),
    })?;
    let robots = robots_url(url);
    let answer = fetcher
        .get(&robots, &Condition::default(), 512 << 10)
        .await
        .map_err(|error| LookError::Failed {
            url: robots.clone(),
            why: error.to_string(),
        })?;
    let encoding = answer.response.get("content-encoding");
    let text = decode_entity(encoding, &answer.entity, 2 << 20).unwrap_or_default();
    Ok(RobotsRules::of_answer(answer.status, &text).is_some_and(|rules| rules.allow(url)))
}

/// What a page is taken for, and what is read from it.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// As a list.
    pub listing: Listing,
    /// As an article.
    pub notice: Notice,
    /// The files that it links.
    pub files: Vec<(Url, Option<String>)>,
    /// What it is taken for.
    pub verdict: Verdict,
}

/// What a page is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A list of articles.
    List,
    /// An article.
    Article,
    /// A page that says that there is none.
    Gone,
    /// A page that keeps another back.
    Challenge,
    /// Neither.
    Unclear,
}

/// An article has at least so many characters.
const ARTICLE_CHARS: usize = 100;

/// Looks at `page` as a list and as an article, by the profile of `site` if
/// there is one.
#[must_use]
pub fn inspect(page: &Looked, site: Option<&Site>, reader: &Reader) -> Inspection {
    let no_rules = ListRules::default();
    let profile: Option<&Profile> = site.map(|site| &site.profile);
    let column = site.and_then(|site| {
        let mut columns = site.columns.iter();
        columns.find(|column| canonical(&column.url).as_ref() == Some(&page.url))
    });
    let family: Option<Family> =
        site.and_then(|site| site.family_of(column.map(|c| c.name.as_str())));
    let listing = read_list(&ListPage {
        url: &page.url,
        bytes: &page.bytes,
        content_type: page.content_type.as_deref(),
        rules: site.map_or(&no_rules, |site| &site.list),
        family,
        profile,
    });
    let as_article = Page {
        bytes: &page.bytes,
        content_type: page.content_type.as_deref(),
        url: Some(page.url.as_str()),
        file_name: None,
        profile,
    };
    let opened = reader.open(&as_article);
    let notice = reader.read_opened(&opened);
    let files = attachments::links(&page.url, &opened)
        .into_iter()
        .map(|link| (link.url, link.text))
        .collect();
    let verdict = verdict_of(&listing, &notice, opened.text());
    Inspection {
        listing,
        notice,
        files,
        verdict,
    }
}

fn verdict_of(listing: &Listing, notice: &Notice, text: &str) -> Verdict {
    let chars = notice.body.text().chars().count();
    let has_text = chars >= ARTICLE_CHARS || notice.signed.is_some() || notice.doc_number.is_some();
    let by_data = !matches!(
        listing.family,
        Family::Generic | Family::Trs | Family::AhDiscipline | Family::GovCn
    );
    match () {
        () if by_data && listing.recognised => Verdict::List,
        () if verdict::is_challenge(text, notice) && listing.entries.is_empty() => {
            Verdict::Challenge
        }
        () if verdict::says_gone(notice) && listing.entries.len() < 3 => Verdict::Gone,
        // An article links a few others; a list has more links than text.
        () if listing.entries.len() >= 3
            && notice.signed.is_none()
            && notice.doc_number.is_none() =>
        {
            Verdict::List
        }
        () if has_text && notice.title.is_some() => Verdict::Article,
        () if listing.recognised && !listing.entries.is_empty() => Verdict::List,
        () => Verdict::Unclear,
    }
}
