//! Files that an article links, wherever the link hides.

use std::{collections::HashSet, sync::LazyLock};

use gongbao_notice::OpenedPage;
use regex::Regex;
use scraper::{ElementRef, Selector};
use url::Url;

use crate::address::resolve;

/// More files than this do not belong to one notice.
const MAX_FILES: usize = 200;

/// Names of files that notices come with.
static FILE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\.(pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|ceb|zip|rar|7z|csv)$")
        .expect("it is tested")
});
/// The same, quickly, in the source of a page.
static HINT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\.(?:pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|ceb|zip|rar|7z|csv)\b")
        .expect("it is tested")
});
/// An address in a script: between quotes.
static QUOTED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"["']([^"'<>\s]{3,500})["']"#).expect("it is tested"));

/// A file that an article links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileLink {
    pub(crate) url: Url,
    pub(crate) text: Option<String>,
}

/// Whether `url` is that of a file.
pub(crate) fn is_file(url: &Url) -> bool {
    FILE.is_match(url.path())
}

/// Elements that may link one.
static PLACES: LazyLock<Selector> = LazyLock::new(|| {
    Selector::parse("a, iframe, embed, object, [onclick], [data-url], [data-href]")
        .expect("it is a selector")
});

/// The files that `page`, which stands at `url`, links, in order.
pub(crate) fn links(url: &Url, page: &OpenedPage<'_>) -> Vec<FileLink> {
    // Most pages link none; their links are not looked through for it.
    if !HINT.is_match(page.text()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for element in page.html().select(&PLACES) {
        for link in addresses(url, element) {
            if seen.insert(link.clone()) {
                found.push(FileLink {
                    url: link,
                    text: text_of(element),
                });
            }
            if found.len() >= MAX_FILES {
                return found;
            }
        }
    }
    found
}

fn addresses(base: &Url, element: ElementRef<'_>) -> Vec<Url> {
    let mut found = Vec::new();
    for name in ["href", "src", "data", "data-url", "data-href", "onclick"] {
        let Some(value) = element.value().attr(name) else {
            continue;
        };
        let is_script = name == "onclick"
            || value
                .trim_start()
                .to_ascii_lowercase()
                .starts_with("javascript:");
        if is_script {
            let quoted = QUOTED
                .captures_iter(value)
                .filter_map(|quoted| file_at(base, &quoted[1]));
            found.extend(quoted);
        } else {
            found.extend(file_at(base, value));
        }
    }
    found
}

/// The file at `link`, or the one that it shows: `viewer.html?file=/a.pdf`.
fn file_at(base: &Url, link: &str) -> Option<Url> {
    let url = resolve(base, link)?;
    if is_file(&url) {
        return Some(url);
    }
    let shown = url
        .query_pairs()
        .find_map(|(_, value)| FILE.is_match(&value).then(|| value.into_owned()))?;
    // download.jsp?name=a.pdf is the file itself; a viewer shows another.
    let is_path = shown.contains('/');
    if is_path {
        resolve(&url, &shown)
    } else {
        Some(url)
    }
}

fn text_of(element: ElementRef<'_>) -> Option<String> {
    let shown: Vec<&str> = element.text().flat_map(str::split_whitespace).collect();
    let shown = shown.join(" ");
    let told = element.value().attr("title").unwrap_or_default().trim();
    let text = if shown.is_empty() { told } else { &shown };
    let text: String = text.chars().filter(|c| !c.is_control()).take(200).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use gongbao_notice::{Divisions, Page, Reader};

    use super::*;

    #[test]
    fn files_are_found_wherever_they_hide() {
        let base = Url::parse("https://www.heze.example/zwgk/t1.html").expect("a URL");
        let html = r##"
            <a href="./P020.pdf" title="t">附件1：审计 结果</a>
            <a href="P020.pdf">又一次</a>
            <a href="/a/b.DOCX?x=1">二</a>
            <iframe src="/js/web/viewer.html?file=%2Fupload%2Fc.pdf"></iframe>
            <a href="#" onclick="window.open('/upload/d.xls')">三</a>
            <a href="javascript:down('/upload/e.ofd')">四</a>
            <a href="/download.jsp?name=f.zip">五</a>
            <embed src="g.wps">
            <a href="/t2.html">无</a> <a href="mailto:a@b.pdf">无</a>"##;
        let reader = Reader::new(Divisions::from_tsv(""));
        let links = |html: &str| {
            let page = Page {
                bytes: html.as_bytes(),
                ..Page::default()
            };
            links(&base, &reader.open(&page))
        };
        let found: Vec<_> = links(html)
            .into_iter()
            .map(|link| {
                (
                    link.url[url::Position::BeforePath..].to_owned(),
                    link.text.unwrap_or_default(),
                )
            })
            .collect();
        let expected = [
            ("/zwgk/P020.pdf", "附件1：审计 结果"),
            ("/a/b.DOCX?x=1", "二"),
            ("/upload/c.pdf", ""),
            ("/upload/d.xls", "三"),
            ("/upload/e.ofd", "四"),
            ("/download.jsp?name=f.zip", "五"),
            ("/zwgk/g.wps", ""),
        ];
        assert_eq!(found, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert!(links("<a href=/a.html>无</a>").is_empty());
    }
}
