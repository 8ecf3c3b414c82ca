//! A feed as XML.

use std::{fmt::Write, time::SystemTime};

use gongbao_query::{Hit, PassageHit, Topic};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::question::Question;

/// A feed of passages, newest first.
pub(super) struct Feed<'a> {
    /// Where the server is reached, without a slash at its end.
    pub(super) base: &'a str,
    /// The feed's path and parameters.
    pub(super) address: &'a str,
    /// The name of the corpus.
    pub(super) corpus: &'a str,
    /// When the index was published.
    pub(super) published: SystemTime,
    pub(super) question: &'a Question,
    pub(super) topic: Option<&'a Topic>,
    pub(super) hits: &'a [Hit],
    /// When a notice was first received.
    pub(super) first_seen: &'a dyn Fn(&str) -> Option<Timestamp>,
}

impl Feed<'_> {
    /// The feed as an Atom document.
    pub(super) fn to_xml(&self) -> String {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        xml += "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\">\n";
        let entries: Vec<_> = self
            .hits
            .iter()
            .flat_map(|hit| hit.passages.iter().map(move |passage| (hit, passage)))
            .map(|(hit, passage)| (hit, passage, self.updated(hit)))
            .collect();
        let latest = entries.iter().map(|(_, _, updated)| updated.as_str()).max();
        let published = Timestamp::try_from(self.published).unwrap_or_default();
        let published = published.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        element(&mut xml, "id", &self.id(&["feed", self.address]));
        element(&mut xml, "title", &self.title());
        element(&mut xml, "updated", latest.unwrap_or(&published));
        xml += "<author><name>gongbao</name></author>\n";
        link(
            &mut xml,
            "self",
            "application/atom+xml",
            &format!("{}{}", self.base, self.address),
        );
        link(
            &mut xml,
            "alternate",
            "text/html",
            &format!("{}{}", self.base, self.page()),
        );
        for (hit, passage, updated) in entries {
            self.entry(&mut xml, hit, passage, &updated);
        }
        xml += "</feed>\n";
        xml
    }

    fn title(&self) -> String {
        let topic = self.topic.map(|topic| topic.name.zh.as_str());
        let text = Some(self.question.text.trim()).filter(|text| !text.is_empty());
        let parts: Vec<_> = topic.into_iter().chain(text).collect();
        if parts.is_empty() {
            "公报 gongbao".to_owned()
        } else {
            format!("{} · 公报 gongbao", parts.join(" "))
        }
    }

    /// The page that shows what the feed tells of.
    fn page(&self) -> String {
        match (self.topic, self.address.split_once('?')) {
            (Some(topic), _) => format!("/topics/{}", topic.id),
            (None, Some((_, query))) => format!("/search?{query}"),
            (None, None) => "/".to_owned(),
        }
    }

    fn entry(&self, xml: &mut String, hit: &Hit, passage: &PassageHit, updated: &str) {
        let title = hit.title.as_deref().unwrap_or("（无标题）");
        let title = match &passage.label {
            Some(label) => format!("{title} {label}"),
            None => title.to_owned(),
        };
        let address = format!("{}/notices/{}#{}", self.base, hit.id, passage.anchor);
        *xml += "<entry>\n";
        element(xml, "id", &self.id(&[&hit.id, &passage.anchor]));
        element(xml, "title", &title);
        element(xml, "updated", updated);
        element(xml, "published", updated);
        link(xml, "alternate", "text/html", &address);
        if let Some(url) = &hit.url {
            link(xml, "via", "text/html", url);
        }
        let organ = hit.organ.as_deref().unwrap_or("gongbao");
        *xml += "<author>";
        element(xml, "name", organ);
        *xml += "</author>\n";
        if let Some(genre) = &hit.genre {
            let _ = writeln!(xml, "<category term=\"{}\"/>", escape(genre));
        }
        if passage.path.len() > 1 {
            element(xml, "summary", &passage.path.join(" › "));
        }
        let _ = writeln!(
            xml,
            "<content type=\"text\">{}</content>",
            escape(&passage.text)
        );
        *xml += "</entry>\n";
    }

    /// When an entry was last changed: the day its notice was published, as
    /// it is in China, or else when it was received. It stays what it is.
    fn updated(&self, hit: &Hit) -> String {
        match hit.published.as_ref().or(hit.signed.as_ref()) {
            Some(day) => format!("{day}T00:00:00+08:00"),
            None => {
                let seen = (self.first_seen)(&hit.id).unwrap_or_default();
                seen.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
            }
        }
    }

    /// A name that is the same whenever and wherever this corpus is served.
    /// A UUID of version 8 made from a digest (RFC 9562).
    fn id(&self, parts: &[&str]) -> String {
        let mut digest = Sha256::new();
        for part in [&[self.corpus], parts].concat() {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part.as_bytes());
        }
        let mut bytes: Vec<u8> = digest.finalize()[..16].to_vec();
        bytes[6] = bytes[6] & 0x0f | 0x80;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let (a, b, c, d, e) = (
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..],
        );
        format!("urn:uuid:{a}-{b}-{c}-{d}-{e}")
    }
}

fn element(xml: &mut String, name: &str, text: &str) {
    let _ = writeln!(xml, "<{name}>{}</{name}>", escape(text));
}

fn link(xml: &mut String, rel: &str, kind: &str, href: &str) {
    let _ = writeln!(
        xml,
        "<link rel=\"{rel}\" type=\"{kind}\" href=\"{}\"/>",
        escape(href)
    );
}

/// `text` as XML 1.0 can hold it: markup escaped, what it cannot hold and what
/// turns the direction of text left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            c if gongbao_desk::is_dangerous(c) => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_its_element() {
        assert_eq!(escape("</title><script>"), "&lt;/title&gt;&lt;script&gt;");
        assert_eq!(escape("甲\u{202e}\u{0}\u{ffff}\"乙"), "甲&quot;乙");
    }
}
