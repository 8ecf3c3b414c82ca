//! What tantivy is handed: a document whose texts are shared, as one text is
//! the source of several fields, and a place or site that of all passages of a
//! notice.

use std::{iter, slice, sync::Arc};

use tantivy::schema::{
    Field,
    document::{Document, ReferenceValue, ReferenceValueLeaf, Value},
};

use crate::pending::Permit;

/// One document of the index.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    values: Vec<(Field, Datum)>,
    /// Held until it is indexed.
    permit: Option<Arc<Permit>>,
}

#[derive(Debug)]
pub(crate) enum Datum {
    Text(Arc<str>),
    Bytes(Box<[u8]>),
    Pieces(Box<[u8]>),
    U64(u64),
    I64(i64),
}

impl Entry {
    pub(crate) fn text(&mut self, field: Field, text: &Arc<str>) {
        self.values.push((field, Datum::Text(Arc::clone(text))));
    }

    pub(crate) fn bytes(&mut self, field: Field, bytes: Vec<u8>) {
        let bytes = bytes.into_boxed_slice();
        self.values.push((field, Datum::Bytes(bytes)));
    }

    /// A text in pieces.
    pub(crate) fn pieces(&mut self, field: Field, text: Vec<u8>) {
        let text = text.into_boxed_slice();
        self.values.push((field, Datum::Pieces(text)));
    }

    pub(crate) fn u64(&mut self, field: Field, value: u64) {
        self.values.push((field, Datum::U64(value)));
    }

    pub(crate) fn i64(&mut self, field: Field, value: i64) {
        self.values.push((field, Datum::I64(value)));
    }

    /// Keeps `permit` until this is indexed.
    pub(crate) fn hold(&mut self, permit: &Arc<Permit>) {
        self.permit = Some(Arc::clone(permit));
    }
}

/// A value as tantivy reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Borrowed<'e>(&'e Datum);

impl<'e> Value<'e> for Borrowed<'e> {
    // No value is made of others.
    type ArrayIter = iter::Empty<Self>;
    type ObjectIter = iter::Empty<(&'e str, Self)>;

    fn as_value(&self) -> ReferenceValue<'e, Self> {
        ReferenceValue::Leaf(match self.0 {
            Datum::Text(text) => ReferenceValueLeaf::Str(text),
            Datum::Bytes(bytes) => ReferenceValueLeaf::Bytes(bytes),
            Datum::Pieces(text) => ReferenceValueLeaf::Custom(text),
            Datum::U64(value) => ReferenceValueLeaf::U64(*value),
            Datum::I64(value) => ReferenceValueLeaf::I64(*value),
        })
    }
}

impl Document for Entry {
    type Value<'e> = Borrowed<'e>;
    // Named, not boxed: each document is iterated several times.
    type FieldsValuesIter<'e> =
        iter::Map<slice::Iter<'e, (Field, Datum)>, fn(&'e (Field, Datum)) -> (Field, Borrowed<'e>)>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.values
            .iter()
            .map(|(field, datum)| (*field, Borrowed(datum)))
    }
}
