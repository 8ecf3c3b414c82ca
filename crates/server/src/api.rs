//! `/api/v1`: what the command line gives, by the same names.

pub(crate) mod cite;
pub(crate) mod count;
pub(crate) mod facts;
pub(crate) mod kwic;
pub(crate) mod notices;
pub(crate) mod parameters; // what several routes take, for the OpenAPI document
pub(crate) mod search;
pub(crate) mod suggest;
pub(crate) mod topics;

use axum::{Router, routing::get};

use crate::{app::Shared, asked::Media};

/// All formats; the first is given where none is asked for.
const ROWS: &[Media] = &[Media::Json, Media::Jsonl, Media::Csv];

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/api/v1/search", get(search::search))
        .route("/api/v1/topics", get(topics::list))
        .route("/api/v1/topics/{id}", get(topics::topic))
        .route("/api/v1/notices/{id}", get(notices::notice))
        .route("/api/v1/notices/{id}/history", get(notices::history))
        .route("/api/v1/notices/{id}/diff", get(notices::diff))
        .route("/api/v1/notices/{id}/cite", get(cite::cite))
        .route("/api/v1/count", get(count::count))
        .route("/api/v1/facts", get(facts::facts))
        .route("/api/v1/kwic", get(kwic::kwic))
        .route("/api/v1/suggest", get(suggest::suggest))
}
