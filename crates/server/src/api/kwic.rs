//! `kwic`: every occurrence of a text in its context.

use axum::{extract::State, response::Response};
use gongbao_query::KwicRow;
use utoipa::IntoParams;

use super::{
    ROWS,
    parameters::{FormatParameters, PlaceParameters},
};
use crate::{
    answer::{Answer, answer},
    app::Shared,
    asked::{Asked, filters},
    problem::{Problem, Refused},
};

/// Rows given where no limit is asked for.
const DEFAULT_LIMIT: usize = 1_000;

/// The most context on each side: whoever wants more reads the notice.
const MAX_CONTEXT: usize = 500;

/// What to find, and how much around it.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described, not built")]
pub(crate) struct KwicParameters {
    /// The text, found literally.
    #[param(min_length = 1, max_length = 1000, example = "隐性债务")]
    pattern: String,
    /// Characters of context on each side.
    #[param(
        minimum = 0,
        maximum = 500,
        default = 30,
        example = 30,
        required = false
    )]
    context: usize,
    /// How many rows at most.
    #[param(
        minimum = 1,
        maximum = 10000,
        default = 1000,
        example = 100,
        required = false
    )]
    limit: usize,
}

/// Every occurrence of a text, newest notices first, in the order of the text.
#[utoipa::path(
    get, path = "/api/v1/kwic", tag = "search",
    params(KwicParameters, PlaceParameters, FormatParameters),
    responses(
        (status = 200, description = "The occurrences", content(
            (Vec<KwicRow> = "application/json", example = json!([{
                "id": "k3v9w2x7q1m4t", "anchor": "2.1.6.20", "left": "坚决遏制新增", "match": "隐性债务", "right": "，稳妥化解存量"
            }])),
            (String = "application/jsonl"), (String = "text/csv"))),
        Refused,
    )
)]
pub(crate) async fn kwic(State(app): State<Shared>, mut asked: Asked) -> Result<Response, Problem> {
    let media = asked.media(ROWS)?;
    let given = &mut asked.given;
    let pattern = given.text("pattern")?.ok_or_else(|| {
        Problem::parameter("pattern", "there is nothing to look for", "give a text")
    })?;
    let context = given.number("context", 0..=MAX_CONTEXT)?.unwrap_or(30);
    let most = app.settings.limits.occurrences;
    let limit = given.number("limit", 1..=most)?;
    let limit = limit.unwrap_or(DEFAULT_LIMIT.min(most));
    let filters = filters(&given.place()?)?;
    std::mem::take(given).end()?;
    answer(&app, &asked, move |generation, _| {
        let mut rows: Vec<KwicRow> = Vec::new();
        generation
            .engine
            .kwic(&pattern, &filters, context, &mut |row| {
                rows.push(row);
                rows.len() < limit
            })?;
        Ok(Answer::rows(rows, media))
    })
    .await
}
