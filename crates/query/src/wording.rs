//! How a question is worded: which of its words carry a topic, and whether it
//! is put in a person's own words.

use gongbao_analysis::is_letter;

/// Letters that carry no topic of their own. They are not required, and do
/// not count for the length of a chunk.
const FUNCTION_WORDS: [&str; 42] = [
    "的",
    "了",
    "和",
    "与",
    "及",
    "或",
    "在",
    "是",
    "吗",
    "呢",
    "吧",
    "啊",
    "么",
    "有",
    "为",
    "被",
    "把",
    "对",
    "等",
    "其",
    "之",
    "以",
    "于",
    "而",
    "也",
    "都",
    "就",
    "还",
    "可以",
    "怎么",
    "什么",
    "如何",
    "哪些",
    "是否",
    "多少",
    "怎样",
    "为什么",
    "哪个",
    "怎么办",
    "应该",
    "谁",
    "哪",
];

/// Whether `text` is put as a question, in words of its own rather than those
/// of a notice: then the passages with most of it are wanted.
pub(crate) fn is_question(text: &str) -> bool {
    const ASKING: [&str; 14] = [
        "？",
        "?",
        "吗",
        "呢",
        "谁",
        "什么",
        "怎么",
        "怎样",
        "如何",
        "哪些",
        "哪个",
        "是否",
        "多少",
        "能不能",
    ];
    ASKING.iter().any(|asking| text.contains(asking)) && text.chars().count() > 4
}

/// Whether `word` carries no topic of its own.
pub(crate) fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.contains(&word) || !word.chars().any(is_letter)
}
