//! From a question to a response: worked on in the pool, tagged, in the
//! format that was asked for.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use gongbao_desk::{Row, Rows};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    app::Shared,
    asked::{Asked, Media},
    library::Generation,
    problem::Problem,
};

/// The body of an answer, and what its headers say.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) body: Vec<u8>,
    pub(crate) content_type: &'static str,
    /// The address of the page behind this one.
    pub(crate) next: Option<String>,
    /// What the answer depends on besides the generation and the address.
    pub(crate) state: String,
}

impl Answer {
    /// `value` as one JSON document.
    pub(crate) fn json(value: &impl Serialize) -> Self {
        let mut body = Vec::new();
        gongbao_desk::json_document(&mut body, value).expect("a vector takes all");
        Self::of(body, Media::Json.content_type())
    }

    /// `rows` in that format.
    pub(crate) fn rows<R: Row>(rows: impl IntoIterator<Item = R>, media: Media) -> Self {
        let write = || {
            let mut out = Rows::new::<R>(Vec::new(), media.into())?;
            for row in rows {
                out.push(&row)?;
            }
            out.finish()
        };
        let body = write().expect("a vector takes all");
        Self::of(body, media.content_type())
    }

    /// What tells `body` from others.
    pub(crate) fn digest(body: &[u8]) -> String {
        let digest = Sha256::digest(body);
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(crate) fn of(body: Vec<u8>, content_type: &'static str) -> Self {
        Self {
            body,
            content_type,
            next: None,
            state: String::new(),
        }
    }
}

/// Answers `asked` by what `work` makes of the generation in force; says “not
/// changed” without working where the client has the answer already.
///
/// # Errors
///
/// Those of `work` and of the pool, and an index that is damaged.
pub(crate) async fn answer(
    app: &Shared,
    asked: &Asked,
    work: impl FnOnce(&Generation, &Shared) -> Result<Answer, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let generation = app.library.whole()?;
    let early = etag(&generation, asked, "");
    if asked.has(&early) {
        return Ok(unchanged(&early));
    }
    let worker = app.clone();
    let in_force = generation.clone();
    let answer = app.pool.run(move || work(&in_force, &worker)).await??;
    let tag = etag(&generation, asked, &answer.state);
    if asked.has(&tag) {
        return Ok(unchanged(&tag));
    }
    let mut response = ([(header::CONTENT_TYPE, answer.content_type)], answer.body).into_response();
    tagged(&mut response, &tag);
    if let Some(next) = &answer.next
        && let Ok(link) = HeaderValue::try_from(format!("<{next}>; rel=\"next\""))
    {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// A weak tag: the same answer may tell another time that it took.
fn etag(generation: &Generation, asked: &Asked, state: &str) -> String {
    let mut digest = Sha256::new();
    for part in [
        env!("CARGO_PKG_VERSION"),
        &generation.engine.note().corpus,
        asked
            .uri
            .path_and_query()
            .map_or("", |whole| whole.as_str()),
        &asked.varies(),
        state,
    ] {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part.as_bytes());
    }
    let digest = digest.finalize();
    let short: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("W/\"{}-{short}\"", generation.number())
}

fn unchanged(tag: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    tagged(&mut response, tag);
    response
}

fn tagged(response: &mut Response, tag: &str) {
    let headers = response.headers_mut();
    let tag = HeaderValue::try_from(tag).expect("tags are plain ASCII");
    headers.insert(header::ETAG, tag);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(
        header::VARY,
        HeaderValue::from_static("accept, accept-language"),
    );
}
