//! Runs of two and three words in some of the matching passages.

use std::collections::{HashMap, HashSet};

use gongbao_analysis::{Dictionary, Segmenter, StoredNotice, normalize};
use tantivy::DocAddress;

use crate::{collect::Gathered, engine::head_of, error::SearchError, wording::is_function_word};

/// So many passages are cut again; more add little and take time.
const MAX_PASSAGES: usize = 2_000;

/// Different runs held at once. Those met first stay: what is frequent is met
/// early.
const MAX_RUNS: usize = 500_000;

/// Words in a run, at most.
const MAX_WORDS: usize = 3;

/// Passages, evenly spread over those that match: of each notice its head and
/// which of its passages.
pub(super) struct Sample {
    notices: Vec<(DocAddress, Vec<usize>)>,
    passages: usize,
}

impl Sample {
    pub(super) fn of(gathered: &[Gathered]) -> Self {
        let all: usize = gathered.iter().map(|notice| notice.passages.len()).sum();
        let wanted = all.min(MAX_PASSAGES);
        let (mut seen, mut taken) = (0, 0);
        let mut notices = Vec::new();
        for notice in gathered {
            let mut indexes = Vec::new();
            let mut head = None;
            for &(address, ordinal) in &notice.passages {
                seen += 1;
                // As many of those seen as of all.
                if taken < seen * wanted / all {
                    taken += 1;
                    indexes.push(ordinal as usize - 1);
                    head = Some(head_of(address, ordinal));
                }
            }
            notices.extend(head.map(|head| (head, indexes)));
        }
        Self {
            notices,
            passages: taken,
        }
    }

    /// How many passages.
    pub(super) fn len(&self) -> usize {
        self.passages
    }

    /// The `keep` runs that stand in most passages of it, and in so many at
    /// least.
    pub(super) fn runs(
        &self,
        read: impl Fn(DocAddress) -> Result<StoredNotice, SearchError>,
        dictionary: &Dictionary,
        least: u64,
        keep: usize,
        is_worth: impl Fn(&str) -> bool,
    ) -> Result<Vec<String>, SearchError> {
        let mut counts: HashMap<String, u64> = HashMap::new();
        for (head, indexes) in &self.notices {
            let notice = read(*head)?;
            let texts: Vec<_> = indexes
                .iter()
                .map(|&index| normalize(notice.passage_text(index)).into_owned())
                .collect();
            let segmenter = Segmenter::for_text(dictionary, &texts.join("\n"));
            for text in &texts {
                for run in runs(&segmenter, text) {
                    if let Some(count) = counts.get_mut(run) {
                        *count += 1;
                    } else if counts.len() < MAX_RUNS && is_worth(run) {
                        counts.insert(run.to_owned(), 1);
                    }
                }
            }
        }
        let mut frequent: Vec<_> = counts
            .into_iter()
            .filter(|&(_, count)| count >= least)
            .collect();
        frequent.sort_by(|(a, more), (b, less)| less.cmp(more).then_with(|| a.cmp(b)));
        frequent.truncate(keep);
        Ok(frequent.into_iter().map(|(run, _)| run).collect())
    }
}

/// The runs of words in `text` with nothing between them, each once.
fn runs<'t>(segmenter: &Segmenter, text: &'t str) -> HashSet<&'t str> {
    let words: Vec<_> = segmenter.words(text).collect();
    let mut runs = HashSet::new();
    for (index, &(start, first)) in words.iter().enumerate() {
        // 亿元 behind a number counts something.
        let before = index.checked_sub(1).map(|before| words[before]);
        let is_unit =
            before.is_some_and(|(at, number)| at + number.len() == start && is_number(number));
        if is_unit || !may_end(first) {
            continue;
        }
        let mut end = start + first.len();
        let mut last = first;
        for (place, &(next, word)) in words[index + 1..].iter().take(MAX_WORDS - 1).enumerate() {
            if next != end || place == 0 && !may_meet(first, word) {
                break;
            }
            end = next + word.len();
            if may_end(word) && may_meet(word, last) {
                runs.insert(&text[start..end]);
            }
            last = word;
        }
    }
    runs
}

/// Whether a run may begin or end with `word`.
fn may_end(word: &str) -> bool {
    !is_function_word(word) && !is_number(word)
}

/// Whether `end` may be the end of a run beside `inner`. A single letter may
/// beside another, as the dictionary cuts words it does not know: 退 捕. Beside
/// a word it is the rest of something else: 加强党 of 加强党的建设.
fn may_meet(end: &str, inner: &str) -> bool {
    let is_single = |word: &str| word.chars().nth(1).is_none();
    !is_single(end) || is_single(inner)
}

fn is_number(word: &str) -> bool {
    word.starts_with(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_words_with_nothing_between() {
        let text = "制定债务化解方案,化解的责任";
        let segmenter = Segmenter::for_text(&Dictionary::built_in(), text);
        let found = runs(&segmenter, text);
        for run in ["债务化解", "制定债务化解", "债务化解方案", "化解的责任"] {
            assert!(found.contains(run), "{run}: {found:?}");
        }
        let dated = "2024年全市债务";
        let segmenter_of_dated = Segmenter::for_text(&Dictionary::built_in(), dated);
        let of_dated = runs(&segmenter_of_dated, dated);
        assert_eq!(of_dated, HashSet::from(["全市债务"]));
        let unknown = "退捕渔民加强党的学习";
        let segmenter_of_unknown = Segmenter::for_text(&Dictionary::built_in(), unknown);
        let of_unknown = runs(&segmenter_of_unknown, unknown);
        assert!(of_unknown.contains("退捕渔民"), "{of_unknown:?}");
        assert!(!of_unknown.contains("捕渔民") && !of_unknown.contains("加强党"));
        for run in ["方案化解", "化解的", "的责任", "方案,化解"] {
            assert!(!found.contains(run), "{run}");
        }
    }

    #[test]
    fn a_sample_is_spread_evenly() {
        let gathered = |notice: u64, passages: u32| Gathered {
            notice,
            day: None,
            passages: (1..=passages)
                .map(|ordinal| (DocAddress::new(0, ordinal), ordinal))
                .collect(),
        };
        let few = Sample::of(&[gathered(1, 3), gathered(2, 2)]);
        assert_eq!(few.len(), 5);
        let many = Sample::of(&[gathered(1, 3_000), gathered(2, 5_000)]);
        assert_eq!(many.len(), MAX_PASSAGES);
        assert_eq!(many.notices[0].1.len(), 750);
        assert_eq!(Sample::of(&[]).len(), 0);
    }
}
