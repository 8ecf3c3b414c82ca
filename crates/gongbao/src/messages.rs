//! Everything said to people, in English and Chinese.
//!
//! Errors of libraries stay English, behind a Chinese sentence that says what
//! is the matter and what cures it.

mod citations; // what is said of citations
mod copies; // what is said of the same text elsewhere
mod counts; // what stands beside counts
mod crawl; // what a crawl says
mod errors; // what went wrong
mod eval; // what stands beside measures
mod explain; // what made up a score
mod facts; // what stands beside facts
mod fields; // blocks of named fields
mod labels; // names of fields and where they were read
mod rederived; // what became of notices that did not change
mod runs; // unattended runs
mod serve; // what the server says when it starts
mod sites; // what is said of sites
mod skips; // why a file was left out
mod trials; // what came of testing topic packs
mod verify; // damage and its repair
mod versions; // versions, fates, what crawls did
mod watch; // saved searches

use gongbao_query::{Note, Unit};

use crate::{cli::Lang, terminal::escape};

pub(crate) use self::{facts::RecordField, fields::Fields, labels::Label};

/// `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 notice`, `2 notices`.
fn plural(number: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        grouped(number),
        if number == 1 { one } else { many }
    )
}

/// Bytes for people: `512 B`, `36.2 kB`, `1.4 GB`; powers of 1000.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 {
        format!("{bytes} B")
    } else {
        format!("{value:.1} {}", UNITS[unit])
    }
}

impl Lang {
    /// One of two texts.
    pub(crate) fn pick<T>(self, en: T, zh: T) -> T {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }

    /// So many of `unit`.
    pub(crate) fn units(self, unit: Unit, number: u64) -> String {
        match (self, unit) {
            (Self::En, Unit::Notice) => plural(number, "notice", "notices"),
            (Self::En, Unit::Passage) => plural(number, "passage", "passages"),
            (Self::Zh, Unit::Notice) => format!("{} 件公文", grouped(number)),
            (Self::Zh, Unit::Passage) => format!("{} 个段落", grouped(number)),
        }
    }

    /// How many hits there are and which of them are shown, from 1.
    pub(crate) fn totals(
        self,
        unit: Unit,
        total: u64,
        at_least: bool,
        shown: Option<(u64, u64)>,
        ms: f64,
    ) -> String {
        let all = self.units(unit, total);
        let all = match self {
            _ if !at_least => all,
            Self::En => format!("at least {all}"),
            Self::Zh => format!("至少 {all}"),
        };
        match (self, shown) {
            (Self::En, None) => format!("{all}, none shown ({ms:.1} ms)"),
            (Self::Zh, None) => format!("{all}，未显示（{ms:.1} 毫秒）"),
            (Self::En, Some((from, to))) if total > to || from > 1 => {
                format!("{all}, showing {from}–{to} ({ms:.1} ms)")
            }
            (Self::Zh, Some((from, to))) if total > to || from > 1 => {
                format!("{all}，显示第 {from}–{to}（{ms:.1} 毫秒）")
            }
            (Self::En, Some(_)) => format!("{all} ({ms:.1} ms)"),
            (Self::Zh, Some(_)) => format!("{all}（{ms:.1} 毫秒）"),
        }
    }

    /// There are more hits than are shown.
    pub(crate) fn next_page(self, offset: u64) -> String {
        match self {
            Self::En => format!("More: the same with --offset {offset}"),
            Self::Zh => format!("更多结果：同一命令加 --offset {offset}"),
        }
    }

    /// More passages of this notice match than are shown.
    pub(crate) fn more_passages(self, number: u64) -> String {
        match self {
            Self::En if number == 1 => "1 more passage matches".to_owned(),
            Self::En => format!("{} more passages match", grouped(number)),
            Self::Zh => format!("另有 {} 个段落符合", grouped(number)),
        }
    }

    /// Later notices with the same text are folded under this one.
    pub(crate) fn copies_folded(self, number: u64) -> String {
        match self {
            Self::En if number == 1 => "1 later copy; --no-fold shows it".to_owned(),
            Self::En => format!("{} later copies; --no-fold shows them", grouped(number)),
            Self::Zh => format!("另有 {} 件较晚的转载；--no-fold 全部显示", grouped(number)),
        }
    }

    /// How to read a hit in full.
    pub(crate) fn read_hint(self, command: &str) -> String {
        match self {
            Self::En => format!("Read an item: {command}"),
            Self::Zh => format!("阅读条目：{command}"),
        }
    }

    /// Nothing matched.
    pub(crate) fn nothing(self) -> &'static str {
        self.pick("nothing matches", "没有符合的内容")
    }

    /// A notice without title.
    pub(crate) fn untitled(self) -> &'static str {
        self.pick("(no title)", "（无标题）")
    }

    /// What was read otherwise than it may have been meant.
    pub(crate) fn note(self, note: &Note) -> String {
        match note {
            Note::TakenAsText(text) => {
                let text = escape(text);
                self.pick(
                    format!("note: {text} was searched for as text"),
                    format!("提示：“{text}”按文字检索"),
                )
            }
            Note::Ignored(text) => {
                let text = escape(text);
                self.pick(
                    format!("note: {text} joins nothing and was left out"),
                    format!("提示：“{text}”没有连接任何词，已略去"),
                )
            }
            Note::Shortened => self
                .pick(
                    "note: the question is long; only its beginning was used",
                    "提示：检索式过长，只用了开头部分",
                )
                .to_owned(),
            Note::Loosened => self
                .pick(
                    "note: nothing has all of these words; passages with most of them come first",
                    "提示：没有内容包含全部词语；包含较多词语的段落在前",
                )
                .to_owned(),
            Note::Expanded(text) => {
                let text = escape(text);
                self.pick(
                    format!("note: searched for any of {text}"),
                    format!("提示：同时检索 {text}"),
                )
            }
            Note::Absent(text) => {
                let text = escape(text);
                self.pick(
                    format!("note: {text} stands nowhere"),
                    format!("提示：全部内容中没有“{text}”"),
                )
            }
            Note::Close(text) => {
                let text = escape(text);
                self.pick(
                    format!("note: try {text}, which is there"),
                    format!("提示：可以试试“{text}”"),
                )
            }
            Note::Narrow(number) => self.pick(
                format!(
                    "note: the topic or the filters leave nothing; without them {} match",
                    plural(*number, "passage", "passages")
                ),
                format!(
                    "提示：限定条件排除了全部结果；不加限定有 {} 个段落符合",
                    grouped(*number)
                ),
            ),
            Note::UnknownValue(text) => {
                let text = escape(text);
                self.pick(
                    format!("note: {text} is not known; nothing can match it"),
                    format!("提示：没有“{text}”，不会有符合的内容"),
                )
            }
            Note::Apart => self
                .pick(
                    "note: no passage has all of it; these notices have it in different passages",
                    "提示：没有一个段落包含全部内容；以下公文在不同段落中包含",
                )
                .to_owned(),
        }
    }

    /// So many rows of a concordance.
    pub(crate) fn occurrences(self, number: u64) -> String {
        match self {
            Self::En => plural(number, "occurrence", "occurrences"),
            Self::Zh => format!("{} 处", grouped(number)),
        }
    }

    /// What an import did.
    pub(crate) fn import_report(self, report: &gongbao_archive::ImportReport) -> String {
        let [files, new, changed, unchanged, skipped] = [
            report.files,
            report.new,
            report.changed,
            report.unchanged,
            report.skipped,
        ]
        .map(grouped);
        let mut text = match self {
            Self::En => format!(
                "{}: {new} new, {changed} changed, {unchanged} unchanged, {skipped} skipped",
                plural(report.files, "file", "files")
            ),
            Self::Zh => format!(
                "{files} 个文件：新增 {new}，更新 {changed}，未变 {unchanged}，跳过 {skipped}"
            ),
        };
        if report.interrupted {
            text += self.pick(
                "; interrupted: what was finished is kept, the same import again goes on",
                "；已中断：完成的部分已保存，再次导入即可继续",
            );
        }
        text
    }

    /// More was skipped than is shown.
    pub(crate) fn more_skipped(self, number: u64) -> String {
        match self {
            Self::En => format!("… and {} more; --format jsonl lists all", grouped(number)),
            Self::Zh => format!("……另有 {} 项；--format jsonl 列出全部", grouped(number)),
        }
    }

    /// What indexing did.
    pub(crate) fn index_report(self, report: &gongbao_indexer::Report) -> String {
        let (indexed, notices, passages) = (
            grouped(report.indexed),
            grouped(report.notices),
            grouped(report.passages),
        );
        match (self, report.generation) {
            (Self::En, None) => format!(
                "nothing to do: the index holds all {} ({passages} passages)",
                plural(report.notices, "notice", "notices")
            ),
            (Self::Zh, None) => {
                format!("无需更新：索引已包含全部 {notices} 件公文（{passages} 个段落）")
            }
            (Self::En, Some(number)) => format!(
                "indexed {}; generation {number} holds {notices} in {passages} passages",
                plural(report.indexed, "notice", "notices")
            ),
            (Self::Zh, Some(number)) => format!(
                "已索引 {indexed} 件公文；第 {number} 代索引共 {notices} 件、{passages} 个段落"
            ),
        }
    }

    /// Of how many notices the tables for SQL were written.
    pub(crate) fn tables_report(self, notices: u64) -> String {
        match self {
            Self::En => format!(
                "tables for SQL: {} written",
                plural(notices, "notice", "notices")
            ),
            Self::Zh => format!("SQL 表：已写入 {} 件公文", grouped(notices)),
        }
    }

    /// Why the index was made from nothing.
    pub(crate) fn rebuilt(self, reason: &str) -> String {
        let reason = escape(reason);
        self.pick(
            format!("made anew from the whole archive: {reason}"),
            format!("已由全部存档重建：{reason}"),
        )
    }

    /// How many notices could not be read.
    pub(crate) fn unread(self, number: u64) -> String {
        match self {
            Self::En => format!("{} could not be read:", plural(number, "notice", "notices")),
            Self::Zh => format!("{} 件公文无法读取：", grouped(number)),
        }
    }

    /// What the bar says while an index is written out.
    pub(crate) fn writing(self) -> &'static str {
        self.pick("writing the index", "正在写索引")
    }

    /// So many files, behind a progress bar.
    pub(crate) fn files(self, number: u64) -> String {
        match self {
            Self::En => plural(number, "file", "files"),
            Self::Zh => format!("{} 个文件", grouped(number)),
        }
    }

    /// No topic of that name.
    pub(crate) fn no_topic(self, name: &str) -> String {
        self.pick(
            format!("there is no topic {name:?}; `gongbao topics` lists them"),
            format!("没有专题“{name}”；`gongbao topics` 列出全部专题"),
        )
    }

    /// Another topic goes by a name that a new one is to have.
    pub(crate) fn topic_taken(self, name: &str, id: &str) -> String {
        self.pick(
            format!(
                "{name:?} is taken by the topic {id}; to change that one, see `gongbao topics show {id}`"
            ),
            format!("“{name}”已用于专题 {id}；如要修改它，请看 `gongbao topics show {id}`"),
        )
    }

    /// What to do with a new pack.
    pub(crate) fn topic_started(self, id: &str) -> String {
        self.pick(
            format!("next: judge passages in it, then `gongbao topics test {id}`"),
            format!("下一步：在其中写入判定段落，然后运行 `gongbao topics test {id}`"),
        )
    }

    /// No notice of that id or address.
    pub(crate) fn no_notice(self, name: &str) -> String {
        self.pick(
            format!("there is no notice {name} in the corpus"),
            format!("语料库中没有公文 {name}"),
        )
    }

    /// The notice has no such item.
    pub(crate) fn no_anchor(self, id: &str, anchor: &str) -> String {
        self.pick(
            format!("{id} has no item {anchor:?}; `gongbao show {id} --outline` lists its items"),
            format!("{id} 没有条目“{anchor}”；`gongbao show {id} --outline` 列出全部条目"),
        )
    }

    /// The demo will not mix its notices with others.
    pub(crate) fn demo_folder_taken(self, dir: &str) -> String {
        self.pick(
            format!(
                "{dir} holds notices that are not of the sample; give the demo a folder of its own"
            ),
            format!("{dir} 中有样例之外的公文；请为演示另选一个文件夹"),
        )
    }

    /// What the demo did before it searched.
    pub(crate) fn demo_done(
        self,
        sites: usize,
        notices: u64,
        passages: u64,
        seconds: f64,
    ) -> String {
        self.pick(
            format!(
                "{notices} notices of a made-up prefecture: fetched from {sites} sites on this machine, read and indexed in {passages} passages in {seconds:.1} s."
            ),
            format!("虚构地市的 {notices} 件公文，已从本机上的 {sites} 个网站抓取、读取并索引为 {passages} 个段落，用时 {seconds:.1} 秒。"),
        )
    }

    /// Before the address at which the demo is served.
    pub(crate) fn demo_serving(self) -> &'static str {
        self.pick(
            "Open this address in a browser; Ctrl-C ends it:",
            "请用浏览器打开下面的网址；按 Ctrl-C 结束：",
        )
    }

    /// What to try after the demo.
    pub(crate) fn demo_next(self, kept: Option<&str>) -> String {
        let corpus = kept.unwrap_or("sample");
        let tries = self.pick(
            [
                (
                    "gongbao search '\"长江十年禁渔\"' --corpus",
                    "an exact phrase",
                ),
                (
                    "gongbao kwic 隐性债务 --corpus",
                    "every occurrence in context",
                ),
                ("gongbao status --corpus", "what the corpus holds"),
                ("gongbao serve --corpus", "read it in a browser"),
            ],
            [
                ("gongbao search '\"长江十年禁渔\"' --corpus", "精确短语"),
                ("gongbao kwic 隐性债务 --corpus", "逐处列出上下文"),
                ("gongbao status --corpus", "语料库概况"),
                ("gongbao serve --corpus", "用浏览器阅读"),
            ],
        );
        let mut text = String::new();
        if kept.is_none() {
            text += self.pick("To keep the sample and try more:", "保留样例并继续尝试：");
            text += "\n  gongbao demo --corpus sample\n";
        } else {
            text += self.pick("To try next:", "接下来可以尝试：");
            text += "\n";
        }
        for (command, what) in tries {
            text += &format!("  {command} {corpus}   # {what}\n");
        }
        text += self.pick("Your own pages:", "您自己的网页：");
        text += "\n  gongbao import PATH… && gongbao index && gongbao search …\n";
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_sizes_short() {
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(36_240), "36.2 kB");
        assert_eq!(size(999_960), "1.0 MB");
    }

    #[test]
    fn totals_tell_which_are_shown() {
        let en = |total, shown| Lang::En.totals(Unit::Notice, total, false, shown, 1.84);
        assert_eq!(en(1, Some((1, 1))), "1 notice (1.8 ms)");
        assert_eq!(en(12, Some((1, 10))), "12 notices, showing 1–10 (1.8 ms)");
        assert_eq!(en(12, Some((11, 12))), "12 notices, showing 11–12 (1.8 ms)");
        assert_eq!(en(12, None), "12 notices, none shown (1.8 ms)");
        assert_eq!(
            Lang::En.totals(Unit::Passage, 400, true, Some((1, 10)), 1.84),
            "at least 400 passages, showing 1–10 (1.8 ms)"
        );
    }
}
