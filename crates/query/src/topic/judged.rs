//! What a pack is tested on.

use serde::{Deserialize, Serialize};

use super::{Topic, TopicError, source};
use crate::pattern::Pattern;

/// A topic with what it is tested on.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// What it is recognised by.
    pub topic: Topic,
    /// Passages written for it that must match, or must not.
    pub judged: Vec<Judged>,
    /// Items of real notices that it must find first.
    pub finds: Vec<Finds>,
}

/// A passage that a topic must find, or must not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// The passage.
    pub text: String,
    /// The title of the notice it stands in.
    #[serde(default)]
    pub title: Option<String>,
    /// The heading it stands under.
    #[serde(default)]
    pub heading: Option<String>,
    /// Whether it belongs to the topic.
    #[serde(rename = "match")]
    pub matches: bool,
    /// Of those that belong, one with a smaller number must come before one
    /// with a greater. None takes no part in that.
    #[serde(default)]
    pub rank: Option<u32>,
    /// What makes it a near miss, or worth having.
    #[serde(default)]
    pub why: Option<String>,
}

/// Items of a real notice that a topic must find.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finds {
    /// The notice's title, id or address.
    pub notice: String,
    /// Printed labels or anchors: what the topic finds in the notice begins
    /// with these, in this order.
    pub items: Vec<String>,
}

impl Pack {
    /// Reads a pack in full; `name` is for messages.
    ///
    /// # Errors
    ///
    /// [`TopicError::Format`] and [`TopicError::Content`].
    pub fn parse(name: &str, text: &str) -> Result<Self, TopicError> {
        source::pack(name, text)
    }

    /// What is wrong with it, if anything.
    pub(super) fn problem(&self) -> Option<String> {
        if let Some(problem) = self.topic.problem() {
            return Some(problem);
        }
        for judged in &self.judged {
            if Pattern::new(&judged.text).len() == 0 {
                return Some("a judged passage has no text".to_owned());
            }
            if judged.rank.is_some() && !judged.matches {
                let start: String = judged.text.trim().chars().take(12).collect();
                return Some(format!(
                    "the passage {start:?}… must not match and yet has a rank"
                ));
            }
        }
        self.finds
            .iter()
            .any(|finds| finds.items.is_empty() || finds.notice.trim().is_empty())
            .then(|| "one of its finds names no notice or no items".to_owned())
    }
}
