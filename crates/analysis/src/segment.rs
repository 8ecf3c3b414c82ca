//! Text to words, with jieba.

use std::{collections::BTreeMap, sync::LazyLock};

use jieba_rs::Jieba;
use sha2::{Digest, Sha256};

use crate::normal::normalize;

/// All words of `data/dict`, made by `build.rs`; sorted, looked up in place.
static BUILT_IN: LazyLock<fst::Map<&'static [u8]>> = LazyLock::new(|| {
    let bytes: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words.fst"));
    fst::Map::new(bytes).expect("build.rs wrote a whole map")
});

/// What the frequencies of the built-in words add up to. jieba weighs a word
/// by its share in this sum.
const BUILT_IN_TOTAL: u64 = include!(concat!(env!("OUT_DIR"), "/total.rs"));

/// Stands for all words that a text does not contain, so that the sum of
/// frequencies is right in a segmenter that holds only those it does.
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
            dictionary.own.insert(word, frequency);
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

    /// Every word with its frequency, sorted.
    fn for_each(&self, mut use_word: impl FnMut(&str, u64)) {
        use fst::Streamer;
        let mut stream = BUILT_IN.stream();
        while let Some((word, frequency)) = stream.next() {
            let word = std::str::from_utf8(word).expect("build.rs wrote UTF-8");
            if !self.own.contains_key(word) {
                use_word(word, frequency);
            }
        }
        for (word, &frequency) in &self.own {
            use_word(word, frequency);
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

    fn total(&self) -> u64 {
        let own = |(word, &frequency): (&String, &u64)| {
            i128::from(frequency) - i128::from(BUILT_IN.get(word).unwrap_or(0))
        };
        let total = i128::from(BUILT_IN_TOTAL) + self.own.iter().map(own).sum::<i128>();
        u64::try_from(total).unwrap_or(1)
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
