//! `search`: ranked hits, a page at a time.

use axum::{extract::State, response::Response};
use gongbao_desk::HitRow;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

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

/// Which page of the answer, and what it shows.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described, not built")]
pub(crate) struct PageParameters {
    /// What to count and show.
    #[param(value_type = SearchUnit, example = "notice", required = false)]
    unit: String,
    /// What comes first.
    #[param(value_type = SearchSort, example = "newest", required = false)]
    sort: String,
    /// How many hits at most.
    #[param(
        minimum = 0,
        maximum = 100,
        default = 10,
        example = 10,
        required = false
    )]
    limit: usize,
    /// How many hits to leave out before.
    #[param(
        minimum = 0,
        maximum = 10000,
        default = 0,
        example = 0,
        required = false
    )]
    offset: usize,
    /// How many passages of a notice at most.
    #[param(minimum = 0, maximum = 100, default = 3, example = 3, required = false)]
    passages: usize,
    /// Tell what made up each score.
    #[param(example = true, required = false)]
    explain: bool,
    /// Give every copy of a text a hit of its own.
    #[param(rename = "no-fold", example = false, required = false)]
    no_fold: bool,
    /// The `next_cursor` of the page before. Unlike `offset` it loses its place to no notice that came in meanwhile.
    #[param(required = false)]
    cursor: String,
}

/// What to count and show.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "described, not built")]
pub(crate) enum SearchUnit {
    Notice,
    Passage,
}

/// What comes first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "described, not built")]
pub(crate) enum SearchSort {
    Relevance,
    Newest,
    Oldest,
}

/// A page of hits.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "query": "债务化解", "unit": "notice", "total": 1, "took_ms": 1.8,
    "hits": [{
        "id": "k3v9w2x7q1m4t", "title": "关于巡察整改进展情况的通报", "url": "https://www.example.gov.cn/t1.html",
        "organ": "雁洲县财政局", "region": {"code": "990102", "name": "云陵省澄江市雁洲县"}, "genre": "巡视整改通报",
        "published": "2025-09-23", "signed": "2025-09-01", "score": 14.2, "matched": 1,
        "passages": [{
            "anchor": "2.1.6.20", "label": "(20)", "path": ["二、聚焦…", "(20)化解债务…"],
            "text": "(20)化解债务。…", "highlights": [[4, 6], [6, 8]], "score": 9.7
        }]
    }],
    "notes": [], "next_cursor": null
}))]
pub(crate) struct SearchAnswer {
    #[serde(flatten)]
    response: gongbao_query::Response,
    /// Give this as `cursor` for the next page; null on the last one.
    next_cursor: Option<String>,
}

/// Ranked hits, each with its best passages.
///
/// JSON gives the whole answer; JSON Lines a hit a line; CSV a passage a line.
#[utoipa::path(
    get, path = "/api/v1/search", tag = "search",
    params(QuestionParameters, PlaceParameters, PageParameters, FormatParameters),
    responses(
        (status = 200, description = "The hits; `Link` with `rel=\"next\"` leads to the next page",
            content((SearchAnswer = "application/json"), (String = "application/jsonl"), (String = "text/csv"))),
        Refused,
    )
)]
pub(crate) async fn search(
    State(app): State<Shared>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let media = asked.media(ROWS)?;
    let question = Question::take_paged(&mut asked.given, &app.settings.limits)?;
    std::mem::take(&mut asked.given).end()?;
    let address = asked.uri.clone();
    answer(&app, &asked, move |generation, _| {
        let page = question.page(generation)?;
        let next = page.next.map(|cursor| cursor.to_string());
        let mut answer = if media == Media::Json {
            Answer::json(&SearchAnswer {
                response: page.response,
                next_cursor: next.clone(),
            })
        } else {
            let rows = HitRow::all(&page.response, page.first, media.into());
            Answer::rows(rows, media)
        };
        answer.next = next.map(|cursor| next_address(&address, &cursor));
        Ok(answer)
    })
    .await
}

/// `address` with another place to begin.
fn next_address(address: &axum::http::Uri, cursor: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let given = address.query().unwrap_or_default();
    for (name, value) in form_urlencoded::parse(given.as_bytes()) {
        if name != "cursor" && name != "offset" {
            query.append_pair(&name, &value);
        }
    }
    query.append_pair("cursor", cursor);
    format!("{}?{}", address.path(), query.finish())
}
