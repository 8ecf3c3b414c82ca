//! The reading room: pages for people, made on the server. They work without
//! scripts; the one script there is adds comfort.

mod archived; // the page as it was received, inert
mod assets; // style and script
mod citing; // a notice or item as cited
mod difference; // what an edit did
mod frame; // what stands around every page
mod home; // search box and topics
mod links; // addresses of pages
mod notice; // one notice, with its outline
mod readback; // a question read back in words
mod results; // hits
mod status; // what the corpus holds
mod text; // page text made safe, marked, cut
mod topic; // one topic
mod wrong; // problems as pages

use axum::{Router, middleware, routing::get};
use maud::{Markup, PreEscaped};

use crate::{answer::Answer, app::Shared};

pub(crate) use self::wrong::problem_page;

const HTML: &str = "text/html; charset=utf-8";

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/", get(home::home))
        .route("/search", get(results::results))
        .route("/notices/{id}", get(notice::notice))
        .route("/notices/{id}/cite", get(citing::citing))
        .route("/notices/{id}/changes", get(difference::difference))
        .route("/notices/{id}/archived", get(archived::archived))
        .route("/topics", get(home::topics))
        .route("/topics/{id}", get(topic::topic))
        .route("/status", get(status::status))
        .layer(middleware::from_fn(wrong::as_page))
        .merge(assets::routes())
}

/// A page as an answer.
fn page(markup: Markup) -> Answer {
    let PreEscaped(html) = markup;
    Answer::of(html.into_bytes(), HTML)
}
