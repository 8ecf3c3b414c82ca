//! Words, pairs and characters as tantivy tokenizers. All take text that is
//! normalised already, its blocks separated by line feeds.

use std::{ops::Range, slice, sync::Arc};

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use crate::{letters::is_letter, segment::Segmenter};

/// Names of the tokenizers, as the schema uses them.
pub(crate) const WORDS: &str = "gongbao-words";
pub(crate) const PAIRS: &str = "gongbao-pairs";
pub(crate) const CHARS: &str = "gongbao-chars";

/// Where a block is cut into passages, the pairs of each part run on into the
/// next for so many letters, so that what stands across the cut is found.
pub const CARRY_LETTERS: usize = 64;

/// Makes the tokenizers of the schema known to an index that is written to.
/// Readers make their terms themselves and need none.
pub fn register_tokenizers(manager: &TokenizerManager, segmenter: Segmenter) {
    manager.register(WORDS, WordTokenizer::new(segmenter));
    manager.register(PAIRS, PairTokenizer);
    manager.register(CHARS, CharTokenizer);
}

/// Words for search.
#[derive(Clone)]
struct WordTokenizer {
    segmenter: Arc<Segmenter>,
    /// Where the words of a text are, in bytes.
    words: Vec<Range<usize>>,
}

struct WordStream<'t> {
    text: &'t str,
    words: slice::Iter<'t, Range<usize>>,
    token: Token,
}

impl WordTokenizer {
    fn new(segmenter: Segmenter) -> Self {
        Self {
            segmenter: Arc::new(segmenter),
            words: Vec::new(),
        }
    }
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'t> = WordStream<'t>;

    fn token_stream<'t>(&'t mut self, text: &'t str) -> WordStream<'t> {
        let words = self.segmenter.search_words(text);
        self.words.clear();
        self.words
            .extend(words.map(|(at, word)| at..at + word.len()));
        WordStream {
            text,
            words: self.words.iter(),
            token: Token::default(),
        }
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(word) = self.words.next() else {
            return false;
        };
        self.token.offset_from = word.start;
        self.token.offset_to = word.end;
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text.clear();
        self.token.text.push_str(&self.text[word.clone()]);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// Every two neighbouring letters of a block, whatever stands between them, at
/// the ordinal of the first. Between blocks one ordinal is left out, so that
/// nothing runs from one to the next.
#[derive(Clone, Default)]
struct PairTokenizer;

struct PairStream<'t> {
    chars: std::str::Chars<'t>,
    last: Option<char>,
    ordinal: u32,
    token: Token,
}

impl Tokenizer for PairTokenizer {
    type TokenStream<'t> = PairStream<'t>;

    fn token_stream<'t>(&'t mut self, text: &'t str) -> PairStream<'t> {
        PairStream {
            chars: text.chars(),
            last: None,
            ordinal: 0,
            token: Token::default(),
        }
    }
}

impl TokenStream for PairStream<'_> {
    fn advance(&mut self) -> bool {
        for c in self.chars.by_ref() {
            if c == '\n' {
                if self.last.take().is_some() {
                    self.ordinal += 2;
                }
            } else if is_letter(c)
                && let Some(last) = self.last.replace(c)
            {
                self.token.text.clear();
                self.token.text.push(last);
                self.token.text.push(c);
                self.token.position = self.ordinal as usize;
                self.ordinal += 1;
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// The ordinal that the next letter would take if the last block of `text` ran
/// on; `text` is normalised.
#[must_use]
pub fn next_ordinal(text: &str) -> u32 {
    let mut ordinal = 0;
    let mut letters = 0;
    for c in text.chars() {
        if c == '\n' {
            if letters > 0 {
                ordinal += letters + 1;
            }
            letters = 0;
        } else if is_letter(c) {
            letters += 1;
        }
    }
    ordinal + letters
}

/// Every character that is no white space, punctuation included: what a
/// literal search for a single character, or for marks alone, goes by.
#[derive(Clone, Default)]
struct CharTokenizer;

struct CharStream<'t> {
    chars: std::str::Chars<'t>,
    token: Token,
}

impl Tokenizer for CharTokenizer {
    type TokenStream<'t> = CharStream<'t>;

    fn token_stream<'t>(&'t mut self, text: &'t str) -> CharStream<'t> {
        CharStream {
            chars: text.chars(),
            token: Token::default(),
        }
    }
}

impl TokenStream for CharStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(c) = self.chars.by_ref().find(|c| !c.is_whitespace()) else {
            return false;
        };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text.clear();
        self.token.text.push(c);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::Dictionary;

    #[test]
    fn pairs_keep_their_places() {
        let mut tokenizer = PairTokenizer;
        let mut stream = tokenizer.token_stream("长江“十年”\n禁渔\n。\n令");
        let mut found = Vec::new();
        stream.process(&mut |token| found.push((token.text.clone(), token.position)));
        let expected = [("长江", 0), ("江十", 1), ("十年", 2), ("禁渔", 5)];
        let expected: Vec<_> = expected.map(|(t, p)| (t.to_owned(), p)).to_vec();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_next_letter_takes_the_next_ordinal() {
        for text in ["", "长", "长江", "一\n二三\n。\n", "甲乙\n丙", "\n甲，\n乙"] {
            let next = next_ordinal(text);
            let mut tokenizer = PairTokenizer;
            let longer = format!("{text}后来");
            let mut last = 0;
            tokenizer
                .token_stream(&longer)
                .process(&mut |token| last = token.position);
            assert_eq!(last, next as usize, "{text:?}");
        }
    }

    #[test]
    fn a_text_has_the_same_words_whatever_came_before() {
        let mut tokenizer = WordTokenizer::new(Segmenter::new(&Dictionary::built_in()));
        let mut words = |text: &str| {
            let mut found = Vec::new();
            let mut stream = tokenizer.token_stream(text);
            stream.process(&mut |token| found.push((token.text.clone(), token.offset_from)));
            found
        };
        let (one, other) = (words("债务化解工作"), words("长江禁渔"));
        assert!(one.len() > 1 && other.len() > 1);
        assert_eq!(words("债务化解工作"), one);
        assert_eq!(words("债务化解工作"), one);
        assert_eq!(words(""), []);
        assert_eq!(words("长江禁渔"), other);
    }

    #[test]
    fn every_character_but_space_is_a_term() {
        let mut tokenizer = CharTokenizer;
        let mut found = String::new();
        tokenizer
            .token_stream("一、 a\n。")
            .process(&mut |token| found.push_str(&token.text));
        assert_eq!(found, "一、a。");
    }
}
