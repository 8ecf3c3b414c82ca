//! Addresses: one spelling for one page, one key for one host, one shape for
//! pages made alike.

use url::Url;

/// Parameters that name a visitor or a way here and no page.
const NOISE: [&str; 17] = [
    "jsessionid",
    "phpsessid",
    "sessionid",
    "session_id",
    "spm",
    "isappinstalled",
    "share_token",
    "gclid",
    "fbclid",
    "bd_vid",
    "ivk_sa",
    "eqid",
    "_t",
    "_",
    "timestamp",
    "rand",
    "random",
];

/// Parameters that name a visitor where their value is as long as a session
/// id, in characters; a short one may name a page.
const SESSIONS: [&str; 3] = ["sid", "token", "s"];
const SESSION_CHARS: usize = 20;

/// Longer addresses are traps.
pub(crate) const MAX_URL_BYTES: usize = 2048;

/// Path segments that repeat more often than this come of a link that leads
/// deeper into itself.
const MAX_REPEATS: usize = 3;

/// The host of `url` with its port unless that is the scheme's own: what
/// delays, connections and permissions go by.
#[must_use]
pub fn host_key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    }
}

/// `url` in its one spelling: no fragment, no session ids, no tracking
/// parameters, parameters in order. `None` for what is not fetched: other
/// schemes, user names, overlong addresses and those that repeat themselves.
#[must_use]
pub fn canonical(url: &Url) -> Option<Url> {
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    if !url.username().is_empty() || url.password().is_some() || repeats(url.path()) {
        return None;
    }
    let mut url = url.clone();
    url.set_fragment(None);
    if let Some(at) = url.path().to_ascii_lowercase().find(";jsessionid=") {
        let path = url.path()[..at].to_owned();
        url.set_path(&path);
    }
    if let Some(query) = url.query() {
        let mut parameters: Vec<&str> = query
            .split('&')
            .filter(|parameter| !parameter.is_empty() && !is_noise(parameter))
            .collect();
        parameters.sort_by_key(|parameter| parameter.split('=').next());
        let query = parameters.join("&");
        url.set_query((!query.is_empty()).then_some(&query));
    }
    (url.as_str().len() <= MAX_URL_BYTES).then_some(url)
}

/// `link` as it stands on the page `base`, in its one spelling.
pub(crate) fn resolve(base: &Url, link: &str) -> Option<Url> {
    let link = link.trim();
    if link.is_empty() || link.starts_with('#') {
        return None;
    }
    // Some sites escape nothing and write backslashes.
    let link = link.replace('\\', "/").replace(['\n', '\r', '\t'], "");
    canonical(&base.join(&link).ok()?)
}

fn is_noise(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let name = name.to_ascii_lowercase();
    let shared = name == "from" && matches!(value, "singlemessage" | "timeline" | "groupmessage");
    shared
        || name.starts_with("utm_")
        || name.starts_with("aspsessionid")
        || NOISE.contains(&name.as_str())
        || SESSIONS.contains(&name.as_str()) && value.len() >= SESSION_CHARS
}

fn repeats(path: &str) -> bool {
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    segments.iter().any(|segment| {
        !segment.bytes().all(|b| b.is_ascii_digit())
            && segments.iter().filter(|other| other == &segment).count() > MAX_REPEATS
    })
}

/// The address with every run of digits as `0` and every long hexadecimal name
/// as `x`: pages that one template makes share it.
pub(crate) fn shape(url: &Url) -> String {
    let mut shape = host_key(url);
    for segment in url.path().split('/').skip(1) {
        shape.push('/');
        let stem = segment.split('.').next().unwrap_or(segment);
        if stem.len() >= 16 && stem.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-') {
            shape.push('x');
            shape.push_str(&segment[stem.len()..]);
        } else {
            push_shape(&mut shape, segment);
        }
    }
    if let Some(query) = url.query() {
        shape.push('?');
        push_shape(&mut shape, query);
    }
    shape
}

fn push_shape(shape: &mut String, text: &str) {
    let mut digits = false;
    for c in text.chars() {
        if c.is_ascii_digit() {
            if !digits {
                shape.push('0');
            }
            digits = true;
        } else {
            shape.push(c);
            digits = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Option<&str>) {
        let url = Url::parse(url).expect("a URL");
        assert_eq!(canonical(&url).as_ref().map(Url::as_str), expected);
    }

    #[test]
    fn what_names_no_page_is_left_out() {
        check(
            "https://A.example/b.html?utm_source=wx&b=2&a=1#top",
            Some("https://a.example/b.html?a=1&b=2"),
        );
        check(
            "http://a.example:80/b.do;jsessionid=F00?PHPSESSID=1",
            Some("http://a.example/b.do"),
        );
        check(
            "https://a.example/b?id=%E5%80%BA",
            Some("https://a.example/b?id=%E5%80%BA"),
        );
    }

    #[test]
    fn what_is_no_page_is_refused() {
        check("ftp://a.example/b", None);
        check("javascript:go(1)", None);
        check("https://user:word@a.example/", None);
        check("https://a.example/x/y/x/y/x/y/x/y/", None);
        check(&format!("https://a.example/{}", "x".repeat(3000)), None);
        check(
            "https://a.example/1/1/1/1/1/",
            Some("https://a.example/1/1/1/1/1/"),
        );
    }

    #[test]
    fn pages_of_one_template_share_a_shape() {
        let shape_of = |url: &str| shape(&Url::parse(url).expect("a URL"));
        assert_eq!(
            shape_of("https://a.example/art/2024/7/18/art_12_345.html"),
            shape_of("https://a.example/art/2023/11/1/art_12_9.html")
        );
        assert_eq!(
            shape_of("https://a.example/c/0123456789abcdef0.html"),
            shape_of("https://a.example/c/fedcba98765432100.html")
        );
        assert_ne!(
            shape_of("https://a.example/a/1.html"),
            shape_of("https://a.example/b/1.html")
        );
    }

    proptest! {
        #[test]
        fn canonical_twice_changes_nothing(path in "[a-z0-9/;=._-]{0,40}", query in "[a-z0-9&=_%]{0,40}") {
            let url = Url::parse(&format!("https://a.example/{path}?{query}")).expect("a URL");
            if let Some(once) = canonical(&url) {
                prop_assert_eq!(canonical(&once), Some(once.clone()));
            }
        }
    }
}
