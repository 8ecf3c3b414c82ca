//! From the scores of passages to that of a notice.

use tantivy::Score;

/// How much the second and third passage of a notice add to its best one.
const NEXT_BEST: Score = 0.1;

/// So many of its passages count for a notice by themselves.
pub(crate) const MOST_COUNTED: usize = 3;

/// From the scores of passages to that of the result that they make up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// How much the matching passages of a notice count, read as one.
    pub(crate) whole: Score,
}

impl Rule {
    /// The score of a result with passages of these scores and so much as a
    /// whole.
    #[inline]
    pub(crate) fn score(&self, passages: &[Score], whole: Score) -> Score {
        let passages = match *passages {
            [] => 0.0,
            [one] => one,
            _ => {
                let [top, next, third] = best_of(passages);
                top + NEXT_BEST * (next + third)
            }
        };
        passages + self.whole * whole
    }

    /// The same from the slots of a result: its whole, then its passages.
    #[inline]
    pub(crate) fn score_of(&self, slots: &[Score]) -> Score {
        match *slots {
            [] => 0.0,
            [whole, ref passages @ ..] => self.score(passages, whole),
        }
    }

    /// How much a result of so many passages gains at most from what adds at
    /// most 1 to any of them and to the whole.
    pub(crate) fn reach(&self, passages: usize) -> Score {
        let next = passages.clamp(1, MOST_COUNTED) - 1;
        1.0 + NEXT_BEST * next as Score + self.whole
    }
}

/// The highest of `scores`, 0 where there are fewer.
#[inline]
fn best_of(scores: &[Score]) -> [Score; MOST_COUNTED] {
    let [mut first, mut second, mut third] = [0.0; MOST_COUNTED];
    for &score in scores {
        // Each pushes the lower one down.
        let (top, score) = in_order(first, score);
        let (next, score) = in_order(second, score);
        (first, second, third) = (top, next, in_order(third, score).0);
    }
    [first, second, third]
}

/// Both, the greater one first; compiles to no branch.
#[inline]
fn in_order(one: Score, other: Score) -> (Score, Score) {
    let greater = if one > other { one } else { other };
    let lesser = if one > other { other } else { one };
    (greater, lesser)
}
