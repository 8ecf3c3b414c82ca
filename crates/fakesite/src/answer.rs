//! A request to a site → its reply.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::{civil::Date, fmt::rfc2822, tz::TimeZone};

use crate::{attachment, given, reply::Reply, request::Request, site::Site};

/// As many addresses as the format of sitemaps allows.
const SITEMAP_ENTRIES: usize = 50_000;

/// Newest articles in the feed.
const FEED_ENTRIES: usize = 20;

/// What `site` answers.
pub(crate) fn answer(site: &mut Site, request: &Request) -> Reply {
    if let Some(status) = site.failing {
        return Reply::short(status, "网站维护中");
    }
    let asked = site.asked_before(&request.target);
    let path = request.path();
    if let Some(article) = site.article_at(path) {
        if let Some(trail) = site.trail(article, path) {
            return match trail {
                Some(to) => Reply::redirect(301, to),
                None => Reply::not_found(),
            };
        }
        let page = article_page(site, article);
        if let Some(misfortune) = site.misfortune(article) {
            return misfortune.befall(page, &request.target, asked);
        }
        return if_changed(site, request, page, site.modified(article));
    }
    let reply = other_page(site, request).unwrap_or_else(Reply::not_found);
    if_changed(site, request, reply, None)
}

fn article_page(site: &Site, article: usize) -> Reply {
    if let Some(given) = site.given(article) {
        return Reply::new(200, &given.content_type, given.bytes.clone());
    }
    let template = site.template().expect("what is not given has a template");
    let facts = site.article(article).expect("likewise");
    let mut page = template.article(site, &facts);
    if let Some(end) = page.rfind("</body>") {
        page.insert_str(end, &menus(site.menus));
    }
    Reply::html(page)
}

/// Links to other parts of a site, of about `bytes`.
fn menus(bytes: usize) -> String {
    let mut menus = String::new();
    let mut number = 0;
    while menus.len() < bytes {
        menus += &format!(
            "<div class=\"nav\"><ul class=\"menu-{number}\"><li class=\"item\"><a href=\"/nav/{number}/\" target=\"_blank\">服务事项</a></li></ul></div>\n"
        );
        number += 1;
    }
    menus
}

fn other_page(site: &Site, request: &Request) -> Option<Reply> {
    let path = request.path();
    match path {
        "/robots.txt" => return Some(robots(site, request)),
        "/sitemap.xml" => return Some(sitemap(site, request)),
        "/rss.xml" => return Some(feed(site, request)),
        _ => {}
    }
    if let Some(number) = path.strip_prefix("/sitemap_") {
        let number = number.strip_suffix(".xml")?.parse().ok()?;
        return Some(sitemap_part(site, request, number));
    }
    if let Some(article) = attachment::article_of(path) {
        let heading = site.article(article)?.heading;
        return (article < site.len()).then(|| attachment::file(path, &heading));
    }
    if path.starts_with("/nb/") {
        return Some(Reply::html(page("内部资料", "<p>内部资料，请勿外传。</p>")));
    }
    if let Some(month) = path.strip_prefix("/calendar/") {
        return calendar(month);
    }
    let list = match site.template() {
        Some(template) => template.list(site, request),
        None => (path == "/").then(|| given::list(site)),
    };
    if list.is_some() && site.redesigned {
        let shell = "<div id=\"app\"></div><script src=\"/assets/app.9f3c.js\"></script>";
        return Some(Reply::html(page(site.organ(), shell)));
    }
    list.or_else(|| (path == "/").then(|| home(site)))
}

/// The front page: columns, something disallowed, and a trap.
fn home(site: &Site) -> Reply {
    let mut links = String::new();
    for (position, column) in site.columns().iter().enumerate() {
        let path = site.column_path(position);
        links += &format!("<li><a href=\"{path}\">{}</a></li>\n", column.name);
    }
    links += "<li><a href=\"/nb/1.html\">内部资料</a></li>\n<li><a href=\"/calendar/2024/1\">日历</a></li>\n";
    Reply::html(page(site.organ(), &format!("<ul>\n{links}</ul>")))
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body>{body}</body></html>\n"
    )
}

/// A calendar whose months never end.
fn calendar(month: &str) -> Option<Reply> {
    let (year, month) = month.split_once('/')?;
    let (year, month) = (year.parse::<u32>().ok()?, month.parse::<u32>().ok()?);
    let (next_year, next) = if month < 12 {
        (year, month + 1)
    } else {
        (year + 1, 1)
    };
    let body =
        format!("<h1>{year}年{month}月</h1><a href=\"/calendar/{next_year}/{next}\">下月</a>");
    Some(Reply::html(page("日历", &body)))
}

fn robots(site: &Site, request: &Request) -> Reply {
    let text = site
        .robots
        .replace("Sitemap: /", &format!("Sitemap: {}/", request.origin()));
    Reply::new(200, "text/plain; charset=utf-8", text)
}

fn sitemap(site: &Site, request: &Request) -> Reply {
    let parts = site.listed().count().div_ceil(SITEMAP_ENTRIES);
    if parts <= 1 {
        return sitemap_part(site, request, 0);
    }
    let origin = request.origin();
    let entries: String = (0..parts)
        .map(|part| format!("<sitemap><loc>{origin}/sitemap_{part}.xml</loc></sitemap>\n"))
        .collect();
    xml(&format!(
        "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{entries}</sitemapindex>\n"
    ))
}

fn sitemap_part(site: &Site, request: &Request, part: usize) -> Reply {
    let origin = request.origin();
    let mut entries = String::new();
    for article in site
        .listed()
        .skip(part * SITEMAP_ENTRIES)
        .take(SITEMAP_ENTRIES)
    {
        let modified = site
            .modified(article)
            .map_or_else(String::new, |date| format!("<lastmod>{date}</lastmod>"));
        let path = site.path(article);
        entries += &format!("<url><loc>{origin}{path}</loc>{modified}</url>\n");
    }
    xml(&format!(
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{entries}</urlset>\n"
    ))
}

fn feed(site: &Site, request: &Request) -> Reply {
    let origin = request.origin();
    let mut items = String::new();
    for row in site
        .listed()
        .take(FEED_ENTRIES)
        .map(|article| site.row(article))
    {
        let date = row
            .date
            .map_or_else(String::new, |date| format!("<pubDate>{date}</pubDate>"));
        items += &format!(
            "<item><title>{}</title><link>{origin}{}</link>{date}</item>\n",
            row.title, row.path
        );
    }
    xml(&format!(
        "<rss version=\"2.0\"><channel><title>{}</title><link>{origin}/</link>\n{items}</channel></rss>\n",
        site.organ()
    ))
}

fn xml(root: &str) -> Reply {
    let text = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{root}");
    Reply::new(200, "text/xml; charset=utf-8", text)
}

/// `reply`, or 304 when the client has it already (RFC 9110, 13.1). A list
/// has an `ETag` only; `modified` is the day on which an article changed.
fn if_changed(site: &Site, request: &Request, reply: Reply, modified: Option<Date>) -> Reply {
    if !site.validators || reply.status != 200 {
        return reply;
    }
    let mut hasher = DefaultHasher::new();
    reply.body.hash(&mut hasher);
    let etag = format!("\"{:016x}\"", hasher.finish());
    let modified = modified.map(http_date);
    let same = match request.header("if-none-match") {
        Some(known) => known == etag,
        None => modified.is_some() && request.header("if-modified-since") == modified.as_deref(),
    };
    let reply = if same {
        Reply {
            status: 304,
            headers: Vec::new(),
            body: Vec::new(),
            ..reply
        }
    } else {
        reply
    };
    let reply = reply.with("ETag", etag);
    match modified {
        Some(modified) => reply.with("Last-Modified", modified),
        None => reply,
    }
}

fn http_date(day: Date) -> String {
    let nine = day
        .at(9, 0, 0, 0)
        .to_zoned(TimeZone::UTC)
        .expect("days of this century are in range");
    rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&nine.timestamp())
        .expect("likewise")
}
