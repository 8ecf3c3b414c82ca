//! What a request asks for: its parameters, and how it wants the answer.

mod accept; // Accept and Accept-Language
mod given; // parameters, taken one by one

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Uri, header, request::Parts},
};

pub(crate) use self::{
    accept::{Lang, Media},
    given::{Given, filters},
};
use crate::{app::Shared, problem::Problem, settings::Limits};

/// A request, read.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) uri: Uri,
    /// The parameters that no one has taken yet.
    pub(crate) given: Given,
    headers: HeaderMap,
}

impl FromRequestParts<Shared> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        Ok(Self {
            given: Given::read(parts.uri.query().unwrap_or_default(), &app.settings.limits),
            uri: parts.uri.clone(),
            headers: parts.headers.clone(),
        })
    }
}

impl Asked {
    /// A request whose parameters nobody takes.
    pub(crate) fn bare(uri: Uri, headers: HeaderMap) -> Self {
        let query = uri.query().unwrap_or_default();
        Self {
            given: Given::read(query, &Limits::default()),
            uri,
            headers,
        }
    }

    /// Whether a browser asks, which wants pages.
    pub(crate) fn wants_page(&self) -> bool {
        self.header(header::ACCEPT).contains("text/html")
    }

    /// The one of `offered` that is wanted: by the parameter `format`, else by
    /// `Accept`.
    pub(crate) fn media(&mut self, offered: &'static [Media]) -> Result<Media, Problem> {
        if let Some(name) = self.given.text("format")? {
            let found = offered.iter().find(|media| media.name() == name);
            let names: Vec<_> = offered.iter().map(|media| media.name()).collect();
            return found.copied().ok_or_else(|| {
                Problem::parameter(
                    "format",
                    format!("there is no format {name:?} here"),
                    format!("use {}", names.join(", ")),
                )
            });
        }
        accept::preferred(self.header(header::ACCEPT), offered).ok_or_else(|| {
            let names: Vec<_> = offered.iter().map(|media| media.content_type()).collect();
            Problem::not_acceptable(&names.join(", "))
        })
    }

    /// The language wanted: by the parameter `lang`, else by `Accept-Language`.
    pub(crate) fn lang(&mut self) -> Result<Lang, Problem> {
        let choices = [("en", Lang::En), ("zh", Lang::Zh)];
        let wanted = self.given.choice_of("lang", &choices)?;
        Ok(wanted.unwrap_or_else(|| Lang::preferred(self.header(header::ACCEPT_LANGUAGE))))
    }

    /// Whether the client has what `etag` names.
    pub(crate) fn has(&self, etag: &str) -> bool {
        let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let known = self.header(header::IF_NONE_MATCH);
        known == "*" || known.split(',').any(|tag| bare(tag) == bare(etag))
    }

    /// Where the client reaches the server, as far as it says: the scheme from
    /// a proxy before it, the host from itself.
    pub(crate) fn base(&self) -> String {
        let proto = self.header(header::HeaderName::from_static("x-forwarded-proto"));
        let scheme = if proto == "https" { "https" } else { "http" };
        let host = self.header(header::HOST);
        let is_host = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
        let host = if !host.is_empty() && host.chars().all(is_host) {
            host
        } else {
            "localhost"
        };
        format!("{scheme}://{host}")
    }

    /// The headers that an answer depends on.
    pub(crate) fn varies(&self) -> String {
        let (accept, language) = (header::ACCEPT, header::ACCEPT_LANGUAGE);
        let base = self.base();
        format!("{}\n{}\n{base}", self.header(accept), self.header(language))
    }

    fn header(&self, name: header::HeaderName) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }
}
