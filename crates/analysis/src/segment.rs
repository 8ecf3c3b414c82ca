//! Text to words, with jieba.

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

    /// A jieba that knows only the words in `text`, and cuts it as one that
    /// knows them all: only words that stand in a text take part in cutting
    /// it, weighed by their share in the sum of all frequencies.
    fn small_jieba(&self, text: &str) -> Jieba {
        let mut jieba = Jieba::empty();
        let mut rest = self.total();
        self.words_in(text, |word, frequency| {
            if !jieba.has_word(word) {
                jieba.add_word(word, Some(frequency as usize), None);
                rest = rest.saturating_sub(frequency);
            }
        });
        jieba.add_word(REST, Some(rest as usize), None);
        jieba
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

/// Cuts normalised text into words.
pub struct Segmenter {
    jieba: Jieba,
}

impl Segmenter {
    /// A segmenter for any text. Takes about a tenth of a second to make and
    /// some 40 MB: for indexing.
    #[must_use]
    pub fn new(dictionary: &Dictionary) -> Self {
        let mut jieba = Jieba::empty();
        dictionary.for_each(|word, frequency| {
            jieba.add_word(word, Some(frequency as usize), None);
        });
        let rest = dictionary.total() - dictionary.sum();
        jieba.add_word(REST, Some(rest as usize), None);
        Self { jieba }
    }

    /// A segmenter for `text` and any part of it, which cuts them exactly as
    /// [`new`](Self::new) would. Made in microseconds: for questions.
    #[must_use]
    pub fn for_text(dictionary: &Dictionary, text: &str) -> Self {
        Self {
            jieba: dictionary.small_jieba(text),
        }
    }

    /// The words of a normalised text and, for search, the shorter words
    /// inside long ones, each with its byte offset. Words overlap.
    pub fn search_words<'t>(
        &self,
        text: &'t str,
    ) -> impl Iterator<Item = (usize, &'t str)> + use<'t> {
        words(text, self.jieba.cut_for_search(text, USE_HMM))
    }

    /// The words of a normalised text with their byte offsets, one after the
    /// other.
    pub fn words<'t>(&self, text: &'t str) -> impl Iterator<Item = (usize, &'t str)> + use<'t> {
        words(text, self.jieba.cut(text, USE_HMM))
    }
}

/// jieba's guess at words it does not know depends on what stands around them,
/// so that one page's word is another's two. The character view finds such
/// words everywhere; here they stay characters.
const USE_HMM: bool = false;

/// The tokens that hold a letter; 21.86, which jieba cuts in three, as one.
fn words<'t>(
    text: &'t str,
    tokens: Vec<jieba_rs::Token<'t>>,
) -> impl Iterator<Item = (usize, &'t str)> + use<'t> {
    let is_number = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    let mut tokens = tokens.into_iter().peekable();
    std::iter::from_fn(move || {
        loop {
            let token = tokens.next()?;
            let start = token.byte_start;
            let mut end = token.byte_end;
            if is_number(token.word) && text[end..].starts_with('.') {
                let point = tokens.next_if(|next| next.byte_start == end && next.word == ".");
                let point = point.map_or(end, |point| point.byte_end);
                if let Some(decimals) =
                    tokens.next_if(|next| next.byte_start == point && is_number(next.word))
                {
                    end = decimals.byte_end;
                }
            }
            if text[start..end].chars().any(crate::is_letter) {
                return Some((start, &text[start..end]));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    static WHOLE: LazyLock<Segmenter> = LazyLock::new(|| Segmenter::new(&Dictionary::built_in()));

    fn cut(segmenter: &Segmenter, text: &str) -> String {
        let words: Vec<_> = segmenter.words(text).map(|(_, word)| word).collect();
        words.join(" ")
    }

    #[test]
    fn words_of_government_stay_together() {
        assert_eq!(cut(&WHOLE, "制定债务化解方案"), "制定 债务 化解 方案");
        assert_eq!(
            cut(&WHOLE, "长江十年禁渔,黑臭水体"),
            "长江 十年禁渔 黑臭水体"
        );
        assert_eq!(cut(&WHOLE, "收入21.86亿元"), "收入 21.86 亿元");
    }

    #[test]
    fn own_words_are_kept_together() {
        let dictionary = Dictionary::with_own("# ours\n泽川大市场\n").expect("good lines");
        let segmenter = Segmenter::for_text(&dictionary, "新建泽川大市场");
        assert_eq!(cut(&segmenter, "新建泽川大市场"), "新建 泽川大市场");
        assert_ne!(
            dictionary.fingerprint(),
            Dictionary::built_in().fingerprint()
        );
        assert!(Dictionary::with_own("词 many").is_err());
    }

    #[test]
    fn an_own_word_that_says_what_is_known_is_none() {
        let known = BUILT_IN.get("债务").expect("a word");
        let own = format!("债务 9\n债务 {known}\n");
        let dictionary = Dictionary::with_own(&own).expect("good lines");
        let built_in = Dictionary::built_in();
        assert_eq!(dictionary.fingerprint(), built_in.fingerprint());
    }

    #[test]
    fn every_term_of_government_is_frequent_enough_to_stay_together() {
        let terms = include_str!("../../../data/dict/government.txt");
        for line in terms.lines().filter(|line| !line.starts_with('#')) {
            let word = line.split_whitespace().next().expect("no empty lines");
            assert_eq!(cut(&WHOLE, word), word);
        }
    }

    fn sentence() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[一-龥]{1,4}",
            Just("债务化解方案".to_owned()),
            Just("中华人民共和国".to_owned()),
            Just("长江“十年禁渔”工作".to_owned()),
            "[a-z0-9.,+]{1,5}",
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    /// Own words that stand in the sentences, or nearly, light and heavy.
    fn own_words() -> impl Strategy<Value = String> {
        let word = prop_oneof![
            "[一-丁]{1,3}",
            "[债务化解方案中华人民长江十年禁渔工作]{1,4}",
            Just("化解方案".to_owned()),
            Just("债务".to_owned()),
            "[a-c.]{1,3}",
        ];
        let frequency = prop_oneof![Just(String::new()), Just("0".to_owned()), "[1-9]{1,6}",];
        prop::collection::vec((word, frequency), 0..6).prop_map(|words| {
            let lines = words
                .iter()
                .map(|(word, frequency)| format!("{word} {frequency}\n"));
            lines.collect()
        })
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

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

        /// What lets an index be kept when words change.
        #[test]
        fn only_texts_that_hold_a_changed_word_are_cut_otherwise(
            own in (own_words(), own_words()),
            texts in prop::collection::vec(sentence(), 24),
        ) {
            let before = Dictionary::with_own(&own.0).expect("good lines");
            let now = Dictionary::with_own(&own.1).expect("good lines");
            let changes = now.changes_since(&before.to_bytes()).expect("they are light");
            for text in texts.iter().map(|text| normalize(text)) {
                if changes.words().any(|word| text.contains(word)) {
                    continue;
                }
                let cut = |dictionary| {
                    let segmenter = Segmenter::for_text(dictionary, &text);
                    segmenter.search_words(&text).collect::<Vec<_>>()
                };
                prop_assert_eq!(cut(&before), cut(&now));
            }
        }
    }

    proptest! {
        #[test]
        fn a_small_segmenter_cuts_as_the_whole_one(text in sentence()) {
            let small = Segmenter::for_text(&Dictionary::built_in(), &text);
            let small: Vec<_> = small.search_words(&text).collect();
            let whole: Vec<_> = WHOLE.search_words(&text).collect();
            prop_assert_eq!(small, whole);
        }

        #[test]
        fn offsets_point_at_their_word(text in sentence()) {
            for (at, word) in WHOLE.search_words(&text) {
                prop_assert_eq!(&text[at..at + word.len()], word);
            }
        }
    }
}
