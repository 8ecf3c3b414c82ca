//! Topic packs: what a topic is about, as data.

mod judged; // the passages and items that a pack is tested on
mod library; // all packs at hand
mod score; // how well a pack told its passages apart
mod source; // the text of a pack, and what of it a search needs

use std::{fmt, path::PathBuf};

use serde::Deserialize;

pub use self::{
    judged::{Finds, Judged, Pack},
    library::Topics,
    score::{Failure, Found, Scores},
};
use crate::pattern::Pattern;

/// What a topic is recognised by; a [`Pack`] adds what that is tested on.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    /// Its name in commands and addresses: `debt-resolution`.
    pub id: String,
    /// Raised when a change alters what it finds.
    pub version: u32,
    /// Its names for people.
    pub name: Names,
    /// Other names it goes by.
    pub aliases: Vec<String>,
    /// What belongs to it and what does not.
    pub scope: String,
    /// The ids of topics that it is a part of.
    pub broader: Vec<String>,
    /// The ids of topics that touch it.
    pub related: Vec<String>,
    /// The F1 that it must reach on its judged passages, above 0 and up to 1.
    pub threshold: f64,
    /// What it is recognised by: a passage that any of them finds belongs.
    pub expressions: Vec<Expression>,
    /// Longer texts in which an expression is not meant.
    pub exclusions: Vec<Exclusion>,
}

/// The names of a topic.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// Something a topic is recognised by.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expression {
    /// The text; marks and spaces between its letters do not matter. At least
    /// two letters.
    pub text: String,
    /// How much it counts.
    #[serde(default = "one")]
    pub weight: f32,
    /// Another text that must stand near it.
    #[serde(default)]
    pub near: Option<Near>,
    /// Texts of which one must stand in the same passage, its headings or the
    /// title.
    #[serde(default)]
    pub with: Vec<String>,
    /// Texts of which none may stand in the passage's own text.
    #[serde(default)]
    pub without: Vec<String>,
}

/// A text that must stand near another.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Near {
    /// The text.
    pub text: String,
    /// How many letters may stand between the two.
    pub within: u32,
}

/// A longer text in which an expression is not meant: 债务人 is a person.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// The text.
    pub text: String,
}

fn one() -> f32 {
    1.0
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        if let Some(near) = &self.near {
            write!(f, " NEAR/{} {}", near.within, near.text)?;
        }
        if !self.with.is_empty() {
            write!(f, " with {}", self.with.join(" | "))?;
        }
        if !self.without.is_empty() {
            write!(f, " without {}", self.without.join(" | "))?;
        }
        Ok(())
    }
}

/// A topic pack cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TopicError {
    /// The file or its folder cannot be read.
    #[error("could not read the topic pack {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is no topic pack.
    #[error("the topic pack {name} cannot be read")]
    Format {
        /// The file or built-in pack.
        name: String,
        /// What is wrong with it, and where.
        source: toml::de::Error,
    },
    /// It can be read, but says something that makes no sense.
    #[error("the topic pack {name}: {problem}")]
    Content {
        /// The file or built-in pack.
        name: String,
        /// What is wrong.
        problem: String,
    },
}

impl Topic {
    /// Reads what a search needs of a pack, leaving out its judged passages
    /// where they stand in sections of their own; `name` is for messages.
    ///
    /// # Errors
    ///
    /// [`TopicError::Format`] and [`TopicError::Content`].
    pub fn parse(name: &str, text: &str) -> Result<Self, TopicError> {
        source::topic(name, text)
    }

    /// What is wrong with it, if anything.
    fn problem(&self) -> Option<String> {
        if !is_id(&self.id) {
            return Some(format!(
                "its id {:?} takes lower-case letters, digits and hyphens",
                self.id
            ));
        }
        for link in self.links() {
            if !is_id(link) {
                return Some(format!(
                    "{link:?} among its links is no id: they take lower-case letters, digits and hyphens"
                ));
            }
            if *link == self.id {
                return Some("it links to itself".to_owned());
            }
        }
        if !(self.threshold > 0.0 && self.threshold <= 1.0) {
            return Some("its threshold is not above 0 and up to 1".to_owned());
        }
        if self.expressions.is_empty() {
            return Some("it has no expressions".to_owned());
        }
        self.expressions.iter().find_map(Expression::problem)
    }

    /// The ids it links to.
    pub fn links(&self) -> impl Iterator<Item = &String> {
        self.broader.iter().chain(&self.related)
    }

    /// Whether `name` is its id or one of its names, in any letter case.
    #[must_use]
    pub fn goes_by(&self, name: &str) -> bool {
        let wanted = name.trim().to_lowercase();
        let names = [&self.id, &self.name.zh, &self.name.en];
        names
            .into_iter()
            .chain(&self.aliases)
            .any(|name| name.to_lowercase() == wanted)
    }
}

impl Expression {
    fn problem(&self) -> Option<String> {
        let texts = std::iter::once(&self.text).chain(self.near.iter().map(|near| &near.text));
        for text in texts {
            if Pattern::new(text).len() < 2 {
                return Some(format!(
                    "the expression {text:?} has fewer than two letters"
                ));
            }
        }
        for text in self.with.iter().chain(&self.without) {
            if Pattern::new(text).len() == 0 {
                return Some(format!("{text:?} beside {:?} has no letters", self.text));
            }
        }
        (!(self.weight > 0.0 && self.weight.is_finite()))
            .then(|| format!("the weight of {:?} is not above zero", self.text))
    }
}

/// Whether `text` can be a pack's id.
pub(crate) fn is_id(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(fields: &str, expressions: &str) -> Result<Topic, TopicError> {
        let text = format!(
            "id = 'x'\nversion = 1\nname = {{ zh = '甲', en = 'x' }}\nscope = ''\n{fields}\nexpressions = [{expressions}]"
        );
        Topic::parse("x", &text)
    }

    #[test]
    fn a_pack_that_makes_no_sense_is_refused() {
        assert!(pack("", "{ text = '债务' }").is_ok());
        for bad in [
            "",
            "{ text = '债' }",
            "{ text = '债务', weight = 0 }",
            "{ text = '债务', without = ['。'] }",
            "{ txt = '债务' }",
        ] {
            assert!(pack("", bad).is_err(), "{bad}");
        }
        for bad in [
            "broader = ['x']",
            "related = ['A b']",
            "threshold = 0.0",
            "threshold = 1.5",
            "colour = 'red'",
        ] {
            assert!(pack(bad, "{ text = '债务' }").is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_left_out_has_a_default() {
        let topic = pack("", "{ text = '债务' }").expect("a whole pack");
        assert!(topic.aliases.is_empty() && topic.links().next().is_none());
        assert!((topic.threshold - 0.9).abs() < 1e-9);
    }

    #[test]
    fn an_expression_is_told_in_words() {
        let topic = pack(
            "",
            "{ text = '债券', near = { text = '偿还', within = 9 }, with = ['区', '县'], without = ['企业'] }",
        )
        .expect("a whole pack");
        assert_eq!(
            topic.expressions[0].to_string(),
            "债券 NEAR/9 偿还 with 区 | 县 without 企业"
        );
    }
}
