//! gov.cn: lists `home_0.htm`, `home_1.htm` …, articles
//! `content_6000007.htm` with a table of fields and `#UCAP-CONTENT`.

use super::{Frame, Template, body, column_where, neighbours, number_at_end};
use crate::{
    article::{Article, Block, Heading},
    attachment,
    reply::Reply,
    request::Request,
    site::{Column, Site},
};

const FIRST: usize = 6_000_000;

/// What all its pages have.
const FRAME: Frame = Frame {
    open: r#"<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">"#,
    top: [
        r#"<body>
<div class="hdr"><a href="/">"#,
        r#"</a> | <a href="/zhengce/">政策</a></div>"#,
    ],
    foot: [
        r#"<div class="footer">主办单位："#,
        r#"　沅ICP备19000001号</div>"#,
    ],
};

#[derive(Debug)]
pub(super) struct GovCn;

impl Template for GovCn {
    fn column_path(&self, column: &Column) -> String {
        format!("/zhengce/{}/home.htm", column.slug)
    }

    fn article_path(&self, column: &Column, heading: &Heading) -> String {
        let month = heading.date.strftime("%Y%m");
        format!(
            "/zhengce/{}/{month}/content_{}.htm",
            column.slug,
            FIRST + heading.index
        )
    }

    fn article_number(&self, path: &str) -> Option<usize> {
        number_at_end(path, FIRST)
    }

    fn list(&self, site: &Site, request: &Request) -> Option<Reply> {
        let (slug, file) = request.path().strip_prefix("/zhengce/")?.split_once('/')?;
        let column = column_where(site, |column| column.slug == slug)?;
        let page = match file {
            "home.htm" => 0,
            file => file
                .strip_prefix("home_")?
                .strip_suffix(".htm")?
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
                    "<li><h4><a href=\"{}\" target=\"_blank\">{}</a><span class=\"date\">{date}</span></h4></li>\n",
                    row.path, row.title
                )
            })
            .collect();
        let next = if page + 1 < listing.pages {
            format!(
                "<a href=\"home_{}.htm\" class=\"next\">下一页</a>",
                page + 1
            )
        } else {
            "<span class=\"next\">下一页</span>".to_owned()
        };
        let name = &site.columns()[column].name;
        let organ = site.organ();
        let total = listing.total;
        let head = format!(r#"<title>{name}_{organ}</title>"#);
        let content = format!(
            r#"<div class="news_box"><div class="list list_1 list_2"><ul>
{rows}</ul></div>
<div class="newspage"><span>共 {total} 条</span>{next}</div></div>"#
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
        let column = &site.columns()[*column].name;
        let shown = format!("{}年{:02}月{:02}日", date.year(), date.month(), date.day());
        let text = body(article, |block| match block {
            Block::Heading(text) => format!(
                "<p style=\"text-indent: 2em; font-family: 宋体;\"><span style=\"font-weight: bold;\">{text}</span></p>"
            ),
            Block::Text(text) => {
                format!("<p style=\"text-indent: 2em; font-family: 宋体;\">{text}</p>")
            }
            Block::Closing(text) => {
                format!("<p style=\"text-align: right; font-family: 宋体;\">{text}　　</p>")
            }
        });
        let [before, after] = neighbours(site, *index);
        let year = date.year();
        let attachments = attachment::links(*index);
        let head = format!(
            r#"<title>{title}_{column}_{organ}</title>
<meta name="lanmu" content="{column}">"#
        );
        let content = format!(
            r#"<div class="BreadcrumbNav"><a href="/">首页</a> &gt; <a href="../home.htm">{column}</a></div>
<div class="wrap">
<table width="860" class="bd1"><tbody>
<tr><td><b>索 引 号：</b></td><td>YN0001/{year}-{index:05}</td><td><b>主题分类：</b></td><td>综合政务\其他</td></tr>
<tr><td><b>发文机关：</b></td><td>{organ}</td><td><b>成文日期：</b></td><td>{shown}</td></tr>
<tr><td><b>标　　题：</b></td><td colspan="3">{title}</td></tr>
<tr><td><b>发文字号：</b></td><td>{doc_number}</td><td><b>发布日期：</b></td><td>{shown}</td></tr>
</tbody></table>
<table width="930"><tbody><tr><td width="675" valign="top">
<table width="650" border="0"><tbody><tr><td class="b12c" id="UCAP-CONTENT">
<p style="text-align: center;"><span style="font-weight: bold; font-size: 18pt;">{title}</span></p>
<p style="text-align: center;">{doc_number}</p>
{text}{attachments}</td></tr></tbody></table>
</td><td width="255" valign="top"><div class="tj"><h4>推荐</h4><ul><li>{before}</li><li>{after}</li></ul></div></td></tr></tbody></table>
<div class="tools"><a href="javascript:window.print()">【打印】</a></div>
</div>"#
        );
        FRAME.draw(site, site.style_of(*index), &head, &content)
    }
}
