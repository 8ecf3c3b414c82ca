//! How well a pack told its judged passages apart.

use super::Judged;

/// A judged passage that a topic found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its place among the pack's judged passages, from 0.
    pub judged: usize,
    /// The expressions that found it, those that counted most first.
    pub expressions: Vec<String>,
}

/// Something a pack got wrong. Numbers are places among its judged passages,
/// from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Found, and must not be.
    Wrong {
        /// Which passage.
        judged: usize,
        /// The expressions that found it.
        expressions: Vec<String>,
    },
    /// Not found, and must be.
    Missed {
        /// Which passage.
        judged: usize,
    },
    /// One passage does not come before another, though its rank says so.
    Order {
        /// The passage that must come first.
        first: usize,
        /// The one that must come behind it.
        then: usize,
    },
}

/// What came of a pack's judged passages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scores {
    /// Passages that belong and were found.
    pub right: usize,
    /// Passages that do not belong and were found.
    pub wrong: usize,
    /// Passages that belong and were not found.
    pub missed: usize,
    /// Pairs of passages with different ranks.
    pub pairs: usize,
    /// Pairs whose better one comes first. One that was not found comes last.
    pub ordered: usize,
    /// What was not as it must be: passages in their order, then pairs.
    pub failures: Vec<Failure>,
}

impl Scores {
    /// Compares `judged` with what was found of it, best first.
    #[must_use]
    pub fn of(judged: &[Judged], found: &[Found]) -> Self {
        let mut scores = Self::default();
        let place = |index: usize| found.iter().position(|found| found.judged == index);
        for (index, passage) in judged.iter().enumerate() {
            match (passage.matches, place(index)) {
                (true, Some(_)) => scores.right += 1,
                (true, None) => {
                    scores.missed += 1;
                    scores.failures.push(Failure::Missed { judged: index });
                }
                (false, Some(place)) => {
                    scores.wrong += 1;
                    scores.failures.push(Failure::Wrong {
                        judged: index,
                        expressions: found[place].expressions.clone(),
                    });
                }
                (false, None) => {}
            }
        }
        let ranked: Vec<_> = judged
            .iter()
            .enumerate()
            .filter_map(|(index, passage)| Some((index, passage.rank?)))
            .collect();
        for &(first, better) in &ranked {
            for &(then, worse) in &ranked {
                if better >= worse {
                    continue;
                }
                scores.pairs += 1;
                let last = usize::MAX;
                if place(first).unwrap_or(last) < place(then).unwrap_or(last) {
                    scores.ordered += 1;
                } else {
                    scores.failures.push(Failure::Order { first, then });
                }
            }
        }
        scores
    }

    /// The share of what was found that belongs; `None` where nothing was.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        share(self.right, self.right + self.wrong)
    }

    /// The share of what belongs that was found; `None` where nothing does.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        share(self.right, self.right + self.missed)
    }

    /// The harmonic mean of precision and recall; `None` where nothing belongs
    /// and nothing was found.
    #[must_use]
    pub fn f1(&self) -> Option<f64> {
        share(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(matches: bool, rank: Option<u32>) -> Judged {
        Judged {
            text: "债务".to_owned(),
            title: None,
            heading: None,
            matches,
            rank,
            why: None,
        }
    }

    fn found(places: &[usize]) -> Vec<Found> {
        let found = |&judged| Found {
            judged,
            expressions: vec!["债务".to_owned()],
        };
        places.iter().map(found).collect()
    }

    #[test]
    fn shares_have_their_denominators() {
        let passages = [true, true, true, false, false].map(|matches| judged(matches, None));
        let scores = Scores::of(&passages, &found(&[0, 3, 1]));
        assert_eq!((scores.right, scores.wrong, scores.missed), (2, 1, 1));
        let close =
            |share: Option<f64>| share.is_some_and(|share| (share - 2.0 / 3.0).abs() < 1e-9);
        assert!(close(scores.precision()) && close(scores.recall()) && close(scores.f1()));
        let missed = Failure::Missed { judged: 2 };
        assert!(scores.failures.contains(&missed), "{:?}", scores.failures);
        let nothing = Scores::of(&[], &[]);
        assert_eq!((nothing.f1(), nothing.precision()), (None, None));
        let none = Scores::of(&passages, &[]);
        assert_eq!((none.f1(), none.precision()), (Some(0.0), None));
    }

    #[test]
    fn better_ones_come_first() {
        let passages = [
            judged(true, Some(2)),
            judged(true, Some(1)),
            judged(true, None),
            judged(true, Some(2)),
        ];
        let kept = Scores::of(&passages, &found(&[1, 3, 2, 0]));
        assert_eq!((kept.ordered, kept.pairs), (2, 2));
        let broken = Scores::of(&passages, &found(&[0, 1, 2]));
        assert_eq!((broken.ordered, broken.pairs), (1, 2));
        let order = Failure::Order { first: 1, then: 0 };
        assert!(broken.failures.contains(&order), "{:?}", broken.failures);
        // Neither was found: nothing says that the better one came first.
        assert_eq!(Scores::of(&passages, &[]).ordered, 0);
    }
}
