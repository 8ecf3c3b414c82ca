//! The Anhui discipline site: lists `div.news_row dl.clearfix > dt > a`, page 2
//! is `index_2.html`; articles `/xsgb/p/40007.html`.

use super::{Frame, Template, body, column_where, neighbours, number_at_end};
use crate::{
    article::{Article, Block, Heading},
    attachment,
    reply::Reply,
    request::Request,
    site::{Column, Site},
};

const FIRST: usize = 40_000;

/// What all its pages have.
const FRAME: Frame = Frame {
    open: r#"<html><head><meta charset="utf-8"/>"#,
    top: [
        r#"<body>
<div class="topbar">"#,
        r#" <a class="jb" href="/jubao/">我要举报</a></div>
<ul class="mainnav"><li><a href="/">首页</a></li><li><a href="/xsgb/">巡视公报</a></li></ul>"#,
    ],
    foot: [r#"<div class="footer">"#, r#" 沅ICP备19000011号-1</div>"#],
};

#[derive(Debug)]
pub(super) struct Discipline;

impl Template for Discipline {
    fn column_path(&self, column: &Column) -> String {
        format!("/{}/", column.slug)
    }

    fn article_path(&self, column: &Column, heading: &Heading) -> String {
        format!("/{}/p/{}.html", column.slug, FIRST + heading.index)
    }

    fn article_number(&self, path: &str) -> Option<usize> {
        number_at_end(path, FIRST)
    }

    fn list(&self, site: &Site, request: &Request) -> Option<Reply> {
        let (slug, file) = request.path().strip_prefix('/')?.split_once('/')?;
        let column = column_where(site, |column| column.slug == slug)?;
        let number = match file {
            "" | "index.html" => 1,
            file => file
                .strip_prefix("index_")?
                .strip_suffix(".html")?
                .parse::<usize>()
                .ok()?,
        };
        let listing = site.listing(column, number.checked_sub(1)?, site.per_page);
        if number > listing.pages {
            return None;
        }
        let rows: String = listing
            .rows
            .iter()
            .map(|row| {
                let date = row.date.map_or_else(String::new, |date| date.to_string());
                format!(
                    "<dl class=\"clearfix\"><dt><a href=\"{}\" target=\"_blank\">{}</a></dt><dd>{date}</dd></dl>\n",
                    row.path, row.title
                )
            })
            .collect();
        let next = if number < listing.pages {
            format!("<a href=\"index_{}.html\">下一页</a>", number + 1)
        } else {
            "<a href=\"javascript:;\">下一页</a>".to_owned()
        };
        let name = &site.columns()[column].name;
        let organ = site.organ();
        let head = format!(r#"<title>{name}-{organ}</title>"#);
        let content = format!(
            r#"<div class="position">当前位置：<a href="/">首页</a> &gt; {name}</div>
<div class="news_row">
{rows}</div>
<div class="pages">{next}</div>"#
        );
        Some(Reply::html(FRAME.draw(site, site.style, &head, &content)))
    }

    fn article(&self, site: &Site, article: &Article) -> String {
        let Heading {
            index,
            title,
            organ,
            date,
            column,
            ..
        } = &article.heading;
        let (hour, minute) = article.time;
        let column = &site.columns()[*column].name;
        let text = body(article, |block| match block {
            Block::Heading(text) => format!("<p>　　<strong>{text}</strong></p>"),
            Block::Text(text) => format!("<p>　　{text}</p>"),
            Block::Closing(text) => format!("<p style=\"text-align:right\">{text}</p>"),
        });
        let [before, after] = neighbours(site, *index);
        let attachments = attachment::links(*index);
        let head = format!(r#"<title>{title}-{organ}</title>"#);
        let content = format!(
            r#"<div class="position wrap">当前位置：<a href="/">首页</a> &gt; <a href="../">{column}</a> &gt; 正文</div>
<div class="wrap clearfix">
<div class="article fl">
<h2>{title}</h2>
<h3 class="clearfix"><div class="fl">时间:{date} {hour:02}:{minute:02}&nbsp;&nbsp;&nbsp;&nbsp;来源:{organ}&nbsp;&nbsp;&nbsp;&nbsp;分类:{column}&nbsp;&nbsp;&nbsp;&nbsp;编辑:青石</div><div class="fr">【字体：<a class="f1">大</a> <a class="f2">小</a>】</div></h3>
<div class="article_content" id="content">
{text}{attachments}</div>
<div class="others"><p>上一篇：{before}</p><p>下一篇：{after}</p></div>
</div></div>"#
        );
        FRAME.draw(site, site.style_of(*index), &head, &content)
    }
}
