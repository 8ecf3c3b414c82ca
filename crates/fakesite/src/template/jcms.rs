//! jcms: a column page carries its first records in a `<datastore>`; the rest
//! come from `dataproxy.jsp` as XML. Articles `/art/2024/7/18/art_101_7.html`.

use super::{Frame, Template, body, column_where, neighbours, number_at_end};
use crate::{
    article::{Article, Block, Heading},
    attachment,
    reply::Reply,
    request::Request,
    site::{Column, Listing, Site},
};

const FIRST: usize = 30_000;

/// Where the records come from.
const PROXY: &str = "/module/web/jpage/dataproxy.jsp";

/// The page's script asks for as many pages at a time.
const GROUP: usize = 3;

/// What all its pages have.
const FRAME: Frame = Frame {
    open: r#"<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />"#,
    top: [
        r#"<body>
<div id="head">"#,
        r#" <a href="javascript:void(0)" onclick="addFav()">收藏本站</a></div>"#,
    ],
    foot: [
        r#"<div id="foot">版权所有："#,
        r#" 沅ICP备19000102号-1</div>"#,
    ],
};

#[derive(Debug)]
pub(super) struct Jcms;

impl Template for Jcms {
    fn column_path(&self, column: &Column) -> String {
        format!("/col/col{}/index.html", column.number)
    }

    fn article_path(&self, column: &Column, heading: &Heading) -> String {
        let date = heading.date;
        format!(
            "/art/{}/{}/{}/art_{}_{}.html",
            date.year(),
            date.month(),
            date.day(),
            column.number,
            FIRST + heading.index
        )
    }

    fn article_number(&self, path: &str) -> Option<usize> {
        number_at_end(path, FIRST)
    }

    fn list(&self, site: &Site, request: &Request) -> Option<Reply> {
        if request.path() == PROXY {
            return records(site, request);
        }
        let number = request
            .path()
            .strip_prefix("/col/col")?
            .strip_suffix("/index.html")?;
        let column = column_where(site, |column| column.number.to_string() == number)?;
        let listing = site.listing(column, 0, site.per_page * GROUP);
        let column = &site.columns()[column];
        let organ = site.organ();
        let name = &column.name;
        let number = column.number;
        let records = recordset(&listing);
        let per_page = site.per_page;
        let total = listing.total;
        let head =
            format!(r#"<title>{organ} {name}</title><meta name="generator" content="HANWEB">"#);
        let content = format!(
            r#"<table id="menu"><tr><td><a href="/">首页</a></td><td><a href="/col/col101/index.html">政府信息公开</a></td></tr></table>
<div id="5501" class="default_pgContainer">
<script type="text/xml"><datastore>
<nextgroup><![CDATA[<a href="{PROXY}?page=1&appid=1&webid=1&path=/&columnid={number}&unitid=5501&webname=x&permissiontype=0"></a>]]></nextgroup>
{records}</datastore></script>
</div>
<script type="text/javascript">jpage({{perpage:{per_page},totalRecord:{total},unitid:5501,columnid:{number},proxyUrl:'{PROXY}'}});</script>"#
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
        let text = body(article, |block| {
            let (style, font, text) = match block {
                Block::Heading(text) => ("text-indent: 2em", "黑体", text),
                Block::Text(text) => ("text-indent: 2em", "仿宋_GB2312", text),
                Block::Closing(text) => ("text-align: right", "仿宋_GB2312", text),
            };
            format!(
                "<p style=\"{style}; line-height: 2em;\"><span style=\"font-family: {font}; font-size: 16pt;\">{text}</span></p>"
            )
        });
        let [before, after] = neighbours(site, *index);
        let views = 100 + site.style_of(*index);
        let attachments = attachment::links(*index);
        let head = format!(
            r#"<title>{organ} {column} {title}</title>
<meta name='SiteName' content='{organ}'>
<meta name='ArticleTitle' content='{title}'>
<meta name='PubDate' content='{date} {hour:02}:{minute:02}'>
<meta name='ContentSource' content='{organ}'>
<meta name='ColumnName' content='{column}'>
<meta name="generator" content="HANWEB">"#
        );
        let content = format!(
            r#"<table width="1100" align="center"><tr><td class="dqwz">您现在的位置：</td><td><a href="/">首页</a></td><td>&gt;</td><td><a href="/col/col101/index.html">{column}</a></td></tr></table>
<div id="article" class="main"><table width="1000" align="center">
<tr><td class="title" align="center"><!--<$[标题名称(html)]>begin-->{title}<!--<$[标题名称(html)]>end--></td></tr>
<tr><td align="center" class="info"><span>发布日期：{date} {hour:02}:{minute:02}</span>&nbsp;&nbsp;<span>来源：{organ}</span>&nbsp;&nbsp;<span>访问量：{views}</span></td></tr>
<tr><td class="bt_content"><div id="zoom"><!--ZJEG_RSS.content.begin--><meta name="ContentStart">
<p style="text-align: center;"><span>{doc_number}</span></p>
{text}{attachments}<meta name="ContentEnd"><!--ZJEG_RSS.content.end--></div></td></tr>
<tr><td align="right"><a href="javascript:window.print()">打印本页</a></td></tr></table>
<div class="pre">上一篇：{before}</div><div class="next">下一篇：{after}</div>
</div>"#
        );
        FRAME.draw(site, site.style_of(*index), &head, &content)
    }
}

/// Records from `startrecord` to `endrecord`, counted from 1.
fn records(site: &Site, request: &Request) -> Option<Reply> {
    let number = |name| request.parameter(name)?.parse::<usize>().ok();
    let id = request
        .parameter("columnid")
        .or_else(|| request.parameter("col"))?;
    let column = column_where(site, |column| column.number.to_string() == id)?;
    let start = number("startrecord").unwrap_or(1).max(1);
    let end = number("endrecord").unwrap_or(start + site.per_page * GROUP - 1);
    let lines = (end + 1).checked_sub(start)?.max(1);
    // As scripts ask: in whole groups.
    let listing = site.listing(column, (start - 1) / lines, lines);
    let set = recordset(&listing);
    let total = listing.total;
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<datastore>\n<totalrecord>{total}</totalrecord>\n{set}</datastore>\n"
    );
    Some(Reply::new(200, "text/xml; charset=utf-8", text))
}

fn recordset(listing: &Listing) -> String {
    let mut set = format!(
        "<totalrecord>{}</totalrecord>\n<totalpage>{}</totalpage>\n<recordset>\n",
        listing.total, listing.pages
    );
    for row in &listing.rows {
        let date = row.date.map_or_else(String::new, |date| date.to_string());
        set += &format!(
            "<record><![CDATA[<li><span class=\"bf-pass\"></span><a title='{title}' href=\"{}\" target=\"_blank\">{title}</a><b>{date}</b></li>]]></record>\n",
            row.path,
            title = row.title
        );
    }
    set + "</recordset>\n"
}
