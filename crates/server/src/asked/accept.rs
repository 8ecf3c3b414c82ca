//! `Accept` and `Accept-Language`.
//!
//! Source: RFC 9110, 12.5.

/// A format that answers come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    Json,
    Jsonl,
    Csv,
}

impl Media {
    /// Its name in the parameter `format`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }

    /// Its media type.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Jsonl => "application/jsonl",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// The media types by which it is asked for.
    fn types(self) -> &'static [&'static str] {
        match self {
            Self::Json => &["application/json"],
            Self::Jsonl => &[
                "application/jsonl",
                "application/x-ndjson",
                "application/x-jsonlines",
            ],
            Self::Csv => &["text/csv"],
        }
    }
}

impl From<Media> for gongbao_desk::Format {
    fn from(media: Media) -> Self {
        match media {
            Media::Json => Self::Json,
            Media::Jsonl => Self::Jsonl,
            Media::Csv => Self::Csv,
        }
    }
}

/// A language that the server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lang {
    En,
    Zh,
}

impl Lang {
    /// As in `?lang=`.
    pub(crate) fn code(self) -> &'static str {
        self.pick("en", "zh")
    }

    /// The one in this language.
    pub(crate) fn pick<T>(self, en: T, zh: T) -> T {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }

    /// What `Accept-Language` asks for; English where it says neither.
    pub(crate) fn preferred(accept: &str) -> Self {
        let weight = |lang: &str| {
            let matching = wanted(accept).filter(|(range, _)| {
                let primary = range.split('-').next().unwrap_or_default();
                primary.eq_ignore_ascii_case(lang)
            });
            matching.map(|(_, weight)| weight).fold(0.0, f32::max)
        };
        if weight("zh") > weight("en") {
            Self::Zh
        } else {
            Self::En
        }
    }
}

/// The one of `offered` that `accept` weighs most, the first of equals; the
/// first of all where nothing is said. `None` where all are refused.
pub(super) fn preferred(accept: &str, offered: &[Media]) -> Option<Media> {
    if accept.trim().is_empty() {
        return offered.first().copied();
    }
    let mut best = None;
    let mut most = 0.0;
    for &media in offered {
        // The most specific range decides.
        let specificity = |range: &str| match range {
            "*/*" => 1,
            range if range.ends_with("/*") => 2,
            _ => 3,
        };
        let matches = |range: &str| {
            media.types().iter().any(|name| {
                let group = name.split('/').next().unwrap_or_default();
                range == "*/*" || range == format!("{group}/*") || range.eq_ignore_ascii_case(name)
            })
        };
        let weight = wanted(accept)
            .filter(|(range, _)| matches(range))
            .max_by_key(|(range, _)| specificity(range))
            .map_or(0.0, |(_, weight)| weight);
        if weight > most {
            (best, most) = (Some(media), weight);
        }
    }
    best
}

/// The ranges of an `Accept` header with their weights, 0 to 1.
fn wanted(header: &str) -> impl Iterator<Item = (&str, f32)> {
    header.split(',').map(|part| {
        let mut pieces = part.split(';').map(str::trim);
        let range = pieces.next().unwrap_or_default();
        let weight = pieces.find_map(|piece| piece.strip_prefix("q=")?.parse().ok());
        (range, weight.unwrap_or(1.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[Media] = &[Media::Json, Media::Jsonl, Media::Csv];

    #[test]
    fn the_format_that_weighs_most_is_given() {
        for (accept, media) in [
            ("", Some(Media::Json)),
            ("*/*", Some(Media::Json)),
            ("text/csv", Some(Media::Csv)),
            ("text/*", Some(Media::Csv)),
            ("application/x-ndjson", Some(Media::Jsonl)),
            ("application/json;q=0.2, text/csv;q=0.9", Some(Media::Csv)),
            ("application/json;q=0, */*;q=0.5", Some(Media::Jsonl)),
            ("text/html, */*;q=0.1", Some(Media::Json)),
            ("image/png", None),
            ("application/json;q=0", None),
            ("nonsense;;q=x", None),
        ] {
            assert_eq!(preferred(accept, ALL), media, "{accept}");
        }
    }

    #[test]
    fn chinese_is_spoken_where_it_is_preferred() {
        for (accept, lang) in [
            ("", Lang::En),
            ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
            ("en-GB,en;q=0.9,zh;q=0.8", Lang::En),
            ("fr, zh;q=0.3", Lang::Zh),
            ("fr", Lang::En),
        ] {
            assert_eq!(Lang::preferred(accept), lang, "{accept}");
        }
    }
}
