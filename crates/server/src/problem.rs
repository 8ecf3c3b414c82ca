//! Errors as `application/problem+json`, naming the parameter and the cure.
//!
//! Source: RFC 9457.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use gongbao_desk::{CompareError, DeskError, ReadingError};
use gongbao_query::{OpenError, SearchError};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

/// Why a request was not answered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Which problem it is, for programs.
    #[serde(rename = "type")]
    #[schema(example = "urn:gongbao:problem:parameter")]
    pub(crate) kind: &'static str,
    /// What it is, for people.
    #[schema(example = "a parameter cannot be used")]
    pub(crate) title: &'static str,
    /// The HTTP status.
    #[serde(serialize_with = "code")]
    #[schema(value_type = u16, example = 400)]
    pub(crate) status: StatusCode,
    /// What is wrong in this case.
    #[schema(example = "limit is 1000, more than 100")]
    pub(crate) detail: String,
    /// The parameter it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "limit")]
    pub(crate) parameter: Option<String>,
    /// What to do.
    #[schema(example = "ask for at most 100 and follow next_cursor")]
    pub(crate) cure: String,
    /// Seconds after which to try again.
    #[serde(skip)]
    pub(crate) retry_after: Option<u32>,
}

/// Why any question may be refused, for `/openapi.json`: what stands with each is its
/// description there.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "described, not built")]
pub(crate) enum Refused {
    /// A parameter cannot be used
    #[response(status = 400, content_type = "application/problem+json")]
    Parameter(Problem),
    /// No such format
    #[response(status = 406, content_type = "application/problem+json")]
    Format(Problem),
    /// Too much at once; see Retry-After
    #[response(status = 503, content_type = "application/problem+json")]
    TooMuch(Problem),
}

fn code<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

impl Problem {
    fn new(
        kind: &'static str,
        title: &'static str,
        status: StatusCode,
        detail: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            title,
            status,
            detail: detail.into(),
            parameter: None,
            cure: cure.into(),
            retry_after: None,
        }
    }

    /// The value of parameter `name` cannot be used.
    pub(crate) fn parameter(
        name: impl Into<String>,
        detail: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self {
            parameter: Some(name.into()),
            ..Self::new(
                "urn:gongbao:problem:parameter",
                "a parameter cannot be used",
                StatusCode::BAD_REQUEST,
                detail,
                cure,
            )
        }
    }

    /// There is nothing at this address.
    pub(crate) fn not_found(detail: impl Into<String>, cure: impl Into<String>) -> Self {
        Self::new(
            "urn:gongbao:problem:not-found",
            "there is nothing here",
            StatusCode::NOT_FOUND,
            detail,
            cure,
        )
    }

    /// The method is not one for this address.
    pub(crate) fn method() -> Self {
        Self::new(
            "urn:gongbao:problem:method",
            "this address is only read",
            StatusCode::METHOD_NOT_ALLOWED,
            "the server changes nothing, so it takes GET and HEAD only",
            "ask with GET",
        )
    }

    /// None of the formats that the client takes is given here.
    pub(crate) fn not_acceptable(given: &str) -> Self {
        Self::new(
            "urn:gongbao:problem:not-acceptable",
            "no such format",
            StatusCode::NOT_ACCEPTABLE,
            format!("this address gives {given}"),
            "name one of them in Accept, or leave Accept out",
        )
    }

    /// The address is too long.
    pub(crate) fn address_too_long(limit: usize) -> Self {
        Self::new(
            "urn:gongbao:problem:address-too-long",
            "the address is too long",
            StatusCode::URI_TOO_LONG,
            format!("an address has at most {limit} bytes here"),
            "ask a shorter question",
        )
    }

    /// The client may not ask.
    pub(crate) fn unauthorized() -> Self {
        Self::new(
            "urn:gongbao:problem:unauthorized",
            "a token is wanted",
            StatusCode::UNAUTHORIZED,
            "the request has no token, or one that is not known",
            "send Authorization: Bearer and the token, or the token as password of any user",
        )
    }

    /// Too much is asked at once.
    pub(crate) fn overloaded() -> Self {
        Self {
            retry_after: Some(1),
            ..Self::new(
                "urn:gongbao:problem:overloaded",
                "too many requests at once",
                StatusCode::SERVICE_UNAVAILABLE,
                "as many requests as may wait are waiting",
                "try again in a second",
            )
        }
    }

    /// It took too long.
    pub(crate) fn too_slow(seconds: u64) -> Self {
        Self {
            retry_after: Some(5),
            ..Self::new(
                "urn:gongbao:problem:too-slow",
                "the answer took too long",
                StatusCode::SERVICE_UNAVAILABLE,
                format!("a request may take {seconds} s, waiting included"),
                "narrow the question down, or try again in a few seconds",
            )
        }
    }

    /// It cannot be answered yet.
    pub(crate) fn not_ready(detail: impl Into<String>) -> Self {
        Self {
            retry_after: Some(5),
            ..Self::new(
                "urn:gongbao:problem:not-ready",
                "the server is not ready",
                StatusCode::SERVICE_UNAVAILABLE,
                detail,
                "try again in a few seconds",
            )
        }
    }

    /// The index is not as it was written.
    pub(crate) fn damaged() -> Self {
        Self::new(
            "urn:gongbao:problem:damaged",
            "the index is damaged",
            StatusCode::SERVICE_UNAVAILABLE,
            "a file of the index is not as it was written, so that answers could be wrong",
            "tell whoever runs this server: `gongbao verify --repair` makes the index anew",
        )
    }

    /// A defect, or a corpus that is damaged. What went wrong is logged, not
    /// told: it may name files.
    pub(crate) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        let causes: Vec<_> = std::iter::successors(Some(error), |error| error.source())
            .map(ToString::to_string)
            .collect();
        tracing::error!(error = causes.join(": "), "a request failed");
        Self::new(
            "urn:gongbao:problem:internal",
            "the server failed",
            StatusCode::INTERNAL_SERVER_ERROR,
            "something of the corpus could not be read; the server's log says what",
            "tell whoever runs this server",
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).expect("plain values always serialise");
        let mut response = (
            self.status,
            [
                (header::CONTENT_TYPE, "application/problem+json"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            body,
        )
            .into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let wanted = "Bearer realm=\"gongbao\", Basic realm=\"gongbao\", charset=\"UTF-8\"";
            headers.insert(
                header::WWW_AUTHENTICATE,
                header::HeaderValue::from_static(wanted),
            );
        }
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            headers.insert(header::ALLOW, header::HeaderValue::from_static("GET, HEAD"));
        }
        // The reading room shows problems as pages.
        response.extensions_mut().insert(self);
        response
    }
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Empty => Self::parameter(
                "q",
                "there is nothing to search for",
                "give q, topic or a filter such as region",
            ),
            other => Self::internal(&other),
        }
    }
}

impl From<ReadingError> for Problem {
    fn from(error: ReadingError) -> Self {
        let cure = "search for it: results name notices by their ids";
        match error {
            ReadingError::NoNotice(_) | ReadingError::NoId(_) => {
                Self::not_found(error.to_string(), cure)
            }
            ReadingError::NoItem { .. } => {
                Self::not_found(error.to_string(), "the notice's outline lists its items")
            }
            other => Self::internal(&other),
        }
    }
}

impl From<CompareError> for Problem {
    fn from(error: CompareError) -> Self {
        let cure = "the notice lists its versions";
        match error {
            CompareError::OneVersion | CompareError::NoVersion { .. } => {
                Self::not_found(error.to_string(), cure)
            }
            CompareError::Reading(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        match &error {
            DeskError::Index(OpenError::Missing { .. }) => {
                Self::not_ready("the corpus has no index yet")
            }
            _ => Self::internal(&error),
        }
    }
}

impl From<gongbao_archive::ArchiveError> for Problem {
    fn from(error: gongbao_archive::ArchiveError) -> Self {
        Self::internal(&error)
    }
}
