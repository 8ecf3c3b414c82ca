//! What an answer is: a page, or one that says that there is none, or one that
//! keeps it from us.

use std::sync::LazyLock;

use gongbao_notice::Notice;
use regex::Regex;

/// What an answer's status and headers say by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StatusSays {
    /// A page; what it is shows in its text.
    Page,
    NotModified,
    Redirect,
    Gone,
    Declined,
    /// Failure of the server; later it may succeed.
    Failed,
}

/// Statuses by which sites decline: RFC 9110, and those of the firewalls that
/// stand before them (521 with a script, 420 and 412 for too many requests).
pub(crate) fn of_status(status: u16) -> StatusSays {
    match status {
        200..=299 => StatusSays::Page,
        304 => StatusSays::NotModified,
        301 | 302 | 303 | 307 | 308 => StatusSays::Redirect,
        404 | 410 => StatusSays::Gone,
        401 | 403 | 405 | 406 | 407 | 412 | 418 | 420 | 451 | 521 => StatusSays::Declined,
        _ => StatusSays::Failed,
    }
}

/// What pages say that were deleted, in the words of several content systems.
static GONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        "(?i)",
        "(访问|查看|浏览|请求|查找|打开|寻找)的?(页面|网页|文章|信息|内容|资源|文件|地址|栏目)",
        ".{0,12}(不存在|删除|下线|找不到|无法找到|未找到|失效|移除|撤稿)",
        "|(页面|网页|文章|信息|内容|文件|资源|稿件)(不存在|已(经)?(被)?(删除|下线|失效|移除|撤销)|找不到|未找到|走丢)",
        "|(找不到|没有找到|无法找到|未找到)(您|你)?.{0,8}(页面|网页|文章|信息|内容|文件|资源)",
        "|(对不起|抱歉|很遗憾).{0,20}(不存在|删除|找不到|无法找到)",
        "|404.{0,6}(not found|错误|页面|error)|not found|no such (page|file)",
    ))
    .expect("it is tested")
});

/// What pages say that check who asks.
static CHALLENGE_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        "(?i)(请|需要)(开启|启用|打开).{0,4}javascript|正在(验证|检查|检测)(您|你)?的?(浏览器|访问|网络)",
        "|(安全|人机|滑块|访问)验证|请完成.{0,6}验证|访问(行为|过于|太)?(异常|频繁)|(您|你)的(访问|请求)(被|已被)?(拒绝|拦截|阻断)",
        "|checking your browser|access denied|请输入验证码|网站防火墙|web application firewall",
    ))
    .expect("it is tested")
});

/// What scripts do that let a browser in.
const CHALLENGE_SCRIPTS: [&str; 9] = [
    "document.cookie",
    "__jsl_clearance",
    "acw_sc__v2",
    "$_ts",
    "location.href=location",
    "location.reload",
    "_0x",
    "eval(function",
    "window.location",
];

/// A page that says that there is none is short, in characters of all that it
/// shows outside links.
const SHORT_CHARS: usize = 300;

/// A line that says so is shorter still.
const LINE_CHARS: usize = 80;

/// A page that a script makes shows next to nothing, in characters.
const BARE_CHARS: usize = 40;

/// Whether a page read as `notice` says that what was asked for is gone.
pub(crate) fn says_gone(notice: &Notice) -> bool {
    if is_real(notice) {
        return false;
    }
    let title = notice
        .title
        .as_ref()
        .map_or("", |title| title.value.as_str());
    lines(notice)
        .chain([title])
        .any(|line| line.chars().count() <= LINE_CHARS && GONE.is_match(&squeezed(line)))
}

/// Whether a page, whose source is `text`, keeps a notice back until a script
/// has run or a question is answered.
pub(crate) fn is_challenge(text: &str, notice: &Notice) -> bool {
    if is_real(notice) {
        return false;
    }
    let shown: usize = lines(notice).map(|line| line.chars().count()).sum();
    let scripted = shown <= BARE_CHARS
        && text.contains("<script")
        && CHALLENGE_SCRIPTS.iter().any(|script| text.contains(script));
    let title = notice
        .title
        .as_ref()
        .map_or("", |title| title.value.as_str());
    let asks = lines(notice).chain([title]).any(|line| {
        line.chars().count() <= LINE_CHARS && CHALLENGE_WORDS.is_match(&squeezed(line))
    });
    scripted || asks
}

/// Whether a notice has what pages of errors never have: some length, a
/// genre, a number, a signature.
fn is_real(notice: &Notice) -> bool {
    let chars: usize = lines(notice).map(|line| line.chars().count()).sum();
    chars > SHORT_CHARS
        || notice.genre.is_some()
        || notice.doc_number.is_some()
        || notice.signed.is_some()
}

fn lines(notice: &Notice) -> impl Iterator<Item = &str> {
    let body = &notice.body;
    (0..body.blocks().len()).map(|index| body.block_text(index))
}

fn squeezed(line: &str) -> String {
    line.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use gongbao_notice::{Divisions, Page, Reader};

    use super::*;

    #[track_caller]
    fn check(html: &str, gone: bool, challenge: bool) {
        let reader = Reader::new(Divisions::builtin());
        let notice = reader.read(&Page {
            bytes: html.as_bytes(),
            content_type: Some("text/html; charset=utf-8"),
            ..Page::default()
        });
        assert_eq!(
            (says_gone(&notice), is_challenge(html, &notice)),
            (gone, challenge),
            "{html}\n{notice:?}"
        );
    }

    #[test]
    fn pages_that_say_that_they_are_gone() {
        for html in [
            "<html><body>您访问的页面不存在或已删除！</body></html>",
            "<title>404</title><div class=nav><a href=/>首页</a></div><p>抱歉，您要查看的信息已经被删除，请返回<a href=/>首页</a>。</p>",
            "<title>提示</title><h2>对不起，找不到您要访问的页面</h2><p>3 秒后返回首页</p>",
            "<title>404 Not Found</title><h1>404 Not Found</h1><hr>nginx",
            "<p>该文章不存在</p>",
            "<p>此 稿件 已 撤销</p>",
        ] {
            check(html, true, false);
        }
    }

    #[test]
    fn pages_that_keep_back() {
        for html in [
            "<script>document.cookie='__jsl_clearance_s='+1;location.href=location.pathname;</script>",
            "<html><head><script>var _0x1a=['a'];</script></head><body></body></html>",
            "<title>安全验证</title><p>请完成下方验证后继续访问</p>",
            "<p>您的访问被拒绝</p>",
        ] {
            check(html, false, true);
        }
    }

    #[test]
    fn notices_about_such_things_are_notices() {
        let long = "市政务服务局对全市政府网站开展检查，重点检查页面不存在、附件无法打开等问题。"
            .repeat(9);
        for html in [
            format!("<title>检查情况</title><div id=zoom><p>{long}</p><p>访问的页面不存在</p></div>"),
            "<title>关于部分网页已删除的公告</title><h1>关于部分网页已删除的公告</h1><p>因改版，部分网页已删除，访问的页面不存在的，请与我局联系。</p><p>禾泽市数据局</p><p>2024年7月18日</p>".to_owned(),
            "<title>关于启用安全验证的通知</title><h1>关于启用安全验证的通知</h1><p>自即日起，登录需要安全验证。</p>".to_owned(),
            "<title>公告</title><h1>任前公示公告</h1><script>document.cookie='a=1'</script><p>现将名单公布如下：甲、乙。</p>".to_owned(),
        ] {
            check(&html, false, false);
        }
    }
}
