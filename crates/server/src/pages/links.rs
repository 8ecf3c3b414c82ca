//! Addresses of pages, in the language that was asked for by address.

use crate::{
    asked::{Asked, Lang},
    problem::Problem,
};

/// Makes addresses.
#[derive(Clone, Debug)]
pub(super) struct Links {
    pub(super) lang: Lang,
    /// Whether the address asked for a language, so that others must too.
    is_asked: bool,
    path: String,
    /// The parameters of this page, without the language.
    pairs: Vec<(String, String)>,
}

impl Links {
    /// Those on the page that `asked` asks for.
    pub(super) fn of(asked: &mut Asked) -> Result<Self, Problem> {
        let lang = asked.lang()?;
        Ok(Self::in_lang(asked, lang))
    }

    /// The same, in that language.
    pub(super) fn in_lang(asked: &Asked, lang: Lang) -> Self {
        let query = asked.uri.query().unwrap_or_default();
        let all: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let (langs, pairs): (Vec<_>, Vec<_>) = all.into_iter().partition(|pair| pair.0 == "lang");
        Self {
            lang,
            is_asked: !langs.is_empty(),
            path: asked.uri.path().to_owned(),
            pairs,
        }
    }

    /// The address of `path` with these parameters; empty ones are left out.
    pub(super) fn to(&self, path: &str, pairs: &[(&str, &str)]) -> String {
        let mut all: Vec<(&str, &str)> = pairs.to_vec();
        if self.is_asked {
            all.push(("lang", self.lang.code()));
        }
        address(path, &all)
    }

    /// This page with parameter `name` set to `value` or, where that is empty,
    /// left out. Begins with the first page of an answer again.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let mut all: Vec<(&str, &str)> = self
            .pairs
            .iter()
            .filter(|(key, _)| key != name && key != "offset")
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        all.push((name, value));
        self.to(&self.path, &all)
    }

    /// This page without the values of `names`.
    pub(super) fn without(&self, names: &[&str]) -> String {
        let all: Vec<(&str, &str)> = self
            .pairs
            .iter()
            .filter(|(key, _)| !names.contains(&key.as_str()) && key != "offset")
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        self.to(&self.path, &all)
    }

    /// The question of this page, for `path`.
    pub(super) fn question(&self, path: &str) -> String {
        let question = [
            "q", "query", "topic", "literal", "organ", "region", "site", "genre", "since", "until",
        ];
        let all: Vec<(&str, &str)> = self
            .pairs
            .iter()
            .filter(|(key, _)| question.contains(&key.as_str()))
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        address(path, &all)
    }

    /// This page in that language.
    pub(super) fn in_language(&self, lang: Lang) -> String {
        let mut all: Vec<(&str, &str)> = self
            .pairs
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        all.push(("lang", lang.code()));
        address(&self.path, &all)
    }

    /// The notice of that id, at an item of it, with what was looked for.
    pub(super) fn notice(&self, id: &str, anchor: Option<&str>) -> String {
        let mut address = self.to(&format!("/notices/{}", part(id)), &self.marking());
        if let Some(anchor) = anchor {
            address.push('#');
            address.push_str(anchor);
        }
        address
    }

    /// What a notice needs to mark what was looked for.
    fn marking(&self) -> Vec<(&str, &str)> {
        let wanted = ["q", "query", "topic", "literal"];
        self.pairs
            .iter()
            .filter(|(key, _)| wanted.contains(&key.as_str()))
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect()
    }

    /// The parameter `name` of this page.
    pub(super) fn value(&self, name: &str) -> &str {
        let found = self.pairs.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// The language as a parameter of a form, if it was asked for by address.
    pub(super) fn asked_language(&self) -> Option<&'static str> {
        self.is_asked.then(|| self.lang.code())
    }
}

/// `path` with `pairs`, those with empty values left out.
fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

/// `text` as one part of a path.
fn part(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
