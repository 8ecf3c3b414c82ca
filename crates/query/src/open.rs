//! Questions in words of their own, which require nothing: every passage is
//! scored by all but the most frequent terms, at once. What may yet be among the
//! best gets the rest, as what matches does.

use std::{cmp::Reverse, collections::BinaryHeap, ops::Range, sync::Arc};

use tantivy::{DocId, Score, SegmentReader, fastfield::AliveBitSet};

use crate::{
    bits::Bits,
    evidence::{Prepared, View},
    layout::{Layout, Notices},
    lengths::Lengths,
    matching::Matching,
    ranking::MOST_COUNTED,
    request::Unit,
    score::{Bar, ROUNDING, Scores, suffixes},
    window::{WINDOW, Window, highest},
};

/// It is looked for the best once so much of all that can be added is left: a
/// guess, on which only the time it takes depends.
const LOOK_BELOW: Score = 0.04;

/// Of so many documents it is first asked what the best of them has.
const GLANCE: DocId = 64;

/// What of a segment may be a result at all.
pub(crate) struct Scope<'s> {
    /// Whole notices.
    pub(crate) docs: Range<DocId>,
    /// The passages that filters let through, if there are filters.
    pub(crate) passages: Option<&'s Bits>,
    /// Whether a notice is shown and not folded under another.
    pub(crate) is_shown: &'s dyn Fn(DocId) -> bool,
}

impl Prepared<'_> {
    /// Scores all passages of segment number `segment` that `scope` lets
    /// through. Gives those that may be among the results that `bar` asks for,
    /// a notice with all its passages, and their scores.
    pub(crate) fn score_all(
        &self,
        segment: usize,
        reader: &SegmentReader,
        layout: &Layout,
        unit: Unit,
        scope: &Scope<'_>,
        bar: &Bar<'_>,
    ) -> tantivy::Result<(Matching, Scores)> {
        let notices = layout.notices(reader)?;
        let held = |view: View| layout.held(&self.views[view.index()], reader);
        let held = [held(View::Words)?, held(View::Pairs)?, held(View::Chars)?];
        let bounds = self.bounds();
        let all = bounds.iter().sum::<Score>();
        let enough = bar.limit.map_or(0.0, |_| all * LOOK_BELOW);
        let mut lists = Vec::new();
        let mut left = all;
        for (term, after) in self.terms.iter().zip(suffixes(&bounds)) {
            if left <= enough {
                break;
            }
            let cursors = term.cursors(segment, reader, scope.docs.start)?;
            lists.push((term, cursors));
            left = after;
        }
        let look = Look {
            notices,
            unit,
            scope,
            alive: reader.alive_bitset(),
            left,
            bar,
        };
        let mut chosen = Chosen::new(&look);
        let mut window = Window::new(notices, bar.rule.whole > 0.0);
        for docs in notices.parts(scope.docs.clone(), WINDOW) {
            window.move_to(docs);
            for (term, cursors) in &mut lists {
                window.add(cursors, &held[term.wanted.view.index()], term.gain);
            }
            chosen.look_at(&window);
        }
        let next = lists.len();
        let (mut matching, slots) = chosen.finish();
        let mut scores = Scores { slots };
        let mut lengths = [0, 1, 2]
            .map(|view| Lengths::of_all(&self.views[view], layout, Arc::clone(&held[view])));
        self.go_on(
            segment,
            reader,
            next,
            &mut lengths,
            *bar,
            &mut matching,
            &mut scores,
        )?;
        Ok((matching, scores))
    }
}

/// A look for what may be among the best.
struct Look<'l> {
    notices: &'l Notices,
    unit: Unit,
    scope: &'l Scope<'l>,
    alive: Option<&'l AliveBitSet>,
    /// What is yet added to a passage at most.
    left: Score,
    bar: &'l Bar<'l>,
}

impl Look<'_> {
    fn is_in_scope(&self, result: &Range<DocId>) -> bool {
        let passage = match self.unit {
            Unit::Passage => result.start,
            Unit::Notice => result.start + 1,
        };
        if passage == result.end {
            // A notice without passages.
            return false;
        }
        let Scope {
            passages, is_shown, ..
        } = self.scope;
        self.alive.is_none_or(|alive| alive.is_alive(passage))
            && passages.is_none_or(|passages| passages.contains(passage))
            && is_shown(passage)
    }
}

/// Results that may be among the best, as far as was looked.
struct Chosen<'l> {
    look: &'l Look<'l>,
    /// What the best have so far, no more of them than are asked for.
    best: BinaryHeap<Reverse<u32>>,
    /// What a result must have so far.
    least: Score,
    /// What a result has at most of whom no document has more than 1.
    most: Score,
    /// Each with what it has so far, and its documents.
    results: Vec<(Score, Range<DocId>)>,
    /// The slots of their documents.
    slots: Vec<Score>,
}

impl<'l> Chosen<'l> {
    fn new(look: &'l Look<'l>) -> Self {
        let mut chosen = Self {
            look,
            best: BinaryHeap::new(),
            least: 0.0,
            most: look.bar.rule.reach(MOST_COUNTED) * (1.0 + ROUNDING),
            results: Vec::new(),
            slots: Vec::new(),
        };
        chosen.raise();
        chosen
    }

    /// What a result must have follows from the floor.
    fn raise(&mut self) {
        let Look { left, bar, .. } = *self.look;
        let reach = left * bar.rule.reach(MOST_COUNTED);
        // Whatever is no higher has nothing and gets nothing.
        self.least = (bar.floor.get() * (1.0 - ROUNDING) - reach).max(Score::MIN_POSITIVE - left);
    }

    /// Looks at the results in `window`.
    fn look_at(&mut self, window: &Window<'_>) {
        let start = window.docs.start;
        self.raise();
        for docs in self.look.notices.parts(window.docs.clone(), GLANCE) {
            let slots = &window.slots[(docs.start - start) as usize..(docs.end - start) as usize];
            if highest(slots) * self.most >= self.least {
                self.look_closely(docs, slots);
            }
        }
    }

    fn look_closely(&mut self, docs: Range<DocId>, slots: &[Score]) {
        let look = self.look;
        match look.unit {
            Unit::Passage => {
                for (doc, score) in docs.zip(slots.chunks(1)) {
                    self.offer(score[0], doc..doc + 1, score);
                }
            }
            Unit::Notice => {
                for notice in look.notices.within(docs.clone()) {
                    let (from, to) = (notice.start - docs.start, notice.end - docs.start);
                    let slots = &slots[from as usize..to as usize];
                    self.offer(look.bar.rule.score_of(slots), notice, slots);
                }
            }
        }
    }

    /// Takes in a result that has `so_far`, if it may be among the best.
    #[inline]
    fn offer(&mut self, so_far: Score, result: Range<DocId>, slots: &[Score]) {
        if so_far >= self.least && self.look.is_in_scope(&result) {
            self.take(so_far, result, slots);
        }
    }

    fn take(&mut self, so_far: Score, result: Range<DocId>, slots: &[Score]) {
        self.results.push((so_far, result));
        self.slots.extend_from_slice(slots);
        let Bar { limit, floor, .. } = *self.look.bar;
        let Some(limit) = limit.filter(|_| so_far > floor.get()) else {
            return;
        };
        // Of numbers that are not negative, the bits are in order too.
        self.best.push(Reverse(so_far.to_bits()));
        if self.best.len() > limit {
            self.best.pop();
        }
        let worst = self.best.peek().filter(|_| self.best.len() == limit);
        if let Some(Reverse(worst)) = worst {
            floor.raise(Score::from_bits(*worst));
            self.raise();
        }
    }

    /// Those that may be among the best after all, and their slots: before those
    /// of its passages, each has one for its whole.
    fn finish(self) -> (Matching, Vec<Score>) {
        let (mut docs, mut names, mut slots) = (Vec::new(), Vec::new(), Vec::new());
        let mut from = 0;
        for (so_far, result) in self.results {
            let to = from + result.len();
            if so_far >= self.least {
                match self.look.unit {
                    Unit::Passage => {
                        docs.push(result.start);
                        slots.push(0.0);
                    }
                    Unit::Notice => docs.extend(result.start + 1..result.end),
                }
                names.resize(docs.len(), result.start);
                slots.extend_from_slice(&self.slots[from..to]);
            }
            from = to;
        }
        (Matching::of(docs, &names), slots)
    }
}
