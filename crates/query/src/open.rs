//! Questions in words of their own, which require nothing: every passage is
//! scored by all but the most frequent terms, at once. What may yet be among the
//! best gets the rest, as what matches does.

use std::{borrow::Cow, cmp::Reverse, collections::BinaryHeap};

use tantivy::{DocId, Score, SegmentReader, fastfield::AliveBitSet};

use crate::{
    bits::Bits,
    evidence::{Prepared, View},
    layout::{Held, Layout, Notices},
    lengths::{Laid, Lengths},
    matching::Matching,
    meet::{Room, Target},
    ranking::MOST_COUNTED,
    request::Unit,
    score::{Bar, ROUNDING, Scores, suffixes},
};

/// It is looked for the best once so much of all that can be added is left: a
/// guess, on which only the time it takes depends.
const LOOK_BELOW: Score = 0.08;

/// All passages of a segment, in one view.
struct All<'l> {
    held: &'l Held,
    notices: &'l Notices,
}

impl Target for All<'_> {
    #[inline]
    fn place(&self, doc: DocId) -> Option<usize> {
        Some(doc as usize)
    }

    #[inline]
    fn result(&self, at: usize) -> usize {
        self.notices.of[at] as usize
    }

    fn are_few(&self, _: u32) -> bool {
        false
    }

    fn few(&self) -> &[DocId] {
        &[]
    }

    #[inline]
    fn length(&mut self, at: usize) -> Score {
        self.held.passages[at]
    }

    #[inline]
    fn whole_length(&mut self, result: usize) -> Score {
        self.held.wholes[result]
    }
}

/// What of a segment may be a result at all.
pub(crate) struct Scope<'s> {
    /// The passages that filters let through, if there are filters.
    pub(crate) passages: Option<Bits>,
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
        let held = [
            layout.held(View::Words, &self.views[0], reader)?,
            layout.held(View::Pairs, &self.views[1], reader)?,
            layout.held(View::Chars, &self.views[2], reader)?,
        ];
        let wholes = match unit {
            Unit::Passage => 0,
            Unit::Notice => notices.len(),
        };
        let mut scores = Scores {
            passages: layout.zeros(reader.max_doc() as usize),
            wholes: layout.zeros(wholes),
        };
        let bounds = self.bounds();
        let enough = match bar.limit {
            Some(_) => bounds.iter().sum::<Score>() * LOOK_BELOW,
            None => 0.0,
        };
        let mut room = Room::default();
        let (mut next, mut left) = (0, bounds.iter().sum::<Score>());
        for (term, after) in self.terms.iter().zip(suffixes(&bounds)) {
            if left <= enough {
                break;
            }
            let view = term.wanted.view.index();
            let mut all = All {
                held: &held[view],
                notices,
            };
            term.add(segment, reader, &mut all, &mut room, &mut scores)?;
            (next, left) = (next + 1, after);
        }
        let look = Look {
            notices,
            unit,
            scope,
            alive: reader.alive_bitset(),
            left,
            bar,
        };
        let (mut matching, mut chosen) = look.choose(&scores);
        layout.give_back(scores.passages);
        layout.give_back(scores.wholes);
        let laid = |view: usize| Laid {
            held: &held[view],
            notices,
        };
        let mut lengths = [0, 1, 2].map(|view| Lengths::new(&self.views[view], Some(laid(view))));
        self.go_on(
            segment,
            reader,
            next,
            &mut lengths,
            *bar,
            &mut matching,
            &mut chosen,
        )?;
        Ok((matching, chosen))
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
    /// The results that may be among the best, and the scores so far of their
    /// passages and wholes.
    fn choose(&self, scores: &Scores) -> (Matching, Scores) {
        let so_far = match self.unit {
            Unit::Passage => Cow::Borrowed(&scores.passages),
            Unit::Notice => Cow::Owned(self.by_notice(scores)),
        };
        let floor = self
            .bar
            .limit
            .map_or(0.0, |limit| self.floor(&so_far, limit));
        // Whatever is no higher has nothing and gets nothing.
        let reach = self.left * self.bar.rule.reach(MOST_COUNTED);
        let least = (floor * (1.0 - ROUNDING) - reach).max(Score::MIN_POSITIVE - self.left);
        let chosen = so_far.iter().enumerate();
        let chosen =
            chosen.filter(|(number, so_far)| **so_far >= least && self.is_in_scope(*number));
        let (mut docs, mut names, mut wholes) = (Vec::new(), Vec::new(), Vec::new());
        for (number, _) in chosen {
            match self.unit {
                Unit::Passage => {
                    docs.push(number as DocId);
                    names.push(number as DocId);
                }
                Unit::Notice => {
                    docs.extend(self.notices.passages(number));
                    names.resize(docs.len(), self.notices.head(number));
                    wholes.push(scores.wholes[number]);
                }
            }
        }
        let passages = docs.iter().map(|&doc| scores.passages[doc as usize]);
        let scores = Scores {
            passages: passages.collect(),
            wholes,
        };
        (Matching::of(docs, &names), scores)
    }

    /// What each notice has so far.
    fn by_notice(&self, scores: &Scores) -> Vec<Score> {
        let rule = self.bar.rule;
        let notices = self.notices.all().zip(&scores.wholes);
        let so_far = notices.map(|(passages, &whole)| {
            let (start, end) = (passages.start as usize, passages.end as usize);
            match end - start {
                1 => rule.score(&[scores.passages[start]], whole),
                _ => rule.score(&scores.passages[start..end], whole),
            }
        });
        so_far.collect()
    }

    /// What number `limit` of the best has, 0 where there are fewer.
    fn floor(&self, results: &[Score], limit: usize) -> Score {
        let mut best: BinaryHeap<Reverse<u32>> = BinaryHeap::new();
        let mut floor = 0.0;
        for (number, &score) in results.iter().enumerate() {
            if score > floor && self.is_in_scope(number) {
                // Of numbers that are not negative, the bits are in order too.
                best.push(Reverse(score.to_bits()));
                if best.len() > limit {
                    best.pop();
                }
                if best.len() == limit {
                    floor = best.peek().map_or(0.0, |worst| Score::from_bits(worst.0));
                }
            }
        }
        floor
    }

    fn is_in_scope(&self, number: usize) -> bool {
        let passage = match self.unit {
            Unit::Passage => number as DocId,
            Unit::Notice => match self.notices.passages(number) {
                passages if passages.is_empty() => return false,
                passages => passages.start,
            },
        };
        let Scope { passages, is_shown } = self.scope;
        self.alive.is_none_or(|alive| alive.is_alive(passage))
            && passages
                .as_ref()
                .is_none_or(|passages| passages.contains(passage))
            && is_shown(passage)
    }
}
