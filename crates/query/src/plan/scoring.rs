//! What a question adds to the scores of passages, and what of it is marked.

use tantivy::{Score, Term};

use super::{
    Draft, Planner,
    queries::term,
    words::{MAX_WORDS, beginning},
};
use crate::{
    alternatives::alternatives,
    below::Below,
    chain::Chain,
    evidence::{Extra, View},
    extent::Extent,
    literal::Literal,
    parse::Part,
    pattern::Pattern,
    wording::is_function_word,
};

/// How much a phrase in the title or the headings above counts beside one in
/// the text.
const PHRASE_ABOVE: Score = 0.2;

impl Planner<'_> {
    /// What `part` adds to the score of a passage, and what of it is marked.
    pub(super) fn scoring(&self, part: &Part, draft: &mut Draft) {
        match part {
            Part::All(parts) | Part::Any(parts) => {
                for part in parts {
                    self.scoring(part, draft);
                }
            }
            Part::Not(_) | Part::Filter(_) => {}
            Part::Words(text) => self.scoring_words(text, draft),
            Part::Phrase(text) => self.scoring_phrase(text, draft),
            Part::Title(text) => self.scoring_title(text, draft),
            Part::Near(left, right, _) => {
                self.scoring_phrase(left, draft);
                self.scoring_phrase(right, draft);
            }
        }
    }

    fn scoring_words(&self, text: &str, draft: &mut Draft) {
        let normal = &beginning(text);
        let words = self.words(normal, &mut Draft::default());
        for (_, word) in &words {
            if words.len() == 1 || !is_function_word(word) {
                draft.evidence.term(View::Words, word);
                draft.marks.add(Pattern::of_normal(word), Vec::new());
            }
        }
        for alternative in alternatives(normal) {
            for other in &alternative.others {
                let pattern = Pattern::new(other);
                if pattern.len() > 1 {
                    let body = Chain::in_text(self.fields, self.layouts, &pattern);
                    let said = &normal[alternative.range.clone()];
                    let what = format!("{other}, for {said}");
                    draft.chain(what, body, self.weights.same);
                }
            }
        }
        let letters: Vec<char> = Pattern::of_normal(normal)
            .letters()
            .iter()
            .copied()
            .take(MAX_WORDS * 2)
            .collect();
        for pair in letters.windows(2) {
            let pair: String = pair.iter().collect();
            draft.evidence.term(View::Pairs, &pair);
        }
        for letter in letters {
            draft
                .evidence
                .term(View::Chars, letter.encode_utf8(&mut [0; 4]));
        }
    }

    fn scoring_phrase(&self, text: &str, draft: &mut Draft) {
        let pattern = Pattern::new(text);
        draft.marks.add(pattern.clone(), Vec::new());
        if pattern.len() < 2 {
            return self.scoring_letter(&pattern, draft);
        }
        let fields = self.fields;
        let body = Chain::in_text(fields, self.layouts, &pattern);
        draft.chain(format!("“{text}” in the text"), body, self.weights.phrase);
        self.scoring_above(text, &pattern, Extent::Notice, draft);
        self.scoring_above(text, &pattern, Extent::Section, draft);
    }

    fn scoring_letter(&self, pattern: &Pattern, draft: &mut Draft) {
        if let [letter] = pattern.letters() {
            let letter = letter.to_string();
            let query = term(self.fields.body_chars, &letter);
            let terms = vec![Term::from_field_text(self.fields.body_chars, &letter)];
            draft.extra(Extra {
                what: format!("{letter} in the text"),
                query,
                terms,
                weight: self.weights.phrase,
            });
        }
    }

    fn scoring_title(&self, text: &str, draft: &mut Draft) {
        let pattern = Pattern::new(text);
        if pattern.len() > 1 {
            self.scoring_above(text, &pattern, Extent::Notice, draft);
        }
    }

    /// What `text`, of two letters at least, adds where it is said of all of
    /// `extent`.
    fn scoring_above(&self, text: &str, pattern: &Pattern, extent: Extent, draft: &mut Draft) {
        let (field, place) = match extent {
            Extent::Notice => (self.fields.title_pairs, "title"),
            Extent::Section => (self.fields.path_pairs, "headings above"),
        };
        let chain = Chain::phrase(field, pattern.clone());
        draft.extra(Extra {
            what: format!("“{text}” in the {place}"),
            terms: chain.terms(),
            query: Box::new(Below::new(Box::new(chain), extent, self.layouts)),
            weight: self.weights.phrase * PHRASE_ABOVE,
        });
    }

    pub(super) fn literal_components(&self, literal: &Literal, draft: &mut Draft) {
        if literal.pattern().len() > 1 {
            let chain = literal.letters_in_body(self.fields, self.layouts);
            draft.chain("the literal text".to_owned(), chain, 1.0);
        } else {
            self.scoring_letter(literal.pattern(), draft);
        }
    }
}

impl Draft {
    /// Something besides terms that adds to the score.
    pub(super) fn extra(&mut self, extra: Extra) {
        if extra.weight > 0.0 {
            self.evidence.extra(extra);
        } else {
            self.has_unweighted = true;
        }
    }

    /// A run of letters that does.
    pub(super) fn chain(&mut self, what: String, chain: Chain, weight: Score) {
        self.extra(Extra {
            what,
            terms: chain.terms(),
            query: Box::new(chain),
            weight,
        });
    }
}
