//! Occurrences as rows.

use gongbao_query::KwicRow;

use crate::rows::Row;

impl Row for KwicRow {
    const COLUMNS: &'static [&'static str] = &["id", "anchor", "left", "match", "right"];

    fn cells(&self) -> Vec<String> {
        let cells = [
            &self.id,
            &self.anchor,
            &self.left,
            &self.matched,
            &self.right,
        ];
        cells.map(Clone::clone).to_vec()
    }
}
