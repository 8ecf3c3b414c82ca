//! gkmlpt: lists built by a script from JSON, articles
//! `/gkmlpt/content/7/7000/post_7000007.html` with a table of eight fields.

use super::{Frame, Template, body, column_where, number_at_end};
use crate::{
    article::{Article, Block, Heading},
    attachment,
    reply::Reply,
    request::Request,
    site::{Column, Site},
};

const FIRST: usize = 7_000_000;

/// What all its pages have.
const FRAME: Frame = Frame {
    open: r#"<html lang="zh-cmn-Hans"><head><meta charset="utf-8">"#,
    top: [
        r#"<body class="gkmlpt">
<header><a href="/" class="logo">"#,
        r#"</a><nav><a href="/">首页</a></nav></header>"#,
    ],
    foot: [
        r#"<footer><div>主办："#,
        r#"</div><div>沅ICP备19000103号-1</div></footer>"#,
    ],
};

#[derive(Debug)]
pub(super) struct Gkmlpt;

impl Template for Gkmlpt {
    fn column_path(&self, column: &Column) -> String {
        format!("/gkmlpt/{}/{}", column.slug, column.number)
    }

    fn article_path(&self, _: &Column, heading: &Heading) -> String {
        let post = FIRST + heading.index;
        format!(
            "/gkmlpt/content/{}/{}/post_{post}.html",
            post / 1_000_000,
            post / 1000
        )
    }

    fn article_number(&self, path: &str) -> Option<usize> {
        number_at_end(path, FIRST)
    }

    fn list(&self, site: &Site, request: &Request) -> Option<Reply> {
        let path = request.path();
        if let Some(id) = path.strip_prefix("/gkmlpt/api/all/") {
            let column = column_where(site, |column| column.number.to_string() == id)?;
            return Some(records(site, request, column));
        }
        let column = site
            .columns()
            .iter()
            .find(|column| self.column_path(column) == path)?;
        let name = &column.name;
        let organ = site.organ();
        let number = column.number;
        let head = format!(
            r#"<title>{name}-{organ}</title>
<script>window._CONFIG={{"SITE_ID":452,"SID":"660001","COLUMN_ID":{number},"SITE_NAME":"{organ}","API":"/gkmlpt/api/"}};</script>"#
        );
        let content = r#"<main class="content"><div id="app"></div></main>
<script src="/gkmlpt/js/app.js"></script>"#;
        Some(Reply::html(FRAME.draw(site, site.style, &head, content)))
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
        let column = &site.columns()[*column].name;
        let text = body(article, |block| match block {
            Block::Heading(text) => format!(
                "<p class=\"MsoNormal\" style=\"text-indent:32.0pt\"><b><span style=\"font-family:黑体\">{text}</span></b></p>"
            ),
            Block::Text(text) => format!(
                "<p class=\"MsoNormal\" style=\"text-indent:32.0pt\"><span style=\"font-family:仿宋_GB2312\">{text}</span></p>"
            ),
            Block::Closing(text) => format!(
                "<p class=\"MsoNormal\" align=\"right\" style=\"text-align:right\"><span>{text}</span></p>"
            ),
        });
        let year = date.year();
        let attachments = attachment::links(*index);
        let head = format!(
            r#"<title>{title}-{organ}</title>
<meta name="ArticleTitle" content="{title}"><meta name="SiteName" content="{organ}">
<script>window._CONFIG={{"SITE_ID":452,"SITE_NAME":"{organ}","CATEGORY":"{column}"}};</script>"#
        );
        let content = format!(
            r#"<main class="content">
<div class="classify"><table>
<tr><td class="label">索引号：</td><td>11990103MB1K7/{year}-{index:05}</td><td class="label">分类：</td><td>{column}</td></tr>
<tr><td class="label">发布机构：</td><td>{organ}</td><td class="label">成文日期：</td><td>{date}</td></tr>
<tr><td class="label">名称：</td><td colspan="3">{title}</td></tr>
<tr><td class="label">文号：</td><td>{doc_number}</td><td class="label">发布日期：</td><td>{date}</td></tr>
</table></div>
<h1 class="title document-number">{title}</h1>
<div class="date-row"><span>发布日期：{date}</span> <span>浏览次数：<i id="views">-</i></span></div>
<div class="article-content">
{text}{attachments}</div>
<div class="btns"><a href="javascript:print()">【打印】</a></div>
</main>"#
        );
        FRAME.draw(site, site.style_of(*index), &head, &content)
    }
}

/// A page of the list as JSON, from page 1; an empty one after the last.
fn records(site: &Site, request: &Request, column: usize) -> Reply {
    let page = request
        .parameter("page")
        .and_then(|page| page.parse::<usize>().ok())
        .unwrap_or(1)
        .max(1);
    let listing = site.listing(column, page - 1, site.per_page);
    let rows: Vec<String> = listing
        .rows
        .iter()
        .map(|row| {
            let date = row.date.map_or_else(String::new, |date| date.to_string());
            let url = format!("{}{}", request.origin(), row.path);
            format!(
                "{{\"title\":\"{}\",\"url\":\"{url}\",\"display_publish_time\":\"{date}\"}}",
                row.title
            )
        })
        .collect();
    let json = format!(
        "{{\"total\":{},\"articles\":[{}]}}",
        listing.total,
        rows.join(",")
    );
    Reply::new(200, "application/json; charset=utf-8", json)
}
