//! How long the texts are that occurrences stand in.

use std::sync::Arc;

use tantivy::{Score, SegmentReader, fieldnorm::FieldNormReader};

use crate::{
    evidence::{Place, Places},
    layout::{Held, Layout},
    matching::Matching,
};

/// How long passages and results are in one view, as occurrences are held
/// against it: k1 times a power of the relative length. Worked out when asked
/// for, and kept.
pub(crate) struct Lengths<'p> {
    places: &'p Places,
    /// Where those of all passages are kept, if there are many to be measured.
    layout: Option<&'p Layout>,
    /// Those of all passages and notices, where they are laid out.
    held: Option<Arc<Held>>,
    /// Whether a result is a notice with all its passages.
    has_all: bool,
    /// None before anything was to be measured.
    norms: Vec<(Place, Score, FieldNormReader)>,
    passages: Vec<Score>,
    wholes: Vec<Score>,
}

impl<'p> Lengths<'p> {
    /// Of results that have some passages of their notices each.
    pub(crate) fn new(places: &'p Places, layout: Option<&'p Layout>) -> Self {
        Self {
            places,
            layout,
            held: None,
            has_all: false,
            norms: Vec::new(),
            passages: Vec::new(),
            wholes: Vec::new(),
        }
    }

    /// Of results that have all passages of their notices.
    pub(crate) fn of_all(places: &'p Places, held: Arc<Held>) -> Self {
        Self {
            held: Some(held),
            has_all: true,
            ..Self::new(places, None)
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
        if self.held.is_none()
            && let Some(layout) = self.layout
        {
            self.held = layout.held_for(matching.docs.len(), self.places, reader)?;
        }
        if self.held.is_none() {
            self.passages.resize(matching.docs.len(), 0.0);
        }
        self.wholes.resize(matching.results(), 0.0);
        if self.norms.is_empty() {
            for (place, field, weight) in &self.places.places {
                let norms = reader.get_fieldnorms_reader(*field)?;
                self.norms.push((*place, *weight, norms));
            }
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
            let norms = self.norms.iter();
            let length = norms.map(|(_, weight, norms)| weight * norms.fieldnorm(doc) as Score);
            self.passages[at] = self
                .places
                .held(length.sum::<Score>(), self.places.in_passage);
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
                for (place, weight, norms) in &self.norms {
                    if index == 0 || *place == Place::Body {
                        length += weight * norms.fieldnorm(doc) as Score;
                    }
                }
            }
            self.wholes[result] = self.places.held(length, self.places.in_notice);
        }
        self.wholes[result]
    }
}
