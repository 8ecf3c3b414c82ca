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
        let letters = |text: &str| Pattern::new(text).letters().to_vec();
        if let Some(topic) = request.topic {
            for expression in &topic.expressions {
                if is_plain(expression) {
                    known.parts.push(letters(&expression.text));
                }
                let context = expression.with.iter().chain(&expression.without);
                let near = expression.near.iter().map(|near| &near.text);
                let texts = context.chain(near).chain([&expression.text]);
                known.same.extend(texts.map(|text| letters(text)));
            }
            let longer = topic.exclusions.iter();
            known
                .same
                .extend(longer.map(|exclusion| letters(&exclusion.text)));
        }
        if let Some(root) = Question::parse(request.text).root {
            asked(&root, &mut |text| known.same.push(letters(text)));
        }
        known
    }

    /// Whether `term`, normalised, could be an expression that is not there
    /// yet.
    pub(super) fn is_worth(&self, term: &str) -> bool {
        if is_function_word(term) || !term.chars().any(is_telling) {
            return false;
        }
        let letters: Vec<char> = term.chars().filter(|&c| is_letter(c)).collect();
        if !(2..=MAX_LETTERS).contains(&letters.len()) {
            return false;
        }
        let has = |part: &Vec<char>| {
            !part.is_empty() && letters.windows(part.len()).any(|window| window == part)
        };
        !self.same.contains(&letters) && !self.parts.iter().any(has)
    }
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
        let known = Known::of(&Request::new("债务 OR “隐性债务”"));
        for term in [
            "债务",
            "隐性债务",
            "的",
            "款",
            "12.5",
            "2025",
            "可以",
            "一二三四五六七八九十甲乙丙",
        ] {
            assert!(!known.is_worth(term), "{term}");
        }
        for term in ["化解", "债务化解", "pvc", "10千伏"] {
            assert!(known.is_worth(term), "{term}");
        }
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
            assert!(!known.is_worth(term), "{term}");
        }
        // Not found yet where the context is missing.
        assert!(known.is_worth("偿债备付金"));
    }
}
