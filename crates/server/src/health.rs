//! For whoever watches the server.

use axum::{extract::State, http::header, response::IntoResponse};

use crate::{app::Shared, problem::Problem};

/// Whether the server lives.
#[utoipa::path(
    get, path = "/healthz", tag = "server",
    responses((status = 200, description = "It lives", body = String, content_type = "text/plain", example = "ok\n"))
)]
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether the server can answer searches.
#[utoipa::path(
    get, path = "/readyz", tag = "server",
    responses(
        (status = 200, description = "It answers from this generation of the index",
            body = String, content_type = "text/plain", example = "ready: generation 12\n"),
        (status = 503, description = "The index is damaged", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(crate) async fn readyz(State(app): State<Shared>) -> Result<String, Problem> {
    // The server starts only with an index, and keeps the last good one.
    let generation = app.library.whole()?;
    Ok(format!("ready: generation {}\n", generation.number()))
}

/// What is counted, for Prometheus.
#[utoipa::path(
    get, path = "/metrics", tag = "server",
    responses((status = 200, description = "Metrics in OpenMetrics text", body = String,
        content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8"))
)]
pub(crate) async fn metrics(State(app): State<Shared>) -> impl IntoResponse {
    let busy = app.pool.busy(&app.settings.limits);
    (
        [(
            header::CONTENT_TYPE,
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
        )],
        app.metrics.text(&app.library.current(), busy),
    )
}
