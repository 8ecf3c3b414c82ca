//! Chunks of a question without operators, word by word.

use gongbao_analysis::normalize_beginning;
use tantivy::{Term, query::Query, schema::Field};

use super::{
    Asked, Draft, Planner,
    queries::{all_of, any_of, below_head, below_headings, term},
};
use crate::{
    alternatives::alternatives,
    bulk::Pooled,
    chain::Chain,
    parse::Note,
    pattern::Pattern,
    wording::{is_function_word, is_question},
};

/// Of a chunk of so many words, those that have some are given when none has
/// all; with fewer, what is left would hardly be what was asked for.
const LOOSENED_FROM: usize = 3;

/// More of one question is not looked up.
pub(super) const MAX_WORDS: usize = 64;

/// Nor is it cut into words beyond so many characters: 64 words end well before.
const MAX_CHARS: usize = 4096;

/// How the passages with a word are found.
type Find<P> = fn(&P, &str) -> Box<dyn Query>;

impl Planner<'_> {
    pub(super) fn matching_words(&self, text: &str, draft: &mut Draft) -> Box<dyn Query> {
        // Of a question, what has any word of it is only counted, and found
        // with less ado where that is as the dictionary cuts it.
        let is_open = self.loosen || is_question(text);
        let find = if is_open {
            Self::word
        } else {
            Self::word_anywhere
        };
        let words = self.required_words(text, find, draft);
        draft.can_be_loosened |= words.len() >= LOOSENED_FROM;
        let is_open = is_open && words.len() > 1;
        draft.is_open |= is_open;
        // A single letter is no sign that a passage is about the same.
        let is_long = |asked: &Asked| asked.text.chars().count() > 1;
        let has_long = words.iter().any(is_long);
        let words = words.into_iter();
        let words = words.filter(|asked| !(is_open && has_long) || is_long(asked));
        let queries: Vec<_> = words.map(|asked| asked.query).collect();
        match is_open {
            true => Box::new(Pooled::new(queries)),
            false => all_of(queries),
        }
    }

    /// The words of a chunk that carry its meaning, each as a query. What a
    /// notice may print otherwise is found in either form.
    pub(super) fn required_words(
        &self,
        text: &str,
        find: Find<Self>,
        draft: &mut Draft,
    ) -> Vec<Asked> {
        let normal = &beginning(text);
        let words = self.words(normal, draft);
        let has_telling = words.iter().any(|(_, word)| !is_function_word(word));
        let mut same = alternatives(normal).into_iter().peekable();
        let mut required = Vec::new();
        let mut words = words.iter().peekable();
        while let Some((start, word)) = words.next() {
            let mut end = start + word.len();
            while same.next_if(|other| other.range.end <= *start).is_some() {}
            let Some(other) = same.next_if(|other| other.range.start < end) else {
                if !has_telling || !is_function_word(word) {
                    required.push(Asked {
                        text: word.clone(),
                        query: find(self, word),
                    });
                }
                continue;
            };
            // The run may hold several words, and begin or end inside one.
            let mut inside = vec![find(self, word)];
            while let Some((start, word)) = words.next_if(|(start, _)| *start < other.range.end) {
                end = start + word.len();
                inside.push(find(self, word));
            }
            let before = &normal[(*start).min(other.range.start)..other.range.start];
            let after = &normal[other.range.end..end.max(other.range.end)];
            let mut any = vec![all_of(inside)];
            for name in &other.others {
                let pattern = Pattern::new(&format!("{before}{name}{after}"));
                draft.marks.add(pattern.clone(), Vec::new());
                any.push(self.anywhere(&pattern));
            }
            required.push(Asked {
                text: normal[other.range.clone()].to_owned(),
                query: any_of(any),
            });
            let note = Note::Expanded(format!(
                "{} = {}",
                &normal[other.range.clone()],
                other.others.join(" = ")
            ));
            if !draft.notes.contains(&note) {
                draft.notes.push(note);
            }
        }
        required
    }

    /// The words of a chunk that is normalised, and where they start in it.
    pub(super) fn words(&self, normal: &str, draft: &mut Draft) -> Vec<(usize, String)> {
        let left = MAX_WORDS.saturating_sub(draft.words);
        let mut words = self.cutter.words(normal);
        if words.len() > left {
            words.truncate(left);
            if !draft.notes.contains(&Note::Shortened) {
                draft.notes.push(Note::Shortened);
            }
        }
        draft.words += words.len();
        words
    }

    /// Passages that have `word` as the dictionary cuts it.
    fn word(&self, word: &str) -> Box<dyn Query> {
        let [body, title, path] = self.word_fields().map(|field| term(field, word));
        any_of(vec![
            body,
            below_head(title, self.layouts),
            below_headings(path, self.layouts),
        ])
    }

    /// Passages that have the letters of `word`, however they are cut.
    pub(super) fn word_anywhere(&self, word: &str) -> Box<dyn Query> {
        let pattern = Pattern::of_normal(word);
        if pattern.len() < 2 {
            return self.anywhere(&pattern);
        }
        let fields = self.fields;
        let [body, title, path] = self.word_fields();
        let chain = |pairs, words| {
            let chain = Chain::phrase(pairs, pattern.clone());
            chain.known_by(Term::from_field_text(words, word))
        };
        any_of(vec![
            Box::new(chain(fields.body_pairs, body).in_body(self.layouts)),
            below_head(Box::new(chain(fields.title_pairs, title)), self.layouts),
            below_headings(Box::new(chain(fields.path_pairs, path)), self.layouts),
        ])
    }

    fn word_fields(&self) -> [Field; 3] {
        [
            self.fields.body_words,
            self.fields.title_words,
            self.fields.path_words,
        ]
    }
}

/// As much of a chunk, normalised, as is looked at.
pub(super) fn beginning(chunk: &str) -> String {
    normalize_beginning(chunk, MAX_CHARS)
}
