//! Rows as columns: Apache Parquet, compressed with zstd. Every column may be
//! empty.

use std::{mem, sync::Arc};

use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel},
    data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type},
    file::{
        properties::WriterProperties,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::Type,
};

use super::{Column, Kind};

/// So many rows are kept before they are written as a group.
const GROUP_ROWS: usize = 50_000;

/// A file in the making, kept in memory.
pub(crate) struct Table {
    columns: Vec<Column>,
    /// The cells of each column that are not written yet.
    cells: Vec<Vec<String>>,
    writer: SerializedFileWriter<Vec<u8>>,
}

impl Table {
    pub(super) fn new(columns: Vec<Column>) -> anyhow::Result<Self> {
        let field = |(name, kind): &Column| {
            let (physical, logical) = match kind {
                Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
                Kind::Integer => (Physical::INT64, None),
                Kind::Decimal => (Physical::DOUBLE, None),
            };
            let field = Type::primitive_type_builder(name, physical)
                .with_repetition(Repetition::OPTIONAL)
                .with_logical_type(logical)
                .build();
            field.map(Arc::new)
        };
        let fields = columns.iter().map(field).collect::<Result<_, _>>()?;
        let schema = Type::group_type_builder("rows")
            .with_fields(fields)
            .build()?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(concat!("gongbao ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        Ok(Self {
            cells: vec![Vec::new(); columns.len()],
            columns,
            writer: SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?,
        })
    }

    pub(super) fn push(&mut self, cells: Vec<String>) -> anyhow::Result<()> {
        for (column, cell) in self.cells.iter_mut().zip(cells) {
            column.push(cell);
        }
        if self
            .cells
            .first()
            .is_some_and(|column| column.len() >= GROUP_ROWS)
        {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        let mut group = self.writer.next_row_group()?;
        for ((_, kind), cells) in self.columns.iter().zip(&mut self.cells) {
            let cells = mem::take(cells);
            match kind {
                Kind::Text => write::<ByteArrayType>(&mut group, &cells, |cell| {
                    (!cell.is_empty()).then(|| ByteArray::from(cell.as_bytes().to_vec()))
                })?,
                Kind::Integer => write::<Int64Type>(&mut group, &cells, |cell| cell.parse().ok())?,
                Kind::Decimal => write::<DoubleType>(&mut group, &cells, |cell| cell.parse().ok())?,
            }
        }
        group.close()?;
        Ok(())
    }

    pub(super) fn into_bytes(mut self) -> anyhow::Result<Vec<u8>> {
        if self.cells.first().is_some_and(|column| !column.is_empty()) {
            self.flush()?;
        }
        Ok(self.writer.into_inner()?)
    }
}

/// Writes the next column of `group`; what `value` makes nothing of is null.
fn write<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    cells: &[String],
    value: impl Fn(&str) -> Option<T::T>,
) -> anyhow::Result<()> {
    let values: Vec<Option<T::T>> = cells.iter().map(|cell| value(cell)).collect();
    let known: Vec<i16> = values
        .iter()
        .map(|value| i16::from(value.is_some()))
        .collect();
    let values: Vec<T::T> = values.into_iter().flatten().collect();
    if let Some(mut column) = group.next_column()? {
        column
            .typed::<T>()
            .write_batch(&values, Some(&known), None)?;
        column.close()?;
    }
    Ok(())
}
