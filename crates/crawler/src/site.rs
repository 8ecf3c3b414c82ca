//! A site as data: where its lists are, how they are read, how it wants to be
//! treated.

use std::time::Duration;

use gongbao_notice::{Profile, Selectors};
use jiff::SignedDuration;
use regex::Regex;
use scraper::Selector;
use serde::Deserialize;
use url::Url;

use crate::{address::host_key, list::Family};

/// How often a list is looked at where the profile does not say.
const EVERY: Duration = Duration::from_secs(6 * 3600);

/// How many pages of a list are read in a run where the profile does not say:
/// 15 notices a page, one a day, make forty years.
const DEPTH: u32 = 1000;

/// A site, as its profile describes it.
#[derive(Clone, Debug)]
pub struct Site {
    /// Its id: lower-case letters, digits and hyphens.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its lists.
    pub columns: Vec<Column>,
    /// What content system it runs on; `None` leaves it to each list page.
    pub family: Option<Family>,
    /// How its lists are read, where the family's way does not do.
    pub list: ListRules,
    /// The hosts that its pages may be fetched from, as `host` or
    /// `host:port`.
    pub hosts: Vec<String>,
    /// Whether pages may be fetched without TLS.
    pub plain_http: bool,
    /// The least time between two requests to a host of it; the crawl's own
    /// where that is longer.
    pub delay: Option<Duration>,
    /// How often its lists are looked at.
    pub every: Duration,
    /// How many pages of a list are read in a run at most.
    pub depth: u32,
    /// What is known of its notices beforehand.
    pub profile: Profile,
}

/// A list of a site (栏目).
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its first page.
    pub url: Url,
    /// Its content system, where it is another than the site's.
    pub family: Option<Family>,
}

/// How a list is read. CSS selectors; what is left out is found by itself.
#[derive(Clone, Debug, Default)]
pub struct ListRules {
    /// An entry.
    pub item: Option<Selector>,
    /// The link to the article, inside an entry.
    pub link: Option<Selector>,
    /// The date, inside an entry.
    pub date: Option<Selector>,
    /// The link to the next page.
    pub next: Option<Selector>,
    /// What the addresses of articles look like.
    pub article: Option<Regex>,
    /// What addresses to leave alone.
    pub skip: Option<Regex>,
}

impl ListRules {
    /// Whether they say where the entries are.
    #[must_use]
    pub fn locates_entries(&self) -> bool {
        self.item.is_some() || self.link.is_some()
    }
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// It is not TOML, or has fields that no profile has.
    #[error("{file} cannot be used: {source}")]
    Toml {
        /// The file, or the id of a built-in profile.
        file: String,
        /// What is wrong, and where.
        source: Box<toml::de::Error>,
    },
    /// A field has a value that makes no sense.
    #[error("{file}: {field} is {value:?}, which {problem}")]
    Value {
        /// The file, or the id of a built-in profile.
        file: String,
        /// The field.
        field: &'static str,
        /// Its value.
        value: String,
        /// What is the matter with it.
        problem: String,
    },
    /// The file could not be read.
    #[error("could not read {}", path.display())]
    Io {
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// A profile as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    name: String,
    family: Option<String>,
    organ: Option<String>,
    source: Option<String>,
    region: Option<String>,
    charset: Option<String>,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default)]
    plain_http: bool,
    delay: Option<String>,
    every: Option<String>,
    depth: Option<u32>,
    columns: Vec<WrittenColumn>,
    #[serde(default)]
    list: WrittenList,
    #[serde(default)]
    article: Selectors,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenColumn {
    name: String,
    url: String,
    family: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WrittenList {
    item: Option<String>,
    link: Option<String>,
    date: Option<String>,
    next: Option<String>,
    article: Option<String>,
    skip: Option<String>,
}

impl Site {
    /// Reads the profile `text` of `file`, which is named in errors only.
    ///
    /// # Errors
    ///
    /// [`SiteError`], which says what is wrong with which field.
    pub fn parse(file: &str, text: &str) -> Result<Self, SiteError> {
        let written: Written = toml::from_str(text).map_err(|source| SiteError::Toml {
            file: file.to_owned(),
            source: Box::new(source),
        })?;
        let check = Check { file };
        check.id(&written.id)?;
        if written.columns.is_empty() {
            return Err(check.wrong("columns", "[]", "names no list to begin with"));
        }
        let mut columns = Vec::with_capacity(written.columns.len());
        for column in written.columns {
            columns.push(Column {
                url: check.url(&column.url, written.plain_http)?,
                family: check.family(column.family.as_deref())?,
                name: column.name,
            });
        }
        let mut hosts: Vec<String> = columns.iter().map(|c| host_key(&c.url)).collect();
        hosts.extend(written.hosts.iter().map(|host| host.to_ascii_lowercase()));
        hosts.sort();
        hosts.dedup();
        let profile = Profile {
            hosts: hosts.clone(),
            organ: written.organ,
            source: written.source,
            region: written.region,
            charset: written.charset,
            columns: Vec::new(),
            article: check.article(written.article)?,
        };
        Ok(Self {
            family: check.family(written.family.as_deref())?,
            list: check.list(&written.list)?,
            delay: check.duration("delay", written.delay.as_deref())?,
            every: check
                .duration("every", written.every.as_deref())?
                .unwrap_or(EVERY),
            depth: written.depth.unwrap_or(DEPTH).max(1),
            id: written.id,
            name: written.name,
            columns,
            hosts,
            plain_http: written.plain_http,
            profile,
        })
    }

    /// Whether its pages may be fetched from the host of `url`.
    #[must_use]
    pub fn may_visit(&self, url: &Url) -> bool {
        let key = host_key(url);
        self.hosts.iter().any(|host| *host == key)
    }

    /// The family that `column` is read by, if the profile says.
    #[must_use]
    pub fn family_of(&self, column: Option<&str>) -> Option<Family> {
        let column = column.and_then(|name| self.columns.iter().find(|c| c.name == name));
        column.and_then(|column| column.family).or(self.family)
    }
}

/// Checks the fields of a profile.
struct Check<'f> {
    file: &'f str,
}

impl Check<'_> {
    fn wrong(&self, field: &'static str, value: &str, problem: impl ToString) -> SiteError {
        SiteError::Value {
            file: self.file.to_owned(),
            field,
            value: value.to_owned(),
            problem: problem.to_string(),
        }
    }

    fn id(&self, id: &str) -> Result<(), SiteError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=40).contains(&id.len()) && id.bytes().all(allowed) {
            return Ok(());
        }
        let problem = "is not 1 to 40 lower-case letters, digits and hyphens";
        Err(self.wrong("id", id, problem))
    }

    fn url(&self, text: &str, plain_http: bool) -> Result<Url, SiteError> {
        let url = Url::parse(text)
            .map_err(|error| self.wrong("url", text, format!("is no address: {error}")))?;
        match url.scheme() {
            _ if url.host_str().is_none() => Err(self.wrong("url", text, "names no host")),
            "https" => Ok(url),
            "http" if plain_http => Ok(url),
            "http" => Err(self.wrong("url", text, "takes plain_http = true in the profile")),
            _ => Err(self.wrong("url", text, "is neither https nor http")),
        }
    }

    fn family(&self, name: Option<&str>) -> Result<Option<Family>, SiteError> {
        let Some(name) = name else { return Ok(None) };
        let found = Family::ALL.into_iter().find(|family| family.name() == name);
        match found {
            Some(family) => Ok(Some(family)),
            None => {
                let known: Vec<_> = Family::ALL.iter().map(|family| family.name()).collect();
                let problem = format!("is none of {}", known.join(", "));
                Err(self.wrong("family", name, problem))
            }
        }
    }

    /// `90s`, `10 min`, `6h`, `2 days`; a bare number is seconds.
    fn duration(
        &self,
        field: &'static str,
        text: Option<&str>,
    ) -> Result<Option<Duration>, SiteError> {
        let Some(text) = text else { return Ok(None) };
        parse_duration(text)
            .map(Some)
            .ok_or_else(|| self.wrong(field, text, "is no time such as 5s, 10m or 6h"))
    }

    fn selector(
        &self,
        field: &'static str,
        text: Option<&str>,
    ) -> Result<Option<Selector>, SiteError> {
        let Some(text) = text else { return Ok(None) };
        Selector::parse(text)
            .map(Some)
            .map_err(|error| self.wrong(field, text, format!("is no CSS selector: {error}")))
    }

    fn regex(&self, field: &'static str, text: Option<&str>) -> Result<Option<Regex>, SiteError> {
        let Some(text) = text else { return Ok(None) };
        Regex::new(text)
            .map(Some)
            .map_err(|error| self.wrong(field, text, format!("is no pattern: {error}")))
    }

    fn list(&self, list: &WrittenList) -> Result<ListRules, SiteError> {
        Ok(ListRules {
            item: self.selector("list.item", list.item.as_deref())?,
            link: self.selector("list.link", list.link.as_deref())?,
            date: self.selector("list.date", list.date.as_deref())?,
            next: self.selector("list.next", list.next.as_deref())?,
            article: self.regex("list.article", list.article.as_deref())?,
            skip: self.regex("list.skip", list.skip.as_deref())?,
        })
    }

    fn article(&self, article: Selectors) -> Result<Selectors, SiteError> {
        for (field, text) in [
            ("article.title", &article.title),
            ("article.header", &article.header),
            ("article.body", &article.body),
            ("article.published", &article.published),
            ("article.source", &article.source),
            ("article.organ", &article.organ),
            ("article.columns", &article.columns),
            ("article.drop", &article.drop),
        ] {
            self.selector(field, text.as_deref())?;
        }
        Ok(article)
    }
}

/// `90s`, `10 min`, `6h`, `2 days`, `1h 30m`; a bare number is seconds.
/// `None` for what is no time, or one of more than a hundred years.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    const LONGEST: Duration = Duration::from_secs(100 * 366 * 86_400);
    let text = text.trim();
    let duration = if let Ok(seconds) = text.parse::<f64>() {
        Duration::try_from_secs_f64(seconds).ok()?
    } else if let Some(days) = ["days", "day", "d"]
        .iter()
        .find_map(|unit| text.strip_suffix(unit))
    {
        Duration::from_secs(days.trim().parse::<u64>().ok()?.checked_mul(86_400)?)
    } else {
        Duration::try_from(text.parse::<SignedDuration>().ok()?).ok()?
    };
    (duration <= LONGEST).then_some(duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = r#"
        id = "heze-audit"
        name = "禾泽市审计局"
        columns = [{ name = "公告", url = "https://sjj.heze.example/gg/" }]
    "#;

    #[track_caller]
    fn refused(text: &str, why: &str) {
        let error = Site::parse("heze.toml", text).expect_err("it is refused");
        assert!(error.to_string().contains(why), "{error}");
    }

    #[test]
    fn a_profile_takes_little() {
        let site = Site::parse("heze.toml", LEAST).expect("it is enough");
        assert_eq!(site.hosts, ["sjj.heze.example"]);
        assert_eq!((site.every, site.delay), (EVERY, None));
        assert!(site.may_visit(&Url::parse("https://SJJ.heze.example/a").expect("a URL")));
        assert!(!site.may_visit(&Url::parse("https://sjj.heze.example:8443/a").expect("a URL")));
    }

    #[test]
    fn a_mistake_is_told_with_its_field() {
        refused(
            &LEAST.replace("heze-audit", "Heze"),
            "heze.toml: id is \"Heze\"",
        );
        refused(&LEAST.replace("https:", "http:"), "plain_http = true");
        refused(&LEAST.replace("https:", "ftp:"), "neither https nor http");
        refused(
            &format!("{LEAST}\n[list]\nitem = \"li[\""),
            "list.item is \"li[\"",
        );
        refused(&format!("{LEAST}\nfamily = \"trss\""), "none of trs");
        refused(&format!("{LEAST}\ndelay = \"soon\""), "delay is \"soon\"");
        refused(&format!("{LEAST}\ncolour = \"red\""), "colour");
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, seconds) in [
            ("5s", 5.0),
            ("1.5", 1.5),
            ("10 min", 600.0),
            ("6h", 21_600.0),
            ("2 days", 172_800.0),
            ("0", 0.0),
        ] {
            let read = parse_duration(text).map(|d| d.as_secs_f64());
            assert_eq!(read, Some(seconds), "{text}");
        }
        for text in ["", "soon", "-1", "-5s", "9999999999999d", "NaN"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }
}
