//! Whether one ranking is better than another, or only luckier.

use serde::Serialize;

/// How many ways of exchanging the two sides are tried, at most.
pub const PERMUTATIONS: u64 = 10_000;

/// Differences below this come from rounding.
const TOLERANCE: f64 = 1e-9;

/// Any number does; the same one gives everybody the same answer.
const SEED: u64 = 0x676f_6e67_6261_6f21;

/// A measure of two rankings of the same questions, question by question.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The mean of the earlier ranking.
    pub baseline: f64,
    /// The mean of the later one.
    pub now: f64,
    /// By how much the later one is better.
    pub difference: f64,
    /// For how many questions it is better.
    pub wins: usize,
    /// For how many both are the same.
    pub ties: usize,
    /// For how many it is worse.
    pub losses: usize,
    /// How often a difference of the means at least as great, either way,
    /// would come about if the two rankings were equally good: 0 to 1.
    pub p: f64,
}

impl Comparison {
    /// Compares pairs of values: the earlier, the later.
    ///
    /// The test is Fisher's for paired values, two-sided: signs of differences
    /// are exchanged at random, always with the same seed, or in every way
    /// where there are no more than [`PERMUTATIONS`] of them.
    ///
    /// Sources: Smucker, Allan and Carterette, *A Comparison of Statistical
    /// Significance Tests for Information Retrieval Evaluation* (CIKM 2007);
    /// for adding one to both counts, Phipson and Smyth, *Permutation P-values
    /// Should Never Be Zero* (2010).
    #[must_use]
    pub fn of(pairs: &[(f64, f64)]) -> Self {
        let mean = |sum: f64| sum / pairs.len().max(1) as f64;
        let baseline = mean(pairs.iter().map(|pair| pair.0).sum());
        let now = mean(pairs.iter().map(|pair| pair.1).sum());
        let changes: Vec<f64> = pairs
            .iter()
            .map(|(before, after)| after - before)
            .filter(|change| change.abs() > TOLERANCE)
            .collect();
        let wins = changes.iter().filter(|&&change| change > 0.0).count();
        Self {
            baseline,
            now,
            difference: now - baseline,
            wins,
            ties: pairs.len() - changes.len(),
            losses: changes.len() - wins,
            p: chance(&changes),
        }
    }
}

/// How often a sum at least as far from 0 as that of `changes` comes about
/// when each may as well have had the other sign.
fn chance(changes: &[f64]) -> f64 {
    let observed = changes.iter().sum::<f64>().abs() - TOLERANCE;
    let all = u32::try_from(changes.len())
        .ok()
        .and_then(|changes| 1_u64.checked_shl(changes))
        .filter(|&ways| ways <= PERMUTATIONS);
    if let Some(ways) = all {
        let as_great = (0..ways).filter(|&signs| {
            let mut signs = std::iter::successors(Some(signs), |signs| Some(signs >> 1));
            sum(changes, || signs.next().unwrap_or(0) & 1 == 1).abs() >= observed
        });
        return as_great.count() as f64 / ways as f64;
    }
    let mut random = SplitMix(SEED);
    let as_great = (0..PERMUTATIONS).filter(|_| {
        let (mut bits, mut left) = (0, 0);
        let flip = || {
            if left == 0 {
                (bits, left) = (random.next(), u64::BITS);
            }
            let bit = bits & 1 == 1;
            bits >>= 1;
            left -= 1;
            bit
        };
        sum(changes, flip).abs() >= observed
    });
    (as_great.count() as f64 + 1.0) / (PERMUTATIONS as f64 + 1.0)
}

/// The sum of `changes`, those taken with the other sign for which `flip`
/// says so.
fn sum(changes: &[f64], mut flip: impl FnMut() -> bool) -> f64 {
    changes
        .iter()
        .map(|&change| if flip() { -change } else { change })
        .sum()
}

/// Random numbers that are the same each time.
///
/// Source: Steele, Lea and Flood, *Fast Splittable Pseudorandom Number
/// Generators* (OOPSLA 2014).
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_questions_are_tested_in_every_way() {
        // Of the eight ways only two are as far from 0: all up, all down.
        let compared = Comparison::of(&[(0.0, 0.5), (0.2, 0.3), (0.5, 1.0), (1.0, 1.0)]);
        assert!((compared.p - 0.25).abs() < 1e-12, "{compared:?}");
        assert_eq!((compared.wins, compared.ties, compared.losses), (3, 1, 0));
        assert!((compared.baseline - 0.425).abs() < 1e-12);
        assert!((compared.now - 0.7).abs() < 1e-12);
        assert!((compared.difference - 0.275).abs() < 1e-12);
    }

    #[test]
    fn what_did_not_change_is_no_difference() {
        let compared = Comparison::of(&[(0.3, 0.3), (0.1 + 0.2, 0.3)]);
        assert_eq!((compared.wins, compared.ties, compared.losses), (0, 2, 0));
        assert!((compared.p - 1.0).abs() < 1e-12);
        assert!((Comparison::of(&[]).p - 1.0).abs() < 1e-12);
    }

    #[test]
    fn many_questions_are_tested_by_lot_and_always_alike() {
        let even: Vec<_> = (0..200)
            .map(|n| (0.5, if n % 2 == 0 { 0.4 } else { 0.6 }))
            .collect();
        let better: Vec<_> = (0..200)
            .map(|n| (0.5, if n % 3 == 0 { 0.4 } else { 0.6 }))
            .collect();
        let compared = Comparison::of(&even);
        assert_eq!(
            (compared.wins, compared.ties, compared.losses),
            (100, 0, 100)
        );
        assert!((compared.p - 1.0).abs() < 1e-12, "{compared:?}");
        let compared = Comparison::of(&better);
        assert!(compared.p < 0.001 && compared.p > 0.0, "{compared:?}");
        assert_eq!(compared, Comparison::of(&better));
        let turned: Vec<_> = better
            .iter()
            .map(|&(before, after)| (after, before))
            .collect();
        assert!((Comparison::of(&turned).p - compared.p).abs() < 1e-12);
    }

    #[test]
    fn lots_agree_with_every_way() {
        // Fourteen differences are one too many for every way: 16,384.
        let pairs: Vec<_> = (1..=14)
            .map(|n| (0.0, f64::from(n) * if n % 4 == 0 { -0.01 } else { 0.01 }))
            .collect();
        let changes: Vec<_> = pairs.iter().map(|pair| pair.1).collect();
        let observed = changes.iter().sum::<f64>().abs() - TOLERANCE;
        let as_great = (0..1_u32 << 14).filter(|signs| {
            let mut at = 0;
            let total = sum(&changes, || {
                at += 1;
                signs >> (at - 1) & 1 == 1
            });
            total.abs() >= observed
        });
        let exact = as_great.count() as f64 / f64::from(1 << 14);
        let drawn = Comparison::of(&pairs).p;
        assert!((exact - drawn).abs() < 0.015, "{exact} {drawn}");
    }

    #[test]
    fn random_numbers_are_those_published() {
        // The first outputs of the reference implementation for seed 1234567.
        let mut random = SplitMix(1_234_567);
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
    }
}
