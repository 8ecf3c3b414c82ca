//! Counts as rows.

use gongbao_query::{Axis, Cell, CountTable};
use serde::Serialize;

use crate::rows::{Kind, Row};

/// A cell, with what its row and column are.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CountRow<'a> {
    rows_by: Axis,
    columns_by: Option<Axis>,
    #[serde(flatten)]
    cell: &'a Cell,
}

impl<'a> CountRow<'a> {
    /// The cells of `table`, row by row.
    pub fn all(table: &'a CountTable) -> impl Iterator<Item = Self> {
        table.cells.iter().map(|cell| Self {
            rows_by: table.rows_by,
            columns_by: table.columns_by,
            cell,
        })
    }
}

impl Row for CountRow<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "rows_by",
        "row",
        "row_label",
        "columns_by",
        "column",
        "column_label",
        "state",
        "documents",
        "notices",
        "passages",
        "occurrences",
        "found",
    ];

    const NUMBERS: &'static [(&'static str, Kind)] = &[
        ("documents", Kind::Integer),
        ("notices", Kind::Integer),
        ("passages", Kind::Integer),
        ("occurrences", Kind::Integer),
    ];

    fn cells(&self) -> Vec<String> {
        let cell = self.cell;
        let known = |text: &Option<String>| text.clone().unwrap_or_default();
        let number = |count: Option<u64>| count.map_or_else(String::new, |n| n.to_string());
        vec![
            self.rows_by.name().to_owned(),
            known(&cell.row),
            known(&cell.row_label),
            self.columns_by.map_or("", Axis::name).to_owned(),
            known(&cell.column),
            known(&cell.column_label),
            cell.counts.state.name().to_owned(),
            cell.counts.documents.to_string(),
            number(cell.counts.notices),
            number(cell.counts.passages),
            number(cell.counts.occurrences),
            cell.found.join(" "),
        ]
    }
}
