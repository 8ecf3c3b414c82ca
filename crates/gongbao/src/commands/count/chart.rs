//! What a plot or chart shows, whatever it is drawn with.

use gongbao_query::{CountTable, Counts, Margin};

use crate::{
    cli::{Lang, Measure},
    messages::grouped,
};

/// What is to be drawn.
pub(super) struct Chart {
    pub(super) title: String,
    /// What the signs for an empty place mean.
    pub(super) legend: String,
    /// What the hatching of an empty place means.
    pub(super) hatching: String,
    /// How many rows are of something known; at most one more follows.
    pub(super) known: usize,
    pub(super) rows: Vec<String>,
    /// None for a table of one column.
    pub(super) columns: Vec<String>,
    /// Row by row.
    pub(super) values: Vec<Vec<Value>>,
    /// Whether the rows follow one another in time.
    pub(super) is_time: bool,
}

/// What stands at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// There was no notice to look at.
    NoDocuments,
    /// So many, perhaps 0.
    Number(u64),
    /// It was not asked.
    NotCounted,
}

impl Value {
    /// That measure of `counts`.
    pub(super) fn of(counts: Counts, measure: Measure) -> Self {
        if counts.documents == 0 {
            return Self::NoDocuments;
        }
        let number = match measure {
            Measure::Notices => counts.notices,
            Measure::Passages => counts.passages,
            Measure::Occurrences => counts.occurrences,
        };
        number.map_or(Self::NotCounted, Self::Number)
    }

    /// Its number, if it has one.
    pub(super) fn number(self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(number),
            Self::NoDocuments | Self::NotCounted => None,
        }
    }

    /// As printed in a table.
    pub(super) fn text(self) -> String {
        match self {
            Self::NoDocuments => "–".to_owned(),
            Self::Number(number) => grouped(number),
            Self::NotCounted => String::new(),
        }
    }
}

/// The name of a row or column for people.
pub(super) fn name(margin: &Margin, lang: Lang) -> String {
    match &margin.label {
        Some(label) => label.clone(),
        None => lang.not_known().to_owned(),
    }
}

impl Chart {
    pub(super) fn of(table: &CountTable, measure: Measure, lang: Lang) -> Self {
        let names = |margins: &[Margin]| margins.iter().map(|m| name(m, lang)).collect();
        let wide = table.columns.len().max(1);
        let value = |cell: &gongbao_query::Cell| Value::of(cell.counts, measure);
        Self {
            title: lang.chart_title(table, measure),
            legend: lang.count_legend().to_owned(),
            hatching: lang.hatching().to_owned(),
            known: table
                .rows
                .iter()
                .take_while(|row| row.key.is_some())
                .count(),
            rows: names(&table.rows),
            columns: names(&table.columns),
            values: table
                .cells
                .chunks(wide)
                .map(|row| row.iter().map(value).collect())
                .collect(),
            is_time: table.rows_by.is_time(),
        }
    }

    /// The greatest number, at least 1.
    pub(super) fn greatest(&self) -> u64 {
        let numbers = self.values.iter().flatten().filter_map(|v| v.number());
        numbers.max().unwrap_or(0).max(1)
    }

    /// Whether there is a place without notices.
    pub(super) fn has_gaps(&self) -> bool {
        self.values
            .iter()
            .flatten()
            .any(|v| *v == Value::NoDocuments)
    }
}
