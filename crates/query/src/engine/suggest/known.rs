//! What need not be suggested: what a topic has, what a question asked for,
//! and what says nothing by itself.

use gongbao_analysis::is_letter;

use crate::{
    parse::{Part, Question},
    pattern::Pattern,
    request::Request,
    topic::Expression,
    wording::is_function_word,
};

/// No expression is longer, in letters.
const MAX_LETTERS: usize = 12;

/// What is known already.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Terms that are known as they are.
    same: Vec<Vec<char>>,
    /// Terms that are found already wherever these are part of them.
    parts: Vec<Vec<char>>,
}

impl Known {
    pub(super) fn of(request: &Request<'_>) -> Self {
        let mut known = Self::default();
        let normal = |text: &str| Pattern::new(text).letters().to_vec();
        if let Some(topic) = request.topic {
            for expression in &topic.expressions {
                if is_plain(expression) {
                    known.parts.push(normal(&expression.text));
                }
                let context = expression.with.iter().chain(&expression.without);
                let near = expression.near.iter().map(|near| &near.text);
                let texts = context.chain(near).chain([&expression.text]);
                known.same.extend(texts.map(|text| normal(text)));
            }
            let longer = topic.exclusions.iter();
            known
                .same
                .extend(longer.map(|exclusion| normal(&exclusion.text)));
        }
        if let Some(root) = Question::parse(request.text).root {
            asked(&root, &mut |text| known.same.push(normal(text)));
            // Where one is enough, what has it in it finds nothing new.
            let any = match root {
                Part::Any(parts) => parts,
                part => vec![part],
            };
            for part in any {
                if let Part::Words(text) | Part::Phrase(text) = part {
                    known.parts.push(normal(&text));
                }
            }
        }
        known
    }

    /// What is known, as patterns of two letters or more.
    pub(super) fn patterns(&self) -> impl Iterator<Item = Pattern> {
        let texts = self.same.iter().chain(&self.parts);
        texts
            .map(|letters| Pattern::of_normal(&letters.iter().collect::<String>()))
            .filter(|pattern| pattern.len() > 1)
    }

    /// Whether `term`, normalised, is known or finds nothing new.
    pub(super) fn has(&self, term: &str) -> bool {
        let letters = letters(term);
        let is_in = |part: &Vec<char>| {
            !part.is_empty() && letters.windows(part.len()).any(|window| window == part)
        };
        self.same.contains(&letters) || self.parts.iter().any(is_in)
    }
}

/// Whether `term`, normalised, could be an expression.
pub(super) fn is_plausible(term: &str) -> bool {
    !is_function_word(term)
        && term.chars().any(is_telling)
        && (2..=MAX_LETTERS).contains(&letters(term).len())
}

/// The letters of a normalised text.
fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|&c| is_letter(c)).collect()
}

/// Whether it finds its text wherever that stands.
fn is_plain(expression: &Expression) -> bool {
    expression.near.is_none() && expression.with.is_empty() && expression.without.is_empty()
}

/// A letter that is no digit.
fn is_telling(c: char) -> bool {
    is_letter(c) && !c.is_numeric()
}

/// Hands on the texts that `part` asks for.
fn asked(part: &Part, each: &mut impl FnMut(&str)) {
    match part {
        Part::All(parts) | Part::Any(parts) => {
            for part in parts {
                asked(part, each);
            }
        }
        Part::Words(text) | Part::Phrase(text) | Part::Title(text) => {
            each(text);
        }
        Part::Near(left, right, _) => {
            each(left);
            each(right);
        }
        Part::Not(_) | Part::Filter(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_not_worth_suggesting() {
        for term in [
            "的",
            "款",
            "12.5",
            "2025",
            "可以",
            "一二三四五六七八九十甲乙丙",
        ] {
            assert!(!is_plausible(term), "{term}");
        }
        for term in ["化解", "pvc", "10千伏"] {
            assert!(is_plausible(term), "{term}");
        }
    }

    #[test]
    fn what_was_asked_for_is_known() {
        let known = Known::of(&Request::new("债务 OR “隐性债务”"));
        for term in ["债务", "隐性债务", "债务方案"] {
            assert!(known.has(term), "{term}");
        }
        assert!(!known.has("隐性"));
        let both = Known::of(&Request::new("债务 化解"));
        assert!(both.has("债务") && !both.has("债务风险"));
    }

    #[test]
    fn what_a_topic_has_is_left_out() {
        let text = "id = 'x'\nversion = 1\nname = { zh = '甲', en = 'x' }\nscope = ''\nexpressions = [{ text = '化债' }, { text = '偿债', with = ['政府'] }]";
        let topic = crate::topic::Topic::parse("x", text).expect("a whole pack");
        let request = Request {
            topic: Some(&topic),
            ..Request::new("")
        };
        let known = Known::of(&request);
        for term in ["化债", "化债方案", "偿债", "政府"] {
            assert!(known.has(term), "{term}");
        }
        // Not found yet where the context is missing.
        assert!(!known.has("偿债备付金"));
    }
}
