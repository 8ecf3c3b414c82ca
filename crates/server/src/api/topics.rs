//! `topics`: the topic packs.

use axum::{
    extract::{Path, State},
    response::Response,
};
use gongbao_desk::{TopicInFull, TopicRow};

use super::{ROWS, parameters::FormatParameters};
use crate::{
    answer::{Answer, answer},
    app::Shared,
    asked::{Asked, Media},
    problem::{Problem, Refused},
};

/// All topics.
#[utoipa::path(
    get, path = "/api/v1/topics", tag = "topics", params(FormatParameters),
    responses(
        (status = 200, description = "The topics, by id", content(
            (Vec<TopicRow> = "application/json", example = json!([{
                "id": "debt-resolution", "name_zh": "债务化解", "name_en": "Debt resolution",
                "version": 1, "expressions": 30, "scope": "…"
            }])),
            (String = "application/jsonl"), (String = "text/csv"))),
        Refused,
    )
)]
pub(crate) async fn list(State(app): State<Shared>, mut asked: Asked) -> Result<Response, Problem> {
    let media = asked.media(ROWS)?;
    std::mem::take(&mut asked.given).end()?;
    answer(&app, &asked, move |generation, _| {
        Ok(Answer::rows(
            generation.topics.iter().map(TopicRow::from),
            media,
        ))
    })
    .await
}

/// One topic in full: scope, expressions, the passages it is tested on.
#[utoipa::path(
    get, path = "/api/v1/topics/{id}", tag = "topics",
    params(("id" = String, Path, description = "Its id or name", example = "debt-resolution")),
    responses(
        (status = 200, description = "The topic", body = TopicInFull, example = json!({
            "id": "debt-resolution", "version": 1, "name_zh": "债务化解", "name_en": "Debt resolution",
            "aliases": ["化债"], "scope": "…", "broader": [], "related": [],
            "expressions": [{"text": "化解债务", "weight": 1.0, "near": null, "within": null, "with": [], "without": []}],
            "exclusions": ["债务人"], "threshold": 0.9, "judged_matching": 30, "judged_other": 30, "judged": [], "finds": []
        })),
        (status = 404, description = "There is no such topic", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(crate) async fn topic(
    State(app): State<Shared>,
    Path(name): Path<String>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    asked.media(&[Media::Json])?;
    std::mem::take(&mut asked.given).end()?;
    answer(&app, &asked, move |generation, _| {
        let pack = generation
            .packs()
            .pack(&name)
            .map_err(gongbao_desk::DeskError::from)?;
        let pack = pack.ok_or_else(|| {
            Problem::not_found(
                format!("there is no topic {name:?}"),
                "/api/v1/topics lists them",
            )
        })?;
        Ok(Answer::json(&TopicInFull::from(&pack)))
    })
    .await
}
