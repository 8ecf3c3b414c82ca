//! How often one term stands in the texts of a window.

use tantivy::Score;

/// How often a term stands in a passage, weighted by place.
#[derive(Clone, Copy)]
pub(super) struct Count {
    /// The number of the passage.
    pub(super) at: u32,
    pub(super) count: Score,
    /// So much of it counts for the result as a whole.
    pub(super) whole: Score,
}

/// Room to put the counts of one term together.
#[derive(Default)]
pub(super) struct Room {
    pub(super) all: Vec<Count>,
    /// Those of one list.
    pub(super) list: Vec<Count>,
    merged: Vec<Count>,
}

/// How often a term stands in each of several texts; nothing between terms.
#[derive(Default)]
pub(super) struct Tally {
    /// By the number of the text.
    counts: Vec<Score>,
    /// The numbers of those that it stands in, so many, and the last one.
    found: Vec<u32>,
    many: usize,
    last: u32,
}

impl Tally {
    /// For texts numbered below `texts`, of which it may stand in any.
    pub(super) fn make_room(&mut self, texts: usize) {
        self.counts.resize(texts, 0.0);
        self.found.resize(texts, 0);
        (self.many, self.last) = (0, u32::MAX);
    }

    /// Counts `count` more in text number `text`; texts come in order.
    #[inline]
    pub(super) fn add(&mut self, text: u32, count: Score) {
        self.counts[text as usize] += count;
        // Without a branch: whether it is the next one cannot be foretold.
        self.many += usize::from(text != self.last);
        self.found[self.many - 1] = text;
        self.last = text;
    }

    /// Hands each text that the term stands in, and how often, to `each`, and
    /// forgets them.
    pub(super) fn drain(&mut self, mut each: impl FnMut(usize, Score)) {
        for &text in &self.found[..self.many] {
            let count = std::mem::take(&mut self.counts[text as usize]);
            each(text as usize, count);
        }
        (self.many, self.last) = (0, u32::MAX);
    }
}

impl Room {
    /// Adds those of the list to all.
    pub(super) fn take_list(&mut self) {
        if self.all.is_empty() {
            std::mem::swap(&mut self.all, &mut self.list);
        } else if !self.list.is_empty() {
            merge(&self.all, &self.list, &mut self.merged);
            std::mem::swap(&mut self.all, &mut self.merged);
        }
    }
}

/// Puts two lists of counts, each by passage, together.
fn merge(one: &[Count], two: &[Count], merged: &mut Vec<Count>) {
    merged.clear();
    merged.reserve(one.len() + two.len());
    let (mut first, mut second) = (one, two);
    while let ([a, ..], [b, ..]) = (first, second) {
        // Without branches: which comes first is hard to foretell.
        let (has_a, has_b) = (a.at <= b.at, b.at <= a.at);
        let (of_a, of_b) = (f32::from(u8::from(has_a)), f32::from(u8::from(has_b)));
        merged.push(Count {
            at: a.at.min(b.at),
            count: of_a * a.count + of_b * b.count,
            whole: of_a * a.whole + of_b * b.whole,
        });
        first = &first[usize::from(has_a)..];
        second = &second[usize::from(has_b)..];
    }
    merged.extend_from_slice(first);
    merged.extend_from_slice(second);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn counts_of_two_places_add_up(
            one in proptest::collection::btree_map(0_u32..60, 1_u32..9, 0..40),
            two in proptest::collection::btree_map(0_u32..60, 1_u32..9, 0..40),
        ) {
            let counts = |of: &std::collections::BTreeMap<u32, u32>| -> Vec<Count> {
                of.iter()
                    .map(|(&at, &count)| Count {
                        at,
                        count: count as Score,
                        whole: count as Score * 2.0,
                    })
                    .collect()
            };
            let mut merged = Vec::new();
            merge(&counts(&one), &counts(&two), &mut merged);
            let mut both = one.clone();
            for (&at, &count) in &two {
                *both.entry(at).or_default() += count;
            }
            let told = |counts: &[Count]| -> Vec<(u32, u32, u32)> {
                counts
                    .iter()
                    .map(|count| (count.at, count.count as u32, count.whole as u32))
                    .collect()
            };
            prop_assert_eq!(told(&merged), told(&counts(&both)));
        }
    }
}
