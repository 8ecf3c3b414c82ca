//! Facts, and what reports on inspections tell, as rows.

use gongbao_query::{FactRow, PeriodRow, RecordRow, StatedRow};

use crate::rows::{Kind, Row};

impl Row for FactRow {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "title",
        "region_code",
        "region",
        "published",
        "anchor",
        "start",
        "end",
        "kind",
        "printed",
        "value",
        "upper",
        "unit",
        "action",
        "object",
        "qualifiers",
        "period",
        "period_from",
        "period_to",
        "name",
        "code",
        "also_in",
    ];

    const NUMBERS: &'static [(&'static str, Kind)] = &[
        ("start", Kind::Integer),
        ("end", Kind::Integer),
        ("value", Kind::Decimal),
        ("upper", Kind::Decimal),
    ];

    fn cells(&self) -> Vec<String> {
        let known = |field: &Option<String>| field.clone().unwrap_or_default();
        let number = |field: Option<f64>| field.map_or_else(String::new, |n| n.to_string());
        let region = self.region.as_ref();
        let period = self.period.as_ref();
        let day = |day: fn(&PeriodRow) -> &Option<String>| {
            period.map_or_else(String::new, |period| known(day(period)))
        };
        let qualifiers: Vec<_> = self.qualifiers.iter().map(|q| q.word()).collect();
        vec![
            self.id.clone(),
            known(&self.title),
            region.map_or_else(String::new, |region| region.code.clone()),
            region.map_or_else(String::new, |region| region.name.clone()),
            known(&self.published),
            self.anchor.clone(),
            self.offsets[0].to_string(),
            self.offsets[1].to_string(),
            self.kind.name().to_owned(),
            self.printed.clone(),
            number(self.value),
            number(self.upper),
            known(&self.unit),
            known(&self.action),
            known(&self.object),
            qualifiers.join(" "),
            period.map_or_else(String::new, |period| period.printed.clone()),
            day(|period| &period.from),
            day(|period| &period.to),
            known(&self.name),
            known(&self.code),
            self.also_in.join(" "),
        ]
    }
}

impl Row for RecordRow {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "title",
        "region_code",
        "region",
        "published",
        "inspecting",
        "inspected",
        "round",
        "from",
        "to",
        "feedback",
        "problems",
        "measures",
        "rules",
        "cases",
        "persons",
    ];

    const NUMBERS: &'static [(&'static str, Kind)] = &[
        ("round", Kind::Decimal),
        ("problems", Kind::Decimal),
        ("measures", Kind::Decimal),
        ("rules", Kind::Decimal),
        ("cases", Kind::Decimal),
        ("persons", Kind::Decimal),
    ];

    fn cells(&self) -> Vec<String> {
        let known = |field: &Option<String>| field.clone().unwrap_or_default();
        let region = self.region.as_ref();
        let mut cells = vec![
            self.id.clone(),
            known(&self.title),
            region.map_or_else(String::new, |region| region.code.clone()),
            region.map_or_else(String::new, |region| region.name.clone()),
            known(&self.published),
        ];
        cells.extend(stated(self).map(Option::unwrap_or_default));
        cells
    }
}

/// What is stated of an inspection, as text, in the order of the columns of a
/// [`RecordRow`] from `inspecting` on.
#[must_use]
pub fn stated(row: &RecordRow) -> [Option<String>; 11] {
    fn text<T: ToString>(stated: &Option<StatedRow<T>>) -> Option<String> {
        stated.as_ref().map(|stated| stated.value.to_string())
    }
    [
        text(&row.inspecting),
        text(&row.inspected),
        text(&row.round),
        text(&row.from),
        text(&row.to),
        text(&row.feedback),
        text(&row.problems),
        text(&row.measures),
        text(&row.rules),
        text(&row.cases),
        text(&row.persons),
    ]
}
