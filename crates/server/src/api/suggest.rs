//! `suggest`: terms that stand out in what a question finds.

use axum::{extract::State, response::Response};
use gongbao_desk::SuggestionRow;
use gongbao_query::Suggestions;
use utoipa::IntoParams;

use super::{
    ROWS,
    parameters::{FormatParameters, PlaceParameters, QuestionParameters},
};
use crate::{
    answer::{Answer, answer},
    app::Shared,
    asked::{Asked, Media},
    problem::{Problem, Refused},
    question::Question,
};

/// How many terms, and whether with examples.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described, not built")]
pub(crate) struct SuggestParameters {
    /// How many terms at most.
    #[param(
        minimum = 1,
        maximum = 100,
        default = 20,
        example = 20,
        required = false
    )]
    limit: usize,
    /// Give passages that have the term.
    #[param(example = true, required = false)]
    examples: bool,
}

/// Terms that stand out in the matching passages against all others.
///
/// JSON gives the whole answer; JSON Lines and CSV a term a line.
#[utoipa::path(
    get, path = "/api/v1/suggest", tag = "search",
    params(QuestionParameters, PlaceParameters, SuggestParameters, FormatParameters),
    responses(
        (status = 200, description = "The terms, those that stand out most first", content(
            (Suggestions = "application/json", example = json!({
                "matching": 25, "rest": 1200, "sampled": 25,
                "terms": [{"term": "平台公司", "matching": 9, "rest": 2, "matching_per_thousand": 360.0,
                    "rest_per_thousand": 1.7, "log_likelihood": 61.3, "example": null, "elsewhere": null}]
            })),
            (String = "application/jsonl"), (String = "text/csv"))),
        Refused,
    )
)]
pub(crate) async fn suggest(
    State(app): State<Shared>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let media = asked.media(ROWS)?;
    let question = Question::take(&mut asked.given)?;
    let limit = asked.given.number("limit", 1..=app.settings.limits.rows)?;
    let examples = asked.given.flag("examples")?;
    std::mem::take(&mut asked.given).end()?;
    answer(&app, &asked, move |generation, _| {
        let request = question.request(generation)?;
        let found = generation
            .engine
            .suggest(&request, limit.unwrap_or(20), examples)?;
        Ok(if media == Media::Json {
            Answer::json(&found)
        } else {
            Answer::rows(found.terms.iter().map(SuggestionRow), media)
        })
    })
    .await
}
