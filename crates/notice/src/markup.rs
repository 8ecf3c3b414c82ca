//! Reads a page in HTML.

use scraper::Selector;

use crate::{
    BlockKind, Origin, chrome,
    content::{Content, Lines},
    date,
    draft::{Draft, tidy},
    genre,
    html::{Document, Tree},
    labels::{self, Label},
    page::Profile,
    segment::{Segment, segments},
};

/// Reads the fields and the body of `page`; what needs no markup (signature,
/// genre, region) is read later.
pub(crate) fn read(page: &str, profile: Option<&Profile>, draft: &mut Draft) {
    let document = Document::parse(page);
    let tree = document.tree();
    if document.trimmed {
        draft.warn(
            "body",
            "the page nests too deep or has too many elements; only its text was kept there",
        );
    }
    let segments = segments(&tree);
    if let Some(profile) = profile {
        selected_fields(&tree, profile, draft);
    }
    meta_fields(&tree, draft);
    let mut fields = vec![false; segments.len()];
    table_fields(&segments, &mut fields, draft);
    line_fields(&segments, &mut fields, draft);
    let content = body_lines(&tree, &segments, &fields, profile, draft);
    let title_at = read_title(&tree, &segments, &content, draft);
    let skipped = read_header(&segments, &fields, &content, title_at, draft);
    write_body(&segments, &content, skipped, draft);
}

/// The text of an element on one line.
fn text_of(tree: &Tree<'_>, selector: &str, draft: &mut Draft) -> Option<String> {
    let elements = select(tree, selector, draft);
    elements.first().map(|&first| tidy(&tree.all_text(first)))
}

/// The elements that a profile's selector selects, in document order.
fn select(tree: &Tree<'_>, selector: &str, draft: &mut Draft) -> Vec<usize> {
    match Selector::parse(selector) {
        Ok(selector) => tree.select(&selector),
        Err(error) => {
            draft.warn(
                "profile",
                format!("cannot read the selector {selector:?}: {error}"),
            );
            Vec::new()
        }
    }
}

fn selected_fields(tree: &Tree<'_>, profile: &Profile, draft: &mut Draft) {
    let select = &profile.article;
    let text =
        |selector: &Option<String>, draft: &mut Draft| text_of(tree, selector.as_deref()?, draft);
    if let Some(title) = text(&select.title, draft) {
        draft.title(&title, Origin::Profile);
    }
    if let Some(moment) = text(&select.published, draft).and_then(|text| date::find_moment(&text)) {
        draft.published(moment.0, Origin::Profile);
    }
    if let Some(source) = text(&select.source, draft) {
        let value = labels::labelled(&source)
            .into_iter()
            .find(|(label, _)| *label == Label::Source);
        draft.source(
            value.as_ref().map_or(&source, |(_, value)| value),
            Origin::Profile,
        );
    }
    if let Some(organ) = text(&select.organ, draft) {
        draft.organ(&organ, Origin::Profile);
    }
    if let Some(columns) = text(&select.columns, draft) {
        draft.columns(
            columns
                .split_once(['：', ':'])
                .map_or(columns.as_str(), |(_, rest)| rest),
        );
    }
    if let Some(header) = text(&select.header, draft) {
        for (label, value) in labels::labelled(&header) {
            draft.labelled(label, &value, Origin::Profile);
        }
        if draft.notice.published.is_none()
            && let Some((moment, _)) = date::find_moment(&header)
        {
            draft.published(moment, Origin::Profile);
        }
    }
}

/// The `<meta>` tags of government sites (国办发〔2017〕47号).
fn meta_fields(tree: &Tree<'_>, draft: &mut Draft) {
    for (index, node) in tree.nodes().iter().enumerate() {
        if node.name != "meta" {
            continue;
        }
        let key = tree
            .attribute(index, "name")
            .or_else(|| tree.attribute(index, "property"));
        let (Some(key), Some(value)) = (key, tree.attribute(index, "content")) else {
            continue;
        };
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        match key.trim().to_ascii_lowercase().as_str() {
            // Some systems put markup into it, some cut it short.
            "articletitle" if !value.ends_with(['…', '.']) => {
                let plain = Document::parse(value);
                draft.title(&plain.tree().all_text(0), Origin::Meta);
            }
            "pubdate" | "publishdate" | "article:published_time" | "firstpublishedtime" => {
                if let Some((moment, _)) = date::moment_at(value) {
                    draft.published(moment, Origin::Meta);
                }
            }
            "contentsource" => draft.source(value, Origin::Meta),
            "columnname" => draft.meta_columns = Some(value.to_owned()),
            "sitename" => draft.site_name = Some(tidy(value)),
            "author" | "editor" if value.chars().count() <= 8 => draft.editor(value, Origin::Meta),
            _ => {}
        }
    }
}

/// The cells of a row as labelled values; `None` when some cell is neither.
fn row_fields(row: &str) -> (Vec<(Label, String)>, bool) {
    let cells: Vec<&str> = row.split('\t').map(str::trim).collect();
    let mut found = Vec::new();
    let mut complete = true;
    let mut at = 0;
    while at < cells.len() {
        if let Some(label) = labels::label_of(cells[at]) {
            match cells.get(at + 1) {
                Some(value) if labels::label_of(value).is_none() => {
                    found.push((label, (*value).to_owned()));
                    at += 2;
                    continue;
                }
                _ => found.push((label, String::new())),
            }
        } else if let Some(field) = labels::labelled(cells[at]).into_iter().next() {
            found.push(field);
        } else if !cells[at].is_empty() {
            complete = false;
        }
        at += 1;
    }
    (found, complete)
}

fn is_formal(label: Label) -> bool {
    matches!(
        label,
        Label::IndexNumber | Label::DocNumber | Label::Organ | Label::Signed
    )
}

/// How many different labels there are.
fn kinds(fields: &[(Label, String)]) -> usize {
    let mut labels: Vec<Label> = Vec::new();
    for (label, _) in fields {
        if !labels.contains(label) {
            labels.push(*label);
        }
    }
    labels.len()
}

/// The table of a formal document: 索引号, 发文机关, 成文日期 …
fn table_fields(segments: &[Segment], fields: &mut [bool], draft: &mut Draft) {
    let mut tables: Vec<(usize, Vec<usize>)> = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        if segment.table > 0 {
            match tables.last_mut() {
                Some((table, rows)) if *table == segment.table => rows.push(index),
                _ => tables.push((segment.table, vec![index])),
            }
        }
    }
    let mut done = false;
    for (_, rows) in tables {
        // The formal table has eight fields or so; a longer one is data.
        if rows.len() > 24 {
            continue;
        }
        let mut found = Vec::new();
        let mut complete = true;
        for &row in &rows {
            let (fields, all) = row_fields(&segments[row].text);
            complete &= all && !fields.is_empty();
            found.extend(fields);
        }
        let formal = found.iter().any(|(label, _)| is_formal(*label)) && kinds(&found) >= 3;
        let rest = complete && found.iter().all(|(label, _)| *label == Label::Topic);
        if !formal && !rest {
            continue;
        }
        rows.iter().for_each(|&row| fields[row] = true);
        if formal && !done {
            done = true;
            for (label, value) in found {
                draft.labelled(label, &value, Origin::Table);
            }
        }
    }
}

/// The same fields as a list, one a line, before the text.
fn line_fields(segments: &[Segment], fields: &mut [bool], draft: &mut Draft) {
    let mut run: Vec<usize> = Vec::new();
    let mut found: Vec<(Label, String)> = Vec::new();
    let mut listed_lines: Vec<usize> = Vec::new();
    let mut close = |run: &mut Vec<usize>, found: &mut Vec<(Label, String)>| {
        let formal = found.iter().any(|(label, _)| is_formal(*label)) && kinds(found) >= 3;
        if formal {
            listed_lines.append(run);
            for (label, value) in found.iter() {
                draft.labelled(*label, value, Origin::Table);
            }
        }
        run.clear();
        found.clear();
    };
    let mut at = 0;
    while at < segments.len() {
        let text = segments[at].text.as_str();
        if segments[at].chars >= 160 {
            break;
        }
        if fields[at] || segments[at].table > 0 {
            at += 1;
            continue;
        }
        let listed = |label: Label| {
            is_formal(label) || matches!(label, Label::Topic | Label::Title | Label::Published)
        };
        if let Some(label) = labels::label_of(text).filter(|label| listed(*label)) {
            // <dt>索引号：</dt><dd>…</dd>
            run.push(at);
            match segments.get(at + 1) {
                Some(next)
                    if labels::label_of(&next.text).is_none()
                        && labels::labelled(&next.text).is_empty()
                        && next.chars <= 60 =>
                {
                    found.push((label, next.text.clone()));
                    run.push(at + 1);
                    at += 1;
                }
                _ => {}
            }
        } else {
            let line = labels::labelled(text);
            if line.first().is_some_and(|(label, _)| listed(*label)) && starts_with_label(text) {
                run.push(at);
                found.extend(line);
            } else {
                close(&mut run, &mut found);
            }
        }
        at += 1;
    }
    close(&mut run, &mut found);
    listed_lines.iter().for_each(|&line| fields[line] = true);
}

fn starts_with_label(text: &str) -> bool {
    text.split_once(['：', ':'])
        .is_some_and(|(start, _)| labels::label_of(start).is_some())
}

fn body_lines(
    tree: &Tree<'_>,
    segments: &[Segment],
    fields: &[bool],
    profile: Option<&Profile>,
    draft: &mut Draft,
) -> Content {
    let lines = Lines::new(tree, segments, fields);
    let body = profile.and_then(|p| p.article.body.as_ref());
    let mut elements = body.map_or_else(Vec::new, |body| select(tree, body, draft));
    // An element inside another that was selected adds nothing.
    elements.dedup_by(|later, earlier| tree.inside(*earlier).contains(later));
    let mut content = lines.exactly(&elements);
    if content.lines.is_empty() {
        if body.is_some() {
            draft.warn("body", "the profile's selector finds no text");
        }
        content = lines.find();
    }
    let drop = profile.and_then(|p| p.article.drop.as_ref());
    let dropped = drop.map_or_else(Vec::new, |drop| select(tree, drop, draft));
    if !dropped.is_empty() {
        content.lines.retain(|&i| {
            !dropped
                .iter()
                .any(|&element| tree.inside(element).contains(&segments[i].node))
        });
    }
    content
}

/// `text` without white space, for comparing titles.
fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Finds the title on the page; returns the segment it ends at.
fn read_title(
    tree: &Tree<'_>,
    segments: &[Segment],
    content: &Content,
    draft: &mut Draft,
) -> Option<usize> {
    let page_title = (1..tree.nodes().len())
        .find(|&index| tree.nodes()[index].name == "title")
        .map(|index| tidy(&tree.all_text(index)))
        .unwrap_or_default();
    let page_squeezed = squeeze(&page_title);
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
        .map(|title| squeeze(&title.value));
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
    if generic && let Some(title) = crate::plain::title_of_lines(&lines).map(|(title, _)| title) {
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
    let squeezed = squeeze(text);
    let count = squeezed.chars().count();
    if !(6..=150).contains(&count)
        || segment.part > 0
        || segment.is_links()
        || chrome::is_before(text)
        || labels::is_header_line(text)
    {
        return 0;
    }
    if known == Some(squeezed.as_str()) {
        return 200;
    }
    let mut score = is_title_element(tree, segment);
    if count >= 8 && page_title.contains(&squeezed) {
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

/// Reads the lines between title and text. Returns how many lines of an exact
/// container are header and not text.
fn read_header(
    segments: &[Segment],
    fields: &[bool],
    content: &Content,
    title_at: Option<usize>,
    draft: &mut Draft,
) -> usize {
    let first = content.lines.first().copied().unwrap_or(segments.len());
    let mut authors = Vec::new();
    let zone_start = title_at.filter(|&at| at < first).map_or(0, |at| at + 1);
    let after_title = zone_start > 0;
    let crumbs = segments[..first]
        .iter()
        .rev()
        .find_map(|segment| crumbs(&segment.text));
    let from = if after_title {
        zone_start
    } else {
        first.saturating_sub(12)
    };
    for (segment, field) in segments[from..first].iter().zip(&fields[from..first]) {
        let text = segment.text.as_str();
        if *field || (!after_title && !labels::is_header_line(text)) || segment.chars > 200 {
            continue;
        }
        header_fields(text, &mut authors, draft);
        if after_title && segment.chars <= 40 && !segment.is_links() {
            if draft.notice.published.is_none()
                && let Some(moment) = date::whole_moment(text)
            {
                draft.published(moment, Origin::Header);
            }
            if draft.notice.doc_number.is_none() && text.parse::<crate::DocNumber>().is_ok() {
                draft.doc_number(text, Origin::Header);
            }
        }
    }
    // Some containers hold the header line too.
    let mut skipped = 0;
    if content.exact {
        for (index, &line) in content.lines.iter().take(5).enumerate() {
            if labels::is_header_line(&segments[line].text) {
                header_fields(&segments[line].text, &mut authors, draft);
                skipped = index + 1;
            }
        }
    }
    // The editor often stands under the text.
    if let Some(&last) = content.lines.last() {
        for segment in segments[last..].iter().take(8) {
            for (label, value) in labels::labelled(&segment.text) {
                if label == Label::Editor
                    || label == Label::Source
                        && content.exact
                        && segment.chars <= 40
                        && draft.notice.source.is_none()
                        && segment.node != segments[last].node
                {
                    draft.labelled(label, &value, Origin::Header);
                }
            }
        }
    }
    // The 分类 of the header says most, then the path of the page, then <meta>.
    if draft.notice.columns.is_empty() {
        let title = draft
            .notice
            .title
            .as_ref()
            .map(|title| squeeze(&title.value));
        let path = crumbs.unwrap_or_default();
        draft.notice.columns = path
            .into_iter()
            .filter(|part| title.as_deref() != Some(squeeze(part).as_str()))
            .collect();
    }
    if let Some(column) = draft.meta_columns.take() {
        draft.columns(&column);
    }
    for author in authors {
        draft.editor(&author, Origin::Header);
    }
    skipped
}

/// The columns of a line that is the path of the page: 首页 > 政务公开 > 公告.
fn crumbs(line: &str) -> Option<Vec<String>> {
    let starts = [
        "当前位置",
        "您的位置",
        "您现在的位置",
        "您所在的位置",
        "所在位置",
    ];
    let after = starts
        .iter()
        .find_map(|start| line.find(start).map(|at| &line[at + start.len()..]))
        .map(|rest| rest.trim_start_matches(['：', ':', '是', ' ', '\u{a0}', '\u{3000}']));
    let path = after.unwrap_or(line);
    let parts: Vec<&str> = path
        .split(['>', '＞', '›', '»', '/', '→'])
        .map(str::trim)
        .collect();
    let home = |part: &str| matches!(squeeze(part).as_str(), "首页" | "网站首页");
    if after.is_none() && !(parts.len() >= 2 && home(parts[0])) || line.chars().count() > 150 {
        return None;
    }
    let kept = |part: &&&str| {
        !part.is_empty() && !home(part) && !matches!(**part, "正文" | "内容" | "详情" | "详细内容")
    };
    Some(parts.iter().filter(kept).map(|part| tidy(part)).collect())
}

/// Takes over the fields of a header line, which may begin with a bare date.
fn header_fields(text: &str, authors: &mut Vec<String>, draft: &mut Draft) {
    let fields = labels::labelled(text);
    for (label, value) in &fields {
        match label {
            Label::Author => authors.push(value.clone()),
            _ => draft.labelled(*label, value, Origin::Header),
        }
    }
    if draft.notice.published.is_none()
        && fields.iter().any(|(label, _)| {
            matches!(
                label,
                Label::Source | Label::Tool | Label::Editor | Label::Author
            )
        })
        && let Some((moment, _)) = date::moment_at(text.trim_start())
    {
        draft.published(moment, Origin::Header);
    }
}

fn write_body(segments: &[Segment], content: &Content, skipped: usize, draft: &mut Draft) {
    let title = draft
        .notice
        .title
        .as_ref()
        .map(|title| squeeze(&title.value));
    for (index, &line) in content.lines.iter().enumerate() {
        let segment = &segments[line];
        // Inside a container that holds more than the text, a line that only
        // repeats the title is the page's heading.
        let is_title = !content.exact
            && index < 3
            && title.as_deref() == Some(squeeze(&segment.text).as_str());
        let header = index < skipped && labels::is_header_line(&segment.text);
        if is_title || header || chrome::is_tool(&segment.text) {
            continue;
        }
        let kind = match segment.kind {
            BlockKind::Heading if segment.chars > 120 => BlockKind::Paragraph,
            kind => kind,
        };
        draft.notice.body.push(kind, &segment.text);
    }
}
