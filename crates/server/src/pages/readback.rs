//! A question read back in words, so that people see how it was understood.

use gongbao_query::{Note, Part, Question};

use super::text::{grouped, plain};
use crate::asked::Lang;

/// What `text` asks for, in words; `None` where it asks for nothing.
pub(super) fn readback(text: &str, literal: bool, lang: Lang) -> Option<String> {
    if text.trim().is_empty() {
        return None;
    }
    if literal {
        let text = plain(text);
        return Some(lang.pick(
            format!("exactly the characters “{text}”"),
            format!("逐字为“{text}”"),
        ));
    }
    Question::parse(text).root.map(|root| part(&root, lang))
}

fn part(wanted: &Part, lang: Lang) -> String {
    let several = |parts: &[Part], separator: &str| {
        let parts: Vec<_> = parts
            .iter()
            .map(|inner| match inner {
                Part::All(_) | Part::Any(_) => lang.pick(
                    format!("({})", part(inner, lang)),
                    format!("（{}）", part(inner, lang)),
                ),
                _ => part(inner, lang),
            })
            .collect();
        parts.join(separator)
    };
    match wanted {
        Part::All(parts) => several(parts, lang.pick(" and ", "，且")),
        Part::Any(parts) => several(parts, lang.pick(" or ", "，或")),
        Part::Not(inner) => lang.pick("not ", "不含").to_owned() + &part(inner, lang),
        Part::Words(text) => lang.pick(
            format!("the words of {}", plain(text)),
            format!("词语 {}", plain(text)),
        ),
        Part::Phrase(text) => format!("“{}”", plain(text)),
        Part::Near(a, b, within) => lang.pick(
            format!("{} within {within} characters of {}", plain(a), plain(b)),
            format!("{}与{}相距不超过 {within} 字", plain(a), plain(b)),
        ),
        Part::Title(text) => lang.pick(
            format!("“{}” in the title", plain(text)),
            format!("标题含“{}”", plain(text)),
        ),
        Part::Filter(filter) => plain(&filter.to_string()),
    }
}

/// What `note` tells of how a question was read or answered.
pub(super) fn note(note: &Note, lang: Lang) -> String {
    match note {
        Note::TakenAsText(text) => lang.pick(
            format!("{} was searched for as text", plain(text)),
            format!("“{}”按文字检索", plain(text)),
        ),
        Note::Ignored(text) => lang.pick(
            format!("{} joins nothing and was left out", plain(text)),
            format!("“{}”没有连接任何词，已略去", plain(text)),
        ),
        Note::Shortened => lang
            .pick(
                "The question is long; only its beginning was used",
                "检索式过长，只用了开头部分",
            )
            .to_owned(),
        Note::Apart => lang
            .pick(
                "No passage has all of it; these notices have it in different passages",
                "没有一个段落包含全部内容；以下公文在不同段落中包含",
            )
            .to_owned(),
        Note::Loosened => lang
            .pick(
                "Nothing has all of these words; passages with most of them come first",
                "没有内容包含全部词语；包含较多词语的段落在前",
            )
            .to_owned(),
        Note::Expanded(text) => lang.pick(
            format!("Searched for any of {}", plain(text)),
            format!("同时检索 {}", plain(text)),
        ),
        Note::Absent(text) => lang.pick(
            format!("{} stands nowhere", plain(text)),
            format!("全部内容中没有“{}”", plain(text)),
        ),
        Note::Close(text) => lang.pick(
            format!("Try {}, which is there", plain(text)),
            format!("可以试试“{}”", plain(text)),
        ),
        Note::Narrow(number) => lang.pick(
            format!(
                "The topic or the filters leave nothing; {} passages match without them",
                grouped(*number)
            ),
            format!(
                "限定条件排除了全部结果；不加限定有 {} 个段落符合",
                grouped(*number)
            ),
        ),
        Note::UnknownValue(text) => lang.pick(
            format!("{} is not known; nothing can match it", plain(text)),
            format!("没有“{}”，不会有符合的内容", plain(text)),
        ),
    }
}
