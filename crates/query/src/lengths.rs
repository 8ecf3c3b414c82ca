//! How long the texts are that occurrences stand in.

use std::{ops::Range, sync::Arc};

use tantivy::{DocId, Score, SegmentReader, fieldnorm::FieldNormReader};

use crate::{
    evidence::Places,
    extent::{Runs, said_with},
    layout::{Held, Layout},
    matching::Matching,
};

/// How long the texts of a segment are in one view.
pub(crate) struct TextLengths {
    /// In each place where its terms stand, that of the text first.
    by_place: Vec<PlaceLengths>,
}

/// The same in one place.
struct PlaceLengths {
    weight: Score,
    norms: FieldNormReader,
    runs: Option<Runs>,
}

impl TextLengths {
    /// In `places`, those of the view.
    pub(crate) fn of(
        places: &Places,
        layout: &Layout,
        reader: &SegmentReader,
    ) -> tantivy::Result<Self> {
        let by_place = places.places.iter().map(|&(place, field, weight)| {
            Ok(PlaceLengths {
                weight,
                norms: reader.get_fieldnorms_reader(field)?,
                runs: layout.runs_in(place, reader)?,
            })
        });
        Ok(Self {
            by_place: by_place.collect::<tantivy::Result<_>>()?,
        })
    }

    /// That of passage `doc` with what stands above it.
    pub(crate) fn passage(&self, doc: DocId) -> Score {
        self.by_place.iter().map(|there| there.length(doc)).sum()
    }

    /// That of the passages `docs` read as one text, under the title and the headings
    /// of the first of them.
    pub(crate) fn whole(&self, mut docs: impl Iterator<Item = DocId>) -> Score {
        let first = docs.next().map_or(0.0, |first| self.passage(first));
        docs.fold(first, |sum, doc| sum + self.by_place[0].length(doc))
    }
}

impl PlaceLengths {
    /// What of `passage` stands there, weighted.
    fn length(&self, passage: DocId) -> Score {
        let listed = said_with(self.runs.as_ref(), passage);
        self.weight * self.norms.fieldnorm(listed) as Score
    }
}

/// What occurrences in the passages and results of a segment are held against in one
/// view: k1 times a power of the relative length. Worked out when asked for, and kept.
pub(crate) struct Lengths<'p> {
    places: &'p Places,
    layout: &'p Layout,
    /// Those of all passages and notices, where a result is a notice with all its
    /// passages.
    all: Option<Arc<Held>>,
    /// By slot; none before anything was asked for.
    slots: Vec<Score>,
}

impl<'p> Lengths<'p> {
    /// Of results that have some passages of their notices each.
    pub(crate) fn new(places: &'p Places, layout: &'p Layout) -> Self {
        Self {
            places,
            layout,
            all: None,
            slots: Vec::new(),
        }
    }

    /// Of results that have all passages of their notices.
    pub(crate) fn of_all(places: &'p Places, layout: &'p Layout, held: Arc<Held>) -> Self {
        Self {
            all: Some(held),
            ..Self::new(places, layout)
        }
    }

    /// Leaves what was worked out for the slots `kept`, since the others are no more.
    pub(crate) fn retain(&mut self, kept: &[Range<usize>]) {
        if !self.slots.is_empty() {
            keep(&mut self.slots, kept);
        }
    }

    /// What occurrences in the text of each slot of `matching` are held against.
    pub(crate) fn by_slot(
        &mut self,
        reader: &SegmentReader,
        matching: &Matching,
    ) -> tantivy::Result<&[Score]> {
        if self.slots.is_empty() {
            match self.all.clone() {
                Some(held) => self.look_up(&held, matching),
                None => self.measure(reader, matching)?,
            }
        }
        Ok(&self.slots)
    }

    fn look_up(&mut self, held: &Held, matching: &Matching) {
        self.slots.reserve(matching.docs.len() + matching.results());
        for (number, &name) in matching.names.iter().enumerate() {
            self.slots.push(held.at(name));
            let docs = matching.docs[matching.run(number)].iter();
            self.slots.extend(docs.map(|&doc| held.at(doc)));
        }
    }

    fn measure(&mut self, reader: &SegmentReader, matching: &Matching) -> tantivy::Result<()> {
        let places = self.places;
        let many = matching.docs.len();
        let held = self.layout.held_for(many, places, reader)?;
        let texts = TextLengths::of(places, self.layout, reader)?;
        self.slots.reserve(many + matching.results());
        let mut wholes = Vec::with_capacity(matching.results());
        for number in 0..matching.results() {
            let docs = matching.docs[matching.run(number)].iter().copied();
            wholes.push(texts.whole(docs.clone()));
            self.slots.push(0.0);
            match &held {
                Some(held) => self.slots.extend(docs.map(|doc| held.at(doc))),
                None => self.slots.extend(docs.map(|doc| texts.passage(doc))),
            }
        }
        if held.is_none() {
            places.hold(&mut self.slots, places.in_passage);
        }
        places.hold(&mut wholes, places.in_notice);
        for (number, whole) in wholes.into_iter().enumerate() {
            self.slots[matching.slots(number).start] = whole;
        }
        Ok(())
    }
}

/// Leaves those of `values` that lie in `kept`, which are in order.
pub(crate) fn keep(values: &mut Vec<Score>, kept: &[Range<usize>]) {
    let mut to = 0;
    // Most are of two or three, too few to be copied at once.
    for from in kept.iter().flat_map(Range::clone) {
        values[to] = values[from];
        to += 1;
    }
    values.truncate(to);
}
