//! Atom feeds: one for every topic and every question.
//!
//! Source: RFC 4287.

mod atom; // the XML

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use gongbao_query::{Order, Unit};

use self::atom::Feed;
use crate::{
    answer::{Answer, answer},
    app::Shared,
    asked::Asked,
    problem::Problem,
    question::Question,
};

/// Entries of a feed.
const ENTRIES: usize = 50;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/feeds/search.atom", get(search))
        .route("/feeds/topics/{file}", get(topic))
}

/// The newest passages on a question.
async fn search(State(app): State<Shared>, mut asked: Asked) -> Result<Response, Problem> {
    let question = Question::take(&mut asked.given)?;
    asked.given.forget();
    feed(&app, &asked, question).await
}

/// The newest passages on a topic.
async fn topic(
    State(app): State<Shared>,
    Path(file): Path<String>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let mut question = Question::take(&mut asked.given)?;
    asked.given.forget();
    let id = file.strip_suffix(".atom");
    let known = app.library.current();
    let id = id.filter(|id| known.topic(id).is_some()).ok_or_else(|| {
        Problem::not_found(
            "there is no feed of that name",
            "feeds are /feeds/topics/ID.atom; /api/v1/topics lists the ids",
        )
    })?;
    question.topic = Some(id.to_owned());
    feed(&app, &asked, question).await
}

async fn feed(app: &Shared, asked: &Asked, mut question: Question) -> Result<Response, Problem> {
    question.unit = Unit::Passage;
    question.order = Order::Newest;
    question.limit = ENTRIES;
    let base = asked.base();
    let address = asked.uri.to_string();
    answer(app, asked, move |generation, app| {
        let request = question.request(generation)?;
        let topic = request.topic;
        let found = generation.engine.search(&request)?;
        let archive = app.desk.archive()?;
        let feed = Feed {
            base: &base,
            address: &address,
            corpus: &generation.engine.note().corpus,
            published: generation.published,
            question: &question,
            topic,
            hits: &found.hits,
            first_seen: &|id| {
                let id = id.parse().ok()?;
                Some(archive.notice(&id).ok()??.first_seen)
            },
        };
        Ok(Answer::of(
            feed.to_xml().into_bytes(),
            "application/atom+xml; charset=utf-8",
        ))
    })
    .await
}
