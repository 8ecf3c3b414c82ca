//! Pages that nobody should have written: no panic, no hang, bounded memory,
//! and no text lost that can be kept.

use std::time::{Duration, Instant};

use gongbao_notice::{Divisions, MAX_PAGE_BYTES, Notice, Page, Reader, Row};
use proptest::prelude::*;

fn reader() -> Reader {
    Reader::new(Divisions::builtin())
}

fn read_as(bytes: &[u8], content_type: Option<&str>) -> Notice {
    let notice = reader().read(&Page {
        bytes,
        content_type,
        ..Page::default()
    });
    check_body(&notice);
    notice
}

#[track_caller]
fn check_body(notice: &Notice) {
    let mut end = 0;
    for (index, block) in notice.body.blocks().iter().enumerate() {
        assert_eq!(block.range.start, end + usize::from(index > 0));
        end = block.range.end;
        let text = notice.body.block_text(index);
        // A row may start with an empty cell.
        let own = text.trim_start_matches('\t');
        assert!(
            !own.is_empty() && text.trim_end() == text && !text.starts_with(' '),
            "{text:?}"
        );
        assert!(
            !text.contains(|c: char| c.is_control() && c != '\t'),
            "{text:?}"
        );
    }
    assert_eq!(end, notice.body.text().len());
}

/// Generous: these take well under a second each where tests are optimised.
const LIMIT: Duration = Duration::from_secs(20);

#[track_caller]
fn check_quick(bytes: &[u8]) -> Notice {
    let start = Instant::now();
    let notice = read_as(bytes, Some("text/html"));
    assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
    notice
}

#[test]
fn an_empty_page_is_a_notice_with_a_warning() {
    for bytes in [&b""[..], b" \n", b"\xef\xbb\xbf", b"\0"] {
        let notice = read_as(bytes, None);
        assert!(notice.body.is_empty());
        assert!(
            notice
                .warnings
                .iter()
                .any(|w| w.about == "page" || w.about == "body")
        );
        assert_eq!(notice.published, None);
    }
}

#[test]
fn nesting_is_bounded() {
    let page = format!(
        "{}<p>青川市水利局通知，请各单位认真执行。</p>",
        "<div>".repeat(5_000)
    );
    assert!(
        check_quick(page.as_bytes())
            .body
            .text()
            .contains("青川市水利局通知")
    );
    for unit in [
        "<table><tr><td>",
        "<ul><li>",
        "<b><i>",
        "<a href=x>",
        "<p><span>",
        "</div>",
        "<p>x",
        "<",
    ] {
        check_quick(unit.repeat(200_000).as_bytes());
    }
}

#[test]
fn floods_are_cut() {
    let flood = "<div>".repeat(MAX_PAGE_BYTES / 5 + 1000);
    let notice = check_quick(flood.as_bytes());
    assert!(notice.warnings.iter().any(|w| w.about == "page"));
    check_quick(format!("<div {}>x", "a=1 b ".repeat(500_000)).as_bytes());
    for unit in [
        "<!--",
        "<title>",
        "<script>",
        "<a b=\"",
        "&amp",
        "&",
        "<td>a",
        "来源：",
        "2024年",
        "首页|",
        "<br>2024年1月1日",
    ] {
        check_quick(unit.repeat(100_000).as_bytes());
    }
}

#[test]
fn broken_bytes_lose_nothing_else() {
    let mut page = "<p>青川市水利局关于节水工作的通知，请各县区认真贯彻执行。"
        .as_bytes()
        .to_vec();
    page.extend(b"\xff\xfe\0\x1b</p><p>");
    page.extend("第二段文字，仍然在这里，没有丢失。".as_bytes());
    let notice = read_as(&page, Some("text/html; charset=utf-8"));
    assert!(notice.body.text().contains("认真贯彻执行") && notice.body.text().contains("没有丢失"));
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..600), html in any::<bool>()) {
        read_as(&bytes, html.then_some("text/html"));
    }

    #[test]
    fn any_tag_soup_is_read(
        parts in prop::collection::vec(prop::sample::select(vec![
            "<div>", "</div>", "<p>", "</p>", "<table>", "<tr>", "<td>", "</table>", "<li>", "<h1>", "</h1>", "<a href='x'>",
            "</a>", "<br>", "<!--", "-->", "<script>", "</script>", "<title>", "</title>", "<meta name=PubDate content='2024-01-01'>",
            "索引号：", "发文机关：", "国务院", "来源：", "2024年3月5日", "关于", "的通知", "青政〔2024〕1号", "\u{0}", "\u{a0}", "\u{3000}",
            "\t", "\n", "&nbsp;", "&#0;", "。", "镜湖区", "</html>", "<div class=TRS_Editor>", "<div id=content>", "评论一下", "正文，文字。",
        ]), 0..60),
        html in any::<bool>(),
    ) {
        read_as(parts.concat().as_bytes(), html.then_some("text/html"));
    }

    #[test]
    fn any_row_is_read(text in any::<String>(), title in any::<Option<String>>(), date in any::<Option<String>>()) {
        let notice = reader().read_row(&Row { text, title, date, ..Row::default() });
        check_body(&notice);
    }
}
