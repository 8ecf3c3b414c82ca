//! An Atom feed (RFC 4287), made anew from the catalogue each time.

use std::{io, path::Path};

use gongbao_archive::Alert;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use crate::{
    alert::{Change, News, Piece, uuid},
    watches::write_whole,
};

/// The newest so many alerts are in the feed.
pub(super) const ENTRIES: u32 = 100;

/// Writes the feed of `watch`, newest first, to `path` in one step.
pub(super) fn write(
    path: &Path,
    watch: &str,
    corpus: &str,
    recent: &[Alert],
) -> Result<(), String> {
    let news = recent.iter().map(News::of).collect::<Result<Vec<_>, _>>()?;
    let run = || -> io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        write_whole(path, &feed(watch, corpus, &news)?)
    };
    run().map_err(|error| format!("could not write {}: {error}", path.display()))
}

fn feed(watch: &str, corpus: &str, news: &[News]) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new(Vec::new());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    xml.create_element("feed")
        .with_attribute(("xmlns", "http://www.w3.org/2005/Atom"))
        .write_inner_content(|xml| {
            let id = format!("urn:uuid:{}", uuid(&["feed", corpus, watch]));
            element(xml, "id", &id)?;
            element(xml, "title", watch)?;
            let newest = news.iter().map(|news| news.raised.as_str()).max();
            element(xml, "updated", newest.unwrap_or("1970-01-01T00:00:00Z"))?;
            xml.create_element("author")
                .write_inner_content(|xml| element(xml, "name", "gongbao"))?;
            xml.create_element("generator")
                .write_text_content(BytesText::new("gongbao"))?;
            news.iter().try_for_each(|news| entry(xml, news))
        })?;
    Ok(xml.into_inner())
}

fn entry(xml: &mut Writer<Vec<u8>>, news: &News) -> io::Result<()> {
    xml.create_element("entry").write_inner_content(|xml| {
        element(xml, "id", &format!("urn:uuid:{}", news.alert))?;
        element(xml, "title", news.title.as_deref().unwrap_or(&news.id))?;
        element(xml, "updated", &news.raised)?;
        if let Some(url) = &news.url {
            xml.create_element("link")
                .with_attribute(("href", clean(url).as_str()))
                .write_empty()?;
        }
        if let Some(organ) = &news.organ {
            xml.create_element("author")
                .write_inner_content(|xml| element(xml, "name", organ))?;
        }
        xml.create_element("content")
            .with_attribute(("type", "html"))
            .write_text_content(BytesText::new(&clean(&html(news))))?;
        Ok(())
    })?;
    Ok(())
}

fn element(xml: &mut Writer<Vec<u8>>, name: &str, text: &str) -> io::Result<()> {
    xml.create_element(name)
        .write_text_content(BytesText::new(&clean(text)))?;
    Ok(())
}

/// The passages as HTML, what matches and what changed marked.
fn html(news: &News) -> String {
    let mut html = String::new();
    for passage in &news.passages {
        let path = &passage.path[..passage.path.len().saturating_sub(1)];
        if !path.is_empty() {
            html.push_str(&format!(
                "<p><small>{}</small></p>",
                escaped(&path.join(" › "))
            ));
        }
        html.push_str("<p>");
        match passage.change {
            Change::New => html.push_str(&marked(&passage.text, &passage.highlights)),
            Change::Changed => {
                for piece in &passage.diff {
                    html.push_str(&match piece {
                        Piece::Same(text) => escaped(text),
                        Piece::Removed(text) => format!("<del>{}</del>", escaped(text)),
                        Piece::Added(text) => format!("<ins>{}</ins>", escaped(text)),
                    });
                }
            }
        }
        html.push_str("</p>");
    }
    html
}

fn marked(text: &str, highlights: &[[usize; 2]]) -> String {
    let mut html = String::new();
    for (at, c) in text.chars().enumerate() {
        if highlights.iter().any(|&[start, _]| start == at) {
            html.push_str("<mark>");
        }
        html.push_str(&escaped(c.encode_utf8(&mut [0; 4])));
        if highlights.iter().any(|&[_, end]| end == at + 1) {
            html.push_str("</mark>");
        }
    }
    html
}

fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).replace('\n', "<br/>")
}

/// Without the characters that XML cannot hold.
fn clean(text: &str) -> String {
    let is_fine = |&c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(is_fine).collect()
}
