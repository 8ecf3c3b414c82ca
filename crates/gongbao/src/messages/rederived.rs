//! What was done about notices that did not change.

use gongbao_indexer::{Cause, Rederived};

use super::grouped;
use crate::{cli::Lang, terminal::escape};

/// Of changed words and hosts so many are named.
const MAX_NAMED: usize = 5;

impl Lang {
    /// How many notices of `all` were indexed again, and why.
    pub(crate) fn rederived(self, done: &Rederived, all: u64) -> String {
        let causes: Vec<_> = done.causes.iter().map(|cause| self.cause(cause)).collect();
        let (indexed, all) = (grouped(done.indexed), grouped(all));
        let reread = grouped(done.reread);
        match (self, done.reread) {
            (Self::En, 0) => format!("{indexed} of {all} notices cut anew: {}", causes.join("; ")),
            (Self::En, _) => format!(
                "{indexed} of {all} notices indexed anew, {reread} read again: {}",
                causes.join("; ")
            ),
            (Self::Zh, 0) => format!("{all} 件公文中重新切分 {indexed} 件：{}", causes.join("；")),
            (Self::Zh, _) => format!(
                "{all} 件公文中重新索引 {indexed} 件（重新读取 {reread} 件）：{}",
                causes.join("；")
            ),
        }
    }

    /// What changed, besides the archive.
    pub(crate) fn cause(self, cause: &Cause) -> String {
        match cause {
            Cause::Words(words) => {
                let (gained, lost, reweighed) = self.pick(
                    ("gained", "lost", "reweighed"),
                    ("新增", "删去", "改变词频"),
                );
                let parts = [
                    (gained, &words.gained),
                    (lost, &words.lost),
                    (reweighed, &words.reweighed),
                ];
                let parts = parts.into_iter().filter(|(_, words)| !words.is_empty());
                let parts = parts.map(|(what, words)| format!("{what} {}", self.named(words)));
                let parts: Vec<_> = parts.collect();
                match self {
                    Self::En => format!("the dictionary {}", parts.join(", ")),
                    Self::Zh => format!("词典{}", parts.join("，")),
                }
            }
            Cause::Dictionary => self
                .pick("the dictionary changed as a whole", "词典整体改变")
                .to_owned(),
            Cause::Rules => self
                .pick("pages are read by newer rules", "网页读取规则已更新")
                .to_owned(),
            Cause::Divisions => self
                .pick("the divisions changed", "行政区划表已改变")
                .to_owned(),
            Cause::Profiles(hosts) => {
                let hosts = self.named(hosts);
                self.pick(
                    format!("the profile of {hosts} changed"),
                    format!("站点配置已改变：{hosts}"),
                )
            }
        }
    }

    /// The first of `names`, and how many more there are.
    fn named(self, names: &[String]) -> String {
        let between = self.pick(", ", "、");
        let first: Vec<_> = names
            .iter()
            .take(MAX_NAMED)
            .map(|name| escape(name))
            .collect();
        let first = first.join(between);
        match names.len().saturating_sub(MAX_NAMED) {
            0 => first,
            more => self.pick(
                format!("{first} and {more} more"),
                format!("{first}等 {} 个", names.len()),
            ),
        }
    }
}
