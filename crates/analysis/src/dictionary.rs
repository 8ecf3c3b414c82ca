//! The words that text is cut into: built in, and of a corpus's own.

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use fst::{Map, MapBuilder, Streamer, map::OpBuilder};
use jieba_rs::Jieba;
use sha2::{Digest, Sha256};

use crate::normal::normalize;

/// All words of `data/dict`, made by `build.rs`; sorted, looked up in place.
static BUILT_IN: LazyLock<Map<&'static [u8]>> = LazyLock::new(|| {
    let bytes: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words.fst"));
    Map::new(bytes).expect("build.rs wrote a whole map")
});

/// What the frequencies of the built-in words add up to.
const BUILT_IN_TOTAL: u64 = include!(concat!(env!("OUT_DIR"), "/total.rs"));

/// jieba weighs a word by its share in the sum of all frequencies. That sum is
/// filled up to a multiple of this, some 7 % of it: a word that comes or goes
/// then changes nothing about what the others weigh, and no text is cut
/// otherwise but where it stands.
const TOTAL_STEP: u64 = 1 << 22;

/// Stands for all words that a segmenter does not hold, and for what fills up
/// the sum of frequencies.
/// A private-use character: normalised text that contains it is cut the same.
const REST: &str = "\u{f8ff}\u{f8fe}";

/// The words that text is cut into: the built-in ones and a corpus's own.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    own: BTreeMap<String, u64>,
}

/// A line of a dictionary cannot be read.
#[derive(Debug, thiserror::Error)]
#[error(
    "line {line} of the dictionary, {text:?}: {problem}; each line takes a word and, if wanted, its frequency"
)]
pub struct DictionaryError {
    /// Line number, from 1.
    pub line: usize,
    /// The line.
    pub text: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl Dictionary {
    /// The built-in words alone.
    #[must_use]
    pub fn built_in() -> Self {
        Self::default()
    }

    /// The built-in words and those of `text`: one a line, with a frequency
    /// if wanted (else just high enough to keep the word together); `#` starts
    /// a comment.
    ///
    /// # Errors
    ///
    /// [`DictionaryError`] for the first line that is neither.
    pub fn with_own(text: &str) -> Result<Self, DictionaryError> {
        let mut dictionary = Self::built_in();
        for (index, line) in text.lines().enumerate() {
            let error = |problem| DictionaryError {
                line: index + 1,
                text: line.chars().take(80).collect(),
                problem,
            };
            let mut columns = line.split('#').next().unwrap_or("").split_whitespace();
            let Some(word) = columns.next() else { continue };
            let word = normalize(word.trim_start_matches('\u{feff}')).into_owned();
            if word.chars().count() > MAX_WORD_CHARS {
                return Err(error("the word is longer than 32 characters"));
            }
            let frequency = match columns.next() {
                Some(number) => number
                    .parse::<u64>()
                    .ok()
                    .filter(|&n| n <= BUILT_IN_TOTAL)
                    .ok_or_else(|| error("its frequency is no whole number below 60 million"))?,
                None => dictionary.small_jieba(&word).suggest_freq(&word) as u64,
            };
            // What says the same as the built-in words is none of its own.
            if BUILT_IN.get(&word) == Some(frequency) {
                dictionary.own.remove(&word);
            } else {
                dictionary.own.insert(word, frequency);
            }
        }
        Ok(dictionary)
    }

    /// Names the words and frequencies: equal fingerprints cut equally.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(include_bytes!(concat!(env!("OUT_DIR"), "/words.sha256")));
        for (word, frequency) in &self.own {
            hash.update(word);
            hash.update(frequency.to_be_bytes());
        }
        hash.finalize()
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// All words and their frequencies in one piece, to be told apart from
    /// other words later: see [`changes_since`](Self::changes_since).
    #[must_use]
    pub fn to_bytes(&self) -> Cow<'static, [u8]> {
        if self.own.is_empty() {
            return Cow::Borrowed(BUILT_IN.as_fst().as_bytes());
        }
        let mut map = MapBuilder::memory();
        self.for_each(|word, frequency| {
            map.insert(word, frequency).expect("words come sorted");
        });
        Cow::Owned(map.into_inner().expect("there is room in memory"))
    }

    /// How these words differ from those that [`to_bytes`](Self::to_bytes) gave
    /// before; `None` where that cannot be told, or where so much came or went
    /// that all words weigh otherwise. A text that holds none of the words told
    /// is cut by both in the same way.
    #[must_use]
    pub fn changes_since(&self, before: &[u8]) -> Option<WordChanges> {
        let before = Map::new(before).ok()?;
        before.as_fst().verify().ok()?;
        let own = self.own_map();
        let mut words = OpBuilder::new()
            .add(&before)
            .add(&*BUILT_IN)
            .add(&own)
            .union();
        let mut changes = WordChanges::default();
        let mut sum = 0;
        while let Some((word, found)) = words.next() {
            // Of built-in and own frequency, the latter counts.
            let old = found.iter().find(|found| found.index == 0);
            let new = found.iter().filter(|found| found.index > 0);
            let new = new.max_by_key(|found| found.index);
            sum += old.map_or(0, |old| old.value);
            let list = match (old, new) {
                (Some(old), Some(new)) if old.value == new.value => continue,
                (Some(_), Some(_)) => &mut changes.reweighed,
                (Some(_), None) => &mut changes.lost,
                (None, _) => &mut changes.gained,
            };
            list.push(String::from_utf8(word.to_vec()).ok()?);
        }
        (filled_up(sum) == self.total()).then_some(changes)
    }

    fn own_map(&self) -> Map<Vec<u8>> {
        let own = self.own.iter().map(|(word, &frequency)| (word, frequency));
        Map::from_iter(own).expect("a BTreeMap is sorted")
    }

    /// Every word with its frequency, sorted.
    fn for_each(&self, mut use_word: impl FnMut(&str, u64)) {
        let own = self.own_map();
        let mut words = OpBuilder::new().add(&*BUILT_IN).add(&own).union();
        while let Some((word, found)) = words.next() {
            let word = std::str::from_utf8(word).expect("both were made of UTF-8");
            let own_or_built_in = found.iter().max_by_key(|found| found.index);
            use_word(word, own_or_built_in.expect("one of them has it").value);
        }
    }

    /// Every word that stands somewhere in `text`.
    fn words_in(&self, text: &str, mut use_word: impl FnMut(&str, u64)) {
        let fst = BUILT_IN.as_fst();
        for (start, _) in text.char_indices() {
            let rest = &text[start..];
            let mut node = fst.root();
            let mut output = fst::raw::Output::zero();
            for (index, byte) in rest.bytes().enumerate() {
                let Some(next) = node.find_input(byte) else {
                    break;
                };
                let transition = node.transition(next);
                output = output.cat(transition.out);
                node = fst.node(transition.addr);
                if node.is_final() {
                    let word = &rest[..=index];
                    if !self.own.contains_key(word) {
                        use_word(word, output.cat(node.final_output()).value());
                    }
                }
            }
            if !self.own.is_empty() {
                for (end, c) in rest.char_indices().take(MAX_WORD_CHARS) {
                    let word = &rest[..end + c.len_utf8()];
                    if let Some(&frequency) = self.own.get(word) {
                        use_word(word, frequency);
                    }
                }
            }
        }
    }

    /// What all frequencies add up to in the eyes of jieba.
    fn total(&self) -> u64 {
        filled_up(self.sum())
    }

    fn sum(&self) -> u64 {
        let own = |(word, &frequency): (&String, &u64)| {
            i128::from(frequency) - i128::from(BUILT_IN.get(word).unwrap_or(0))
        };
        let sum = i128::from(BUILT_IN_TOTAL) + self.own.iter().map(own).sum::<i128>();
        u64::try_from(sum).expect("what own words replace is in the sum")
    }

    /// A jieba that knows all words.
    pub(crate) fn whole_jieba(&self) -> Jieba {
        let mut jieba = Jieba::empty();
        self.for_each(|word, frequency| {
            jieba.add_word(word, Some(frequency as usize), None);
        });
        let rest = self.total() - self.sum();
        jieba.add_word(REST, Some(rest as usize), None);
        jieba
    }

    /// A jieba that knows only the words in `text`, and cuts it as one that
    /// knows them all.
    pub(crate) fn small_jieba(&self, text: &str) -> Jieba {
        let mut small = SmallJieba::new(self);
        small.learn(self, text);
        small.jieba
    }
}

/// A jieba that knows some words of a dictionary. It cuts texts that hold no others
/// as one that knows them all: only words that stand in a text take part in cutting
/// it, weighed by their share in the sum of all frequencies.
pub(crate) struct SmallJieba {
    pub(crate) jieba: Jieba,
    /// How many words it knows.
    pub(crate) words: usize,
    /// The frequencies of all others.
    rest: u64,
}

impl SmallJieba {
    /// One that knows no word of `dictionary` yet.
    pub(crate) fn new(dictionary: &Dictionary) -> Self {
        Self {
            jieba: Jieba::empty(),
            words: 0,
            rest: dictionary.total(),
        }
    }

    /// Makes it know the words of `dictionary`, the same as ever, in `text`.
    pub(crate) fn learn(&mut self, dictionary: &Dictionary, text: &str) {
        dictionary.words_in(text, |word, frequency| {
            if !self.jieba.has_word(word) {
                self.jieba.add_word(word, Some(frequency as usize), None);
                self.words += 1;
                self.rest = self.rest.saturating_sub(frequency);
            }
        });
        self.jieba.add_word(REST, Some(self.rest as usize), None);
    }
}

fn filled_up(sum: u64) -> u64 {
    sum.next_multiple_of(TOTAL_STEP)
}

/// How the words of a dictionary differ from those of another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordChanges {
    /// Words that are new.
    pub gained: Vec<String>,
    /// Words that are gone.
    pub lost: Vec<String>,
    /// Words of another frequency.
    pub reweighed: Vec<String>,
}

impl WordChanges {
    /// All of them.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let all = [&self.gained, &self.lost, &self.reweighed];
        all.into_iter().flatten().map(String::as_str)
    }
}

/// No word of the dictionaries is longer.
const MAX_WORD_CHARS: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_own_word_that_says_what_is_known_is_none() {
        let known = BUILT_IN.get("债务").expect("a word");
        let own = format!("债务 9\n债务 {known}\n");
        let dictionary = Dictionary::with_own(&own).expect("good lines");
        let built_in = Dictionary::built_in();
        assert_eq!(dictionary.fingerprint(), built_in.fingerprint());
    }

    #[test]
    fn changes_between_dictionaries_are_told() {
        let before = Dictionary::with_own("泽川大市场\n护渔员 50\n债务 9\n").expect("good lines");
        let now = Dictionary::with_own("护渔员 60\n长江禁渔办\n").expect("good lines");
        let changes = now.changes_since(&before.to_bytes()).expect("they are few");
        assert_eq!(changes.gained, ["长江禁渔办"]);
        assert_eq!(changes.lost, ["泽川大市场"]);
        assert_eq!(changes.reweighed, ["债务", "护渔员"]);
        let same = now.changes_since(&now.to_bytes()).expect("they are few");
        assert_eq!(same, WordChanges::default());
        let heavy = Dictionary::with_own("的 9000000\n").expect("a good line");
        assert_eq!(heavy.changes_since(&now.to_bytes()), None);
        assert_eq!(now.changes_since(b"something else"), None);
    }
}
