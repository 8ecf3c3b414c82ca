//! Style and script. Their addresses change with them, so browsers keep them
//! for ever.

use std::sync::LazyLock;

use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use sha2::{Digest, Sha256};

use crate::app::Shared;

const STYLE: &str = include_str!("../../assets/room.css");
const SCRIPT: &str = include_str!("../../assets/room.js");
const ICON: &str = include_str!("../../assets/icon.svg");

/// The address of the style sheet.
pub(super) static STYLE_PATH: LazyLock<String> = LazyLock::new(|| path("css", STYLE));
/// The address of the script.
pub(super) static SCRIPT_PATH: LazyLock<String> = LazyLock::new(|| path("js", SCRIPT));
/// The address of the icon.
pub(super) const ICON_PATH: &str = "/assets/icon.svg";

fn path(extension: &str, content: &str) -> String {
    let digest = Sha256::digest(content.as_bytes());
    let short: String = digest[..6]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("/assets/room-{short}.{extension}")
}

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route(
            &STYLE_PATH,
            get(|| async { kept("text/css; charset=utf-8", STYLE) }),
        )
        .route(
            &SCRIPT_PATH,
            get(|| async { kept("text/javascript; charset=utf-8", SCRIPT) }),
        )
        .route(ICON_PATH, get(|| async { kept("image/svg+xml", ICON) }))
}

fn kept(content_type: &'static str, content: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, content).into_response()
}
