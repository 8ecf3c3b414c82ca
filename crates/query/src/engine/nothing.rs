//! Why a question found nothing, and what would find something.

use tantivy::{
    collector::Count,
    query::{BooleanQuery, Occur},
};

use super::Engine;
use crate::{
    error::SearchError,
    parse::Note,
    pattern::Pattern,
    plan::{Asked, Plan, anywhere},
    request::Request,
};

/// More proposals for one word would be a list to read.
const MAX_CLOSE: usize = 3;

/// Each part of a text is a search of its own; nobody misspells one of more
/// letters and means one word.
const MAX_MISPRINTED: usize = 32;

/// In a shorter word another letter makes another word, not a misprint.
const MIN_MISPRINTED: usize = 3;

impl Engine {
    /// Which part of a question that found nothing is to blame.
    pub(super) fn why_nothing(
        &self,
        plan: &Plan,
        request: &Request<'_>,
    ) -> Result<Vec<Note>, SearchError> {
        let mut notes = Vec::new();
        let asked = self.apart(plan, request).asked;
        for asked in asked.iter().filter(|asked| !asked.text.is_empty()) {
            if self.searcher.search(&*asked.query, &Count)? == 0 {
                notes.push(Note::Absent(asked.text.clone()));
                notes.extend(self.close_to(&asked.text)?.into_iter().map(Note::Close));
            }
        }
        if notes.is_empty() && !plan.restrictions.is_empty() && !asked.is_empty() {
            let all = |asked: &Asked| (Occur::Must, asked.query.box_clone());
            let unrestricted = BooleanQuery::new(asked.iter().map(all).collect());
            let found = self.searcher.search(&unrestricted, &Count)? as u64;
            if found > 0 {
                notes.push(Note::Narrow(found));
            }
        }
        Ok(notes)
    }

    /// What the index holds that is close to `text`: words in which one letter
    /// is another, the most frequent first; else the longest beginning and end
    /// of `text`.
    fn close_to(&self, text: &str) -> Result<Vec<String>, SearchError> {
        let pattern = Pattern::new(text);
        let letters = pattern.letters();
        if letters.len() > MAX_MISPRINTED {
            return Ok(Vec::new());
        }
        let mut words = self.words_beside(letters)?;
        if words.is_empty() {
            for ends in [true, false] {
                words.extend(self.longest_part(letters, ends)?);
            }
            words.dedup();
        }
        words.truncate(MAX_CLOSE);
        Ok(words)
    }

    /// Words of the index that differ from `letters` in one letter.
    fn words_beside(&self, letters: &[char]) -> Result<Vec<String>, SearchError> {
        let mut found: Vec<(u32, String)> = Vec::new();
        if letters.len() < MIN_MISPRINTED {
            return Ok(Vec::new());
        }
        for reader in self.searcher.segment_readers() {
            let inverted = reader.inverted_index(self.fields.body_words)?;
            let mut terms = inverted
                .terms()
                .stream()
                .map_err(tantivy::TantivyError::from)?;
            while terms.advance() {
                let Ok(word) = std::str::from_utf8(terms.key()) else {
                    continue;
                };
                if differs_in_one(word, letters) {
                    let count = terms.value().doc_freq;
                    match found.iter_mut().find(|(_, known)| known == word) {
                        Some((known, _)) => *known += count,
                        None => found.push((count, word.to_owned())),
                    }
                }
            }
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        Ok(found.into_iter().map(|(_, word)| word).collect())
    }

    /// The longest beginning, or end, of `letters` that stands somewhere, two
    /// letters at least.
    fn longest_part(&self, letters: &[char], end: bool) -> Result<Option<String>, SearchError> {
        for len in (2..letters.len()).rev() {
            let part = if end {
                &letters[letters.len() - len..]
            } else {
                &letters[..len]
            };
            let part: String = part.iter().collect();
            let query = anywhere(&self.fields, &self.layouts, &Pattern::of_normal(&part));
            if self.searcher.search(&*query, &Count)? > 0 {
                return Ok(Some(part));
            }
        }
        Ok(None)
    }
}

/// Whether `word` has as many letters as `letters`, all but one the same.
fn differs_in_one(word: &str, letters: &[char]) -> bool {
    let mut others = 0;
    let mut expected = letters.iter();
    for c in word.chars() {
        match expected.next() {
            Some(letter) => others += usize::from(*letter != c),
            None => return false,
        }
        if others > 1 {
            return false;
        }
    }
    others == 1 && expected.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_may_be_another() {
        let letters: Vec<char> = "信访".chars().collect();
        assert!(differs_in_one("信防", &letters));
        for other in ["信访", "信", "信访局", "来电", ""] {
            assert!(!differs_in_one(other, &letters), "{other}");
        }
    }
}
