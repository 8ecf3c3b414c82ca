//! What is said of versions, fates and what crawls did.

use gongbao_archive::{CrawlCounts, LeftOut, RunOutcome};

use super::{grouped, plural};
use crate::cli::Lang;

impl Lang {
    /// A fate, by its name in the catalogue.
    pub(crate) fn fate(self, name: &'static str) -> &'static str {
        match (self, name) {
            (Self::En, "chrome") => "page around",
            (Self::En, name) => name,
            (Self::Zh, "new") => "新增",
            (Self::Zh, "unchanged") => "未变",
            (Self::Zh, "edited") => "正文有改",
            (Self::Zh, "changed") => "更新",
            (Self::Zh, "chrome") => "仅页面外观",
            (Self::Zh, "moved") => "已迁移",
            (Self::Zh, "gone") => "已撤下",
            (Self::Zh, "declined") => "被拒绝",
            (Self::Zh, "unreachable") => "无法访问",
            (Self::Zh, name) => name,
        }
    }

    /// There is nothing to compare with.
    pub(crate) fn one_version(self) -> &'static str {
        self.pick(
            "there is one version only: nothing to compare it with",
            "只有一个版本，无可比较",
        )
    }

    /// Two versions say the same.
    pub(crate) fn no_difference(self) -> &'static str {
        self.pick(
            "no difference in title and text; what differs is the page around them",
            "标题和正文没有差异；不同的只是页面外观",
        )
    }

    /// The notice has no version of that number.
    pub(crate) fn no_version(self, id: &str, number: u32, last: u32) -> String {
        self.pick(
            format!("{id} has no version {number}; its newest is {last}"),
            format!("{id} 没有第 {number} 版；最新为第 {last} 版"),
        )
    }

    /// What of WARC files is no notice.
    pub(crate) fn left_out(self, left: &LeftOut) -> String {
        let parts = [
            (left.revisits, "revisits", "重访记录"),
            (
                left.status,
                "with another status than 200",
                "状态码不是 200",
            ),
            (left.other_type, "of another type", "其他类型"),
            (left.other_url, "with no address of a page", "不是网页地址"),
            (left.older, "older than what the corpus has", "早于已有版本"),
        ];
        let parts: Vec<_> = parts
            .iter()
            .filter(|(number, ..)| *number > 0)
            .map(|&(number, en, zh)| {
                let number = grouped(number);
                self.pick(format!("{number} {en}"), format!("{zh} {number}"))
            })
            .collect();
        match self {
            Self::En => format!(
                "{} left out: {}",
                plural(left.total(), "WARC record", "WARC records"),
                parts.join(", ")
            ),
            Self::Zh => format!(
                "未收入 {} 条 WARC 记录：{}",
                grouped(left.total()),
                parts.join("，")
            ),
        }
    }

    /// How many pages, and how often they were asked for.
    pub(crate) fn crawled(self, counts: &CrawlCounts) -> String {
        let (waiting, fetches, runs) = (
            grouped(counts.waiting),
            plural(counts.fetches, "fetch", "fetches"),
            plural(counts.runs, "run", "runs"),
        );
        self.pick(
            format!("{waiting} waiting; {fetches} in {runs}"),
            format!(
                "{waiting} 待取；{} 次运行共取 {} 次",
                grouped(counts.runs),
                grouped(counts.fetches)
            ),
        )
    }

    /// How a run ended.
    pub(crate) fn outcome(self, outcome: RunOutcome) -> &'static str {
        match outcome {
            RunOutcome::Running => self.pick("running", "运行中"),
            RunOutcome::Done => self.pick("done", "完成"),
            RunOutcome::Interrupted => self.pick("interrupted", "已中断"),
            RunOutcome::Failed => self.pick("failed", "失败"),
            RunOutcome::Killed => self.pick("killed", "被终止"),
        }
    }

    /// Whether an attachment is in the archive.
    pub(crate) fn is_archived(self, archived: bool) -> &'static str {
        match archived {
            true => self.pick("archived", "已存档"),
            false => self.pick("not archived", "未存档"),
        }
    }
}
