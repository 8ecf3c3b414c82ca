//! How surprising it is that a term stands in some passages more than in the
//! rest.

/// The log-likelihood ratio G² of a term that stands in `inside` of
/// `inside_of` passages and in `outside` of `outside_of` others: how much less
/// likely these counts are if the term does not care which passages they are.
/// 0 where it does not; above 10.83 by chance once in a thousand (χ² with one
/// degree of freedom), though of many terms some always are.
///
/// Source: T. Dunning, *Accurate Methods for the Statistics of Surprise and
/// Coincidence*, Computational Linguistics 19 (1993), 61–74.
pub(crate) fn log_likelihood(inside: u64, inside_of: u64, outside: u64, outside_of: u64) -> f64 {
    let whole = (inside_of + outside_of) as f64;
    let has = (inside + outside) as f64;
    let lacks = whole - has;
    let part = |observed: u64, row: u64, column: f64| {
        let expected = row as f64 * column / whole;
        match observed {
            0 => 0.0,
            _ => observed as f64 * (observed as f64 / expected).ln(),
        }
    };
    let sum = part(inside, inside_of, has)
        + part(inside_of - inside, inside_of, lacks)
        + part(outside, outside_of, has)
        + part(outside_of - outside, outside_of, lacks);
    (2.0 * sum).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_shares_surprise_nobody() {
        assert!(log_likelihood(10, 100, 100, 1000) < 1e-9);
        assert!(log_likelihood(0, 100, 0, 1000) < 1e-9);
        assert!(log_likelihood(0, 0, 5, 10) < 1e-9);
    }

    #[test]
    fn it_is_the_sum_that_the_source_gives() {
        // 2 Σ observed ln(observed / expected), by hand: 10, 90, 20, 880 of
        // which 3, 97, 27, 873 are expected.
        let by_hand = 2.0
            * (10.0 * (10.0_f64 / 3.0).ln()
                + 90.0 * (90.0_f64 / 97.0).ln()
                + 20.0 * (20.0_f64 / 27.0).ln()
                + 880.0 * (880.0_f64 / 873.0).ln());
        assert!((log_likelihood(10, 100, 20, 900) - by_hand).abs() < 1e-9);
        assert!(log_likelihood(20, 100, 20, 900) > log_likelihood(10, 100, 20, 900));
    }
}
