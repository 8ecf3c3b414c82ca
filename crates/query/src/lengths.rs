//! How long the texts are that occurrences stand in.

use std::{ops::Range, sync::Arc};

use tantivy::{DocId, Score, SegmentReader, fieldnorm::FieldNormReader};

use crate::{
    evidence::Places,
    extent::Runs,
    layout::{Held, Layout},
    matching::Matching,
};

/// How long the passages of a segment are in one view. What is said of several is
/// looked up once for those that are asked of one after the other.
struct TextLengths {
    /// In each place where its terms stand, that of the text first.
    by_place: Vec<PlaceLengths>,
}

/// The same in one place.
struct PlaceLengths {
    weight: Score,
    norms: FieldNormReader,
    runs: Option<Runs>,
    /// The passages of the run that was looked up last, and what is said of them.
    said_of: Range<DocId>,
    said: Score,
}

impl TextLengths {
    /// In `places`, those of the view.
    fn of(places: &Places, layout: &Layout, reader: &SegmentReader) -> tantivy::Result<Self> {
        let by_place = places.places.iter().map(|&(place, field, weight)| {
            Ok(PlaceLengths {
                weight,
                norms: reader.get_fieldnorms_reader(field)?,
                runs: layout.runs_in(place, reader)?,
                said_of: 0..0,
                said: 0.0,
            })
        });
        Ok(Self {
            by_place: by_place.collect::<tantivy::Result<_>>()?,
        })
    }

    /// That of each of `passages` with what stands above it, handed to `each`; gives that
    /// of all read as one text, under the title and the headings of the first.
    fn each(
        &mut self,
        passages: impl Iterator<Item = DocId>,
        mut each: impl FnMut(Score),
    ) -> Score {
        let (text, above) = self.by_place.split_at_mut(1);
        let mut whole = None;
        for doc in passages {
            let text = text[0].length(doc);
            let above = above.iter_mut().map(|there| there.length(doc));
            let length = above.fold(text, |sum, there| sum + there);
            each(length);
            whole = Some(whole.map_or(length, |whole| whole + text));
        }
        whole.unwrap_or(0.0)
    }
}

impl PlaceLengths {
    /// What of `passage` stands there, weighted.
    #[inline]
    fn length(&mut self, passage: DocId) -> Score {
        let Some(runs) = &self.runs else {
            return self.listed(passage);
        };
        if !self.said_of.contains(&passage) {
            let start = runs.start_of(passage);
            self.said_of = runs.passages(start);
            self.said = self.listed(start);
        }
        self.said
    }

    /// What is listed with document `doc`.
    fn listed(&self, doc: DocId) -> Score {
        self.weight * self.norms.fieldnorm(doc) as Score
    }
}

/// What occurrences in `results` of a segment, which have some passages each, are held
/// against in `places`, those of a view: for each result its passages read as one text, and
/// after it each of them. There is room for so `many` from the start.
pub(crate) fn held<P: Iterator<Item = DocId>>(
    places: &Places,
    layout: &Layout,
    reader: &SegmentReader,
    many: usize,
    results: impl Iterator<Item = P>,
) -> tantivy::Result<Vec<Score>> {
    let mut texts = TextLengths::of(places, layout, reader)?;
    let mut slots = Vec::with_capacity(many);
    let (mut wholes, mut at) = (Vec::new(), Vec::new());
    for passages in results {
        at.push(slots.len());
        slots.push(0.0);
        wholes.push(texts.each(passages, |length| slots.push(length)));
    }
    places.hold(&mut slots, places.in_passage);
    places.hold(&mut wholes, places.in_notice);
    for (at, whole) in at.into_iter().zip(wholes) {
        slots[at] = whole;
    }
    Ok(slots)
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
                None => {
                    let (many, docs) = (matching.results(), &matching.docs);
                    let results = (0..many).map(|number| docs[matching.run(number)].iter());
                    let results = results.map(|docs| docs.copied());
                    self.slots =
                        held(self.places, self.layout, reader, many + docs.len(), results)?;
                }
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
