//! In how many passages a term stands, among those that match and the others.

use std::{cmp::Reverse, collections::BinaryHeap};

use tantivy::{
    DocAddress, DocId, DocSet, Searcher, TERMINATED,
    query::{EnableScoring, Query},
    schema::{Field, IndexRecordOption},
    termdict::TermMerger,
};

use super::LEAST_PASSAGES;
use crate::{collect::Gathered, likelihood::log_likelihood};

/// The passages that match, a bit each.
pub(super) struct Marked {
    segments: Vec<Vec<u64>>,
    /// Passages that match.
    pub(super) inside: u64,
    /// Passages that do not.
    pub(super) outside: u64,
}

/// Passages that have a term.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    pub(super) inside: u64,
    pub(super) outside: u64,
    pub(super) first_inside: Option<DocAddress>,
    pub(super) first_outside: Option<DocAddress>,
}

impl Counted {
    /// Passages in all.
    pub(super) fn all(&self) -> u64 {
        self.inside + self.outside
    }
}

impl Marked {
    pub(super) fn of(searcher: &Searcher, gathered: &[Gathered]) -> tantivy::Result<Self> {
        let mut segments: Vec<Vec<u64>> = searcher
            .segment_readers()
            .iter()
            .map(|reader| vec![0; reader.max_doc() as usize / 64 + 1])
            .collect();
        let mut inside = 0;
        for &(address, _) in gathered.iter().flat_map(|gathered| &gathered.passages) {
            let word = &mut segments[address.segment_ord as usize][address.doc_id as usize / 64];
            *word |= 1 << (address.doc_id % 64);
            inside += 1;
        }
        let mut passages = 0;
        for reader in searcher.segment_readers() {
            let ordinals = reader.fast_fields().u64("ordinal")?;
            let is_passage = |doc: &DocId| ordinals.first(*doc).is_some_and(|ordinal| ordinal > 0);
            passages += reader.doc_ids_alive().filter(is_passage).count() as u64;
        }
        Ok(Self {
            segments,
            inside,
            outside: passages - inside,
        })
    }

    fn has(&self, segment: usize, doc: DocId) -> bool {
        self.segments[segment][doc as usize / 64] >> (doc % 64) & 1 == 1
    }

    /// How many passages `query` matches, inside and outside.
    pub(super) fn count(&self, searcher: &Searcher, query: &dyn Query) -> tantivy::Result<Counted> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
        let mut counted = Counted::default();
        for (segment, reader) in searcher.segment_readers().iter().enumerate() {
            let mut scorer = weight.scorer(reader, 1.0)?;
            let mut doc = scorer.doc();
            while doc != TERMINATED {
                if !reader.is_deleted(doc) {
                    let address = DocAddress::new(segment as u32, doc);
                    if self.has(segment, doc) {
                        counted.inside += 1;
                        counted.first_inside.get_or_insert(address);
                    } else {
                        counted.outside += 1;
                        counted.first_outside.get_or_insert(address);
                    }
                }
                doc = scorer.advance();
            }
        }
        Ok(counted)
    }
}

/// A word among the best.
#[derive(PartialEq)]
struct Candidate {
    surprise: f64,
    word: String,
    passages: u64,
}

impl Eq for Candidate {}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let by_surprise = self.surprise.total_cmp(&other.surprise);
        by_surprise.then_with(|| other.word.cmp(&self.word))
    }
}

/// The `keep` words of `field` that stand out most in marked passages, each with
/// the number of passages in which it is cut as a word. Reads every word of the
/// index once, and where each stands.
pub(super) fn frequent_words(
    searcher: &Searcher,
    field: Field,
    marked: &Marked,
    keep: usize,
    is_worth: impl Fn(&str) -> bool,
) -> tantivy::Result<Vec<(String, u64)>> {
    let readers = searcher
        .segment_readers()
        .iter()
        .map(|reader| reader.inverted_index(field))
        .collect::<tantivy::Result<Vec<_>>>()?;
    let streams = readers
        .iter()
        .map(|reader| reader.terms().stream())
        .collect::<Result<Vec<_>, _>>()?;
    let mut words = TermMerger::new(streams);
    let mut best: BinaryHeap<Reverse<Candidate>> = BinaryHeap::new();
    while words.advance() {
        let Ok(word) = std::str::from_utf8(words.key()) else {
            continue;
        };
        // What stands out stands in a few passages at least.
        let infos: Vec<_> = words.current_segment_ords_and_term_infos().collect();
        let all: u64 = infos.iter().map(|(_, info)| u64::from(info.doc_freq)).sum();
        if all < LEAST_PASSAGES || !is_worth(word) {
            continue;
        }
        let (mut inside, mut outside) = (0, 0);
        for (segment, info) in &infos {
            let reader = &searcher.segment_readers()[*segment];
            let mut postings = readers[*segment]
                .read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?;
            while postings.block_len() > 0 {
                for &doc in postings.docs() {
                    if marked.has(*segment, doc) {
                        inside += 1;
                    } else if !reader.is_deleted(doc) {
                        outside += 1;
                    }
                }
                postings.advance();
            }
        }
        let stands_out = u128::from(inside) * u128::from(marked.outside)
            > u128::from(outside) * u128::from(marked.inside);
        if inside < LEAST_PASSAGES || !stands_out {
            continue;
        }
        let surprise = log_likelihood(inside, marked.inside, outside, marked.outside);
        let candidate = Candidate {
            surprise,
            word: word.to_owned(),
            passages: inside + outside,
        };
        if best.len() < keep {
            best.push(Reverse(candidate));
        } else if let Some(mut least) = best.peek_mut()
            && candidate > least.0
        {
            least.0 = candidate;
        }
    }
    let best = best.into_iter();
    Ok(best
        .map(|Reverse(found)| (found.word, found.passages))
        .collect())
}
