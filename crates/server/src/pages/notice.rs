//! One notice: its text as published, its outline beside it, what was looked
//! for marked.

mod body; // blocks with anchors and marks
mod copies; // the same text elsewhere
mod fields; // header fields, versions

use axum::{
    extract::{Path, State},
    response::Response,
};
use gongbao_archive::VersionRecord;
use gongbao_desk::Reading;
use gongbao_notice::Node;
use gongbao_query::{Copied, Filters, Request, Unit};
use maud::{Markup, html};

use self::body::Marks;
use super::{
    frame::{Frame, Place},
    links::Links,
    page,
    text::{Safe, plain, title},
};
use crate::{
    answer::answer,
    app::Shared,
    asked::{Asked, Lang},
    library::Generation,
    problem::Problem,
    question::Question,
};

/// Items marked at most: whoever asks for 的 needs no help to find it.
const MAX_ITEMS: usize = 2_000;

/// Items listed above the text.
const MAX_LISTED: usize = 30;

pub(super) async fn notice(
    State(app): State<Shared>,
    Path(id): Path<String>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let links = Links::of(&mut asked)?;
    let question = Question::take(&mut asked.given)?;
    asked.given.forget();
    answer(&app, &asked, move |generation, app| {
        let archive = app.desk.archive()?;
        let reading = Reading::of(&id, &archive, &app.desk.reader()?)?;
        let marks = marks(&question, &reading, generation)?;
        let versions = archive.versions(&reading.record.id)?;
        let copies = generation.engine.copies(&reading.record.id)?;
        let shown = Shown {
            reading: &reading,
            marks: &marks,
            versions: &versions,
            copies: &copies,
            links: &links,
        };
        let mut answer = page(shown.page());
        answer.state = reading.record.seq.to_string();
        Ok(answer)
    })
    .await
}

/// What `question` finds in the notice. Nothing where the index holds another
/// version of it.
fn marks(
    question: &Question,
    reading: &Reading,
    generation: &Generation,
) -> Result<Marks, Problem> {
    let nothing_asked = question.text.trim().is_empty() && question.topic.is_none();
    if nothing_asked {
        return Ok(Marks::default());
    }
    let request = Request {
        unit: Unit::Passage,
        limit: MAX_ITEMS,
        filters: Filters {
            notices: vec![reading.record.id.clone()],
            ..Filters::default()
        },
        ..question.request(generation)?
    };
    // A topic of old that is gone, or a question that finds nothing here: the
    // notice is shown all the same.
    let found = generation.engine.search(&request)?;
    let passages = found.hits.into_iter().flat_map(|hit| hit.passages);
    Ok(Marks::of(reading, passages))
}

struct Shown<'a> {
    reading: &'a Reading,
    marks: &'a Marks,
    versions: &'a [VersionRecord],
    copies: &'a [Copied],
    links: &'a Links,
}

impl Shown<'_> {
    fn page(&self) -> Markup {
        let lang = self.links.lang;
        let notice = &self.reading.notice;
        let name = notice.title.as_ref().map_or("", |found| &found.value);
        let untitled = lang.pick("without a title", "无标题");
        let frame = Frame {
            links: self.links,
            title: if name.is_empty() { untitled } else { name },
            feed: None,
            place: Place::Elsewhere,
        };
        frame.around(html! {
            div.notice {
                @if !self.reading.outline.nodes.is_empty() {
                    nav.outline aria-label=(lang.pick("Outline", "提纲")) {
                        details open {
                            summary { (lang.pick("Outline", "提纲")) }
                            (self.outline())
                        }
                    }
                }
                article.document lang="zh-CN" {
                    header {
                        h1 { @if name.is_empty() { (untitled) } @else { (title(name)) } }
                    }
                    (fields::fields(self.reading, self.versions, self.links))
                    (copies::elsewhere(self.copies, self.links))
                    (self.matched())
                    div.body { (body::body(self.reading, self.marks, self.links)) }
                    // Where the script tells that it has copied a citation.
                    output.told #page-told lang=(lang.pick("en", "zh-CN")) data-copied=(lang.pick("Citation copied", "引文已复制")) {}
                }
            }
        })
    }

    fn outline(&self) -> Markup {
        let nodes = &self.reading.outline.nodes;
        html! {
            ol.tree {
                @for node in nodes.iter().filter(|node| !node.is_clause) { (self.entry(node)) }
            }
        }
    }

    fn entry(&self, node: &Node) -> Markup {
        let depth = node.depth.min(5);
        let heading: String = self.reading.heading(node).chars().take(40).collect();
        html! {
            li.{ "depth-" (depth) } {
                a href={ "#" (node.anchor) } .marked[self.marks.has(&node.anchor)] { (plain(&heading)) }
            }
        }
    }

    /// The items that match, as a way through them.
    fn matched(&self) -> Markup {
        let lang = self.links.lang;
        let items = self.marks.items();
        html! {
            @if !items.is_empty() {
                nav.matched #page-matched lang=(lang.pick("en", "zh-CN")) aria-label=(lang.pick("Items that match", "相符条目")) {
                    span.what {
                        (lang.pick(
                            format!("{} {}", items.len(), if items.len() == 1 { "item matches" } else { "items match" }),
                            format!("{} 个条目相符", items.len()),
                        ))
                    }
                    ol {
                        @for item in items.iter().take(MAX_LISTED) {
                            li { a href={ "#" (item.anchor) } { (Safe(item.label.as_deref().unwrap_or(part_name(&item.anchor, lang)))) } }
                        }
                    }
                    @if self.marks.any() {
                        a href={ "#" (body::mark_name(0)) } { (lang.pick("First mark", "第一处标记")) }
                        button type="button" hidden data-step="-1" aria-label=(lang.pick("Previous mark", "上一处标记")) { "‹" }
                        button type="button" hidden data-step="1" aria-label=(lang.pick("Next mark", "下一处标记")) { "›" }
                    }
                    span.keys {
                        (lang.pick("keys: ", "快捷键："))
                        kbd { "n" } (lang.pick(" next, ", " 下一处，")) kbd { "p" } (lang.pick(" previous", " 上一处"))
                    }
                }
            }
        }
    }
}

/// What a part without a printed label is called.
fn part_name(anchor: &str, lang: Lang) -> &str {
    match anchor {
        "end" => lang.pick("closing", "结尾"),
        anchor if anchor.starts_with('0') => lang.pick("opening", "开头"),
        anchor => anchor,
    }
}
