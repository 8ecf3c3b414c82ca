//! Fingerprints of a text, by which copies of it are found.
//!
//! Runs of [`RUN`] letters are hashed, and of every [`WINDOW`] runs in a row
//! the least hash is kept (winnowing): whatever two texts share of more than
//! `RUN + WINDOW - 1` letters gives at least one print in common, wherever it
//! stands and whatever marks stand between its letters.
//!
//! Source: Schleimer, Wilkerson, Aiken, *Winnowing: Local Algorithms for
//! Document Fingerprinting*, SIGMOD 2003.

use std::collections::VecDeque;

use crate::letters::letters;

/// Letters of a run. Shorter ones are common turns of phrase; in longer ones
/// a single changed letter costs more.
const RUN: usize = 10;

/// Runs of which one is kept.
const WINDOW: usize = 12;

/// An odd number, for a hash that rolls.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// The prints of `text`, in its normal form, in the order of the text. None for
/// less than a run.
#[must_use]
pub fn prints(text: &str) -> Vec<u32> {
    let leaving = (1..RUN).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let mut run: VecDeque<u64> = VecDeque::with_capacity(RUN + 1);
    // Hashes that may yet be the least of a window, growing, with their places.
    let mut least: VecDeque<(u32, usize)> = VecDeque::with_capacity(WINDOW + 1);
    let mut hash = 0_u64;
    let mut kept = Vec::new();
    let mut last = None;
    let mut at = 0;
    for letter in letters(text) {
        let value = u64::from(u32::from(letter.letter)) + 1;
        if run.len() == RUN
            && let Some(first) = run.pop_front()
        {
            hash = hash.wrapping_sub(first.wrapping_mul(leaving));
        }
        hash = hash.wrapping_mul(BASE).wrapping_add(value);
        run.push_back(value);
        if run.len() < RUN {
            continue;
        }
        let print = mixed(hash);
        // Of equals the last, so that it is kept for as many windows as it can.
        while least.back().is_some_and(|&(other, _)| other >= print) {
            least.pop_back();
        }
        least.push_back((print, at));
        at += 1;
        while least.front().is_some_and(|&(_, place)| place + WINDOW < at) {
            least.pop_front();
        }
        if at >= WINDOW
            && let Some(&(print, place)) = least.front()
            && last != Some(place)
        {
            kept.push(print);
            last = Some(place);
        }
    }
    // A text shorter than a window has its least run for a print.
    if kept.is_empty() {
        kept.extend(least.front().map(|&(print, _)| print));
    }
    kept
}

/// `hash` with all its bits in every bit of the result (the finaliser of
/// MurmurHash3).
fn mixed(hash: u64) -> u32 {
    let mut hash = hash;
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    (hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::normal::normalize;

    #[test]
    fn marks_and_width_leave_no_print() {
        let text = "坚定坚决扛起债务化解责任，推进政府隐性债务化解工作取得积极成效。";
        let other = "坚定坚决扛起“债务化解”责任\n推进政府隐性债务化解工作，取得积极成效";
        assert!(!prints(text).is_empty());
        assert_eq!(prints(&normalize(text)), prints(&normalize(other)));
        assert!(prints("债务").is_empty());
    }

    proptest! {
        #[test]
        fn what_is_shared_gives_a_print_in_common(
            shared in "[一-十甲乙丙丁債务化解长江禁渔]{21,60}",
            before in "[a-z]{0,40}", after in "[0-9]{0,40}",
        ) {
            let one: HashSet<_> = prints(&normalize(&shared)).into_iter().collect();
            let two = prints(&normalize(&format!("{before}{shared}{after}")));
            prop_assert!(two.iter().any(|print| one.contains(print)));
        }
    }
}
