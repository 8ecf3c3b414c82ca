//! The first page: a box to search in, and the topics with what came last.

use axum::{extract::State, response::Response};
use maud::{Markup, html};

use super::{
    frame::{Frame, Place, search_form},
    links::Links,
    page,
    text::{Safe, excerpt, grouped, plain},
};
use crate::{
    answer::answer, app::Shared, asked::Asked, asked::Lang, library::Generation, overview::Card,
    problem::Problem,
};

/// Characters of a passage on a card.
const EXCERPT: usize = 84;

/// Topics on the first page; all of them are on a page of their own.
const CARDS: usize = 12;

pub(super) async fn home(State(app): State<Shared>, mut asked: Asked) -> Result<Response, Problem> {
    let links = Links::of(&mut asked)?;
    answer(&app, &asked.clone(), move |generation, _| {
        Ok(page(home_page(generation, &links)))
    })
    .await
}

pub(super) async fn topics(
    State(app): State<Shared>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let links = Links::of(&mut asked)?;
    answer(&app, &asked.clone(), move |generation, _| {
        Ok(page(topics_page(generation, &links)))
    })
    .await
}

fn home_page(generation: &Generation, links: &Links) -> Markup {
    let lang = links.lang;
    let note = generation.engine.note();
    let cards = &generation.overview().cards;
    let alive = cards.iter().filter(|card| card.notices > 0).count();
    let frame = Frame {
        links,
        title: "",
        feed: None,
        place: Place::Home,
    };
    frame.around(html! {
        section.hero {
            h1 { (lang.pick("What did they say, and where?", "何处、何日、怎么说")) }
            p.lead {
                (lang.pick(
                    "Government notices, searched item by item: each answer stands with its place in the text.",
                    "政府公文逐条检索：每个答案都标明它在原文中的位置。",
                ))
            }
            (search_form(links, true))
            p.facts {
                (lang.pick(
                    format!("{} notices · {} passages", grouped(note.notices), grouped(note.passages)),
                    format!("{} 件公文 · {} 个段落", grouped(note.notices), grouped(note.passages)),
                ))
            }
        }
        section aria-labelledby="page-topics" {
            div.section-head {
                h2 #page-topics { (lang.pick("Topics", "专题")) }
                a href=(links.to("/topics", &[])) {
                    (lang.pick(format!("all {}", cards.len()), format!("全部 {} 个", cards.len())))
                }
            }
            @if alive == 0 {
                p.quiet { (lang.pick("No notice in this corpus is on any topic.", "语料库中没有属于任何专题的公文。")) }
            }
            ul.cards {
                @for card in cards.iter().take(CARDS.min(alive)) {
                    (self::card(card, links))
                }
            }
        }
    })
}

fn topics_page(generation: &Generation, links: &Links) -> Markup {
    let lang = links.lang;
    let cards = &generation.overview().cards;
    let (alive, empty): (Vec<_>, Vec<_>) = cards.iter().partition(|card| card.notices > 0);
    let frame = Frame {
        links,
        title: lang.pick("Topics", "专题"),
        feed: None,
        place: Place::Topics,
    };
    frame.around(html! {
        h1 { (lang.pick("Topics", "专题")) }
        p.lead {
            (lang.pick(
                "A topic knows what its words have in common: each is a pack of expressions that is tested on judged passages.",
                "专题汇集同一事项的各种说法，每个专题都用经人工判定的段落检验。",
            ))
        }
        ul.cards { @for card in alive { (self::card(card, links)) } }
        @if !empty.is_empty() {
            h2 { (lang.pick("Nothing in this corpus yet", "语料库中尚无内容")) }
            ul.plain-list {
                @for card in empty {
                    li { a href=(links.to(&format!("/topics/{}", card.id), &[])) { (name(card, lang)) } }
                }
            }
        }
    })
}

fn name(card: &Card, lang: Lang) -> &str {
    lang.pick(&card.en, &card.zh)
}

fn card(card: &Card, links: &Links) -> Markup {
    let lang = links.lang;
    html! {
        li.card {
            h3 {
                a href=(links.to(&format!("/topics/{}", card.id), &[])) { (name(card, lang)) }
                @if lang == Lang::En { " " span.other lang="zh-CN" { (card.zh) } }
            }
            p.count {
                (lang.pick(
                    format!("{} {}", grouped(card.notices), if card.notices == 1 { "notice" } else { "notices" }),
                    format!("{} 件公文", grouped(card.notices)),
                ))
            }
            @if let Some(hit) = &card.newest {
                @if let Some(passage) = hit.passages.first() {
                    blockquote lang="zh-CN" { (excerpt(&passage.text, &passage.highlights, EXCERPT)) }
                    p.from {
                        @if let Some(day) = hit.published.as_ref().or(hit.signed.as_ref()) { time datetime=(day) { (day) } " " }
                        @if let Some(region) = &hit.region { span lang="zh-CN" { (Safe(last_name(&region.name))) } " " }
                        a href=(links.to(&format!("/notices/{}", hit.id), &[("topic", &card.id)])) lang="zh-CN"
                            title=(plain(hit.title.as_deref().unwrap_or_default())) {
                            (plain(hit.title.as_deref().unwrap_or(&hit.id)))
                        }
                    }
                }
            }
        }
    }
}

/// A place without those above it: 雁洲县 of 云陵省澄江市雁洲县.
pub(super) fn last_name(name: &str) -> &str {
    let own = name.char_indices().next_back().map_or(0, |(at, _)| at);
    match name[..own].rfind(['省', '市', '州', '区', '盟']) {
        Some(at) => {
            let rest = &name[at..];
            &rest[rest.chars().next().map_or(0, char::len_utf8)..]
        }
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_goes_by_its_own_name() {
        for (whole, own) in [
            ("云陵省澄江市雁洲县", "雁洲县"),
            ("北京市海淀区", "海淀区"),
            ("北京市", "北京市"),
            ("", ""),
        ] {
            assert_eq!(last_name(whole), own);
        }
    }
}
