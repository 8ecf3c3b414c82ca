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

/// How long passages and results are in one view, as occurrences are held
/// against it: k1 times a power of the relative length. Worked out when asked
/// for, and kept.
pub(crate) struct Lengths<'p> {
    places: &'p Places,
    layout: &'p Layout,
    /// Those of all passages and notices, where they are laid out.
    held: Option<Arc<Held>>,
    /// Whether a result is a notice with all its passages.
    has_all: bool,
    /// None before anything was to be measured.
    by_place: Vec<PlaceLengths>,
    passages: Vec<Score>,
    wholes: Vec<Score>,
}

impl<'p> Lengths<'p> {
    /// Of results that have some passages of their notices each.
    pub(crate) fn new(places: &'p Places, layout: &'p Layout) -> Self {
        Self {
            places,
            layout,
            held: None,
            has_all: false,
            by_place: Vec::new(),
            passages: Vec::new(),
            wholes: Vec::new(),
        }
    }

    /// Of results that have all passages of their notices.
    pub(crate) fn of_all(places: &'p Places, layout: &'p Layout, held: Arc<Held>) -> Self {
        Self {
            held: Some(held),
            has_all: true,
            ..Self::new(places, layout)
        }
    }

    /// Makes ready for what matches.
    pub(crate) fn open(
        &mut self,
        reader: &SegmentReader,
        matching: &Matching,
    ) -> tantivy::Result<()> {
        if self.has_all {
            return Ok(());
        }
        if self.held.is_none() {
            let many = matching.docs.len();
            self.held = self.layout.held_for(many, self.places, reader)?;
        }
        if self.held.is_none() {
            self.passages.resize(matching.docs.len(), 0.0);
        }
        self.wholes.resize(matching.results(), 0.0);
        if self.by_place.is_empty() {
            self.by_place = PlaceLengths::of(self.places, self.layout, reader)?;
        }
        Ok(())
    }

    /// Forgets what was kept, since passages have moved.
    pub(crate) fn forget(&mut self) {
        self.passages.clear();
        self.wholes.clear();
    }

    /// What occurrences in the passage at `at` are held against.
    pub(crate) fn of_passage(&mut self, at: usize, matching: &Matching) -> Score {
        if let Some(held) = &self.held {
            return held.at(matching.docs[at]);
        }
        if self.passages[at] == 0.0 {
            let doc = matching.docs[at];
            let length = self.by_place.iter().map(|there| there.length(doc)).sum();
            self.passages[at] = self.places.held(length, self.places.in_passage);
        }
        self.passages[at]
    }

    /// What occurrences in result number `result` are held against.
    pub(crate) fn of_whole(&mut self, result: usize, matching: &Matching) -> Score {
        if let Some(held) = self.held.as_ref().filter(|_| self.has_all) {
            return held.at(matching.names[result]);
        }
        if self.wholes[result] == 0.0 {
            let mut length = 0.0;
            for (index, &doc) in matching.docs[matching.run(result)].iter().enumerate() {
                for there in &self.by_place {
                    if index == 0 || there.place == Place::Body {
                        length += there.length(doc);
                    }
                }
            }
            self.wholes[result] = self.places.held(length, self.places.in_notice);
        }
        self.wholes[result]
    }
}
