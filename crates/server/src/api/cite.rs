//! `cite`: a notice or one item of it, as cited.

use axum::{
    extract::{Path, State},
    response::Response,
};
use gongbao_desk::Reading;
use gongbao_query::{Citation, quote_stands};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    answer::{Answer, answer},
    app::Shared,
    asked::{Asked, Media},
    problem::{Problem, Refused},
};

/// What is cited, and how.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described, not built")]
pub(crate) struct CiteParameters {
    /// The item; else the whole notice.
    #[param(required = false)]
    anchor: String,
    /// The style of `text`.
    #[param(inline, default = "gbt7714", example = "bibtex", required = false)]
    style: StyleName,
    /// The words quoted, which must stand there.
    #[param(required = false)]
    quote: String,
}

/// How a citation is written in a style.
type Written = fn(&Citation) -> String;

/// A style of citations.
#[derive(ToSchema)]
#[schema(rename_all = "kebab-case")]
#[expect(dead_code, reason = "described, not built")]
enum StyleName {
    Gbt7714,
    Bibtex,
    CslJson,
}

/// A citation.
#[derive(Serialize, ToSchema)]
pub(crate) struct CiteAnswer {
    /// What is cited: id, anchor, digest of the page, header fields.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    citation: Citation,
    /// The citation in the style asked for.
    text: String,
}

/// A notice or one item of it, as cited: with the digest of the page as it was
/// received and the day it was fetched. `gongbao cite --check` reads it back.
#[utoipa::path(
    get, path = "/api/v1/notices/{id}/cite", tag = "notices",
    params(("id" = String, Path, description = "Its id, as search gives it", example = "k3v9w2x7q1m4t"), CiteParameters),
    responses(
        (status = 200, description = "The citation", body = CiteAnswer, content_type = "application/json", example = json!({
            "id": "k3v9w2x7q1m4t", "anchor": null, "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "quote": null, "item": null, "heading": null, "title": "关于巡察整改进展情况的通报", "organ": null, "doc_number": null,
            "site": "www.example.gov.cn", "url": "https://www.example.gov.cn/t1.html", "date": "2025-09-23", "fetched": "2025-09-24T01:00:00Z",
            "text": "关于巡察整改进展情况的通报[EB/OL]. (2025-09-23)[2025-09-24]. https://www.example.gov.cn/t1.html."
        })),
        (status = 404, description = "There is no such notice or item", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(crate) async fn cite(
    State(app): State<Shared>,
    Path(id): Path<String>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    asked.media(&[Media::Json])?;
    let anchor = asked.given.text("anchor")?;
    let styles: [(&str, Written); 3] = [
        ("gbt7714", Citation::gbt7714),
        ("bibtex", Citation::bibtex),
        ("csl-json", Citation::csl_json),
    ];
    let style = asked.given.choice_of("style", &styles)?;
    let quote = asked.given.text("quote")?;
    std::mem::take(&mut asked.given).end()?;
    let name = match anchor {
        Some(anchor) => format!("{id}#{anchor}"),
        None => id,
    };
    answer(&app, &asked, move |_, app| {
        let archive = app.desk.archive()?;
        let reading = Reading::of(&name, &archive, &app.desk.reader()?)?;
        if let Some(quote) = &quote
            && !quote_stands(quote, reading.text())
        {
            return Err(Problem::parameter(
                "quote",
                format!("these words do not stand in {name}"),
                "quote words of the notice, or of the item that anchor names",
            ));
        }
        let citation = reading.citation(quote);
        let text = style.unwrap_or(Citation::gbt7714)(&citation);
        let mut answer = Answer::json(&CiteAnswer { citation, text });
        answer.state = reading.record.seq.to_string();
        Ok(answer)
    })
    .await
}
