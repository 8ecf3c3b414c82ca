//! Topic packs: what a topic is about, as data.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use serde::Deserialize;

/// A topic pack.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Its name in commands and addresses: `debt-resolution`.
    pub id: String,
    /// Raised when a change alters what it finds.
    pub version: u32,
    /// Its names for people.
    pub name: Names,
    /// Other names it goes by.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What belongs to it and what does not.
    pub scope: String,
    /// What it is recognised by: a passage that any of them finds belongs.
    pub expressions: Vec<Expression>,
    /// Longer texts in which an expression is not meant.
    #[serde(default)]
    pub exclusions: Vec<Exclusion>,
}

/// The names of a topic.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// Something a topic is recognised by.
#[derive(Clone, Debug, Deserialize)]
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
}

/// A text that must stand near another.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Near {
    /// The text.
    pub text: String,
    /// How many letters may stand between the two.
    pub within: u32,
}

/// A longer text in which an expression is not meant: 债务人 is a person.
#[derive(Clone, Debug, Deserialize)]
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
        Ok(())
    }
}

/// A topic pack cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TopicError {
    /// The file cannot be read.
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

/// The packs built into the program.
const BUILT_IN: [(&str, &str); 2] = [
    (
        "debt-resolution",
        include_str!("../../../data/topics/debt-resolution.toml"),
    ),
    (
        "yangtze-fishing-ban",
        include_str!("../../../data/topics/yangtze-fishing-ban.toml"),
    ),
];

/// All topic packs at hand.
#[derive(Clone, Debug)]
pub struct Topics(Vec<Topic>);

impl Topics {
    /// The packs built into the program.
    ///
    /// # Panics
    ///
    /// Never with packs that pass the tests.
    #[must_use]
    pub fn built_in() -> Self {
        let read = |(name, text)| Topic::parse(name, text).expect("the built-in packs are tested");
        Self(BUILT_IN.into_iter().map(read).collect())
    }

    /// Adds the packs in `dir`, `*.toml`; one of the same id replaces a
    /// built-in one. A folder that is not there adds none.
    ///
    /// # Errors
    ///
    /// [`TopicError`] for the first pack that cannot be used.
    pub fn with_folder(mut self, dir: &Path) -> Result<Self, TopicError> {
        let Ok(entries) = std::fs::read_dir(dir) else {
            return Ok(self);
        };
        let mut paths: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        paths.retain(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        });
        paths.sort();
        for path in paths {
            let text = std::fs::read_to_string(&path).map_err(|source| TopicError::Io {
                path: path.clone(),
                source,
            })?;
            let topic = Topic::parse(&path.display().to_string(), &text)?;
            self.0.retain(|known| known.id != topic.id);
            self.0.push(topic);
        }
        self.0.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(self)
    }

    /// Every pack, sorted by id.
    pub fn iter(&self) -> impl Iterator<Item = &Topic> {
        self.0.iter()
    }

    /// The pack of that id or name, in Chinese or English, in any case.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Topic> {
        let wanted = name.trim().to_lowercase();
        self.0.iter().find(|topic| {
            let names = [&topic.id, &topic.name.zh, &topic.name.en];
            names
                .into_iter()
                .chain(&topic.aliases)
                .any(|name| name.to_lowercase() == wanted)
        })
    }
}

impl Topic {
    /// Reads a pack; `name` is for messages.
    ///
    /// # Errors
    ///
    /// [`TopicError::Format`] and [`TopicError::Content`].
    pub fn parse(name: &str, text: &str) -> Result<Self, TopicError> {
        let topic: Self = toml::from_str(text).map_err(|source| TopicError::Format {
            name: name.to_owned(),
            source,
        })?;
        let problem = |problem: String| {
            Err(TopicError::Content {
                name: name.to_owned(),
                problem,
            })
        };
        let is_id = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if topic.id.is_empty() || !topic.id.chars().all(is_id) {
            return problem(format!(
                "its id {:?} takes lower-case letters, digits and hyphens",
                topic.id
            ));
        }
        if topic.expressions.is_empty() {
            return problem("it has no expressions".to_owned());
        }
        for expression in &topic.expressions {
            let texts = std::iter::once(&expression.text)
                .chain(expression.near.iter().map(|near| &near.text));
            for text in texts {
                if crate::pattern::Pattern::new(text).len() < 2 {
                    return problem(format!(
                        "the expression {text:?} has fewer than two letters"
                    ));
                }
            }
            if !(expression.weight > 0.0 && expression.weight.is_finite()) {
                return problem(format!(
                    "the weight of {:?} is not above zero",
                    expression.text
                ));
            }
        }
        Ok(topic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_pack_reads_and_bears_its_name() {
        let topics = Topics::built_in();
        for ((name, _), topic) in BUILT_IN.iter().zip(topics.iter()) {
            assert_eq!(&topic.id, name);
        }
    }

    #[test]
    fn a_pack_goes_by_any_of_its_names() {
        let topics = Topics::built_in();
        for name in ["debt-resolution", "债务化解", "Debt Resolution"] {
            assert_eq!(
                topics.find(name).map(|topic| topic.id.as_str()),
                Some("debt-resolution")
            );
        }
        assert!(topics.find("天气").is_none());
    }

    #[test]
    fn a_pack_that_makes_no_sense_is_refused() {
        let pack = |expressions: &str| {
            format!(
                "id = 'x'\nversion = 1\nname = {{ zh = '甲', en = 'x' }}\nscope = ''\nexpressions = [{expressions}]"
            )
        };
        assert!(Topic::parse("x", &pack("{ text = '债务' }")).is_ok());
        for bad in [
            "",
            "{ text = '债' }",
            "{ text = '债务', weight = 0 }",
            "{ txt = '债务' }",
        ] {
            assert!(Topic::parse("x", &pack(bad)).is_err(), "{bad}");
        }
    }
}
