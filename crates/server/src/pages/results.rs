//! Hits: notices with their best items, filters, a timeline.

use axum::{extract::State, response::Response};
use gongbao_query::{Hit, Order, PassageHit, Request, Unit};
use maud::{Markup, html};

use super::{
    frame::{Frame, Place},
    links::Links,
    page,
    readback::{note, readback},
    text::{Safe, excerpt, grouped, plain, title},
};
use crate::{
    answer::answer,
    app::Shared,
    asked::{Asked, Lang},
    facets::{Facets, Value},
    library::Generation,
    problem::Problem,
    question::{Page, Question},
};

/// Characters of a passage.
const EXCERPT: usize = 160;

/// Bars of the timeline; where months make more, years take their place.
const MAX_BARS: usize = 48;

/// The timeline in its own units.
const BAR_WIDTH: usize = 12;
const BAR_HEIGHT: u64 = 48;

/// The filters by their parameters.
const FILTERS: [&str; 7] = [
    "topic", "region", "organ", "genre", "site", "since", "until",
];

pub(super) async fn results(
    State(app): State<Shared>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let links = Links::of(&mut asked)?;
    let question = Question::take_paged(&mut asked.given, &app.settings.limits)?;
    asked.given.forget();
    answer(&app, &asked, move |generation, _| {
        if is_empty(&question) {
            return Ok(page(nothing_asked(&links)));
        }
        let found = question.page(generation)?;
        let request = question.request(generation)?;
        let facets = if found.response.total > 0 {
            Facets::of(&request, found.response.total, generation)?
        } else {
            Facets::default()
        };
        let shown = Shown {
            question: &question,
            found: &found,
            facets: &facets,
            links: &links,
            topic: request
                .topic
                .map(|topic| links.lang.pick(topic.name.en.as_str(), &topic.name.zh)),
            request: &request,
            generation,
        };
        Ok(page(shown.page()))
    })
    .await
}

fn is_empty(question: &Question) -> bool {
    question.text.trim().is_empty()
        && question.topic.is_none()
        && question.place == gongbao_desk::Place::default()
}

fn nothing_asked(links: &Links) -> Markup {
    let lang = links.lang;
    let frame = Frame {
        links,
        title: lang.pick("Search", "检索"),
        feed: None,
        place: Place::Search,
    };
    frame.around(html! {
        h1 { (lang.pick("What are you looking for?", "您要找什么？")) }
        p.lead {
            (lang.pick(
                "Words are joined by AND. “…” keeps a phrase together, OR and - do what they say, NEAR/5 finds two words close to one another.",
                "各词须同时出现。“……”为短语，OR 表示或，- 表示排除，NEAR/5 表示两词相近。",
            ))
        }
    })
}

struct Shown<'a> {
    question: &'a Question,
    found: &'a Page,
    facets: &'a Facets,
    links: &'a Links,
    topic: Option<&'a str>,
    request: &'a Request<'a>,
    generation: &'a Generation,
}

impl Shown<'_> {
    fn page(&self) -> Markup {
        let lang = self.links.lang;
        let asked = self.asked();
        let feed = self.links.question("/feeds/search.atom");
        let frame = Frame {
            links: self.links,
            title: &asked,
            feed: Some(&feed),
            place: Place::Search,
        };
        let total = self.found.response.total;
        frame.around(html! {
            div.results {
                aside.filters aria-label=(lang.pick("Narrow down", "缩小范围")) { (self.filters()) }
                div.found {
                    h1.readback { (self.headline(total)) }
                    p.asked { (asked) }
                    @for told in &self.found.response.notes {
                        p.note { (note(told, lang)) }
                    }
                    (self.chosen())
                    @if total > 0 {
                        (self.timeline())
                        (self.order())
                        ol.hits start=(self.found.first) {
                            @for hit in &self.found.response.hits { (self.hit(hit)) }
                        }
                        (self.pager(total))
                        p.exports {
                            (lang.pick("Take these results along: ", "带走这些结果："))
                            a href=(self.links.question("/feeds/search.atom")) { (lang.pick("feed", "订阅")) } " · "
                            a href=(self.export("csv")) { "CSV" } " · "
                            a href=(self.export("json")) { "JSON" }
                        }
                    }
                }
            }
        })
    }

    fn export(&self, format: &str) -> String {
        let address = self.links.question("/api/v1/search");
        format!("{address}&limit=100&format={format}")
    }

    fn headline(&self, total: u64) -> String {
        let lang = self.links.lang;
        let number = self.number(total);
        match (total, self.question.unit) {
            (0, _) => lang.pick("Nothing matches", "没有符合的内容").to_owned(),
            (1, Unit::Notice) => lang.pick("1 notice", "1 件公文").to_owned(),
            (1, Unit::Passage) => lang.pick("1 item", "1 个条目").to_owned(),
            (_, Unit::Notice) => lang.pick(format!("{number} notices"), format!("{number} 件公文")),
            (_, Unit::Passage) => lang.pick(format!("{number} items"), format!("{number} 个条目")),
        }
    }

    /// How many results there are, as far as that was counted.
    fn number(&self, total: u64) -> String {
        let lang = self.links.lang;
        let number = grouped(total);
        if self.found.response.at_least {
            lang.pick(format!("at least {number}"), format!("至少 {number}"))
        } else {
            number
        }
    }

    /// The question read back in words.
    fn asked(&self) -> String {
        let lang = self.links.lang;
        let words = readback(&self.question.text, self.question.literal, lang);
        let topic = self.topic.map(|name| {
            lang.pick(
                format!("the topic {}", plain(name)),
                format!("专题“{}”", plain(name)),
            )
        });
        let parts: Vec<_> = topic.into_iter().chain(words).collect();
        match (parts.is_empty(), self.question.unit) {
            (true, _) => lang
                .pick("All that pass the filters", "符合筛选条件的全部")
                .to_owned(),
            (false, Unit::Notice) => lang.pick(
                format!("with an item that has {}", parts.join(" and ")),
                format!("其条目含{}", parts.join("，且")),
            ),
            (false, Unit::Passage) => lang.pick(
                format!("that have {}", parts.join(" and ")),
                format!("含{}", parts.join("，且")),
            ),
        }
    }

    /// The filters in force, each with a way to drop it.
    fn chosen(&self) -> Markup {
        let lang = self.links.lang;
        let in_force: Vec<_> = FILTERS
            .into_iter()
            .filter(|name| !self.links.value(name).is_empty())
            .collect();
        html! {
            @if !in_force.is_empty() {
                ul.chosen aria-label=(lang.pick("Filters in force", "已选条件")) {
                    @for name in in_force {
                        li {
                            a href=(self.links.without(&[name])) title=(lang.pick("drop this filter", "去掉此条件")) {
                                span.what { (filter_name(name, lang)) } " "
                                (self.filter_value(name))
                                span.cross aria-hidden="true" { " ×" }
                                span.visually-hidden { (lang.pick(" (drop)", "（去掉）")) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// A filter's value as people know it.
    fn filter_value(&self, name: &str) -> String {
        let value = self.links.value(name);
        let known = match name {
            "topic" => self.topic.map(str::to_owned),
            "region" => {
                let region = self
                    .facets
                    .regions
                    .iter()
                    .find(|region| region.key == value);
                region.map(|region| region.label.clone())
            }
            _ => None,
        };
        plain(&known.unwrap_or_else(|| value.to_owned()))
    }

    fn filters(&self) -> Markup {
        let lang = self.links.lang;
        let groups: [(&str, &[Value]); 4] = [
            ("region", &self.facets.regions),
            ("organ", &self.facets.organs),
            ("genre", &self.facets.genres),
            ("topic", &self.facets.topics),
        ];
        html! {
            details open {
                summary { (lang.pick("Narrow down", "缩小范围")) }
                @for (name, values) in groups {
                    @if values.len() > 1 || (values.len() == 1 && self.links.value(name).is_empty()) {
                        section {
                            h2 { (filter_name(name, lang)) }
                            ul {
                                @for value in values {
                                    li {
                                        a href=(self.links.with(name, &value.key))
                                            aria-current=[(self.links.value(name) == value.key).then_some("true")] {
                                            span.value lang="zh-CN" { (plain(self.value_label(name, value))) }
                                            span.number { (grouped(value.notices)) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
                @if self.facets.years.len() > 1 {
                    section {
                        h2 { (lang.pick("Year", "年份")) }
                        ul {
                            @for year in self.facets.years.iter().rev() {
                                li {
                                    a href=(self.during(&year.key)) {
                                        span.value { (year.key) }
                                        span.number { (grouped(year.notices)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn value_label<'v>(&self, name: &str, value: &'v Value) -> &'v str
    where
        Self: 'v,
    {
        if name == "region" {
            return super::home::last_name(&value.label);
        }
        &value.label
    }

    /// This page for one month or year.
    fn during(&self, period: &str) -> String {
        let since = self.links.with("since", period);
        // Set one after the other: an address holds each once.
        let joined = if since.contains('?') { "&" } else { "?" };
        if self.links.value("until").is_empty() {
            format!("{since}{joined}until={period}")
        } else {
            let without = self.links.without(&["since", "until"]);
            let joined = if without.contains('?') { "&" } else { "?" };
            format!("{without}{joined}since={period}&until={period}")
        }
    }

    /// Hits by month or year, as bars that narrow the answer down.
    fn timeline(&self) -> Markup {
        let lang = self.links.lang;
        let bars = if self.facets.months.len() <= MAX_BARS {
            &self.facets.months
        } else {
            &self.facets.years
        };
        if bars.len() < 2 {
            return html! {};
        }
        timeline(bars, lang, |period| self.during(period))
    }

    fn order(&self) -> Markup {
        let lang = self.links.lang;
        let sorts = [
            (Order::Relevance, "", lang.pick("best first", "按相关")),
            (
                Order::Newest,
                "newest",
                lang.pick("newest first", "由新到旧"),
            ),
            (
                Order::Oldest,
                "oldest",
                lang.pick("oldest first", "由旧到新"),
            ),
        ];
        let units = [
            (Unit::Notice, "", lang.pick("notices", "按公文")),
            (Unit::Passage, "passage", lang.pick("items", "按条目")),
        ];
        html! {
            div.order {
                nav aria-label=(lang.pick("Order", "排序")) {
                    @for (order, value, name) in sorts {
                        a href=(self.links.with("sort", value))
                            aria-current=[(self.question.order == order).then_some("true")] { (name) }
                    }
                }
                nav aria-label=(lang.pick("Unit", "单位")) {
                    @for (unit, value, name) in units {
                        a href=(self.links.with("unit", value))
                            aria-current=[(self.question.unit == unit).then_some("true")] { (name) }
                    }
                }
            }
        }
    }

    fn hit(&self, hit: &Hit) -> Markup {
        let lang = self.links.lang;
        let more = (hit.matched as usize).saturating_sub(hit.passages.len());
        html! {
            li.hit {
                article {
                    h2 lang="zh-CN" {
                        a href=(self.links.notice(&hit.id, hit.passages.first().map(|best| best.anchor.as_str()))) {
                            @match &hit.title {
                                Some(text) => { (title(text)) }
                                None => { span.quiet { (lang.pick("without a title", "无标题")) } }
                            }
                        }
                    }
                    p.meta lang="zh-CN" {
                        @if let Some(day) = hit.published.as_ref().or(hit.signed.as_ref()) { time datetime=(day) { (day) } }
                        @if let Some(organ) = &hit.organ { span { (Safe(organ)) } }
                        @if let Some(region) = &hit.region { span { (Safe(&region.name)) } }
                        @if let Some(genre) = &hit.genre { span { (Safe(genre)) } }
                    }
                    @for passage in &hit.passages { (self.passage(hit, passage)) }
                    @if more > 0 && self.question.unit == Unit::Notice {
                        p.more {
                            a href=(self.links.notice(&hit.id, None)) {
                                (lang.pick(
                                    format!("{} more {} in this notice", grouped(more as u64), if more == 1 { "item" } else { "items" }),
                                    format!("此件中另有 {} 个条目", grouped(more as u64)),
                                ))
                            }
                        }
                    }
                }
            }
        }
    }

    fn passage(&self, hit: &Hit, passage: &PassageHit) -> Markup {
        html! {
            div.item lang="zh-CN" {
                (path(&passage.path))
                p.text {
                    (excerpt(&passage.text, &passage.highlights, EXCERPT))
                    " "
                    a.anchor href=(self.links.notice(&hit.id, Some(&passage.anchor)))
                        aria-label=(self.links.lang.pick(
                            format!("Read item {} in the notice", passage.anchor),
                            format!("在原文中阅读条目 {}", passage.anchor),
                        )) { "#" (passage.anchor) }
                }
            }
        }
    }

    fn pager(&self, total: u64) -> Markup {
        let lang = self.links.lang;
        let first = self.found.first as u64;
        let last = first + self.found.response.hits.len() as u64 - 1;
        let limit = self.question.limit.max(1);
        let offset = self.found.first - 1;
        let at = |offset: usize| {
            let offset = offset.to_string();
            self.links
                .with("offset", if offset == "0" { "" } else { &offset })
        };
        html! {
            nav.pager aria-label=(lang.pick("Pages", "翻页")) {
                @if offset > 0 {
                    a rel="prev" href=(at(offset.saturating_sub(limit))) { (lang.pick("← back", "← 上一页")) }
                } @else { span {} }
                span { (lang.pick(
                    format!("{first}–{last} of {}", self.number(total)),
                    format!("第 {first}–{last} 条，共 {}", self.number(total)),
                )) }
                @if last < total {
                    a rel="next" href=(at(offset + limit)) { (lang.pick("further →", "下一页 →")) }
                } @else { span {} }
            }
            // The generation, so that a shared address tells what it was read from.
            p.visually-hidden { (lang.pick("Index generation ", "索引代次 ")) (self.generation.number()) " " (self.request.unit.name()) }
        }
    }
}

/// The headings that an item stands under, without its own.
pub(super) fn path(path: &[String]) -> Markup {
    html! {
        @if path.len() > 1 {
            p.path {
                @for (depth, heading) in path[..path.len() - 1].iter().enumerate() {
                    @if depth > 0 { span.step aria-hidden="true" { " › " } }
                    span { (plain(&short(heading))) }
                }
            }
        }
    }
}

/// A heading cut to what tells it apart.
fn short(heading: &str) -> String {
    const MOST: usize = 26;
    let mut short: String = heading.chars().take(MOST).collect();
    if heading.chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}

fn filter_name(name: &str, lang: Lang) -> &'static str {
    match name {
        "region" => lang.pick("Place", "地区"),
        "organ" => lang.pick("Organ", "发文机关"),
        "genre" => lang.pick("Genre", "文种"),
        "topic" => lang.pick("Topic", "专题"),
        "site" => lang.pick("Site", "网站"),
        "since" => lang.pick("From", "自"),
        "until" => lang.pick("To", "至"),
        _ => "",
    }
}

/// `bars` as a drawing; each bar leads to what `during` makes of its period.
pub(super) fn timeline(bars: &[Value], lang: Lang, during: impl Fn(&str) -> String) -> Markup {
    let most = bars.iter().map(|bar| bar.notices).max().unwrap_or(0).max(1);
    let width = bars.len() * BAR_WIDTH;
    let first = bars.first().map_or("", |bar| bar.key.as_str());
    let last = bars.last().map_or("", |bar| bar.key.as_str());
    let told = |bar: &Value| {
        lang.pick(
            format!("{}: {} notices", bar.key, grouped(bar.notices)),
            format!("{}：{} 件", bar.key, grouped(bar.notices)),
        )
    };
    html! {
        figure.timeline {
            svg width=(width * 2) viewBox=(format!("0 0 {width} {BAR_HEIGHT}")) preserveAspectRatio="none" role="group"
                aria-label=(lang.pick("Hits over time", "时间分布")) {
                @for (index, bar) in bars.iter().enumerate() {
                    @let height = (bar.notices * BAR_HEIGHT).div_ceil(most);
                    @if bar.notices > 0 {
                        a href=(during(&bar.key)) aria-label=(told(bar)) {
                            title { (told(bar)) }
                            rect.hit-area x=(index * BAR_WIDTH) y="0" width=(BAR_WIDTH) height=(BAR_HEIGHT) {}
                            rect.bar x=(index * BAR_WIDTH + 1) y=(BAR_HEIGHT - height) width=(BAR_WIDTH - 2) height=(height) {}
                        }
                    }
                }
            }
            figcaption { span { (first) } span { (last) } }
        }
    }
}
