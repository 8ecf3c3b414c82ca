//! What came of testing topic packs, and of looking for terms for them.

use gongbao_query::Suggestions;

use super::grouped;
use crate::cli::Lang;

impl Lang {
    /// How many passages must match and must not.
    pub(crate) fn judged(self, matching: usize, other: usize) -> String {
        self.pick(
            format!("{matching} that must match, {other} that must not"),
            format!("应检出 {matching} 段，不应检出 {other} 段"),
        )
    }

    /// The F1 that a topic must reach.
    pub(crate) fn threshold(self, threshold: f64) -> String {
        self.pick(
            format!("F1 at least {threshold:.2}"),
            format!("F1 不低于 {threshold:.2}"),
        )
    }

    /// The heads of the columns.
    pub(crate) fn trial_columns(self) -> [&'static str; 8] {
        self.pick(
            [
                "topic",
                "judged",
                "precision",
                "recall",
                "F1",
                "order",
                "finds",
                "threshold",
            ],
            [
                "专题",
                "判定段落",
                "查准",
                "查全",
                "F1",
                "次序",
                "应检出",
                "门槛",
            ],
        )
    }

    /// Whether a pack passed.
    pub(crate) fn passed(self, passed: bool) -> &'static str {
        if passed {
            self.pick("ok", "合格")
        } else {
            self.pick("FAILED", "不合格")
        }
    }

    /// Why a pack failed or what kind of thing it got wrong, by its code.
    pub(crate) fn trial_failure(self, kind: &str) -> &'static str {
        match kind {
            "wrong" => self.pick("found, and must not be", "不应检出而检出"),
            "missed" => self.pick("not found, and must be", "应检出而未检出"),
            "order" => self.pick("does not come before", "未排在之前"),
            "finds" => self.pick("does not begin with the items", "检出条目的开头不是"),
            "unjudged" => self.pick("no judged passages that match", "没有应检出的判定段落"),
            _ => self.pick(
                "not tested: no such notice here",
                "未测试：语料库中没有该公文",
            ),
        }
    }

    /// How many packs passed.
    pub(crate) fn trials(self, passed: usize, all: usize, passages: usize) -> String {
        self.pick(
            format!("{passed} of {all} packs pass; {passages} judged passages in one index"),
            format!("{all} 个专题中 {passed} 个合格；同一索引内共 {passages} 个判定段落"),
        )
    }

    /// Items that were not looked for.
    pub(crate) fn finds_skipped(self, number: usize) -> String {
        self.pick(
            format!("{number} finds not tested: the corpus does not hold their notices"),
            format!("{number} 项应检出未测试：语料库中没有所指公文"),
        )
    }

    /// A pack links to one that is not there.
    pub(crate) fn no_link(self, id: &str, link: &str) -> String {
        self.pick(
            format!("the topic pack {id} links to {link}, and there is no such pack"),
            format!("专题 {id} 链接到 {link}，而没有这个专题"),
        )
    }
}

impl Lang {
    /// The heads of the columns of proposed terms.
    pub(crate) fn suggestion_columns(self) -> [&'static str; 6] {
        self.pick(
            ["term", "matching", "rest", "‰", "‰ rest", "G²"],
            ["词语", "符合段落", "其余段落", "‰", "其余‰", "G²"],
        )
    }

    /// What proposed terms were counted in.
    pub(crate) fn suggested(self, found: &Suggestions) -> String {
        let [matching, rest, sampled] = [found.matching, found.rest, found.sampled].map(grouped);
        self.pick(
            format!(
                "counted in {matching} passages that match and {rest} that do not; runs of words proposed from {sampled} of those that match"
            ),
            format!(
                "统计范围：符合的 {matching} 个段落与其余 {rest} 个段落；多词词语取自其中 {sampled} 个符合的段落"
            ),
        )
    }
}
