//! A notice or one item of it as cited, to be copied.

use axum::{
    extract::{Path, State},
    response::Response,
};
use gongbao_desk::Reading;
use maud::{Markup, html};

use super::{
    frame::{Frame, Place},
    links::Links,
    page,
    text::{Safe, title},
};
use crate::{answer::answer, app::Shared, asked::Asked, problem::Problem};

/// Characters of an item that are shown with its citation.
const MAX_SHOWN: usize = 400;

pub(super) async fn citing(
    State(app): State<Shared>,
    Path(id): Path<String>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let links = Links::of(&mut asked)?;
    let anchor = asked.given.text("anchor")?;
    asked.given.forget();
    let name = match &anchor {
        Some(anchor) => format!("{id}#{anchor}"),
        None => id,
    };
    answer(&app, &asked, move |_, app| {
        let archive = app.desk.archive()?;
        let reading = Reading::of(&name, &archive, &app.desk.reader()?)?;
        let mut answer = page(show(&reading, anchor.as_deref(), &links));
        answer.state = reading.record.seq.to_string();
        Ok(answer)
    })
    .await
}

/// A link to the page that cites a notice or the item at `anchor`; the script
/// copies the citation instead.
pub(super) fn citing_link(id: &str, anchor: Option<&str>, links: &Links, inner: Markup) -> Markup {
    let pairs = [("anchor", anchor.unwrap_or_default())];
    html! {
        a.cite href=(links.to(&format!("/notices/{id}/cite"), &pairs)) data-cite { (inner) }
    }
}

fn show(reading: &Reading, anchor: Option<&str>, links: &Links) -> Markup {
    let lang = links.lang;
    let id = reading.record.id.as_str();
    let citation = reading.citation(None);
    let heading = match anchor {
        Some(anchor) => lang.pick(format!("Cite item {anchor}"), format!("引用条目 {anchor}")),
        None => lang.pick("Cite the notice", "引用本件").to_owned(),
    };
    let frame = Frame {
        links,
        title: &heading,
        feed: None,
        place: Place::Elsewhere,
    };
    let back = links.to(&format!("/notices/{id}"), &[]);
    let back = anchor.map_or(back.clone(), |anchor| format!("{back}#{anchor}"));
    let name = citation.title.as_deref().unwrap_or(id);
    frame.around(html! {
        article.citing {
            h1 { (Safe(&heading)) }
            p.lead lang="zh-CN" { a href=(back) { (title(name)) } }
            @if anchor.is_some() {
                blockquote lang="zh-CN" { (excerpt(reading.text())) }
            }
            (style("gbt7714", "GB/T 7714", citation.gbt7714(), links))
            (style("bibtex", "BibTeX", citation.bibtex(), links))
            (style("csl-json", "CSL-JSON", citation.csl_json(), links))
            p.quiet.small { (lang.pick(
                "The citation holds the digest of the page as it was received: gongbao cite --check tells whether the words still stand there.",
                "引文带有所收网页的校验值：可用 gongbao cite --check 核对原文是否仍在。",
            )) }
        }
    })
}

/// The citation in a style, with a button that the script shows.
fn style(name: &str, called: &str, citation: String, links: &Links) -> Markup {
    let lang = links.lang;
    html! {
        section {
            h2 {
                (called) " "
                button.copy type="button" hidden data-copy={ "page-" (name) } data-done=(lang.pick("Copied", "已复制"))
                    aria-label=(lang.pick(format!("Copy {called}"), format!("复制 {called}"))) {
                    (lang.pick("Copy", "复制"))
                }
            }
            pre #{ "page-" (name) } lang="zh-CN" tabindex="0" aria-label=(called) { (Safe(citation.trim_end())) }
        }
    }
}

fn excerpt(text: &str) -> Markup {
    match text.char_indices().nth(MAX_SHOWN) {
        None => html! { (Safe(text)) },
        Some((end, _)) => html! { (Safe(&text[..end])) "…" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_items_are_cut() {
        assert_eq!(excerpt("债务").into_string(), "债务");
        let long = excerpt(&"债".repeat(MAX_SHOWN + 1)).into_string();
        assert_eq!(long.chars().count(), MAX_SHOWN + 1, "{long}");
    }
}
