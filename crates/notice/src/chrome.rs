//! What belongs to the page and not to the notice.

use std::{borrow::Cow, sync::LazyLock};

use aho_corasick::AhoCorasick;

use crate::segment::squeezed;

/// Class and id words of page parts.
const PARTS: [&str; 47] = [
    "footer",
    "foot",
    "copyright",
    "comment",
    "comments",
    "pinglun",
    "share",
    "bdshare",
    "bdsharebuttonbox",
    "shares",
    "breadcrumb",
    "crumb",
    "crumbs",
    "nav",
    "navbar",
    "navigation",
    "navi",
    "menu",
    "sidebar",
    "aside",
    "related",
    "relate",
    "relation",
    "relevant",
    "recommend",
    "tuijian",
    "xgwz",
    "xgyd",
    "xgxx",
    "toolbar",
    "qrcode",
    "ewm",
    "erweima",
    "pager",
    "pagination",
    "prevnext",
    "friendlink",
    "friendlinks",
    "yqlj",
    "login",
    "search",
    "dqwz",
    "weizhi",
    "location",
    "banner",
    "fenxiang",
    "topbar",
];

/// Whether a class or id names a part of the page around the text.
pub(crate) fn names_page_part(value: &str) -> bool {
    value.split(|c: char| !c.is_ascii_alphabetic()).any(|word| {
        let word = word.as_bytes();
        PARTS.iter().any(|part| {
            // shareBox and share are the part, shareholder is not.
            word.len() >= part.len()
                && word[..part.len()].eq_ignore_ascii_case(part.as_bytes())
                && word.get(part.len()).is_none_or(u8::is_ascii_uppercase)
        })
    })
}

/// What lines hold that no notice prints, wherever they stand. Every line of a
/// page is asked for all of them.
static TOOLS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new([
        "评论一下",
        "还没有评论",
        "最热评论",
        "最新评论",
        "查看更多精彩评论",
        "人参与",
        "扫一扫在手机",
        "扫一扫，在手机",
        "扫码打开",
        "扫描二维码",
        "分享到：",
        "分享到:",
        "打印本页",
        "【打印",
        "【关闭",
        "关闭窗口",
        "【字体",
        "[字体",
        "字体：",
        "设为首页",
        "加入收藏",
        "无障碍浏览",
        "ICP备",
        "公网安备",
        "网站标识码",
        "未经许可禁止复制",
    ])
    .expect("they are few")
});
/// Lines that begin what follows a notice.
const AFTER: [&str; 24] = [
    "评论一下",
    "网友评论",
    "发表评论",
    "相关阅读",
    "相关链接",
    "相关新闻",
    "相关文章",
    "相关文档",
    "相关稿件",
    "相关解读",
    "相关信息",
    "延伸阅读",
    "推荐阅读",
    "热门推荐",
    "猜你喜欢",
    "上一篇",
    "下一篇",
    "版权所有",
    "Copyright",
    "主办单位",
    "友情链接",
    "扫一扫",
    "分享到",
    "责任编辑",
];
/// Lines before a notice.
const BEFORE: [&str; 12] = [
    "手机站",
    "客户端",
    "当前位置",
    "您的位置",
    "您现在的位置",
    "所在位置",
    "首页",
    "无障碍",
    "长者模式",
    "登录",
    "注册",
    "繁体",
];
/// Longer lines are text, in characters.
const MAX_CHARS: usize = 80;

/// Whether a line is a tool or a notice of the page itself.
pub(crate) fn is_tool(line: &str) -> bool {
    if line.len() > MAX_CHARS * 4 {
        return false;
    }
    short_squeezed(line).is_some_and(|squeezed| is_squeezed_tool(&squeezed))
}

/// A line without its white space; `None` for one that is text.
fn short_squeezed(line: &str) -> Option<Cow<'_, str>> {
    let mut letters = line.chars().filter(|c| !c.is_whitespace());
    letters.nth(MAX_CHARS).is_none().then(|| squeezed(line))
}

/// The same of a line without white space that is short enough.
fn is_squeezed_tool(squeezed: &str) -> bool {
    TOOLS.is_match(squeezed)
        || matches!(
            squeezed,
            "打印"
                | "关闭"
                | "收藏"
                | "分享"
                | "返回顶部"
                | "返回"
                | "大中小"
                | "打印关闭"
                | "微信"
                | "微博"
                | "头条号"
                | "客户端"
        )
}

/// Whether a line reads like the imprint of a site. Notices of events print
/// such lines too, so they are not dropped for it, only not counted as text.
pub(crate) fn is_imprint(line: &str) -> bool {
    let starts = [
        "主办",
        "承办",
        "协办",
        "维护",
        "版权",
        "技术支持",
        "地址：",
        "便民热线",
        "联系电话",
        "最佳分辨率",
        "网站",
    ];
    line.chars().count() <= MAX_CHARS && starts.iter().any(|start| line.starts_with(start))
}

/// Whether a line begins what follows the notice.
pub(crate) fn begins_after(line: &str) -> bool {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || "【[（(>»·".contains(c));
    line.chars().count() <= MAX_CHARS && AFTER.iter().any(|text| line.starts_with(text))
}

/// Whether a line stands before the title: the path of the page, its tools.
pub(crate) fn is_before(line: &str) -> bool {
    short_squeezed(line).is_some_and(|squeezed| {
        line.len() <= MAX_CHARS * 4 && is_squeezed_tool(&squeezed)
            || BEFORE.iter().any(|text| squeezed.starts_with(text))
            || squeezed.matches(['>', '›', '»', '|', '｜']).count() >= 2
    })
}

/// Where what follows the notice begins: the first line of that kind after
/// which no more text comes. `lines` are those from the notice's first line on.
pub(crate) fn end_of_notice(lines: &[&str]) -> usize {
    let text = |line: &str| line.chars().count() >= 60 && line.contains('。') && !is_tool(line);
    let last = lines
        .iter()
        .rposition(|line| text(line))
        .map_or(0, |at| at + 1);
    (last..lines.len())
        .find(|&at| {
            at > 0 && (begins_after(lines[at]) || is_tool(lines[at])) && !is_listed(lines[at])
        })
        .unwrap_or(lines.len())
}

/// A line such as 主办单位：青川市体育局 stands in notices of events too; the
/// page's own also names its records or makers.
fn is_listed(line: &str) -> bool {
    line.starts_with("主办单位") && !line.contains("备") && !line.contains("承办")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_told_by_their_words() {
        for class in [
            "footer",
            "page-footer",
            "shareBox",
            "left nav2",
            "bdsharebuttonbox",
            "Comment_list",
        ] {
            assert!(names_page_part(class), "{class}");
        }
        for class in [
            "TRS_Editor",
            "shareholder",
            "content",
            "canvas",
            "article navel",
        ] {
            assert!(!names_page_part(class), "{class}");
        }
    }

    #[test]
    fn the_notice_ends_where_the_page_goes_on() {
        let long = format!("{}。", "正文".repeat(40));
        let lines = [
            "相关链接",
            &long,
            "青川市财政局",
            "2025年9月1日",
            "评论一下",
            "评论 0人参与",
            "版权所有",
        ];
        assert_eq!(end_of_notice(&lines), 4);
        assert_eq!(end_of_notice(&lines[..4]), 4);
        assert_eq!(end_of_notice(&[]), 0);
    }
}
