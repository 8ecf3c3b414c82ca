//! Every occurrence of a text in its context, and what stands near it.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
    ops::Range,
};

use gongbao_analysis::{StoredNotice, is_letter, normalize};
use tantivy::Term;

use super::{Engine, head_of};
use crate::{
    collect::{Everything, Gathered},
    error::SearchError,
    filter::Filters,
    hit::{Collocate, KwicRow},
    likelihood::log_likelihood,
    literal::Literal,
    request::{KwicContext, KwicOrder, Request},
    wording::is_function_word,
};

/// What ends a sentence.
const SENTENCE_ENDS: [char; 7] = ['。', '！', '？', '；', '!', '?', ';'];

/// What may follow that and still belongs to the sentence.
const CLOSING: [char; 6] = ['”', '’', '」', '』', '）', ')'];

impl Engine {
    /// Hands every occurrence of `pattern`, literally, to `row`, with its
    /// context in the same block; newest notices first, in the order of the
    /// text. Stops early when `row` says so.
    ///
    /// # Errors
    ///
    /// [`SearchError`].
    pub fn kwic(
        &self,
        pattern: &str,
        filters: &Filters,
        context: impl Into<KwicContext>,
        row: &mut dyn FnMut(KwicRow) -> bool,
    ) -> Result<(), SearchError> {
        let context = context.into();
        self.occurrences(pattern, filters, &mut |notice, found| {
            let (left, right) = around(notice.body.text(), &found, context);
            let header = &notice.header;
            row(KwicRow {
                id: header.id.to_string(),
                anchor: notice.passages[notice.passage_at(found.start)]
                    .anchor
                    .clone(),
                left: left.to_owned(),
                matched: notice.body.text()[found].to_owned(),
                right: right.to_owned(),
                date: date(notice),
                region: header.region.as_ref().map(|region| region.code.clone()),
            })
        })
    }

    /// All rows of [`Self::kwic`] in `order`.
    ///
    /// # Errors
    ///
    /// [`SearchError`].
    pub fn kwic_sorted(
        &self,
        pattern: &str,
        filters: &Filters,
        context: impl Into<KwicContext>,
        order: KwicOrder,
    ) -> Result<Vec<KwicRow>, SearchError> {
        let mut rows = Vec::new();
        self.kwic(pattern, filters, context, &mut |row| {
            rows.push(row);
            true
        })?;
        // Stable: rows that are equal stay in the order of the text.
        match order {
            KwicOrder::Text => {}
            KwicOrder::Left => rows.sort_by(|a, b| a.left.chars().rev().cmp(b.left.chars().rev())),
            KwicOrder::Right => rows.sort_by(|a, b| a.right.cmp(&b.right)),
            KwicOrder::Date => rows.sort_by(|a, b| known_first(&a.date, &b.date)),
            KwicOrder::Place => rows.sort_by(|a, b| known_first(&a.region, &b.region)),
        }
        Ok(rows)
    }

    /// The words that stand near `pattern` more than elsewhere, those that
    /// stand out most first: in passages where `pattern` stands, within
    /// `window` characters of it in the same block, beside all other passages.
    /// Words of one character and function words are left out.
    ///
    /// # Errors
    ///
    /// [`SearchError`].
    pub fn collocates(
        &self,
        pattern: &str,
        filters: &Filters,
        window: usize,
    ) -> Result<Vec<Collocate>, SearchError> {
        // Occurrences, and passages (notice and number) of each word.
        let mut near: HashMap<String, (u64, HashSet<(u64, usize)>)> = HashMap::new();
        let mut passages = HashSet::new();
        self.occurrences(pattern, filters, &mut |notice, found| {
            let passage = (notice.header.id.number(), notice.passage_at(found.start));
            passages.insert(passage);
            let (left, right) = around(notice.body.text(), &found, KwicContext::Letters(window));
            let sides = [left, right].map(normalize);
            for side in &sides {
                for (_, word) in self.segmenter.words(side) {
                    let is_word = word.chars().count() > 1 && word.chars().all(is_letter);
                    if is_word && !is_function_word(&word) {
                        let (count, inside) = near.entry(word).or_default();
                        *count += 1;
                        inside.insert(passage);
                    }
                }
            }
            true
        })?;
        let inside_of = passages.len() as u64;
        let outside_of = self.note.passages.saturating_sub(inside_of);
        let mut collocates = Vec::with_capacity(near.len());
        for (word, (occurrences, inside)) in near {
            let inside = inside.len() as u64;
            let term = Term::from_field_text(self.fields.body_words, &word);
            let everywhere = self.searcher.doc_freq(&term)?;
            let outside = everywhere.saturating_sub(inside).min(outside_of);
            // Rarer here than elsewhere is no company.
            let is_company = inside as f64 * outside_of as f64 > outside as f64 * inside_of as f64;
            if is_company {
                collocates.push(Collocate {
                    log_likelihood: log_likelihood(inside, inside_of, outside, outside_of),
                    word,
                    occurrences,
                    passages: inside,
                    elsewhere: outside,
                });
            }
        }
        collocates.sort_by(|a, b| {
            let order = b.log_likelihood.total_cmp(&a.log_likelihood);
            order.then_with(|| a.word.cmp(&b.word))
        });
        Ok(collocates)
    }

    /// Hands every occurrence of `pattern`, in bytes of the body's text, to
    /// `found`.
    fn occurrences(
        &self,
        pattern: &str,
        filters: &Filters,
        found: &mut dyn FnMut(&StoredNotice, Range<usize>) -> bool,
    ) -> Result<(), SearchError> {
        let literal = Literal::new(pattern).ok_or(SearchError::Empty)?;
        let request = Request {
            literal: true,
            filters: filters.clone(),
            ..Request::new(pattern)
        };
        let plan = self.plan(&request, false)?;
        for Gathered { passages, .. } in self.searcher.search(&*plan.matching, &Everything)? {
            let Some(&(first, ordinal)) = passages.first() else {
                continue;
            };
            let ordinals: Vec<_> = passages.iter().map(|&(_, ordinal)| ordinal).collect();
            let head = head_of(first, ordinal);
            let notice = self.stored(head)?;
            let occurrences = literal.occurrences_near(&notice.text_only(), &ordinals);
            for occurrence in occurrences {
                if !found(&notice, occurrence) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// The day that a notice is filed under.
fn date(notice: &StoredNotice) -> Option<String> {
    let header = &notice.header;
    header.published_day().or_else(|| header.signed.clone())
}

fn known_first(a: &Option<String>, b: &Option<String>) -> Ordering {
    (a.is_none(), a).cmp(&(b.is_none(), b))
}

/// What stands before and behind `found` in the same line of `text`.
fn around<'t>(text: &'t str, found: &Range<usize>, context: KwicContext) -> (&'t str, &'t str) {
    let before = text[..found.start].rsplit('\n').next().unwrap_or("");
    let after = text[found.end..].split('\n').next().unwrap_or("");
    match context {
        KwicContext::Letters(number) => {
            let left = before.char_indices().rev().take(number).last();
            let right = after.char_indices().nth(number);
            (
                left.map_or("", |(at, _)| &before[at..]),
                right.map_or(after, |(at, _)| &after[..at]),
            )
        }
        KwicContext::Sentence => {
            let matched = &text[found.clone()];
            let left = before.rfind(SENTENCE_ENDS).map_or(0, |at| {
                let mark = before[at..].chars().next().map_or(0, char::len_utf8);
                before.len() - before[at + mark..].trim_start_matches(CLOSING).len()
            });
            // What is sought may end the sentence itself.
            let ends = matched.ends_with(SENTENCE_ENDS);
            let right = match after.find(SENTENCE_ENDS) {
                _ if ends => 0,
                None => after.len(),
                Some(at) => {
                    let mark = after[at..].chars().next().map_or(0, char::len_utf8);
                    let rest = &after[at + mark..];
                    after.len() - rest.trim_start_matches(CLOSING).len()
                }
            };
            (&before[left..], &after[..right])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_behind_its_mark() {
        let text = "甲。“推进化解。”债务一；债务二！\n债务三";
        let around_nth = |nth: usize| {
            let (at, found) = text.match_indices("债务").nth(nth).expect("it is there");
            around(text, &(at..at + found.len()), KwicContext::Sentence)
        };
        assert_eq!(around_nth(0), ("", "一；"));
        assert_eq!(around_nth(1), ("", "二！"));
        assert_eq!(around_nth(2), ("", "三"));
        let at = text.find("化解").expect("it is there");
        let found = at..at + "化解".len();
        assert_eq!(
            around(text, &found, KwicContext::Sentence),
            ("“推进", "。”")
        );
        assert_eq!(around(text, &found, KwicContext::Letters(1)), ("进", "。"));
        assert_eq!(around(text, &found, KwicContext::Letters(0)), ("", ""));
    }
}
