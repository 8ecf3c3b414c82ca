//! The same text in other notices: whole, or passage by passage.

use gongbao_query::{Copied, Kinship};
use maud::{Markup, html};

use super::super::{
    links::Links,
    text::{Safe, plain, title},
};
use crate::asked::Lang;

/// More notices are counted and not shown.
const MAX_SHOWN: usize = 30;

/// The notices that hold text of the one shown, those with most in common
/// first; nothing where there are none.
pub(super) fn elsewhere(copies: &[Copied], links: &Links) -> Markup {
    let lang = links.lang;
    html! {
        @if !copies.is_empty() {
            details.copies lang=(lang.pick("en", "zh-CN")) {
                summary { (summary(copies, lang)) }
                ol {
                    @for copy in copies.iter().take(MAX_SHOWN) { (copied(copy, links)) }
                }
                @if copies.len() > MAX_SHOWN {
                    p.quiet { "… +" (copies.len() - MAX_SHOWN) }
                }
            }
        }
    }
}

/// How many notices hold all of it, and how many but passages.
fn summary(copies: &[Copied], lang: Lang) -> String {
    let parts = copies
        .iter()
        .filter(|copy| copy.kinship == Kinship::Passages)
        .count();
    let whole = copies.len() - parts;
    let notices = |number: usize| match number {
        1 => "1 notice".to_owned(),
        _ => format!("{number} notices"),
    };
    let english = match (whole, parts) {
        (_, 0) => format!("The same text in {}", notices(whole)),
        (0, _) => format!("The same passages in {}", notices(parts)),
        _ => format!(
            "The same text in {}, passages in {}",
            notices(whole),
            notices(parts)
        ),
    };
    let chinese = match (whole, parts) {
        (_, 0) => format!("{whole} 件公文文字相同"),
        (0, _) => format!("{parts} 件公文有相同段落"),
        _ => format!("{whole} 件公文文字相同，{parts} 件有相同段落"),
    };
    lang.pick(english, chinese)
}

fn copied(copy: &Copied, links: &Links) -> Markup {
    let lang = links.lang;
    let address = links.to(&format!("/notices/{}", copy.id), &[]);
    let name = copy.title.as_deref().unwrap_or(&copy.id);
    html! {
        li {
            a href=(address) lang="zh-CN" { (title(name)) }
            p.meta {
                @if let Some(day) = &copy.published { time { (day) } }
                @if let Some(organ) = &copy.organ { span lang="zh-CN" { (Safe(&plain(organ))) } }
                span { (kinship(copy, lang)) }
            }
            @if copy.kinship == Kinship::Passages {
                ul.pairs {
                    @for pair in &copy.passages {
                        li {
                            a href={ "#" (pair.here) } { "#" (pair.here) }
                            " = "
                            a href={ (address) "#" (pair.there) }
                                aria-label=(lang.pick(format!("{} there", pair.there), format!("该件 {}", pair.there))) {
                                "#" (pair.there)
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What the other notice is to the one shown.
fn kinship(copy: &Copied, lang: Lang) -> String {
    let (here, there) = (copy.percent, copy.percent_there);
    match copy.kinship {
        Kinship::Copy => lang.pick(
            format!("the same text, or nearly ({here} %)"),
            format!("文字相同或基本相同（{here}%）"),
        ),
        Kinship::Contained => lang.pick(
            format!("holds all of this; it is {there} % of the other"),
            format!("包含本件全文，占该件 {there}%"),
        ),
        Kinship::Contains => lang.pick(
            format!("is all in this, {here} % of it"),
            format!("全文在本件之中，占本件 {here}%"),
        ),
        Kinship::Passages => {
            let number = copy.passages.len();
            lang.pick(
                match number {
                    1 => format!("1 passage ({here} % of this)"),
                    _ => format!("{number} passages ({here} % of this)"),
                },
                format!("{number} 个段落（占本件 {here}%）"),
            )
        }
    }
}
