//! What the corpus holds, and how fresh the index is.

mod runs; // what the last crawls did

use axum::{extract::State, response::Response};
use gongbao_query::{Axis, Request};
use jiff::Timestamp;
use maud::{Markup, html};

use self::runs::Runs;
use super::{
    frame::{Frame, Place},
    links::Links,
    page,
    text::{grouped, plain},
};
use crate::{
    answer::{Answer, answer},
    app::Shared,
    asked::Asked,
    facets::{Value, values},
    library::Generation,
    problem::Problem,
};

pub(super) async fn status(
    State(app): State<Shared>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let links = Links::of(&mut asked)?;
    answer(&app, &asked.clone(), move |generation, app| {
        let archive = app.desk.archive()?;
        let held = Held {
            notices: archive.notice_count()?,
            last_change: archive.last_change()?,
            runs: Runs::of(&archive)?,
        };
        let all = Request::new("");
        let sites = values(&all, Axis::Site, &[], generation)?;
        let years = values(&all, Axis::Year, &[], generation)?;
        let mut answer = page(status_page(&held, &sites, &years, generation, &links));
        answer.state = Answer::digest(&answer.body);
        Ok(answer)
    })
    .await
}

/// What the archive holds.
struct Held {
    notices: u64,
    last_change: u64,
    runs: Runs,
}

fn status_page(
    held: &Held,
    sites: &[Value],
    years: &[Value],
    generation: &Generation,
    links: &Links,
) -> Markup {
    let lang = links.lang;
    let note = generation.engine.note();
    let behind = held.last_change.saturating_sub(note.last_change);
    let published = Timestamp::try_from(generation.published).ok();
    let published = published.map(|time| time.strftime("%Y-%m-%d %H:%M UTC").to_string());
    let frame = Frame {
        links,
        title: lang.pick("Status", "状态"),
        feed: None,
        place: Place::Status,
    };
    let row = |name: &str, value: String| html! { div { dt { (name) } dd { (value) } } };
    frame.around(html! {
        h1 { (lang.pick("Status", "状态")) }
        dl.fields.wide {
            (row(lang.pick("Notices in the archive", "存档公文"), grouped(held.notices)))
            (row(lang.pick("Notices in the index", "索引公文"), grouped(note.notices)))
            (row(lang.pick("Passages", "段落"), grouped(note.passages)))
            (row(lang.pick("Generation", "索引代次"), generation.number().to_string()))
            (row(lang.pick("Published", "生成时间"), published.unwrap_or_default()))
            (row(
                lang.pick("Changes not indexed yet", "尚未索引的变更"),
                if behind == 0 { lang.pick("none", "无").to_owned() } else { grouped(behind) },
            ))
            (row(
                lang.pick("Notices that could not be read", "无法读取的公文"),
                if note.unread.is_empty() { lang.pick("none", "无").to_owned() } else { grouped(note.unread.len() as u64) },
            ))
        }
        (held.runs.show(lang))
        div.columns {
            (table(lang.pick("Sites", "网站"), "site", sites, links))
            (table(lang.pick("Years", "年份"), "year", years, links))
        }
    })
}

fn table(name: &str, filter: &str, values: &[Value], links: &Links) -> Markup {
    let lang = links.lang;
    let address = |value: &Value| match filter {
        "year" => links.to("/search", &[("since", &value.key), ("until", &value.key)]),
        other => links.to("/search", &[(other, &value.key)]),
    };
    html! {
        section {
            h2 { (name) }
            table.places {
                thead { tr {
                    th scope="col" { (name) }
                    th scope="col" .number { (lang.pick("Notices", "公文")) }
                } }
                tbody {
                    @for value in values {
                        tr {
                            th scope="row" { a href=(address(value)) { (plain(&value.label)) } }
                            td.number { (grouped(value.notices)) }
                        }
                    }
                }
            }
        }
    }
}
