//! What made up a score, in words.

use gongbao_query::Contribution;

use crate::{cli::Lang, terminal::escape};

/// Ends of what the engine says, and the Chinese for them.
const ENDS: [(&str, &str); 9] = [
    (" as a word in the text", "（词，正文）"),
    (" as a word in the title", "（词，标题）"),
    (" as a word in the headings above", "（词，上级标题）"),
    (" as characters in the text", "（连续文字，正文）"),
    (" as characters in the title", "（连续文字，标题）"),
    (" as a character in the text", "（单字，正文）"),
    (" in the text", "（正文）"),
    (" in the title", "（标题）"),
    (" in the headings above", "（上级标题）"),
];

/// So many contributions are told; the rest is one sum.
const MAX_TOLD: usize = 8;

impl Lang {
    /// `contributions`, a line each, the smallest summed up.
    pub(crate) fn explanation(self, contributions: &[Contribution]) -> Vec<String> {
        // One that is left over is told as well as a sum of one would be.
        let told = match contributions.len() {
            all if all <= MAX_TOLD + 1 => all,
            _ => MAX_TOLD,
        };
        let (most, rest) = contributions.split_at(told);
        let mut lines: Vec<_> = most
            .iter()
            .map(|part| format!("{:>7.2}  {}", part.score, self.contribution(&part.what)))
            .collect();
        if !rest.is_empty() {
            let sum: f32 = rest.iter().map(|part| part.score).sum();
            let what = match self {
                Self::En => format!("{} smaller ones", rest.len()),
                Self::Zh => format!("其余 {} 项", rest.len()),
            };
            lines.push(format!("{sum:>7.2}  {what}"));
        }
        lines
    }

    fn contribution(self, what: &str) -> String {
        let what = escape(what);
        if self == Self::En {
            return what.into_owned();
        }
        if let Some(expression) = what.strip_prefix("topic expression ") {
            return format!("专题表达式 {expression}");
        }
        ENDS.iter()
            .find_map(|(en, zh)| Some(format!("{}{zh}", what.strip_suffix(en)?)))
            .unwrap_or_else(|| what.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_ones_are_summed_up() {
        let parts: Vec<_> = (0..10)
            .map(|n| Contribution {
                what: format!("词{n} as a word in the text"),
                score: 2.0,
            })
            .collect();
        let lines = Lang::En.explanation(&parts);
        assert_eq!(lines.len(), 9);
        assert_eq!(lines[0], "   2.00  词0 as a word in the text");
        assert_eq!(lines[8], "   4.00  2 smaller ones");
        assert_eq!(Lang::Zh.explanation(&parts)[0], "   2.00  词0（词，正文）");
    }
}
