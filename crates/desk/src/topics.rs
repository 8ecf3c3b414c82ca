//! Topics as JSON and rows.

use gongbao_query::{Expression, Finds, Judged, Pack, Topic};
use serde::Serialize;

use crate::rows::Row;

/// The scope of `topic` on one line.
#[must_use]
pub fn scope(topic: &Topic) -> String {
    topic.scope.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A topic in a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopicRow {
    /// Its name in commands and addresses.
    pub id: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
    /// Raised when a change alters what it finds.
    pub version: u32,
    /// How many expressions it is recognised by.
    pub expressions: usize,
    /// What belongs to it and what does not.
    pub scope: String,
}

impl From<&Topic> for TopicRow {
    fn from(topic: &Topic) -> Self {
        Self {
            id: topic.id.clone(),
            name_zh: topic.name.zh.clone(),
            name_en: topic.name.en.clone(),
            version: topic.version,
            expressions: topic.expressions.len(),
            scope: scope(topic),
        }
    }
}

impl Row for TopicRow {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "name_zh",
        "name_en",
        "version",
        "expressions",
        "scope",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.name_zh.clone(),
            self.name_en.clone(),
            self.version.to_string(),
            self.expressions.to_string(),
            self.scope.clone(),
        ]
    }
}

/// A topic in full.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopicInFull {
    /// Its name in commands and addresses.
    pub id: String,
    /// Raised when a change alters what it finds.
    pub version: u32,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
    /// Other names it goes by.
    pub aliases: Vec<String>,
    /// What belongs to it and what does not.
    pub scope: String,
    /// Topics that it is a part of.
    pub broader: Vec<String>,
    /// Topics that touch it.
    pub related: Vec<String>,
    /// What it is recognised by.
    pub expressions: Vec<ExpressionRow>,
    /// Longer texts in which an expression is not meant.
    pub exclusions: Vec<String>,
    /// The F1 that it must reach on its judged passages.
    pub threshold: f64,
    /// Judged passages that must match.
    pub judged_matching: usize,
    /// Judged passages that must not.
    pub judged_other: usize,
    /// The judged passages.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub judged: Vec<Judged>,
    /// Items of notices that it must find.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub finds: Vec<Finds>,
}

impl From<&Pack> for TopicInFull {
    fn from(pack: &Pack) -> Self {
        let topic = &pack.topic;
        let matching = pack.judged.iter().filter(|judged| judged.matches).count();
        Self {
            id: topic.id.clone(),
            version: topic.version,
            name_zh: topic.name.zh.clone(),
            name_en: topic.name.en.clone(),
            aliases: topic.aliases.clone(),
            scope: scope(topic),
            broader: topic.broader.clone(),
            related: topic.related.clone(),
            expressions: topic.expressions.iter().map(Into::into).collect(),
            exclusions: topic
                .exclusions
                .iter()
                .map(|exclusion| exclusion.text.clone())
                .collect(),
            threshold: topic.threshold,
            judged_matching: matching,
            judged_other: pack.judged.len() - matching,
            judged: pack.judged.clone(),
            finds: pack.finds.clone(),
        }
    }
}

/// What a topic is recognised by.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExpressionRow {
    /// The text.
    pub text: String,
    /// How much it counts.
    pub weight: f32,
    /// Another text that must stand near.
    pub near: Option<String>,
    /// How many letters may stand between the two.
    pub within: Option<u32>,
    /// Texts of which one must stand in the same passage.
    pub with: Vec<String>,
    /// Texts of which none may.
    pub without: Vec<String>,
}

impl From<&Expression> for ExpressionRow {
    fn from(expression: &Expression) -> Self {
        let near = expression.near.as_ref();
        Self {
            text: expression.text.clone(),
            weight: expression.weight,
            near: near.map(|near| near.text.clone()),
            within: near.map(|near| near.within),
            with: expression.with.clone(),
            without: expression.without.clone(),
        }
    }
}

impl Row for ExpressionRow {
    const COLUMNS: &'static [&'static str] =
        &["text", "weight", "near", "within", "with", "without"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.text.clone(),
            self.weight.to_string(),
            self.near.clone().unwrap_or_default(),
            self.within
                .map_or_else(String::new, |within| within.to_string()),
            self.with.join(" | "),
            self.without.join(" | "),
        ]
    }
}
