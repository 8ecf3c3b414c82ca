//! Reads the formal table of a document: 索引号, 发文机关, 成文日期 …

use crate::{
    Origin,
    draft::Draft,
    labels::{self, Label},
    segment::Segment,
};

/// The table of a formal document: 索引号, 发文机关, 成文日期 …
pub(super) fn table_fields(segments: &[Segment], fields: &mut [bool], draft: &mut Draft) {
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
pub(super) fn line_fields(segments: &[Segment], fields: &mut [bool], draft: &mut Draft) {
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

fn starts_with_label(text: &str) -> bool {
    text.split_once(['：', ':'])
        .is_some_and(|(start, _)| labels::label_of(start).is_some())
}
