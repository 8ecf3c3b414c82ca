//! Problems as pages.

use axum::{
    extract::Request,
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use super::{
    HTML,
    frame::{Frame, Place},
    links::Links,
    text::plain,
};
use crate::{
    asked::{Asked, Lang},
    problem::Problem,
};

/// Lets `request` through, and shows a problem that comes back as a page.
pub(super) async fn as_page(request: Request, next: Next) -> Response {
    let asked = Asked::bare(request.uri().clone(), request.headers().clone());
    let response = next.run(request).await;
    match response.extensions().get::<Problem>().cloned() {
        Some(problem) => problem_page(&problem, &asked, response),
        None => response,
    }
}

/// `response`, which tells `problem`, with a page as its body.
pub(crate) fn problem_page(problem: &Problem, asked: &Asked, response: Response) -> Response {
    let lang = asked.clone().lang().unwrap_or(Lang::En);
    let links = Links::in_lang(asked, lang);
    let markup = page(problem, &links);
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let value = header::HeaderValue::from_static(HTML);
    parts.headers.insert(header::CONTENT_TYPE, value);
    (parts, markup.into_string()).into_response()
}

fn page(problem: &Problem, links: &Links) -> Markup {
    let lang = links.lang;
    let title = match problem.status {
        StatusCode::NOT_FOUND => lang.pick("There is nothing here", "没有找到"),
        StatusCode::SERVICE_UNAVAILABLE => lang.pick("Too busy just now", "服务繁忙，请稍后再试"),
        StatusCode::BAD_REQUEST => lang.pick("This cannot be asked", "无法按此检索"),
        _ => lang.pick("Something went wrong", "出错了"),
    };
    let frame = Frame {
        links,
        title,
        feed: None,
        place: Place::Elsewhere,
    };
    frame.around(html! {
        article.wrong {
            h1 { (title) }
            p { (plain(&problem.detail)) }
            p.cure { (lang.pick("What helps: ", "建议：")) (plain(&problem.cure)) }
            p { a href=(links.to("/", &[])) { (lang.pick("To the start", "回到首页")) } }
        }
    })
}
