//! `notices`: one notice, read out of the archive.

use axum::{
    extract::{Path, State},
    response::Response,
};
use gongbao_archive::VersionRecord;
use gongbao_desk::{Compared, EditRow, HistoryRow, PassageRow, Reading, Shown, find_notice};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::{ROWS, parameters::FormatParameters};
use crate::{
    answer::{Answer, answer},
    app::Shared,
    asked::{Asked, Media},
    problem::{Problem, Refused},
};

/// Which part of a notice.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described, not built")]
pub(crate) struct ItemParameters {
    /// Only the passages of this item.
    #[param(required = false)]
    anchor: String,
}

/// A notice: header fields, outline, blocks, passages, versions.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeAnswer {
    #[serde(flatten)]
    shown: Shown,
    /// Its versions, oldest first.
    versions: Vec<VersionRow>,
}

/// A version of a notice, as received.
#[derive(Serialize, ToSchema)]
pub(crate) struct VersionRow {
    /// 1, 2, 3 …
    version: u32,
    /// When it was received.
    fetched: String,
    /// When it last changed, as its server or file system says.
    modified: Option<String>,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    sha256: String,
    /// How many bytes.
    size: u64,
    /// Its content type, as received.
    content_type: Option<String>,
}

impl From<VersionRecord> for VersionRow {
    fn from(record: VersionRecord) -> Self {
        Self {
            version: record.version,
            fetched: record.fetched.to_string(),
            modified: record.modified.map(|time| time.to_string()),
            sha256: record.sha256,
            size: record.size,
            content_type: record.content_type,
        }
    }
}

/// A notice in full, as it is now.
///
/// JSON gives all of it; JSON Lines and CSV its passages.
#[utoipa::path(
    get, path = "/api/v1/notices/{id}", tag = "notices",
    params(
        ("id" = String, Path, description = "Its id, as search gives it", example = "k3v9w2x7q1m4t"),
        ItemParameters, FormatParameters
    ),
    responses(
        (status = 200, description = "The notice", content(
            (NoticeAnswer = "application/json", example = json!({
                "id": "k3v9w2x7q1m4t", "title": "关于巡察整改进展情况的通报", "url": "https://www.example.gov.cn/t1.html",
                "organ": "雁洲县财政局", "region": {"code": "990102", "name": "云陵省澄江市雁洲县"}, "genre": "巡视整改通报",
                "published": "2025-09-23", "signed": "2025-09-01", "doc_number": null, "index_number": null,
                "source": null, "columns": ["首页", "通知公告"], "editor": null, "fetched": "2025-09-24T01:00:00Z",
                "version": 1, "origins": {"title": "meta"}, "warnings": [],
                "outline": [{"anchor": "1", "label": "一、", "heading": "一、整改情况", "depth": 0}],
                "blocks": [{"kind": "paragraph", "text": "一、整改情况"}],
                "passages": [{"anchor": "1", "label": "一、", "path": ["一、整改情况"], "text": "一、整改情况"}],
                "versions": [{"version": 1, "fetched": "2025-09-24T01:00:00Z", "modified": null,
                    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "size": 5120, "content_type": "text/html"}]
            })),
            (String = "application/jsonl"), (String = "text/csv"))),
        (status = 404, description = "There is no such notice or item", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(crate) async fn notice(
    State(app): State<Shared>,
    Path(id): Path<String>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let media = asked.media(ROWS)?;
    let anchor = asked.given.text("anchor")?;
    std::mem::take(&mut asked.given).end()?;
    let name = match anchor {
        Some(anchor) => format!("{id}#{anchor}"),
        None => id,
    };
    answer(&app, &asked, move |generation, app| {
        let archive = app.desk.archive()?;
        let reading = Reading::of(&name, &archive, &app.desk.reader()?)?;
        let mut answer = if media == Media::Json {
            Answer::json(&NoticeAnswer {
                shown: Shown::of(&reading, generation.engine.copies(&reading.record.id).ok()),
                versions: archive
                    .versions(&reading.record.id)?
                    .into_iter()
                    .map(VersionRow::from)
                    .collect(),
            })
        } else {
            Answer::rows(PassageRow::all(&reading), media)
        };
        // The archive may be ahead of the index.
        answer.state = reading.record.seq.to_string();
        Ok(answer)
    })
    .await
}

/// Which versions are compared.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described, not built")]
pub(crate) struct DiffParameters {
    /// The older version; else the one before the newer one.
    #[param(minimum = 1, maximum = 4294967295u32, required = false)]
    from: u32,
    /// The newer version; else the newest.
    #[param(minimum = 1, maximum = 4294967295u32, required = false)]
    to: u32,
}

/// What became of a notice, fetch by fetch and version by version.
#[utoipa::path(
    get, path = "/api/v1/notices/{id}/history", tag = "notices",
    params(("id" = String, Path, description = "Its id, as search gives it", example = "k3v9w2x7q1m4t"), FormatParameters),
    responses(
        (status = 200, description = "The history, oldest first", content(
            (Vec<HistoryRow> = "application/json", example = json!([{
                "id": "k3v9w2x7q1m4t", "fetched": "2025-09-24T01:00:00Z", "fate": "new", "version": 1, "status": 200, "bytes": 5120,
                "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "url": "https://www.example.gov.cn/t1.html", "detail": null
            }])),
            (String = "application/jsonl"), (String = "text/csv"))),
        (status = 404, description = "There is no such notice", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(crate) async fn history(
    State(app): State<Shared>,
    Path(id): Path<String>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let media = asked.media(ROWS)?;
    std::mem::take(&mut asked.given).end()?;
    answer(&app, &asked, move |_, app| {
        let archive = app.desk.archive()?;
        let (record, _) = find_notice(&archive, &id)?;
        let rows = HistoryRow::all(&record, &archive)?;
        let mut answer = Answer::rows(rows, media);
        // A fetch that found nothing new is told too, and changes no number.
        answer.state = Answer::digest(&answer.body);
        Ok(answer)
    })
    .await
}

/// What an edit did to a notice: sentences inserted, deleted and changed.
///
/// JSON gives both versions and the edits; JSON Lines and CSV an edit a line.
#[utoipa::path(
    get, path = "/api/v1/notices/{id}/diff", tag = "notices",
    params(("id" = String, Path, description = "Its id, as search gives it", example = "k3v9w2x7q1m4t"), DiffParameters, FormatParameters),
    responses(
        (status = 200, description = "The edits, in order", content(
            (Compared = "application/json", example = json!({
                "id": "k3v9w2x7q1m4t", "title": "关于巡察整改进展情况的通报", "url": "https://www.example.gov.cn/t1.html",
                "from": {"version": 1, "fetched": "2025-09-24T01:00:00Z"}, "to": {"version": 2, "fetched": "2025-10-01T01:00:00Z"},
                "edits": [{"part": "body", "kind": "changed", "old": "偿还债务3亿元。", "new": "偿还债务5亿元。", "old_marks": [[4, 5]], "new_marks": [[4, 5]]}]
            })),
            (String = "application/jsonl"), (String = "text/csv"))),
        (status = 404, description = "There is no such notice or version, or only one version", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(crate) async fn diff(
    State(app): State<Shared>,
    Path(id): Path<String>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let media = asked.media(ROWS)?;
    let versions = 1..=u32::MAX as usize;
    let from = asked.given.number("from", versions.clone())?;
    let to = asked.given.number("to", versions)?;
    std::mem::take(&mut asked.given).end()?;
    answer(&app, &asked, move |_, app| {
        let archive = app.desk.archive()?;
        let (record, _) = find_notice(&archive, &id)?;
        let number = |version: usize| u32::try_from(version).ok();
        let (from, to) = (from.and_then(number), to.and_then(number));
        let compared = Compared::of(&record, from, to, &archive, &app.desk.reader()?)?;
        let mut answer = if media == Media::Json {
            Answer::json(&compared)
        } else {
            Answer::rows::<EditRow>(compared.edits, media)
        };
        answer.state = record.seq.to_string();
        Ok(answer)
    })
    .await
}
