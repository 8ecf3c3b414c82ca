//! `/openapi.json`: the API described, made from the handlers.

use std::sync::LazyLock;

use axum::{http::header, response::IntoResponse};
use utoipa::OpenApi;

use crate::{api, health};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "gongbao",
        description = "Full-text search for Chinese government notices. Parameters bear the names of the command line's flags, and answers are the same JSON. \
            Unknown parameters are refused by name. Answers carry ETags that follow the index."
    ),
    paths(
        api::search::search,
        api::topics::list,
        api::topics::topic,
        api::notices::notice,
        api::notices::history,
        api::notices::diff,
        api::cite::cite,
        api::kwic::kwic,
        api::count::count,
        api::facts::facts,
        api::suggest::suggest,
        health::healthz,
        health::readyz,
        health::metrics,
        document,
    ),
    // What parameters alone refer to is named here; the rest comes along.
    components(schemas(
        api::count::CountBy,
        api::count::CountLevel,
        api::parameters::RowFormat,
        api::search::SearchSort,
        api::search::SearchUnit,
    )),
    tags(
        (name = "search", description = "Finding passages"),
        (name = "topics", description = "Topic packs"),
        (name = "notices", description = "Reading notices"),
        (name = "server", description = "For whoever watches the server"),
    )
)]
struct Document;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    Document::openapi()
        .to_pretty_json()
        .expect("the description is plain JSON")
});

/// This description.
#[utoipa::path(
    get, path = "/openapi.json", tag = "server",
    responses((status = 200, description = "OpenAPI 3.1", body = Object, content_type = "application/json"))
)]
pub(crate) async fn document() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "application/json")],
        DOCUMENT.as_str(),
    )
}
