//! What `eval` says beside its figures.

use super::{grouped, plural};
use crate::{cli::Lang, terminal::escape};

/// How many documents that are not there are named.
const MAX_NAMED: usize = 5;

impl Lang {
    /// So many questions.
    pub(crate) fn questions(self, number: u64) -> String {
        match self {
            Self::En => plural(number, "question", "questions"),
            Self::Zh => format!("{} 个问题", grouped(number)),
        }
    }

    /// Nothing can be measured.
    pub(crate) fn nothing_judged(self) -> &'static str {
        self.pick(
            "no question has a judgement that something answers it: are the ids the same in both files?",
            "没有一个问题有相关判断：两个文件中的编号是否一致？",
        )
    }

    /// Questions without judgements.
    pub(crate) fn unjudged(self, number: u64) -> String {
        match self {
            Self::En => format!("left out: {} without judgements", self.questions(number)),
            Self::Zh => format!("略去没有判断的 {}", self.questions(number)),
        }
    }

    /// Judgements without questions.
    pub(crate) fn unasked(self, number: u64) -> String {
        match self {
            Self::En => format!(
                "left out: judgements of {} not among those asked",
                self.questions(number)
            ),
            Self::Zh => format!("略去未提出的 {}的判断", self.questions(number)),
        }
    }

    /// Questions that nothing answers.
    pub(crate) fn unanswered(self, number: u64) -> String {
        match self {
            Self::En => format!(
                "left out: {} that nothing was judged to answer",
                self.questions(number)
            ),
            Self::Zh => format!("略去全部判断为不相关的 {}", self.questions(number)),
        }
    }

    /// Questions that found nothing.
    pub(crate) fn found_nothing(self, number: u64) -> String {
        match self {
            Self::En => format!("{} found nothing; counted as 0", self.questions(number)),
            Self::Zh => format!("{}没有结果，按 0 计", self.questions(number)),
        }
    }

    /// Questions that an earlier run does not have.
    pub(crate) fn not_in_baseline(self, number: u64) -> String {
        match self {
            Self::En => format!(
                "{} not in the baseline; counted there as 0",
                self.questions(number)
            ),
            Self::Zh => format!("基线中没有 {}，在基线中按 0 计", self.questions(number)),
        }
    }

    /// Judged documents that cannot be found, of so many.
    pub(crate) fn not_indexed(self, missing: &[&str], all: u64) -> String {
        let mut names: Vec<_> = missing
            .iter()
            .take(MAX_NAMED)
            .map(|name| escape(name))
            .collect();
        if missing.len() > MAX_NAMED {
            names.push("…".into());
        }
        let (number, all) = (grouped(missing.len() as u64), grouped(all));
        match self {
            Self::En => format!(
                "{number} of {all} judged documents are not in the index: {}",
                names.join(", ")
            ),
            Self::Zh => format!(
                "{all} 件有判断的文件中，有 {number} 件不在索引中：{}",
                names.join("、")
            ),
        }
    }
}
