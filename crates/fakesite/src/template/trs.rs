//! TRS WCM: pages counted from 0 by `createPageHTML`, articles
//! `t20240718_1400007.html`, the body in `.TRS_Editor`.

use super::{Frame, Template, body, column_where, neighbours, number_at_end};
use crate::{
    article::{Article, Block, Heading},
    attachment,
    reply::Reply,
    request::Request,
    site::{Column, Site},
};

const FIRST: usize = 1_400_000;

/// What all its pages have.
const FRAME: Frame = Frame {
    open: r#"<html lang="zh-CN"><head><meta charset="utf-8">"#,
    top: [
        r#"<body>
<div class="top">"#,
        r#" <a href="/znwd/">智能问答</a></div>
<div class="nav"><ul><li><a href="/">网站首页</a></li><li><a href="/zwgk/">信息公开</a></li></ul></div>"#,
    ],
    foot: [
        r#"<div class="foot">版权所有："#,
        r#" 沅ICP备19000122号-1</div>"#,
    ],
};

#[derive(Debug)]
pub(super) struct Trs;

impl Template for Trs {
    fn column_path(&self, column: &Column) -> String {
        format!("/zwgk/{}/", column.slug)
    }

    fn article_path(&self, column: &Column, heading: &Heading) -> String {
        let day = heading.date.strftime("%Y%m%d");
        let month = heading.date.strftime("%Y%m");
        format!(
            "/zwgk/{}/{month}/t{day}_{}.html",
            column.slug,
            FIRST + heading.index
        )
    }

    fn article_number(&self, path: &str) -> Option<usize> {
        number_at_end(path, FIRST)
    }

    fn list(&self, site: &Site, request: &Request) -> Option<Reply> {
        let (slug, file) = request.path().strip_prefix("/zwgk/")?.split_once('/')?;
        let column = column_where(site, |column| column.slug == slug)?;
        let page = match file {
            "" | "index.html" => 0,
            file => file
                .strip_prefix("index_")?
                .strip_suffix(".html")?
                .parse()
                .ok()?,
        };
        let listing = site.listing(column, page, site.per_page);
        if page >= listing.pages {
            return None;
        }
        let rows: String = listing
            .rows
            .iter()
            .map(|row| {
                let date = row.date.map_or_else(String::new, |date| date.to_string());
                format!(
                    "<li><span>{date}</span><a href=\"{}\" target=\"_blank\" title=\"{title}\">{title}</a></li>\n",
                    row.path,
                    title = row.title
                )
            })
            .collect();
        let name = &site.columns()[column].name;
        let pages = listing.pages;
        let organ = site.organ();
        let head = format!(
            r#"<title>{name}_{organ}</title>
<meta name="ColumnName" content="{name}"><meta name="ColumnType" content="列表页">"#
        );
        let content = format!(
            r#"<div class="dqwz">当前位置：<a href="/">首页</a> &gt; {name}</div>
<div class="gl-right"><ul class="list">
{rows}</ul>
<div class="page"><script>createPageHTML({pages}, {page}, "index", "html");</script></div></div>"#
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
            Block::Heading(text) => format!("<p>　　<strong>{text}</strong></p>"),
            Block::Text(text) => format!("<p>　　{text}</p>"),
            Block::Closing(text) => {
                format!("<p align=\"right\" style=\"text-align:right;\">{text}</p>")
            }
        });
        let [before, after] = neighbours(site, *index);
        let views = 100 + site.style_of(*index);
        let attachments = attachment::links(*index);
        let head = format!(
            r#"<title>{title}_{column}_{organ}</title>
<meta name="SiteName" content="{organ}">
<meta name="ColumnName" content="{column}">
<meta name="ArticleTitle" content="{title}">
<meta name="PubDate" content="{date} {hour:02}:{minute:02}">
<meta name="ContentSource" content="{organ}">"#
        );
        let content = format!(
            r#"<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="../">{column}</a> &gt; 正文</div>
<div class="xl-main">
<h1 class="xl-tit">{title}</h1>
<div class="xl-info"><span class="time">发布时间：{date} {hour:02}:{minute:02}</span> <span class="from">信息来源：{organ}</span> <span>浏览次数：{views}</span></div>
<div id="zoom"><div class="TRS_Editor">
<p style="text-align:center">{doc_number}</p>
{text}{attachments}</div></div>
<div class="share">分享到：<a title="分享到微信">微信</a></div>
<ul class="xgxx"><li>上一篇：{before}</li><li>下一篇：{after}</li></ul>
</div>"#
        );
        FRAME.draw(site, site.style_of(*index), &head, &content)
    }
}
