//! A question as index queries: what must match, what adds to the score, what
//! is marked.

mod cutter; // a question into words
mod queries; // what plans are made of
mod scoring; // what adds to the score
mod topic; // what a topic pack adds
mod words; // chunks of words

use gongbao_analysis::Fields;
use gongbao_notice::Divisions;
use tantivy::query::{EmptyQuery, Query};

pub(crate) use self::cutter::Cutter;
pub(crate) use self::queries::{all_of, any_passage, anywhere, below_head, phrase};
use self::queries::{any_of, term};
use crate::{
    bulk::AllOf,
    chain::Chain,
    evidence::Evidence,
    filter::Filter,
    layout::Layouts,
    literal::Literal,
    marks::Marks,
    parse::{Note, Part, Question},
    pattern::Pattern,
    request::{Request, Weights},
};

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
    pub(crate) cutter: Cutter<'a>,
    pub(crate) divisions: &'a dyn Fn() -> Divisions,
    pub(crate) weights: Weights,
    /// Whether some words of a chunk will do.
    pub(crate) loosen: bool,
}

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
        let query = filter.query(self.fields, self.layouts, &divisions);
        query.unwrap_or_else(|| {
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
                let said = match pattern.len() {
                    0 => return Box::new(EmptyQuery),
                    1 => term(self.fields.title_words, &pattern.letters()[0].to_string()),
                    _ => phrase(self.fields.title_pairs, &pattern),
                };
                below_head(said, self.layouts)
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

    fn anywhere(&self, pattern: &Pattern) -> Box<dyn Query> {
        anywhere(self.fields, self.layouts, pattern)
    }
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
