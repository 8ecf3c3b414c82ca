//! Text to words, with jieba.

use std::sync::{Mutex, PoisonError};

use jieba_rs::Jieba;

use crate::dictionary::{Dictionary, SmallJieba};

/// Cuts normalised text into words.
pub struct Segmenter {
    jieba: Jieba,
}

impl Segmenter {
    /// A segmenter for any text. Takes about a tenth of a second to make and
    /// some 40 MB: for indexing.
    #[must_use]
    pub fn new(dictionary: &Dictionary) -> Self {
        let jieba = dictionary.whole_jieba();
        Self { jieba }
    }

    /// A segmenter for `text` and any part of it, which cuts them exactly as
    /// [`new`](Self::new) would. Made in a tenth of a millisecond.
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

/// A learner that has met so many words begins anew, so that it stays small.
const MOST_MET: usize = 20_000;

/// Cuts one short text after the other exactly as [`Segmenter::new`] would, with
/// only those words in memory that it has met: for the questions of a process that
/// runs.
pub struct LearningSegmenter {
    dictionary: Dictionary,
    /// It begins anew once it has met so many words.
    most: usize,
    /// Made by the first question: it takes longer than to cut it.
    met: Mutex<Option<SmallJieba>>,
}

impl LearningSegmenter {
    /// One that has met no word yet.
    #[must_use]
    pub fn new(dictionary: Dictionary) -> Self {
        Self {
            dictionary,
            most: MOST_MET,
            met: Mutex::new(None),
        }
    }

    /// Whose words it knows.
    #[must_use]
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// The words of a normalised text with their byte offsets, one after the other.
    #[must_use]
    pub fn words(&self, text: &str) -> Vec<(usize, String)> {
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        // What panicked half way through a text is not relied upon.
        let small = met.take().filter(|small| small.words < self.most);
        let mut small = small.unwrap_or_else(|| SmallJieba::new(&self.dictionary));
        small.learn(&self.dictionary, text);
        let found = words(text, small.jieba.cut(text, USE_HMM));
        let found = found.map(|(at, word)| (at, word.to_owned())).collect();
        *met = Some(small);
        found
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
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::normal::normalize;

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

    proptest! {
        #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

        /// What lets an index be kept when words change.
        #[test]
        fn only_texts_that_hold_a_changed_word_are_cut_otherwise(
            own in (own_words(), own_words()),
            texts in prop::collection::vec(sentence(), 60),
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
        fn a_learning_segmenter_cuts_each_text_as_one_made_for_it(
            own in own_words(),
            most in prop_oneof![Just(1_usize), Just(MOST_MET)],
            texts in prop::collection::vec(sentence(), 1..20),
        ) {
            let dictionary = Dictionary::with_own(&own).expect("good lines");
            let learning = LearningSegmenter {
                most,
                ..LearningSegmenter::new(dictionary.clone())
            };
            for text in &texts {
                let small = Segmenter::for_text(&dictionary, text);
                let small = small.words(text).map(|(at, word)| (at, word.to_owned()));
                prop_assert_eq!(learning.words(text), small.collect::<Vec<_>>());
            }
        }

        #[test]
        fn offsets_point_at_their_word(text in sentence()) {
            for (at, word) in WHOLE.search_words(&text) {
                prop_assert_eq!(&text[at..at + word.len()], word);
            }
        }
    }
}
