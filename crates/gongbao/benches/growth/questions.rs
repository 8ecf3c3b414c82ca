//! What is asked: words and substrings of the texts themselves.

use gongbao_analysis::{Dictionary, Segmenter, normalize};

use crate::grown::Chance;

pub(crate) const TWO_WORDS: &str = "two words";

/// How many of each kind.
const ASKED: usize = 300;
/// Lines are kept from so many texts, spread over all.
const KEPT: usize = 2_000;
/// Characters that nearly every passage holds.
const COMMON: &str = "的一人有和不法在国民政应";

/// Lines to draw questions from.
pub(crate) struct Questions {
    lines: Vec<String>,
    seen: usize,
    chance: Chance,
}

impl Default for Questions {
    fn default() -> Self {
        Self {
            lines: Vec::new(),
            seen: 0,
            chance: Chance(577),
        }
    }
}

impl Questions {
    /// Keeps a line of `text`, or lets it go, so that those kept are spread
    /// over all texts seen (reservoir sampling).
    pub(crate) fn take_from(&mut self, text: &str) {
        let lines: Vec<_> = text
            .lines()
            .filter(|line| line.chars().count() > 30)
            .collect();
        if lines.is_empty() {
            return;
        }
        let line = lines[self.chance.below(lines.len())].to_owned();
        self.seen += 1;
        if self.lines.len() < KEPT {
            self.lines.push(line);
        } else if self.chance.below(self.seen) < KEPT {
            let at = self.chance.below(KEPT);
            self.lines[at] = line;
        }
    }

    /// Each kind of question by its name, as the query part of an address.
    pub(crate) fn sets(&self) -> Vec<(&'static str, Vec<String>)> {
        let mut chance = self.chance.clone();
        let segmenter = Segmenter::new(&Dictionary::built_in());
        let mut draw = |question: &mut dyn FnMut(&mut Chance, &str) -> Option<String>| {
            let mut drawn = Vec::new();
            while drawn.len() < ASKED {
                let line = &self.lines[chance.below(self.lines.len())];
                drawn.extend(question(&mut chance, line));
            }
            drawn
        };
        let two_words = draw(&mut |chance, line| {
            let line = normalize(line);
            let words: Vec<_> = segmenter
                .words(&line)
                .map(|(_, word)| word)
                .filter(|word| word.chars().count() > 1 && word.chars().all(char::is_alphabetic))
                .collect();
            let word = |chance: &mut Chance| words.get(chance.below(words.len().max(1))).copied();
            let (one, other) = (word(chance)?, word(chance)?);
            (one != other).then(|| format!("{one} {other}"))
        });
        let long = draw(&mut |_, line| Some(line.chars().take(40).collect()));
        let phrase =
            draw(&mut |chance, line| Some(format!("\"{}\"", substring(chance, line, 4, 8)?)));
        let literal = draw(&mut |chance, line| substring(chance, line, 2, 12));
        let q = |set: Vec<String>, and: &str| -> Vec<String> {
            let encode = |q: &String| format!("q={}{and}", percent(q));
            set.iter().map(encode).collect()
        };
        let common = COMMON.chars().map(String::from).collect();
        let topics = gongbao_query::Topics::built_in();
        let topics = topics
            .iter()
            .map(|topic| format!("topic={}", topic.expect("whole packs").id));
        vec![
            (TWO_WORDS, q(two_words, "")),
            ("long question", q(long, "")),
            ("phrase", q(phrase, "")),
            ("literal of 2 to 12 characters", q(literal, "&literal=true")),
            ("common character", q(common, "&literal=true")),
            ("topic", topics.collect()),
        ]
    }
}

/// Some `least` to `most` characters of `line`, one after the other.
fn substring(chance: &mut Chance, line: &str, least: usize, most: usize) -> Option<String> {
    let chars: Vec<char> = line.chars().collect();
    let length = least + chance.below(most - least + 1);
    let start = chance.below(chars.len() - length);
    let drawn = &chars[start..start + length];
    let is_plain = drawn.iter().all(|&c| !matches!(c, '"' | '“' | '”'));
    is_plain.then(|| drawn.iter().collect())
}

fn percent(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
