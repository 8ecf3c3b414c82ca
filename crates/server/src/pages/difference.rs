//! What an edit did to a notice, sentence by sentence.

use axum::{
    extract::{Path, State},
    response::Response,
};
use gongbao_desk::{CompareError, Compared, Edit, EditKind, Part, find_notice};
use maud::{Markup, PreEscaped, html};

use super::{
    frame::{Frame, Place},
    links::Links,
    page,
    text::{Safe, plain, title},
};
use crate::{answer::answer, app::Shared, asked::Asked, problem::Problem};

pub(super) async fn difference(
    State(app): State<Shared>,
    Path(id): Path<String>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let links = Links::of(&mut asked)?;
    let versions = 1..=u32::MAX as usize;
    let from = asked.given.number("from", versions.clone())?;
    let to = asked.given.number("to", versions)?;
    asked.given.forget();
    answer(&app, &asked, move |_, app| {
        let archive = app.desk.archive()?;
        let (record, _) = find_notice(&archive, &id)?;
        let number = |version: usize| u32::try_from(version).ok();
        let compared = Compared::of(
            &record,
            from.and_then(number),
            to.and_then(number),
            &archive,
            &app.desk.reader()?,
        );
        let compared = match compared {
            Ok(compared) => Some(compared),
            Err(CompareError::OneVersion) => None,
            Err(error) => return Err(error.into()),
        };
        let mut answer = page(show(record.id.as_str(), compared.as_ref(), &links));
        answer.state = record.seq.to_string();
        Ok(answer)
    })
    .await
}

fn show(id: &str, compared: Option<&Compared>, links: &Links) -> Markup {
    let lang = links.lang;
    let heading = lang.pick("What changed", "修改之处");
    let frame = Frame {
        links,
        title: heading,
        feed: None,
        place: Place::Elsewhere,
    };
    let name = compared.and_then(|compared| compared.title.as_deref());
    frame.around(html! {
        article.difference {
            h1 { (heading) }
            p.lead lang="zh-CN" { a href=(links.to(&format!("/notices/{id}"), &[])) { (title(name.unwrap_or(id))) } }
            @match compared {
                None => { p.quiet { (lang.pick("There is one version only.", "只有一个版本。")) } }
                Some(compared) => {
                    p.meta {
                        span { (lang.pick("version ", "第 ")) (compared.from.version) (lang.pick("", " 版")) " " time { (plain(&compared.from.fetched)) } }
                        span { "→" }
                        span { (lang.pick("version ", "第 ")) (compared.to.version) (lang.pick("", " 版")) " " time { (plain(&compared.to.fetched)) } }
                    }
                    @if compared.edits.is_empty() {
                        p.quiet { (lang.pick("No sentence differs; what changed is the page around it.", "正文各句均未变动；变动的是网页的其他部分。")) }
                    }
                    div.diff {
                        @for row in &compared.edits {
                            @if row.part == Part::Title { p.quiet { (lang.pick("In the title", "标题")) } }
                            (edit(&row.edit, links))
                        }
                    }
                }
            }
        }
    })
}

/// The older sentence, then the newer one.
fn edit(edit: &Edit, links: &Links) -> Markup {
    let lang = links.lang;
    let told = match edit.kind {
        EditKind::Inserted => lang.pick("Inserted: ", "新增："),
        EditKind::Deleted => lang.pick("Deleted: ", "删去："),
        EditKind::Changed => lang.pick("Changed: ", "修改："),
    };
    html! {
        div.edit {
            span.visually-hidden { (told) }
            @if let Some(old) = &edit.old {
                p.removed lang="zh-CN" { (differing(old, &edit.old_marks, "del")) }
            }
            @if let Some(new) = &edit.new {
                p.added lang="zh-CN" { (differing(new, &edit.new_marks, "ins")) }
            }
        }
    }
}

/// `text` with `marks`, in characters, as elements `tag`; all of it where
/// there is none.
fn differing(text: &str, marks: &[[usize; 2]], tag: &str) -> Markup {
    let chars: Vec<char> = text.chars().collect();
    let whole = [[0, chars.len()]];
    let marks = if marks.is_empty() { &whole[..] } else { marks };
    let piece = |range: std::ops::Range<usize>| -> String {
        let range = range.start.min(chars.len())..range.end.min(chars.len());
        chars[range].iter().collect()
    };
    let mut out = String::new();
    let mut done = 0;
    for &[start, end] in marks {
        let start = start.max(done);
        if start >= end {
            continue;
        }
        let (same, other) = (piece(done..start), piece(start..end));
        out += &html! { (Safe(&same)) }.into_string();
        let inner = html! { (Safe(&other)) }.into_string();
        out += &format!("<{tag}>{inner}</{tag}>");
        done = end;
    }
    let rest = piece(done..chars.len());
    out += &html! { (Safe(&rest)) }.into_string();
    PreEscaped(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_marked_and_escaped() {
        let html = |text, marks: &[[usize; 2]]| differing(text, marks, "ins").into_string();
        assert_eq!(html("还款3亿元", &[[2, 3]]), "还款<ins>3</ins>亿元");
        assert_eq!(html("<b>", &[]), "<ins>&lt;b&gt;</ins>");
        assert_eq!(html("甲", &[[0, 9]]), "<ins>甲</ins>");
    }
}
