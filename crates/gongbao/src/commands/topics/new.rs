//! `topics new`: a pack to be filled in.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
};

use anyhow::{Context, anyhow};
use gongbao_query::Pack;
use serde::Serialize;

use crate::{
    cli::Format,
    config::Config,
    output::{self, Row, Rows},
    terminal::escape,
};

/// A pack that was written.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    path: String,
}

impl Row for Line<'_> {
    const COLUMNS: &'static [&'static str] = &["id", "path"];

    fn cells(&self) -> Vec<String> {
        vec![self.id.to_owned(), self.path.clone()]
    }
}

/// Writes the start of a pack into the corpus; never over one that is there.
pub(super) fn run(
    id: &str,
    zh: &str,
    en: &str,
    words: &[String],
    config: &Config,
) -> anyhow::Result<()> {
    let text = template(id, zh, en, words);
    // Says what is wrong with an id or a word before anything is written.
    Pack::parse(id, &text)?;
    let topics = config.topics()?;
    for name in [id, zh, en] {
        if let Some(topic) = topics.find(name)? {
            return Err(anyhow!(config.lang.topic_taken(name, &topic.id)));
        }
    }
    let dir = config.corpus.dir().join("topics");
    let path = dir.join(format!("{id}.toml"));
    let name = path.display().to_string();
    fs::create_dir_all(&dir)
        .and_then(|()| {
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&path)?;
            file.write_all(text.as_bytes())
        })
        .with_context(|| format!("could not write {name}"))?;

    let line = Line { id, path: name };
    let mut out = io::stdout().lock();
    match config.format {
        Format::Table => writeln!(out, "{}", escape(&line.path))?,
        Format::Json => output::json_document(&mut out, &line)?,
        format => {
            let mut rows = Rows::new::<Line<'_>>(out, format)?;
            rows.push(&line)?;
            drop(rows.finish()?);
        }
    }
    config.tell(&escape(&config.lang.topic_started(id)));
    Ok(())
}

fn template(id: &str, zh: &str, en: &str, words: &[String]) -> String {
    let zh = zh.trim();
    let texts: Vec<&str> = if words.is_empty() {
        vec![zh]
    } else {
        words.iter().map(|word| word.trim()).collect()
    };
    let expressions: String = texts
        .iter()
        .map(|text| format!("  {{ text = {}, weight = 2 }},\n", quoted(text)))
        .collect();
    format!(
        r#"# A topic pack: docs/topics.md tells what each field means.
id = {id}
version = 1                       # raise it when a change alters what is found
name = {{ zh = {zh}, en = {en} }}
aliases = []                      # other names it goes by
scope = """
What belongs to it and what does not, in two or three lines.
"""
broader = []                      # ids of topics that it is a part of
related = []                      # ids of topics that touch it
# threshold = 0.9                 # F1 on the judged passages below which a test fails

# A passage that any of them finds belongs. `gongbao topics suggest {bare}`
# proposes more, from the corpus.
expressions = [
{expressions}  # {{ text = "…", weight = 1, with = ["…"] }},                # only beside one of these
  # {{ text = "…", weight = 1, without = ["…"] }},             # not beside any of these
  # {{ text = "…", near = {{ text = "…", within = 15 }} }},      # only near this
]

# Longer texts in which an expression is not meant.
exclusions = [
  # {{ text = "…" }},
]

# Passages that it is tested on, in your own words: a dozen or more, among them
# near misses. Without any, `gongbao topics test {bare}` fails.
# [[judged]]
# text = "…"
# match = true
# rank = 1                        # smaller comes first; may be left out
#
# [[judged]]
# text = "…"
# match = false
# why = "what makes it a near miss"

# Items of a real notice that it must find first, in this order.
# [[finds]]
# notice = "its title, id or address"
# items = ["(6)", "(3)"]
"#,
        id = quoted(id),
        bare = id,
        zh = quoted(zh),
        en = quoted(en.trim()),
    )
}

/// `text` as a TOML string.
fn quoted(text: &str) -> String {
    // JSON escapes a subset of what TOML does, save for DEL.
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_a_whole_pack() {
        let words = ["“债务\"化解".to_owned(), "a\\b\u{7f}\n债".to_owned()];
        let text = template("a-1", "化\"债", "Debt\tdebt", &words);
        let pack = Pack::parse("a-1", &text).expect("a whole pack");
        assert_eq!(pack.topic.name.zh, "化\"债");
        let texts: Vec<_> = pack
            .topic
            .expressions
            .iter()
            .map(|expression| &expression.text)
            .collect();
        assert_eq!(texts, [&words[0], &words[1]]);
        assert!(pack.judged.is_empty() && pack.finds.is_empty());
        let plain = template("a", "债务化解", "Debt", &[]);
        let pack = Pack::parse("a", &plain).expect("a whole pack");
        assert_eq!(pack.topic.expressions[0].text, "债务化解");
        // Its examples are worth uncommenting.
        let filled = plain
            .replace("# [[", "[[")
            .replace("# text", "text")
            .replace("# match", "match")
            .replace("# rank", "rank")
            .replace("# why", "why")
            .replace("# notice", "notice")
            .replace("# items", "items")
            .replace("# { ", "{ ")
            .replace('…', "隐性");
        let pack = Pack::parse("a", &filled).expect("a whole pack");
        assert_eq!((pack.judged.len(), pack.finds.len()), (2, 1));
        assert_eq!(pack.topic.expressions.len(), 4);
    }
}
