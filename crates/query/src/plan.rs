//! A question as index queries: what must match, what adds to the score, what
//! is marked.

mod topic; // what a topic pack adds

use gongbao_analysis::{Dictionary, Fields, HEAD, Segmenter, normalize};
use gongbao_notice::Divisions;
use tantivy::{
    Score, Term,
    query::{AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption},
};

use crate::{
    alternatives::alternatives,
    bulk::{AllOf, Pooled},
    chain::Chain,
    evidence::{Evidence, Extra, View},
    filter::Filter,
    layout::Layouts,
    lazy::AnyOf,
    literal::Literal,
    marks::Marks,
    parse::{Note, Part, Question},
    pattern::Pattern,
    request::{Request, Weights},
    wording::{is_function_word, is_question},
};

/// Of a chunk of so many words, those that have some are given when none has
/// all; with fewer, what is left would hardly be what was asked for.
const LOOSENED_FROM: usize = 3;

/// How much a phrase in the title or the headings above counts beside one in
/// the text.
const PHRASE_ABOVE: Score = 0.2;

/// More of one question is not looked up.
const MAX_WORDS: usize = 64;

/// Nor is it cut into words beyond so many characters: 64 words end well before.
const MAX_CHARS: usize = 4096;

/// A question, ready to be run.
pub(crate) struct Plan {
    /// What passages match.
    pub(crate) matching: Box<dyn Query>,
    /// What they are ranked by.
    pub(crate) evidence: Evidence,
    pub(crate) marks: Marks,
    pub(crate) notes: Vec<Note>,
    /// Whether more is ranked than matches: any passage that `restrictions` let
    /// through.
    pub(crate) is_open: bool,
    /// Whether what matches is what any of the extras finds and the filters let
    /// through.
    pub(crate) is_sum: bool,
    /// Candidates must yet be looked at in the text.
    pub(crate) verify: Option<Literal>,
    /// The question, for [`Planner::apart`].
    pub(crate) root: Option<Part>,
    /// Whether asking for some words of a chunk could find more.
    pub(crate) can_be_loosened: bool,
    /// Topic and filters, which hold in any case.
    pub(crate) restrictions: Vec<Box<dyn Query>>,
    /// The filters alone, those in the question included: which notices were
    /// looked at.
    pub(crate) scope: Vec<Box<dyn Query>>,
}

/// A question taken apart, in case no passage has all that it asks for.
#[derive(Default)]
pub(crate) struct Apart {
    pub(crate) asked: Vec<Asked>,
    /// What the question rules out.
    pub(crate) unwanted: Vec<Box<dyn Query>>,
}

/// One thing that a question asks for.
pub(crate) struct Asked {
    /// As typed, or as normalised.
    pub(crate) text: String,
    pub(crate) query: Box<dyn Query>,
}

/// Makes plans.
pub(crate) struct Planner<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) layouts: &'a Layouts,
    pub(crate) dictionary: &'a Dictionary,
    pub(crate) divisions: &'a dyn Fn() -> Divisions,
    pub(crate) weights: Weights,
    /// Whether some words of a chunk will do.
    pub(crate) loosen: bool,
}

/// How the passages with a word are found.
type Find<P> = fn(&P, &str) -> Box<dyn Query>;

/// What is gathered on the way.
#[derive(Default)]
struct Draft {
    marks: Marks,
    evidence: Evidence,
    notes: Vec<Note>,
    words: usize,
    /// Whether a chunk has several words, of which some will do.
    can_be_loosened: bool,
    /// Whether a chunk requires none of its words in particular.
    is_open: bool,
    /// Whether something matches that adds nothing.
    has_unweighted: bool,
}

impl Planner<'_> {
    /// The plan for `request`; `None` when it asks for nothing.
    pub(crate) fn plan(&self, request: &Request<'_>) -> Option<Plan> {
        let mut draft = Draft::default();
        let mut required: Vec<Box<dyn Query>> = Vec::new();
        let mut restrictions: Vec<Box<dyn Query>> = Vec::new();
        let mut scope = Vec::new();
        let mut root = None;
        let mut verify = None;
        if request.literal {
            if let Some(literal) = Literal::new(request.text) {
                required.push(literal.candidates(self.fields, self.layouts));
                self.literal_components(&literal, &mut draft);
                verify = (!literal.is_certain()).then_some(literal);
            }
        } else {
            let question = Question::parse(request.text);
            draft.notes.extend(question.notes);
            root = question.root;
            if let Some(root) = &root {
                required.push(self.matching(root, &mut draft));
                self.scoring(root, &mut draft);
                self.scope(root, &mut scope);
            }
        }
        if let Some(topic) = request.topic {
            restrictions.push(self.topic(topic, &mut draft));
        }
        for group in request.filters.groups() {
            let any = group
                .iter()
                .map(|filter| self.filter(filter, &mut draft))
                .collect();
            let any = any_of(any);
            scope.push(any.box_clone());
            restrictions.push(any);
        }
        if required.is_empty() && restrictions.is_empty() {
            return None;
        }
        let matching = all_of(
            required
                .into_iter()
                .chain(restrictions.iter().map(|query| query.box_clone()))
                .collect(),
        );
        let is_of_extras = match &root {
            None => request.literal != request.topic.is_some(),
            Some(root) => request.topic.is_none() && is_of_phrases(root),
        };
        let is_sum = verify.is_none()
            && is_of_extras
            && !draft.evidence.extras.is_empty()
            && !draft.has_unweighted;
        let is_all = matches!(root, Some(Part::Words(_))) && request.topic.is_none();
        let is_open = draft.is_open && is_all;
        Some(Plan {
            matching,
            is_open,
            is_sum,
            evidence: draft.evidence,
            marks: draft.marks,
            notes: draft.notes,
            verify,
            root,
            can_be_loosened: draft.can_be_loosened,
            restrictions,
            scope,
        })
    }

    /// The filters that `part` asks for in any case.
    fn scope(&self, part: &Part, scope: &mut Vec<Box<dyn Query>>) {
        match part {
            Part::All(parts) => {
                for part in parts {
                    self.scope(part, scope);
                }
            }
            Part::Filter(filter) => scope.push(self.filter(filter, &mut Draft::default())),
            _ => {}
        }
    }

    fn filter(&self, filter: &Filter, draft: &mut Draft) -> Box<dyn Query> {
        let divisions = match filter {
            Filter::Region(_) => (self.divisions)(),
            _ => Divisions::from_tsv(""),
        };
        filter.query(self.fields, &divisions).unwrap_or_else(|| {
            draft.notes.push(Note::UnknownValue(filter.to_string()));
            Box::new(EmptyQuery)
        })
    }

    /// What passages `part` matches.
    fn matching(&self, part: &Part, draft: &mut Draft) -> Box<dyn Query> {
        match part {
            Part::All(parts) => {
                let (mut all, mut none) = (Vec::new(), Vec::new());
                for part in parts {
                    match part {
                        Part::Not(inner) => none.push(self.matching(inner, draft)),
                        part => all.push(self.matching(part, draft)),
                    }
                }
                if all.is_empty() {
                    all.push(any_passage(self.fields));
                }
                Box::new(AllOf { all, none })
            }
            Part::Any(parts) => any_of(
                parts
                    .iter()
                    .map(|part| self.matching(part, draft))
                    .collect(),
            ),
            Part::Not(inner) => Box::new(AllOf {
                all: vec![any_passage(self.fields)],
                none: vec![self.matching(inner, draft)],
            }),
            Part::Words(text) => self.matching_words(text, draft),
            Part::Phrase(text) => self.anywhere(&Pattern::new(text)),
            Part::Near(left, right, within) => {
                let (left, right) = (Pattern::new(left), Pattern::new(right));
                if left.len() < 2 || right.len() < 2 {
                    // Single characters have no positions: both must be there.
                    return all_of(vec![self.anywhere(&left), self.anywhere(&right)]);
                }
                Box::new(
                    Chain::phrase(self.fields.body_pairs, left)
                        .near(right, *within)
                        .in_body(self.layouts),
                )
            }
            Part::Title(text) => {
                let pattern = Pattern::new(text);
                match pattern.len() {
                    0 => Box::new(EmptyQuery),
                    1 => term(self.fields.title_words, &pattern.letters()[0].to_string()),
                    _ => Box::new(Chain::phrase(self.fields.title_pairs, pattern)),
                }
            }
            Part::Filter(filter) => self.filter(filter, draft),
        }
    }

    /// The things that a question asks for all of, and those it rules out.
    pub(crate) fn apart(&self, root: Option<&Part>) -> Apart {
        let mut apart = Apart::default();
        if let Some(root) = root {
            self.take_apart(root, &mut apart);
        }
        apart
    }

    fn take_apart(&self, part: &Part, apart: &mut Apart) {
        // What there is to say was said when matching them together.
        let mut draft = Draft::default();
        let asked = &mut apart.asked;
        match part {
            Part::All(parts) => {
                for part in parts {
                    self.take_apart(part, apart);
                }
            }
            Part::Not(inner) => apart.unwanted.push(self.matching(inner, &mut draft)),
            Part::Words(text) => {
                asked.extend(self.required_words(text, Self::word_anywhere, &mut draft))
            }
            Part::Phrase(text) | Part::Title(text) => asked.push(Asked {
                text: text.clone(),
                query: self.matching(part, &mut draft),
            }),
            Part::Near(left, right, _) => asked.push(Asked {
                text: format!("{left} NEAR {right}"),
                query: self.matching(part, &mut draft),
            }),
            _ => asked.push(Asked {
                text: String::new(),
                query: self.matching(part, &mut draft),
            }),
        }
    }

    fn matching_words(&self, text: &str, draft: &mut Draft) -> Box<dyn Query> {
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
    fn required_words(&self, text: &str, find: Find<Self>, draft: &mut Draft) -> Vec<Asked> {
        let normal = normalize(text);
        let normal = beginning(&normal);
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
    fn words(&self, normal: &str, draft: &mut Draft) -> Vec<(usize, String)> {
        let segmenter = Segmenter::for_text(self.dictionary, normal);
        let left = MAX_WORDS.saturating_sub(draft.words);
        let mut words: Vec<_> = segmenter
            .words(normal)
            .map(|(at, word)| (at, word.to_owned()))
            .collect();
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
        any_of(self.word_fields().map(|field| term(field, word)).into())
    }

    /// Passages that have the letters of `word`, however they are cut.
    fn word_anywhere(&self, word: &str) -> Box<dyn Query> {
        let pattern = Pattern::of_normal(word);
        if pattern.len() < 2 {
            return self.anywhere(&pattern);
        }
        let fields = self.fields;
        let pairs = [fields.body_pairs, fields.title_pairs, fields.path_pairs];
        let chains = pairs.into_iter().zip(self.word_fields());
        let chains = chains.map(|(pairs, words)| -> Box<dyn Query> {
            let chain = Chain::phrase(pairs, pattern.clone());
            let chain = chain.or_word(Term::from_field_text(words, word));
            Box::new(match pairs == fields.body_pairs {
                true => chain.in_body(self.layouts),
                false => chain,
            })
        });
        any_of(chains.collect())
    }

    fn word_fields(&self) -> [Field; 3] {
        [
            self.fields.body_words,
            self.fields.title_words,
            self.fields.path_words,
        ]
    }

    fn anywhere(&self, pattern: &Pattern) -> Box<dyn Query> {
        anywhere(self.fields, self.layouts, pattern)
    }

    /// What `part` adds to the score of a passage, and what of it is marked.
    fn scoring(&self, part: &Part, draft: &mut Draft) {
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
        let normal = normalize(text);
        let normal = beginning(&normal);
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
                    let body = Chain::phrase(self.fields.body_pairs, pattern).in_body(self.layouts);
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
        let body = Chain::phrase(fields.body_pairs, pattern.clone()).in_body(self.layouts);
        draft.chain(format!("“{text}” in the text"), body, self.weights.phrase);
        for (field, place) in [
            (fields.title_pairs, "title"),
            (fields.path_pairs, "headings above"),
        ] {
            let chain = Chain::phrase(field, pattern.clone());
            draft.chain(
                format!("“{text}” in the {place}"),
                chain,
                self.weights.phrase * PHRASE_ABOVE,
            );
        }
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
            let chain = Chain::phrase(self.fields.title_pairs, pattern);
            draft.chain(
                format!("“{text}” in the title"),
                chain,
                self.weights.phrase * PHRASE_ABOVE,
            );
        }
    }

    fn literal_components(&self, literal: &Literal, draft: &mut Draft) {
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
    fn extra(&mut self, extra: Extra) {
        if extra.weight > 0.0 {
            self.evidence.extra(extra);
        } else {
            self.has_unweighted = true;
        }
    }

    /// A run of letters that does.
    fn chain(&mut self, what: String, chain: Chain, weight: Score) {
        self.extra(Extra {
            what,
            terms: chain.terms(),
            query: Box::new(chain),
            weight,
        });
    }
}

/// Every passage, and no head, which has no text.
pub(crate) fn any_passage(fields: &Fields) -> Box<dyn Query> {
    let head = Term::from_field_u64(fields.mark, HEAD);
    let heads: Box<dyn Query> = Box::new(TermQuery::new(head, IndexRecordOption::Basic));
    Box::new(BooleanQuery::new(vec![
        (Occur::Must, Box::new(AllQuery)),
        (Occur::MustNot, heads),
    ]))
}

/// Whether what `part` matches is what adds to the score for it.
fn is_of_phrases(part: &Part) -> bool {
    match part {
        // Of a single letter only the text adds.
        Part::Phrase(text) => Pattern::new(text).len() > 1,
        Part::Any(parts) => parts.iter().all(is_of_phrases),
        _ => false,
    }
}

/// As much of a normalised text as is looked at.
fn beginning(normal: &str) -> &str {
    let end = normal.char_indices().nth(MAX_CHARS);
    end.map_or(normal, |(at, _)| &normal[..at])
}

/// Passages that have `pattern` in their text, their path or their title,
/// however it was cut into words there.
pub(crate) fn anywhere(fields: &Fields, layouts: &Layouts, pattern: &Pattern) -> Box<dyn Query> {
    match pattern.letters() {
        [] => Box::new(EmptyQuery),
        [letter] => {
            let letter = letter.to_string();
            any_of(vec![
                in_text(fields, layouts, pattern),
                term(fields.title_words, &letter),
                term(fields.path_words, &letter),
            ])
        }
        _ => any_of(vec![
            in_text(fields, layouts, pattern),
            Box::new(Chain::phrase(fields.title_pairs, pattern.clone())),
            Box::new(Chain::phrase(fields.path_pairs, pattern.clone())),
        ]),
    }
}

/// Passages that have `pattern` in their own text.
fn in_text(fields: &Fields, layouts: &Layouts, pattern: &Pattern) -> Box<dyn Query> {
    match pattern.letters() {
        [] => Box::new(EmptyQuery),
        [letter] => term(fields.body_chars, &letter.to_string()),
        _ => Box::new(Chain::phrase(fields.body_pairs, pattern.clone()).in_body(layouts)),
    }
}

fn term(field: Field, text: &str) -> Box<dyn Query> {
    let term = Term::from_field_text(field, text);
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

fn unscored(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn any_of(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.remove(0),
        _ => Box::new(AnyOf(queries)),
    }
}

pub(crate) fn all_of(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.remove(0),
        _ => Box::new(AllOf {
            all: queries,
            none: Vec::new(),
        }),
    }
}
