//! Files that notices link, and the ways in which sites hide the links.

use crate::{article::Heading, reply::Reply};

/// Every so many articles one has attachments.
const EVERY: usize = 5;

/// The markup that links the attachments of an article; empty when it has
/// none.
pub(crate) fn links(article: usize) -> String {
    if !article.is_multiple_of(EVERY) {
        return String::new();
    }
    let pdf = format!("/attach/{article}/fj1.pdf");
    let zip = format!("/attach/{article}/fj2.zip");
    // One way after the other.
    let first = match article / EVERY % 4 {
        0 => format!("<a href=\"{pdf}\">附件1：任务分解表.pdf</a>"),
        1 => format!("<iframe src=\"{pdf}\" width=\"100%\"></iframe>"),
        2 => format!("<a href=\"/pdfjs/web/viewer.html?file={pdf}\">附件1：任务分解表</a>"),
        _ => format!(
            "<a href=\"javascript:void(0)\" onclick=\"window.open('{pdf}')\">附件1：任务分解表</a>"
        ),
    };
    format!("<p>{first}</p>\n<p><a href=\"{zip}\">附件2：有关表格.zip</a></p>\n")
}

/// The paths of the attachments of an article.
pub(crate) fn paths(article: usize) -> Vec<String> {
    if !article.is_multiple_of(EVERY) {
        return Vec::new();
    }
    ["fj1.pdf", "fj2.zip"]
        .map(|name| format!("/attach/{article}/{name}"))
        .into()
}

/// The article that the attachment at `path` belongs to.
pub(crate) fn article_of(path: &str) -> Option<usize> {
    let (article, _) = path.strip_prefix("/attach/")?.split_once('/')?;
    let article = article.parse().ok()?;
    paths(article)
        .iter()
        .any(|known| known == path)
        .then_some(article)
}

/// The file at `path`, of the article with that heading.
pub(crate) fn file(path: &str, heading: &Heading) -> Reply {
    if path.ends_with(".zip") {
        // An archive without a member: the end of the central directory.
        let mut empty = b"PK\x05\x06".to_vec();
        empty.resize(22, 0);
        return Reply::new(200, "application/zip", empty);
    }
    let text = format!("Annex 1 to notice {} of {}", heading.index, heading.date);
    Reply::new(200, "application/pdf", pdf(&text))
}

/// A PDF of one line of ASCII.
fn pdf(text: &str) -> Vec<u8> {
    let stream = format!("BT /F1 18 Tf 72 720 Td ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut table = String::from("xref\n0 6\n0000000000 65535 f \n");
    for (number, object) in (1..).zip(&objects) {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let start = file.len();
    file += &format!("{table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attachment_has_its_article_and_its_link() {
        for article in 0..30 {
            for path in paths(article) {
                assert_eq!(article_of(&path), Some(article));
                assert!(links(article).contains(&path), "{path}");
            }
        }
        assert_eq!(article_of("/attach/1/fj1.pdf"), None);
        assert_eq!(article_of("/attach/5/fj3.pdf"), None);
    }
}
