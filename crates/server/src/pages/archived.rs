//! The page as it was received, served inert: in a sandbox without scripts,
//! forms or requests to anywhere.

use axum::{
    extract::{Path, State},
    http::{HeaderName, HeaderValue, header},
    response::Response,
};
use gongbao_archive::{CaptureKind, VersionRecord};
use gongbao_desk::ReadingError;
use gongbao_notice::NoticeId;

use crate::{
    answer::{Answer, answer},
    app::Shared,
    asked::Asked,
    problem::Problem,
};

/// What an archived page may do: show itself, with the styles that stand in
/// it. The sandbox keeps scripts, forms, plug-ins and navigation from it.
const POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
    form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

pub(super) async fn archived(
    State(app): State<Shared>,
    Path(id): Path<String>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let version = asked.given.number("version", 1..=usize::MAX)?;
    asked.given.forget();
    let mut response = answer(&app, &asked, move |_, app| {
        let id: NoticeId = id.parse().map_err(ReadingError::from)?;
        let archive = app.desk.archive()?;
        let versions = archive.versions(&id)?;
        let wanted = match version {
            Some(number) => versions.into_iter().find(|v| v.version as usize == number),
            None => versions.into_iter().next_back(),
        };
        let wanted = wanted.ok_or_else(|| {
            Problem::not_found(
                format!("there is no such version of {id}"),
                "the notice's page lists its versions",
            )
        })?;
        let loaded = archive.load(&wanted)?;
        let content_type = content_type(&wanted, &loaded.bytes);
        let mut answer = Answer::of(loaded.bytes, content_type);
        answer.state = wanted.sha256;
        Ok(answer)
    })
    .await?;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (HeaderName::from_static("x-dns-prefetch-control"), "off"),
        (header::CONTENT_DISPOSITION, "inline"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// The type under which a browser may show it. A page that came without a
/// charset tells its own, unless it plainly is UTF-8; whatever is no page is
/// shown as text.
fn content_type(version: &VersionRecord, bytes: &[u8]) -> &'static str {
    let received = version.content_type.as_deref().unwrap_or("text/html");
    let received = received.to_ascii_lowercase();
    let charset = |name: &str| received.contains(name);
    match version.kind {
        CaptureKind::Row => "text/plain; charset=utf-8",
        CaptureKind::Page if !received.contains("html") => "text/plain; charset=utf-8",
        CaptureKind::Page if charset("utf-8") => "text/html; charset=utf-8",
        CaptureKind::Page if charset("gb") => "text/html; charset=gb18030",
        CaptureKind::Page if std::str::from_utf8(bytes).is_ok() => "text/html; charset=utf-8",
        CaptureKind::Page => "text/html",
    }
}
