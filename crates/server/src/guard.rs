//! What stands around every request: who may ask, how long an address may be,
//! the headers that keep browsers safe, the log and the counters.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{access::may_ask, app::Shared, problem::Problem};

/// Routes that need no token: they tell nothing of the corpus.
const OPEN_ROUTES: [&str; 2] = ["/healthz", "/readyz"];

/// What pages may do: show what this server sends, and send forms to it. No
/// script or style stands in a page, so none that a notice smuggles in runs.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// Lets `request` through to `next`, or not.
pub(crate) async fn guard(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let uri = request.uri().clone();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let limit = app.settings.limits.address;
    let mut response = if address_bytes(&uri) > limit {
        Problem::address_too_long(limit).into_response()
    } else if !OPEN_ROUTES.contains(&uri.path())
        && !may_ask(request.headers(), &app.settings.tokens)
    {
        Problem::unauthorized().into_response()
    } else {
        next.run(request).await
    };
    protect(&mut response);
    let took = started.elapsed();
    let status = response.status().as_u16();
    app.metrics.count(&route, status, took);
    let asked = if app.settings.log_queries {
        uri.query().unwrap_or_default()
    } else {
        ""
    };
    tracing::info!(
        target: "gongbao::access",
        method = method.as_str(),
        route,
        path = uri.path(),
        query = asked,
        status,
        ms = (took.as_secs_f64() * 1e5).round() / 100.0,
        "request"
    );
    response
}

fn address_bytes(uri: &Uri) -> usize {
    uri.path_and_query().map_or(0, |whole| whole.as_str().len())
}

/// Sets the headers that keep browsers safe, except where a route set its own.
fn protect(response: &mut Response) {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            header::HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=()",
        ),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
}
