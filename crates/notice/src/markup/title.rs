//! Finds the title on a page.

use crate::{
    Origin, chrome,
    content::Content,
    draft::{Draft, tidy},
    genre,
    html::Tree,
    labels, plain,
    segment::{Segment, squeezed},
};

/// Finds the title on the page; returns the segment it ends at.
pub(super) fn read(
    tree: &Tree<'_>,
    segments: &[Segment],
    content: &Content,
    draft: &mut Draft,
) -> Option<usize> {
    let page_title = (1..tree.nodes().len())
        .find(|&index| tree.nodes()[index].name == "title")
        .map(|index| tidy(&tree.all_text(index)))
        .unwrap_or_default();
    let page_squeezed = squeezed(&page_title);
    if draft.site_name.is_none() {
        draft.site_name = page_title
            .split(['_', '|', '｜', '-', '—'])
            .map(str::trim)
            .find(|part| part.ends_with('网') || part.ends_with("政府") || part.ends_with("网站"))
            .map(str::to_owned);
    }
    let known = draft
        .notice
        .title
        .as_ref()
        .map(|title| squeezed(&title.value).into_owned());
    let first = content.lines.first().copied().unwrap_or(segments.len());
    // A title stands before the text, or is the start of it.
    let until = (first + 4).min(segments.len());
    let mut best: Option<(i32, usize, String)> = None;
    let mut at = 0;
    while at < until {
        let mut end = at + 1;
        let mut text = segments[at].text.clone();
        // <h1>…<br>…</h1> is one title on two lines.
        while end < until
            && segments[end].block == segments[at].block
            && is_title_element(tree, &segments[at]) > 0
        {
            text.push_str(&segments[end].text);
            end += 1;
        }
        let score = title_score(tree, &segments[at], &text, &page_squeezed, known.as_deref());
        // Of equals the later one stands nearer to the text.
        if score > 0 && best.as_ref().is_none_or(|(other, ..)| score >= *other) {
            best = Some((score, end - 1, text));
        }
        at = end;
    }
    if let Some((score, end, text)) = best
        && score >= 30
    {
        draft.title(&text, Origin::Header);
        return Some(end);
    }
    let cleaned = without_site(&page_title);
    // A title whose page calls it by the site's name only: the first lines of
    // the text, as far as they make a title.
    let generic = genre::of_title(&cleaned).is_none() && !cleaned.contains("关于");
    let lines: Vec<&str> = content
        .lines
        .iter()
        .take(4)
        .map(|&i| segments[i].text.as_str())
        .collect();
    if generic && let Some(title) = plain::title_of_lines(&lines).map(|(title, _)| title) {
        draft.title(&title, Origin::Text);
    }
    if cleaned.chars().count() >= 6 {
        draft.title(&cleaned, Origin::Page);
    }
    None
}

/// How much an element says that it holds the title.
fn is_title_element(tree: &Tree<'_>, segment: &Segment) -> i32 {
    let mut score = 0;
    let mut element = segment.block;
    for _ in 0..2 {
        if element == 0 {
            break;
        }
        score = score.max(match tree.nodes()[element].name {
            "h1" | "ucaptitle" | "founder-title" => 30,
            "h2" => 25,
            "h3" => 15,
            _ => 0,
        });
        let named = |key| {
            tree.attribute(element, key).is_some_and(|value| {
                let value = value.to_ascii_lowercase();
                ["title", "tit", "biaoti", "headline", "bt"]
                    .iter()
                    .any(|word| {
                        value
                            .split(|c: char| !c.is_ascii_alphanumeric())
                            .any(|part| part == *word || word.len() > 2 && part.ends_with(word))
                    })
            })
        };
        if named("class") || named("id") {
            score = score.max(20);
        }
        element = tree.nodes()[element].parent as usize;
    }
    score
}

fn title_score(
    tree: &Tree<'_>,
    segment: &Segment,
    text: &str,
    page_title: &str,
    known: Option<&str>,
) -> i32 {
    // Most of a page's lines are links, which takes no look at their text.
    if segment.part > 0 || segment.is_links() {
        return 0;
    }
    let squeezed = squeezed(text);
    let count = squeezed.chars().count();
    if !(6..=150).contains(&count) || chrome::is_before(text) || labels::is_header_line(text) {
        return 0;
    }
    if known == Some(&*squeezed) {
        return 200;
    }
    let mut score = is_title_element(tree, segment);
    if count >= 8 && page_title.contains(&*squeezed) {
        score += 60 + (count as i32).min(60);
    }
    if score > 0 && (text.contains("关于") || genre::of_title(text).is_some()) {
        score += 20;
    }
    if text.ends_with('。') {
        score -= 40;
    }
    score
}

/// A page's `<title>` without the names of site and columns after it.
fn without_site(title: &str) -> String {
    let first = title
        .split(['_', '|', '｜'])
        .map(str::trim)
        .find(|part| !part.is_empty())
        .unwrap_or("");
    let first = first
        .split(" - ")
        .next()
        .unwrap_or("")
        .split("--")
        .next()
        .unwrap_or("")
        .trim();
    let site = |name: &str| {
        [
            "网",
            "门户网站",
            "网站",
            "政府",
            "频道",
            "专栏",
            "平台",
            "委员会",
            "局",
            "厅",
        ]
        .iter()
        .any(|end| name.trim().ends_with(end))
    };
    match first.rsplit_once(['-', '—']) {
        Some((rest, last)) if site(last) && rest.chars().count() >= 6 => {
            rest.trim_end_matches(['-', '—', ' ']).to_owned()
        }
        _ => first.to_owned(),
    }
}
