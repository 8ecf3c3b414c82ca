//! Terms that stand out in matching passages against all others.

mod counts; // in how many passages a term stands
mod known; // what need not be suggested
mod sample; // words that follow one another in some of the passages

use std::collections::HashMap;

use gongbao_analysis::StoredNotice;
use serde::Serialize;
use tantivy::DocAddress;

use self::{
    counts::{Counted, Marked, frequent_words},
    known::{Known, is_plausible},
    sample::Sample,
};
use super::{Engine, head_of};
use crate::{
    chain::Chain, collect::Everything, error::SearchError, likelihood::log_likelihood,
    pattern::Pattern, request::Request,
};

/// So many words, and as many runs of words, are counted exactly for each that
/// is asked for; and at least so many.
const CANDIDATES_EACH: usize = 4;
const LEAST_CANDIDATES: usize = 100;
/// Counting more would take long.
const MOST_CANDIDATES: usize = 2_000;

/// A word stands in at most so many times the passages in which it is cut as
/// one.
const MOSTLY_A_WORD: u64 = 2;

/// Terms in fewer matching passages say little.
const LEAST_PASSAGES: u64 = 3;

/// Terms that stand out in passages on a question.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestions {
    /// Passages that match.
    pub matching: u64,
    /// Passages that do not.
    pub rest: u64,
    /// Of the matching passages, those from which runs of two and three words
    /// were taken. Single words are taken from all.
    pub sampled: u64,
    /// The terms, those that stand out most first.
    pub terms: Vec<Suggestion>,
}

/// A term that stands out.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestion {
    /// The term, normalised.
    pub term: String,
    /// Matching passages that have it, however it is cut into words there.
    pub matching: u64,
    /// Other passages that have it.
    pub rest: u64,
    /// Of a thousand matching passages, so many have it.
    pub matching_per_thousand: f64,
    /// Of a thousand other passages, so many have it.
    pub rest_per_thousand: f64,
    /// Dunning's log-likelihood ratio G².
    pub log_likelihood: f64,
    /// A matching passage that has it, if one was asked for.
    pub example: Option<Example>,
    /// Another passage that has it, if there is one and it was asked for.
    pub elsewhere: Option<Example>,
}

/// A passage with a term in it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Example {
    /// The notice's name.
    pub id: String,
    /// The passage's anchor.
    pub anchor: String,
    /// Its text, as printed.
    pub text: String,
}

impl Engine {
    /// Up to `limit` terms that stand out in the passages that `request`
    /// matches, against all others. Leaves out what the topic of `request` has
    /// already and the words of its question. With `examples`, each has a
    /// passage that matches and one that does not.
    ///
    /// Counts are of passages and exact; memory does not grow with them.
    ///
    /// # Errors
    ///
    /// [`SearchError`].
    pub fn suggest(
        &self,
        request: &Request<'_>,
        limit: usize,
        examples: bool,
    ) -> Result<Suggestions, SearchError> {
        let plan = self.plan(request, false)?;
        let gathered = self.searcher.search(&*plan.matching, &Everything)?;
        let marked = Marked::of(&self.searcher, &gathered)?;
        let known = Known::of(request);
        let keep = limit
            .saturating_mul(CANDIDATES_EACH)
            .clamp(LEAST_CANDIDATES, MOST_CANDIDATES);

        let words = frequent_words(
            &self.searcher,
            self.fields.body_words,
            &marked,
            keep,
            is_plausible,
        )?;
        let sample = Sample::of(&gathered);
        let runs = sample.runs(
            |head| self.stored(head),
            self.segmenter.dictionary(),
            LEAST_PASSAGES,
            keep,
            is_plausible,
        )?;

        let count = |pattern: Pattern| {
            let chain = Chain::phrase(self.fields.body_pairs, pattern).in_body(&self.layouts);
            marked.count(&self.searcher, &chain)
        };
        // How many passages have what is known already or may be proposed.
        let mut passages_with: HashMap<String, u64> = HashMap::new();
        for pattern in known.patterns() {
            let text = pattern.letters().iter().collect();
            passages_with.insert(text, count(pattern)?.all());
        }
        let mut terms = Vec::new();
        let runs = runs.into_iter().map(|run| (run, u64::MAX));
        for (term, as_word) in words.into_iter().chain(runs) {
            let counted = count(Pattern::of_normal(&term))?;
            passages_with.insert(term.clone(), counted.all());
            let suggestion = Suggestion::new(term, &counted, &marked);
            let stands_out = suggestion.matching_per_thousand > suggestion.rest_per_thousand;
            // Two ends of neighbours, such as 理工 of 管理工作, are no word.
            let is_word = counted.all() / MOSTLY_A_WORD <= as_word;
            if stands_out && is_word && counted.inside >= LEAST_PASSAGES {
                terms.push((suggestion, counted));
            }
        }
        terms.sort_by(|(a, _), (b, _)| {
            let by_surprise = b.log_likelihood.total_cmp(&a.log_likelihood);
            // The longer of two that stand in the same passages says more.
            let by_length = b.term.len().cmp(&a.term.len());
            by_surprise
                .then(by_length)
                .then_with(|| a.term.cmp(&b.term))
        });
        let mut chosen: Vec<Suggestion> = Vec::new();
        for (mut suggestion, counted) in terms {
            if chosen.len() == limit {
                break;
            }
            let is_told = known.has(&suggestion.term)
                || is_part_of_longer(&suggestion, &passages_with)
                || chosen
                    .iter()
                    .any(|better| says_the_same(better, &suggestion));
            if is_told {
                continue;
            }
            if examples {
                suggestion.example = self.example(counted.first_inside)?;
                suggestion.elsewhere = self.example(counted.first_outside)?;
            }
            chosen.push(suggestion);
        }
        Ok(Suggestions {
            matching: marked.inside,
            rest: marked.outside,
            sampled: sample.len() as u64,
            terms: chosen,
        })
    }

    fn example(&self, address: Option<DocAddress>) -> Result<Option<Example>, SearchError> {
        let Some(address) = address else {
            return Ok(None);
        };
        let ordinals = self.searcher.segment_reader(address.segment_ord);
        let ordinals = ordinals.fast_fields().u64("ordinal")?;
        let ordinal = ordinals.first(address.doc_id).unwrap_or_default() as u32;
        let notice: StoredNotice = self.stored(head_of(address, ordinal))?;
        let index = ordinal.saturating_sub(1) as usize;
        Ok(Some(Example {
            id: notice.header.id.to_string(),
            anchor: notice.passages[index].anchor.clone(),
            text: notice.passage_text(index).to_owned(),
        }))
    }
}

impl Suggestion {
    fn new(term: String, counted: &Counted, marked: &Marked) -> Self {
        let per_thousand = |part: u64, whole: u64| match whole {
            0 => 0.0,
            _ => part as f64 * 1000.0 / whole as f64,
        };
        Self {
            term,
            matching: counted.inside,
            rest: counted.outside,
            matching_per_thousand: per_thousand(counted.inside, marked.inside),
            rest_per_thousand: per_thousand(counted.outside, marked.outside),
            log_likelihood: log_likelihood(
                counted.inside,
                marked.inside,
                counted.outside,
                marked.outside,
            ),
            example: None,
            elsewhere: None,
        }
    }
}

/// Whether `term` is hardly ever met outside a longer one that is known or
/// proposed, of which `passages` tell how many passages have it: 民政 of
/// 人民政府.
fn is_part_of_longer(term: &Suggestion, passages: &HashMap<String, u64>) -> bool {
    let all = term.matching + term.rest;
    passages.iter().any(|(longer, &with)| {
        longer.len() > term.term.len() && with * 10 >= all * 9 && longer.contains(&term.term)
    })
}

/// Whether `other` stands in the same passages as `better`, as part of it or
/// around it, and so tells nothing more.
fn says_the_same(better: &Suggestion, other: &Suggestion) -> bool {
    let is_part = better.term.contains(&other.term) || other.term.contains(&better.term);
    is_part && better.matching == other.matching && better.rest == other.rest
}
