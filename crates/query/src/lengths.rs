//! How long the texts are that occurrences stand in.

use std::sync::Arc;

use tantivy::{DocId, Score, SegmentReader, fieldnorm::FieldNormReader};

use crate::{
    evidence::{Place, Places},
    extent::{Runs, said_with},
    layout::{Held, Layout},
    matching::Matching,
};

/// How long what stands in one place is.
pub(crate) struct PlaceLengths {
    pub(crate) place: Place,
    weight: Score,
    norms: FieldNormReader,
    runs: Option<Runs>,
}

impl PlaceLengths {
    /// In each of `places`.
    pub(crate) fn of(
        places: &Places,
        layout: &Layout,
        reader: &SegmentReader,
    ) -> tantivy::Result<Vec<Self>> {
        let lengths = places.places.iter().map(|&(place, field, weight)| {
            Ok(Self {
                place,
                weight,
                norms: reader.get_fieldnorms_reader(field)?,
                runs: layout.runs_in(place, reader)?,
            })
        });
        lengths.collect()
    }

    /// What of `passage` stands there, weighted.
    pub(crate) fn length(&self, passage: DocId) -> Score {
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
    /// That of the text first; none before anything was to be measured.
    by_place: Vec<PlaceLengths>,
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
            by_place: Vec::new(),
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
    pub(crate) fn retain(&mut self, kept: &[u32]) {
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
        if self.by_place.is_empty() {
            self.by_place = PlaceLengths::of(places, self.layout, reader)?;
        }
        self.slots.reserve(many + matching.results());
        let mut wholes = Vec::with_capacity(matching.results());
        let in_all = |doc: DocId| {
            self.by_place
                .iter()
                .map(|there| there.length(doc))
                .sum::<Score>()
        };
        for number in 0..matching.results() {
            let docs = &matching.docs[matching.run(number)];
            // Titles and headings are those of the first of its passages.
            let texts = docs[1..].iter().map(|&doc| self.by_place[0].length(doc));
            wholes.push(texts.fold(in_all(docs[0]), |sum, text| sum + text));
            self.slots.push(0.0);
            match &held {
                Some(held) => self.slots.extend(docs.iter().map(|&doc| held.at(doc))),
                None => self.slots.extend(docs.iter().map(|&doc| in_all(doc))),
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

/// Leaves those of `values` whose numbers are `kept`, which are in order.
pub(crate) fn keep(values: &mut Vec<Score>, kept: &[u32]) {
    for (to, &from) in kept.iter().enumerate() {
        values[to] = values[from as usize];
    }
    values.truncate(kept.len());
}
