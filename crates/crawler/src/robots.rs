//! `robots.txt`, by RFC 9309.

use std::time::Duration;

use robotxt::{AccessResult, Robots};
use url::Url;

/// The name that groups of `robots.txt` know us by.
pub(crate) const AGENT: &str = "gongbao";

/// What a host's `robots.txt` asks of us.
#[derive(Clone, Debug)]
pub struct RobotsRules(Robots);

impl RobotsRules {
    /// What an answer with `status` and `bytes` asks (RFC 9309, 2.3.1). `None`
    /// when nothing may be fetched until the file can be: for 429, 5xx.
    #[must_use]
    pub fn of_answer(status: u16, bytes: &[u8]) -> Option<Self> {
        let access = match status {
            200..=299 => AccessResult::Successful(bytes),
            // A page that cannot be had binds nobody, and neither does a loop.
            300..=399 => AccessResult::TooManyRedirects,
            429 | 500..=599 => return None,
            _ => AccessResult::Unavailable,
        };
        Some(Self(Robots::from_access(access, AGENT)))
    }

    /// Whether `url` may be fetched.
    #[must_use]
    pub fn allow(&self, url: &Url) -> bool {
        self.0.is_url_allowed(url)
    }

    /// The `Crawl-delay` it asks for.
    #[must_use]
    pub fn delay(&self) -> Option<Duration> {
        self.0.crawl_delay()
    }
}

/// Where the `robots.txt` for `url` is.
#[must_use]
pub fn robots_url(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_path("/robots.txt");
    url.set_query(None);
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(robots: &str, path: &str, allowed: bool) {
        let rules = RobotsRules::of_answer(200, robots.as_bytes()).expect("it is there");
        let url = Url::parse("https://a.example").expect("a URL");
        assert_eq!(
            rules.allow(&url.join(path).expect("a path")),
            allowed,
            "{path}"
        );
    }

    #[test]
    fn the_longest_rule_of_the_right_group_counts() {
        let all =
            "User-agent: *\nDisallow: /\n\nUser-agent: Gongbao\nDisallow: /sys/\nAllow: /sys/gg/\n";
        check(all, "/zwgk/", true);
        check(all, "/sys/a.html", false);
        check(all, "/sys/gg/a.html", true);
        check("User-agent: other\nDisallow: /", "/a", true);
        check("user-agent: *\ndisallow: /*.jsp$", "/a.jsp", false);
        check("user-agent: *\ndisallow: /*.jsp$", "/a.jsp?x=1", true);
        check(
            "\u{feff}User-agent: *\r\nDisallow: /公告/",
            "/公告/1.html",
            false,
        );
        check("Disallow: /", "/a", true);
        check("User-agent: *\nDisallow:", "/a", true);
        check(
            "User-agent: a\nUser-agent: gongbao\nDisallow: /b",
            "/b",
            false,
        );
        check("User-agent: *\nDisallow: /", "/robots.txt", true);
        check("<html><body>404</body></html>", "/a", true);
    }

    #[test]
    fn what_cannot_be_had_binds_nobody_and_what_fails_binds_everybody() {
        let url = Url::parse("https://a.example/b").expect("a URL");
        for status in [301, 401, 403, 404, 410] {
            let rules = RobotsRules::of_answer(status, b"User-agent: *\nDisallow: /");
            assert!(rules.is_some_and(|rules| rules.allow(&url)), "{status}");
        }
        for status in [429, 500, 503] {
            assert!(RobotsRules::of_answer(status, b"").is_none(), "{status}");
        }
    }

    #[test]
    fn the_delay_may_be_a_fraction() {
        let rules = |delay: &str| {
            let text = format!("User-agent: *\nCrawl-delay: {delay}\n");
            RobotsRules::of_answer(200, text.as_bytes()).and_then(|rules| rules.delay())
        };
        assert_eq!(rules("2.5"), Some(Duration::from_millis(2500)));
        assert_eq!(rules("-1"), None);
        assert_eq!(rules("soon"), None);
    }
}
