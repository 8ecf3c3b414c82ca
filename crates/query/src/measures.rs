//! How good a ranking is, by judgements of what answers the question. Pure:
//! knows nothing of indexes.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

/// How far down a ranking the best hits are looked for.
const TOP: usize = 10;

/// How far down a ranking everything is looked for; what comes after is no
/// matter.
pub const DEPTH: usize = 100;

/// The greatest grade. Gains double from grade to grade, so far greater ones
/// would leave the range of numbers.
pub const MAX_GRADE: u32 = 30;

/// How well documents answer one question: 0 not at all, greater is better.
/// What was not judged has grade 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grades(HashMap<String, u32>);

impl Grades {
    /// Gives `document` its grade, at most [`MAX_GRADE`]. Returns the grade
    /// that it had before, which stays if it is another.
    pub fn add(&mut self, document: &str, grade: u32) -> Option<u32> {
        if let Some(&before) = self.0.get(document) {
            return Some(before);
        }
        self.0.insert(document.to_owned(), grade.min(MAX_GRADE));
        None
    }

    /// The grade of `document`.
    #[must_use]
    pub fn of(&self, document: &str) -> u32 {
        self.0.get(document).copied().unwrap_or(0)
    }

    /// Every judged document, in no order.
    pub fn documents(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// How many documents answer the question at all.
    #[must_use]
    pub fn relevant(&self) -> usize {
        self.0.values().filter(|&&grade| grade > 0).count()
    }

    /// The discounted gain of the best ranking there could be.
    fn ideal(&self) -> f64 {
        let mut grades: Vec<_> = self.0.values().copied().collect();
        grades.sort_unstable_by(|a, b| b.cmp(a));
        let best = grades.into_iter().take(TOP);
        best.enumerate().map(|(at, grade)| gain(grade, at)).sum()
    }
}

/// What a document of `grade` adds at index `at` of a ranking.
///
/// Source: Burges et al., *Learning to Rank using Gradient Descent* (ICML
/// 2005): 2^grade − 1, divided by log₂(rank + 1). Where grades are 0 and 1 it
/// is the gain of Järvelin and Kekäläinen (2002), as `trec_eval` has it.
fn gain(grade: u32, at: usize) -> f64 {
    (f64::from(grade).exp2() - 1.0) / (at as f64 + 2.0).log2()
}

/// One of the measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Measure {
    /// Normalised discounted cumulative gain of the first ten.
    #[serde(rename = "ndcg@10")]
    Ndcg,
    /// One divided by the rank of the first document that answers, if it is
    /// among the first ten.
    #[serde(rename = "mrr@10")]
    Mrr,
    /// The part of all that answers that is among the first ten.
    #[serde(rename = "recall@10")]
    Recall10,
    /// The same for the first hundred.
    #[serde(rename = "recall@100")]
    Recall100,
}

impl Measure {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Ndcg, Self::Mrr, Self::Recall10, Self::Recall100];

    /// As papers write it: `nDCG@10`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ndcg => "nDCG@10",
            Self::Mrr => "MRR@10",
            Self::Recall10 => "Recall@10",
            Self::Recall100 => "Recall@100",
        }
    }
}

/// The measures of a ranking, or their means over many; each between 0 and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Measures {
    /// [`Measure::Ndcg`].
    #[serde(rename = "ndcg@10")]
    pub ndcg: f64,
    /// [`Measure::Mrr`].
    #[serde(rename = "mrr@10")]
    pub mrr: f64,
    /// [`Measure::Recall10`].
    #[serde(rename = "recall@10")]
    pub recall_10: f64,
    /// [`Measure::Recall100`].
    #[serde(rename = "recall@100")]
    pub recall_100: f64,
}

impl Measures {
    /// Measures `ranking`, documents with the best first, by `grades`. A
    /// document that comes again is passed over and takes no rank. All are 0
    /// where nothing answers the question; such a question tells nothing about
    /// rankings and is better left out of a mean.
    pub fn of<'a>(ranking: impl IntoIterator<Item = &'a str>, grades: &Grades) -> Self {
        let relevant = grades.relevant();
        if relevant == 0 {
            return Self::default();
        }
        let (mut measures, mut gained) = (Self::default(), 0.0);
        let (mut in_top, mut in_all) = (0_usize, 0_usize);
        let mut seen = HashSet::new();
        let ranking = ranking
            .into_iter()
            .filter(|&document| seen.insert(document));
        for (at, document) in ranking.take(DEPTH).enumerate() {
            let grade = grades.of(document);
            if grade == 0 {
                continue;
            }
            in_all += 1;
            if at < TOP {
                if in_top == 0 {
                    measures.mrr = 1.0 / (at as f64 + 1.0);
                }
                in_top += 1;
                gained += gain(grade, at);
            }
        }
        measures.ndcg = gained / grades.ideal();
        measures.recall_10 = in_top as f64 / relevant as f64;
        measures.recall_100 = in_all as f64 / relevant as f64;
        measures
    }

    /// The mean of each over `all`; 0 where there are none.
    #[must_use]
    pub fn mean(all: &[Self]) -> Self {
        let mean = |measure| {
            let sum: f64 = all.iter().map(|one| one.get(measure)).sum();
            sum / all.len().max(1) as f64
        };
        Self {
            ndcg: mean(Measure::Ndcg),
            mrr: mean(Measure::Mrr),
            recall_10: mean(Measure::Recall10),
            recall_100: mean(Measure::Recall100),
        }
    }

    /// The value of `measure`.
    #[must_use]
    pub fn get(&self, measure: Measure) -> f64 {
        match measure {
            Measure::Ndcg => self.ndcg,
            Measure::Mrr => self.mrr,
            Measure::Recall10 => self.recall_10,
            Measure::Recall100 => self.recall_100,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn grades(judged: &[(&str, u32)]) -> Grades {
        let mut grades = Grades::default();
        for &(document, grade) in judged {
            grades.add(document, grade);
        }
        grades
    }

    #[track_caller]
    fn check(ranking: &[&str], judged: &[(&str, u32)], expected: [f64; 4]) {
        let measures = Measures::of(ranking.iter().copied(), &grades(judged));
        for (measure, expected) in Measure::ALL.into_iter().zip(expected) {
            let got = measures.get(measure);
            assert!((got - expected).abs() < 1e-6, "{}: {got}", measure.name());
        }
    }

    #[test]
    fn values_are_those_worked_out_by_hand() {
        // 1/log₂3, beside 1 for the best ranking.
        check(&["x", "a"], &[("a", 1)], [0.630_930, 0.5, 1.0, 1.0]);
        // (1 + 3/log₂3 + 7/log₂5) / (7 + 3/log₂3 + 1/2).
        check(
            &["c", "b", "x", "a"],
            &[("a", 3), ("b", 2), ("c", 1), ("x", 0)],
            [0.628_943, 1.0, 1.0, 1.0],
        );
        // One of two, beside (1 + 1/log₂3).
        check(&["a"], &[("a", 1), ("b", 1)], [0.613_147, 1.0, 0.5, 0.5]);
        check(&[], &[("a", 1)], [0.0; 4]);
        check(&["a"], &[("a", 0)], [0.0; 4]);
        check(&["a"], &[], [0.0; 4]);
    }

    #[test]
    fn the_tenth_and_the_hundredth_are_the_last_that_count() {
        let names: Vec<_> = (1..=101).map(|rank| rank.to_string()).collect();
        let ranking: Vec<_> = names.iter().map(String::as_str).collect();
        check(&ranking, &[("10", 1)], [0.289_065, 0.1, 1.0, 1.0]);
        check(&ranking, &[("11", 1)], [0.0, 0.0, 0.0, 1.0]);
        check(&ranking, &[("100", 1)], [0.0, 0.0, 0.0, 1.0]);
        check(&ranking, &[("101", 1)], [0.0; 4]);
        // More that answers than there are ranks: the best ranking is ten long.
        let all: Vec<_> = ranking.iter().take(20).map(|&name| (name, 1)).collect();
        check(&ranking, &all, [1.0, 1.0, 0.5, 1.0]);
    }

    #[test]
    fn a_document_counts_once() {
        let judged = [("a", 1), ("b", 1)];
        check(&["a", "a", "b"], &judged, [1.0; 4]);
        check(&["a", "a", "a"], &judged, [0.613_147, 1.0, 0.5, 0.5]);
    }

    #[test]
    fn the_first_grade_of_a_document_stays() {
        let mut grades = grades(&[("a", 2)]);
        assert_eq!(grades.add("a", 1), Some(2));
        assert_eq!((grades.of("a"), grades.of("b")), (2, 0));
        grades.add("b", 5_000);
        assert_eq!(grades.of("b"), MAX_GRADE);
    }

    #[test]
    fn a_mean_of_nothing_is_nothing() {
        assert_eq!(Measures::mean(&[]), Measures::default());
        let half = Measures {
            ndcg: 1.0,
            ..Measures::default()
        };
        assert!((Measures::mean(&[half, Measures::default()]).ndcg - 0.5).abs() < 1e-12);
    }

    fn judged() -> impl Strategy<Value = Vec<(String, u32)>> {
        let documents = prop::collection::hash_map("[a-h]{1,2}", 0..=4_u32, 0..30);
        documents.prop_map(|documents| documents.into_iter().collect())
    }

    fn of(judged: &[(String, u32)]) -> Grades {
        let judged: Vec<_> = judged.iter().map(|(d, g)| (d.as_str(), *g)).collect();
        grades(&judged)
    }

    proptest! {
        #[test]
        fn every_measure_is_a_part_of_one(
            judged in judged(),
            ranking in prop::collection::vec("[a-h]{1,2}", 0..150),
        ) {
            let measures = Measures::of(ranking.iter().map(String::as_str), &of(&judged));
            for measure in Measure::ALL {
                let value = measures.get(measure);
                prop_assert!((0.0..=1.0 + 1e-12).contains(&value), "{measure:?} {value}");
            }
            prop_assert!(measures.recall_10 <= measures.recall_100);
        }

        #[test]
        fn the_best_ranking_has_all_of_the_gain(mut judged in judged()) {
            judged.sort_by_key(|(_, grade)| std::cmp::Reverse(*grade));
            let grades = of(&judged);
            let measures = Measures::of(judged.iter().map(|(d, _)| d.as_str()), &grades);
            let expected = if grades.relevant() > 0 { 1.0 } else { 0.0 };
            prop_assert!((measures.ndcg - expected).abs() < 1e-12);
            prop_assert_eq!(measures.mrr, expected);
            prop_assert_eq!(measures.recall_100, expected);
        }

        #[test]
        fn the_order_of_judgements_does_not_matter(
            judged in judged(),
            ranking in prop::collection::vec("[a-h]{1,2}", 0..30),
        ) {
            let turned: Vec<_> = judged.iter().rev().cloned().collect();
            let ranking = || ranking.iter().map(String::as_str);
            let there = Measures::of(ranking(), &of(&judged));
            prop_assert_eq!(there, Measures::of(ranking(), &of(&turned)));
        }
    }
}
