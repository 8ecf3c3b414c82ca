//! What is said of citations.

use crate::{cli::Lang, commands::Standing, terminal::escape};

impl Lang {
    /// The words do not stand where they are to be quoted from.
    pub(crate) fn quote_missing(self, name: &str) -> String {
        self.pick(
            format!(
                "the quoted words do not stand in {name}; `gongbao kwic WORDS` finds where they do"
            ),
            format!("{name} 中没有所引的文字；`gongbao kwic 文字` 可查找其所在"),
        )
    }

    /// The file has no citations of ours.
    pub(crate) fn no_citations(self, path: &str) -> String {
        self.pick(
            format!("there is no citation made by `gongbao cite` in {path}"),
            format!("{path} 中没有由 `gongbao cite` 生成的引文"),
        )
    }

    /// What became of a citation.
    pub(crate) fn standing(self, standing: Standing) -> &'static str {
        match standing {
            Standing::Stands => self.pick("stands", "仍在"),
            Standing::Moved => self.pick("stands in another item", "在另一条目"),
            Standing::Gone => self.pick("does not stand there", "不在其中"),
            Standing::NoPage => self.pick(
                "the corpus does not hold that page",
                "语料库中没有所引的网页",
            ),
            Standing::Unreadable => self.pick("the page cannot be read", "网页无法读取"),
        }
    }

    /// The same in a newer version.
    pub(crate) fn newest_standing(self, version: u32, standing: Standing) -> String {
        let standing = escape(self.standing(standing));
        self.pick(
            format!("in version {version}, the newest: {standing}"),
            format!("最新的第 {version} 版：{standing}"),
        )
    }
}
