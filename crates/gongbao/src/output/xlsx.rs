//! Rows as a worksheet of Excel (Office Open XML).

use anyhow::{Context, bail};
use rust_xlsxwriter::{Format, Workbook};

use super::{Column, Kind};

/// Rows of a worksheet, its header included.
const MAX_ROWS: u32 = 1_048_576;

/// Characters of a cell, in units of UTF-16.
const MAX_CELL: usize = 32_767;

/// A worksheet in the making, kept in memory.
pub(crate) struct Sheet {
    workbook: Workbook,
    columns: Vec<Column>,
    /// The next row.
    row: u32,
}

impl Sheet {
    pub(super) fn new(columns: Vec<Column>) -> anyhow::Result<Self> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let bold = Format::new().set_bold();
        for (at, (name, _)) in (0..).zip(&columns) {
            sheet.write_string_with_format(0, at, *name, &bold)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(Self {
            workbook,
            columns,
            row: 1,
        })
    }

    /// Text stays text, whatever it begins with: no cell is a formula.
    pub(super) fn push(&mut self, cells: &[String]) -> anyhow::Result<()> {
        if self.row == MAX_ROWS {
            bail!("a worksheet holds {MAX_ROWS} rows and there are more; use csv or parquet");
        }
        let sheet = self.workbook.worksheet_from_index(0)?;
        for ((at, cell), (_, kind)) in (0..).zip(cells).zip(&self.columns) {
            let number = cell.parse::<f64>().ok().filter(|n| n.is_finite());
            match (kind, number) {
                _ if cell.is_empty() => {}
                (Kind::Integer | Kind::Decimal, Some(number)) => {
                    sheet.write_number(self.row, at, number)?;
                }
                _ => {
                    sheet.write_string(self.row, at, cut(cell))?;
                }
            }
        }
        self.row += 1;
        Ok(())
    }

    pub(super) fn into_bytes(mut self) -> anyhow::Result<Vec<u8>> {
        let bytes = self.workbook.save_to_buffer();
        bytes.context("could not make the worksheet")
    }
}

/// `cell`, or as much of it as a cell holds, with … at its end.
fn cut(cell: &str) -> String {
    if cell.len() <= MAX_CELL || cell.encode_utf16().count() <= MAX_CELL {
        return cell.to_owned();
    }
    let mut left = MAX_CELL - 1;
    let kept = cell.chars().take_while(|c| {
        let fits = left >= c.len_utf16();
        left = left.saturating_sub(c.len_utf16());
        fits
    });
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_cells_are_cut_where_excel_would_refuse_them() {
        assert_eq!(cut("债务"), "债务");
        let long = "\u{20000}".repeat(20_000);
        let cut = cut(&long);
        assert!(cut.ends_with('…') && cut.encode_utf16().count() <= MAX_CELL);
    }
}
