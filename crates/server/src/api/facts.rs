//! `facts`: figures with their units and the words they belong to.

use axum::{extract::State, response::Response};
use gongbao_query::{FactFilter, FactKind, FactRow};
use utoipa::IntoParams;

use super::{
    ROWS,
    parameters::{FormatParameters, PlaceParameters, QuestionParameters},
};
use crate::{
    answer::{Answer, answer},
    app::Shared,
    asked::Asked,
    problem::{Problem, Refused},
    question::Question,
};

/// Rows given where no limit is asked for.
const DEFAULT_LIMIT: usize = 1_000;

/// Which facts are wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described, not built")]
pub(crate) struct FactParameters {
    /// Only facts of this kind, such as `money`.
    #[param(max_items = 50, required = false)]
    kind: Vec<String>,
    /// Only facts in this unit: 件, 元.
    #[param(max_items = 50, example = json!(["元"]), required = false)]
    unit_of: Vec<String>,
    /// Only facts of something, or something done, whose words contain this.
    #[param(max_items = 50, example = json!(["债务"]), required = false)]
    object: Vec<String>,
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

/// The figures of the passages that match, newest notices first, in the order
/// of the text; of all passages where nothing is asked for.
#[utoipa::path(
    get, path = "/api/v1/facts", tag = "search",
    params(FactParameters, QuestionParameters, PlaceParameters, FormatParameters),
    responses(
        (status = 200, description = "The facts", content(
            (Vec<FactRow> = "application/json", example = json!([{
                "id": "k3v9w2x7q1m4t", "title": "关于巡察整改进展情况的通报",
                "region": {"code": "990102", "name": "云陵省澄江市雁洲县"}, "published": "2025-09-23",
                "anchor": "2.1.6.20", "offsets": [12, 18], "kind": "money", "printed": "2.15亿元",
                "value": 215000000.0, "upper": null, "unit": "元", "action": "化解", "object": "隐性债务",
                "qualifiers": [], "period": null, "name": null, "code": null, "also_in": []
            }])),
            (String = "application/jsonl"),
            (String = "text/csv"))),
        Refused,
    )
)]
pub(crate) async fn facts(
    State(app): State<Shared>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let media = asked.media(ROWS)?;
    let given = &mut asked.given;
    let filter = FactFilter {
        kinds: kinds(given.list("kind")?)?,
        units: given.list("unit_of")?,
        objects: given.list("object")?,
    };
    let most = app.settings.limits.occurrences;
    let limit = given.number("limit", 1..=most)?;
    let limit = limit.unwrap_or(DEFAULT_LIMIT.min(most));
    let question = Question::take(given)?;
    std::mem::take(given).end()?;
    answer(&app, &asked, move |generation, _| {
        let request = question.request(generation)?;
        let mut rows: Vec<FactRow> = Vec::new();
        generation.engine.facts(&request, &filter, &mut |row| {
            rows.push(row);
            rows.len() < limit
        })?;
        Ok(Answer::rows(rows, media))
    })
    .await
}

/// The kinds of those names.
fn kinds(names: Vec<String>) -> Result<Vec<FactKind>, Problem> {
    let kind = |name: String| {
        let found = FactKind::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| {
            let name: String = name.chars().take(80).collect();
            let known: Vec<_> = FactKind::ALL.iter().map(|kind| kind.name()).collect();
            Problem::parameter(
                "kind",
                format!("kind is {name:?}"),
                format!("use {}", known.join(", ")),
            )
        })
    };
    names.into_iter().map(kind).collect()
}
