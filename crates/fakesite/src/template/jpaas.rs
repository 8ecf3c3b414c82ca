//! JPaaS: the column page names a unit by its `queryData`; the unit comes in
//! pages as JSON with markup inside, until an empty one.

use super::{Frame, Template, body, column_where, neighbours};
use crate::{
    article::{Article, Block, Heading},
    attachment,
    reply::Reply,
    request::Request,
    site::{Column, Site},
};

const UNIT: &str = "/api-gateway/jpaas-publish-server/front/page/build/unit";

/// The first half of the 16 hexadecimal digits of an article.
const PREFIX: &str = "art_6c1f0a9e";

/// What all its pages have.
const FRAME: Frame = Frame {
    open: r#"<html lang="zh"><head><meta charset="utf-8"/>"#,
    top: [
        r#"<body>
<section class="ui-top">"#,
        r#" <a href="/login">登录</a></section>
<section class="ui-nav"><a href="/">首页</a><a href="/zwgk/zfwj/index.html">政府信息公开</a></section>"#,
    ],
    foot: [
        r#"<footer class="ui-foot"><p>"#,
        r#"　主办</p><p>沅ICP备19000221号-1</p></footer>"#,
    ],
};

#[derive(Debug)]
pub(super) struct Jpaas;

impl Template for Jpaas {
    fn column_path(&self, column: &Column) -> String {
        format!("/zwgk/{}/index.html", column.slug)
    }

    fn article_path(&self, column: &Column, heading: &Heading) -> String {
        format!(
            "/art/zwgk/{}/{PREFIX}{:08x}.html",
            column.slug, heading.index
        )
    }

    fn article_number(&self, path: &str) -> Option<usize> {
        let name = path.rsplit('/').next()?.strip_suffix(".html")?;
        usize::from_str_radix(name.strip_prefix(PREFIX)?, 16).ok()
    }

    fn list(&self, site: &Site, request: &Request) -> Option<Reply> {
        if request.path() == UNIT {
            return unit(site, request);
        }
        let slug = request.path().strip_prefix("/zwgk/")?;
        let slug = slug
            .strip_suffix("/index.html")
            .or_else(|| slug.strip_suffix('/'))?;
        let column = &site.columns()[column_where(site, |column| column.slug == slug)?];
        let name = &column.name;
        let organ = site.organ();
        let number = column.number;
        let rows = site.per_page;
        let head = format!(r#"<title>{name}-{organ}</title>"#);
        let content = format!(
            r#"<section class="ui-crumb"><a href="/">首页</a><i>/</i>{name}</section>
<div class="page-content" url="{UNIT}" queryData="{{'webId':'1','pageId':'{number}','parseType':'bulidstatic','pageType':'column','tagId':'信息列表','tplSetId':'9901','paramJson':'{{}}'}}"></div>
<script>$('.page-content').paging({{rows:{rows}}});</script>"#
        );
        Some(Reply::html(FRAME.draw(site, site.style, &head, &content)))
    }

    fn article(&self, site: &Site, article: &Article) -> String {
        let Heading {
            index,
            title,
            organ,
            doc_number,
            date,
            column,
        } = &article.heading;
        let (hour, minute) = article.time;
        let column = &site.columns()[*column].name;
        let text = body(article, |block| match block {
            Block::Heading(text) => format!("<p style=\"text-indent:2em\"><b>{text}</b></p>"),
            Block::Text(text) => format!("<p style=\"text-indent:2em\">{text}</p>"),
            Block::Closing(text) => format!("<p style=\"text-align:right\">{text}</p>"),
        });
        let [before, after] = neighbours(site, *index);
        let views = 100 + site.style_of(*index);
        let attachments = attachment::links(*index);
        let head = format!(
            r##"<title>{title}</title>
<meta name="SiteName" content="{organ}"/><meta name="ColumnName" content="{column}"/><meta name="ArticleTitle" content="{title}"/><meta name="PubDate" content="{date} {hour:02}:{minute:02}"/><meta name="ContentSource" content="{organ}"/>"##
        );
        let content = format!(
            r##"<section class="ui-crumb"><a href="/">首页</a><i>/</i><a href="#">{column}</a></section>
<article class="ui-article">
<header><h1>{title}</h1><div class="meta"><label>发布时间</label><em>{date} {hour:02}:{minute:02}</em><label>来源</label><em>{organ}</em><label>阅读</label><em class="pv">{views}</em></div></header>
<div class="ui-article-cont" id="fontzoom">
<p style="text-align:center">{doc_number}</p>
{text}{attachments}</div>
<div class="ui-share"><span data-type="wechat"></span><button>收藏</button></div>
<div class="ui-page"><p>上一篇：{before}</p><p>下一篇：{after}</p></div>
</article>"##
        );
        FRAME.draw(site, site.style_of(*index), &head, &content)
    }
}

/// A page of the list, as `{"data":{"html":…}}`.
fn unit(site: &Site, request: &Request) -> Option<Reply> {
    let id = request.parameter("pageId")?;
    let column = column_where(site, |column| column.number.to_string() == id)?;
    let wanted = percent_decoded(request.parameter("paramJson").unwrap_or_default());
    let page = number_after(&wanted, "\"pageNo\":").unwrap_or(1).max(1);
    let lines = number_after(&wanted, "\"pageSize\":")
        .unwrap_or(site.per_page)
        .max(1);
    let listing = site.listing(column, page - 1, lines);
    let mut markup = String::new();
    for row in &listing.rows {
        let date = row.date.map_or_else(String::new, |date| date.to_string());
        markup += &format!(
            "<li><a href='{}' title='{title}'>{title}</a><span class='date'>{date}</span></li>",
            row.path,
            title = row.title
        );
    }
    if !markup.is_empty() {
        markup = format!("<ul class='ui-list'>{markup}</ul>");
    }
    let json = format!(
        "{{\"success\":true,\"code\":\"200\",\"message\":\"OK\",\"data\":{{\"html\":\"{markup}\"}}}}"
    );
    Some(Reply::new(200, "application/json; charset=utf-8", json))
}

/// The number that follows `name` in JSON, quoted or not.
fn number_after(json: &str, name: &str) -> Option<usize> {
    let (_, rest) = json.split_once(name)?;
    let rest = rest.trim_start_matches([' ', '"']);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest[..digits].parse().ok()
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        rest = if code.is_some() { &tail[2..] } else { tail };
        bytes.push(code.unwrap_or(*first));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_asked_for_is_read() {
        let wanted = percent_decoded("%7B%22pageNo%22:3,%22pageSize%22:%2220%22%7D");
        assert_eq!(wanted, "{\"pageNo\":3,\"pageSize\":\"20\"}");
        assert_eq!(number_after(&wanted, "\"pageNo\":"), Some(3));
        assert_eq!(number_after(&wanted, "\"pageSize\":"), Some(20));
    }
}
