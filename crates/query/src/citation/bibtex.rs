//! BibTeX, as biblatex's `@online`.

use super::{Citation, Cited};

/// The field that names what is cited, for `cite --check`.
const NAME_FIELD: &str = "gongbao";

impl Citation {
    /// As a BibTeX entry `@online`, in UTF-8. Fields that biblatex does not
    /// know, `gongbao`, `sha256` and `quote`, say what is cited.
    #[must_use]
    pub fn bibtex(&self) -> String {
        let mut fields: Vec<(&str, String)> = Vec::new();
        if let Some(organ) = &self.organ {
            // In braces of its own: the name of an organ has no parts.
            fields.push(("author", format!("{{{}}}", escape(organ))));
        }
        let known = [
            ("title", &self.title),
            ("titleaddon", &self.item),
            ("number", &self.doc_number),
            ("organization", &self.site),
            ("date", &self.date),
            (NAME_FIELD, &Some(self.cited.name())),
            ("sha256", &Some(self.cited.sha256.clone())),
            ("quote", &self.cited.quote),
        ];
        for (name, value) in known {
            if let Some(value) = value {
                fields.push((name, escape(value)));
            }
        }
        if let Some(date) = &self.date {
            fields.push(("year", date.chars().take(4).collect()));
        }
        if let Some(url) = &self.url {
            fields.push(("url", url_escape(url)));
        }
        fields.push(("urldate", self.fetched_day().to_owned()));
        fields.push(("langid", "chinese".to_owned()));
        let key: String = self.cited.name().chars().map(key_char).collect();
        let mut entry = format!("@online{{{key},\n");
        for (name, value) in fields {
            entry += &format!("  {name} = {{{value}}},\n");
        }
        entry.push('}');
        entry
    }
}

/// Keys keep to letters, digits and marks that every program takes.
fn key_char(c: char) -> char {
    match c {
        '#' => ':',
        c if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') => c,
        _ => '-',
    }
}

/// `text` for TeX.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => safe.push_str("\\textbackslash{}"),
            '{' => safe.push_str("\\textbraceleft{}"),
            '}' => safe.push_str("\\textbraceright{}"),
            '~' => safe.push_str("\\textasciitilde{}"),
            '^' => safe.push_str("\\textasciicircum{}"),
            '%' | '&' | '$' | '#' | '_' => {
                safe.push('\\');
                safe.push(c);
            }
            '\n' | '\r' => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

/// An address for biblatex's `url`, which takes it as it is but for braces.
fn url_escape(url: &str) -> String {
    let encode = |c: char| match c {
        '{' => "%7B".to_owned(),
        '}' => "%7D".to_owned(),
        '\\' => "%5C".to_owned(),
        c if c.is_whitespace() || c.is_control() => "%20".to_owned(),
        c => c.to_string(),
    };
    url.chars().map(encode).collect()
}

/// The text of which [`escape`] made `tex`.
fn unescape(tex: &str) -> String {
    const WORDS: [(&str, char); 5] = [
        ("\\textbackslash{}", '\\'),
        ("\\textbraceleft{}", '{'),
        ("\\textbraceright{}", '}'),
        ("\\textasciitilde{}", '~'),
        ("\\textasciicircum{}", '^'),
    ];
    let mut text = String::with_capacity(tex.len());
    let mut rest = tex;
    while let Some(c) = rest.chars().next() {
        if let Some((word, meant)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
            text.push(*meant);
            rest = &rest[word.len()..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if c != '\\' {
            text.push(c);
        }
    }
    text
}

/// What the entries of `text` cite.
pub(super) fn read(text: &str) -> Vec<Cited> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(&format!("{NAME_FIELD} = {{")) {
        // Fields are read up to the next entry.
        let entry = &rest[at..];
        let end = entry.find("\n@").unwrap_or(entry.len());
        let field = |name: &str| value(&entry[..end], name);
        if let (Some(name), Some(sha256)) = (field(NAME_FIELD), field("sha256")) {
            let (id, anchor) = Cited::named(&name);
            found.push(Cited {
                id,
                anchor,
                sha256,
                quote: field("quote"),
            });
        }
        rest = &entry[end..];
    }
    found
}

/// The value of a field in braces.
fn value(entry: &str, name: &str) -> Option<String> {
    let start = entry.find(&format!("{name} = {{"))? + name.len() + 4;
    let mut depth = 1;
    for (at, c) in entry[start..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(unescape(&entry[start..start + at]));
        }
    }
    None
}
