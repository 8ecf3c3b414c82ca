//! Reads the lines between title and text, and the path of the page.

use crate::{
    DocNumber, Origin,
    content::Content,
    date,
    draft::{Draft, tidy},
    labels::{self, Label},
    segment::{Segment, squeezed},
};

/// Reads the lines between title and text. Returns how many lines of an exact
/// container are header and not text.
pub(super) fn read(
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
            if draft.notice.doc_number.is_none() && text.parse::<DocNumber>().is_ok() {
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
            .map(|title| squeezed(&title.value).into_owned());
        let path = crumbs.unwrap_or_default();
        draft.notice.columns = path
            .into_iter()
            .filter(|part| title.as_deref() != Some(&*squeezed(part)))
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
    let home = |part: &str| matches!(&*squeezed(part), "首页" | "网站首页");
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
