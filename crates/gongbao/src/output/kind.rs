//! What the columns of rows hold, for formats that tell numbers from text.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text; also codes and ids, whose zeros in front count.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Decimal,
}

/// The name and kind of a column.
pub(super) type Column = (&'static str, Kind);
