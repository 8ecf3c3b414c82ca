//! One topic: what belongs to it, when and where it was written of, what came
//! last.

use axum::{
    extract::{Path, State},
    response::Response,
};
use gongbao_desk::scope;
use gongbao_notice::Level;
use gongbao_query::{Axis, Hit, Order, Request, Topic, Unit};
use maud::{Markup, html};

use super::{
    frame::{Frame, Place},
    links::Links,
    page,
    results::{path, timeline},
    text::{excerpt, grouped, plain},
};
use crate::{
    answer::answer,
    app::Shared,
    asked::Asked,
    facets::{Value, values, whole},
    library::Generation,
    problem::Problem,
};

/// Newest items shown.
const NEWEST: usize = 12;

/// Characters of each.
const EXCERPT: usize = 140;

/// Places shown; the CSV has all.
const PLACES: usize = 40;

pub(super) async fn topic(
    State(app): State<Shared>,
    Path(name): Path<String>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let links = Links::of(&mut asked)?;
    answer(&app, &asked.clone(), move |generation, _| {
        let topic = generation.topic(&name).ok_or_else(|| {
            let name: String = name.chars().take(80).collect();
            Problem::not_found(format!("there is no topic {name:?}"), "/topics lists them")
        })?;
        Ok(page(topic_page(topic, generation, &links)?))
    })
    .await
}

fn topic_page(topic: &Topic, generation: &Generation, links: &Links) -> Result<Markup, Problem> {
    let lang = links.lang;
    let request = Request {
        topic: Some(topic),
        unit: Unit::Passage,
        order: Order::Newest,
        limit: NEWEST,
        ..Request::new("")
    };
    let newest = generation.engine.search(&request)?;
    let by = |axis| values(&request, axis, &[], generation);
    let months = whole(by(Axis::Month)?);
    let levels = [Level::Province, Level::Prefecture, Level::County];
    let places = levels
        .into_iter()
        .map(|level| Ok((level, by(Axis::Region(level))?)))
        .collect::<Result<Vec<_>, Problem>>()?;
    let name = lang.pick(&topic.name.en, &topic.name.zh);
    let feed = format!("/feeds/topics/{}.atom", topic.id);
    let search = links.to("/search", &[("topic", &topic.id)]);
    let frame = Frame {
        links,
        title: name,
        feed: Some(&feed),
        place: Place::Topics,
    };
    let separator = if search.contains('?') { "&" } else { "?" };
    let during = |period: &str| format!("{search}{separator}since={period}&until={period}");
    Ok(frame.around(html! {
        div.topic {
            header {
                h1 { (name) " " span.other lang=(lang.pick("zh-CN", "en")) { (lang.pick(&topic.name.zh, &topic.name.en)) } }
                p.scope lang="zh-CN" { (plain_long(&scope(topic))) }
                @if !topic.aliases.is_empty() {
                    p.aliases { (lang.pick("Also: ", "又称：")) span lang="zh-CN" { (topic.aliases.join("、")) } }
                }
                p.actions {
                    a href=(search) {
                        (lang.pick(
                            format!("all {} items", grouped(newest.total)),
                            format!("全部 {} 个条目", grouped(newest.total)),
                        ))
                    }
                    " · " a href=(feed) { (lang.pick("feed", "订阅")) }
                    " · " a href={ "/api/v1/search?topic=" (topic.id) "&unit=passage&sort=newest&limit=100&format=csv" } { "CSV" }
                    " · " a href={ "/api/v1/topics/" (topic.id) } { "JSON" }
                }
            }
            @if months.len() > 1 {
                section aria-labelledby="page-time" {
                    h2 #page-time { (lang.pick("Over time", "时间分布")) }
                    (timeline(&months, lang, during))
                }
            }
            div.columns {
                section aria-labelledby="page-newest" {
                    h2 #page-newest { (lang.pick("Newest items", "最新条目")) }
                    @if newest.hits.is_empty() {
                        p.quiet { (lang.pick("Nothing in this corpus.", "语料库中尚无内容。")) }
                    }
                    ol.newest { @for hit in &newest.hits { (item(hit, topic, links)) } }
                }
                section aria-labelledby="page-places" {
                    h2 #page-places { (lang.pick("Places", "地区")) }
                    (places_table(&places, &topic.id, links))
                    p.quiet.small {
                        a href={ "/api/v1/count?by=region&topic=" (topic.id) "&format=csv" } { (lang.pick("all as CSV", "全部（CSV）")) }
                    }
                }
            }
            details.expressions {
                summary {
                    (lang.pick(
                        format!("Recognised by {} expressions", topic.expressions.len()),
                        format!("由 {} 个表达式识别", topic.expressions.len()),
                    ))
                }
                ul lang="zh-CN" {
                    @for expression in &topic.expressions { li { (plain(&expression.to_string())) } }
                }
                @if !topic.exclusions.is_empty() {
                    p { (lang.pick("Not meant in: ", "不计：")) span lang="zh-CN" {
                        @for (index, exclusion) in topic.exclusions.iter().enumerate() {
                            @if index > 0 { "、" } (plain(&exclusion.text))
                        }
                    } }
                }
            }
        }
    }))
}

fn item(hit: &Hit, topic: &Topic, links: &Links) -> Markup {
    let passage = hit.passages.first();
    let address = |anchor: &str| {
        let notice = links.to(&format!("/notices/{}", hit.id), &[("topic", &topic.id)]);
        format!("{notice}#{anchor}")
    };
    html! {
        @if let Some(passage) = passage {
            li lang="zh-CN" {
                p.meta {
                    @if let Some(day) = hit.published.as_ref().or(hit.signed.as_ref()) { time datetime=(day) { (day) } }
                    @if let Some(organ) = &hit.organ { span { (plain(organ)) } }
                }
                (path(&passage.path))
                p.text { (excerpt(&passage.text, &passage.highlights, EXCERPT)) }
                p.from { a href=(address(&passage.anchor)) { (plain(hit.title.as_deref().unwrap_or(&hit.id))) " #" (passage.anchor) } }
            }
        }
    }
}

/// Provinces, the prefectures of each, their counties.
fn places_table(places: &[(Level, Vec<Value>)], topic: &str, links: &Links) -> Markup {
    let lang = links.lang;
    let mut rows: Vec<(&Value, usize)> = Vec::new();
    for (depth, (level, values)) in places.iter().enumerate() {
        let digits = level.digits();
        let own = |value: &&Value| {
            let code = value.key.as_str();
            // A place of a wider level counts as itself there, once.
            digits == 2
                || code
                    .get(digits - 2..digits)
                    .is_some_and(|part| part != "00")
        };
        rows.extend(values.iter().filter(own).map(|value| (value, depth)));
    }
    rows.sort_by(|a, b| a.0.key.cmp(&b.0.key).then(a.1.cmp(&b.1)));
    rows.dedup_by(|a, b| a.0.key == b.0.key);
    html! {
        table.places {
            thead { tr {
                th scope="col" { (lang.pick("Place", "地区")) }
                th scope="col" .number { (lang.pick("Notices", "公文")) }
            } }
            tbody {
                @for (value, depth) in rows.iter().take(PLACES) {
                    tr {
                        th scope="row" .{ "depth-" (depth) } lang="zh-CN" {
                            a href=(links.to("/search", &[("topic", topic), ("region", &value.key)])) {
                                (plain(super::home::last_name(&value.label)))
                            }
                        }
                        td.number { (grouped(value.notices)) }
                    }
                }
            }
        }
    }
}

/// Text of a pack: longer than a title, written by its author.
fn plain_long(text: &str) -> Markup {
    html! { (super::text::Safe(text)) }
}
