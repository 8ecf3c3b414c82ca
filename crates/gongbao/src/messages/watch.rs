//! What is said of saved searches.

use super::{grouped, plural};
use crate::cli::Lang;

impl Lang {
    /// A search was saved in that file.
    pub(crate) fn watch_added(self, path: &str) -> String {
        self.pick(format!("saved in {path}"), format!("已存入 {path}"))
    }

    /// What a saved search finds in the index now.
    pub(crate) fn watch_matches(self, notices: u64, passages: u64) -> String {
        match self {
            Self::En => format!(
                "it matches {} in {} now",
                plural(passages, "passage", "passages"),
                plural(notices, "notice", "notices")
            ),
            Self::Zh => format!(
                "目前符合的有 {} 件公文的 {} 个段落",
                grouped(notices),
                grouped(passages)
            ),
        }
    }

    /// A saved search is gone.
    pub(crate) fn watch_removed(self, name: &str) -> String {
        self.pick(format!("removed {name}"), format!("已删除 {name}"))
    }

    /// There are none.
    pub(crate) fn no_watches(self) -> &'static str {
        self.pick(
            "no saved searches; `gongbao watch add NAME QUERY` saves one",
            "没有保存的检索；`gongbao watch add 名称 检索式` 可保存",
        )
    }

    /// So many alerts wait to be told.
    pub(crate) fn watch_pending(self, alerts: u64) -> String {
        match self {
            Self::En => format!("{} still to be told", plural(alerts, "alert", "alerts")),
            Self::Zh => format!("{} 条提醒尚未送出", grouped(alerts)),
        }
    }

    /// A search that could not be run, or a notice that could not be read.
    pub(crate) fn watch_trouble(self, what: &str) -> String {
        self.pick(format!("watch: {what}"), format!("订阅：{what}"))
    }

    /// So many alerts were told there.
    pub(crate) fn watch_told(self, place: &str, alerts: u64) -> String {
        match self {
            Self::En => format!("{place}: {} told", plural(alerts, "alert", "alerts")),
            Self::Zh => format!("{place}：已送出 {} 条提醒", grouped(alerts)),
        }
    }

    /// So many alerts could not be told there.
    pub(crate) fn watch_not_told(self, place: &str, left: u64, problem: &str) -> String {
        match self {
            Self::En => format!(
                "{place}: {} still to be told, tried again at the next run: {problem}",
                plural(left, "alert", "alerts")
            ),
            Self::Zh => format!(
                "{place}：{} 条提醒尚未送出，下次运行再试：{problem}",
                grouped(left)
            ),
        }
    }

    /// The line that ends a run.
    pub(crate) fn watch_report(self, searches: u64, alerts: u64) -> String {
        match self {
            Self::En => format!(
                "{}: {}",
                plural(searches, "saved search", "saved searches"),
                plural(alerts, "new alert", "new alerts")
            ),
            Self::Zh => format!(
                "{} 个保存的检索：{} 条新提醒",
                grouped(searches),
                grouped(alerts)
            ),
        }
    }
}
