//! The text of a pack. A search needs its expressions only; the passages it is
//! tested on are most of the text, and reading them would make every search wait.

use std::borrow::Cow;

use serde::Deserialize;

use super::{Exclusion, Expression, Finds, Judged, Names, Pack, Topic, TopicError};

/// The F1 that a pack must reach where it does not say so itself.
const DEFAULT_THRESHOLD: f64 = 0.9;

/// The sections that only testing needs.
const TESTS: [&str; 2] = ["[[judged]]", "[[finds]]"];

/// A pack as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    version: u32,
    name: Names,
    #[serde(default)]
    aliases: Vec<String>,
    scope: String,
    #[serde(default)]
    broader: Vec<String>,
    #[serde(default)]
    related: Vec<String>,
    #[serde(default = "default_threshold")]
    threshold: f64,
    expressions: Vec<Expression>,
    #[serde(default)]
    exclusions: Vec<Exclusion>,
    #[serde(default)]
    judged: Vec<Judged>,
    #[serde(default)]
    finds: Vec<Finds>,
}

fn default_threshold() -> f64 {
    DEFAULT_THRESHOLD
}

impl From<File> for Pack {
    fn from(file: File) -> Self {
        Self {
            topic: Topic {
                id: file.id,
                version: file.version,
                name: file.name,
                aliases: file.aliases,
                scope: file.scope,
                broader: file.broader,
                related: file.related,
                threshold: file.threshold,
                expressions: file.expressions,
                exclusions: file.exclusions,
            },
            judged: file.judged,
            finds: file.finds,
        }
    }
}

/// Reads a pack in full.
pub(super) fn pack(name: &str, text: &str) -> Result<Pack, TopicError> {
    let file: File = toml::from_str(text).map_err(|source| TopicError::Format {
        name: name.to_owned(),
        source,
    })?;
    let pack = Pack::from(file);
    match pack.problem() {
        None => Ok(pack),
        Some(problem) => Err(TopicError::Content {
            name: name.to_owned(),
            problem,
        }),
    }
}

/// Reads a pack without what it is tested on.
pub(super) fn topic(name: &str, text: &str) -> Result<Topic, TopicError> {
    // What cannot be read in part may be cut in a wrong place, or tell an error
    // with a wrong line: the whole says what holds.
    let part = without_tests(text);
    let topic = pack(name, &part).or_else(|_| pack(name, text))?.topic;
    Ok(topic)
}

/// `text` without the sections that only testing needs.
fn without_tests(text: &str) -> Cow<'_, str> {
    let is_test = |line: &str| TESTS.iter().any(|test| line.starts_with(test));
    let Some(first) = text.lines().position(|line| is_test(line.trim_start())) else {
        return text.into();
    };
    let mut kept = String::new();
    let mut in_test = false;
    for (index, line) in text.lines().enumerate() {
        if index >= first && line.trim_start().starts_with('[') {
            in_test = is_test(line.trim_start());
        }
        if !in_test {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept.into()
}

/// The id that a pack seems to have, read without reading the pack.
pub(super) fn likely_id(text: &str) -> Option<&str> {
    let value = text.lines().find_map(|line| {
        let rest = line.trim_start().strip_prefix("id")?.trim_start();
        rest.strip_prefix('=')
    })?;
    let value = value.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "id = \"x\"\nversion = 1\nname = { zh = '甲', en = 'x' }\nscope = '''\n一\n'''\nexpressions = [\n  { text = '债务' },\n]\n";
    const TESTS: &str = "\n[[judged]]\ntext = '债务'\nmatch = true\n\n[[finds]]\nnotice = '甲'\nitems = [\n  '(1)',\n]\n";

    #[test]
    fn a_search_reads_no_judged_passages() {
        let broken = format!("{HEAD}[[judged]]\nthis is no TOML\n");
        assert!(topic("x", &broken).is_ok());
        assert!(pack("x", &broken).is_err());
        let whole = format!("{HEAD}{TESTS}");
        let both = pack("x", &whole).expect("a whole pack");
        assert_eq!((both.judged.len(), both.finds.len()), (1, 1));
        assert_eq!(topic("x", &whole).expect("a whole pack"), both.topic);
    }

    #[test]
    fn sections_may_stand_in_any_order() {
        let whole = format!("{}{TESTS}\n[[exclusions]]\ntext = '债务人'\n", HEAD);
        let read = topic("x", &whole).expect("a whole pack");
        assert_eq!(read.exclusions.len(), 1);
        let misleading = HEAD.replace("一", "[[judged]]\n二") + TESTS;
        let read = topic("x", &misleading).expect("a whole pack");
        assert!(read.scope.contains("[[judged]]"));
        assert_eq!(read, pack("x", &misleading).expect("a whole pack").topic);
    }

    #[test]
    fn the_id_is_seen_at_a_glance() {
        assert_eq!(likely_id(HEAD), Some("x"));
        assert_eq!(likely_id("# id = 'no'\n id='a-b' # c\n"), Some("a-b"));
        assert_eq!(likely_id("idea = 'x'"), None);
        assert_eq!(likely_id("id = 3"), None);
    }

    #[test]
    fn a_test_that_makes_no_sense_is_refused() {
        for bad in [
            "[[judged]]\ntext = '。'\nmatch = true",
            "[[judged]]\ntext = '债务'\nmatch = false\nrank = 1",
            "[[judged]]\ntext = '债务'",
            "[[finds]]\nnotice = ''\nitems = ['(1)']",
            "[[finds]]\nnotice = '甲'\nitems = []",
        ] {
            assert!(pack("x", &format!("{HEAD}{bad}")).is_err(), "{bad}");
        }
    }
}
