//! What is said of sites and of pages that are looked at.

use gongbao_crawler::{NextClue, Reason, Verdict};

use super::{grouped, plural};
use crate::cli::Lang;

impl Lang {
    /// Neither a file nor an address.
    pub(crate) fn no_page(self, target: &str) -> String {
        self.pick(
            format!(
                "{target:?} is neither a file nor an address that begins with https:// or http://"
            ),
            format!("“{target}”既不是文件，也不是以 https:// 或 http:// 开头的网址"),
        )
    }

    /// The page shows no list.
    pub(crate) fn no_list(self, url: &str) -> String {
        self.pick(
            format!("no list was found in {url}; `gongbao sites check` shows what is read from it"),
            format!("{url} 中没有找到列表；`gongbao sites check` 显示读取情况"),
        )
    }

    /// A profile of that name is there.
    pub(crate) fn site_exists(self, path: &str) -> String {
        self.pick(
            format!("{path} exists; --id gives the site another id"),
            format!("{path} 已存在；可用 --id 另取编号"),
        )
    }

    /// A profile was written.
    pub(crate) fn site_added(self, path: &str, found: u64, id: &str) -> String {
        self.pick(
            format!(
                "wrote {path}: {} found on the list; look at it, then `gongbao crawl {id}`",
                plural(found, "article", "articles")
            ),
            format!(
                "已写入 {path}：列表中找到 {} 篇；请检查后运行 `gongbao crawl {id}`",
                grouped(found)
            ),
        )
    }

    /// The profile that a page was read by.
    pub(crate) fn profile_used(self, id: &str) -> String {
        self.pick(
            format!("read by the profile of the site {id}"),
            format!("按站点 {id} 的规则读取"),
        )
    }

    /// No profile is for the page's host.
    pub(crate) fn no_profile(self) -> &'static str {
        self.pick("read without a profile", "没有站点规则，按通用方法读取")
    }

    /// What a page is taken for.
    pub(crate) fn verdict(self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::List => self.pick("a list", "列表页"),
            Verdict::Article => self.pick("an article", "文章页"),
            Verdict::Gone => self.pick(
                "a page that says that there is none",
                "提示页面不存在的页面",
            ),
            Verdict::Challenge => self.pick(
                "a page that keeps another back until a script runs or a question is answered",
                "要求运行脚本或验证的页面",
            ),
            Verdict::Unclear => self.pick(
                "neither a list nor an article, as far as can be seen",
                "看不出是列表页还是文章页",
            ),
        }
    }

    /// More entries than are shown.
    pub(crate) fn more_entries(self, more: u64) -> String {
        self.pick(
            format!("… and {} more", grouped(more)),
            format!("……另有 {} 条", grouped(more)),
        )
    }

    /// Stands before the address of the next page of a list.
    pub(crate) fn next_list(self) -> &'static str {
        self.pick("next page", "下一页")
    }

    /// Heads the reasons.
    pub(crate) fn why(self) -> &'static str {
        self.pick("Why:", "依据：")
    }

    /// So many characters.
    pub(crate) fn characters(self, number: u64) -> String {
        self.pick(
            plural(number, "character", "characters"),
            format!("{} 字", grouped(number)),
        )
    }

    /// Why a list was read as it was.
    pub(crate) fn reason(self, reason: &Reason) -> String {
        match reason {
            Reason::FamilyTold(family) => self.pick(
                format!("family {}: the profile says so", family.name()),
                format!("类型 {}：站点规则所定", family.name()),
            ),
            Reason::FamilySeen { family, clue } if clue.is_empty() => self.pick(
                format!("family {}: no content system is recognised", family.name()),
                format!("类型 {}：未识别出内容管理系统", family.name()),
            ),
            Reason::FamilySeen { family, clue } => self.pick(
                format!("family {}: the page has {clue}", family.name()),
                format!("类型 {}：页面含有 {clue}", family.name()),
            ),
            Reason::EntriesSelected { selector, found } => self.pick(
                format!("{found} entries at {selector}"),
                format!("按选择器 {selector} 得到 {found} 条"),
            ),
            Reason::EntriesFound {
                place,
                links,
                dated,
                of,
            } => self.pick(
                format!(
                    "{links} of {of} links look most like a list, {dated} of them with a date; they stand at {place}"
                ),
                format!("{of} 个链接中有 {links} 个最像列表，其中 {dated} 个带日期，位于 {place}"),
            ),
            Reason::EntriesGiven { kind, found } => self.pick(
                format!("{found} entries given as {kind}"),
                format!("{kind} 数据中有 {found} 条"),
            ),
            Reason::Skipped(number) => self.pick(
                format!("{number} links left out by the profile's patterns"),
                format!("站点规则略去 {number} 个链接"),
            ),
            Reason::NoEntries => self
                .pick(
                    "no group of links looks like a list; a profile can say where the entries are: [list] item, link",
                    "没有像列表的一组链接；可在站点规则的 [list] 中用 item、link 指明",
                )
                .to_owned(),
            Reason::Next(clue) => self.next_clue(clue),
            Reason::NoNext => self.pick("no next page", "没有下一页").to_owned(),
            Reason::ScriptedNext(script) => self.pick(
                format!("the next page opens by a script, which is not followed: {script}"),
                format!("下一页只能由脚本打开，不会采集：{script}"),
            ),
            other => format!("{other:?}"),
        }
    }

    fn next_clue(self, clue: &NextClue) -> String {
        let en = match clue {
            NextClue::Selector => "next page: by the profile's selector".to_owned(),
            NextClue::CreatePageHtml {
                pages,
                current,
                first,
            } => format!(
                "next page: createPageHTML says {pages} pages, this one is number {current}, counted from {first}"
            ),
            NextClue::Text(text) => format!("next page: the link {text:?}"),
            NextClue::Rel => "next page: a link with rel=next".to_owned(),
            NextClue::Number(number) => format!("next page: the link to page {number}"),
            NextClue::Parameters => "next page: the parameters of the next part".to_owned(),
            NextClue::Lists(lists) => format!("it names {lists} other lists"),
            other => format!("next page: {other:?}"),
        };
        let zh = match clue {
            NextClue::Selector => "下一页：按站点规则的选择器".to_owned(),
            NextClue::CreatePageHtml {
                pages,
                current,
                first,
            } => {
                format!(
                    "下一页：createPageHTML 表明共 {pages} 页，本页为第 {current} 页（从 {first} 起）"
                )
            }
            NextClue::Text(text) => format!("下一页：链接“{text}”"),
            NextClue::Rel => "下一页：rel=next 链接".to_owned(),
            NextClue::Number(number) => format!("下一页：第 {number} 页的链接"),
            NextClue::Parameters => "下一页：下一部分的参数".to_owned(),
            NextClue::Lists(lists) => format!("含有另外 {lists} 个列表"),
            other => format!("下一页：{other:?}"),
        };
        self.pick(en, zh)
    }
}
